"""From clips of speech to segments of text: pack, decode in batches, decode again what came out bad."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.cleanup import loops
from qa_audit.transcribe.engine import Decoded, Engine, Piece
from qa_audit.transcribe.packing import Chunk, Clip, pack
from qa_audit.transcribe.presets import Preset

# Speech that is packed and decoded together: enough to fill batches, bounded for long recordings.
GROUP_S = 600.0
# A run of so many tokens may not come twice in a chunk that is decoded again.
NO_REPEAT = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """What was heard in one region; times of the recording."""

    channel: int
    start_s: float
    end_s: float
    pieces: tuple[Piece, ...]
    """Raw characters in order, with times of the recording."""

    @property
    def raw_text(self) -> str:
        """As the model wrote it."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def logprob(self) -> float:
        """Mean over the pieces."""
        return sum(piece.logprob for piece in self.pieces) / max(len(self.pieces), 1)


def decode_clips(clips: Iterable[Clip], engine: Engine, preset: Preset) -> Iterator[Segment]:
    """Segments of all clips, group by group; within a group in order of channel and time."""
    for group in _groups(clips):
        chunks = pack(group, preset.pack_s, preset.gap_s, preset.tail_s)
        heard = engine.decode([chunk.samples for chunk in chunks], beam=preset.beam)
        bad = [place for place, result in enumerate(heard) if is_bad(result, chunks[place], preset)]
        second: dict[int, list[Segment]] = {}
        for place in bad:
            second[place] = _again(chunks[place], engine, preset)
        for place, (chunk, result) in enumerate(zip(chunks, heard, strict=True)):
            yield from second[place] if place in second else segments_of(chunk, result)


def is_bad(result: Decoded, chunk: Chunk, preset: Preset) -> bool:
    """Is the text worth a second try: too unsure, or does it look invented?"""
    return result.mean_logprob < preset.min_logprob or is_invented(result, chunk, preset)


def is_invented(result: Decoded, chunk: Chunk, preset: Preset) -> bool:
    """Does the text loop, is it denser than speech can be, or does the model doubt that there is speech?"""
    spoken_s = sum(placed.clip.region.duration_s for placed in chunk.clips)
    return (
        result.compression > preset.max_compression
        or loops(result.text)
        or len(result.text) > preset.max_chars_per_s * spoken_s + 4
        or (result.no_speech_prob > preset.no_speech and result.mean_logprob < preset.min_logprob)
    )


def segments_of(chunk: Chunk, result: Decoded) -> list[Segment]:
    """Give every piece of a chunk to the region in which it is heard; regions without text are left out."""
    placed = chunk.clips
    found: list[list[Piece]] = [[] for _ in placed]
    at = 0
    for piece in result.pieces:
        middle = (piece.start_s + piece.end_s) / 2
        # Pieces come in order, so the place never goes back; a gap's first half belongs to the clip before.
        while at + 1 < len(placed) and middle >= _border(chunk, at):
            at += 1
        start, end = placed[at].in_recording(piece.start_s), placed[at].in_recording(piece.end_s)
        found[at].append(Piece(piece.text, start, end, piece.logprob))
    return [
        Segment(one.clip.region.channel, one.clip.region.start_s, one.clip.region.end_s, tuple(pieces))
        for one, pieces in zip(placed, found, strict=True)
        if pieces
    ]


def confidence(pieces: Sequence[Piece]) -> float:
    """Geometric mean probability of the pieces, 0 to 1."""
    return round(math.exp(sum(piece.logprob for piece in pieces) / len(pieces)), 4) if pieces else 0.0


def _again(chunk: Chunk, engine: Engine, preset: Preset) -> list[Segment]:
    """Decode every clip of a bad chunk alone, with more hypotheses and without repeats.

    Text that is merely unsure stays, with its low confidence; what still looks invented goes.
    """
    alone = [pack([placed.clip], preset.pack_s, preset.gap_s, preset.tail_s)[0] for placed in chunk.clips]
    heard = engine.decode([one.samples for one in alone], beam=preset.retry_beam, no_repeat=NO_REPEAT)
    return [
        segment
        for one, result in zip(alone, heard, strict=True)
        if not is_invented(result, one, preset)
        for segment in segments_of(one, result)
    ]


def _border(chunk: Chunk, place: int) -> float:
    """Middle of the silence after a clip, in the chunk's time."""
    this, following = chunk.clips[place], chunk.clips[place + 1]
    return (this.at_s + len(this.clip.samples) / SAMPLE_RATE_HZ + following.at_s) / 2


def _groups(clips: Iterable[Clip]) -> Iterator[list[Clip]]:
    group: list[Clip] = []
    held = 0.0
    for clip in clips:
        group.append(clip)
        held += clip.region.duration_s
        if held >= GROUP_S:
            yield group
            group, held = [], 0.0
    if group:
        yield group
