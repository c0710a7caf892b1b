"""A scripted answer to something that the customer says: 谢谢 is answered 不客气."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.likely import UNLIKELY, likely_in, likely_said
from qa_audit.scoring.hearing import NOT_HEARD
from qa_audit.scoring.wording import find_all, find_first

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Reply


def judge_reply(check: Reply, case: Case) -> Judgement:
    """Pass when each occasion is answered in the agent's next turn.

    Some answered and some not can't be told from courtesy given once; none answered is a fault. With
    unknown roles only an answer that is there can be told.
    """
    call = case.call
    if not call.roles_known:
        return _without_roles(check, case)
    occasions = sorted({match.turn for match in find_all(check.to, call, call.customer)})
    occasions = sorted({*occasions, *_likely_occasions(check, case)})
    if not occasions:
        return NOT_APPLICABLE
    goodbyes = {match.turn for match in find_all(check.after_goodbye, call, call.agent)}
    answered, missing, unclear, asked, doubt = [], [], [], [], False
    for occasion in occasions:
        answers = [turn for turn in call.agent if turn > occasion]
        until = next((turn for turn in call.customer if answers and turn > answers[0]), len(call.turns))
        answers = [turn for turn in answers if turn < until]
        if not answers or (check.after_goodbye and any(turn < occasion for turn in goodbyes)):
            continue
        # An occasion and its answer may overlap in time, so the turn that began just before counts as well.
        near = [*_overlapping(case, occasion), *answers]
        found = find_first(check.said, call, near)
        if not found and occasion == occasions[-1]:
            found = find_first(check.said_at_end, call, near)
        chance = UNLIKELY if found else likely_said(check.likely, case, near)
        if chance.says == "yes":
            found = chance.match
        heard = NOT_HEARD
        if not found or found.tier == "near":
            heard = case.hearing.ask((found.turn,) if found else near, check.said.phrases)
            asked += heard.open
        if found and heard.says != "no":
            answered.append(call.evidence(found))
        elif heard.says == "yes":
            answered += heard.shown
        elif heard.says == "unclear":
            unclear += heard.shown
        elif heard.says == "unasked" and chance.says == "unclear" and chance.match:
            unclear.append(call.evidence(chance.match))
        else:
            missing.append(call.absence(answers[:1], check.said.phrases[0] if check.said.phrases else ""))
            missing += heard.shown
            doubt = doubt or case.doubtful(answers)
    if unclear or (missing and (answered or doubt)):
        return uncertain([*missing, *unclear, *answered]).asking(asked)
    if missing:
        return failed(missing).asking(asked)
    return passed(answered).asking(asked) if answered else NOT_APPLICABLE


def _likely_occasions(check: Reply, case: Case) -> Iterator[int]:
    """Short turns in which the customer likely says it, in other words than those that the text has."""
    call = case.call
    for turn in call.customer:
        start, end = call.bounds(turn)
        if end - start <= check.short and likely_in(check.likely_to, call.plain[start:end]) == "yes":
            yield turn


def _overlapping(case: Case, occasion: int) -> list[int]:
    turns = case.call.turns
    return [
        turn
        for turn in case.call.agent
        if turn < occasion and turns[turn].end_s > turns[occasion].start_s + 0.3
    ]


def _without_roles(check: Reply, case: Case) -> Judgement:
    call = case.call
    if not find_first(check.to, call, call.maybe_customer):
        return NOT_APPLICABLE
    found = find_first(check.said, call, call.maybe_agent)
    return passed([call.evidence(found)]) if found else uncertain()
