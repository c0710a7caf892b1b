from collections.abc import Callable
from dataclasses import replace

from qa_audit.reports.context import ReportContext, ReportItem


def test_names_follow_the_language_and_doubled_names_carry_their_id(
    make_context: Callable[..., ReportContext],
) -> None:
    zh, en = make_context(), make_context(language="en")
    assert (zh.name("apology"), en.name("apology"), zh.name("house_rule")) == (
        "致歉安抚",
        "Apology",
        "house_rule",
    )
    doubled = replace(zh, situations=(ReportItem("upset_caller", "致歉安抚", "Upset caller", 0, "REG"),))
    assert doubled.name("apology") == "致歉安抚 (apology)"
    assert doubled.name("upset_caller") == "致歉安抚 (upset_caller)"


def test_the_month_and_title_are_written_as_people_do(make_context: Callable[..., ReportContext]) -> None:
    assert make_context(month="2026-09").title() == "客户服务部 2026年9月 质检月报"
    assert make_context(month="2026-09", language="en").title() == "客户服务部 · call quality 2026-09"
