"""Silences, talking over one another, and speed of speech."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.dead_air import silences
from qa_audit.scoring.conditions.interrupting import Speaking
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome, beside
from qa_audit.scoring.conditions.rule_said import often_enough, placed
from qa_audit.scoring.conditions.rule_where import bounds_s, regions
from qa_audit.scoring.verdicts import Evidence

if TYPE_CHECKING:
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.conditions.rule_where import Region
    from qa_audit.scoring.rule_schema import Overlap, Pause, Rate, Voice, Who
    from qa_audit.transcribe.turns import Role

_LONG_S = 1.0
"""Shorter turns say too little of the speed of speech."""


def judge_pause(one: Pause, scene: Scene) -> Outcome:
    """Silences of both between two turns, by who ends them and who spoke before.

    In the first or last seconds a silence is as long as the part of it that lies there.
    """
    call = scene.case.call
    first_s, last_s = bounds_s(one.where, scene)
    hits = []
    least_s = max(0.0, (one.longer_than_s or 0.0) - one.margin_s)
    for silence in silences(call, least_s):
        start_s, end_s = silence.start_s, silence.end_s
        if one.longer_than_s is not None:
            start_s, end_s = max(start_s, first_s), min(end_s, last_s)
            if end_s < start_s:
                continue
            level = beside(end_s - start_s, one.longer_than_s, one.margin_s)
        else:
            level = beside(one.shorter_than_s or 0.0, silence.duration_s, one.margin_s)
        level = min(
            level,
            _said_by(one.who, call.roles[silence.after]),
            _said_by(one.after_who, call.roles[silence.before]),
        )
        if level >= 0:
            evidence = Evidence(None, start_s, end_s, f"{end_s - start_s:.1f} s", "measure")
            hits.append(Hit(level, silence.after, -1, -1, start_s, silence.end_s, evidence))
    return placed_and_counted(one, one.who, hits, scene)


def judge_overlap(one: Overlap, scene: Scene) -> Outcome:
    """Turns begun during the other's; on one channel overlaps are not seen, so nothing is known there."""
    call = scene.case.call
    turns = scene.turns_of(one.who)
    seen = {call.turns[turn].channel for turn in call.speech}
    may_be_two = not call.roles_known or (call.agent and call.customer)
    if len(seen) == 1 and may_be_two:
        return Outcome(Belief.UNKNOWN)
    hits = []
    speaking: dict[int, Speaking] = {}
    """By channel."""
    for turn in sorted(turns, key=lambda turn: call.turns[turn].start_s):
        mine = call.turns[turn]
        before = speaking.get(mine.channel, Speaking(-math.inf, -math.inf))
        going_on = before.goes_on(mine.start_s)
        if call.syllables(turn) < one.min_syllables:
            continue
        speaking[mine.channel] = before.with_turn(mine.start_s, mine.end_s)
        over_s = max(
            (
                min(mine.end_s, call.turns[other].end_s) - mine.start_s
                for other in call.speech
                if call.turns[other].channel != mine.channel
                and call.turns[other].start_s < mine.start_s
                and not (going_on and before.covers(call.turns[other].start_s))
            ),
            default=0.0,
        )
        level = beside(over_s, one.longer_than_s, one.margin_s)
        if over_s > 0 and level >= 0:
            evidence = call.whole_turn(turn, "measure")
            level = scene.level(level, turn, one.who)
            hits.append(Hit(level, turn, *call.bounds(turn), mine.start_s, mine.end_s, evidence))
    return placed_and_counted(one, one.who, hits, scene)


def judge_rate(one: Rate, scene: Scene) -> Outcome:
    """Syllables a second, of all turns together or of each."""
    call = scene.case.call
    turns = regions(one.where, one.who, scene)
    looked = sorted({turn for region in turns for turn in region.turns})
    long = [turn for turn in looked if _duration_s(scene, turn) >= _LONG_S]
    if one.by == "call":
        syllables = sum(call.syllables(turn) for turn in long)
        if not long or syllables < one.min_syllables:
            return Outcome(Belief.UNKNOWN, no_data=True)
        rate = syllables / sum(_duration_s(scene, turn) for turn in long)
        first, last = call.turns[long[0]], call.turns[long[-1]]
        evidence = Evidence(None, first.start_s, last.end_s, f"{rate:.1f} 字/秒", "measure")
        level = _limited(one, rate)
        if one.who in ("agent", "customer") and not call.roles_known:
            level = max(min(level, Belief.LIKELY), Belief.HARDLY)
        hit = Hit(level, None, -1, -1, first.start_s, last.end_s, evidence)
        return Outcome(level, (hit,) if level >= 0 else (), None if level >= 0 else evidence)
    hits = []
    for turn in long:
        if call.syllables(turn) >= one.min_syllables:
            level = _limited(one, call.syllables(turn) / _duration_s(scene, turn))
            if level >= 0:
                level = scene.level(level, turn, one.who)
                evidence = call.whole_turn(turn, "measure")
                span = (*call.bounds(turn), evidence.start_s, evidence.end_s)
                hits.append(Hit(level, turn, *span, evidence))
    return placed_and_counted(one, one.who, hits, scene)


def _limited(one: Rate, rate: float) -> Belief:
    if one.faster_than is not None:
        return beside(rate, one.faster_than, one.margin)
    return beside(one.slower_than or 0.0, rate, one.margin)


def _duration_s(scene: Scene, turn: int) -> float:
    one = scene.case.call.turns[turn]
    return one.end_s - one.start_s


def _said_by(who: Who, role: Role) -> Belief:
    if who in ("either", role):
        return Belief.YES
    return Belief.LIKELY if role == "unknown" else Belief.NO


def placed_and_counted(
    one: Pause | Overlap | Rate | Voice, who: Who, hits: list[Hit], scene: Scene
) -> Outcome:
    """What such places say of the call, by where and how often the condition wants them."""
    places = regions(one.where, who, scene, silences=one.kind == "pause")

    def judge(inside: list[Hit], region: Region) -> Belief:
        return often_enough(one.times, [hit.level for hit in inside], scene.minutes, missed=region.unsure)

    return placed(one.where, hits, places, scene, judge)
