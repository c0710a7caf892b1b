import polars as pl

from qa_audit.reports.figures import ON_SHOW
from qa_audit.reports.people_columns import PEOPLE_COLUMNS, checked_remark, shown_columns, with_people

NAMES = [name for name, _, _ in PEOPLE_COLUMNS]


def shown(**given: object) -> pl.DataFrame:
    row = dict.fromkeys(ON_SHOW) | {
        "agent": "person:p1",
        "framed": 48,
        "machine_mean": 80.0,
        "heard": 8,
        "correction": -2.0,
        "estimate": 78.0,
        "low": 76.0,
        "high": 80.0,
        "half_width": 2.0,
        "grade": "good",
        "grade_open": ["pass"],
    }
    return pl.DataFrame([row | given], ON_SHOW)


def test_a_row_gets_what_people_heard_of_it_and_others_stay_empty() -> None:
    rows = pl.DataFrame({"who": ["person:p2", "person:p1"], "calls": [40, 50]})
    first, second = with_people(rows, shown(), "who", "zh").to_dicts()
    none = {"framed": 0, "heard": 0, "grade_remark": "没有通话在抽签名单上，不给分"}
    assert first == {"who": "person:p2", "calls": 40} | dict.fromkeys(NAMES) | none
    assert second == {
        "who": "person:p1",
        "calls": 50,
        "framed": 48,
        "machine_mean": 80.0,
        "heard": 8,
        "correction": -2.0,
        "estimate": 78.0,
        "low": 76.0,
        "high": 80.0,
        "half_width": 2.0,
        "grade": "良好",
        "grade_remark": "与“及格”无法区分",
        "pay_yuan": None,
        "unheard_share": None,
        "severe_heard": None,
        "severe_rate": None,
        "severe_low": None,
        "severe_high": None,
    }


def test_columns_nobody_has_a_value_in_are_left_out() -> None:
    always = [name for name in NAMES if not name.startswith(("pay", "unheard", "severe"))]
    assert [name for name, _, _ in shown_columns(shown())] == always
    paid = shown(pay_yuan=300.0, severe_rate=0.1)
    assert [name for name, _, _ in shown_columns(paid)] == [*always, "pay_yuan", "severe_rate"]


def test_the_remark_is_there_in_both_languages() -> None:
    assert checked_remark("en") == "machine-scored, put right by calls that people heard"
