"""What an engine must do, so that the driver works with any: decode chunks of speech, score given words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from qa_audit.transcribe.device import Device
    from qa_audit.transcribe.settings import TranscribeSettings

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Piece:
    """A character (or a few that form one token) and where it is heard."""

    text: str
    start_s: float
    """Seconds from the start of the chunk."""
    end_s: float
    logprob: float
    """Natural logarithm of the tokens' probability, summed."""
    tokens: int = 1
    """How many tokens write it: a rare character takes up to three."""
    formal: float | None = None
    """Where the piece begins with 您 or 你: natural logarithm of the odds that it was 您, given the sound and
    the text before."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """What an engine heard in one chunk."""

    text: str
    pieces: tuple[Piece, ...]
    mean_logprob: float
    """Mean over the tokens, the end of text among them."""
    no_speech_prob: float
    """Probability that the chunk holds no speech, 0 to 1."""
    compression: float
    """Ratio of the text's bytes to their deflated size; loops are high."""


class Engine(Protocol):
    """A speech recogniser with its model loaded."""

    @property
    def name(self) -> str:
        """As in the settings, e.g. `openai-whisper`."""
        ...

    @property
    def model(self) -> str:
        """E.g. `base`."""
        ...

    @property
    def digest(self) -> str:
        """Hash of the weights."""
        ...

    def decode(self, chunks: Sequence[Samples], *, beam: int, no_repeat: int = 0) -> list[Decoded]:
        """Decode chunks (float32, mono, 16 kHz, at most 30 s each), in their order.

        `no_repeat` > 0 forbids that a run of so many tokens occurs twice.
        """
        ...

    def score(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """Log-probability of each text over this stretch of audio (teacher-forced, with the end of text).

        Among the tokens that Mandarin calls need; minus infinity for a text that needs others.
        """
        ...

    def fit(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """As `score`, but without the end of text, and all texts at once: several times as quick."""
        ...


class BatchedEngine(Engine, Protocol):
    """An engine whose batches can be made smaller."""

    device: Device
    batch_s: float
    """Audio that is encoded and decoded together, seconds."""


def check_engine(engine: str) -> None:
    """See that an engine can be had, before its weights are read or a worker is started.

    Raises `QaError` `transcribe.engine_unknown`, `transcribe.engine_missing` without its package.
    """
    from qa_audit.transcribe.ct2_engine import installed
    from qa_audit.transcribe.settings import ENGINES

    if engine not in ENGINES:
        raise QaError("transcribe.engine_unknown", engine=engine, allowed=", ".join(ENGINES))
    if engine == "ctranslate2" and not installed():
        raise QaError("transcribe.engine_missing", engine=engine, extra="fast")


def load_engine(settings: TranscribeSettings) -> Engine:
    """The engine of the settings with its model loaded, on the CPU or a GPU as they say.

    On the CPU its weights are as precise as the settings' preset wants. Raises `QaError` as `check_engine`,
    `load_weights` and `choose_device` do.
    """
    from qa_audit.transcribe.device import OnGpu, choose_device
    from qa_audit.transcribe.presets import preset

    check_engine(settings.engine)
    if settings.engine == "ctranslate2":
        from qa_audit.transcribe.ct2_engine import CTranslate2Engine as Chosen
    else:
        from qa_audit.transcribe.whisper_engine import WhisperEngine as Chosen

    precision = preset(settings.preset, settings.engine).precision

    def load(device: Device) -> BatchedEngine:
        return Chosen.load(
            settings.model, settings.weights, threads=settings.threads, device=device, precision=precision
        )

    device = choose_device(settings.device, settings.engine)
    return load("cpu") if device == "cpu" else OnGpu(load(device), lambda: load("cpu"))
