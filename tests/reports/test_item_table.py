"""项目: the machine's count of each item beside what people found, department before teams before agents."""

import polars as pl

from qa_audit.estimation.rates import RATES
from qa_audit.estimation.rule_quality import QUALITY
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.item_table import item_table

COLUMNS = ["item", "whose", "team", "agent_no", "agent_name"]


def rates(*rows):
    names = ("item", "group", "heard_judged", "heard_faults", "machine_rate", "rate", "low", "high")
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], RATES)


def test_the_machine_alone_in_the_rubric_s_order(by_hand, make_context):
    table = item_table(*by_hand, make_context(), MonthFigures())
    assert table.name == "项目"
    assert [column.heading for column in table.columns] == [
        *("项目", "范围", "班组", "工号", "姓名"),
        *("已判定", "不合格", "不合格率", "待人工判断占比", "扣分"),
    ]
    assert table.frame.select(*COLUMNS, "judged", "fault_count", "fault_rate", "lost").rows()[:6] == [
        ("开头语", "全部门", None, None, None, 1, 0, 0.0, 0.0),
        ("开头语", "班组", "一班", None, None, 1, 0, 0.0, 0.0),
        ("开头语", "员工", "一班", "0012", "王喆", 1, 0, 0.0, 0.0),
        ("称呼", "全部门", None, None, None, 0, 0, None, 0.0),
        ("称呼", "班组", "一班", None, None, 0, 0, None, 0.0),
        ("称呼", "班组", "未知", None, None, 0, 0, None, 0.0),
    ]
    closing = table.frame.filter(item="结束语", whose="全部门")
    assert closing.select("judged", "fault_count", "lost").rows() == [(1, 1, 4.0)]


def test_what_people_found_stands_beside_it_with_its_interval(by_hand, make_context):
    figures = MonthFigures(
        rates_of_all=rates(("closing", "all", 8, 2, 0.3, 0.25, 0.03, 0.65)),
        rates=rates(("closing", "一班", 5, 1, 0.4, 0.2, 0.01, 0.7)),
        rates_of_agents=rates(("closing", "person:p1", 5, 1, 0.4, 0.21, 0.02, 0.71)),
        quality=pl.DataFrame(
            [
                {
                    "item": "closing",
                    "flags": 29,
                    "precision": 0.9,
                    "precision_low": 0.7,
                    "precision_high": 0.98,
                }
            ],
            QUALITY,
        ),
    )
    found = item_table(*by_hand, make_context(), figures).frame.filter(item="结束语")
    wanted = ("whose", "heard_judged", "heard_faults", "rate", "rate_low", "rate_high", "flags", "precision")
    assert found.select(wanted).rows() == [
        ("全部门", 8, 2, 0.25, 0.03, 0.65, 29, 0.9),
        ("班组", 5, 1, 0.2, 0.01, 0.7, None, None),
        ("员工", 5, 1, 0.21, 0.02, 0.71, None, None),
    ]


def test_critical_faults_are_the_last_rows_with_the_machine_s_rate(by_hand, make_context):
    severe = ("critical", "all", 8, 1, 0.06, 0.05, 0.0, 0.3)
    figures = MonthFigures(rates_of_all=rates(severe))
    last = item_table(*by_hand, make_context(), figures).frame.tail(1)
    assert last.select("item", "whose", "judged", "fault_rate", "heard_faults", "rate").rows() == [
        ("一票否决", "全部门", None, 0.06, 1, 0.05)
    ]


def test_a_rate_without_interval_says_why_and_only_then_is_there_a_column(by_hand, make_context):
    of_all = rates(("closing", "all", 8, 2, 0.3, 0.25, 0.03, 0.65))
    of_team = rates(("closing", "一班", 5, 1, 0.4, 0.2, None, None)).with_columns(reason=pl.lit("no_spread"))
    of_agent = rates(("closing", "person:p1", 5, 0, 0.4, None, None, None)).with_columns(
        reason=pl.lit("never_asked")
    )
    figures = MonthFigures(rates_of_all=of_all, rates=of_team, rates_of_agents=of_agent)
    table = item_table(*by_hand, make_context(), figures)
    assert table.frame.filter(item="结束语")["rate_remark"].to_list() == [
        *(None, "样本看不出差异，给不出区间", None)
    ]
    assert {column.key: column.heading for column in table.columns}["rate_remark"] == "为何没有区间"
    plain = item_table(*by_hand, make_context(), MonthFigures(rates_of_all=of_all))
    assert "rate_remark" not in plain.frame.columns
