"""A rubric and its detector on a set of sentences and calls that is in no corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import numpy as np

from benchmarks.detector_figures import by_rubric, of_calls, verdicts_of, wilson
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.text.normalise import sentences
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.model import SentenceDetector
    from qa_audit.scoring.rubric import Rubric


def external(folder: Path, lists: Rubric, rubric: Rubric, detector: SentenceDetector) -> None:
    """Print lists, detector and both in the rubric on a set of its own."""
    faults = read_table(folder / "faults.tsv", ("item", "family", "sentence"))
    clean = read_table(folder / "clean.tsv", ("sentence",))
    judges = (
        lambda texts: by_rubric(texts, lists),
        detector_by_turn(detector),
        lambda texts: by_rubric(texts, rubric),
    )
    listed, found, both = (
        [judge([one["sentence"] for one in part]) for part in (faults, clean)] for judge in judges
    )
    click.echo(f"{folder}: {len(faults)} faults, {len(clean)} clean; detector {detector.sha256[:12]}")
    click.echo(f"  {'':<28}{'recall':>20}{'at least uncertain':>20}{'families':>10}{'false':>7}{'uncl.':>7}")
    for item, name in enumerate(ITEMS):
        rows = np.array([one["item"] == name for one in faults], bool)
        families = len({one["family"] for one in faults if one["item"] == name})
        click.echo(name)
        for way, (said, fine) in (("lists", listed), ("detector", found), ("rubric", both)):
            answers = said[rows, item]
            click.echo(
                f"  {way:<28}{wilson((answers == 1).sum(), len(answers)):>20}"
                f"{wilson((answers >= 0).sum(), len(answers)):>20}{families:>10}"
                f"{(fine[:, item] == 1).sum():>7}{(fine[:, item] == 0).sum():>7}"
            )
    false = [(fine == 1).any(axis=1).sum() for _, fine in (listed, found, both)]
    click.echo(f"look-alikes with a false fault: lists {false[0]}, detector {false[1]}, rubric {false[2]}")
    by_call: dict[str, list[dict[str, str]]] = {}
    for row in read_table(folder / "calls.tsv", ("call", "turn", "role", "text")):
        by_call.setdefault(row["call"], []).append(row)
    click.echo(f"{len(by_call)} whole clean calls")
    turns = [spoken(rows) for rows in by_call.values()]
    for way, rules in (("lists", lists), ("rubric", rubric)):
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
    if columns[-1] in lines[0]:
        return [dict(zip(lines[0], line, strict=False)) for line in lines[1:]]
    return [dict(zip(columns, line[-len(columns) :], strict=False)) for line in lines]
