import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from qa_audit.messages import QaError
from qa_audit.reports.charts import Page, save_png, svg_below_a_heading, text_inches, wrapped
from qa_audit.reports.context import ReportContext


def test_lines_break_where_the_room_ends_and_not_before_a_full_stop() -> None:
    text = "圆点：平均分。虚线：全部门平均。"
    lines = wrapped(text, text_inches("圆点：平均分", 8) + 0.001, 8)
    assert lines == ["圆点：平均分。", "虚线：全部门", "平均。"]
    assert "".join(lines) == text


def test_english_breaks_between_words() -> None:
    lines = wrapped("Dot: mean of the agent's calls", text_inches("Dot: mean of the", 8), 8)
    assert lines == ["Dot: mean of the", "agent's calls"]


def test_equal_figures_give_equal_files(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        figure = Figure(figsize=(1, 1), dpi=50)
        figure.text(0.1, 0.5, "n")
        save_png(figure, tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert np.asarray(imread(tmp_path / "a.png")).shape == (50, 50, 4)


def test_a_folder_that_is_a_file_is_one_clear_fault(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(QaError) as caught:
        save_png(Figure(), tmp_path / "out" / "a.png")
    assert caught.value.code == "store.write_failed"


def test_below_a_heading_a_chart_does_not_say_it_again(make_context: Callable[..., ReportContext]) -> None:
    pages = [Page(5, 3, make_context(), title, "说明") for title in ("标题", "另一个标题")]
    first, second = (svg_below_a_heading(page.figure) for page in pages)
    assert first == second
    assert re.search(r'height="([\d.]+)pt"', first)[1] == "159.84"  # type: ignore[index]  # 2.22 inches
    assert [text.get_visible() for text in pages[0].figure.texts] == [True, True, True]


def test_a_figure_without_a_title_is_shown_whole() -> None:
    assert re.search(r'height="([\d.]+)pt"', svg_below_a_heading(Figure(figsize=(1, 1))))[1] == "72"  # type: ignore[index]
