import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.settings import SpeechSettings
from qa_audit.transcribe.speech import Region, correlation, regions_of, split_long, without_crosstalk


def frames(*runs):
    """(value, count) runs of 0.1 s frames."""
    return np.concatenate([np.full(count, value, np.float32) for value, count in runs])


def spans(probability, **settings):
    found = regions_of(probability, 0.1, SpeechSettings(**settings))
    return [(region.start_s, region.end_s) for region in found]


def test_short_pauses_do_not_end_a_region_and_long_ones_do():
    speech = frames((0, 5), (1, 10), (0, 3), (1, 10), (0, 6), (1, 4))
    assert spans(speech, min_silence_ms=400) == [(0.5, 2.8), (3.4, 3.8)]
    assert spans(speech, min_silence_ms=200) == [(0.5, 1.5), (1.8, 2.8), (3.4, 3.8)]


def test_a_click_is_no_speech():
    assert spans(frames((0, 5), (1, 1), (0, 5)), min_speech_ms=150) == []


def test_a_region_goes_on_a_little_below_the_threshold():
    assert spans(frames((0, 5), (0.6, 5), (0.4, 5), (0.3, 5)), threshold=0.5) == [(0.5, 1.5)]


def test_speech_to_the_end():
    assert spans(frames((0, 5), (1, 5))) == [(0.5, 1.0)]


@given(st.lists(st.floats(0, 1, width=32), max_size=300))
def test_regions_are_in_order_apart_and_inside(values):
    settings = SpeechSettings()
    found = regions_of(np.array(values, np.float32), 0.032, settings)
    for region in found:
        assert 0 <= region.start_s < region.end_s <= len(values) * 0.032 + 1e-3
    for before, after in itertools.pairwise(found):
        assert after.start_s - before.end_s >= settings.min_silence_ms / 1000 - 2e-3


def test_long_regions_are_cut_where_speech_is_least_likely():
    speech = frames((0.9, 40), (0.2, 1), (0.9, 60))
    pieces = split_long(Region(1, 0.0, 10.0), speech, 0.1, 6.0)
    assert [(piece.channel, round(piece.start_s, 2), round(piece.end_s, 2)) for piece in pieces] == [
        (1, 0.0, 4.05),
        (1, 4.05, 10.0),
    ]


@given(st.floats(1, 200), st.floats(2, 30), st.integers(0, 2**32 - 1))
def test_pieces_of_a_long_region_join_without_gap_and_are_short_enough(length, longest, seed):
    speech = np.random.default_rng(seed).random(int(length / 0.1) + 2).astype(np.float32)
    pieces = split_long(Region(0, 0.0, length), speech, 0.1, longest)
    assert pieces[0].start_s == 0.0
    assert pieces[-1].end_s == length
    for before, after in itertools.pairwise(pieces):
        assert before.end_s == after.start_s
    assert all(0 < piece.duration_s <= longest + 0.1 for piece in pieces)


def levels(offset_db, *, together, seed=0):
    rng = np.random.default_rng(seed)
    speaker = rng.uniform(-35, -15, 100)
    other = speaker if together else rng.uniform(-35, -15, 100)
    return np.stack([speaker, other - offset_db]).astype(np.float32)


def test_a_faint_copy_of_the_other_channel_is_crosstalk():
    regions = [Region(0, 0.0, 10.0), Region(1, 0.0, 10.0)]
    assert without_crosstalk(regions, levels(25, together=True), 0.1) == [Region(0, 0.0, 10.0)]


def test_someone_quiet_who_speaks_under_the_other_is_kept():
    regions = [Region(0, 0.0, 10.0), Region(1, 0.0, 10.0)]
    assert without_crosstalk(regions, levels(25, together=False), 0.1) == regions


def test_two_who_are_about_equally_loud_are_both_kept():
    regions = [Region(0, 0.0, 10.0), Region(1, 0.0, 10.0)]
    assert without_crosstalk(regions, levels(3, together=True), 0.1) == regions


def test_correlation_of_a_constant_is_none():
    assert correlation(np.ones(5, np.float32), np.arange(5, dtype=np.float32)) == 0.0
