"""How recordings are transcribed: the settings that a workspace fixes, checked when they are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from fnmatch import fnmatch
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from qa_audit.transcribe.glossary import Glossary
from qa_audit.transcribe.presets import preset

Encoding = Literal[
    "alaw", "ulaw", "pcm_s16le", "pcm_s16be", "pcm_u8", "pcm_s8", "vox_adpcm", "ima_adpcm", "gsm"
]
AgentChannel = Literal["left", "right", "auto"]
ENGINES: tuple[str, ...] = ("openai-whisper", "ctranslate2")
"""Engines that are built; `ctranslate2` needs the extra `[fast]`."""

# Raised whenever a change of the code may change turns although no setting changed.
RESULT_VERSION = 8


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


_NO_PART = {"weights", "threads", "workers", "device", "model", "raw_formats"}


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
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """`auto` takes a GPU when there is one. No part of the key."""
    threads: int = Field(default=0, ge=0)
    """CPU threads of a worker; 0 is one. No part of the key, though other numbers may change a word."""
    workers: int = Field(default=0, ge=0)
    """Processes that transcribe side by side; 0 takes as many as fit. No part of the key."""
    _glossary: Glossary = PrivateAttr(default_factory=Glossary)

    @property
    def glossary(self) -> Glossary:
        """Terms put right after decoding; they have a file of their own, so no key here names them."""
        return self._glossary

    def with_glossary(self, glossary: Glossary) -> TranscribeSettings:
        """These settings with the terms of a glossary.

        >>> TranscribeSettings().with_glossary(Glossary()) == TranscribeSettings()
        True
        """
        changed = self.model_copy()
        # Pydantic allows private attributes of frozen models to be set; the type checker does not know it.
        changed._glossary = glossary  # pyright: ignore[reportAttributeAccessIssue]
        return changed

    def raw_format_of(self, name: str) -> RawFormat | None:
        """How to read a headerless file called `name`: the first format whose pattern fits, else None.

        >>> TranscribeSettings().raw_format_of("a.wav") is None
        True
        """
        return next((one for one in self.raw_formats if one.matches(name)), None)

    def key(self, audio_sha256: str, model_digest: str, raw: RawFormat | None = None) -> str:
        """Hash under which the turns of a recording are stored: audio, model, and what changes the result.

        16 hexadecimal digits. `raw` is the format of a headerless recording. The path of the weights does
        not count, for the digest does; nor do threads and workers, nor formats of other recordings. An empty
        glossary is the same as none.
        """
        return self.key_maker(model_digest, raw)(audio_sha256)

    def key_maker(self, model_digest: str, raw: RawFormat | None = None) -> Callable[[str], str]:
        """`key` for many recordings: a function of the audio's hash alone."""
        around = _around_audio(self, self.glossary.digest, model_digest, raw)  # pyright: ignore[reportArgumentType]  frozen: they hash
        before, after = around

        def key(audio_sha256: str) -> str:
            text = f"{before}{encode_basestring(audio_sha256)}{after}"
            return hashlib.sha256(text.encode()).hexdigest()[:16]

        return key


@lru_cache(maxsize=64)
def _around_audio(
    settings: TranscribeSettings, glossary_digest: str, model_digest: str, raw: RawFormat | None
) -> tuple[str, str]:
    """What a key is made of besides the audio, the same for every recording: JSON, cut where that stands."""
    facts = settings.model_dump(mode="json", exclude=_NO_PART)
    facts |= {"audio": None, "model": model_digest, "version": RESULT_VERSION}
    facts |= {"parameters": asdict(preset(settings.preset, settings.engine))}
    facts |= {"raw": raw.model_dump(exclude={"pattern"}) if raw else None}
    facts |= {"glossary": glossary_digest} if settings.glossary.terms else {}
    before, _, after = json.dumps(facts, sort_keys=True, ensure_ascii=False).partition('"audio": null')
    return f'{before}"audio": ', after
