"""How fast the agent speaks, and how near to the customer's own rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.verdicts import Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.scoring.checks import SpeechRate
    from qa_audit.scoring.conditions.judgement import Case, Judgement


def judge_speech_rate(check: SpeechRate, case: Case) -> Judgement:
    """A fault outside the band of syllables a second, or too far from the customer's rate."""
    call = case.call
    if not call.roles_known:
        return uncertain()
    agent, syllables = _rate(case, call.agent)
    customer, heard = _rate(case, call.customer)
    if syllables < check.min_syllables or agent is None:
        return NOT_APPLICABLE
    # How far inside the allowed range, in syllables a second; negative is outside.
    room = min(agent - check.slowest, check.fastest - agent)
    if customer is not None and heard >= check.min_syllables:
        room = min(room, check.max_difference - abs(agent - customer))
    first, last = call.turns[call.agent[0]], call.turns[call.agent[-1]]
    evidence = [Evidence(None, first.start_s, last.end_s, f"{agent:.1f} 字/秒", "measure")]
    if room < -check.margin:
        return failed(evidence)
    return uncertain(evidence) if room < 0 else passed(evidence)


def _rate(case: Case, turns: Sequence[int]) -> tuple[float | None, int]:
    """Syllables a second over these turns, and syllables; turns shorter than a second say too little."""
    call = case.call
    long = [turn for turn in turns if call.turns[turn].end_s - call.turns[turn].start_s >= 1.0]
    syllables = sum(call.syllables(turn) for turn in long)
    spoken_s = sum(call.turns[turn].end_s - call.turns[turn].start_s for turn in long)
    return (syllables / spoken_s if spoken_s else None), syllables
