"""Details that the customer gives (numbers, addresses) are read back or confirmed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.wording import find_all, find_first

if TYPE_CHECKING:
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Readback

ASKED_WITHIN_TURNS = 3
"""A detail was asked for when the agent's question is at most this many turns before."""


class _Detail(NamedTuple):
    match: Match
    spelt: str
    """The detail by sound, to find it again in the agent's words."""
    asked: bool


def judge_readback(check: Readback, case: Case) -> Judgement:
    """Pass when the agent repeats a part of the details or asks to confirm them, after they were given.

    Details that the agent asked for and never reads back are a fault; those that the customer mentions
    unasked may not have been taken down, which can't be told.
    """
    call = case.call
    details = _details(check, case)
    if not details:
        return NOT_APPLICABLE
    given = [call.evidence(detail.match) for detail in details]
    first = min(detail.match.turn for detail in details)
    later = [turn for turn in call.maybe_agent if turn > first]
    if confirmed := find_first(check.confirmed, call, later):
        return passed([*given, call.evidence(confirmed)])
    for turn in later:
        start, end = call.bounds(turn)
        line = call.spelt[start:end]
        for detail in details:
            if turn > detail.match.turn and _repeats(detail.spelt, line, check.min_repeated):
                return passed([*given, call.whole_turn(turn, "similar")])
    missing = call.absence(later, check.confirmed.phrases[0] if check.confirmed.phrases else "")
    asked = any(detail.asked for detail in details)
    if not asked or not later or not call.roles_known or case.doubtful(later):
        return uncertain([*given, missing])
    return failed([*given, missing])


def _details(check: Readback, case: Case) -> list[_Detail]:
    call = case.call
    asked = {match.turn for match in find_all(check.asked, call, call.maybe_agent)}
    allowed = set(call.maybe_customer)
    found = [match for match in find_all(check.details, call, allowed) if match.tier in ("exact", "regex")]
    for digits in _digit_runs(check.min_digits).finditer(call.text):
        turn = call.turn_at(digits.start())
        if turn in allowed:
            found.append(Match(turn, digits.start(), digits.end(), "regex"))
    excluded = find_all(check.not_details, call, allowed)
    return [
        _Detail(
            match,
            call.spelt[match.start : match.end],
            any(match.turn - ASKED_WITHIN_TURNS <= turn < match.turn for turn in asked),
        )
        for match in found
        if not any(one.start < match.end and match.start < one.end for one in excluded)
    ]


@lru_cache(maxsize=16)
def _digit_runs(min_digits: int) -> re.Pattern[str]:
    return re.compile(f"[零一二三四五六七八九]{{{min_digits},}}")


def _repeats(detail: str, line: str, min_repeated: int) -> bool:
    size = min(min_repeated, len(detail))
    return any(detail[start : start + size] in line for start in range(len(detail) - size + 1))
