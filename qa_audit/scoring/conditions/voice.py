"""How a speaker speaks in a call on the whole, against which single stretches are measured."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.transcribe.turns import PROSODY_STEP_S

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.transcribe.turns import Turn

_OCTAVE_ST, _HIGHEST_ST = 12.0, 9.0
MIN_PITCHED = 2 / 3
"""So many steps of a stretch must have a pitch for it to be compared."""


class Usual(NamedTuple):
    """How a speaker speaks in a call, on the whole."""

    loudness_db: float
    pitch_st: float | None
    spoken_s: float
    """Measured speech."""


def usual_voice(turns: Sequence[Turn]) -> Usual | None:
    """Medians over the measured steps of these turns; None where nothing was measured.

    >>> from qa_audit.transcribe.turns import Turn
    >>> usual_voice([Turn("agent", 0, 1, "您好", 1.0, loudness_db=(-20.0, -22.0), pitch_st=(None, 85.0))])
    Usual(loudness_db=-21.0, pitch_st=85.0, spoken_s=1.0)
    """
    levels = [level for turn in turns for level in turn.loudness_db]
    if not levels:
        return None
    pitches = [pitch for turn in turns for pitch in turn.pitch_st if pitch is not None]
    return Usual(median(levels), median(pitches) if pitches else None, len(levels) * PROSODY_STEP_S)


def folded_st(higher_st: float) -> float:
    """Without the octave by which the pitch of some sounds is mistaken: nobody's voice moves by so much.

    >>> folded_st(3.0), folded_st(13.0), folded_st(-12.5)
    (3.0, 1.0, -0.5)
    """
    if abs(higher_st) <= _HIGHEST_ST:
        return higher_st
    return higher_st - _OCTAVE_ST if higher_st > 0 else higher_st + _OCTAVE_ST
