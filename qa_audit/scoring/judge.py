"""Judging a call by a rubric: every item and situation, with evidence, and the score that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.address import judge_address
from qa_audit.scoring.conditions.banned import judge_banned
from qa_audit.scoring.conditions.dead_air import judge_dead_air
from qa_audit.scoring.conditions.hold import judge_hold
from qa_audit.scoring.conditions.interrupting import judge_interrupting
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case, Judgement
from qa_audit.scoring.conditions.parts import judge_parts
from qa_audit.scoring.conditions.raised_voice import judge_raised_voice
from qa_audit.scoring.conditions.readback import judge_readback
from qa_audit.scoring.conditions.reply import judge_reply
from qa_audit.scoring.conditions.request import judge_request
from qa_audit.scoring.conditions.ring_time import judge_ring_time
from qa_audit.scoring.conditions.soothing import judge_soothing
from qa_audit.scoring.conditions.speech_rate import judge_speech_rate
from qa_audit.scoring.situations import judge_situation, recognise
from qa_audit.scoring.verdicts import CallScore, Finding, score_of
from qa_audit.transcribe.turns import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.transcribe.turns import Turn

CONDITIONS: Mapping[str, Callable[[Any, Case], Judgement]] = {
    "parts": judge_parts,
    "reply": judge_reply,
    "address": judge_address,
    "request": judge_request,
    "hold": judge_hold,
    "readback": judge_readback,
    "banned": judge_banned,
    "soothing": judge_soothing,
    "ring_time": judge_ring_time,
    "interrupting": judge_interrupting,
    "dead_air": judge_dead_air,
    "speech_rate": judge_speech_rate,
    "raised_voice": judge_raised_voice,
}
"""The function behind each `kind` of check."""


def score_call(call: Transcript | Sequence[Turn], facts: CallFacts, rubric: Rubric) -> CallScore:
    """Judge a call by a rubric.

    Items come in the rubric's order; situations only when recognised. A point is lost only for a clear fault:
    what can't be told (who spoke, what was said) is `uncertain` and leaves the score.

    >>> from qa_audit.calls.facts import CallFacts
    >>> from qa_audit.scoring import load_rubric
    >>> from qa_audit.transcribe.turns import Turn
    >>> turns = [Turn("agent", 0, 3, "喂，什么事？", 0.9), Turn("customer", 3, 5, "我要报修。", 0.9)]
    >>> score = score_call(turns, CallFacts(), load_rubric())
    >>> [(item.id, item.verdict, item.points) for item in score.items][:2]
    [('greeting', 'fail', 0.0), ('answer_promptly', 'not_applicable', 0.0)]
    """
    return score_calls([(call, facts)], rubric)[0]


def score_calls(
    calls: Sequence[tuple[Transcript | Sequence[Turn], CallFacts]], rubric: Rubric
) -> list[CallScore]:
    """The same for many calls: a detector reads the sentences of all of them at once, which costs it less."""
    detector = rubric.detector
    ready = [(_text_of(call, rubric), facts) for call, facts in calls]
    if detector is None:
        return [_judge(Case(text, facts, rubric.min_confidence), rubric) for text, facts in ready]
    sentences = [text.text[one.start : one.end] for text, _ in ready for one in text.maybe_agent_sentences]
    answers = detector.answers(sentences)
    scores, done = [], 0
    for text, facts in ready:
        own = answers[done : done + len(text.maybe_agent_sentences)]
        done += len(own)
        scores.append(_judge(Case(text, facts, rubric.min_confidence, detector, own), rubric))
    return scores


def _text_of(call: Transcript | Sequence[Turn], rubric: Rubric) -> CallText:
    if isinstance(call, Transcript):
        return CallText(call.turns, roles_known=call.role_confidence >= rubric.min_role_confidence)
    return CallText(call)


def _judge(case: Case, rubric: Rubric) -> CallScore:
    recognised = [known for one in rubric.situations if (known := recognise(one, case))]
    replaced = {item for known in recognised if known.replaces for item in known.situation.replaces}
    judgements = {
        item.id: NOT_APPLICABLE
        if item.id in replaced or not (case.call.speech or item.check.kind == "ring_time")
        else CONDITIONS[item.check.kind](item.check, case)
        for item in rubric.items
    }
    findings = tuple(_finding(item, judgements[item.id]) for item in rubric.items)
    return CallScore(
        findings,
        tuple(judge_situation(known, case, judgements) for known in recognised),
        tuple(finding.id for finding in findings if finding.critical),
        score_of(findings, zero_on_critical=rubric.zero_on_critical),
    )


def _finding(item: Item, judgement: Judgement) -> Finding:
    return Finding(
        item.id,
        judgement.verdict,
        round(item.weight * judgement.share, 4),
        item.weight,
        judgement.evidence,
        critical=item.critical and judgement.critical,
    )
