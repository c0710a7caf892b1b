"""Whether the agent starts to talk over the customer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.checks import Interrupting
    from qa_audit.scoring.conditions.judgement import Case, Judgement


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
        turn: overlap_s
        for turn, overlap_s in _overlaps(case)
        if len(call.lines[turn]) > check.backchannel_syllables
    }
    limit, margin = check.max_overlap_s, check.margin_s
    clear = [turn for turn, overlap_s in overlaps.items() if overlap_s > limit + margin]
    maybe = [turn for turn, overlap_s in overlaps.items() if overlap_s > max(limit - margin, 0.0)]
    if len(clear) >= check.times:
        return failed(call.whole_turn(turn, "measure") for turn in clear)
    if len(maybe) >= check.times:
        return uncertain(call.whole_turn(turn, "measure") for turn in maybe)
    return passed()


def _overlaps(case: Case) -> Iterator[tuple[int, float]]:
    """Seconds for which each turn of the agent's, begun during one of the customer's, runs beside it."""
    call, turns = case.call, case.call.turns
    theirs = sorted((turns[turn].start_s, turns[turn].end_s) for turn in call.customer)
    mine = sorted((turns[turn].start_s, turn) for turn in call.agent)
    begun, until_s = 0, -math.inf
    overlaps = {}
    for start_s, turn in mine:
        while begun < len(theirs) and theirs[begun][0] < start_s:
            until_s = max(until_s, theirs[begun][1])
            begun += 1
        overlaps[turn] = min(turns[turn].end_s, until_s) - start_s if begun else 0.0
    return ((turn, overlaps[turn]) for turn in call.agent)
