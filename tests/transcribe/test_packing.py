import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.packing import Clip, cut, pack
from qa_audit.transcribe.speech import Region

RATE = 16_000


def counting(seconds, channels=1):
    """Samples that tell their own time: sample n has the value n."""
    return np.tile(np.arange(round(seconds * RATE), dtype=np.float32), (channels, 1))


def in_blocks(samples, size=5_000):
    return (samples[:, at : at + size] for at in range(0, samples.shape[1], size))


def clip(start_s, end_s, channel=0):
    return Clip(
        Region(channel, start_s, end_s), np.full(round((end_s - start_s) * RATE), 1.0, np.float32), start_s
    )


def test_clips_hold_the_samples_of_their_region_and_the_padding():
    regions = [Region(0, 1.0, 2.0), Region(0, 4.0, 5.0)]
    first, second = cut(regions, in_blocks(counting(10.0)), 0.2)
    assert (first.start_s, first.samples[0], len(first.samples)) == (0.8, 0.8 * RATE, 1.4 * RATE)
    assert (second.start_s, second.samples[-1]) == (3.8, 5.2 * RATE - 1)


def test_padding_stops_in_the_middle_of_a_short_pause_and_at_the_start():
    first, second = cut([Region(0, 0.1, 1.0), Region(0, 1.2, 2.0)], in_blocks(counting(3.0)), 0.2)
    assert first.start_s == 0.0
    assert first.start_s + len(first.samples) / RATE == pytest.approx(1.1)
    assert second.start_s == pytest.approx(1.1)


def test_padding_beyond_the_end_of_the_recording():
    (only,) = cut([Region(0, 1.0, 2.0)], in_blocks(counting(2.05)), 0.2)
    assert only.samples[-1] == 2.05 * RATE - 1


def test_channels_are_cut_from_their_own_samples():
    samples = counting(3.0, 2)
    samples[1] *= -1
    left, right = sorted(
        cut([Region(0, 1.0, 2.0), Region(1, 1.0, 2.0)], in_blocks(samples), 0.0),
        key=lambda one: one.region.channel,
    )
    assert (left.samples[1], right.samples[1]) == (RATE + 1, -RATE - 1)


def test_only_what_open_regions_need_is_held():
    def blocks():
        for at in range(600):
            yield np.full((1, RATE), at, np.float32)

    found = list(cut([Region(0, 10.0, 11.0), Region(0, 500.0, 501.0)], blocks(), 0.0))
    assert [float(one.samples[0]) for one in found] == [10.0, 500.0]


def test_chunks_are_filled_evenly_and_in_order():
    clips = [clip(start, start + 3.0) for start in (0.0, 5.0, 10.0, 15.0, 20.0)]
    chunks = pack(clips, longest_s=13.0, gap_s=0.0, tail_s=1.0)
    # 15 s need two chunks of at most 12 s: 9 + 6, not 12 + 3.
    assert [[placed.clip.start_s for placed in chunk.clips] for chunk in chunks] == [
        [0.0, 5.0, 10.0],
        [15.0, 20.0],
    ]
    assert [len(chunk.samples) / RATE for chunk in chunks] == [10.0, 7.0]


def test_channels_never_share_a_chunk():
    chunks = pack([clip(0.0, 1.0), clip(0.5, 1.5, 1), clip(3.0, 4.0)], 30.0, 0.2, 1.0)
    assert [[placed.clip.region.channel for placed in chunk.clips] for chunk in chunks] == [[0, 0], [1]]


def test_silence_between_clips_and_times_back():
    (chunk,) = pack([clip(2.0, 3.0), clip(7.0, 9.0)], 30.0, 0.5, 1.0)
    assert len(chunk.samples) == round((1.0 + 0.5 + 2.0 + 1.0) * RATE)
    assert chunk.samples[round(1.2 * RATE)] == 0
    second = chunk.clips[1]
    assert second.at_s == 1.5
    assert second.in_recording(2.0) == 7.5
    assert second.in_recording(0.0) == 7.0
    assert second.in_recording(99.0) == 9.0


@given(st.lists(st.floats(0.2, 20), min_size=1, max_size=25), st.floats(21.5, 30))
def test_no_chunk_is_too_long_and_no_clip_is_lost(lengths, longest):
    clips, at = [], 0.0
    for length in lengths:
        clips.append(Clip(Region(0, at, at + length), np.zeros(round(length * RATE), np.float32), at))
        at += length + 1
    chunks = pack(clips, longest, 0.2, 1.0)
    assert [placed.clip for chunk in chunks for placed in chunk.clips] == clips
    assert all(len(chunk.samples) <= (longest + 1e-3) * RATE for chunk in chunks)
