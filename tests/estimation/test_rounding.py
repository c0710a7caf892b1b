import pytest

from qa_audit.estimation.rounding import rounded


@pytest.mark.parametrize(
    ("value", "printed"),
    [(59.995, 60.0), (59.9949999, 59.99), (-0.005, -0.01), (1e-9, 0.0), (100, 100.0), (1.005, 1.01)],
)
def test_halves_go_up_as_people_read_them(value, printed):
    assert rounded(float(value)) == printed
