from dataclasses import replace

import polars as pl

from qa_audit.estimation.groups import GROUP_ESTIMATES
from qa_audit.estimation.month import department_month
from qa_audit.reports.figures import MonthFigures
from qa_audit.reports.headline import estimate_words, month_words, unheard_words

Month = tuple[pl.DataFrame, pl.DataFrame]


def of(calls: pl.DataFrame, findings: pl.DataFrame) -> dict[str, object]:
    return department_month(calls, findings).row(0, named=True)


def test_the_month_in_a_sentence(by_hand: Month) -> None:
    assert month_words(of(*by_hand), "en") == (
        "4 calls this month, 2 of them scored (no recording: 1, nothing to judge: 1). Mean machine score "
        "37.5, median 37.5; the SD of 53.0 says how single calls differ and is no margin of error. "
        "Calls with a critical fault: 1."
    )


def test_one_score_has_no_spread_and_no_score_no_mean(by_hand: Month) -> None:
    calls, findings = by_hand
    assert month_words(of(calls[:1], findings), "zh") == (
        "本月共 1 通电话，1 通已评分。机器评分 75.0。一票否决 0 通。"
    )
    assert month_words(of(calls[2:], findings), "zh") == (
        "本月共 2 通电话，没有已评分的通话（无录音 1 通、无可评项目 1 通）。"
    )


def test_the_sentence_is_rounded_as_the_cell_beside_it(by_hand: Month) -> None:
    month = of(*by_hand) | {"mean": 84.25, "median": 84.75, "sd": 12.25}
    assert "Mean machine score 84.3, median 84.8; the SD of 12.3" in month_words(month, "en")


def estimated(**given: object) -> MonthFigures:
    row = dict.fromkeys(GROUP_ESTIMATES) | {"agents": 6, "calls": 400, "heard": 48} | given
    return MonthFigures(department=pl.DataFrame([row], GROUP_ESTIMATES))


def test_the_estimate_with_its_interval_and_correction() -> None:
    figures = estimated(estimate=82.25, low=80.0, high=84.45, bias=-3.04)
    assert estimate_words(figures, "zh") == (
        "人工抽听 48 通后校正（-3.04）：全部门 82.25 分，95 % 区间 80.00 – 84.45。"
    )


def test_an_estimate_without_interval_says_why_there_is_none() -> None:
    figures = estimated(estimate=82.25, bias=-3.04, reason="no_spread")
    assert estimate_words(figures, "zh") == (
        "人工抽听 48 通后校正（-3.04）：全部门 82.25 分，样本看不出差异，给不出区间。"
    )
    assert estimate_words(figures, "en").endswith(
        "82.25 for the department, the calls heard do not show how calls or agents differ: no interval."
    )


def test_without_an_estimate_the_reason_is_given_and_without_hearing_nothing() -> None:
    assert "no call was heard by a person: no estimate" in estimate_words(estimated(reason="no_audits"), "en")
    assert estimate_words(MonthFigures(), "zh") == ""


def test_the_share_of_which_nobody_was_heard_is_told_with_what_it_means() -> None:
    figures = estimated(estimate=82.25, low=80.0, high=84.45, bias=-3.04, unheard_share=0.2)
    assert unheard_words(figures, "zh") == (
        "其中 20.0% 的通话，其员工在那一层没有一通被抽听，按同层其他员工的校正推算；"
        "区间已计入员工之间校正的差别，前提是谁没有被抽听与其好坏无关。"
    )
    # A month closed by the first method.
    assert unheard_words(replace(figures, method=1), "zh").endswith(
        "；区间没有计入员工之间校正的差别，实际的误差更大。"
    )
    assert unheard_words(estimated(estimate=82.25, unheard_share=0.0), "zh") == ""
    # Without an interval there is none that could know.
    for method in (1, 2):
        alone = replace(estimated(estimate=82.25, unheard_share=0.2, reason="no_spread"), method=method)
        assert unheard_words(alone, "zh").endswith("推算；没有区间，误差有多大不知道。")
    assert unheard_words(estimated(unheard_share=0.2, reason="stratum_unheard"), "zh") == ""
    assert unheard_words(MonthFigures(), "zh") == ""


def test_a_department_above_all_its_teams_says_how_that_may_be() -> None:
    above = estimated(estimate=97.0, low=90.0, high=100.0, bias=-3.04, unheard_share=0.2)
    teams = pl.DataFrame(
        [{"team": "一班", "estimate": 96.62}, {"team": "二班", "estimate": 93.84}], GROUP_ESTIMATES
    )
    words = unheard_words(replace(above, teams=teams), "zh")
    assert words.startswith("其中 20.0% 的通话，")
    assert "。全部门的得分在各班组的得分之外：有 20.0% 的通话" in words
    assert "之外" not in unheard_words(above, "zh")
