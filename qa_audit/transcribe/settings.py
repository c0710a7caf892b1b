"""How recordings are transcribed: the settings that a workspace fixes, checked when they are read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from fnmatch import fnmatch
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from qa_audit.transcribe.presets import preset

Encoding = Literal[
    "alaw", "ulaw", "pcm_s16le", "pcm_s16be", "pcm_u8", "pcm_s8", "vox_adpcm", "ima_adpcm", "gsm"
]
AgentChannel = Literal["left", "right", "auto"]
ENGINES: tuple[str, ...] = ("openai-whisper",)
"""Engines that are built; `ctranslate2` joins them as an extra."""

# Raised whenever a change of the code may change turns although no setting changed.
RESULT_VERSION = 3


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RawFormat(_Settings):
    """How files without a header are to be read.

    >>> RawFormat(pattern="*.v3", encoding="alaw").matches("1001.V3")
    True
    """

    pattern: str
    """Extension (`vox`, `.vox`) or glob (`8k_*.pcm`) of the file names, case ignored."""
    encoding: Encoding
    sample_rate_hz: int = Field(default=8_000, ge=4_000, le=192_000)
    channels: Literal[1, 2] = 1

    def matches(self, name: str) -> bool:
        """Is this the format of a file called `name`?"""
        wanted, name = self.pattern.lower(), name.lower()
        if any(char in wanted for char in "*?["):
            return fnmatch(name, wanted)
        return name.endswith("." + wanted.lstrip("."))


class SpeechSettings(_Settings):
    """How speech is told from silence (silero-vad); lower thresholds hear more, noise too."""

    threshold: float = Field(default=0.5, gt=0, lt=1)
    """Speech probability of a 32 ms frame from which a region starts."""
    min_speech_ms: int = Field(default=150, ge=0)
    min_silence_ms: int = Field(default=300, ge=0)
    """A shorter pause does not end a region."""
    pad_ms: int = Field(default=200, ge=0)
    """Kept before and after a region, so that soft consonants are not cut."""


class TranscribeSettings(_Settings):
    """Section `[transcribe]` of a workspace: engine, model and preset are fixed when it is made.

    >>> TranscribeSettings().preset
    'balanced'
    """

    engine: str = "openai-whisper"
    model: str = "base"
    preset: str = "balanced"
    agent_channel: AgentChannel = "left"
    weights: str | None = None
    """Path of a checkpoint (.pt) or a CTranslate2 folder; None looks where `qa-audit models` says."""
    raw_formats: tuple[RawFormat, ...] = ()
    speech: SpeechSettings = SpeechSettings()
    threads: int = Field(default=0, ge=0)
    """CPU threads of a worker; 0 leaves it to torch. No part of the key."""

    def raw_format_of(self, name: str) -> RawFormat | None:
        """How to read a headerless file called `name`: the first format whose pattern fits, else None.

        >>> TranscribeSettings().raw_format_of("a.wav") is None
        True
        """
        return next((one for one in self.raw_formats if one.matches(name)), None)

    def key(self, audio_sha256: str, model_digest: str, raw: RawFormat | None = None) -> str:
        """Hash under which the turns of a recording are stored: audio, model, and what changes the result.

        16 hexadecimal digits. `raw` is the format of a headerless recording. The path of the weights does
        not count, for the digest does; nor do threads, nor formats of other recordings.
        """
        facts = self.model_dump(mode="json", exclude={"weights", "threads", "model", "raw_formats"})
        facts |= {"audio": audio_sha256, "model": model_digest, "version": RESULT_VERSION}
        facts |= {"parameters": asdict(preset(self.preset))}
        facts |= {"raw": raw.model_dump(exclude={"pattern"}) if raw else None}
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
