"""What a rubric says of sentences and calls, and the lines that `benchmarks.detector` prints of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import numpy as np

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import score_call
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.evaluate import Figures
    from qa_audit.scoring.rubric import Rubric

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


def percent(hits: int, of: int) -> str:
    """A small share with its 95 % interval (Wilson 1927)."""
    if not of:
        return "–"
    low, high = interval(hits, of)
    return f"{100 * hits / of:.2f} % ({100 * low:.2f}–{100 * high:.2f})"


def balanced_precision(found: Figures) -> tuple[float, float, float]:
    """Precision as if there were as many clean sentences as faults, with its 95 % interval.

    It is p / (p + q) of two shares, p of the faults that are found and q of the clean called a fault. The
    interval of q / p is recovered from those of p and q (Zou and Donner 2008, the ratio).

    >>> from qa_audit.scoring.learned.evaluate import Figures
    >>> [round(one, 2) for one in balanced_precision(Figures(80, 60, 5, 1600, 40, 9))]
    [0.97, 0.96, 0.98]
    """
    p, q = found.found / found.faults, found.false / found.clean
    p_low, p_high = interval(found.found, found.faults)
    q_low, q_high = interval(found.false, found.clean)
    up, down = p_low * (2 * p - p_low), p_high * (2 * p - p_high)
    least = (p * q - np.sqrt(max((p * q) ** 2 - q_low * (2 * q - q_low) * down, 0.0))) / down
    most = (p * q + np.sqrt(max((p * q) ** 2 - q_high * (2 * q - q_high) * up, 0.0))) / up
    return p / (p + q), float(1 / (1 + most)), float(1 / (1 + max(least, 0.0)))


def show(name: str, found: Figures, *, balanced: bool = True) -> None:
    """Print a line of figures."""
    precision = wilson(found.found, found.found + found.false)
    if balanced and found.clean and found.found:
        share, low, high = balanced_precision(found)
        precision = f"{share:.2f} ({low:.2f}–{high:.2f})"
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


def without_detector(rubric: Rubric) -> Rubric:
    """Only the five items, by their lists alone."""
    items = [
        item.model_copy(update={"check": item.check.model_copy(update={"detector": ""})})
        for item in rubric.items
        if item.id in ITEMS
    ]
    return rubric.model_copy(update={"items": tuple(items), "situations": ()})


def verdicts_of(turns: Sequence[Turn], rubric: Rubric) -> NDArray[np.int8]:
    """(items,) answers of a rubric to a call."""
    found = {one.id: one.verdict for one in score_call(turns, CallFacts(), rubric).items}
    return np.array([ANSWERS[found[item]] for item in ITEMS], np.int8)


def by_rubric(texts: Sequence[str], rubric: Rubric) -> NDArray[np.int8]:
    """(texts, items): what a rubric says of each as the agent's only turn."""
    asked = Turn("customer", 0.0, 2.0, "我想问一下。", 1.0, 1)
    rows = [
        verdicts_of([asked, Turn("agent", 2.5, 2.5 + len(text) / 5, text, 1.0, 0)], rubric) for text in texts
    ]
    return np.array(rows, np.int8).reshape(len(texts), len(ITEMS))
