"""Turns: who said what, from when to when. The form in which every later step reads a call.

This module imports neither torch nor Whisper, so that scoring stored turns starts at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa_audit.messages import say

Role = Literal["agent", "customer", "system", "unknown"]
PROSODY_STEP_S = 0.5
"""Loudness and pitch are kept for steps of so many seconds."""
ROLES: tuple[Role, ...] = ("agent", "customer", "system", "unknown")


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's speech until another speaks or 1.5 s pass (rubric_sources, "How an item is judged")."""

    role: Role
    start_s: float
    end_s: float
    text: str
    """Simplified Chinese, punctuated as the model wrote it, invented text removed."""
    confidence: float
    """Geometric mean probability of the decoded tokens, 0 to 1."""
    channel: int = 0
    """0 is left (or the only one), 1 is right."""
    raw_text: str = ""
    """What the model wrote before conversion and clean-up."""
    formal: tuple[float | None, ...] = ()
    """For every 您 and 你 of `text`, in order: natural logarithm of the odds that the sound is 您, by the
    model; None where it does not say. Empty where nothing was measured (a text that a person wrote)."""
    loudness_db: tuple[float, ...] = ()
    """Of every whole `PROSODY_STEP_S` of its speech regions, relative to full scale."""
    pitch_st: tuple[float | None, ...] = ()
    """Of the same steps: semitones above 1 Hz; None where hardly anything is voiced."""
    char_start_ms: tuple[int, ...] = ()
    """When each character of `text` begins; empty where that is not known (a text that a person wrote)."""

    def at_s(self, place: int) -> float:
        """When the character at `place` of the text begins; `len(text)` gives the end of the turn,
        of one without text its start.

        Where the times of characters are not known they lie evenly over the turn.

        >>> Turn("agent", 1.0, 2.0, "您好", 0.9).at_s(1)
        1.5
        >>> Turn("agent", 1.0, 2.0, "您好", 0.9, char_start_ms=(1000, 1300)).at_s(1)
        1.3
        """
        if place < len(self.char_start_ms) == len(self.text):
            return min(max(self.char_start_ms[place] / 1000, self.start_s), self.end_s)
        share = min(place / max(len(self.text), 1), 1.0)
        return self.start_s + share * max(self.end_s - self.start_s, 0.0)


@dataclass(frozen=True, slots=True)
class Note:
    """Something odd about a recording that did not stop the work (cut off, a dead channel)."""

    code: str
    """Key of the message."""
    values: tuple[tuple[str, str], ...] = ()
    """What fills the message, by name."""

    def __str__(self) -> str:
        return say(self.code, **dict(self.values))


@dataclass(frozen=True, slots=True)
class Transcript:
    """All turns of a recording in order of `start_s`, and what they were made from."""

    sha256: str
    """Hash of the audio file's bytes, in hexadecimal."""
    duration_s: float
    channels: int
    engine: str
    model: str
    preset: str
    turns: tuple[Turn, ...]
    role_confidence: float = 1.0
    """How sure the roles are, 0 to 1: which channel is the agent's, or who speaks when on a single channel;
    0 where roles are `unknown`."""
    notes: tuple[Note, ...] = ()
    """What is odd about the recording, for people."""
