"""Silences that are too long."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.verdicts import Evidence
from qa_audit.scoring.wording import find_first

if TYPE_CHECKING:
    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.checks import DeadAir
    from qa_audit.scoring.conditions.judgement import Case, Judgement


TURNS_TO_SILENCE = 3
"""From an announced wait to its silence, the announcement included."""
SHORT_ANSWER = 2
"""Syllables of what may be said while a wait goes on: 好的."""


class Silence(NamedTuple):
    """A stretch in which neither speaks, between two turns."""

    before: int
    """The last turn of a speaker before it."""
    after: int
    """The next turn of a speaker."""
    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Its length."""
        return self.end_s - self.start_s


def silences(call: CallText, min_s: float) -> list[Silence]:
    """Stretches of at least `min_s` seconds between turns in which neither agent nor customer speaks.

    A recorded announcement ends a silence and begins another: the customer hears something meanwhile. After
    the last turn of a speaker there is none.
    """
    found: list[Silence] = []
    quiet: list[tuple[float, float]] = []
    before, end_s = None, 0.0
    for turn, role in enumerate(call.roles):
        one = call.turns[turn]
        if before is not None and one.start_s - end_s >= min_s:
            quiet.append((end_s, one.start_s))
        if role == "system":
            end_s = max(end_s, one.end_s)
            continue
        if before is not None:
            found += [Silence(before, turn, *each) for each in quiet]
        quiet.clear()
        if before is None or one.end_s >= end_s:
            before, end_s = turn, one.end_s
    return found


def led_to(silence: Silence) -> range:
    """The last turns before a silence, in which a wait is announced: a 好的 and a 嗯 may follow."""
    return range(silence.before - TURNS_TO_SILENCE + 1, silence.before + 1)


def _announcing(silence: Silence, call: CallText) -> list[int]:
    """Of those the agent's in which the wait may be announced: before an answer it is over."""
    first, *later = led_to(silence)
    goes_on = all(call.syllables(turn) <= SHORT_ANSWER for turn in later)
    agent = call.set_of(call.maybe_agent)
    return [turn for turn in ((first, *later) if goes_on else later) if turn in agent]


def judge_dead_air(check: DeadAir, case: Case) -> Judgement:
    """A fault for a silence beyond the limit; after a hold phrase the longer limit holds."""
    call = case.call
    if not call.maybe_agent or not call.maybe_customer:
        return NOT_APPLICABLE
    clear, unclear = [], []
    for silence in silences(call, check.max_s - check.margin_s):
        held = find_first(check.hold, call, _announcing(silence, call))
        limit = check.max_on_hold_s if held else check.max_s
        evidence = Evidence(None, silence.start_s, silence.end_s, "", "measure")
        if silence.duration_s > limit + check.margin_s:
            clear.append(evidence)
        elif silence.duration_s > limit - check.margin_s:
            unclear.append(evidence)
    if clear:
        return failed(clear)
    return uncertain(unclear) if unclear else passed()
