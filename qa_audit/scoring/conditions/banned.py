"""Things that the agent must never say to the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, sure, uncertain
from qa_audit.scoring.wording import compiled, find_all, overlapped

if TYPE_CHECKING:
    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Banned, Wording


def judge_banned(check: Banned, case: Case) -> Judgement:
    """A fault for every clear instance by the agent; what only sounds like one can't be told.

    A detector learned from sentences would add its instances here, beside the lists.
    """
    call = case.call
    if not call.maybe_agent:
        return NOT_APPLICABLE
    abuse = _instances(check, check.abuse, case)
    said = [*abuse, *_instances(check, check.said, case)]
    clear = [match for match in said if sure(match, case)]
    if clear:
        evidence = [call.evidence(match) for match in sorted(clear, key=lambda match: match.start)]
        return failed(evidence, critical=any(sure(match, case) for match in abuse))
    unclear = [*said, *_instances(check, check.doubtful, case)]
    if unclear:
        return uncertain(call.evidence(match) for match in unclear)
    return passed()


def _instances(check: Banned, wording: Wording, case: Case) -> list[Match]:
    call = case.call
    found = find_all(wording, call, call.maybe_agent)
    if not found or not check.unless:
        return found
    exceptions = compiled(check.unless)
    return [match for match in found if not overlapped(exceptions, call, match)]
