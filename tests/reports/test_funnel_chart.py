from collections.abc import Callable

import polars as pl
from matplotlib.figure import Figure

from qa_audit.estimation.difference import AGENT_ESTIMATES
from qa_audit.reports.context import ReportContext
from qa_audit.reports.funnel_chart import funnel_chart
from qa_audit.reports.look import ACCENT, FAULT

MakeContext = Callable[..., ReportContext]


def agents(*rows: tuple[str, int, float | None]) -> pl.DataFrame:
    named = [
        dict.fromkeys(AGENT_ESTIMATES)
        | {"agent": agent, "calls": 600, "heard": heard, "estimate": estimate, "pooled_variance": 100.0}
        for agent, heard, estimate in rows
    ]
    return pl.DataFrame(named, AGENT_ESTIMATES)


def dots(figure: Figure) -> list[tuple[float, float, str]]:
    return [
        (round(float(line.get_xdata()[0]), 3), float(line.get_ydata()[0]), line.get_color())
        for axes in figure.axes
        for line in axes.lines
        if line.get_marker() == "o"
    ]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_only_who_lies_outside_is_coloured_and_named(make_context: MakeContext) -> None:
    rows = agents(("a", 8, 80.0), ("b", 8, 30.0), ("c", 8, None))
    figure = funnel_chart(rows, 80.0, {"a": "王喆", "b": "李堃"}, make_context())
    assert dots(figure) == [(8.0, 30.0, FAULT), (8.0, 80.0, ACCENT)]
    assert words(figure) == ["李堃"]
    figure.canvas.draw()


def test_the_name_of_whoever_was_heard_most_stands_left_of_the_dot(make_context: MakeContext) -> None:
    figure = funnel_chart(agents(("a", 8, 30.0), ("b", 40, 30.0), ("c", 20, 80.0)), 80.0, {}, make_context())
    sides = {text.get_text(): text.get_horizontalalignment() for text in figure.axes[0].texts}
    assert sides == {"a": "left", "b": "right"}


def test_dots_of_one_place_stand_side_by_side(make_context: MakeContext) -> None:
    figure = funnel_chart(agents(("a", 8, 80.0), ("b", 8, 80.2), ("c", 8, 79.9)), 80.0, {}, make_context())
    assert [x for x, _, _ in dots(figure)] == [8.0, 8.12, 7.88]


def test_without_estimates_it_says_so(make_context: MakeContext) -> None:
    figure = funnel_chart(agents(("a", 0, None)), None, {}, make_context(language="en"))
    assert figure.axes == []
    assert "Too few calls were heard to draw limits." in [text.get_text() for text in figure.texts]
