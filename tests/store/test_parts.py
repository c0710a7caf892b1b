import errno
import os

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.store import files
from qa_audit.store.parts import (
    check_parts,
    has_part,
    part_keys,
    part_months,
    part_path,
    read_part,
    read_parts,
    scan_parts,
    set_aside_incomplete,
    survey_parts,
    write_part,
)

FRAME = pl.DataFrame({"turn": [0, 1], "text": ["您好", "再见"]})


def test_a_part_is_read_as_it_was_written(tmp_path):
    path = write_part(FRAME, tmp_path, "turns", "2026-10", "ab12")
    assert path == tmp_path / "turns" / "2026-10" / "ab12.parquet"
    assert read_part(tmp_path, "turns", "2026-10", "ab12").equals(FRAME)
    assert has_part(tmp_path, "turns", "2026-10", "ab12")
    assert not has_part(tmp_path, "turns", "2026-11", "ab12")


def test_months_and_keys_limit_a_scan_and_order_is_fixed(tmp_path):
    for month, key, turn in (
        ("2026-11", "a", 3),
        ("2026-10", "b", 2),
        ("2026-10", "a", 1),
        ("undated", "c", 4),
    ):
        write_part(pl.DataFrame({"turn": [turn]}), tmp_path, "turns", month, key)
    assert scan_parts(tmp_path, "turns").collect()["turn"].to_list() == [1, 2, 3, 4]
    assert scan_parts(tmp_path, "turns", ["2026-10"]).collect()["turn"].to_list() == [1, 2]
    assert scan_parts(tmp_path, "turns", ["2026-10"], keys=["b", "c"]).collect()["turn"].to_list() == [2]
    assert part_keys(tmp_path, "turns") == {"a", "b", "c"}
    assert part_months(tmp_path, "turns") == {"a": "2026-11", "b": "2026-10", "c": "undated"}


def test_no_parts_give_an_empty_frame_of_the_schema(tmp_path):
    schema = pl.Schema({"turn": pl.Int32, "text": pl.String})
    assert scan_parts(tmp_path, "turns", ["2026-10"], schema=schema).collect().schema == schema
    assert scan_parts(tmp_path, "turns").collect().shape == (0, 0)


def test_parts_of_an_older_shape_are_read_with_nulls(tmp_path):
    schema = pl.Schema({"turn": pl.Int64, "role": pl.String})
    write_part(FRAME, tmp_path, "turns", "2026-10", "old")
    write_part(pl.DataFrame({"turn": [5], "role": ["agent"]}), tmp_path, "turns", "2026-10", "young")
    found = scan_parts(tmp_path, "turns", schema=schema).collect()
    assert found.rows() == [(0, None), (1, None), (5, "agent")]


@pytest.mark.parametrize("cut", [0, 3, 11, -1, -5, -40])
def test_a_torn_part_counts_as_missing_and_is_made_again(tmp_path, cut):
    write_part(FRAME, tmp_path, "turns", "2026-10", "whole")
    path = write_part(FRAME, tmp_path, "turns", "2026-10", "torn")
    path.write_bytes(path.read_bytes()[:cut])
    assert not has_part(tmp_path, "turns", "2026-10", "torn")
    assert part_keys(tmp_path, "turns") == {"whole"}
    assert scan_parts(tmp_path, "turns").collect().height == 2
    with pytest.raises(QaError) as raised:
        read_part(tmp_path, "turns", "2026-10", "torn")
    assert raised.value.code == "store.damaged_part"
    assert not path.exists()
    assert path.with_name("torn.parquet.damaged").exists()
    write_part(FRAME, tmp_path, "turns", "2026-10", "torn")
    assert scan_parts(tmp_path, "turns").collect().height == 4


def test_damage_inside_is_found_by_reading_to_the_end(tmp_path):
    many = pl.DataFrame({"text": [f"第{i}句" for i in range(5000)]})
    write_part(many, tmp_path, "turns", "2026-10", "good")
    path = write_part(many, tmp_path, "turns", "2026-10", "bad")
    content = bytearray(path.read_bytes())
    content[4:2000] = b"\xff" * 1996
    path.write_bytes(content)
    assert check_parts(tmp_path, "turns") == [path]
    assert part_keys(tmp_path, "turns") == {"good"}
    assert check_parts(tmp_path, "turns") == []


def test_a_part_that_is_not_there_is_told(tmp_path):
    with pytest.raises(QaError) as raised:
        read_part(tmp_path, "turns", "2026-10", "ab")
    assert raised.value.code == "store.no_part"


def test_a_full_disk_keeps_the_former_part(tmp_path, monkeypatch):
    write_part(FRAME, tmp_path, "turns", "2026-10", "a")

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(QaError) as raised:
        write_part(FRAME.head(1), tmp_path, "turns", "2026-10", "a")
    assert raised.value.code == "store.disk_full"
    monkeypatch.undo()
    assert read_part(tmp_path, "turns", "2026-10", "a").equals(FRAME)
    assert [file.name for file in (tmp_path / "turns" / "2026-10").iterdir()] == ["a.parquet"]


@pytest.mark.parametrize(
    ("kind", "month", "key"),
    [
        ("../turns", "2026-10", "a"),
        ("turns", "2026-13", "a"),
        ("turns", "..", "a"),
        ("turns", "2026-10", "../a"),
        ("turns", "2026-10", ".a"),
        ("turns", "2026-10", ""),
        ("Turns", "2026-10", "a"),
    ],
)
def test_names_that_could_leave_the_folder_are_refused(tmp_path, kind, month, key):
    with pytest.raises(QaError) as raised:
        part_path(tmp_path, kind, month, key)
    assert raised.value.code == "store.part_name"


@given(st.text(max_size=30))
def test_whatever_the_key_the_part_stays_in_its_folder(key):
    try:
        path = part_path("results", "turns", "2026-10", key)
    except QaError:
        return
    assert path.parent.as_posix() == "results/turns/2026-10"
    assert path.name == f"{key}.parquet"


SMALL = pl.Schema({"number": pl.Int64, "name": pl.String})


def test_many_parts_are_read_at_once_in_the_order_asked_for(tmp_path):
    for key, rows in (("a", [1, 2]), ("b", []), ("c", [3])):
        part = pl.DataFrame(
            {"number": rows, "besides": rows}, schema={"number": pl.Int64, "besides": pl.Int64}
        )
        write_part(part, tmp_path, "turns", "2026-10", key)
    frame, heights = read_parts(tmp_path, "turns", [("2026-10", key) for key in "cba"], SMALL)
    assert frame.rows() == [(3, None), (1, None), (2, None)]
    assert heights == [1, 0, 2]


@pytest.mark.parametrize("places", [[], [("2026-10", "a")]])
def test_parts_that_are_not_there_have_no_rows(tmp_path, places):
    frame, heights = read_parts(tmp_path, "turns", places, SMALL)
    assert frame.equals(pl.DataFrame(schema=SMALL))
    assert heights == [0] * len(places)


def test_a_damaged_part_among_many_is_set_aside(tmp_path):
    for key in "abc":
        write_part(pl.DataFrame({"number": [ord(key)]}), tmp_path, "turns", "2026-10", key)
    torn = tmp_path / "turns" / "2026-10" / "b.parquet"
    torn.write_bytes(b"PAR1" + bytes(50) + b"PAR1")
    places = [("2026-10", "a"), ("2026-10", "b"), ("2026-11", "x"), ("2026-10", "c")]
    frame, heights = read_parts(tmp_path, "turns", places, SMALL)
    assert frame["number"].to_list() == [97, 99]
    assert heights == [1, 0, 0, 1]
    assert not torn.exists()
    assert torn.with_name("b.parquet.damaged").exists()


def test_parts_told_apart_by_a_column_are_the_same(tmp_path):
    for key, rows in (("a", [1, 1]), ("b", [2]), ("c", [2, 2]), ("d", [])):
        part = pl.DataFrame({"number": rows}, schema={"number": pl.Int64})
        write_part(part, tmp_path, "turns", "2026-10", key)
    for keys in ("ab", "abc", "acd", "", "dd"[:1]):
        places = [("2026-10", key) for key in keys]
        plain = read_parts(tmp_path, "turns", places, SMALL)
        quick = read_parts(tmp_path, "turns", places, SMALL, same="number")
        assert quick.heights == plain.heights
        assert quick.frame.equals(plain.frame)


def test_damaged_parts_are_named_and_left_where_they_are(tmp_path):
    write_part(pl.DataFrame({"a": [1]}), tmp_path, "turns", "2026-10", "whole")
    torn = write_part(pl.DataFrame({"a": [1]}), tmp_path, "findings", "2026-10", "torn")
    torn.write_bytes(torn.read_bytes()[:-3])
    assert survey_parts(tmp_path)[:2] == (2, [torn])
    assert survey_parts(tmp_path / "none")[:2] == (0, [])
    assert torn.is_file()


def test_a_part_that_lost_what_was_written_with_it_is_set_aside(tmp_path):
    def put(kind, key):
        return write_part(pl.DataFrame({"a": [1]}), tmp_path, kind, "2026-10", key)

    for key in ("whole", "no_findings", "torn_findings", "torn_questions", "aside_questions"):
        put("scores", key)
        put("findings", key)
    put("scores", "asks")
    put("findings", "asks")
    put("questions", "asks")
    (tmp_path / "findings" / "2026-10" / "no_findings.parquet").unlink()
    (tmp_path / "findings" / "2026-10" / "torn_findings.parquet").write_bytes(b"PAR1")
    put("questions", "torn_questions").write_bytes(b"PAR1")
    (tmp_path / "questions" / "2026-10" / "aside_questions.parquet.damaged").write_bytes(b"PAR1")
    assert set_aside_incomplete(tmp_path, "scores", "findings", "questions") == 4
    assert part_keys(tmp_path, "scores") == {"asks", "whole"}
    assert survey_parts(tmp_path).damaged == []
    for key in ("torn_questions", "aside_questions"):  # made again without a question
        put("scores", key)
        put("findings", key)
    assert set_aside_incomplete(tmp_path, "scores", "findings", "questions") == 0


@pytest.mark.parametrize("number", [errno.EACCES, errno.EMFILE])
def test_a_part_that_may_not_be_read_now_is_told_and_neither_left_out_nor_set_aside(
    tmp_path, monkeypatch, number
):
    for key in "ab":
        write_part(pl.DataFrame({"number": [1]}), tmp_path, "turns", "2026-10", key)
    closed = tmp_path / "turns" / "2026-10" / "b.parquet"
    plain = os.open

    def refusing(path, *given, **named):
        if str(path) == str(closed):
            raise OSError(number, os.strerror(number))
        return plain(path, *given, **named)

    monkeypatch.setattr(os, "open", refusing)
    for read in (
        lambda: scan_parts(tmp_path, "turns", schema=SMALL),
        lambda: has_part(tmp_path, "turns", "2026-10", "b"),
        lambda: read_part(tmp_path, "turns", "2026-10", "b"),
        lambda: part_keys(tmp_path, "turns"),
        lambda: check_parts(tmp_path, "turns"),
    ):
        with pytest.raises(QaError) as raised:
            read()
        assert raised.value.code == "store.part_unread"
    assert survey_parts(tmp_path)[:2] == (2, [])
    (told,) = survey_parts(tmp_path).unread
    assert str(closed) in str(told)
    assert closed.is_file()


def test_a_month_that_may_not_be_listed_is_told(tmp_path, monkeypatch):
    for month in ("2026-09", "2026-10"):
        write_part(pl.DataFrame({"number": [1]}), tmp_path, "turns", month, "a")
    plain = os.listdir

    def refusing(path):
        if str(path).endswith("2026-09"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return plain(path)

    monkeypatch.setattr(os, "listdir", refusing)
    with pytest.raises(QaError) as raised:
        scan_parts(tmp_path, "turns", schema=SMALL)
    assert raised.value.code == "store.part_unread"
    assert survey_parts(tmp_path)[:2] == (1, [])
    (told,) = survey_parts(tmp_path).unread
    assert "2026-09" in str(told)


def test_what_polars_may_not_read_is_told_too(tmp_path, monkeypatch):
    places = [("2026-10", key) for key in "ab"]
    for _, key in places:
        write_part(pl.DataFrame({"number": [1]}), tmp_path, "turns", "2026-10", key)

    def refused(*_given, **_named):
        raise pl.exceptions.ComputeError("Permission denied (os error 13): b.parquet")

    monkeypatch.setattr(pl, "scan_parquet", refused)
    monkeypatch.setattr(pl, "read_parquet", refused)
    for read in (
        lambda: read_parts(tmp_path, "turns", places, SMALL),
        lambda: read_part(tmp_path, "turns", "2026-10", "a"),
    ):
        with pytest.raises(QaError) as raised:
            read()
        assert raised.value.code == "store.part_unread"
    assert len(list((tmp_path / "turns" / "2026-10").glob("*.parquet"))) == 2
