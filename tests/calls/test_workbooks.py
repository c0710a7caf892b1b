import datetime
import io
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from qa_audit.calls.call_list import read_call_list
from qa_audit.calls.headings import CALL_FIELDS
from qa_audit.calls.tables import read_table
from qa_audit.calls.workbooks import is_workbook
from qa_audit.messages import QaError


def read(path, max_mb=256):
    return read_table(path, CALL_FIELDS, {}, max_mb)


def cells(table):
    return [(row.number, *row.cells) for row in table.rows]


def workbook(path, rows, **options):
    with xlsxwriter.Workbook(path, options) as book:
        for name, sheet_rows in rows.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(sheet_rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime.datetime):
                        date_format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
                        sheet.write_datetime(index, column, cell, date_format)
                    else:
                        sheet.write(index, column, cell)


def test_a_workbook_gives_text_dates_and_row_numbers(tmp_path):
    moment = datetime.datetime(2026, 10, 3, 9, 15, 7)
    rows = [
        ["十月"],
        [],
        ["通话编号", "开始时间", "工号", "备注"],
        ["A1", moment, 8001, True],
        [],
        ["A2", "明天", "0012", 1.5],
    ]
    workbook(tmp_path / "a.xlsx", {"说明": [["请看下一页"]], "清单": rows})
    table = read(tmp_path / "a.xlsx")
    assert cells(table) == [
        (4, "A1", "2026-10-03 09:15:07", "8001", "true"),
        (6, "A2", "明天", "0012", "1.5"),
    ]


def test_numbers_that_the_spreadsheet_rounded_are_shown_as_such(tmp_path):
    workbook(tmp_path / "a.xlsx", {"a": [["通话编号", "客户号码"], [123456789012345678, 13800138000]]})
    assert cells(read(tmp_path / "a.xlsx")) == [(2, "1.23456789012346E+17", "13800138000")]


def test_a_number_written_short_is_rounded_all_the_same(tmp_path):
    ids = [["通话编号", "工号"], [20261101000000001, 8001], [2026110100000000, 8002], [202611010000000, 8003]]
    workbook(tmp_path / "a.xlsx", {"a": ids})
    assert [row[1] for row in cells(read(tmp_path / "a.xlsx"))] == [
        "2.02611010000000E+16",
        "2.02611010000000E+15",
        "202611010000000",
    ]


def test_a_sheet_with_one_cell_far_off_is_refused_before_it_is_loaded(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(["通话编号", "工号"])
    sheet["XFD1048576"] = "x"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.xlsx")
    assert raised.value.code == "calls.list_too_wide"
    assert raised.value.values["cells"] == 16_384 * 1_048_576


def test_a_small_file_that_unpacks_to_much_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 3_000_000 + b"</a>")
    assert (tmp_path / "a.xlsx").stat().st_size < 10_000
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.xlsx", max_mb=2)
    assert raised.value.code == "calls.list_too_big"


def test_entities_that_expand_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>')
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.xlsx")
    assert raised.value.code == "calls.list_damaged"


def sample_workbook() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for index in range(30):
            sheet.write_row(
                index, 0, ["通话编号", "工号", "开始时间"] if not index else [f"A{index}", 8001, "2026-10-03"]
            )
    return content.getvalue()


SAMPLE = sample_workbook()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 30))
def test_a_mutated_workbook_is_read_or_refused(tmp_path, seed, changes):
    content = bytearray(SAMPLE)
    dice = random.Random(seed)
    for _ in range(changes):
        content[dice.randrange(4, len(content))] = dice.randrange(256)
    read_or_refuse(tmp_path / "a.xlsx", bytes(content))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inner=st.binary(max_size=200), at=st.integers(0, 3000))
def test_a_mutated_sheet_inside_a_workbook_is_read_or_refused(tmp_path, inner, at):
    mutated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as old, zipfile.ZipFile(mutated, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename.endswith("sheet1.xml"):
                content = content[:at] + inner + content[at + len(inner) :]
            new.writestr(entry.filename, content)
    read_or_refuse(tmp_path / "a.xlsx", mutated.getvalue())


def test_a_workbook_is_known_by_its_first_bytes():
    assert is_workbook(SAMPLE)
    assert not is_workbook("通话编号,工号".encode())


def test_a_workbook_with_a_wrong_extension_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(SAMPLE)
    assert len(read(tmp_path / "a.csv").rows) == 29


def test_a_far_cell_hidden_behind_another_prefix_and_name_is_found(tmp_path):
    far = '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
    far += '<x:row><x:c r="&#88;FD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/worksheets/sheet1.bin", far)
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.xlsx")
    assert raised.value.code == "calls.list_too_wide"


def test_an_encrypted_archive_is_told(tmp_path):
    content = bytearray(SAMPLE)
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the first entry of the directory
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.xlsx")
    assert raised.value.code == "calls.list_protected"


def read_or_refuse(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refusal, table = None, None
    try:
        table = read(path)
    except QaError as error:
        refusal = error
    if table is not None:
        assert all(len(row.cells) >= len(table.headings) for row in table.rows)
    if refusal is not None:
        assert refusal.code.startswith("calls.list_")
        assert refusal.text("zh") != refusal.text("en")


def test_the_old_format_is_read_too():
    assert cells(read(Path(__file__).parent / "data" / "list.xls")) == [
        (2, "A1", "8001", "2026-10-03 09:15:07"),
        (3, "A2", "0012", "2026/10/3 9:16"),
    ]


@pytest.mark.parametrize("field", [44, 64])
def test_an_old_workbook_that_states_absurd_sizes_does_not_end_the_process(tmp_path, field):
    content = bytearray((Path(__file__).parent / "data" / "list.xls").read_bytes())
    content[field : field + 4] = (2**31 - 1).to_bytes(4, "little")  # number of sectors of its tables
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.xls")
    assert raised.value.code == "calls.list_damaged"


HEADINGS = ["通话编号", "开始时间", "工号"]


def test_all_sheets_with_the_same_headings_are_read(tmp_path):
    days = {f"10月{day}日": [HEADINGS, [f"A{day}", f"2026-10-0{day} 09:15", "8001"]] for day in (1, 2, 3)}
    workbook(tmp_path / "a.xlsx", days)
    table = read(tmp_path / "a.xlsx")
    assert [(row.sheet, row.number, row.cells[0]) for row in table.rows] == [
        ("10月1日", 2, "A1"),
        ("10月2日", 2, "A2"),
        ("10月3日", 2, "A3"),
    ]
    assert table.problems == ()


def test_sheets_with_other_headings_are_told(tmp_path):
    row = ["A1", "2026-10-01 09:15", "8001"]
    sheets = {
        "清单": [HEADINGS, row],
        "补录": [[*HEADINGS[:2], "备注"], row],
        "汇总": [["班组", "通话时长"], ["一班", 75]],
        "空白": [[*HEADINGS[:2], "备注"]],
        "说明": [["请看清单"]],
    }
    workbook(tmp_path / "a.xlsx", sheets)
    table = read(tmp_path / "a.xlsx")
    assert [row.sheet for row in table.rows] == ["清单"]
    assert [(p.code, p.sheet, p.values["got"], p.left_out) for p in table.problems] == [
        ("calls.sheet_not_read", "补录", "备注, 工号", True),
        ("calls.sheet_not_read", "汇总", "工号, 开始时间, 班组, 通话时长, 通话编号", False),
    ]
    assert table.problems[0].text("zh").startswith("a.xlsx“补录”表：表头与“清单”表不同，没有读。")


def test_one_sheet_needs_no_name(tmp_path):
    workbook(tmp_path / "a.xlsx", {"清单": [HEADINGS, ["A1", "2026-10-01 09:15", "8001"]]})
    assert [row.sheet for row in read(tmp_path / "a.xlsx").rows] == [""]


def test_merged_headings_and_long_lengths_of_time(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "通话编号")
        sheet.merge_range(0, 1, 0, 2, "时间")
        sheet.write_row(1, 1, ["开始时间", "通话时长"])
        sheet.write_row(2, 0, ["A1", "2026-10-03 09:15:07"])
        sheet.write(2, 2, 25 / 24, book.add_format({"num_format": "[h]:mm:ss"}))
    assert [(row.start, row.duration_s) for row in read_call_list(tmp_path / "a.xlsx").rows] == [
        (datetime.datetime(2026, 10, 3, 9, 15, 7), 90_000.0)
    ]
