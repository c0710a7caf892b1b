from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from qa_audit.messages import QaError
from qa_audit.reports.charts import save_png, text_inches, wrapped


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
