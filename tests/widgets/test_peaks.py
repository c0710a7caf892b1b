import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.transcribe.audio import open_recording
from qa_audit.widgets.peaks import BINS_PER_S, PeakReader, gain_db, peaks_of


def read_everything(recording, budget_s=0.0):
    """All stretches, read a block at a time."""
    reader = peaks_of(recording)
    found = [reader.read(budget_s)]
    while not found[-1].done:
        found.append(reader.read(budget_s))
    return found


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100])
def test_a_click_is_in_its_bin_at_any_rate(tmp_path, rate):
    sound = np.zeros((70 * rate, 2), np.float32)
    sound[round(65.013 * rate), 1] = 0.5
    soundfile.write(tmp_path / "a.wav", sound, rate, subtype="PCM_16")
    stretches = read_everything(open_recording(tmp_path / "a.wav"))
    assert len(stretches) > 1
    assert [one.first_bin for one in stretches[1:]] == np.cumsum([one.lanes.shape[1] for one in stretches])[
        :-1
    ].tolist()
    lanes = np.concatenate([one.lanes for one in stretches], axis=1)
    assert lanes.shape == (2, 70 * BINS_PER_S)
    assert np.flatnonzero(lanes[1]).tolist() == [int(65.013 * BINS_PER_S)]
    assert lanes[1].max() == 128
    assert not lanes[0].any()


@given(st.lists(st.integers(1, 20_000), min_size=1, max_size=4), st.sampled_from([8_000, 11_025, 22_050]))
def test_every_sample_is_in_a_bin(lengths, rate):
    blocks = [np.ones((length, 1), np.float32) for length in lengths]
    peaks = PeakReader(iter(blocks), rate, 1).read(10.0)
    assert peaks.done
    assert peaks.lanes.shape == (1, -(-sum(lengths) * BINS_PER_S // rate))
    assert (peaks.lanes == 255).all()


def test_lanes_are_raised_to_the_same_loudness(tmp_path):
    rate = 8_000
    tone = np.sin(2 * np.pi * 300 * np.arange(20 * rate) / rate)
    speech = np.stack([0.3 * tone, 0.02 * tone], axis=1).astype(np.float32)
    speech[::2_000] = 0.0
    quiet = np.zeros((20 * rate, 2), np.float32)
    soundfile.write(tmp_path / "a.wav", np.concatenate([speech, quiet]), rate)
    loud, soft = read_everything(open_recording(tmp_path / "a.wav"))[-1].gains_db
    assert loud == pytest.approx(-22 - 20 * np.log10(0.3 / np.sqrt(2)), abs=0.3)
    assert soft - loud == pytest.approx(20 * np.log10(0.3 / 0.02), abs=0.3)


def test_silence_is_not_raised_and_noise_not_without_end():
    assert gain_db(np.zeros(400)) == 0.0
    assert gain_db(np.full(400, 1e-5)) == 24.0
    assert gain_db(np.zeros(0)) == 0.0
