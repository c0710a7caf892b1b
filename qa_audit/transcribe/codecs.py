"""Codecs that libsndfile lacks (AMR, AAC, WMA, G.729 …), read with PyAV if the extra `[codecs]` is there.

PyAV is never imported unless such a file is met: its wheels carry an FFmpeg built with GPL parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_audit.messages import QaError

_PYAV = "av"  # by name: an extra need not be there when types are checked
_MICROSECONDS = 1e6  # FFmpeg's unit of a container's duration
_GENERIC_INDEX = (
    0x0100  # AVFMT_GENERIC_INDEX: of such a container FFmpeg guesses the duration by the bit rate
)


def installed() -> bool:
    """Is PyAV at hand?"""
    return find_spec(_PYAV) is not None


def describe(path: Path, shown: str) -> tuple[int, int, int]:
    """(channels, sample rate in Hz, frames by the header, or by what is there) of the first audio stream.

    Raises `QaError("audio.no_samples")` when there is no audio in it, `audio.damaged` when it is damaged or
    cut off, `audio.unreadable` when it cannot be read.
    """
    av = import_module(_PYAV)
    try:
        with av.open(str(path)) as container:
            stream = _audio(container, shown)
            context: Any = stream.codec_context
            counted_s = _counted_s(container, stream)
            if counted_s:
                duration_s = counted_s
            elif stream.duration is not None and stream.time_base is not None:
                duration_s = float(stream.duration * stream.time_base)
            else:
                duration_s = (container.duration or 0) / _MICROSECONDS
            return context.layout.nb_channels, context.sample_rate, round(duration_s * context.sample_rate)
    except av.InvalidDataError as error:
        raise QaError("audio.damaged", path=shown, reason=error.strerror) from None
    except av.FFmpegError as error:
        raise QaError("audio.unreadable", path=shown, reason=str(error)) from None


def read_with_av(path: Path, shown: str) -> Iterator[NDArray[np.float32]]:
    """Yield float32 samples of shape (n, channels) at the file's own rate, a codec frame each."""
    av = import_module(_PYAV)
    with av.open(str(path)) as container:
        stream = _audio(container, shown)
        context: Any = stream.codec_context
        convert = av.AudioResampler("fltp", context.layout, context.sample_rate)
        try:
            for frame in container.decode(stream):
                for part in convert.resample(frame):
                    yield np.ascontiguousarray(part.to_ndarray().T, np.float32)
        except av.FFmpegError:
            return  # damaged from here on; what was read before stands, and the duration tells


def _counted_s(container: Any, stream: Any) -> float:
    """Length of all packets where no header says it (AMR, raw AAC); 0.0 where one does.

    A guess by the bit rate would be a promise that the file doesn't keep.
    """
    if not container.format.flags & _GENERIC_INDEX:
        return 0.0
    return float(sum(packet.duration or 0 for packet in container.demux(stream)) * stream.time_base)


def _audio(container: Any, shown: str) -> Any:
    if not container.streams.audio:
        raise QaError("audio.no_samples", path=shown)
    stream = container.streams.audio[0]
    if stream.codec_context is None:  # a form that FFmpeg does not know: often a damaged head
        raise QaError("audio.damaged", path=shown, reason="no decoder")
    return stream
