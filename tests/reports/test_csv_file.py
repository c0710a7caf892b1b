from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qa_audit.reports.context import ReportContext
from qa_audit.reports.csv_file import write_csv
from qa_audit.reports.table import Column, Table
from qa_audit.reports.tables import fault_table

Month = tuple[pl.DataFrame, pl.DataFrame]


def test_the_file_reads_literally_so(
    by_hand: Month, make_context: Callable[..., ReportContext], tmp_path: Path
) -> None:
    path = tmp_path / "问题清单.csv"
    write_csv(path, fault_table(*by_hand, make_context()))
    assert path.read_bytes().decode("utf-8") == (
        "\ufeff班组,工号,姓名,通话编号,开始时间,位置,项目,原话,识别依据,扣分,一票否决,其他位置,录音文件\r\n"
        "一班,0012,王喆,20261003-001,2026-10-03 09:05,01:01,结束语,'@好的<再见>&谢谢,应说未说,4.0,,,"
        "recordings/一班/001.wav\r\n"
        "一班,0012,王喆,20261003-002,2026-10-03 10:00,00:10,不使用生硬语言,'=1+1,读音相近,10.0,一票否决,"
        "01:10“喂1”；02:10“喂2”；03:10“喂3”；04:10“喂4”；05:10“喂5”；另有 2 处,recordings/一班/002.wav\r\n"
        "一班,0012,王喆,20261003-002,2026-10-03 10:00,,complaint,,,0.0,,,recordings/一班/002.wav\r\n"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-3", "'-3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1+1", "'＝1+1"),
        ("1=1", "1=1"),
        ('说"好"', '"说""好"""'),
        ("甲,乙", '"甲,乙"'),
    ],
)
def test_what_looks_like_a_formula_is_disarmed(tmp_path: Path, text: str, written: str) -> None:
    frame = pl.DataFrame({"a": [text], "b": [-3.0]})
    table = Table("t", (Column("a", "A", "text", 9), Column("b", "B", "score", 9)), frame)
    write_csv(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_bytes().decode("utf-8-sig") == f"A,B\r\n{written},-3.0\r\n"


def test_numbers_have_stated_decimals(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [56.83333], "b": [1 / 3], "c": [3725.9], "d": [3]})
    columns = (
        Column("a", "A", "score", 9),
        Column("b", "B", "share", 9),
        Column("c", "C", "length", 9),
        Column("d", "D", "count", 9),
    )
    write_csv(tmp_path / "t.csv", Table("t", columns, frame))
    assert (tmp_path / "t.csv").read_text("utf-8-sig").splitlines() == ["A,B,C,D", "56.83,0.3333,62:05,3"]


def test_halves_are_rounded_up_as_in_every_other_file(tmp_path: Path) -> None:
    """The mean of eight scores often ends in a half: 74.125 is 74.13 in the workbook and on the page."""
    frame = pl.DataFrame(
        {"a": [74.125, 84.995, None], "b": [0.03125, 0.5, None], "c": [-0.001, -0.125, 2.675]}
    )
    columns = (
        Column("a", "A", "figure", 9),
        Column("b", "B", "share", 9),
        Column("c", "C", "correction", 9),
    )
    write_csv(tmp_path / "t.csv", Table("t", columns, frame))
    lines = (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()
    assert lines[1:] == ["74.13,0.0313,0.0", "85.0,0.5,-0.13", ",,2.68"]
