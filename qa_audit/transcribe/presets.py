"""Presets: the parameters of decoding that trade speed against faithfulness, chosen by measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from qa_audit.messages import QaError

PROMPT = "以下是普通话的句子。"
"""Steers Whisper to simplified, punctuated Mandarin; neutral, for a rubric phrase here would make passes."""


Precision = Literal["int8", "float32"]
"""How weights are kept on a CPU; a GPU always has half precision."""


@dataclass(frozen=True, slots=True)
class Preset:
    """One place on the frontier between speed and errors."""

    name: str
    beam: int
    """Hypotheses kept while decoding; 1 is greedy."""
    pack_s: float
    """Regions of a channel are packed into chunks of at most so many seconds."""
    gap_s: float
    """Silence put between two regions of a chunk."""
    tail_s: float
    """Silence put after the last region, so that the model sees the end."""
    retry_beam: int
    """Hypotheses for a chunk that is decoded again because its text is bad."""
    precision: Precision = "int8"
    min_logprob: float = -1.0
    """Mean log-probability of a token below which a chunk is decoded again."""
    max_compression: float = 2.4
    """Ratio of raw to deflated text above which it repeats itself (Whisper's own limit)."""
    max_chars_per_s: float = 12.0
    """No one speaks faster; more is invented."""
    no_speech: float = 0.6
    """From this probability of no speech on, unsure text is dropped (as Whisper does)."""


_TORCH = (
    Preset("draft", beam=1, pack_s=25.0, gap_s=0.2, tail_s=1.0, retry_beam=3),
    Preset("balanced", beam=3, pack_s=25.0, gap_s=0.2, tail_s=1.0, retry_beam=5),
    Preset("careful", beam=5, pack_s=25.0, gap_s=0.2, tail_s=1.0, retry_beam=8),
)
_CTRANSLATE2 = (
    Preset("draft", beam=1, pack_s=8.0, gap_s=0.2, tail_s=0.6, retry_beam=3),
    Preset("balanced", beam=3, pack_s=18.0, gap_s=0.2, tail_s=0.6, retry_beam=5),
    Preset("careful", beam=8, pack_s=25.0, gap_s=0.2, tail_s=1.0, retry_beam=8, precision="float32"),
)
PRESETS: Mapping[str, Mapping[str, Preset]] = MappingProxyType(
    {
        engine: MappingProxyType({one.name: one for one in rows})
        for engine, rows in (("openai-whisper", _TORCH), ("ctranslate2", _CTRANSLATE2))
    }
)
"""Presets by engine and name."""


def preset(name: str, engine: str = "openai-whisper") -> Preset:
    """The preset called `name` of an engine; raises `QaError("transcribe.preset_unknown")`.

    >>> preset("balanced").name
    'balanced'
    """
    known = PRESETS[engine]
    if name not in known:
        raise QaError("transcribe.preset_unknown", preset=name, allowed=", ".join(known))
    return known[name]
