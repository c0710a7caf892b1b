"""Waits: announced with 请稍等, and after a long one 让您久等了."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.conditions.dead_air import led_to, silences
from qa_audit.scoring.conditions.judgement import (
    NOT_APPLICABLE,
    as_written,
    failed,
    passed,
    sure,
    uncertain,
)
from qa_audit.scoring.conditions.likely import likely_said
from qa_audit.scoring.verdicts import Evidence
from qa_audit.scoring.wording import find_all, find_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.scoring.call_text import Match
    from qa_audit.scoring.checks import Hold
    from qa_audit.scoring.conditions.dead_air import Silence
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.hearing import Heard
    from qa_audit.scoring.said import Likely, Wording
    from qa_audit.transcribe.questions import Question

MARGIN_S = 0.5
"""Recognised turns begin and end this near to the truth; a silence nearer to the limit can't be told."""

_COURTESY = re.compile(
    "[您你请劳烦谢歉容]|辛苦|受累|拜托|耽误|不好意思|对不|片刻|(?:[吗么吧呢]|[好行成]不[好行成]?)$"
)
TASK_ANSWER = 8
"""Syllables, at most, with which a customer goes to do what the agent asked for: 好的，我试试."""


class _Wanted(NamedTuple):
    """The words of one end of a wait."""

    wording: Wording
    likely: Likely

    def absence(self, case: Case, turns: Sequence[int]) -> Evidence:
        """Evidence that they were not said in these turns."""
        phrases = self.wording.phrases
        return case.call.absence(turns, phrases[0] if phrases else "")


@dataclass(slots=True)
class _Gathered:
    good: list[Evidence] = field(default_factory=list)
    bad: list[Evidence] = field(default_factory=list)
    unclear: list[Evidence] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    faults: int = 0
    """What `bad` shows, which may take several pieces each."""

    def missed(self, heard: Heard, evidence: Iterable[Evidence], *, certain: bool) -> None:
        """A fault by the text, unless the audio has the words."""
        self.asked += heard.open
        if heard.says == "yes":
            self.good += heard.shown
        else:
            self.fault([*evidence, *heard.shown], certain=certain and heard.says != "unclear")

    def fault(self, evidence: Iterable[Evidence], *, certain: bool) -> None:
        (self.bad if certain else self.unclear).extend(evidence)
        self.faults += certain


def judge_hold(check: Hold, case: Case) -> Judgement:
    """A fault for a wait without 请稍等 before it, or a long one without 让您久等了 after it.

    A wait is one that the agent announces, or a silence of both beyond `long_s` that is not the customer's.
    """
    call = case.call
    if not call.maybe_agent:
        return NOT_APPLICABLE
    announced = find_all(check.announced, call, call.maybe_agent)
    courteous = find_all(check.courteous, call, call.maybe_agent, in_a_sentence=True)
    kind_turns = {match.turn for match in courteous}
    gathered = _Gathered([call.evidence(match) for match in courteous])
    before = _Wanted(check.courteous, check.likely_courteous)
    for match in announced:
        if match.turn not in kind_turns:
            shown = [call.evidence(match)]
            told = sure(match, case)
            if _likely_or_missed(before, case, [match.turn], shown, gathered, told=told, announced=True):
                kind_turns.add(match.turn)
    said = {*kind_turns, *(match.turn for match in announced)}
    for silence in silences(call, check.long_s - MARGIN_S):
        _judge_silence(check, case, silence, said, gathered)
    asked = gathered.asked
    if gathered.bad:
        share = 0.5 if gathered.good else 0.0
        return failed([*gathered.bad, *gathered.unclear], share, hits=gathered.faults).asking(asked)
    if gathered.unclear:
        return uncertain([*gathered.unclear, *gathered.good]).asking(asked)
    return passed(gathered.good).asking(asked) if gathered.good else NOT_APPLICABLE


def _judge_silence(check: Hold, case: Case, silence: Silence, said: set[int], gathered: _Gathered) -> None:
    call = case.call
    announced = not said.isdisjoint(led_to(silence))
    if not announced and not _by_agent(check, case, silence):
        return
    told = silence.duration_s > check.long_s + MARGIN_S and call.roles_known
    quiet = Evidence(None, silence.start_s, silence.end_s, "", "measure")
    if not announced:
        before = [turn for turn in call.maybe_agent if turn <= silence.before][-1:]
        wanted = _Wanted(check.courteous, check.likely_courteous)
        if excused := find_first(check.excused, call, before):
            gathered.good.append(call.evidence(excused))
            announced = True
        else:
            shown = [wanted.absence(case, before), quiet]
            _likely_or_missed(wanted, case, before, shown, gathered, told=told)
    after = [turn for turn in call.maybe_agent if turn >= silence.after][:1]
    if found := find_first(check.welcome_back, call, after):
        gathered.good.append(call.evidence(found))
    elif after and announced:
        wanted = _Wanted(check.welcome_back, check.likely_back)
        _likely_or_missed(wanted, case, after, [wanted.absence(case, after), quiet], gathered, told=told)


def _likely_or_missed(
    wanted: _Wanted,
    case: Case,
    turns: Sequence[int],
    shown: Sequence[Evidence],
    gathered: _Gathered,
    *,
    told: bool,
    announced: bool = False,
) -> bool:
    """Whether words that the text of these turns lacks were likely said; else they are missed."""
    chance = likely_said(wanted.likely, case, turns)
    curt = announced and chance.match is not None and _without_courtesy(chance.match, case)
    if chance.says == "yes" and chance.match and not curt:
        gathered.good.append(case.call.evidence(chance.match))
        return True
    # Curt words that are there stay curt: an act that is perhaps done explains none of them away.
    denied = chance.says == "no" or (
        announced and chance.match is not None and chance.match.tier == "similar"
    )
    lost = curt and chance.says == "yes" and not all(as_written(turn, case.call) for turn in turns)
    certain = told and denied and not lost and not case.doubtful(turns)
    gathered.missed(case.hearing.ask(turns, wanted.wording.phrases), shown, certain=certain)
    return False


def _without_courtesy(done: Match, case: Case) -> bool:
    """Whether a sentence that is like polite ones has nothing courteous: 稍等哈. Recognisers lose a 请."""
    words = case.call.text[done.start : done.end]
    return done.tier == "similar" and _COURTESY.search(words) is None


def _by_agent(check: Hold, case: Case, silence: Silence) -> bool:
    """Whether a silence that nobody announced is the agent's: the customer waits for an answer.

    After a question of the agent's that the customer takes time to answer it is the customer's.
    """
    call = case.call
    if call.roles[silence.before] == "customer":
        return find_first(check.customer_waits, call, [silence.before]) is None and not _at_a_task(
            check, case, silence
        )
    if find_first(check.checking, call, [silence.before]):
        return True
    return call.roles[silence.after] != "customer"


def _at_a_task(check: Hold, case: Case, silence: Silence) -> bool:
    """Whether the customer does meanwhile what the agent asked for, and says then what came of it."""
    call = case.call
    asked = [turn for turn in call.agent if turn < silence.before][-1:]
    return (
        call.roles[silence.after] == "customer"
        and call.syllables(silence.before) <= TASK_ANSWER
        and find_first(check.tasks, call, asked) is not None
        and find_first(check.asked_after, call, [silence.after]) is None
    )
