"""A recording in, its transcript out: the whole way, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from qa_audit.messages import QaError
from qa_audit.transcribe.assemble import turns_of
from qa_audit.transcribe.audio import Recording, Samples, open_recording, read_blocks
from qa_audit.transcribe.corrections import corrected, corrections_note
from qa_audit.transcribe.driver import Segment, decode_clips
from qa_audit.transcribe.edges import heard_again, stretches, sure_clips
from qa_audit.transcribe.engine import Engine
from qa_audit.transcribe.invented import note_of, removed_from
from qa_audit.transcribe.packing import Clip, cut
from qa_audit.transcribe.presets import Preset, preset
from qa_audit.transcribe.prosody import Step, measuring, with_prosody
from qa_audit.transcribe.roles import assign_roles
from qa_audit.transcribe.settings import SpeechSettings, TranscribeSettings
from qa_audit.transcribe.speech import (
    SAME_SIGNAL_CORRELATION,
    Region,
    regions_of,
    split_long,
    without_crosstalk,
    without_faint,
)
from qa_audit.transcribe.survey import SILENCE_DB, Survey, survey
from qa_audit.transcribe.turns import Note, Transcript
from qa_audit.transcribe.voices import VoiceWindow, listening, windows_of

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
    return transcript_of(read_recording(path, settings), engine, settings)


@dataclass(frozen=True, slots=True)
class Read:
    """A recording as far as it can be understood without the model."""

    recording: Recording
    speech: Speech

    def held(self) -> Read:
        """With its speech in memory, so that another process can go on with it; 230 MB an hour of speech."""
        return replace(self, speech=self.speech.held())


def read_recording(path: str | Path, settings: TranscribeSettings) -> Read:
    """Decode a recording and find where speech is; raises `QaError` `audio.…` when it cannot be used."""
    recording = open_recording(path, settings.raw_format_of(Path(path).name))
    chosen = preset(settings.preset, settings.engine)
    return Read(
        recording,
        find_speech(lambda: read_blocks(recording), recording.channels, settings.speech, chosen),
    )


def transcript_of(read: Read, engine: Engine, settings: TranscribeSettings) -> Transcript:
    """The transcript of a recording that was read, its speech gone through once."""
    chosen = preset(settings.preset, settings.engine)
    recording = read.recording
    heard = decode_speech(read.speech, engine, chosen)
    channels = 1 if heard.mono else 2
    roles, spoken = assign_roles(heard.segments, channels, settings.agent_channel, heard.windows)
    turns, corrections = corrected(with_prosody(turns_of(spoken), heard.steps), settings.glossary)
    notes = [*_notes(recording, heard.survey, mono=heard.mono)]
    if roles.note:
        notes.append(Note(roles.note, (("path", recording.path), ("channel", str(roles.odd_channel + 1)))))
    if removed := removed_from(heard.segments, heard.dropped):
        notes.append(note_of(recording.path, removed))
    if corrections:
        notes.append(corrections_note(recording.path, corrections))
    return Transcript(
        sha256=recording.sha256,
        duration_s=round(heard.survey.duration_s, 3),
        channels=recording.channels,
        engine=engine.name,
        model=engine.model,
        preset=chosen.name,
        turns=turns,
        role_confidence=roles.confidence,
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in a recording, before anyone is told apart."""

    survey: Survey
    mono: bool
    """One channel, or two that carry the same."""
    segments: tuple[Segment, ...]
    """In order of channel and time, within each part of a long recording."""
    dropped: tuple[Segment, ...] = ()
    """Left out, for what was decoded there looks invented."""
    windows: tuple[VoiceWindow, ...] = ()
    """How voices sound over the time, where two may share a channel."""
    steps: tuple[Step, ...] = ()
    """How loud and how high they speak."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Where somebody speaks in a recording, and its sound: what the model is given."""

    survey: Survey
    mono: bool
    clips: Iterable[Clip]
    """Gone through once: `windows` and `steps` fill meanwhile."""
    again: Iterable[tuple[Clip, Clip]]
    """What both ends of the call may hold besides, each with the clip of the nearest region."""
    windows: list[VoiceWindow]
    steps: list[Step]
    listens: bool
    """Whether two may share a channel, so that voices are told apart."""

    def held(self) -> Speech:
        """With all clips in memory."""
        return replace(self, clips=tuple(self.clips), again=tuple(self.again))


def hear(
    blocks: Callable[[], Iterator[Samples]],
    channels: int,
    engine: Engine,
    speech: SpeechSettings,
    chosen: Preset,
    *,
    one_voice: bool = False,
    look_again: bool = True,
) -> Heard:
    """Find speech and decode it; arguments as of `find_speech`."""
    found = find_speech(blocks, channels, speech, chosen, one_voice=one_voice, look_again=look_again)
    return decode_speech(found, engine, chosen)


def find_speech(
    blocks: Callable[[], Iterator[Samples]],
    channels: int,
    speech: SpeechSettings,
    chosen: Preset,
    *,
    one_voice: bool = False,
    look_again: bool = True,
) -> Speech:
    """Find speech; `blocks()` gives the samples anew, (channels, n) at 16 kHz each.

    `one_voice` says that nobody has to be told apart on a single channel; `look_again` is switched off only
    to measure what it brings: both ends of the call are heard once more (see `edges`).
    """
    found = survey(blocks(), channels)
    mono = channels == 1 or abs(found.correlation) > SAME_SIGNAL_CORRELATION
    regions, longest_s = regions_in(found, speech, chosen, mono=mono, one_voice=one_voice)
    pad_s = speech.pad_ms / 1000
    clips = cut(regions, without_offset(blocks()), pad_s)
    steps: list[Step] = []
    clips = measuring(clips, steps)
    windows: list[VoiceWindow] = []
    listens = not one_voice and (mono or len({region.channel for region in regions}) == 1)
    if listens:
        clips = listening(clips, windows)

    def both_ends() -> Iterator[tuple[Clip, Clip]]:
        if look_again and (again := stretches(found, regions, 1 if mono else 2, pad_s)):
            yield from sure_clips(again, regions, without_offset(blocks()), longest_s)

    return Speech(found, mono, clips, both_ends(), windows, steps, listens)


def decode_speech(speech: Speech, engine: Engine, chosen: Preset) -> Heard:
    """What the model hears in the speech that was found."""
    dropped: list[Segment] = []
    segments = list(decode_clips(speech.clips, engine, chosen, dropped))
    windows = speech.windows
    if pairs := list(speech.again):
        for number, (clip, segment) in enumerate(heard_again(pairs, engine, chosen)):
            segments.append(segment)
            if speech.listens:
                windows += windows_of(clip.samples, segment.start_s, -1 - number)
        segments.sort(key=lambda one: (one.channel, one.start_s))
        windows.sort(key=lambda one: one.start_s)
    return Heard(
        speech.survey, speech.mono, tuple(segments), tuple(dropped), tuple(windows), tuple(speech.steps)
    )


def regions_in(
    found: Survey, speech: SpeechSettings, chosen: Preset, *, mono: bool, one_voice: bool
) -> tuple[list[Region], float]:
    """Regions that the detector finds, each party's own, and the longest that one may be (seconds)."""
    longest_s = chosen.pack_s - chosen.tail_s - chosen.gap_s - 2 * speech.pad_ms / 1000
    regions = _regions(found, speech, 1 if mono else 2, longest_s)
    if one_voice or not mono:
        regions = without_faint(regions, found.level_db, found.frame_s)
    return regions, longest_s


def without_offset(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """Blocks of shape (channels, n) without a constant offset: it would drown quiet speech, for the model
    measures loudness from the loudest part of the spectrum down."""
    for block in blocks:
        yield block - block.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)


def _regions(found: Survey, settings: SpeechSettings, channels: int, longest_s: float) -> list[Region]:
    regions: list[Region] = []
    for channel in range(channels):
        speech = found.speech[channel]
        level = found.level_db[channel]
        if channels == 2:
            level = np.where(level < found.level_db[1 - channel], -np.inf, level)
        for region in regions_of(speech, found.frame_s, settings, channel, level):
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
