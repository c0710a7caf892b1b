"""Benjamini–Hochberg against its definition, and intervals that agree with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation.looking_often import FALSE_SHARE, adjusted_p, interval_confidence

PS = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(deadline=None)
@given(PS)
def test_found_are_the_smallest_up_to_the_last_below_its_line(values):
    ordered = np.sort(values)
    below = np.flatnonzero(ordered <= FALSE_SHARE * np.arange(1, len(values) + 1) / len(values) + 1e-15)
    count = int(below.max()) + 1 if below.size else 0
    found = adjusted_p(values) <= FALSE_SHARE + 1e-15
    assert int(found.sum()) == count
    assert interval_confidence(values) == pytest.approx(1 - max(count, 1) * FALSE_SHARE / len(values))


def test_the_example_of_benjamini_and_hochberg():
    """Their fifteen p values (1995, section 3.2): four are found at 0.05, Bonferroni finds three."""
    values = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719]
    values += [0.6528, 0.7590, 1.0000]
    assert int((adjusted_p(values) <= 0.05).sum()) == 4
