"""A scripted answer to something that the customer says: 谢谢 is answered 不客气."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.likely import UNLIKELY, likely_in, likely_said
from qa_audit.scoring.hearing import NOT_HEARD
from qa_audit.scoring.wording import find_all, find_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.checks import Reply
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.verdicts import Evidence
    from qa_audit.transcribe.questions import Question

GOODBYE_WITHIN_S = 5.0
"""So soon after the thanks a goodbye answers them."""


@dataclass(slots=True)
class _Answers:
    """What was found of the answers to all occasions."""

    answered: list[Evidence] = field(default_factory=list)
    missing: list[Evidence] = field(default_factory=list)
    unclear: list[Evidence] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    missed: int = 0
    """Occasions without an answer."""
    doubt: bool = False
    """Whether what is missing was recognised too poorly."""


def judge_reply(check: Reply, case: Case) -> Judgement:
    """Pass when each occasion is answered in the agent's next turn.

    Some answered and some not can't be told from courtesy given once; none answered is a fault. With
    unknown roles only an answer that is there can be told.
    """
    call = case.call
    if not call.roles_known:
        return _without_roles(check, case)
    occasions = sorted({match.turn for match in find_all(check.to, call, call.customer)})
    occasions = occasions or sorted(_likely_occasions(check, case))
    goodbyes = (
        {match.turn for match in find_all(check.after_goodbye, call, call.agent)} if occasions else set()
    )
    found = _Answers()
    for occasion in occasions:
        answers = [turn for turn in call.agent if turn > occasion]
        until = next((turn for turn in call.customer if answers and turn > answers[0]), len(call.turns))
        answers = [turn for turn in answers if turn < until] or _only_sounds(case, occasion)
        if answers and not (check.after_goodbye and any(turn < occasion for turn in goodbyes)):
            _look(check, case, occasion, answers, found, last=occasion == occasions[-1])
    if found.unclear or (found.missing and (found.answered or found.doubt)):
        return uncertain([*found.missing, *found.unclear, *found.answered]).asking(found.asked)
    if found.missing:
        return failed(found.missing, hits=found.missed).asking(found.asked)
    return passed(found.answered).asking(found.asked) if found.answered else NOT_APPLICABLE


def _look(check: Reply, case: Case, occasion: int, answers: list[int], into: _Answers, *, last: bool) -> None:
    """Look for the answer to one occasion in the text, among what is likely, and in what the audio said."""
    call = case.call
    # An occasion and its answer may overlap in time, so the turn that began just before counts as well.
    near = [*_overlapping(case, occasion), *answers]
    found = find_first(check.said, call, near) or _in_the_same_turn(check, case, occasion)
    if not found and last:
        found = find_first(check.said_at_end, call, _soon(case, occasion, near))
    chance = UNLIKELY if found else likely_said(check.likely, case, near)
    if chance.says == "yes":
        found = chance.match
    heard = NOT_HEARD
    if not found or found.tier == "near":
        heard = case.hearing.ask((found.turn,) if found else near, check.said.phrases)
        into.asked += heard.open
    if found and heard.says != "no":
        into.answered.append(call.evidence(found))
    elif heard.says == "yes":
        into.answered += heard.shown
    elif heard.says == "unclear":
        into.unclear += heard.shown
    elif open_at := chance.left_open(heard.says):
        into.unclear.append(call.evidence(open_at))
    else:
        into.missing.append(call.absence(answers[:1], check.said.phrases[0] if check.said.phrases else ""))
        into.missing += heard.shown
        into.missed += 1
        into.doubt = into.doubt or case.doubtful(answers)


def _soon(case: Case, occasion: int, turns: list[int]) -> list[int]:
    """Those of the turns that begin soon after an occasion: where all are on one channel, the customer's next
    turn may be lost among the agent's, and the goodbye after it answers nothing."""
    ends_s = case.call.turns[occasion].end_s
    return [turn for turn in turns if case.call.turns[turn].start_s - ends_s <= GOODBYE_WITHIN_S]


def _likely_occasions(check: Reply, case: Case) -> Iterator[int]:
    """Turns at whose end the customer likely says it, though the text has something else there."""
    call = case.call
    for turn in call.customer:
        start, end = call.bounds(turn)
        if likely_in(check.likely_to, call.plain[max(start, end - check.short) : end]) == "yes":
            yield turn


def _in_the_same_turn(check: Reply, case: Case, occasion: int) -> Match | None:
    """An answer that was run into the turn of its occasion, where both speak on one channel."""
    call = case.call
    if not call.one_channel:
        return None
    begun = min((one.start for one in find_all(check.to, call, [occasion])), default=call.bounds(occasion)[1])
    found = find_first(check.said, call, [occasion])
    return found if found and found.start > begun else None


def _only_sounds(case: Case, occasion: int) -> list[int]:
    """The agent's turns after an occasion that have no word (嗯): they answer, and not as they should."""
    roles = case.call.roles
    return [turn for turn in range(occasion + 1, len(roles)) if roles[turn] == "agent"]


def _overlapping(case: Case, occasion: int) -> list[int]:
    turns = case.call.turns
    return [
        turn
        for turn in case.call.agent
        if turn < occasion and turns[turn].end_s > turns[occasion].start_s + 0.3
    ]


def _without_roles(check: Reply, case: Case) -> Judgement:
    call = case.call
    occasion = find_first(check.to, call, call.maybe_customer)
    if not occasion:
        return NOT_APPLICABLE
    found = next(
        (one for one in find_all(check.said, call, call.maybe_agent) if one.start >= occasion.end), None
    )
    return passed([call.evidence(found)]) if found else uncertain()
