"""Whether the agent's voice rises above the agent's own, in loudness or pitch, for more than a moment."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain
from qa_audit.scoring.conditions.voice import MIN_PITCHED, folded_st, usual_voice
from qa_audit.scoring.verdicts import Evidence
from qa_audit.transcribe.turns import PROSODY_STEP_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.checks import RaisedVoice
    from qa_audit.scoring.conditions.judgement import Case, Judgement


class _Stretch(NamedTuple):
    turn: int
    louder_db: float
    higher_st: float | None


def judge_raised_voice(check: RaisedVoice, case: Case) -> Judgement:
    """A fault when a stretch of `sustained_s` lies far above the medians of the agent's speech in this call.

    Not applicable with less speech than `min_speech_s`, and to a transcript without any loudness (one written
    by hand); it can't be told where little of it was measured, where roles are unknown, or near the limits.
    A higher pitch counts only where the voice is a little louder too: on 34 calls questions and mistaken
    octaves reached 5.4 semitones, with that condition 3.3, and the two raised voices 5.5.
    """
    call = case.call
    turns = [call.turns[turn] for turn in call.agent]
    spoken_s = sum(turn.end_s - turn.start_s for turn in turns)
    if not any(turn.loudness_db for turn in call.turns) or (
        call.roles_known and spoken_s < check.min_speech_s
    ):
        return NOT_APPLICABLE
    usual = usual_voice(turns)
    if not call.roles_known or usual is None or usual.spoken_s < check.min_speech_s / 2:
        return uncertain()
    stretches = list(_stretches(check, case, usual.loudness_db, usual.pitch_st))
    over = [one for one in stretches if _room(check, one) < 0]
    if not over:
        return passed()
    evidence = [
        Evidence(
            one.turn,
            call.turns[one.turn].start_s,
            call.turns[one.turn].end_s,
            f"{one.louder_db:+.1f} dB" + ("" if one.higher_st is None else f", {one.higher_st:+.1f} st"),
            "measure",
        )
        for one in {one.turn: one for one in sorted(over, key=lambda one: -_room(check, one))}.values()
    ]
    sure = {one.turn for one in over if _room(check, one) < -check.margin}
    return failed(evidence, hits=len(sure)) if sure else uncertain(evidence)


def _room(check: RaisedVoice, one: _Stretch) -> float:
    """How far a stretch stays under the nearer of the two limits, as a share of it; negative is above."""
    room = 1 - one.louder_db / check.louder_db
    if one.higher_st is not None:
        room = min(room, 1 - one.higher_st / check.higher_st)
    return room


def _stretches(check: RaisedVoice, case: Case, usual_db: float, usual_st: float | None) -> Iterator[_Stretch]:
    steps = max(1, round(check.sustained_s / PROSODY_STEP_S))
    for number in case.call.agent:
        turn = case.call.turns[number]
        for first in range(len(turn.loudness_db) - steps + 1):
            levels = turn.loudness_db[first : first + steps]
            pitched = [one for one in turn.pitch_st[first : first + steps] if one is not None]
            higher = None
            louder = fmean(levels) - usual_db
            if (
                usual_st is not None
                and len(pitched) >= MIN_PITCHED * steps
                and louder >= check.with_louder_db
            ):
                higher = median(folded_st(pitch - usual_st) for pitch in pitched)
            yield _Stretch(number, louder, higher)
