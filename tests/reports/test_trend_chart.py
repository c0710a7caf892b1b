from collections.abc import Callable

import polars as pl
from matplotlib.figure import Figure

from qa_audit.reports.context import ReportContext
from qa_audit.reports.look import ACCENT, FAULT
from qa_audit.reports.trend_chart import trend_chart

MakeContext = Callable[..., ReportContext]

SCHEMA = {
    "key": pl.String,
    "month": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "centre": pl.Float64,
    "control_low": pl.Float64,
    "control_high": pl.Float64,
    "signal": pl.String,
}


def months(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, SCHEMA, orient="row")


ROWS = months(
    ("a", "2026-09", 80.0, 78.0, 82.0, None, None, None, None),
    ("a", "2026-10", 70.0, 68.0, 72.0, 80.0, 75.0, 85.0, "below"),
    ("b", "2026-10", 90.0, None, None, None, None, None, None),
    ("c", "2026-10", 50.0, None, None, None, None, None, None),
)


def dots(axes: object) -> list[tuple[float, float, str]]:
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_color())
        for line in axes.lines  # type: ignore[attr-defined]
        if line.get_marker() == "o"
    ]


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_one_small_chart_for_each_name_in_its_order(make_context: MakeContext) -> None:
    figure = trend_chart(ROWS, {"b": "李堃", "a": "王喆", "z": "无"}, make_context())
    assert [word for word in texts(figure) if word in ("王喆", "李堃", "无")] == ["李堃", "王喆"]
    second, first = figure.axes
    assert dots(first) == [(0.0, 80.0, ACCENT), (1.0, 70.0, FAULT)]
    assert dots(second) == [(1.0, 90.0, ACCENT)]


def test_all_charts_have_one_scale_and_one_row_of_months(make_context: MakeContext) -> None:
    figure = trend_chart(ROWS, {"a": "王喆", "b": "李堃"}, make_context())
    assert [axes.get_ylim() for axes in figure.axes] == [(65.0, 95.0)] * 2
    assert [label.get_text() for label in figure.axes[1].get_xticklabels()] == ["2026-10", "2026-09"]


def test_without_estimates_it_says_so(make_context: MakeContext) -> None:
    figure = trend_chart(ROWS.clear(), {"a": "王喆"}, make_context(language="en"))
    assert figure.axes == []
