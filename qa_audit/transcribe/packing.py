"""Regions packed into chunks of a preset length, and the way back from a chunk's time to the recording's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_audit.transcribe.audio import SAMPLE_RATE_HZ
from qa_audit.transcribe.speech import Region

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """A region with its sound, padding included."""

    region: Region
    samples: Floats
    """Mono, 16 kHz."""
    start_s: float
    """Where the samples start in the recording; before the region's start by the padding."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip in a chunk."""

    clip: Clip
    at_s: float
    """Where it starts in the chunk."""

    def in_recording(self, chunk_s: float) -> float:
        """The recording's time of a time in the chunk, kept inside the region."""
        region = self.clip.region
        return min(max(chunk_s - self.at_s + self.clip.start_s, region.start_s), region.end_s)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Clips of one channel, in their order, with silence between them: what the model hears at once."""

    samples: Floats
    clips: tuple[Placed, ...]


def cut(regions: Sequence[Region], blocks: Iterable[Floats], pad_s: float) -> Iterator[Clip]:
    """Cut the regions out of blocks of shape (channels, n) at 16 kHz, each as soon as its end has come.

    Clips are padded by `pad_s`, at most to the middle of the pause before and after. Only the part of the
    recording that an open region needs is held.
    """
    waiting = sorted(_padded(regions, pad_s), key=lambda item: item[2])
    held = np.zeros((0, 0), np.float32)
    first = 0  # sample at which `held` starts
    for block in blocks:
        held = np.concatenate([held, block], axis=1) if held.size else block
        end = first + held.shape[1]
        while waiting and waiting[0][2] <= end:
            region, start, stop = waiting.pop(0)
            yield Clip(
                region, held[region.channel, start - first : stop - first].copy(), start / SAMPLE_RATE_HZ
            )
        needed = min((start for _, start, _ in waiting), default=end)
        held = held[:, max(0, min(needed, end) - first) :]
        first = max(first, min(needed, end))
    for region, start, _ in waiting:  # the recording ended inside the padding
        samples = held[region.channel, max(start - first, 0) :] if held.size else np.zeros(0, np.float32)
        if len(samples):
            yield Clip(region, samples.copy(), start / SAMPLE_RATE_HZ)


def pack(clips: Sequence[Clip], longest_s: float, gap_s: float, tail_s: float) -> list[Chunk]:
    """Chunks of at most `longest_s` (the tail included); clips stay in order, and channels apart.

    Chunks of a channel are made about equally long, so that the last is no crumb without context.
    """
    chunks: list[Chunk] = []
    for channel in sorted({clip.region.channel for clip in clips}):
        own = sorted(
            (clip for clip in clips if clip.region.channel == channel), key=lambda clip: clip.start_s
        )
        lengths = [len(clip.samples) / SAMPLE_RATE_HZ + gap_s for clip in own]
        room = longest_s - tail_s
        target = _even_target(lengths, room)
        group: list[Clip] = []
        used = 0.0
        for clip, length in zip(own, lengths, strict=True):
            if group and used + length > target:
                chunks.append(_joined(group, gap_s, tail_s))
                group, used = [], 0.0
            group.append(clip)
            used += length
        if group:
            chunks.append(_joined(group, gap_s, tail_s))
    return chunks


def _even_target(lengths: Sequence[float], room: float) -> float:
    """The smallest limit of a chunk that needs no more chunks than `room` does."""
    count = _chunks_needed(lengths, room)
    low, high = max([*lengths, 0.0]), room
    for _ in range(12):
        middle = (low + high) / 2
        if middle < high and _chunks_needed(lengths, middle) <= count:
            high = middle
        else:
            low = middle
    return high


def _chunks_needed(lengths: Sequence[float], room: float) -> int:
    count, used = 0, float("inf")
    for length in lengths:
        if used + length > room:
            count, used = count + 1, 0.0
        used += length
    return count


def _joined(clips: Sequence[Clip], gap_s: float, tail_s: float) -> Chunk:
    gap = np.zeros(round(gap_s * SAMPLE_RATE_HZ), np.float32)
    parts: list[Floats] = []
    placed: list[Placed] = []
    at = 0
    for clip in clips:
        if parts:
            parts.append(gap)
            at += len(gap)
        placed.append(Placed(clip, at / SAMPLE_RATE_HZ))
        parts.append(clip.samples)
        at += len(clip.samples)
    parts.append(np.zeros(round(tail_s * SAMPLE_RATE_HZ), np.float32))
    return Chunk(np.concatenate(parts), tuple(placed))


def _padded(regions: Sequence[Region], pad_s: float) -> Iterator[tuple[Region, int, int]]:
    """(region, first sample, sample after the last) with padding."""
    for channel in {region.channel for region in regions}:
        own = sorted((one for one in regions if one.channel == channel), key=lambda one: one.start_s)
        for place, region in enumerate(own):
            before = own[place - 1].end_s if place else -np.inf
            after = own[place + 1].start_s if place + 1 < len(own) else np.inf
            start = max(region.start_s - pad_s, (before + region.start_s) / 2, 0.0)
            end = min(region.end_s + pad_s, (region.end_s + after) / 2)
            yield region, round(start * SAMPLE_RATE_HZ), round(end * SAMPLE_RATE_HZ)
