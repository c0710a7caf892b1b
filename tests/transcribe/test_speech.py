import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.settings import SpeechSettings
from qa_audit.transcribe.speech import (
    Region,
    correlation,
    from_onset,
    regions_of,
    split_long,
    without_crosstalk,
)


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


def onset(start_s, level, before_s=0.0):
    regions = [Region(0, 0.0, before_s), Region(0, start_s, 6.0)] if before_s else [Region(0, start_s, 6.0)]
    return from_onset(regions, level, 0.1)[-1].start_s


def test_a_region_begins_where_its_sound_does():
    assert onset(3.0, frames((-60, 25), (-20, 35))) == 2.5


def test_a_short_dip_does_not_end_the_onset_and_a_long_one_does():
    assert onset(3.0, frames((-60, 22), (-20, 4), (-60, 2), (-20, 32))) == 2.2
    assert onset(3.0, frames((-60, 20), (-20, 4), (-60, 4), (-20, 32))) == 2.8


def test_what_was_there_for_longer_is_no_onset():
    assert onset(3.0, frames((-60, 10), (-20, 50))) == 3.0


def test_an_onset_stops_at_the_region_before():
    assert onset(3.0, frames((-60, 20), (-20, 40)), before_s=2.6) == 2.6


def test_where_the_other_channel_is_louder_nothing_begins():
    assert onset(3.0, frames((-60, 20), (-np.inf, 10), (-20, 30))) == 3.0


def test_a_word_of_which_the_detector_knows_the_end_only_is_no_click():
    speech = frames((0, 20), (1, 1), (0, 9))
    level = frames((-60, 17), (-20, 4), (-60, 9))
    assert regions_of(speech, 0.1, SpeechSettings()) == []
    assert regions_of(speech, 0.1, SpeechSettings(), 0, level) == [Region(0, 1.7, 2.1)]


@given(
    st.lists(st.floats(-90, 0, width=32), min_size=30, max_size=200),
    st.lists(st.integers(0, 28), min_size=2, max_size=6, unique=True),
)
def test_onsets_never_overlap_and_never_lose_speech(levels, places):
    places = sorted(places[: len(places) // 2 * 2])
    regions = [
        Region(0, round(a * 0.1, 3), round(b * 0.1, 3))
        for a, b in zip(places[::2], places[1::2], strict=True)
    ]
    moved = from_onset(regions, np.array(levels, np.float32), 0.1)
    assert [one.end_s for one in moved] == [one.end_s for one in regions]
    assert all(new.start_s <= old.start_s for new, old in zip(moved, regions, strict=True))
    for before, after in itertools.pairwise(moved):
        assert after.start_s >= before.end_s - 1e-6
