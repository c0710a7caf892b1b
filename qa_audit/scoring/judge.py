"""Judging a call by a rubric: every item and situation, with evidence, and the score that follows."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import call_texts
from qa_audit.scoring.conditions.address import judge_address
from qa_audit.scoring.conditions.banned import judge_banned
from qa_audit.scoring.conditions.dead_air import judge_dead_air
from qa_audit.scoring.conditions.hold import judge_hold
from qa_audit.scoring.conditions.interrupting import judge_interrupting
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case, Judgement, as_told, uncertain
from qa_audit.scoring.conditions.parts import judge_parts
from qa_audit.scoring.conditions.raised_voice import judge_raised_voice
from qa_audit.scoring.conditions.readback import judge_readback
from qa_audit.scoring.conditions.reply import judge_reply
from qa_audit.scoring.conditions.request import judge_request
from qa_audit.scoring.conditions.ring_time import judge_ring_time
from qa_audit.scoring.conditions.rule import judge_ruled, ruled
from qa_audit.scoring.conditions.soothing import judge_soothing
from qa_audit.scoring.conditions.speech_rate import judge_speech_rate
from qa_audit.scoring.hearing import Hearing, readings
from qa_audit.scoring.learned.acts import acts_of
from qa_audit.scoring.sections import capped
from qa_audit.scoring.situations import judge_situation, recognise
from qa_audit.scoring.verdicts import CallScore, Finding, score_of
from qa_audit.scoring.vocabulary import vocabulary_of
from qa_audit.transcribe.turns import Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.learned.acts import ActDetector
    from qa_audit.scoring.learned.model import SentenceDetector
    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.scoring.situations import Recognised
    from qa_audit.transcribe.questions import Answer
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
    "manual": lambda _check, _case: uncertain(),
}
"""The function behind each `kind` of check, but for `rule`, which `conditions.rule` judges."""


def score_call(
    call: Transcript | Sequence[Turn],
    facts: CallFacts,
    rubric: Rubric,
    answers: Mapping[str, Answer | None] | None = None,
) -> CallScore:
    """Judge a call by a rubric; `answers` of its audio by the id of the question.

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
    return score_calls([(call, facts)], rubric, None if answers is None else [answers])[0]


def score_calls(
    calls: Sequence[tuple[Transcript | Sequence[Turn], CallFacts]],
    rubric: Rubric,
    answers: Sequence[Mapping[str, Answer | None]] | None = None,
) -> list[CallScore]:
    """The same for many calls: made ready together, their sentences read at once, each costs less."""
    return [_judge(case, rubric) for case in _cases(calls, rubric, answers)]


def _judge(case: Case, rubric: Rubric) -> CallScore:
    recognised = recognised_in(case, rubric)
    replaced = {item for known in recognised if known.replaces for item in known.situation.replaces}
    judgements = {
        item.id: NOT_APPLICABLE if item.id in replaced else judge_plain(item, case)
        for item in rubric.items
        if item.id in replaced or not ruled(item)
    }
    if len(judgements) < len(rubric.items):
        judgements |= judge_ruled(rubric, case, recognised, judgements, lambda item: judge_plain(item, case))
    findings = capped(tuple(_finding(item, judgements[item.id]) for item in rubric.items), rubric)
    return CallScore(
        findings,
        tuple(judge_situation(known, case, judgements) for known in recognised),
        tuple(finding.id for finding in findings if finding.critical),
        score_of(findings, zero_on_critical=rubric.zero_on_critical),
        tuple(dict.fromkeys(one for judgement in judgements.values() for one in judgement.questions)),
    )


def case_of(call: Transcript | Sequence[Turn], facts: CallFacts, rubric: Rubric) -> Case:
    """A call made ready for judging by a rubric."""
    return _cases([(call, facts)], rubric)[0]


def _cases(
    calls: Sequence[tuple[Transcript | Sequence[Turn], CallFacts]],
    rubric: Rubric,
    answers: Sequence[Mapping[str, Answer | None]] | None = None,
) -> list[Case]:
    known = [
        not isinstance(call, Transcript) or call.role_confidence >= rubric.min_role_confidence
        for call, _ in calls
    ]
    turns = [call.turns if isinstance(call, Transcript) else call for call, _ in calls]
    durations_s = [call.duration_s if isinstance(call, Transcript) else None for call, _ in calls]
    texts = call_texts(turns, vocabulary_of(rubric), roles_known=known)
    # Once for all calls: both walk through the rubric's items.
    detector, act_detector = rubric.detector, rubric.acts
    learned, acts = _learned(texts, detector), _acts(texts, act_detector)
    heard = [
        _hearing(call, None if answers is None else answers[place]) for place, (call, _) in enumerate(calls)
    ]
    return [
        Case(text, facts, rubric.min_confidence, duration_s, detector, said, done, hearing, act_detector)
        for text, duration_s, said, done, hearing, (_, facts) in zip(
            texts, durations_s, learned, acts, heard, calls, strict=True
        )
    ]


def _hearing(call: Transcript | Sequence[Turn], answers: Mapping[str, Answer | None] | None) -> Hearing:
    """What the audio of a call has answered; of a text without a recording nothing is asked."""
    reading = readings().get(call.model) if isinstance(call, Transcript) else None
    return Hearing(reading, answers or {})


def _learned(
    texts: Sequence[CallText], detector: SentenceDetector | None
) -> Sequence[NDArray[np.int8] | None]:
    """What the detector says of each call's sentences; it reads those of all calls at once."""
    if detector is None:
        return [None] * len(texts)
    turns = [(number, one.turn) for number, text in enumerate(texts) for one in text.maybe_agent_sentences]
    return _of_each(texts, detector.answers(_sentences(texts), turns))


def _acts(texts: Sequence[CallText], detector: ActDetector | None) -> Sequence[NDArray[np.int8] | None]:
    """What the agent does in each call's sentences."""
    if detector is None:
        return [None] * len(texts)
    return _of_each(texts, acts_of(detector, _sentences(texts)))


def _sentences(texts: Sequence[CallText]) -> list[str]:
    return [text.text[one.start : one.end] for text in texts for one in text.maybe_agent_sentences]


def _of_each(texts: Sequence[CallText], answers: NDArray[np.int8]) -> list[NDArray[np.int8]]:
    """Answers to the sentences of all calls, cut into those of each."""
    counts = [len(text.maybe_agent_sentences) for text in texts]
    ends = accumulate(counts)
    return [answers[end - count : end] for end, count in zip(ends, counts, strict=True)]


def recognised_in(case: Case, rubric: Rubric) -> list[Recognised]:
    """Situations of the rubric that the call shows; one whose pattern takes too long is not recognised."""
    found = []
    for situation in rubric.situations:
        try:
            known = recognise(situation, case)
        except TimeoutError:
            continue
        if known:
            found.append(known)
    return found


def judge_plain(item: Item, case: Case) -> Judgement:
    """Judge an ordinary check, as it is told; where a pattern takes too long it can't be."""
    if not (case.call.speech or item.check.kind == "ring_time"):
        return NOT_APPLICABLE
    try:
        return as_told(CONDITIONS[item.check.kind](item.check, case), bonus=item.bonus)
    except TimeoutError:
        return uncertain()


def _finding(item: Item, judgement: Judgement) -> Finding:
    if item.bonus:
        gained = item.weight if judgement.verdict == "pass" else 0.0
        return Finding(item.id, judgement.verdict, gained, 0.0, judgement.evidence)
    share = judgement.share
    if judgement.verdict == "fail" and item.off_per_hit is not None and item.weight:
        hits = judgement.hits
        if hits is None:
            hits = sum(piece.tier != "absence" for piece in judgement.evidence)
        share = max(0.0, 1 - item.off_per_hit * max(1, hits) / item.weight)
    return Finding(
        item.id,
        judgement.verdict,
        round(item.weight * share, 4),
        item.weight,
        judgement.evidence,
        critical=item.critical and judgement.critical,
    )
