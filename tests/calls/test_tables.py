from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.calls.headings import CALL_FIELDS
from qa_audit.calls.tables import read_table, unknown_headings
from qa_audit.messages import QaError

TEXT = "通话编号,工号,开始时间,备注\nA1,8001,2026-10-03 09:15:07,好\n\nA2,8002,2026/10/3 9:16,“行”\n"


def read(path, max_mb=256):
    return read_table(path, CALL_FIELDS, {}, max_mb)


def cells(table):
    return [(row.number, *row.cells) for row in table.rows]


EXPECTED = [(2, "A1", "8001", "2026-10-03 09:15:07", "好"), (4, "A2", "8002", "2026/10/3 9:16", "“行”")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_encoding_and_separator_reads_the_same(tmp_path, encoding, separator, line_end):
    text = TEXT.replace(",", separator).replace("\n", line_end)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    table = read(tmp_path / "a.csv")
    assert cells(table) == EXPECTED
    assert table.columns == {"call_id": 0, "agent_no": 1, "start": 2}
    assert unknown_headings(table) == ("备注",)


def test_rare_characters_of_gb18030(tmp_path):
    (tmp_path / "a.csv").write_bytes("工号,姓名\n1,㐱堃喆🀄\n".encode("gb18030"))
    assert cells(read(tmp_path / "a.csv")) == [(2, "1", "㐱堃喆🀄")]


def test_a_title_above_the_headings_and_blank_columns_behind(tmp_path):
    (tmp_path / "a.csv").write_text("十月通话清单,,,,\n,,,,\n工号,班组,,,\n8001,一班,,,\n", encoding="utf-8")
    table = read(tmp_path / "a.csv")
    assert table.headings == ("工号", "班组")
    assert cells(table) == [(4, "8001", "一班", "", "", "")]


def test_quoted_separators_line_breaks_and_excels_own_first_line(tmp_path):
    (tmp_path / "a.csv").write_text('sep=;\n工号;班组\n8001;"一;班\n组"\n8002;二班\n', encoding="utf-8")
    assert cells(read(tmp_path / "a.csv")) == [(2, "8001", "一;班\n组"), (3, "8002", "二班")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "calls.list_empty"),
        (b"\n \n", "calls.list_empty"),
        (b"\xef\xbb\xbf\n\n", "calls.list_headings"),
        ("第一列,第二列\n1,2\n".encode(), "calls.list_headings"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt \xff\xfe\xff", "calls.list_encoding"),
        ("工号,班组\n8001,一班\n".encode() + b"8002,\xff\xff\n", "calls.list_encoding"),
        (b"PK\x03\x04rubbish", "calls.list_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "calls.list_damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "calls.list_protected",
        ),
        ('工号,班组\n8001,"'.encode() + b"x" * 200_000, "calls.list_damaged"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path, content, code):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.csv")
    assert raised.value.code == code
    assert "a.csv" in str(raised.value)


def test_a_bad_byte_is_told_with_its_line(tmp_path):
    (tmp_path / "a.csv").write_bytes("工号,班组\n8001,一班\n".encode() + b"8002,\xff\xff\n")
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.csv")
    assert raised.value.values["line"] == 3


def test_missing_folder_and_big_files_are_told(tmp_path):
    with pytest.raises(QaError) as raised:
        read(tmp_path / "none.csv")
    assert raised.value.code == "calls.list_missing"
    with pytest.raises(QaError) as raised:
        read(tmp_path)
    assert raised.value.code == "calls.list_unreadable"
    (tmp_path / "big.csv").write_bytes(b"x" * 1_000_001)
    with pytest.raises(QaError) as raised:
        read(tmp_path / "big.csv", max_mb=1)
    assert raised.value.code == "calls.list_too_big"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='通话编号工录音文件,;\t\n\r"=1-: \0', max_size=200).map(
            lambda text: text.encode("gb18030")
        ),
    )
)
def test_any_bytes_are_read_or_refused(tmp_path, content):
    read_or_refuse(tmp_path / "a.csv", content)


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


def told(table):
    return [
        (p.code.removeprefix("calls."), p.row, p.column, p.values.get("got"), p.left_out)
        for p in table.problems
    ]


def test_rows_that_a_missing_quotation_mark_swallowed_are_told(tmp_path):
    lines = ["通话编号,工号,开始时间,备注", "A1,8001,2026-10-03 9:15,好"]
    lines += ['A2,8001,2026-10-03 9:16,"客户说急', "A3,8001,2026-10-03 9:17,好", "A4,8001,2026-10-03 9:18,好"]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    table = read(tmp_path / "a.csv")
    assert cells(table) == [(2, "A1", "8001", "2026-10-03 9:15", "好")]
    assert told(table) == [("swallowed_lines", 3, "备注", 2, True)]


def test_a_text_of_many_lines_is_no_swallowed_row(tmp_path):
    (tmp_path / "a.csv").write_text(
        '通话编号,工号,备注\nA1,8001,"急,\n请,回电"\nA2,8002,\n', encoding="utf-8"
    )
    table = read(tmp_path / "a.csv")
    assert cells(table) == [(2, "A1", "8001", "急,\n请,回电"), (3, "A2", "8002", "")]
    assert table.problems == ()


def test_headings_are_not_denied_when_a_missing_quotation_mark_swallowed_the_file(tmp_path):
    rows = "\n".join(f"A{number},8001,好" for number in range(20_000))
    (tmp_path / "a.csv").write_text(
        f'通话编号,工号,备注\nB1,8001,好\nB2,8001,"急\n{rows}\n', encoding="utf-8"
    )
    with pytest.raises(QaError) as raised:
        read(tmp_path / "a.csv")
    assert raised.value.code == "calls.list_damaged"
    assert "第 3 行" in raised.value.text("zh")


def test_headings_in_two_rows(tmp_path):
    text = "十月清单,,,\n通话编号,时间,,工号\n,开始时间,结束时间,\nA1,2026-10-03 9:15,2026-10-03 9:16,8001\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    table = read(tmp_path / "a.csv")
    assert table.columns == {"call_id": 0, "start": 1, "end": 2, "agent_no": 3}
    assert cells(table) == [(4, "A1", "2026-10-03 9:15", "2026-10-03 9:16", "8001")]


def test_a_heading_given_twice_keeps_both_columns_apart(tmp_path):
    (tmp_path / "a.csv").write_text("工号,班组,备注,备注\n8001,一班,甲,乙\n", encoding="utf-8")
    table = read(tmp_path / "a.csv")
    assert table.headings == ("工号", "班组", "备注", "备注 (2)")
