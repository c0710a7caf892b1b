"""How fast stored turns are scored with the full built-in rubric, and in how much memory.

    python -m benchmarks.scoring                     # 1,000, 10,000 and 100,000 calls, one and two processes
    python -m benchmarks.scoring --calls 1000 --processes 1

Makes calls of 60 turns from the true words of the labelled calls, each with its turns in an order of its own,
and stores their turns as a transcription does (at most `--different` of them; more calls read these again).
Then scores them as `qa-audit score` does, reading and writing parts, each in a process of its own. `misheard`
are calls made in the same way of those without a fault that has no script, every turn misheard anew
(`benchmarks/mishearing`): words as a recogniser has them, no two alike, so that nothing made of a sentence
before helps. Beside it the true words through a plain loop: every phrase and pattern of the rubric looked for
in every turn with `re`, by sound not at all, nothing judged and nothing written; measured on `--plain` calls.
Prints calls a second by the clock, processor milliseconds a call (all processes together, their start
included), and the largest memory of the process that runs and of any worker.
"""

from __future__ import annotations

import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import polars as pl

from benchmarks.mishearing.model import load
from benchmarks.mishearing.pairs import kept
from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric
from qa_audit.scoring.batch import ScoreJob, score_pending
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.vocabulary import wordings_of
from qa_audit.store.parts import part_path
from qa_audit.text import fold_honorific
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.trial import peak_bytes
from qa_audit.transcribe.turns import Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.mishearing.model import Drawer
    from qa_audit.scoring.rubric import Rubric

HERE = Path(__file__).resolve().parent
FOLDERS = (HERE / "calls", HERE.parent / "recordings_sample")
MISHEARING = HERE / "mishearing" / "base.json"
SAID, HEARD = "said", "heard"
TURNS_A_CALL = 60
MONTH = "2026-10"
_PUNCTUATION = re.compile(r"[\W_]+")


def labelled(*, clean: bool = False) -> list[list[dict[str, Any]]]:
    """The true turns of every labelled call that both sides speak in; `clean`: without faults of the items
    that have no script, of which these calls have far more than a centre's."""
    rows = [row for folder in FOLDERS for row in json.loads((folder / "labels.json").read_text("utf-8"))]
    return [
        row["truth"]
        for row in rows
        if {"agent", "customer"} <= {turn["role"] for turn in row["truth"]}
        and not (clean and any(row["labels"][item] is False for item in ITEMS))
    ]


def composed(
    calls: Sequence[Sequence[dict[str, Any]]], number: int, drawer: Drawer | None = None
) -> Transcript:
    """A call of 60 turns: how one call begins and another ends, between them pairs of turns of all calls.

    With a `drawer` each turn is misheard, but for what would be lost whole.
    """
    chance = random.Random(number)
    first, last = chance.sample(calls, 2)
    pairs = [call[place : place + 2] for call in calls for place in range(2, len(call) - 4, 2)]
    chance.shuffle(pairs)
    middle = [turn for pair in pairs for turn in pair]
    raw = [*first[:2], *middle[: TURNS_A_CALL - 6], *last[-4:]]
    turns, now_s = [], 0.5
    for one in raw:
        end_s = now_s + one["end_s"] - one["start_s"]
        channel = int(one["role"] == "customer")
        heard = drawer.turn(kept(one["text"]), chance) if drawer else None
        text = heard.text if heard else one["text"]
        confidence = heard.confidence if heard else round(chance.uniform(0.75, 0.98), 3)
        step_ms = 1000 * (end_s - now_s) / max(len(text), 1)
        starts = tuple(round(1000 * now_s + place * step_ms) for place in range(len(text)))
        turns.append(
            Turn(
                one["role"],
                round(now_s, 3),
                round(end_s, 3),
                text,
                confidence,
                channel,
                text,
                char_start_ms=starts,
            )
        )
        now_s = end_s + chance.choice((-0.1, 0.2, 0.4, 0.6, 1.0, 2.5))
    return Transcript(f"{number:064x}", now_s, 2, "openai-whisper", "base", "balanced", tuple(turns), 0.95)


def store(folder: Path, count: int, *, misheard: bool = False) -> None:
    """Turns of so many different calls, as parts; not synced, for nothing would be lost with them."""
    calls, drawer = labelled(clean=misheard), load(MISHEARING).drawer() if misheard else None
    for number in range(count):
        path = part_path(folder, TURNS, MONTH, f"t{number:06d}")
        path.parent.mkdir(parents=True, exist_ok=True)
        turns_frame(composed(calls, number, drawer)).write_parquet(path)


def jobs_of(count: int, different: int) -> list[ScoreJob]:
    """Calls to be scored, each with findings of its own."""
    return [
        ScoreJob(
            f"C{number:06d}", MONTH, f"t{number % different:06d}", MONTH, CallFacts(ring_s=5.0), f"f{number}"
        )
        for number in range(count)
    ]


def plain_patterns(rubric: Rubric) -> list[re.Pattern[str]]:
    """Every phrase and pattern of the rubric, each once."""
    found = dict.fromkeys(
        fold_honorific(one)
        for wording in wordings_of(rubric)
        for one in (
            *map(re.escape, (*wording.phrases, *wording.misheard)),
            *wording.patterns,
            *wording.unless,
        )
    )
    return [re.compile(one) for one in found]


def plain_loop(folder: Path, numbers: Sequence[int], patterns: Sequence[re.Pattern[str]]) -> int:
    """Look for every pattern in every turn of these calls; how many places there are."""
    places = 0
    for number in numbers:
        for text in pl.read_parquet(part_path(folder, TURNS, MONTH, f"t{number:06d}"))["text"]:
            said = fold_honorific(_PUNCTUATION.sub("", text))
            places += sum(pattern.search(said) is not None for pattern in patterns)
    return places


def measured(folder: Path, count: int, different: int, processes: int, *, plain: bool) -> dict[str, float]:
    """One measurement, here: seconds by the clock and of the processor, and memory."""
    rubric = load_rubric()
    started = time.perf_counter()
    if plain:
        plain_loop(folder, range(count), plain_patterns(rubric))
    else:
        with tempfile.TemporaryDirectory() as results:
            (Path(results) / TURNS).symlink_to(folder / TURNS)
            score_pending(jobs_of(count, different), Path(results), rubric, workers=processes)
    clock_s = time.perf_counter() - started
    own, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "clock_s": clock_s,
        "cpu_s": own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime,
        "run_mb": peak_bytes() / 1024**2,
        "worker_mb": theirs.ru_maxrss / 1024,
    }


def measurements(
    folder: Path, calls: Sequence[int], different: int, processes: Sequence[int], plain: int
) -> Iterator[tuple[str, int, int, dict[str, float]]]:
    """What, calls, processes, figures; every one in a process of its own."""
    said, heard = folder / SAID, folder / HEARD

    def start(results: Path, count: int, workers: int, *, plain: bool) -> subprocess.Popen[str]:
        measure = f"{results}:{count}:{different}:{workers}:{int(plain)}"
        command = [sys.executable, "-m", "benchmarks.scoring", "--measure", measure]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent)

    def figures(process: subprocess.Popen[str]) -> dict[str, float]:
        said, _ = process.communicate()
        if process.returncode:
            raise SystemExit(process.returncode)
        return json.loads(said)

    for workers in processes:
        for count in calls:
            yield "qa-audit", count, workers, figures(start(said, count, workers, plain=False))
        for count in sorted({min(count, different) for count in calls}):
            yield "misheard", count, workers, figures(start(heard, count, workers, plain=False))
        each = [start(said, plain // workers, 1, plain=True) for _ in range(workers)]
        got = [figures(process) for process in each]
        together = {name: max(one[name] for one in got) for name in got[0]}
        together["cpu_s"] = sum(one["cpu_s"] for one in got)
        yield "plain loop", plain // workers * workers, workers, together


@click.command()
@click.option("--calls", type=int, multiple=True, default=(1_000, 10_000, 100_000), show_default=True)
@click.option("--processes", type=int, multiple=True, default=(1, 2), show_default=True)
@click.option("--different", default=5_000, show_default=True, help="Different calls that are stored.")
@click.option("--plain", default=100, show_default=True, help="Calls for the plain loop.")
@click.option("--measure", hidden=True)
def main(
    calls: Sequence[int], processes: Sequence[int], different: int, plain: int, measure: str | None
) -> None:
    """Print calls a second, processor time a call and memory."""
    if measure:
        where, count, some, workers, is_plain = measure.rsplit(":", 4)
        figures = measured(Path(where), int(count), int(some), int(workers), plain=is_plain == "1")
        click.echo(json.dumps(figures))
        return
    different = max(min(different, max(calls)), plain)
    with tempfile.TemporaryDirectory() as name:
        store(Path(name) / SAID, different)
        store(Path(name) / HEARD, different, misheard=True)
        patterns = len(plain_patterns(load_rubric()))
        click.echo(f"{different} different calls of {TURNS_A_CALL} turns; {patterns} phrases and patterns")
        columns = f"{'calls/s':>10}{'CPU ms/call':>13}{'run MB':>9}{'worker MB':>11}"
        click.echo(f"{'':<12}{'calls':>9}{'processes':>11}{columns}")
        for what, count, workers, got in measurements(Path(name), calls, different, processes, plain):
            speed = f"{count / got['clock_s']:>10.1f}{1000 * got['cpu_s'] / count:>13.2f}"
            memory = f"{got['run_mb']:>9.0f}{got['worker_mb']:>11.0f}"
            click.echo(f"{what:<12}{count:>9}{workers:>11}{speed}{memory}")


if __name__ == "__main__":
    main()
