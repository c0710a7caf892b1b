"""Verdicts, their evidence, and the score of a call that follows from them.

A person's verdicts go through the same `score_of` as the machine's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.transcribe.questions import Question

Verdict = Literal["pass", "fail", "not_applicable", "uncertain"]
VERDICTS: tuple[Verdict, ...] = ("pass", "fail", "not_applicable", "uncertain")
Tier = Literal["exact", "pinyin", "near", "regex", "similar", "acoustic", "measure", "metadata", "absence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place in the call that speaks for a verdict; for `absence`, where the phrase was looked for."""

    turn: int | None
    """Index into the transcript's turns; None when the evidence is no turn (metadata, silence)."""
    start_s: float
    end_s: float
    quote: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class Finding:
    """One item of the rubric, judged on one call."""

    id: str
    verdict: Verdict
    points: float
    """Points earned, 0 to `max_points`; a fail may earn part. Bonus points have a maximum of 0."""
    max_points: float
    evidence: tuple[Evidence, ...] = ()
    critical: bool = False
    """True when the fault zeroes the call (一票否决)."""


@dataclass(frozen=True, slots=True)
class SituationFinding:
    """A situation of the rubric (silent call, complaint …) and whether its script was kept."""

    id: str
    detected: bool
    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CallScore:
    """Everything the rubric says of one call."""

    items: tuple[Finding, ...]
    situations: tuple[SituationFinding, ...]
    critical: tuple[str, ...]
    """Ids of the items with a critical fault."""
    score: float | None
    """0 to 100; None when nothing could be judged."""
    questions: tuple[Question, ...] = ()
    """What the audio should be asked, since a verdict may become another by it; not asked before."""


def score_of(findings: Iterable[Finding], *, zero_on_critical: bool = True) -> float | None:
    """Score of a call: 100 · Σ points / Σ max_points over items judged pass or fail.

    Uncertain and not applicable leave both sums; nothing judged gives None; a critical fault gives 0
    unless `zero_on_critical` is off (rubric_sources, "How an item is judged"). Bonus points make up for lost
    ones and never lead above 100.

    >>> score_of([Finding("greeting", "pass", 8, 8), Finding("closing", "fail", 4, 8)])
    75.0
    >>> score_of([Finding("greeting", "uncertain", 0, 8)]) is None
    True
    """
    judged = [finding for finding in findings if finding.verdict in ("pass", "fail")]
    zeroed = zero_on_critical and any(finding.critical for finding in judged)
    return score_from([one.points for one in judged], [one.max_points for one in judged], zeroed=zeroed)


def score_from(points: Iterable[float], most: Iterable[float], *, zeroed: bool) -> float | None:
    """The same from points and `most` points of the items judged; `zeroed` by a critical fault.

    >>> score_from([8, 4], [8, 8], zeroed=False), score_from([8], [8], zeroed=True)
    (75.0, 0.0)
    >>> score_from([], [], zeroed=True) is None, score_from([0], [0], zeroed=True)
    (True, 0.0)
    """
    judged = list(points)
    if zeroed and judged:
        return 0.0
    possible = math.fsum(most)
    return min(100.0, 100.0 * math.fsum(judged) / possible) if possible else None
