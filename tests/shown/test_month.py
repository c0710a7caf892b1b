"""What stands below a month's pay figures in a terminal or a notebook."""

from types import SimpleNamespace

import polars as pl

from qa_audit.estimation.groups import GROUP_ESTIMATES
from qa_audit.messages import speaking
from qa_audit.shown.month import month_notes


def told(department, critical, *teams):
    rows = pl.DataFrame(
        [{"team": f"{at}班", "estimate": one} for at, one in enumerate(teams)], GROUP_ESTIMATES
    )
    with speaking("zh"):
        figures = SimpleNamespace(
            department={"unheard_share": 0.0} | department, critical=critical, teams=rows
        )
        return month_notes(figures, ())


def notes(department, critical):
    return told(department, critical)[0]


def test_the_department_and_its_critical_faults_with_their_intervals():
    department = {"estimate": 82.25, "low": 80.0, "high": 84.5, "reason": None}
    critical = {"rate": 0.05, "low": 0.01, "high": 0.15, "reason": None}
    assert notes(department, critical) == (
        "部门：82.25（80.00 – 84.50）；一票否决的通话占 5.0%（1.0% – 15.0%）"
    )
    assert notes(department, None).endswith("；一票否决的通话占 –（–）")


def test_where_there_is_no_interval_the_reason_stands_in_its_place():
    department = {"estimate": 82.25, "low": None, "high": None, "reason": "no_spread"}
    critical = {"rate": 0.05, "low": None, "high": None, "reason": "no_spread"}
    assert notes(department, critical) == (
        "部门：82.25（样本看不出差异，给不出区间）；一票否决的通话占 5.0%（样本看不出差异，给不出区间）"
    )
    nothing = {"estimate": None, "low": None, "high": None, "reason": "no_audits"}
    never = {"rate": None, "low": None, "high": None, "reason": "never_asked"}
    assert notes(nothing, never) == (
        "部门：–（本月没有人工质检，不给分）；一票否决的通话占 –（质检的通话中没有用到该项目）"
    )


def test_a_department_above_all_its_teams_says_how_that_may_be():
    above = {"estimate": 97.0, "low": 90.0, "high": 100.0, "reason": None, "unheard_share": 1 / 14}
    [_, why, _] = told(above, None, 96.62, 93.84)
    assert why.startswith("全部门的得分在各班组的得分之外：有 7.1% 的通话，其员工在那一层没有一通被抽听。")
    assert len(told(above, None, 97.0, 93.84)) == 2


def test_items_that_nobody_judged_are_named_before_what_a_figure_is():
    nothing = {"estimate": None, "low": None, "high": None, "reason": "no_audits", "unheard_share": 0.0}
    figures = SimpleNamespace(department=nothing, critical=None, teams=pl.DataFrame(schema=GROUP_ESTIMATES))
    with speaking("zh"):
        [_, line, _] = month_notes(figures, (), {"祝福语": 3, "称呼": 20})
    assert line.startswith("注意：20 通已提交的抽听没有评过“祝福语、称呼”（后来才加进评分标准）")


def test_a_critical_call_is_said_to_count_as_0_in_the_mean():
    [*_, last] = told({"estimate": None, "low": None, "high": None, "reason": "no_audits"}, None)
    assert last.endswith(
        "一票否决率单独列出；这样的通话照样计入平均，按评分标准记 0 分（标准里写明不归零的除外）。"
    )
