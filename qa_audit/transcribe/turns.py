"""Turns: who said what, from when to when. The form in which every later step reads a call.

This module imports neither torch nor Whisper, so that scoring stored turns starts at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["agent", "customer", "system", "unknown"]
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
    """How sure it is which channel is the agent's, 0 to 1; 0 where roles are `unknown`."""
