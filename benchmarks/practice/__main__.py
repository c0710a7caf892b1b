"""How right the scripted items are on many practice calls, as a recogniser would hear them.

    python -m benchmarks.practice                   # 600 calls of each part, true and misheard
    python -m benchmarks.practice --calls 200 --half standard --wrong

Calls are composed from families of wording (`compose.py`) and misheard by a model that was learnt from pairs
of what was said and what was heard (`benchmarks/mishearing`). `chatty` has wordings that nothing was
developed on and of which nobody has looked at single misses; rules were made with those of the other parts,
the detector of acts with those of all but `check` and `chatty`. Prints the table of `benchmarks/rubric.py`,
the calls of two channels and of one apart. The audio is not asked: there is none. Real speech is misheard
otherwise, most of all at the beginning of a call and in titles; `compose.py` tells how to have the calls
spoken.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from benchmarks.mishearing.calls import misheard
from benchmarks.mishearing.model import load
from benchmarks.practice.compose import FAULTS, HALVES, HERE, compose, labels
from benchmarks.rubric import count, show, turns_of, verdicts_of
from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric
from qa_audit.scoring.judge import score_calls

if TYPE_CHECKING:
    from collections.abc import Sequence

MODEL = HERE.parent / "mishearing" / "base.json"


@click.command()
@click.option("--calls", default=600, show_default=True, help="Calls of each half.")
@click.option("--half", type=click.Choice(list(HALVES)), help="Only this half.")
@click.option(
    "--model", default=MODEL, show_default=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--seed", default=0, show_default=True)
@click.option("--wrong", is_flag=True, help="List the calls judged otherwise than labelled.")
def main(*, calls: int, half: str | None, model: Path, seed: int, wrong: bool) -> None:
    """Measure the scripted items of the built-in rubric on practice calls."""
    rubric, mishearing = load_rubric(), load(model)

    def measure(name: str, entries: Sequence[dict], judged: Sequence) -> None:
        scores = score_calls([(one, CallFacts()) for one in judged], rubric)
        kept = [
            (entry, {item: verdict for item, verdict in verdicts_of(score).items() if item in FAULTS})
            for entry, score in zip(entries, scores, strict=True)
        ]
        show(f"{name}, {len(entries)} calls", count(kept), wrong=wrong)

    for each in [half] if half else HALVES:
        file, letter = HALVES[each]
        words = tomllib.loads((HERE / file).read_text(encoding="utf-8"))
        made = [labels(compose(words, number, letter), number) for number in range(calls)]
        measure(f"{each}: true words", made, [turns_of(one["truth"], 1.0) for one in made])
        for channels, told in ((2, "two channels"), (1, "one channel")):
            some = [one for one in made if one["channels"] == channels]
            measure(f"{each}: misheard, {told}", some, [misheard(one, mishearing, seed) for one in some])


if __name__ == "__main__":
    main()
