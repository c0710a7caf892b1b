"""Waits: announced with 请稍等, and after a long one 让您久等了."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.dead_air import silences
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, sure, uncertain
from qa_audit.scoring.conditions.likely import likely_said
from qa_audit.scoring.verdicts import Evidence
from qa_audit.scoring.wording import find_all, find_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.scoring.conditions.dead_air import Silence
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.hearing import Heard
    from qa_audit.scoring.rubric import Hold, Likely, Wording
    from qa_audit.transcribe.questions import Question

MARGIN_S = 0.5
"""Recognised turns begin and end this near to the truth; a silence nearer to the limit can't be told."""
TURNS_TO_SILENCE = 2
"""A silence belongs to an announcement at most this many turns before: the customer may say 好的 between."""


@dataclass(slots=True)
class _Gathered:
    good: list[Evidence] = field(default_factory=list)
    bad: list[Evidence] = field(default_factory=list)
    unclear: list[Evidence] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)

    def missed(self, heard: Heard, evidence: Iterable[Evidence], *, certain: bool) -> None:
        """A fault by the text, unless the audio has the words."""
        self.asked += heard.open
        if heard.says == "yes":
            self.good += heard.shown
        else:
            self.fault([*evidence, *heard.shown], certain=certain and heard.says != "unclear")

    def fault(self, evidence: Iterable[Evidence], *, certain: bool) -> None:
        (self.bad if certain else self.unclear).extend(evidence)


def judge_hold(check: Hold, case: Case) -> Judgement:
    """A fault for a wait without 请稍等 before it, or a long one without 让您久等了 after it.

    A wait is one that the agent announces, or a silence of both beyond `long_s` that is not the customer's.
    """
    call = case.call
    if not call.maybe_agent:
        return NOT_APPLICABLE
    announced = find_all(check.announced, call, call.maybe_agent)
    courteous = find_all(check.courteous, call, call.maybe_agent)
    kind_turns = {match.turn for match in courteous}
    gathered = _Gathered([call.evidence(match) for match in courteous])
    for match in announced:
        if match.turn not in kind_turns:
            chance = likely_said(check.likely_courteous, case, [match.turn])
            if chance.says == "yes" and chance.match:
                kind_turns.add(match.turn)
                gathered.good.append(call.evidence(chance.match))
                continue
            certain = sure(match, case) and chance.says == "no"
            heard = case.hearing.ask((match.turn,), check.courteous.phrases)
            gathered.missed(heard, [call.evidence(match)], certain=certain)
    said = {*kind_turns, *(match.turn for match in announced)}
    for silence in silences(call, check.long_s - MARGIN_S):
        _judge_silence(check, case, silence, said, gathered)
    asked = gathered.asked
    if gathered.bad:
        share = 0.5 if gathered.good else 0.0
        return failed([*gathered.bad, *gathered.unclear], share).asking(asked)
    if gathered.unclear:
        return uncertain([*gathered.unclear, *gathered.good]).asking(asked)
    return passed(gathered.good).asking(asked) if gathered.good else NOT_APPLICABLE


def _judge_silence(check: Hold, case: Case, silence: Silence, said: set[int], gathered: _Gathered) -> None:
    call = case.call
    announced = any(silence.before - TURNS_TO_SILENCE <= turn <= silence.before for turn in said)
    if not announced and not _by_agent(check, case, silence):
        return
    told = silence.duration_s > check.long_s + MARGIN_S and call.roles_known
    quiet = Evidence(None, silence.start_s, silence.end_s, "", "measure")
    if not announced:
        before = [turn for turn in call.maybe_agent if turn <= silence.before][-1:]
        _looked_for(
            check.courteous, check.likely_courteous, case, before, quiet=quiet, gathered=gathered, told=told
        )
    after = [turn for turn in call.maybe_agent if turn >= silence.after][:1]
    if found := find_first(check.welcome_back, call, after):
        gathered.good.append(call.evidence(found))
    elif after and announced:
        _looked_for(
            check.welcome_back, check.likely_back, case, after, quiet=quiet, gathered=gathered, told=told
        )


def _looked_for(
    wording: Wording,
    likely: Likely,
    case: Case,
    turns: Sequence[int],
    *,
    quiet: Evidence,
    gathered: _Gathered,
    told: bool,
) -> None:
    """Words that the text of these turns does not have: likely said all the same, or missed."""
    chance = likely_said(likely, case, turns)
    if chance.says == "yes" and chance.match:
        gathered.good.append(case.call.evidence(chance.match))
        return
    missing = case.call.absence(turns, _first(wording.phrases))
    certain = told and chance.says == "no" and not case.doubtful(turns)
    gathered.missed(case.hearing.ask(turns, wording.phrases), [missing, quiet], certain=certain)


def _by_agent(check: Hold, case: Case, silence: Silence) -> bool:
    """Whether a silence that nobody announced is the agent's: the customer waits for an answer.

    After a question of the agent's that the customer takes time to answer it is the customer's.
    """
    call = case.call
    if call.roles[silence.before] == "customer":
        return find_first(check.customer_waits, call, [silence.before]) is None
    if find_first(check.checking, call, [silence.before]):
        return True
    return call.roles[silence.after] != "customer"


def _first(phrases: tuple[str, ...]) -> str:
    return phrases[0] if phrases else ""
