from collections.abc import Callable

import polars as pl
import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from qa_audit.reports.context import ReportContext
from qa_audit.reports.items_chart import items_chart

Month = tuple[pl.DataFrame, pl.DataFrame]
MakeMonth = Callable[..., Month]
MakeContext = Callable[..., ReportContext]


def words(figure: Figure) -> list[str]:
    figure.canvas.draw()
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def rows(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def test_cells_show_rate_and_number_and_grey_where_nothing_was_judged(
    by_hand: Month, make_context: MakeContext
) -> None:
    figure = items_chart(*by_hand, make_context())
    assert rows(figure) == ["开头语", "称呼", "“请”字当头", "结束语", "不使用生硬语言"]
    said = words(figure)
    assert said[:10] == ["一班", "(0%)", "n=1", "–", "–", "(100%)", "n=1", "(100%)", "n=1", "二班"]
    assert said[10:15] == ["–"] * 5
    faces = [patch.get_facecolor()[:3] for patch in figure.axes[0].patches]
    grey = pytest.approx((0xE5 / 255, 0xE7 / 255, 0xEB / 255))
    assert [face == grey for face in faces[:5]] == [False, True, True, False, False]


def test_the_whole_department_stands_last(make_month: MakeMonth, make_context: MakeContext) -> None:
    calls, findings = make_month(6, 40)
    said = words(items_chart(calls, findings, make_context()))
    assert [word for word in said if word in ("一班", "二班", "全部门")] == ["一班", "二班", "全部门"]
    closing = findings.filter(pl.col("item") == "closing", pl.col("verdict").is_in(["pass", "fail"]))
    share = closing["verdict"].eq("fail").sum() / closing.height
    assert f"{share:.1%}" in said
    assert f"n={closing.height}" in said


def test_situations_are_no_items(by_hand: Month, make_context: MakeContext) -> None:
    assert "complaint" not in rows(items_chart(*by_hand, make_context()))


def test_no_label_leaves_the_page(make_month: MakeMonth, make_context: MakeContext) -> None:
    calls, findings = make_month(60, 5)
    figure = items_chart(calls, findings, make_context(language="en"))
    figure.canvas.draw()
    for text in [*figure.texts, *figure.axes[0].texts, *figure.axes[0].get_yticklabels()]:
        box = text.get_window_extent()
        assert Bbox.intersection(figure.bbox, box).extents == pytest.approx(box.extents), text.get_text()


def test_a_month_without_verdicts_says_so(make_month: MakeMonth, make_context: MakeContext) -> None:
    figure = items_chart(*make_month(0, 0), make_context())
    assert "本月没有判定。" in [text.get_text() for text in figure.texts]
