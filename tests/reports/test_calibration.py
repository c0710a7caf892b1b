"""校准: agreement item by item, ICC, and each inspector's offset, each only where it is known."""

import polars as pl

from qa_audit.estimation.agreement import AGREEMENT
from qa_audit.estimation.inspectors import OFFSETS
from qa_audit.reports.calibration import calibration_sections
from qa_audit.reports.figures import MonthFigures

AGREED = pl.DataFrame(
    [
        {"item": "house_rule", "calls": 3, "raw": 1.0, "ac1": 1.0},
        {
            "item": "closing",
            "calls": 12,
            "raw": 0.75,
            "on_faults": 0.5,
            "ac1": 0.62,
            "ac1_low": 0.2,
            "alpha": 0.4,
        },
        {"item": "greeting", "calls": 12, "raw": 1.0, "ac1": 1.0},
        {"item": "title", "calls": 0},
    ],
    AGREEMENT,
)


def test_items_stand_in_the_rubric_s_order_without_those_nobody_judged_twice(make_context):
    [section] = calibration_sections(make_context(), MonthFigures(agreement=AGREED))
    assert section.title == "质检员之间有多一致"
    assert section.table is not None
    assert section.table.frame.select("item", "twice", "raw", "on_faults", "ac1_low", "alpha").rows() == [
        ("开头语", 12, 1.0, None, None, None),
        ("结束语", 12, 0.75, 0.5, 0.2, 0.4),
        ("house_rule", 3, 1.0, None, None, None),
    ]


def test_the_icc_is_said_with_its_interval_if_it_has_one(make_context):
    with_limits = MonthFigures(icc=(0.724, 0.43, 0.9951))
    assert [one.words for one in calibration_sections(make_context(), with_limits)] == [
        (
            "ICC(A,1) = 0.72（95 % 区间 0.43 至 1.00）："
            "一份人工评分的差异中来自通话本身（而不是谁来评）的比例。",
        )
    ]
    [alone] = calibration_sections(make_context(), MonthFigures(icc=(0.5, None, None)))
    assert "通话太少，给不出区间" in alone.words[0]


def test_inspectors_with_their_offsets(make_context):
    offsets = pl.DataFrame(
        [("李敏", 8, -1.2, -3.0, 0.6), ("王芳", 1, 1.2, None, None)], OFFSETS, orient="row"
    )
    [section] = calibration_sections(make_context(), MonthFigures(offsets=offsets))
    assert section.table is not None
    assert [column.heading for column in section.table.columns] == [
        "质检员",
        "两人都评",
        "偏差",
        "95%下限",
        "95%上限",
    ]
    assert section.table.frame.rows() == [("李敏", 8, -1.2, -3.0, 0.6), ("王芳", 1, 1.2, None, None)]


def test_a_month_that_nobody_heard_twice_has_no_sections(make_context):
    nothing = MonthFigures(agreement=AGREED.filter(item="title"), icc=(None, None, None))
    assert calibration_sections(make_context(), nothing) == ()
