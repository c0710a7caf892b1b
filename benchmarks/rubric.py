"""How right the rubric is: precision, recall and F1 of faults per item, beside a plain keyword baseline.

    python benchmarks/rubric.py recordings_sample                       # on the true words
    python benchmarks/rubric.py recordings_sample --engine ctranslate2  # on what that engine hears as well
    python benchmarks/rubric.py recordings_sample --heard turns         # on stored transcripts as well
    python benchmarks/rubric.py recordings_sample --heard turns --listen ctranslate2  # and the audio asked

A folder holds `labels.json` (id, file, labels, truth); `--heard` names a folder with one `ID.json` a call, or
a file with a line a call, as `qa-audit check --json` prints them. A fault is a label `false`; an uncertain
verdict on a fault counts as missed; labels `null` are left out. Calls of two channels and of one are told
apart where the recordings were heard.
"""

from __future__ import annotations

import csv
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qa_audit.calls.facts import CallFacts
from qa_audit.listening import score_by_ear
from qa_audit.scoring import load_rubric, score_call
from qa_audit.transcribe.turns import Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa_audit.calls.facts import Party
    from qa_audit.scoring.verdicts import CallScore

KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "no_blame_shifting": ("不归我们管", "不是我们的问题", "跟我们没关系", "你去找", "我不负责"),
    "no_blaming_customer": ("你怎么不早说", "是您自己", "说明书写得很清楚", "您确定没弄错"),
    "no_harsh_language": ("到底要我说几遍", "急什么急", "有完没完"),
    "no_forbidden_words": ("不行", "不知道", "不明白", "不清楚", "不能够", "不可能"),
    "no_overpromise": ("我保证", "绝对", "百分之百", "肯定没问题"),
}
"""The examples that the regulations themselves give."""


@dataclass(slots=True)
class Counts:
    """Verdicts of one item against its labels."""

    hit: int = 0
    missed: int = 0
    false: int = 0
    uncertain: int = 0
    judged: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the faults found that are faults."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else math.nan

    @property
    def recall(self) -> float:
        """Share of the faults that were found."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else math.nan

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = 2 * self.hit + self.missed + self.false
        return 2 * self.hit / both if both else math.nan


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if not of:
        return math.nan, math.nan
    z = 1.96
    share = hits / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def interval(hits: int, of: int) -> str:
    """A share with its 95 % interval.

    >>> interval(9, 10), interval(0, 10), interval(0, 0)
    ('0.90 (0.60–0.98)', '0.00 (0.00–0.28)', '–')
    """
    low, high = wilson(hits, of)
    return f"{hits / of:.2f} ({low:.2f}–{high:.2f})" if of else "–"


def turns_of(raw: Iterable[Mapping[str, Any]], confidence: float | None) -> list[Turn]:
    """Turns from the truth of a label file or from a printed transcript."""
    return [
        Turn(
            one["role"],
            one["start_s"],
            one["end_s"],
            one["text"],
            one["confidence"] if confidence is None else confidence,
            one.get("channel", int(one["role"] == "customer")),
            **{name: tuple(one.get(name, ())) for name in ("formal", "loudness_db", "pitch_st")},
        )
        for one in raw
    ]


def transcript_of(raw: Mapping[str, Any]) -> Transcript:
    """The transcript in what `qa-audit check --json` prints of a recording."""
    turns = tuple(turns_of(raw["turns"], None))
    end_s = max((turn.end_s for turn in turns), default=0.0)
    return Transcript(
        raw.get("sha256", ""),
        raw.get("duration_s", end_s),
        raw.get("channels", 2),
        raw.get("engine", ""),
        raw.get("model", ""),
        raw.get("preset", ""),
        turns,
        raw.get("role_confidence", 1.0),
    )


def transcripts_of(path: Path) -> dict[str, Transcript]:
    """Transcripts by file name, from lines of JSON, or by call id from a folder of JSON files."""
    if path.is_dir():
        return {
            one.stem: transcript_of(json.loads(one.read_text(encoding="utf-8")))
            for one in path.glob("*.json")
        }
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {Path(line["recording"]).name: transcript_of(line) for line in lines if "turns" in line}


def transcribed(
    folder: Path, calls: Iterable[Mapping[str, Any]], engine: str, preset: str
) -> dict[str, Transcript]:
    """Transcripts by file name, made now; one thread, as a worker has."""
    from qa_audit.transcribe.engine import load_engine
    from qa_audit.transcribe.recording import transcribe_recording
    from qa_audit.transcribe.settings import TranscribeSettings

    settings = TranscribeSettings(engine=engine, preset=preset, threads=1)
    loaded = load_engine(settings)
    found = {}
    with click.progressbar(list(calls), label=f"{engine} {preset}") as bar:
        for call in bar:
            path = folder / call["file"]
            found[path.name] = transcribe_recording(path, loaded, settings)
    return found


def facts_by_call(path: Path | None) -> dict[str, CallFacts]:
    """Call facts by call id, from a call list with the Chinese headings of the samples."""
    if path is None:
        return {}
    sides: dict[str, Party] = {"坐席": "agent", "客户": "customer"}
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found[row["通话编号"]] = CallFacts(
                direction="outbound" if row["呼叫方向"] == "呼出" else "inbound",
                ring_s=float(row["振铃秒数"]) if row["振铃秒数"] else None,
                internal=row["内部"] == "是" if row["内部"] else None,
                hangup_by=sides.get(row["挂断方"]),
            )
    return found


def keyword_verdicts(turns: Iterable[Turn]) -> dict[str, bool]:
    """Complies or not, by plain keywords in what the agent says, as products do it."""
    said = [turn.text for turn in turns if turn.role in ("agent", "unknown")]
    whole, last = "".join(said), "".join(said[-2:])
    first = said[0] if said else ""
    verdicts = {item: not any(word in whole for word in words) for item, words in KEYWORDS.items()}
    verdicts["greeting"] = "您好" in first and ("为您服务" in first or "可以帮您" in first)
    verdicts["title"] = any(word in whole for word in ("先生", "女士", "小姐"))
    verdicts["honorific"] = "你" not in whole
    verdicts["further_help"] = "还有什么可以帮您" in whole or "还有其他" in whole
    verdicts["closing"] = ("感谢您的来电" in last or "谢谢您的来电" in last) and "再见" in last
    return verdicts


def verdicts_of(score: CallScore) -> dict[str, str]:
    """Verdict by item."""
    return {finding.id: finding.verdict for finding in score.items}


def count(calls: Iterable[tuple[Mapping[str, Any], Mapping[str, str]]]) -> dict[str, Counts]:
    """Compare verdicts with labels."""
    table: dict[str, Counts] = {}
    for call, verdicts in calls:
        for item, verdict in verdicts.items():
            label = call["labels"].get(item)
            counts = table.setdefault(item, Counts())
            if label is None:
                continue
            counts.judged += 1
            counts.uncertain += verdict == "uncertain"
            if label:
                counts.false += verdict == "fail"
            elif verdict == "fail":
                counts.hit += 1
            else:
                counts.missed += 1
            if (verdict == "fail") == label or verdict == "uncertain":
                counts.wrong.append(f"{call['id']}: {verdict}, label {label}")
    return table


def show(name: str, table: Mapping[str, Counts], *, wrong: bool) -> None:
    """Print a table of counts."""
    click.echo(f"\n{name}")
    heads = f"{'precision (95 %)':>22}{'recall (95 %)':>22}{'F1':>7}{'unc.':>8}"
    columns = f"{'faults':>7}{'found':>7}{'false':>7}{heads}"
    click.echo(f"{'item':<22}{columns}")
    for item, counts in table.items():
        share = counts.uncertain / counts.judged if counts.judged else math.nan
        faults = counts.hit + counts.missed
        precision = interval(counts.hit, counts.hit + counts.false)
        recall = interval(counts.hit, faults)
        figures = f"{faults:>7}{counts.hit:>7}{counts.false:>7}{precision:>22}{recall:>22}"
        click.echo(f"{item:<22}{figures}{counts.f1:>7.2f}{share:>8.1%}")
        if wrong:
            for line in counts.wrong:
                click.echo(f"    {line}")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--heard", type=click.Path(exists=True, path_type=Path), help="Transcripts.")
@click.option("--engine", help="Transcribe the recordings now, with this engine.")
@click.option("--preset", default="balanced", show_default=True)
@click.option("--list", "call_list", type=click.Path(exists=True, path_type=Path), help="Call list (CSV).")
@click.option("--listen", help="Ask the audio as well, with this engine (the acoustic check).")
@click.option("--wrong", is_flag=True, help="List the calls judged otherwise than labelled.")
def main(
    *,
    folder: Path,
    heard: Path | None,
    engine: str | None,
    preset: str,
    call_list: Path | None,
    listen: str | None,
    wrong: bool,
) -> None:
    """Measure the built-in rubric on a folder of labelled calls."""
    rubric = load_rubric()
    calls = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    ear = None
    if listen:
        from qa_audit.transcribe.engine import load_engine
        from qa_audit.transcribe.settings import TranscribeSettings

        ear = load_engine(TranscribeSettings(engine=listen, threads=1))
    default = folder / "call_list.csv"
    facts = facts_by_call(call_list or (default if default.exists() else None))

    def facts_of(call: Mapping[str, Any]) -> CallFacts:
        return facts.get(call["id"], CallFacts())

    def measure(name: str, of: Callable[[Mapping[str, Any]], Transcript | Sequence[Turn] | None]) -> None:
        pairs = [(call, turns) for call in calls if (turns := of(call)) is not None]
        if not pairs:
            return
        own = ((call, verdicts_of(score_call(turns, facts_of(call), rubric))) for call, turns in pairs)
        show(f"{name}: rubric, {len(pairs)} calls", count(own), wrong=wrong)
        if ear is not None and isinstance(pairs[0][1], Transcript):
            started = time.monotonic()
            asked = [
                (call, verdicts_of(score_by_ear(folder / call["file"], turns, facts_of(call), rubric, ear)))
                for call, turns in pairs
                if isinstance(turns, Transcript)
            ]
            spent_s = time.monotonic() - started
            show(f"{name}: rubric with the audio asked, {spent_s:.0f} s", count(asked), wrong=wrong)
        plain = (
            (
                call,
                {
                    item: "pass" if fine else "fail"
                    for item, fine in keyword_verdicts(
                        turns.turns if isinstance(turns, Transcript) else turns
                    ).items()
                },
            )
            for call, turns in pairs
        )
        show(f"{name}: keywords", count(plain), wrong=False)

    measure("true words", lambda call: turns_of(call["truth"], 1.0))
    transcripts: dict[str, Transcript] = {}
    if heard is not None:
        transcripts = transcripts_of(heard)
    elif engine is not None:
        transcripts = transcribed(folder, calls, engine, preset)

    def stored(call: Mapping[str, Any], channels: int) -> Transcript | None:
        found = transcripts.get(Path(call["file"]).name) or transcripts.get(call["id"])
        return found if found is not None and found.channels == channels else None

    measure("recognised words, two channels", lambda call: stored(call, 2))
    measure("recognised words, one channel", lambda call: stored(call, 1))


if __name__ == "__main__":
    main()
