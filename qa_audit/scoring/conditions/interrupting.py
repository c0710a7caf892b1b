"""Whether the agent starts to talk over the customer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.checks import Interrupting
    from qa_audit.scoring.conditions.judgement import Case, Judgement


GOES_ON_S = 0.8
"""After so short a pause somebody goes on with what was cut in upon."""


EARLY_S = 0.5
"""So shortly before the end of a turn the other may begin without cutting it off."""


class Speaking(NamedTuple):
    """From when to when somebody speaks, one breath included.

    >>> speaking = Speaking(0.0, 5.0)
    >>> speaking.goes_on(5.3), speaking.covers(4.0), speaking.covers(4.8)
    (True, True, False)
    """

    from_s: float
    to_s: float
    twice: bool = False
    """Whether it went on after a breath."""

    def goes_on(self, start_s: float) -> bool:
        """Whether a turn that begins then goes on with what was said before; once, not again and again."""
        return not self.twice and start_s - self.to_s < GOES_ON_S

    def covers(self, at_s: float) -> bool:
        """Whether it was being spoken then: a customer who answers a little early cuts in upon nobody."""
        return self.from_s < at_s < self.to_s - EARLY_S

    def with_turn(self, start_s: float, end_s: float) -> Speaking:
        """The same with the next turn."""
        goes_on = self.goes_on(start_s)
        return Speaking(self.from_s if goes_on else start_s, max(self.to_s, end_s), goes_on)


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
        for turn, overlap_s in _overlaps(case, check.backchannel_syllables)
        if call.syllables(turn) > check.backchannel_syllables
    }
    limit, margin = check.max_overlap_s, check.margin_s
    clear = [turn for turn, overlap_s in overlaps.items() if overlap_s > limit + margin]
    maybe = [turn for turn, overlap_s in overlaps.items() if overlap_s > max(limit - margin, 0.0)]
    if len(clear) >= check.times:
        return failed(call.whole_turn(turn, "measure") for turn in clear)
    if len(maybe) >= check.times:
        return uncertain(call.whole_turn(turn, "measure") for turn in maybe)
    return passed()


def _overlaps(case: Case, backchannel: int) -> Iterator[tuple[int, float]]:
    """Seconds for which each turn of the agent's, begun during one of the customer's, runs beside it.

    Who is cut in upon and goes on after a breath does not interrupt: what the customer began meanwhile does
    not count.
    """
    call, turns = case.call, case.call.turns
    theirs = sorted((turns[turn].start_s, turns[turn].end_s) for turn in call.customer)
    mine = sorted((turns[turn].start_s, turn) for turn in call.agent)
    begun, until_s, counts_s = 0, -math.inf, -math.inf
    speaking = Speaking(-math.inf, -math.inf)
    overlaps = {}
    for start_s, turn in mine:
        while begun < len(theirs) and theirs[begun][0] < start_s:
            their_start_s, their_end_s = theirs[begun]
            until_s = max(until_s, their_end_s)
            if not speaking.covers(their_start_s):
                counts_s = max(counts_s, their_end_s)
            begun += 1
        if not speaking.goes_on(start_s):
            counts_s = until_s
        overlaps[turn] = min(turns[turn].end_s, counts_s) - start_s if begun else 0.0
        if call.syllables(turn) > backchannel:
            speaking = speaking.with_turn(start_s, turns[turn].end_s)
    return ((turn, overlaps[turn]) for turn in call.agent)
