"""Requests to the customer: with 请 or another courtesy, or bare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, sure, uncertain
from qa_audit.scoring.wording import find_all

if TYPE_CHECKING:
    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Request


def judge_request(check: Request, case: Case) -> Judgement:
    """A fault for a request without a courtesy near it; not applicable without any request."""
    call = case.call
    turns = call.maybe_agent
    requests = find_all(check.requests, call, turns)
    before = find_all(check.polite_before, call, turns) if requests else []
    bare = [match for match in requests if not _covered_before(match, before, check)]
    after = find_all(check.polite_after, call, turns) if bare else []
    bare = [match for match in bare if not _covered_after(match, after, check)]
    clear = [match for match in bare if sure(match, case)]
    if clear:
        return failed(call.evidence(match) for match in clear)
    unclear = [*bare, *find_all(check.doubtful, call, turns)]
    if unclear:
        return uncertain(call.evidence(match) for match in unclear)
    polite = requests or find_all(check.polite_requests, call, turns)
    return passed(call.evidence(match) for match in polite[:3]) if polite else NOT_APPLICABLE


def _covered_before(request: Match, courtesies: list[Match], check: Request) -> bool:
    return any(
        one.turn == request.turn and request.start - check.reach_before <= one.start < request.end
        for one in courtesies
    )


def _covered_after(request: Match, courtesies: list[Match], check: Request) -> bool:
    return any(
        one.turn == request.turn and request.start <= one.start <= request.end + check.reach_after
        for one in courtesies
    )
