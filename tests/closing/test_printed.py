from hypothesis import given
from hypothesis import strategies as st

from qa_audit.closing.printed import decimals, differences


def test_half_goes_up_and_zero_has_no_sign():
    assert [decimals(one) for one in (0.125, 2.675, 84.995, -0.004, float("inf"))] == [
        "0.13",
        "2.68",
        "85.00",
        "0.00",
        None,
    ]


@given(st.floats(0, 100))
def test_a_printed_figure_is_within_half_a_step(value):
    assert abs(float(decimals(value)) - value) <= 0.005 + 1e-9


def test_differences_are_named_by_agent():
    one = {
        "pooled": {"drift": "1.0"},
        "agents": [{"agent": "person:a", "low": "1.00", "grade_open": ["pass"]}],
    }
    two = {"pooled": {"drift": "1.0"}, "agents": [{"agent": "person:a", "low": "1.00", "grade_open": []}]}
    assert differences(one, one) == []
    assert differences(one, two) == [("agents.person:a.grade_open", ["pass"], [])]
    assert differences(one, {"pooled": {}, "agents": []}) == [
        ("pooled.drift", "1.0", None),
        ("agents.person:a.agent", "person:a", None),
        ("agents.person:a.low", "1.00", None),
        ("agents.person:a.grade_open", ["pass"], None),
        ("agents", None, []),
    ]
