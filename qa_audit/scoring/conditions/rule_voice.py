"""Loudness and pitch of a speaker against the speaker's own in the same call."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome, beside
from qa_audit.scoring.conditions.rule_timing import placed_and_counted
from qa_audit.scoring.conditions.voice import MIN_PITCHED, folded_st, usual_voice
from qa_audit.scoring.verdicts import Evidence
from qa_audit.transcribe.turns import PROSODY_STEP_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.conditions.voice import Usual
    from qa_audit.scoring.rule_schema import Measure, Voice
    from qa_audit.transcribe.turns import Turn


def judge_voice(one: Voice, scene: Scene) -> Outcome:
    """Turns with a stretch of `sustained_s` that lies so far from the medians of the speaker's own speech."""
    call = scene.case.call
    turns = scene.turns_of(one.who)
    usual = usual_voice([call.turns[turn] for turn in turns])
    if usual is None or usual.spoken_s < one.min_speech_s:
        return Outcome(Belief.UNKNOWN, no_data=True)
    limit = one.louder_db or one.quieter_db or one.higher_st or one.lower_st or 0.0
    sign = 1 if one.louder_db or one.higher_st else -1
    unit = "dB" if one.louder_db or one.quieter_db else "st"
    hits = []
    for turn in turns:
        apart = [sign * value for value in _stretches(one, call.turns[turn], usual)]
        if not apart:
            continue
        level = beside(max(apart), limit, one.margin)
        if level >= 0:
            said = call.whole_turn(turn, "measure")
            evidence = Evidence(turn, said.start_s, said.end_s, f"{sign * max(apart):+.1f} {unit}", "measure")
            level = scene.level(level, turn, one.who)
            hits.append(Hit(level, turn, *call.bounds(turn), said.start_s, said.end_s, evidence))
    return placed_and_counted(one, one.who, hits, scene)


def loudness_of(one: Measure, scene: Scene) -> float | None:
    """Median loudness of the speaker relative to full scale, or how much louder that is than the other's."""
    call = scene.case.call
    own = usual_voice([call.turns[turn] for turn in scene.turns_of(one.who)])
    if own is None or one.of == "loudness_db":
        return None if own is None else own.loudness_db
    others = {"agent": call.customer, "customer": call.agent}.get(one.who, ())
    theirs = usual_voice([call.turns[turn] for turn in others])
    return None if theirs is None else own.loudness_db - theirs.loudness_db


def _stretches(one: Voice, turn: Turn, usual: Usual) -> Iterator[float]:
    """How far each stretch of a turn lies from the usual, in decibels or semitones."""
    steps = max(1, round(one.sustained_s / PROSODY_STEP_S))
    for first in range(len(turn.loudness_db) - steps + 1):
        if one.louder_db or one.quieter_db:
            yield fmean(turn.loudness_db[first : first + steps]) - usual.loudness_db
            continue
        pitched = [pitch for pitch in turn.pitch_st[first : first + steps] if pitch is not None]
        if usual.pitch_st is not None and len(pitched) >= MIN_PITCHED * steps:
            yield median(folded_st(pitch - usual.pitch_st) for pitch in pitched)
