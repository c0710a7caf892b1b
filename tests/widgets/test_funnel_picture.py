"""The funnel as a picture that can be looked into, and the same in words."""

import io
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.image import imread

from qa_audit.closing.figures import FIGURES
from qa_audit.messages import speaking
from qa_audit.widgets.funnel_picture import funnel_png, funnel_words

RED, AXIS = (155, 44, 44), 75
INSIDE = [("d", 8, 81.0, None), ("e", 20, 79.5, None)]


def figures(*rows, centre: float | None = 80.0, spread=True) -> Any:
    """Agents (key, calls heard, this month's own estimate, where outside); single calls vary by 6 points."""
    named = [dict(zip(("agent", "heard", "alone", "outside"), row, strict=True)) for row in rows]
    agents = pl.DataFrame(named, FIGURES)
    variance = 36 / pl.col("heard") if spread else pl.lit(None, pl.Float64)
    estimated = agents.select("agent", "heard", estimate="alone", pooled_variance=variance)
    return SimpleNamespace(
        agents=agents, department={"estimate": centre}, estimate=SimpleNamespace(agents=estimated)
    )


def pixels(png):
    return np.round(imread(io.BytesIO(png))[..., :3] * 255).astype(int)


def red(png):
    """Where the dots of those outside lie: row and column of their middle, None without any."""
    found = np.argwhere((pixels(png) == RED).all(axis=-1))
    return found.mean(axis=0) if len(found) else None


def drawn(*rows, names=None, **more):
    png = funnel_png(figures(*rows, **more), names or {})
    assert png is not None
    return png


def test_it_is_a_png_of_eight_inches_by_three():
    png = drawn(*INSIDE)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert pixels(png).shape == (374, 880, 3)


@pytest.mark.parametrize(
    "nothing",
    [
        figures(*INSIDE, centre=None),
        figures(("a", 0, None, None), ("b", 3, None, None)),
        figures(),
    ],
    ids=["no department", "no estimate", "nobody"],
)
def test_without_estimates_there_is_no_picture(nothing):
    assert funnel_png(nothing, {}) is None


def test_only_dots_outside_are_red():
    assert red(drawn(*INSIDE)) is None
    assert red(drawn(*INSIDE, ("a", 8, 60.0, "below"))) is not None


def test_scores_go_up_and_calls_heard_to_the_right():
    low, high = (red(drawn(*INSIDE, ("a", 8, score, "x"))) for score in (60.0, 99.0))
    few, many = (red(drawn(*INSIDE, ("a", heard, 60.0, "x"))) for heard in (4, 16))
    assert low is not None
    assert high is not None
    assert few is not None
    assert many is not None
    assert high[0] < low[0]
    assert few[1] < many[1]


def test_only_who_lies_outside_is_named():
    one, other = {"d": "张三", "a": "李敏"}, {"d": "王芳", "a": "李敏"}
    rows = (*INSIDE, ("a", 8, 60.0, "below"))
    assert drawn(*rows, names=one) == drawn(*rows, names=other)
    assert drawn(*rows, names=one) != drawn(*rows, names={"a": "张三"})


def test_the_name_of_whoever_was_heard_most_stands_inside_the_picture():
    # Lettering beside the dot, none cut off at the right edge.
    for heard in (4, 40):
        png = drawn(*INSIDE, ("a", heard, 60.0, "below"), names={"a": "8002 欧阳娜娜"})
        row, column = red(png)
        beside = pixels(png)[int(row) - 6 : int(row) + 7, AXIS:]
        reddish = np.argwhere(beside[..., 0] > beside[..., 1] + 40)[:, 1] + AXIS
        assert reddish.max() < pixels(png).shape[1] - 3
        assert (reddish.min() < column - 60) == (heard == 40)
        assert (reddish.max() > column + 60) == (heard == 4)


def test_an_agent_without_an_estimate_changes_nothing():
    assert drawn(*INSIDE, ("f", 2, None, None), spread=False) == drawn(*INSIDE, spread=False)


def test_without_any_spread_dots_are_drawn_and_no_limits():
    assert drawn(*INSIDE, spread=False) != drawn(*INSIDE)
    assert red(drawn(*INSIDE, ("a", 8, 60.0, None), spread=False)) is None


def test_words_name_who_lies_outside_with_scores_rounded_half_up():
    rows = (*INSIDE, ("a", 8, 60.125, "below"), ("f", 0, None, None), ("b", 9, 98.0, "above"))
    with speaking("zh"):
        told = funnel_words(figures(*rows), {"a": "8001 张三"})
    assert told == "漏斗图：4 人；在浅色带外的：8001 张三 60.13、b 98.00"


def test_words_say_that_nobody_does():
    with speaking("zh"):
        assert funnel_words(figures(*INSIDE), {}) == "漏斗图：2 人；在浅色带外的：没有人"
