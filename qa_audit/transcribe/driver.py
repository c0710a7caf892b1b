"""From clips of speech to segments of text: pack, decode in batches, decode again what came out bad."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.cleanup import clean, echoes_the_prompt, holds_a_prompt_word, loops, nothing_said
from qa_audit.transcribe.engine import Decoded, Engine, Piece
from qa_audit.transcribe.packing import Chunk, Clip, pack
from qa_audit.transcribe.presets import Preset

# Speech that is packed and decoded together: enough to fill batches, bounded for long recordings.
GROUP_S = 600.0
# A run of so many tokens may not come twice in a chunk that is decoded again.
NO_REPEAT = 6
# Mandarin has three to seven syllables a second; with less than this something was left out.
MIN_CHARS_PER_S = 2.0
# The less the model is sure that anyone speaks, the surer it must be of the words: below the line
# DOUBT_SLOPE * P(no speech) + DOUBT_AT_ZERO the mean log-probability is too low. Of 75 texts of the sample
# calls none lies below it (nearest: -1.26 with 0.51); over a murmur without words -0.97 with 0.78.
DOUBT_SLOPE, DOUBT_AT_ZERO = 2.0, -2.35
# What echoes the prompt is the model's own from this probability of no speech on.
ECHO_DOUBT = 0.3
# So is a text that holds a word of the prompt then and is no surer than this: over a murmur -0.92.
ECHO_LOGPROB = -0.7
_CLOSING = frozenset("。，、？！；：…,.?!;:")


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


def decode_clips(
    clips: Iterable[Clip], engine: Engine, preset: Preset, dropped: list[Segment] | None = None
) -> Iterator[Segment]:
    """Segments of all clips, group by group; within a group in order of channel and time.

    Whisper sometimes ends its text before a chunk ends. Clips that got no text, or far too little, are
    packed and decoded again; those that still have none, and those of a chunk whose text is bad, are
    decoded alone, with more hypotheses and without repeats. What still looks invented is left out and
    added to `dropped`.
    """
    for group in _groups(clips):
        kept: dict[int, Segment] = {}
        alone: list[Clip] = []
        missed = group
        for _ in range(2):
            chunks = pack(missed, preset.pack_s, preset.gap_s, preset.tail_s)
            heard = engine.decode([chunk.samples for chunk in chunks], beam=preset.beam)
            missed = []
            for chunk, result in zip(chunks, heard, strict=True):
                if is_bad(result, chunk, preset):
                    alone += [placed.clip for placed in chunk.clips]
                else:
                    missed += _keep(kept, chunk, result)
        alone += missed
        chunks = [chunk for clip in alone for chunk in pack([clip], preset.pack_s, 0.0, preset.tail_s)]
        heard = engine.decode(
            [chunk.samples for chunk in chunks], beam=preset.retry_beam, no_repeat=NO_REPEAT
        )
        for chunk, result in zip(chunks, heard, strict=True):
            # Text that is merely unsure stays, with its low confidence; what looks invented goes.
            if not is_invented(result, chunk, preset):
                _keep(kept, chunk, result)
            elif dropped is not None:
                dropped += segments_of(chunk, result)
        yield from sorted(kept.values(), key=lambda one: (one.channel, one.start_s))


def _keep(kept: dict[int, Segment], chunk: Chunk, result: Decoded) -> list[Clip]:
    """Note the text of every clip, unless an earlier one was longer; returns the clips with too little."""
    missed = []
    for placed, segment in zip(chunk.clips, segments_of(chunk, result), strict=True):
        clip = placed.clip
        before = kept.get(id(clip))
        if segment.pieces and (before is None or len(segment.pieces) > len(before.pieces)):
            kept[id(clip)] = segment
        if len(segment.pieces) < MIN_CHARS_PER_S * clip.region.duration_s:
            missed.append(clip)
    return missed


def is_bad(result: Decoded, chunk: Chunk, preset: Preset) -> bool:
    """Is the text worth a second try: too unsure, partly invented, or does all of it look invented?

    An invented sentence may be spread over several clips, where clean-up would not know its parts again.
    """
    return (
        result.mean_logprob < preset.min_logprob
        or bool(clean(result.text).removed)
        or is_invented(result, chunk, preset)
    )


def is_invented(result: Decoded, chunk: Chunk, preset: Preset) -> bool:
    """Does the text loop, is it all boilerplate, denser than speech can be, or is speech itself doubtful?"""
    spoken_s = sum(placed.clip.region.duration_s for placed in chunk.clips)
    return (
        result.compression > preset.max_compression
        or loops(result.text)
        or nothing_said(result.text)
        or (
            result.no_speech_prob > ECHO_DOUBT
            and (
                echoes_the_prompt(result.text)
                or (result.mean_logprob < ECHO_LOGPROB and holds_a_prompt_word(result.text))
            )
        )
        or len(result.text) > preset.max_chars_per_s * spoken_s + 4
        or (result.no_speech_prob > preset.no_speech and result.mean_logprob < preset.min_logprob)
        or result.mean_logprob < DOUBT_SLOPE * result.no_speech_prob + DOUBT_AT_ZERO
    )


def segments_of(chunk: Chunk, result: Decoded) -> list[Segment]:
    """Give every piece of a chunk to the region in which it is heard; one segment a clip, some empty."""
    placed = chunk.clips
    found: list[list[Piece]] = [[] for _ in placed]
    at = 0
    for piece in result.pieces:
        middle = (piece.start_s + piece.end_s) / 2
        # Pieces come in order, so the place never goes back; a gap's first half belongs to the clip before.
        while at + 1 < len(placed) and middle >= _border(chunk, at):
            at += 1
        home = at
        if at and not found[at] and piece.text.strip() in _CLOSING:
            home = at - 1  # a sign that ends the sentence before is heard in the pause after it
        start, end = placed[home].in_recording(piece.start_s), placed[home].in_recording(piece.end_s)
        found[home].append(replace(piece, start_s=start, end_s=end))
    return [
        Segment(one.clip.region.channel, one.clip.region.start_s, one.clip.region.end_s, tuple(pieces))
        for one, pieces in zip(placed, found, strict=True)
    ]


def confidence(pieces: Sequence[Piece]) -> float:
    """Geometric mean probability of the tokens of these pieces, 0 to 1; 0 without any."""
    if not pieces:
        return 0.0
    return round(math.exp(sum(one.logprob for one in pieces) / sum(one.tokens for one in pieces)), 4)


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
