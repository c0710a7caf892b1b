"""Recordings in: every channel apart, 16 kHz float32, in blocks, so that length costs no memory.

Whisper's own loader mixes the two speakers into one and needs an ffmpeg program; libsndfile reads what
recorders write (PCM, A-law, μ-law, GSM, IMA/MS/VOX ADPCM, MP3, FLAC, Opus) and keeps the channels.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, cast

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from qa_audit.messages import QaError
from qa_audit.transcribe import codecs
from qa_audit.transcribe.adpcm import decode_ima
from qa_audit.transcribe.container import declared_data_bytes, looks_like, mended_wav, unsupported_codec

if TYPE_CHECKING:
    from qa_audit.transcribe.settings import RawFormat

SAMPLE_RATE_HZ = 16_000  # what Whisper and the speech detector are trained on
BLOCK_S = 30.0
MAX_CHANNELS = 2
MIN_SAMPLE_RATE_HZ, MAX_SAMPLE_RATE_HZ = 4_000, 192_000

Samples = NDArray[np.float32]

# How libsndfile calls the encodings of headerless files: (subtype, endianness).
_RAW_SUBTYPES = {
    "alaw": ("ALAW", "FILE"),
    "ulaw": ("ULAW", "FILE"),
    "pcm_u8": ("PCM_U8", "FILE"),
    "pcm_s8": ("PCM_S8", "FILE"),
    "pcm_s16le": ("PCM_16", "LITTLE"),
    "pcm_s16be": ("PCM_16", "BIG"),
    "vox_adpcm": ("VOX_ADPCM", "FILE"),
    "gsm": ("GSM610", "FILE"),
}


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that can be read, and what its header says; no samples are held."""

    path: str
    """As it was given."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    written: tuple[int, int]
    """Size in bytes and time of change in nanoseconds when the hash was taken."""
    channels: int
    """1 or 2."""
    sample_rate_hz: int
    """Of the file; blocks always come at `SAMPLE_RATE_HZ`."""
    duration_s: float
    """By the header and the file's size; a damaged file may yield less."""
    missing_s: float = 0.0
    """Seconds that the header promises and the file lacks (copied while being written, disk full)."""
    raw: RawFormat | None = None
    """How to read it when it has no header."""
    decoder: Literal["libsndfile", "ima", "av"] = "libsndfile"
    """What decodes it: libsndfile, our own IMA ADPCM, or PyAV for codecs that libsndfile lacks."""


def open_recording(path: str | Path, raw: RawFormat | None = None, *, sha256: str | None = None) -> Recording:
    """Look at a recording without reading its samples.

    `raw` says how to read a headerless file (`TranscribeSettings.raw_format_of`). Where `sha256` is known
    from before, the file is not read through for it.

    Raises `QaError`, each with what to do: `audio.missing`, `audio.folder`, `audio.no_permission`,
    `audio.empty`, `audio.not_audio` (naming what it looks like), `audio.headerless`, `audio.damaged`,
    `audio.unsupported_codec`, `audio.no_samples`, `audio.channels`, `audio.sample_rate`.

    >>> open_recording("nowhere.wav")
    Traceback (most recent call last):
    qa_audit.messages.QaError: nowhere.wav：...
    """
    shown = str(path)
    digest, written = _checked(Path(path), shown, sha256)
    channels, rate, frames, decoder = _header(shown, raw)
    if channels > MAX_CHANNELS:
        raise QaError("audio.channels", path=shown, channels=channels)
    if not MIN_SAMPLE_RATE_HZ <= rate <= MAX_SAMPLE_RATE_HZ:
        raise QaError("audio.sample_rate", path=shown, rate=rate)
    if frames <= 0:
        raise QaError("audio.no_samples", path=shown)
    missing_s = 0.0
    if raw is None and (declared := declared_data_bytes(Path(path))) is not None:
        said, there = declared
        # The same share of the samples is missing as of the bytes, whatever the encoding.
        missing_s = frames / rate * (said / there - 1.0) if there else 0.0
    return Recording(shown, digest, written, channels, rate, frames / rate, missing_s, raw, decoder)


def header_length_s(path: str | Path, raw: RawFormat | None = None) -> float:
    """Length in seconds by the header alone, without reading the file; raises as `open_recording` does."""
    try:
        _, rate, frames, _ = _header(str(path), raw)
    except OSError as error:
        raise QaError("audio.unreadable", path=path, reason=error.strerror or error) from error
    return frames / rate


def read_blocks(recording: Recording, block_s: float = BLOCK_S) -> Iterator[Samples]:
    """Yield the samples in order: float32, shape (channels, n), 16 kHz, about ±1, `block_s` or less each.

    A file that breaks off in the middle yields what is there. Raises `QaError("audio.not_finite")` when
    samples are NaN or infinite, `audio.no_samples` when nothing can be decoded at all, `audio.unreadable`
    when the file is gone, `jobs.changed` when it is no longer the one that was opened: its content would go
    by another's hash.
    """
    rate = recording.sample_rate_hz
    resample = None
    if rate != SAMPLE_RATE_HZ:
        resample = soxr.ResampleStream(rate, SAMPLE_RATE_HZ, recording.channels, dtype="float32")
    at = 0
    for block in _gathered(_parts_as_opened(recording), round(block_s * rate)):
        _check_unchanged(recording)
        if not np.isfinite(block).all():
            bad = int(np.flatnonzero(~np.isfinite(block).all(axis=1))[0])
            raise QaError("audio.not_finite", path=recording.path, second=f"{(at + bad) / rate:.2f}")
        at += len(block)
        out = block if resample is None else resample.resample_chunk(block)
        if len(out):
            yield np.ascontiguousarray(out.T)
    if not at:
        _check_unchanged(recording)
        raise QaError("audio.no_samples", path=recording.path)
    if resample is not None:
        rest = resample.resample_chunk(np.zeros((0, recording.channels), np.float32), last=True)
        if len(rest):
            yield np.ascontiguousarray(rest.T)


def native_blocks(recording: Recording, block_s: float = BLOCK_S, start_s: float = 0.0) -> Iterator[Samples]:
    """Yield the samples from `start_s` on at the file's own rate: float32, shape (n, channels), about ±1.

    What can be sought is; other codecs (VOX, IMA ADPCM and those of PyAV) are decoded from the beginning, and
    what lies before `start_s` is thrown away. Breaks off where the file does; samples that are no numbers
    come as silence.
    """
    rate = recording.sample_rate_hz
    first = round(start_s * rate)
    for block in _gathered(_parts(recording, first), round(block_s * rate)):
        yield np.nan_to_num(block, copy=False, nan=0.0, posinf=0.0, neginf=0.0)


def read_all(recording: Recording) -> Samples:
    """The whole recording at once, shape (channels, n), 16 kHz; 460 MB an hour of stereo."""
    return np.concatenate(list(read_blocks(recording)), axis=1)


def _gathered(parts: Iterator[Samples], frames: int) -> Iterator[Samples]:
    """Short parts joined to blocks of about `frames`."""
    held: list[Samples] = []
    count = 0
    for part in parts:
        held.append(part)
        count += len(part)
        if count >= frames:
            yield np.concatenate(held)
            held, count = [], 0
    if held:
        yield np.concatenate(held)


def _parts_as_opened(recording: Recording) -> Iterator[Samples]:
    """As `_parts`; where they can't be read because the file is gone or another, that is the reason told."""
    try:
        yield from _parts(recording)
    except (OSError, soundfile.LibsndfileError) as error:
        _check_unchanged(recording)
        raise QaError("audio.unreadable", path=recording.path, reason=error) from error


def _parts(recording: Recording, first: int = 0) -> Iterator[Samples]:
    """Short parts of shape (n, channels) from sample `first` on, as far as the file can be decoded."""
    path = Path(recording.path)
    # Short, for where a file is damaged the whole read is lost.
    step = max(1, recording.sample_rate_hz // 4)
    if recording.decoder == "ima":
        yield from _from(first, (part.reshape(-1, 1) for part in decode_ima(path, step)))
    elif recording.decoder == "av":
        yield from _from(first, codecs.read_with_av(path, recording.path))
    else:
        with _opened(recording.path, recording.raw) as source:
            try:
                if source.seekable():
                    first -= source.seek(min(first, source.frames)) if first else 0
                yield from _from(first, _read(source, step))
            except soundfile.LibsndfileError:
                return  # what was read before stands, and the duration tells


def _read(source: soundfile.SoundFile, step: int) -> Iterator[Samples]:
    while len(part := np.asarray(source.read(step, "float32", always_2d=True), np.float32)):
        yield part


def _from(first: int, parts: Iterator[Samples]) -> Iterator[Samples]:
    """Parts without the samples before `first`."""
    at = 0
    for part in parts:
        if at + len(part) > first:
            yield part[max(0, first - at) :]
        at += len(part)


def _header(shown: str, raw: RawFormat | None) -> tuple[int, int, int, Literal["libsndfile", "ima", "av"]]:
    """(channels, sample rate in Hz, frames, decoder)."""
    path = Path(shown)
    if raw is not None and raw.encoding == "ima_adpcm":
        return 1, raw.sample_rate_hz, path.stat().st_size * 2, "ima"
    try:
        with _opened(shown, raw) as source:
            return source.channels, source.samplerate, source.frames, "libsndfile"
    except soundfile.LibsndfileError as error:
        if codec := unsupported_codec(path):
            if codecs.installed():
                return *codecs.describe(path, shown), "av"
            raise QaError("audio.unsupported_codec", path=shown, codec=codec) from None
        if kind := looks_like(path):
            raise QaError("audio.not_audio", path=shown, kind=kind) from None
        raise QaError("audio.headerless", path=shown, reason=error.error_string) from None


def _check_unchanged(recording: Recording) -> None:
    try:
        now = _written(Path(recording.path).stat())
    except OSError as error:
        raise QaError("audio.unreadable", path=recording.path, reason=error.strerror or error) from error
    if now != recording.written:
        raise QaError("jobs.changed", path=recording.path)


def _written(status: os.stat_result) -> tuple[int, int]:
    # No inode: on network shares the same file may have another one when it is looked at again.
    return status.st_size, status.st_mtime_ns


def _checked(path: Path, shown: str, known: str | None) -> tuple[str, tuple[int, int]]:
    """The hash of a file that can be opened and is not empty, and its state before it was read."""
    try:
        with path.open("rb") as file:
            written = _written(os.fstat(file.fileno()))
            if not written[0]:
                raise QaError("audio.empty", path=shown)
            return known or hashlib.file_digest(file, "sha256").hexdigest(), written
    except FileNotFoundError:
        raise QaError("audio.missing", path=shown) from None
    except IsADirectoryError:
        raise QaError("audio.folder", path=shown) from None
    except PermissionError:
        raise QaError("audio.no_permission", path=shown) from None
    except OSError as error:
        raise QaError("audio.unreadable", path=shown, reason=error.strerror or str(error)) from None


def _opened(shown: str, raw: RawFormat | None) -> soundfile.SoundFile:
    name: Any = os.fsencode(shown)  # bytes, for not every name is text; the stubs don't know that they go
    if raw is not None:
        subtype, endian = _RAW_SUBTYPES[raw.encoding]
        return soundfile.SoundFile(
            name,
            samplerate=raw.sample_rate_hz,
            channels=raw.channels,
            format="RAW",
            subtype=subtype,
            endian=endian,
        )
    if mended := mended_wav(Path(shown)):
        return soundfile.SoundFile(cast("BinaryIO", mended))  # reads, seeks and tells, as it must
    return soundfile.SoundFile(name)
