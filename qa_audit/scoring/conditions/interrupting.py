"""Whether the agent starts to talk over the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain

if TYPE_CHECKING:
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Interrupting


def judge_interrupting(check: Interrupting, case: Case) -> Judgement:
    """A fault when the agent starts during the customer's speech and both go on too long, too often.

    Short acknowledgements (嗯, 好的) do not interrupt. Not applicable without sure roles; on one channel
    overlaps are not seen.
    """
    call = case.call
    if not call.roles_known or not call.agent or not call.customer:
        return NOT_APPLICABLE
    if {call.turns[turn].channel for turn in call.agent} & {
        call.turns[turn].channel for turn in call.customer
    }:
        return uncertain()
    overlaps = {
        turn: _overlap_s(case, turn)
        for turn in call.agent
        if len(call.lines[turn]) > check.backchannel_syllables
    }
    limit, margin = check.max_overlap_s, check.margin_s
    clear = [turn for turn, overlap_s in overlaps.items() if overlap_s > limit + margin]
    maybe = [turn for turn, overlap_s in overlaps.items() if overlap_s > limit - margin]
    if len(clear) >= check.times:
        return failed(call.whole_turn(turn, "measure") for turn in clear)
    if len(maybe) >= check.times:
        return uncertain(call.whole_turn(turn, "measure") for turn in maybe)
    return passed()


def _overlap_s(case: Case, turn: int) -> float:
    """Seconds for which a turn of the agent's, begun during a turn of the customer's, runs beside it."""
    turns = case.call.turns
    mine = turns[turn]
    return max(
        (
            min(mine.end_s, turns[other].end_s) - mine.start_s
            for other in case.call.customer
            if turns[other].start_s < mine.start_s
        ),
        default=0.0,
    )
