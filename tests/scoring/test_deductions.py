"""The column 扣分标准: points off each time, 一票否决, and what stays in words."""

import pytest

from qa_audit.scoring.deductions import Deduction, read_deduction


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        *(
            ("-2分/次", 2),
            ("每次扣2分", 2),
            ("-5分/次", 5),
            ("－２分／次", 2),
            ("扣2分/次", 2),
            ("2分/每次", 2),
        ),
        *(("每次 -2 分", 2), ("发现一次扣5分", 5), ("每出现一处扣0.5分", 0.5), ("每次扣两分", 2)),
        *(("（-2分/次）", 2), ("扣1分每项", 1), ("每次扣1.5分。", 1.5), ("1、-2分/次", 2)),
    ],
)
def test_points_off_each_time_however_they_are_written(cell, points):
    assert read_deduction(cell) == Deduction(points, critical=False, rest="", unclear=False)


@pytest.mark.parametrize(
    "cell", ["一票否决", "红线", "致命错误", "直接一票否决", "发现即一票否决", "一票否决项。"]
)
def test_what_makes_an_item_critical(cell):
    assert read_deduction(cell) == Deduction(None, critical=True, rest="", unclear=False)


def test_all_of_it_together_and_the_rest_in_words():
    assert read_deduction("每次扣2分、一票否决") == Deduction(2, critical=True, rest="", unclear=False)
    assert read_deduction("未报工号，每次扣2分，扣完为止") == Deduction(
        2, critical=False, rest="未报工号，扣完为止", unclear=False
    )
    assert read_deduction("-2分/次\n情节严重的加倍") == Deduction(
        2, critical=False, rest="情节严重的加倍", unclear=False
    )
    assert read_deduction("未做到扣5分") == Deduction(None, critical=False, rest="未做到扣5分", unclear=False)


@pytest.mark.parametrize(
    "cell",
    [
        *("未问候扣2分/次；未报工号扣1分/次", "-2分/次，-3分/次", "每次扣2-5分", "未报扣2分/次"),
        *("不一票否决", "非红线", "辱骂客户，一票否决", "情节严重的一票否决"),
    ],
)
def test_what_only_some_faults_cost_stays_in_words(cell):
    assert read_deduction(cell) == Deduction(None, critical=False, rest=cell, unclear=True)


def test_what_one_fault_costs_is_not_taken_for_all():
    assert read_deduction("每次扣2分；辱骂客户一票否决") == Deduction(
        2, critical=False, rest="辱骂客户一票否决", unclear=True
    )
    assert read_deduction("未报工号，每次扣2分；语气生硬，批评") == Deduction(
        None, critical=False, rest="未报工号，每次扣2分；语气生硬，批评", unclear=True
    )


def test_points_that_are_given_are_none_taken_off():
    assert read_deduction("每项2分，共10分").off_per_hit is None
    assert read_deduction("每项扣2分").off_per_hit == 2
    assert read_deduction("出现一次扣一分，两次及以上不得分").unclear
