from datetime import UTC, datetime

import polars as pl
import pytest

from qa_audit.audit.faults import FAULTS_SCHEMA
from qa_audit.messages import QaError, speaking
from qa_audit.reports.fault_register import REGISTER, register_table, write_register
from qa_audit.scoring import load_rubric

RUBRIC = load_rubric()
FAULTS = pl.DataFrame(
    [
        (
            "0" * 32, "c1", datetime(2026, 10, 5, 9), "person:P1", "8001", "王芳", "一班", "greeting",
            "major", 61.5, 63.0, "=您好", "太冲", "李敏", datetime(2026, 10, 6, 1, tzinfo=UTC), 2, False,
            "/ws/clips/a.mp3",
        ),
        (
            "1" * 32, "c2", None, None, None, None, None, "gone_item", "minor",
            0.0, 1.0, "", "", "李敏", datetime(2026, 10, 6, 2, tzinfo=UTC), None, True, None,
        ),
    ],
    {**FAULTS_SCHEMA, "clip": pl.String}, orient="row",
)  # fmt: skip


def test_the_register_in_words():
    with speaking("zh"):
        table = register_table(FAULTS, RUBRIC)
    assert table.name == REGISTER
    assert [column.heading for column in table.columns][5:9] == ["位置", "项目", "程度", "正确答复"]
    assert table.frame.row(0)[5:9] == ("01:01–01:03", "开头语", "一般", "=您好")
    assert table.frame.select("nth", "struck", "item").rows() == [
        (2, "", "开头语"), (None, "申诉改判", "gone_item"),
    ]  # fmt: skip
    with speaking("en"):
        assert register_table(FAULTS, RUBRIC).frame["severity"].to_list() == ["major", "minor"]


def test_as_a_workbook_and_as_csv(tmp_path):
    with speaking("zh"):
        book = write_register(tmp_path / "工差.XLSX", FAULTS, RUBRIC)
        plain = write_register(tmp_path / "工差.csv", FAULTS, RUBRIC)
        empty = write_register(tmp_path / "空.xlsx", FAULTS.clear(), RUBRIC)
    read = pl.read_excel(book, sheet_name=REGISTER)
    assert read["通话编号"].to_list() == ["c1", "c2"]
    assert read["第几次"].to_list() == [2, None]
    assert "'=您好" in plain.read_text("utf-8-sig"), "a spreadsheet must not run it"
    assert empty.stat().st_size > 1_000


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(QaError) as error:
        write_register(tmp_path / "工差.pdf", FAULTS, RUBRIC)
    assert error.value.code == "faults.file_kind"
    assert list(tmp_path.iterdir()) == []
