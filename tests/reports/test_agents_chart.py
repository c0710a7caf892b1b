import sys
from collections.abc import Callable

import polars as pl
import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from qa_audit.reports.agents_chart import agents_chart
from qa_audit.reports.context import ReportContext

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeMonth = Callable[..., Month]
MakeContext = Callable[..., ReportContext]


def words(figure: Figure) -> list[str]:
    """Every text of a drawn figure; drawing raises where a glyph is missing."""
    figure.canvas.draw()
    inside = [text.get_text() for axes in figure.axes for text in axes.texts]
    return [text.get_text() for text in figure.texts] + inside


def dots(figure: Figure) -> list[tuple[float, str]]:
    """(score, face colour) of each dot, from top to bottom."""
    return [
        (float(line.get_xdata()[0]), line.get_markerfacecolor())
        for axes in figure.axes
        for line in axes.lines
        if line.get_marker() == "o"
    ]


def test_dots_stand_at_the_means_and_hollow_where_calls_are_few(
    by_hand: Month, make_context: MakeContext
) -> None:
    figure = agents_chart(*by_hand, make_context())
    assert dots(figure) == [(37.5, "white")]
    said = words(figure)
    assert said[:2] == ["员工机器评分", "客户服务部 · 2026年10月 · 机器评分，未经人工校正"]
    assert [
        word for word in said if word in ("一班", "二班", "未知", "0012 王喆", "37.5", "n = 2", "无评分")
    ] == [
        "一班",
        "0012 王喆",
        "n = 2",
        "37.5",
        "二班",
        "无评分",
        "未知",
        "未知",
        "无评分",
    ]


def test_the_order_is_that_of_teams_and_numbers(make_month: MakeMonth, make_context: MakeContext) -> None:
    said = words(agents_chart(*make_month(6, 20), make_context()))
    people = ["1001 王喆", "1002 李堃", "1003 张玥", "1004 陈珺", "1005 刘龘", "1006 赵敏"]
    assert [word for word in said if word in people] == people


@pytest.mark.parametrize(
    ("agents", "panels", "most_inches"),
    [(3, 1, 7), (6, 1, 7), (24, 1, 7), (60, 2, 14)],
)
def test_the_page_fits_few_and_many(
    make_month: MakeMonth, make_context: MakeContext, agents: int, panels: int, most_inches: float
) -> None:
    figure = agents_chart(*make_month(agents, 3), make_context())
    assert len(figure.axes) == panels
    assert len(dots(figure)) == agents
    width, height = figure.get_size_inches()
    assert width <= most_inches
    assert height <= 10.5
    assert all(axes.get_position().y0 >= 0 and axes.get_position().y1 <= 1 for axes in figure.axes)


def test_no_label_leaves_the_page(make_month: MakeMonth, make_context: MakeContext) -> None:
    figure = agents_chart(*make_month(60, 3), make_context())
    figure.canvas.draw()
    for text in [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]:
        box = text.get_window_extent()
        assert Bbox.intersection(figure.bbox, box).extents == pytest.approx(box.extents), text.get_text()


def test_a_team_too_long_for_a_panel_goes_on_in_the_next(
    make_month: MakeMonth, make_context: MakeContext
) -> None:
    calls, findings = make_month(60, 2)
    one_team = calls.with_columns(team=pl.lit("客服中心"))
    said = words(agents_chart(one_team, findings, make_context()))
    assert said.count("客服中心") == 1
    assert said.count("客服中心（续）") == 1


def test_a_month_without_calls_says_so(make_month: MakeMonth, make_context: MakeContext) -> None:
    figure = agents_chart(*make_month(0, 0), make_context())
    assert "本月没有通话。" in words(figure)
    assert figure.axes == []


def test_a_month_without_scores_has_no_dots(make_month: MakeMonth, make_context: MakeContext) -> None:
    figure = agents_chart(*make_month(6, 4, null_scores=True), make_context())
    assert dots(figure) == []
    assert words(figure).count("无评分") == 6


def test_an_agent_without_a_bar_to_be_seen_is_explained(
    make_month: MakeMonth, make_context: MakeContext
) -> None:
    texts = agents_chart(*make_month(3, 1), make_context()).texts
    key = "".join(text.get_text() for text in sorted(texts, key=lambda text: -text.get_position()[1]))
    assert "；看不到横条的，只有一通已评分，或各通得分几乎一样。空心：" in key


def test_english(make_month: MakeMonth, make_context: MakeContext) -> None:
    said = words(agents_chart(*make_month(3, 4), make_context(language="en")))
    assert said[1] == "客户服务部 · 2026-10 · machine-scored, not yet checked by people"


def test_pyplot_is_not_loaded(make_month: MakeMonth, make_context: MakeContext) -> None:
    before = "matplotlib.pyplot" in sys.modules
    agents_chart(*make_month(3, 2), make_context())
    assert ("matplotlib.pyplot" in sys.modules) == before
