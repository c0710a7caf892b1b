"""Where the dots and lines of 四个一样 stand; its words are in `test_service_tables.py`."""

from typing import Any

import polars as pl
import pytest

from qa_audit.estimation.conditions import CONDITIONS, SamenessSettings
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.sameness import SAMENESS
from qa_audit.reports.look import ACCENT, FAULT
from qa_audit.reports.sameness_chart import sameness_chart
from tests.reports.conftest import context

FEW = (None, None, None)
DEPARTMENT = ("department", "")


def row(
    subject: tuple[str, str] = DEPARTMENT,
    condition: str = "busy",
    interval: tuple[float | None, float | None, float | None] = (-2.0, -3.0, -1.0),
    said: str = "alike",
    *,
    found: bool = True,
) -> tuple[object, ...]:
    return (*subject, condition, 40, 50, 88.0, 90.0, *interval, 0.5, 0.5, found, said)


def columns(*rows: tuple[object, ...], names: Any = None, settings: Any = None) -> dict[str, Any]:
    """Axes by condition."""
    figure = sameness_chart(pl.DataFrame(rows, SAMENESS, orient="row"), context(), names, settings)
    return dict(zip(CONDITIONS, figure.axes, strict=True))


def dots(axes: Any) -> list[tuple[float, float, str, str]]:
    """(difference, row, colour, face) of each dot."""
    return [
        (
            float(line.get_xdata()[0]),
            float(line.get_ydata()[0]),
            line.get_markeredgecolor(),
            line.get_markerfacecolor(),
        )
        for line in axes.lines
        if line.get_marker() == "o"
    ]


def labels(axes: Any) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_rows_are_named_once_at_the_left_in_the_frame_s_order() -> None:
    rows = [row(), row(("team", "二班")), row(("team", "未知")), row(("agent", "p1")), row(("agent", "p2"))]
    found = columns(*rows, row(condition="late"), names={"p1": "8001 王喆"})
    assert labels(found["busy"]) == ["全部", "二班", "未知", "8001 王喆", "p2"]
    assert [set(labels(found[name])) for name in CONDITIONS[1:]] == [{""}] * 4


def test_a_team_that_nobody_knows_is_called_so_in_the_page_s_language() -> None:
    frame = pl.DataFrame([row(), row(("team", UNKNOWN))], SAMENESS, orient="row")
    assert labels(sameness_chart(frame, context(language="en")).axes[0]) == ["all", "unknown"]


def test_a_team_and_an_agent_of_the_same_name_are_two_rows() -> None:
    found = columns(row(("team", "甲"), interval=(1.0, 0.0, 2.0)), row(("agent", "甲")))
    assert [(x, y) for x, y, *_ in dots(found["busy"])] == [(1.0, 0.0), (-2.0, 1.0)]


def test_a_dot_stands_in_the_column_of_its_comparison_with_its_interval() -> None:
    found = columns(row(condition="late"))
    assert [name for name in CONDITIONS if dots(found[name])] == ["late"]
    assert [-3.0, -1.0] in [list(line.get_xdata()) for line in found["late"].lines]


@pytest.mark.parametrize(
    ("said", "found", "colour", "face"),
    [
        ("differs", True, FAULT, FAULT),
        ("alike", True, ACCENT, ACCENT),
        ("alike", False, ACCENT, "white"),
    ],
)
def test_what_differs_is_red_and_what_was_not_found_hollow(
    said: str, found: bool, colour: str, face: str
) -> None:
    assert dots(columns(row(said=said, found=found))["busy"]) == [(-2.0, 0.0, colour, face)]


def test_too_few_calls_have_no_dot_and_keep_their_row() -> None:
    found = columns(row(interval=FEW, said="too_few"), row(("team", "一班")))
    assert [y for _, y, *_ in dots(found["busy"])] == [1.0]
    assert labels(found["busy"]) == ["全部", "一班"]


def explained(*rows: tuple[object, ...], lang: str = "zh") -> dict[str, list[str]]:
    """What stands in each column in words."""
    figure = sameness_chart(pl.DataFrame(rows, SAMENESS, orient="row"), context(language=lang))
    figure.canvas.draw()
    texts = {name: axes.texts for name, axes in zip(CONDITIONS, figure.axes, strict=True)}
    for name, axes in zip(CONDITIONS, figure.axes, strict=True):
        for text in texts[name]:
            box, column = text.get_window_extent(), axes.get_window_extent()
            assert column.x0 <= box.x0 < box.x1 <= column.x1
    return {name: [text.get_text() for text in found] for name, found in texts.items()}


def test_a_column_without_a_dot_says_why() -> None:
    few, absent = (
        [row(who, name, FEW, said) for who in (DEPARTMENT, ("agent", "p1")) for name in CONDITIONS]
        for said in ("too_few", "absent")
    )
    assert explained(*few) == {name: ["通话太少，不能下结论"] for name in CONDITIONS}
    assert explained(*absent) == {
        "busy": ["分不出忙时和闲时"],
        "repeat": ["话单里认不出回头客"],
        "sampled": ["没有抽样"],
        "late": ["没有够长的班次"],
        "upset": ["评分标准不认激动客户"],
    }
    assert explained(*absent, lang="en")["sampled"] == ["no call was drawn"]


def test_a_column_with_a_dot_has_no_words() -> None:
    found = explained(row(), row(("agent", "p1"), interval=FEW, said="too_few"), row(condition="late"))
    assert found == {name: [] for name in CONDITIONS}


@pytest.mark.parametrize(
    ("interval", "reach"),
    [
        (FEW, 5),
        ((0.0, 0.0, 0.0), 5),
        ((0.0, -1.0, 1.0), 5),
        ((0.0, -5.0, 5.0), 5),
        ((0.0, -5.1, 5.0), 10),
        ((9.0, -70.0, 80.0), 30),
    ],
)
def test_the_scale_grows_by_fives_from_five_to_thirty_points_and_is_the_same_everywhere(
    interval: tuple[float | None, float | None, float | None], reach: int
) -> None:
    found = columns(row(condition="upset", interval=interval))
    assert {axes.get_xlim() for axes in found.values()} == {(-reach, reach)}
    ticks = [label.get_text() for label in found["busy"].get_xticklabels()]
    assert ticks == [f"-{reach}", "0", f"+{reach}"]


@pytest.mark.parametrize(("settings", "matters"), [(None, 3), (SamenessSettings(matters_points=1.5), 1.5)])
def test_the_grey_band_is_what_does_not_matter_to_the_centre(settings: Any, matters: float) -> None:
    [band] = columns(row(), settings=settings)["busy"].patches
    assert (band.get_x(), band.get_width()) == (-matters, 2 * matters)


def test_the_key_says_how_wide_the_band_is() -> None:
    frame = pl.DataFrame([row()], SAMENESS, orient="row")
    figure = sameness_chart(frame, context(), settings=SamenessSettings(matters_points=1.5))
    assert "相差不到 1.5 分" in "".join(text.get_text() for text in figure.texts)
