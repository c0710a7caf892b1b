"""An apology or empathy in time after a complaint or an outburst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.likely import likely_said
from qa_audit.scoring.wording import find_all, find_first

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.checks import Soothing
    from qa_audit.scoring.conditions.judgement import Case, Judgement


def outburst(check: Soothing, case: Case) -> Match | None:
    """Where the customer first complains or is upset: a clear sign, or several weak ones together."""
    call = case.call
    strong = find_all(check.trigger, call, call.maybe_customer)
    weak = find_all(check.weak_trigger, call, call.maybe_customer)
    found = strong + (weak if len(weak) >= check.weak_needed else [])
    return min(found, key=lambda match: match.start, default=None)


def judge_soothing(check: Soothing, case: Case) -> Judgement:
    """Pass when the agent apologises within the next turns after the complaint.

    An apology before it can't be told, for the complaint may begin before it is recognised; one in the
    opening, before the customer has said anything, is none for it.
    """
    call = case.call
    trigger = outburst(check, case)
    if trigger is None:
        return NOT_APPLICABLE
    sign = call.evidence(trigger)
    answers = [turn for turn in call.maybe_agent if turn >= trigger.turn][: check.within_turns + 1]
    answers = [turn for turn in answers if turn > trigger.turn or call.roles[turn] == "unknown"]
    answers = answers[: check.within_turns]
    if not answers:
        return uncertain([sign])
    if found := _apology(check, case, answers):
        return passed([sign, call.evidence(found)])
    begun = min(call.maybe_customer)
    before = [turn for turn in call.maybe_agent if begun < turn < trigger.turn]
    if found := _apology(check, case, before):
        return uncertain([sign, call.evidence(found)])
    return _by_sound(check, case, trigger, answers)


def _apology(check: Soothing, case: Case, turns: Sequence[int]) -> Match | None:
    return find_first(check.said_exactly, case.call, turns) or find_first(check.said, case.call, turns)


def _by_sound(check: Soothing, case: Case, trigger: Match, answers: Sequence[int]) -> Judgement:
    """What the audio says of answers whose text has no apology."""
    call, sign = case.call, case.call.evidence(trigger)
    missing = call.absence(answers, check.said.phrases[0] if check.said.phrases else "")
    heard = case.hearing.ask(answers, check.said.phrases)
    if heard.says == "yes":
        return passed([sign, *heard.shown])
    chance = likely_said(check.likely, case, answers)
    if chance.says == "yes" and chance.match:
        return passed([sign, call.evidence(chance.match)])
    evidence = [sign, missing, *heard.shown]
    if (
        chance.says == "unclear"
        or heard.says == "unclear"
        or case.doubtful(answers)
        or call.roles[trigger.turn] == "unknown"
    ):
        return uncertain(evidence).asking(heard.open)
    return failed(evidence, hits=1).asking(heard.open)
