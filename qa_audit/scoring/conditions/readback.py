"""Details that the customer gives (numbers, addresses) are read back or confirmed."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.likely import act_done, likely_said, words_likely
from qa_audit.scoring.wording import SURE_TIERS, compiled, find_all, find_first, find_in_tiers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.checks import Readback
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.conditions.likely import Likelihood
    from qa_audit.scoring.verdicts import Evidence

_NUMERALS = frozenset("零一二三四五六七八九")
ASKED_WITHIN_TURNS = 3
"""A detail was asked for when the agent's question is at most this many turns with words before."""


NEAR_TURNS = 3
"""Where these of the agent's turns after the last detail were heard well, it was not read back."""
ECHO_TURNS = 2
ECHO_SHARE = 0.6
"""A turn this soon after a detail, with so much of it in the same order, reads it back: both may be
misheard."""


SHORT_ANSWER = 2
"""Syllables of what an agent says while a number is dictated: 嗯, 好的."""


class _Detail(NamedTuple):
    match: Match
    spelt: str
    """The detail by sound, to find it again in the agent's words."""
    echo: Match | None = None
    """Where the agent says the pieces of one that is dictated while it is told."""


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
    if confirmed := find_first(check.confirmed, call, later) or _in_the_same_turn(check, case, details):
        return passed([*given, call.evidence(confirmed)])
    if repeated := _repeated(check, case, details, later):
        return passed([*given, repeated])
    chance = _likely(check, case, details, later)
    if chance.says == "yes" and chance.match:
        return passed([*given, call.evidence(chance.match)])
    missing = call.absence(later, check.confirmed.phrases[0] if check.confirmed.phrases else "")
    if (
        chance.says == "unclear"
        or not later
        or not _asked(check, case, details)
        or not call.roles_known
        or case.mostly_doubtful(_right_after(details, later))
    ):
        return uncertain([*given, missing])
    return failed([*given, missing], hits=1)


def _in_the_same_turn(check: Readback, case: Case, details: Sequence[_Detail]) -> Match | None:
    """Words that ask to confirm, run into the turn of the detail, where both speak on one channel."""
    call = case.call
    if not call.one_channel:
        return None
    ends = {detail.match.turn: detail.match.end for detail in reversed(details)}
    asked = find_all(check.confirmed, call, list(ends))
    return next((match for match in asked if match.end > ends[match.turn]), None)


def _right_after(details: Sequence[_Detail], later: Sequence[int]) -> list[int]:
    last = max(detail.match.turn for detail in details)
    return [turn for turn in later if turn > last][:NEAR_TURNS]


def _repeated(
    check: Readback, case: Case, details: Sequence[_Detail], later: Sequence[int]
) -> Evidence | None:
    """A turn in which the agent says a piece of a detail again, or most of it with gaps."""
    call = case.call
    pieces = [(detail.match.turn, _pieces(detail, case, check.min_repeated)) for detail in details]
    for turn in later:
        start, end = call.bounds(turn)
        line = call.spelt[start:end]
        if any(turn > said and any(one in line for one in parts) for said, parts in pieces if parts):
            return call.whole_turn(turn, "similar")
    for detail in details:
        if detail.echo:
            return call.evidence(detail.echo)
        for turn in _after(detail, later):
            if _echoes(detail, turn, check, case):
                return call.whole_turn(turn, "near")
    return None


def _after(detail: _Detail, later: Sequence[int]) -> Sequence[int]:
    return [turn for turn in later if turn > detail.match.turn][:ECHO_TURNS]


def _likely(check: Readback, case: Case, details: list[_Detail], later: list[int]) -> Likelihood:
    """Whether a detail was likely read back, or the words that ask to confirm it said.

    Other words that do so count right after the detail alone: there is more to confirm in a call.
    """
    found = words_likely(check.likely, case, later)
    soon = {turn for detail in details for turn in _after(detail, later)[:1]}
    if found.says != "yes" and check.likely.act and (done := act_done(check.likely.act, case, soon)).match:
        found = done
    for detail in details:
        whole = case.call.plain[detail.match.start : detail.match.end]
        after = [turn for turn in later if turn > detail.match.turn]
        if found.says != "yes" and check.likely.phrases and len(whole) >= check.min_digits and after:
            again = words_likely(check.likely, case, after, (whole,))
            found = found if again.says == "no" else again
    return found


def _echoes(detail: _Detail, turn: int, check: Readback, case: Case) -> bool:
    """Whether a turn has most numerals of a detail, or most syllables of the turn in which it was given."""
    call = case.call
    first, last = call.bounds(turn)
    start, end = call.bounds(detail.match.turn)
    numerals = _numerals(call.plain[detail.match.start : detail.match.end])
    if len(numerals) > check.min_repeated and _mostly(
        numerals, _numerals(call.plain[first:last]), check.min_repeated
    ):
        return True
    return _mostly(call.spelt[start:end], call.spelt[first:last], check.min_repeated + 1)


def _mostly(given: str, said: str, least: int) -> bool:
    return common_length(given, said) >= max(least, ECHO_SHARE * len(given))


def _numerals(text: str) -> str:
    return "".join(one for one in text if one in _NUMERALS)


def common_length(one: str, other: str) -> int:
    """Length of the longest sequence of characters that both have in this order, with gaps.

    >>> common_length("四五九一六九", "五九二一八六九")
    5
    """
    row = [0] * (len(other) + 1)
    for character in one:
        before = 0
        for place, another in enumerate(other, 1):
            longer = before + 1 if character == another else max(row[place], row[place - 1])
            before, row[place] = row[place], longer
    return row[-1]


def _details(check: Readback, case: Case) -> list[_Detail]:
    call = case.call
    allowed = set(call.maybe_customer)
    found = find_in_tiers(check.details, call, allowed, SURE_TIERS)
    for digits in _digit_runs(check.min_digits).finditer(call.text):
        turn = call.turn_at(digits.start())
        if turn in allowed:
            found.append(Match(turn, digits.start(), digits.end(), "regex"))
    found += _answers(check, case, allowed)
    details = [_Detail(match, call.spelt[match.start : match.end]) for match in found]
    details += _dictated(check, call, allowed)
    details = [one for one in details if not _told_first(one, check, call)]
    excluded = find_all(check.not_details, call, allowed) if details else []
    return [
        one
        for one in details
        if not any(no.start < one.match.end and one.match.start < no.end for no in excluded)
    ]


def _told_first(detail: _Detail, check: Readback, call: CallText) -> bool:
    """Whether the agent had said a detail before the customer did: it is repeated, not given."""
    if len(detail.spelt) < check.min_repeated:
        return False
    earlier = (call.bounds(turn) for turn in call.agent if turn < detail.match.turn)
    return any(call.spelt.find(detail.spelt, start, end) >= 0 for start, end in earlier)


def _dictated(check: Readback, call: CallText, allowed: Collection[int]) -> list[_Detail]:
    """Numbers that the customer tells in pieces, a few digits a turn, the agent saying 嗯 or them between."""
    found: list[_Detail] = []
    pieces: list[int] = []
    echoes: list[int] = []
    for turn in (*call.speech, None):
        line = "" if turn is None else call.lines[turn]
        digits = bool(line) and _NUMERALS.issuperset(line)
        if digits and turn in allowed and len(line) < check.min_digits:
            pieces.append(cast("int", turn))
        elif turn is not None and pieces and turn not in allowed and (digits or len(line) <= SHORT_ANSWER):
            echoes += [turn] if digits else []
        else:
            spelt, told = (
                "".join(call.spelt[slice(*call.bounds(one))] for one in turns) for turns in (pieces, echoes)
            )
            if len(spelt) >= check.min_digits:
                right = all(call.spelt[slice(*call.bounds(one))] in spelt for one in echoes)
                again = right and common_length(spelt, told) >= min(check.min_repeated, len(spelt))
                echo = Match(echoes[0], *call.bounds(echoes[0]), "regex") if again else None
                found.append(_Detail(Match(pieces[0], *call.bounds(pieces[0]), "regex"), spelt, echo))
            pieces, echoes = [], []
    return found


def _answers(check: Readback, case: Case, allowed: set[int]) -> list[Match]:
    """Details in the customer's next turn after the agent asked for one."""
    asked = _questions(check, case, case.call.agent)
    after = {next((turn for turn in case.call.customer if turn > one), -1) for one in asked} & allowed
    found = []
    for turn in sorted(after):
        start, end = case.call.bounds(turn)
        for quick in compiled(check.answers.patterns):
            found += [
                Match(turn, start + match.start(), start + match.end(), "regex")
                for match in quick.pattern.finditer(case.call.plain[start:end])
            ]
    return found


def _questions(check: Readback, case: Case, turns: Sequence[int]) -> set[int]:
    """Turns in which the agent asks for a detail, or likely does."""
    found = {match.turn for match in find_all(check.asked, case.call, turns)}
    if check.likely_asked.phrases:
        call = case.call
        for turn in set(turns) - found:
            answer = next((one for one in call.maybe_customer if one > turn), None)
            # Without numerals in what comes next there is no detail that a question would make.
            numbered = answer is not None and len(_numerals(call.lines[answer])) > 1
            if numbered and likely_said(check.likely_asked, case, [turn]).says == "yes":
                found.add(turn)
    return found


def _asked(check: Readback, case: Case, details: list[_Detail]) -> bool:
    """Whether the agent had asked for one of the details."""
    places = {turn: place for place, turn in enumerate(case.call.speech)}
    asked = [places[turn] for turn in _questions(check, case, case.call.maybe_agent)]
    said = {places[detail.match.turn] for detail in details}
    return any(turn - ASKED_WITHIN_TURNS <= one < turn for turn in said for one in asked)


@lru_cache(maxsize=16)
def _digit_runs(min_digits: int) -> re.Pattern[str]:
    return re.compile(f"[零一二三四五六七八九]{{{min_digits},}}")


def _pieces(detail: _Detail, case: Case, min_repeated: int) -> list[str]:
    """The pieces of a detail, by sound, of which one is enough; those that are said again after its turn."""
    call, spelt = case.call, detail.spelt
    size = min(min_repeated, len(spelt))
    after = call.bounds(detail.match.turn)[1]
    pieces = dict.fromkeys(spelt[start : start + size] for start in range(len(spelt) - size + 1))
    return [one for one in pieces if call.spelt.find(one, after) >= 0]
