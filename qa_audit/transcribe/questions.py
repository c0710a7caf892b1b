"""Questions to the audio of a call and what it answered: were these words said here?

Scoring asks where its verdict hangs on words that the text does not have, or has only by tolerance; an engine
answers (`qa_audit.transcribe.answering`). This module imports neither torch nor Whisper.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

ANSWER_VERSION = 1
"""Raised whenever a change of `answering` may change answers, and `scoring.frames.PROGRAM_RULES` with it: the
audio of months that are not closed is then asked anew."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether one of the phrases was said in one of the turns."""

    turns: tuple[int, ...]
    """Indices into the transcript's turns."""
    phrases: tuple[str, ...]

    @property
    def id(self) -> str:
        """16 hexadecimal digits: the same question about the same turns is known by it.

        >>> Question((0,), ("您好",)).id == Question((0,), ("您好",)).id != Question((1,), ("您好",)).id
        True
        """
        # As ids were before answers had versions.
        version = [ANSWER_VERSION] if ANSWER_VERSION > 1 else []
        asked = json.dumps([self.turns, self.phrases, *version], ensure_ascii=False)
        return hashlib.sha256(asked.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Answer:
    """How well the best of a question's phrases fits the audio, at the place where it fits best."""

    question: str
    """`Question.id`."""
    turn: int
    phrase: str
    heard: str
    """The words of the turn in whose place the phrase was put; empty where it was added."""
    start_s: float
    end_s: float
    """About where, by the place of these words in the turn."""
    syllables: int
    """Of the phrase."""
    distance: float
    """How unlike `heard` sounds, a syllable, 0 to 1 (`qa_audit.text.nearest`)."""
    gain: float
    """Log-likelihood of the turn with the phrase, less that of the turn as it was decoded."""
    lead: float
    """The same less that of the turn with the likeliest other words in the place of
    those syllables that sound otherwise than `heard` (of all, where none does)."""
