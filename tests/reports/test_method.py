from dataclasses import replace
from datetime import datetime

import polars as pl

from qa_audit.closing.scale import PayScale
from qa_audit.estimation.bands import Bands
from qa_audit.estimation.filtered import PAY_ESTIMATES
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.method import made_by, method_sections
from qa_audit.reports.registers import DRAWS
from qa_audit.sampling.design import Design
from tests.reports.conftest import context


def test_the_head_of_the_chain_stands_on_the_sheet():
    head = "12-" + "ab" * 32
    assert ("导出时的证据链链头", head) in made_by(replace(context(), chain_head=head))
    assert "导出时的证据链链头" not in dict(made_by(context()))


def test_a_month_without_audits_has_its_steps_grades_and_makers():
    steps, grades, makers = method_sections(context(), MonthFigures())
    assert (steps.title, len(steps.points)) == ("分数怎么来的", 8)
    assert not any(one.startswith("绩效用分") for one in steps.points)
    assert grades.words[0] == "不及格：低于 60；及格：60 及以上；良好：75 及以上；优秀：90 及以上。"
    assert not any("金额" in words for words in grades.words)
    assert dict(makers.pairs)["评分标准"] == "zh_service，版本 1.0.0"


def test_the_grades_are_those_of_the_scale_with_their_amounts():
    scale = PayScale(Bands(("fail", "pass", "good"), (70.0, 82.5)), (0.0, 250.0, 1000.0))
    _, grades, _ = method_sections(context(), MonthFigures(scale=scale))
    assert grades.words[:2] == (
        "不及格：低于 70；及格：70 及以上；良好：82.5 及以上。",
        "金额（元）：不及格 0；及格 250；良好 1000。",
    )


def test_a_pay_figure_adds_its_step():
    paid = pl.DataFrame([{"agent": "person:p1"}], PAY_ESTIMATES)
    steps, *_ = method_sections(context(), MonthFigures(pay=paid))
    assert steps.points[6].startswith("计酬得分（表中的“校正后得分”）：把最近 3 个月的校正")


def test_each_draw_has_what_it_takes_to_draw_again_and_who_drew_alone():
    row = {"draw": 7, "drawn_at": datetime(2026, 11, 2, 1, 30), "who": "主管", "frame_calls": 56, "drawn": 20}
    row |= {"design": Design(5).as_text(), "frame_sha256": "ab" * 32, "seed": "cd" * 32, "alone": True}
    sections = method_sections(
        context(), MonthFigures(draws=pl.DataFrame([row, row | {"draw": 8, "alone": False}], DRAWS))
    )
    first, second = sections[2:4]
    assert (first.title, second.title) == ("抽样 7", "抽样 8")
    pairs = dict(first.pairs)
    assert (pairs["抽签时间（世界时）"], pairs["清单中的通话"], pairs["抽中"]) == (
        "2026-11-02 01:30",
        "56",
        "20",
    )
    assert (pairs["清单校验码"], pairs["种子"]) == ("ab" * 32, "cd" * 32)
    assert pairs["抽样方案"].startswith("每名员工 5 通")
    assert first.notes == ("注意：本次由 主管 一人抽取，没有两人事先交存密语。",)
    assert second.notes == ()


def test_what_was_pooled_is_printed_with_two_decimals():
    pooled = {"prior_df": 12.744, "drift": 1.2, "unknown": 3.0}
    sections = method_sections(context(), MonthFigures(pooled=pooled))
    assert sections[2].pairs == (("方差参考的自由度 d0", "12.74"), ("校正每月的变动 q", "1.20"))
