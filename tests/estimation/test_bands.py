import polars as pl
import pytest

from qa_audit.estimation.bands import GRADES, Bands, band_name, band_note, with_bands
from qa_audit.messages import QaError, speaking


@pytest.mark.parametrize(
    ("score", "grade"),
    [(0, "fail"), (59.99, "fail"), (60, "pass"), (74.995, "good"), (90, "excellent"), (100, "excellent")],
)
def test_a_limit_belongs_to_the_band_above_as_the_score_is_printed(score, grade):
    assert GRADES.of(score) == grade


def test_bands_that_the_interval_reaches_are_named():
    rows = pl.DataFrame(
        {
            "estimate": [80.0, 80.0, 80.0, None],
            "low": [76.0, 70.0, None, None],
            "high": [84.0, 92.0, None, None],
        }
    )
    graded = with_bands(rows, GRADES)
    assert graded["grade"].to_list() == ["good", "good", "good", None]
    assert graded["grade_open"].to_list() == [[], ["pass", "excellent"], None, None]


def test_it_is_said_in_words():
    with speaking("zh"):
        assert band_note(["pass", "excellent"]) == "与“及格、优秀”无法区分"
        assert band_name("good") == "良好"
        assert band_name("一档") == "一档"
        assert band_note([]) == ""
    with speaking("en"):
        assert band_note(["A"]) == "not distinguishable from A"
        assert band_note(None) == "no interval, so the grade is not sure"


@pytest.mark.parametrize(
    ("names", "limits"),
    [
        (("a", "b"), ()),
        (("a", "b", "c"), (80.0, 60.0)),
        (("a", "a"), (60.0,)),
        (("a", "b"), (0.0,)),
        (("a", ""), (60.0,)),
        (("a", "b"), (float("nan"),)),
    ],
)
def test_bands_that_cannot_be_are_refused(names, limits):
    with pytest.raises(QaError) as refused:
        Bands(names, limits)
    assert refused.value.code == "estimates.bad_bands"
