import numpy as np
import pytest

from benchmarks.sounds.no_speech import CASES
from benchmarks.sounds.synthesis import RATE_HZ


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_sound_is_telephone_sound_and_the_same_each_time(case):
    samples = case.samples(3.0)
    assert samples.dtype == np.float32
    assert 2.0 <= len(samples) / RATE_HZ <= 3.0
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1.0
    np.testing.assert_array_equal(samples, case.samples(3.0))


def test_levels_lie_between_loud_and_faint():
    levels = [case.level_db for case in CASES if case.level_db is not None]
    assert (max(levels), min(levels)) == (-14, -45)
    assert len({case.name for case in CASES}) == len(CASES) >= 24
