import pytest

from qa_audit.calls.text_grids import swallowed_lines, text_grids


def test_each_separator_that_can_be_read_has_a_grid(tmp_path):
    grids, failure = text_grids(tmp_path / "a.csv", "工号,班组\n8001,一班\n".encode())
    assert grids[","] == [["工号", "班组"], ["8001", "一班"]]
    assert (list(grids), failure) == ([",", "\t", ";", "|"], None)


def test_a_cell_without_end_is_told_with_the_line_where_its_row_begins(tmp_path):
    text = '工号,班组\n8001,"一\n班"\n8002,"' + "x" * 200_000
    grids, failure = text_grids(tmp_path / "a.csv", text.encode())
    assert "," not in grids
    assert failure is not None
    assert "第 4 行" in failure


@pytest.mark.parametrize(
    ("cell", "column", "lines"),
    [
        ("急\nA2,2026,8002,好\nA3,2026,8003,好\n", 3, 2),
        ("急\nA2,2026,8002,好", 3, 1),
        ("2026,8001,好\nA2,", 1, 1),
        ("急", 3, 0),
        ("急，请回电\n地址：一号楼,三单元", 3, 0),
        ("第一行,\n第二行", 3, 0),
        ("", 3, 0),
    ],
)
def test_rows_inside_a_cell_are_told_from_a_text_of_many_lines(cell, column, lines):
    assert swallowed_lines(cell, column, ",", 4) == lines
