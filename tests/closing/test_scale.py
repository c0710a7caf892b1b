import polars as pl
import pytest

from qa_audit.closing.scale import PayScale
from qa_audit.estimation.bands import Bands
from qa_audit.messages import QaError

THREE = pl.DataFrame(
    {"estimate": [74.996, 88.0, None], "low": [72.0, 80.0, None], "high": [76.0, 92.0, None]},
    {"estimate": pl.Float64, "low": pl.Float64, "high": pl.Float64},
)


def test_the_grade_is_that_of_the_printed_figure_and_pays_its_amount():
    found = PayScale().graded(THREE)
    assert found.select("grade", "grade_open", "pay_yuan").rows() == [
        ("good", ["pass"], 400.0),
        ("good", ["excellent"], 400.0),
        (None, None, None),
    ]


def test_names_limits_and_amounts_are_the_department_s_own():
    scale = PayScale(Bands(("C", "B", "A"), (70.0, 85.0)), (0.0, 100.0, 100.0))
    assert scale.graded(THREE)["pay_yuan"].to_list() == [100.0, 100.0, None]
    assert PayScale.from_json(scale.as_json()) == scale


@pytest.mark.parametrize("amounts", [(0.0, 300.0, 400.0), (0.0, 300.0, 200.0, 500.0), (-1.0, 0.0, 0.0, 0.0)])
def test_amounts_that_do_not_fit_are_refused(amounts):
    with pytest.raises(QaError) as error:
        PayScale(amounts_yuan=amounts)
    assert error.value.code == "closing.bad_amounts"
