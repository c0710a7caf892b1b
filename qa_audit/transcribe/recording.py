"""A recording in, its transcript out: the whole way, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from qa_audit.messages import QaError
from qa_audit.transcribe.assemble import turns_of
from qa_audit.transcribe.audio import Recording, Samples, open_recording, read_blocks
from qa_audit.transcribe.driver import decode_clips
from qa_audit.transcribe.engine import Engine
from qa_audit.transcribe.packing import cut
from qa_audit.transcribe.presets import preset
from qa_audit.transcribe.roles import assign_roles
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.speech import (
    SAME_SIGNAL_CORRELATION,
    Region,
    regions_of,
    split_long,
    without_crosstalk,
)
from qa_audit.transcribe.survey import SILENCE_DB, Survey, survey
from qa_audit.transcribe.turns import Note, Transcript
from qa_audit.transcribe.voices import VoiceWindow, listening

# A file may end a little before its header says without anything being lost.
TRUNCATION_TOLERANCE_S = 0.5
DEAD_CHANNEL_DB = -80.0


def transcribe_recording(path: str | Path, engine: Engine, settings: TranscribeSettings) -> Transcript:
    """Transcribe one recording; the same file, weights and settings give the same turns.

    The file is read twice, block by block: once for where speech is, once for the speech itself. Turns are
    in order of start. Raises `QaError` `audio.…` when the recording cannot be used, `transcribe.failed` for
    anything unforeseen, so that a batch goes on with the next one.
    """
    try:
        return _transcribe(path, engine, settings)
    except QaError:
        raise
    except Exception as fault:
        reason = f"{type(fault).__name__}: {fault}"
        raise QaError("transcribe.failed", path=path, reason=reason[:300]) from fault


def _transcribe(path: str | Path, engine: Engine, settings: TranscribeSettings) -> Transcript:
    chosen = preset(settings.preset)
    recording = open_recording(path, settings.raw_format_of(Path(path).name))
    found = survey(read_blocks(recording), recording.channels)
    mono = recording.channels == 1 or found.correlation > SAME_SIGNAL_CORRELATION
    longest_s = chosen.pack_s - chosen.tail_s - chosen.gap_s - 2 * settings.speech.pad_ms / 1000
    regions = _regions(found, settings, 1 if mono else 2, longest_s)
    clips = cut(regions, without_offset(read_blocks(recording)), settings.speech.pad_ms / 1000)
    windows: list[VoiceWindow] = []
    segments = list(decode_clips(listening(clips, windows) if mono else clips, engine, chosen))
    roles, spoken = assign_roles(segments, 1 if mono else 2, settings.agent_channel, windows)
    return Transcript(
        sha256=recording.sha256,
        duration_s=round(found.duration_s, 3),
        channels=recording.channels,
        engine=engine.name,
        model=engine.model,
        preset=chosen.name,
        turns=turns_of(spoken),
        role_confidence=roles.confidence,
        notes=_notes(recording, found, mono=mono),
    )


def without_offset(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Blocks of shape (channels, n) without a constant offset: it would drown quiet speech, for the model
    measures loudness from the loudest part of the spectrum down."""
    for block in blocks:
        yield block - block.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)


def _regions(found: Survey, settings: TranscribeSettings, channels: int, longest_s: float) -> list[Region]:
    regions: list[Region] = []
    for channel in range(channels):
        speech = found.speech[channel]
        for region in regions_of(speech, found.frame_s, settings.speech, channel):
            regions += split_long(region, speech, found.frame_s, longest_s)
    if channels == 2:
        regions = without_crosstalk(regions, found.level_db, found.frame_s)
    return regions


def _notes(recording: Recording, found: Survey, *, mono: bool) -> tuple[Note, ...]:
    notes: list[Note] = []
    missing_s = max(recording.missing_s, recording.duration_s - found.duration_s)
    path = ("path", recording.path)
    if missing_s > TRUNCATION_TOLERANCE_S:
        expected_s = f"{found.duration_s + missing_s:.1f}"
        notes.append(
            Note(
                "audio.truncated",
                (path, ("expected_s", expected_s), ("duration_s", f"{found.duration_s:.1f}")),
            )
        )
    if recording.channels == 2 and mono:
        notes.append(Note("audio.same_channels", (path,)))
    if recording.channels == 2 and not mono:
        loudest = np.quantile(found.level_db, 0.999, axis=1) if found.level_db.size else [SILENCE_DB] * 2
        notes += [
            Note("audio.dead_channel", (path, ("channel", str(channel + 1))))
            for channel in range(2)
            if loudest[channel] < DEAD_CHANNEL_DB
        ]
    return tuple(notes)
