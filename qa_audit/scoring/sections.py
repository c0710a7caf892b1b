"""Caps of sections: how much a part of the standard may cost at most."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import Finding


def capped(findings: tuple[Finding, ...], rubric: Rubric) -> tuple[Finding, ...]:
    """Findings with the points of a section's faults raised so that together they cost no more than its cap.

    Each fault's loss shrinks by the same share. A person's verdicts go through this as well.
    """
    caps = {one.name: one.max_loss for one in rubric.sections if one.max_loss is not None}
    if not caps:
        return findings
    section_of = {item.id: item.section for item in rubric.items}
    shares: dict[str | None, float] = {}
    for section, most in caps.items():
        lost = fsum(
            one.max_points - one.points
            for one in findings
            if section_of[one.id] == section and one.verdict == "fail"
        )
        if lost > most:
            shares[section] = most / lost
    return tuple(
        replace(
            one,
            points=round(one.max_points - (one.max_points - one.points) * shares[section_of[one.id]], 4),
        )
        if one.verdict == "fail" and section_of[one.id] in shares
        else one
        for one in findings
    )
