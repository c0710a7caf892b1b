from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from qa_audit.messages import QaError
from qa_audit.reports.coaching_chart import MOST_ROWS, coaching_chart
from qa_audit.reports.context import ReportContext
from qa_audit.reports.look import ACCENT
from qa_audit.reports.registers import COACHING

MakeContext = Callable[..., ReportContext]
Rate = tuple[float | None, float | None, float | None]
DAY = datetime(2026, 10, 9)


def coached(
    number: str | None = "1001",
    name: str | None = "王喆",
    item: str = "closing",
    *,
    at: datetime | None = DAY,
    before: Rate = (0.3, 0.2, 0.4),
    after: Rate = (0.1, 0.05, 0.2),
) -> tuple[object, ...]:
    return ("person:p1", "一班", number, name, item, at, 40, *before, 35, *after)


def chart(context: ReportContext, *rows: tuple[object, ...]) -> Figure:
    return coaching_chart(pl.DataFrame(rows, COACHING, orient="row"), context)


def words(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def spans(figure: Figure, *, dots: bool) -> list[tuple[float, ...]]:
    """Height and rates of all dots, or of all intervals, in the order drawn."""
    axes: Any = figure.axes[0]
    found = [line for line in axes.lines if (line.get_marker() == "o") is dots and line.get_zorder() > 0]
    return [(float(line.get_ydata()[0]), *map(float, line.get_xdata())) for line in found]


def test_before_stands_above_after_each_with_its_interval(make_context: MakeContext) -> None:
    figure = chart(make_context(), coached())
    (before, rate), (after, later) = spans(figure, dots=True)
    assert (rate, later) == (0.3, 0.1)
    assert spans(figure, dots=False) == [(before, 0.2, 0.4), (after, 0.05, 0.2)]
    low, high = figure.axes[0].get_ylim()
    assert high < before < after < low  # downwards


def test_before_is_hollow_and_after_filled(make_context: MakeContext) -> None:
    axes: Any = chart(make_context(), coached()).axes[0]
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_marker() == "o"]
    assert faces == ["white", ACCENT]


def test_who_what_and_how_many_calls_stand_beside_it(make_context: MakeContext) -> None:
    assert words(chart(make_context(), coached())) == ["1001 王喆 结束语", "n = 40 → 35"]


@pytest.mark.parametrize(
    ("number", "name", "label"),
    [("1001", None, "1001 结束语"), (None, "王喆", "王喆 结束语"), (None, None, "结束语")],
)
def test_who_has_no_number_or_no_name_is_called_by_the_other(
    make_context: MakeContext, number: str | None, name: str | None, label: str
) -> None:
    assert words(chart(make_context(), coached(number, name)))[0] == label


def test_the_latest_come_first_then_by_number_and_item_and_the_undated_last(
    make_context: MakeContext,
) -> None:
    rows = [
        coached("1003", "陈", at=None),
        coached("1001", "王", at=DAY - timedelta(days=1)),
        coached("1002", "李", "title"),
        coached("1002", "李", "closing"),
        coached("1001", "王"),
    ]
    assert words(chart(make_context(), *rows))[::2] == [
        "1001 王 结束语",
        "1002 李 结束语",
        "1002 李 称呼",
        "1001 王 结束语",
        "1003 陈 结束语",
    ]


def test_the_oldest_are_left_out_where_they_are_too_many(make_context: MakeContext) -> None:
    rows = [coached(str(1000 + day), "王", at=DAY + timedelta(days=day)) for day in range(MOST_ROWS + 2)]
    labels = words(chart(make_context(), *rows))[::2]
    assert len(labels) == 30
    assert (labels[0], labels[-1]) == ("1031 王 结束语", "1002 王 结束语")


def test_a_coaching_without_calls_before_or_after_is_left_out(make_context: MakeContext) -> None:
    nothing = (None, None, None)
    rows = [coached("1001", before=nothing), coached("1002", after=nothing), coached("1003", "李")]
    assert words(chart(make_context(), *rows)) == ["1003 李 结束语", "n = 40 → 35"]


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "本月没有记录辅导。"), ("en", "No coaching on record.")]
)
def test_without_coaching_it_says_so(make_context: MakeContext, language: str, said: str) -> None:
    figure = chart(make_context(language=language))
    assert figure.axes == []
    assert said in [text.get_text() for text in figure.texts]


@pytest.mark.parametrize(
    ("high", "most", "ticks"),
    [
        (0.05, 0.105, ["0%", "5%", "10%"]),
        (0.15 / 1.05, 0.15, ["0%", "5%", "10%", "15%"]),
        (0.5, 0.525, ["0%", "10%", "20%", "30%", "40%", "50%"]),
        (1.0, 1.0, ["0%", "20%", "40%", "60%", "80%", "100%"]),
    ],
)
def test_the_axis_goes_a_little_beyond_the_highest_rate_and_never_beyond_all_calls(
    make_context: MakeContext, high: float, most: float, ticks: list[str]
) -> None:
    rate = (0.02, 0.01, high)
    [axes] = chart(make_context(), coached(before=rate, after=rate)).axes
    assert axes.get_xlim() == pytest.approx((0, most))
    assert [label.get_text() for label in axes.get_xticklabels()] == ticks


def test_a_rate_without_an_interval_stands_in_the_picture_too(make_context: MakeContext) -> None:
    [axes] = chart(make_context(), coached(after=(0.9, None, None))).axes
    assert axes.get_xlim()[1] == pytest.approx(0.945)


def test_no_label_leaves_the_page(make_context: MakeContext) -> None:
    names = ("欧阳" * 3, "欧阳" * 15)
    rows = [coached("1001", name, item) for name in names for item in ("no_blaming_customer", "closing")]
    figure = chart(make_context(language="en"), *rows)
    figure.canvas.draw()
    for text in [*figure.texts, *figure.axes[0].texts]:
        box = text.get_window_extent()
        inside = Bbox.intersection(figure.bbox, box)
        assert inside is not None
        assert inside.extents == pytest.approx(box.extents), text.get_text()


def test_a_name_of_thirty_characters_goes_on_in_a_second_line(make_context: MakeContext) -> None:
    label = words(chart(make_context(), coached(name="欧阳" * 15)))[0]
    first, second = label.split("\n")
    assert (first, second) == ("1001 " + "欧阳" * 11, "欧阳" * 4 + " 结束语")


def test_lines_of_neighbours_do_not_touch(make_context: MakeContext) -> None:
    figure = chart(make_context(language="en"), *[coached(name="欧阳" * 15)] * 3)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts[::2]]
    assert all(above.y0 > below.y1 for above, below in pairwise(boxes))


def test_another_frame_is_refused(make_context: MakeContext) -> None:
    with pytest.raises(QaError) as caught:
        coaching_chart(pl.DataFrame(schema=COACHING).drop("rate_after"), make_context())
    assert caught.value.code == "month.missing_column"
