"""How well the audio answers whether a phrase was said, and how its answers are to be read.

    python -m benchmarks.acoustic ask recordings_sample --heard heard.jsonl --out answers.jsonl
    python -m benchmarks.acoustic learn answers.jsonl --write          # thresholds into hearing.toml
    python -m benchmarks.acoustic show other_answers.jsonl             # area under the curve, errors

Every agent turn is asked for the scripted phrases that its text does not have for certain; what was truly
said there is in `labels.json`. Those said are the recogniser's mistakes; of those not said, the nearest by
sound and some others are taken. To learn from more mistakes than scripted phrases have, pieces of any
sentence that was misheard are asked for as well, and pieces of other calls in their place.
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from benchmarks.rubric import transcripts_of, turns_of
from qa_audit.scoring import load_rubric
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.checks import Hold, Parts, Reply, Soothing
from qa_audit.scoring.hearing import READINGS_FILE, Reading, readings
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.said import Wording
from qa_audit.scoring.wording import find_first
from qa_audit.text.nearest import nearest
from qa_audit.text.normalise import normalise
from qa_audit.text.pinyin import syllables
from qa_audit.transcribe.answering import answer_questions
from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.questions import Answer, Question
from qa_audit.transcribe.settings import TranscribeSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from qa_audit.transcribe.turns import Transcript, Turn

EDGE_S = 0.3
"""A line of the truth lies in a turn that begins and ends so near to it."""
NEGATIVES_A_TURN = 2
"""Scripted phrases asked of a turn in which they were not said: the nearest by sound."""
WORDS = ("yes", "unclear", "hardly", "no")
PIECE = range(2, 8)
"""Syllables of a piece of a sentence."""
WRONG_YES, WRONG_DOUBT, WRONG_NO = 0.01, 0.17, 0.05
"""Share of phrases not said that may be heard, or be left open, and of those said that may be denied.

They are of single turns; asked of several, all three ask for more (`Reading.log_odds`): in one of ten turns
something sounds a little like 先生. When doubt did not ask for more, a sixth of the calls waited for people
for their title."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question whose answer is known."""

    kind: str
    question: Question
    said: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An answer to such a question."""

    call: str
    channels: int
    kind: str
    said: bool
    answer: Answer


def wordings(rubric: Rubric) -> dict[str, Wording]:
    """What the built-in rubric asks of the agent in phrases, by item and part."""
    found: dict[str, Wording] = {}
    for item in rubric.items:
        check = item.check
        if isinstance(check, Parts):
            found |= {f"{item.id}: {part.name}": part.said for part in check.parts if part.said.phrases}
        elif isinstance(check, Reply | Soothing):
            found[item.id] = check.said
        elif isinstance(check, Hold):
            found |= {f"{item.id}: before": check.courteous, f"{item.id}: after": check.welcome_back}
    return found


def labelled(
    call: Mapping[str, Any], heard: Transcript, kinds: Mapping[str, Wording], strange: Sequence[str]
) -> Iterator[Labelled]:
    """Questions about a call whose answers its truth knows; `strange` are pieces of other calls."""
    truth = turns_of(call["truth"], 1.0)
    text, true_text = CallText(heard.turns), CallText(truth)
    chosen = random.Random(call["id"])
    for number in text.agent:
        turn = heard.turns[number]
        inside = [place for place, one in enumerate(truth) if one.role == "agent" and _inside(one, turn)]
        touching = [place for place, one in enumerate(truth) if _touches(one, turn)]
        if not inside:
            continue
        absent: list[tuple[float, Labelled]] = []
        for kind, wording in kinds.items():
            found = find_first(wording, text, [number])
            if found is not None and found.tier != "near":
                continue
            question = Question((number,), wording.phrases)
            really = find_first(wording, true_text, inside)
            if really is not None and really.tier in ("exact", "regex"):
                yield Labelled(kind, question, True)
            elif find_first(wording, true_text, touching) is None:
                near = min(
                    nearest(normalise(one).text, text.lines[number], 1)[0].distance for one in wording.phrases
                )
                absent.append((near if found is None else -1.0, Labelled(kind, question, False)))
        absent.sort(key=lambda one: one[0])
        yield from (one for _, one in absent[:NEGATIVES_A_TURN])
        yield from _pieces(
            number, text.lines[number], "".join(true_text.lines[place] for place in inside), strange, chosen
        )


def _pieces(
    number: int, heard: str, said: str, strange: Sequence[str], chosen: random.Random
) -> Iterator[Labelled]:
    """A piece of what was said that the text does not have, by sound, and one of another call."""
    spelt = "".join(f"{one} " for one in syllables(heard))
    missing = [
        said[start : start + size]
        for size in PIECE
        for start in range(len(said) - size + 1)
        if "".join(f"{one} " for one in syllables(said[start : start + size])) not in spelt
    ]
    if not missing:
        return
    piece = chosen.choice(missing)
    yield Labelled("piece", Question((number,), (piece,)), True)
    other = [one for one in strange if len(one) == len(piece) and one not in said]
    if other:
        yield Labelled("piece", Question((number,), (chosen.choice(other),)), False)


def pieces_of(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """Pieces of what agents truly say, some of each line."""
    chosen = random.Random(1)
    found = []
    for call in calls:
        for line in call["truth"]:
            text = normalise(line["text"]).text
            for size in PIECE:
                if line["role"] == "agent" and len(text) >= size:
                    start = chosen.randrange(len(text) - size + 1)
                    found.append(text[start : start + size])
    return found


def _inside(one: Turn, turn: Turn) -> bool:
    return one.start_s >= turn.start_s - EDGE_S and one.end_s <= turn.end_s + EDGE_S


def _touches(one: Turn, turn: Turn) -> bool:
    return one.start_s < turn.end_s + EDGE_S and turn.start_s - EDGE_S < one.end_s


def area_under_curve(said: Sequence[float], not_said: Sequence[float]) -> float:
    """Probability that one of the first is greater than one of the second (ties count half).

    >>> area_under_curve([1, 2], [0, 1])
    0.875
    """
    first, second = np.asarray(said)[:, None], np.asarray(not_said)[None, :]
    return (
        float(np.mean((first > second) + 0.5 * (first == second)))
        if first.size and second.size
        else float("nan")
    )


def features(answers: Sequence[Answer]) -> np.ndarray:
    """Shape (answers, 4): one, gain and lead a syllable, distance."""
    rows = [(1.0, one.gain / one.syllables, one.lead / one.syllables, one.distance) for one in answers]
    return np.array(rows, np.float64).reshape(-1, 4)


def fitted(rows: np.ndarray, said: np.ndarray, ridge: float = 1.0) -> np.ndarray:
    """Weights of a logistic regression, both answers weighing the same, by Newton's method."""
    weight = np.where(said, 0.5 / said.mean(), 0.5 / (1 - said.mean()))
    found = np.zeros(rows.shape[1])
    penalty = np.diag([0.0, *[ridge] * (rows.shape[1] - 1)])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (weight * (said - chance)) - penalty @ found
        curve = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + penalty
        step = np.linalg.solve(curve, slope)
        found += step
        if np.abs(step).max() < 1e-8:
            break
    return found


def learnt(model: str, known: Sequence[Known]) -> Reading:
    """How the model's answers are read: log-odds, and thresholds by the errors that they may make."""
    said = np.array([one.said for one in known])
    weights = fitted(features([one.answer for one in known]), said)
    odds = features([one.answer for one in known]) @ weights
    yes = float(np.quantile(odds[~said], 1 - WRONG_YES))
    doubt = float(np.quantile(odds[~said], 1 - WRONG_DOUBT))
    no = min(doubt, float(np.quantile(odds[said], WRONG_NO)))
    rounded = [round(float(one), 3) for one in weights]
    return Reading(model, *rounded, yes=round(yes, 2), doubt=round(doubt, 2), no=round(no, 2))


def show(name: str, known: Sequence[Known], reading: Reading) -> None:
    """Print how well answers tell, by kind."""
    click.echo(f"\n{name} (yes from {reading.yes}, open from {reading.doubt}, no below {reading.no})")
    answers = "".join(f"{word:>8}" for word in WORDS)
    click.echo(f"{'kind':<28}{'said':>6}{answers}{'not said':>10}{answers}{'AUC':>8}")
    kinds = sorted({one.kind for one in known})
    for kind, wanted in (
        *((kind, {kind}) for kind in kinds),
        ("scripted", set(kinds) - {"piece"}),
        ("all", set(kinds)),
    ):
        rows = [one for one in known if one.kind in wanted]
        line = f"{kind:<28}"
        odds: dict[bool, list[float]] = {}
        for said in (True, False):
            own = [one.answer for one in rows if one.said == said]
            odds[said] = [reading.log_odds(one) for one in own]
            says = [reading.says(one) for one in own]
            line += f"{len(own):>{6 if said else 10}}"
            line += "".join(f"{says.count(word):>8}" for word in WORDS)
        click.echo(line + f"{area_under_curve(odds[True], odds[False]):>8.3f}")


def read(path: Path) -> list[Known]:
    """Stored answers."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Known(**{**row, "answer": Answer(**row["answer"])}) for row in rows]


@click.group()
def main() -> None:
    """The acoustic check on labelled calls."""


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--heard", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--engine", default="ctranslate2", show_default=True)
@click.option("--model", default="base", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def ask(*, folder: Path, heard: Path, engine: str, model: str, out: Path) -> None:
    """Ask the audio of a folder and keep the answers; calls that the file has already are left."""
    loaded = load_engine(TranscribeSettings(engine=engine, model=model, threads=1))
    calls = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    transcripts, kinds = transcripts_of(heard), wordings(load_rubric())
    done = {one.call for one in read(out)} if out.exists() else set()
    started, count = time.monotonic(), 0
    with out.open("a", encoding="utf-8") as file:
        for call in calls:
            if call["id"] in done or Path(call["file"]).name not in transcripts:
                continue
            transcript = transcripts[Path(call["file"]).name]
            strange = pieces_of(one for one in calls if one["id"] != call["id"])
            asked = list(labelled(call, transcript, kinds, strange))
            questions = [one.question for one in asked]
            found = {
                one.question: one
                for one in answer_questions(folder / call["file"], transcript, questions, loaded)
            }
            count += len(asked)
            for one in asked:
                if answer := found.get(one.question.id):
                    known = Known(call["id"], transcript.channels, one.kind, one.said, answer)
                    file.write(json.dumps(asdict(known), ensure_ascii=False) + "\n")
            file.flush()
    spent_s = time.monotonic() - started
    click.echo(f"{count} questions in {spent_s:.0f} s, {1000 * spent_s / max(count, 1):.0f} ms each")


@main.command()
@click.argument("answers", type=click.Path(exists=True, path_type=Path))
@click.option("--model", default="base", show_default=True)
@click.option("--write", is_flag=True, help="Keep it for the product.")
def learn(*, answers: Path, model: str, write: bool) -> None:
    """Learn how a model's answers are read; figures by halves, each read as the other teaches."""
    known = read(answers)
    calls = sorted({one.call for one in known})
    halves = [[one for one in known if calls.index(one.call) % 2 == half] for half in (0, 1)]
    for half in (0, 1):
        show(
            f"{answers.name}, half {half + 1} as the other teaches",
            halves[half],
            learnt(model, halves[1 - half]),
        )
    reading = learnt(model, known)
    show(f"{answers.name}, as itself teaches", known, reading)
    if write:
        path = Path("qa_audit/scoring") / READINGS_FILE
        head = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        rows = dict(readings()) | {model: reading}
        lines = [*head]
        for name, one in sorted(rows.items()):
            numbers = {key: value for key, value in asdict(one).items() if key != "model"}
            lines += ["", f"[{name}]", *(f"{key} = {value}" for key, value in numbers.items())]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@main.command(name="show")
@click.argument("answers", type=click.Path(exists=True, path_type=Path))
@click.option("--model", default="base", show_default=True)
def show_(*, answers: Path, model: str) -> None:
    """Figures of answers as the product reads them."""
    known = read(answers)
    for channels in (2, 1):
        if own := [one for one in known if one.channels == channels]:
            show(f"{answers.name}, {channels} channel(s)", own, readings()[model])


if __name__ == "__main__":
    main()
