"""How long it rang before the agent answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed
from qa_audit.scoring.verdicts import Evidence

if TYPE_CHECKING:
    from qa_audit.scoring.checks import RingTime
    from qa_audit.scoring.conditions.judgement import Case, Judgement


def judge_ring_time(check: RingTime, case: Case) -> Judgement:
    """Pass when answered within the limit; not applicable without a ring time, or when the agent called."""
    ring_s = case.facts.ring_s
    if ring_s is None or case.facts.direction == "outbound":
        return NOT_APPLICABLE
    evidence = [Evidence(None, 0.0, 0.0, f"{ring_s:g} s", "metadata")]
    return passed(evidence) if ring_s <= check.max_s else failed(evidence)
