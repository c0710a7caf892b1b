import numpy as np
import pytest

from qa_audit.transcribe.survey import SILENCE_DB, survey


def in_blocks(samples, size):
    return (samples[:, at : at + size] for at in range(0, samples.shape[1], size))


def noise(channels, seconds, seed=0):
    rng = np.random.default_rng(seed)
    return (0.1 * rng.standard_normal((channels, round(seconds * 16_000)))).astype(np.float32)


def test_one_value_a_frame_and_the_duration_of_what_was_read():
    found = survey(in_blocks(noise(2, 2.0), 5_000), 2)
    assert found.duration_s == 2.0
    assert found.speech.shape == found.level_db.shape == (2, 63)


def test_levels_are_in_db_of_full_scale():
    samples = np.concatenate([np.full((1, 5_120), 0.1, np.float32), np.zeros((1, 5_120), np.float32)], axis=1)
    found = survey(in_blocks(samples, 3_000), 1)
    np.testing.assert_allclose(found.level_db[0, :10], -20.0, atol=0.01)
    np.testing.assert_allclose(found.level_db[0, 10:], SILENCE_DB)


def test_blocks_do_not_matter_for_levels_and_correlation():
    samples = noise(2, 3.0)
    samples[1] = 0.5 * samples[0] + 0.2 * samples[1]
    one = survey(in_blocks(samples, 100_000), 2)
    many = survey(in_blocks(samples, 777), 2)
    np.testing.assert_allclose(one.level_db, many.level_db, atol=1e-3)
    assert one.correlation == pytest.approx(many.correlation, abs=1e-6)
    assert 0.5 < one.correlation < 0.98


@pytest.mark.parametrize(("gain", "expected"), [(1.0, 1.0), (0.05, 1.0), (0.0, 0.0)])
def test_the_same_signal_twice_is_recognised_at_any_level(gain, expected):
    samples = noise(1, 2.0)
    found = survey(in_blocks(np.concatenate([samples, gain * samples]), 4_000), 2)
    assert found.correlation == pytest.approx(expected, abs=1e-4)


def test_nothing_at_all():
    found = survey(iter(()), 2)
    assert (found.duration_s, found.speech.shape, found.correlation) == (0.0, (2, 0), 0.0)
