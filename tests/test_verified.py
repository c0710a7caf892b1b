"""Whether a workspace is as it must be: what is looked at, what counts as wrong, and how it is told."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import delete

from qa_audit.audit.proof import Finding, Proof
from qa_audit.closing.folder import sealed
from qa_audit.closing.ledger import Ledger
from qa_audit.messages import QaError, speaking
from qa_audit.store import closing_schema
from qa_audit.store.chain import Head, read_head
from qa_audit.store.database import open_database, writing
from qa_audit.store.parts import write_part
from qa_audit.verified import Verified, database_faults, verify_workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401
from tests.made_damage import tear

WHOLE = Verified(Proof(Head(0, "a" * 64), {}, 0, (), ()), (), 3, ())
CUT = Finding("tail_cut", {"source": "audit_events", "first": 2, "last": 3})


def told(verified):
    """Its lines in English below those of the chain."""
    with speaking("en"):
        return str(verified).removeprefix(f"{verified.proof}\n").split("\n")


def test_what_is_whole_is_told_in_a_line_each():
    assert not WHOLE.failed
    assert told(WHOLE) == ["The database file is whole.", "3 parts of machine results, all readable."]


@pytest.mark.parametrize(
    "wrong",
    [
        {"proof": replace(WHOLE.proof, findings=(CUT,))},
        {"database": ("row 1 missing from index",)},
        {"damaged": (Path("a.parquet"),)},
        {"months": 1, "changed_months": ("2026-10, version 1: changed",)},
        {"draws": 1, "changed_draws": ("draw 1: changed",)},
        {"unread": ("a.parquet: cannot be read now",)},
    ],
)
def test_anything_wrong_fails_the_whole(wrong):
    found = replace(WHOLE, **wrong)
    assert found.failed
    assert found.as_json()["ok"] is False


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            "UPDATE tickets SET inclusion = 0.9 WHERE draw_id = 2",
            "draw 2: ",
        ),
        ("UPDATE draws SET seed = 'x' WHERE draw_id = 1", "draw 1: the seed"),
        ("UPDATE draws SET kind = 'another' WHERE draw_id = 1", "draw 1: "),
    ],
)
def test_a_draw_that_was_changed_is_named(heard, sql, named):  # noqa: F811
    whole = verify_workspace(heard.database, heard.results)
    assert (whole.failed, whole.draws) == (False, 2)
    assert "2 draws, all computed again" in told(whole)[-1]
    _meddle(heard.database, sql)
    with speaking("en"):
        found = verify_workspace(heard.database, heard.results)
        assert found.failed
        (line,) = found.changed_draws
    assert line.startswith(named)
    assert f"  ✗ {line}" in told(found)


def test_words_deleted_on_record_are_nothing_wrong():
    found = replace(WHOLE, months=2, erased_in_months=5)
    assert not found.failed
    (line,) = told(found)[2:]
    assert line.startswith("2 versions of closed months: their files are as they were sealed")
    assert line.endswith("words deleted in them on record: 5.")


def test_everything_wrong_is_named():
    found = replace(
        WHOLE,
        database=("page 3 is never used", "closing_files 1 → closings"),
        damaged=(Path("turns/a.parquet"),),
        months=2,
        changed_months=("2026-10, version 1: changed", "2026-11, version 2: missing"),
    )
    lines = told(found)
    assert "page 3 is never used; closing_files 1 → closings" in lines[0]
    assert lines[2] == "  ✗ turns/a.parquet"
    assert lines[4:] == ["  ✗ 2026-10, version 1: changed", "  ✗ 2026-11, version 2: missing"]


@pytest.mark.parametrize(("count", "more"), [(20, []), (21, ["  … 1"]), (50, ["  … 30"])])
def test_of_many_damaged_parts_twenty_are_listed_and_the_rest_counted(count, more):
    found = replace(WHOLE, parts=60, damaged=tuple(Path(f"{number}.parquet") for number in range(count)))
    lines = told(found)[2:]
    assert lines[:20] == [f"  ✗ {number}.parquet" for number in range(20)]
    assert lines[20:] == more
    assert len(found.as_json()["damaged"]) == count


def test_scripts_get_all_of_it():
    found = replace(WHOLE, damaged=(Path("a.parquet"),), months=1, changed_months=("x",), erased_in_months=2)
    assert found.as_json() == {
        "ok": False,
        "chain": WHOLE.proof.as_json(),
        "database": [],
        "parts": 3,
        "damaged": ["a.parquet"],
        "months": 1,
        "changed_months": ["x"],
        "erased_in_months": 2,
        "draws": 0,
        "changed_draws": [],
        "unread": [],
    }


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def test_a_new_workspace_is_whole_and_has_nothing(database, tmp_path):
    found = verify_workspace(database, tmp_path / "results")
    assert not found.failed
    assert (found.parts, found.damaged, found.months, found.erased_in_months) == (0, (), 0, 0)


def test_a_torn_part_is_named_and_left_where_it_is(database, tmp_path):
    frame = pl.DataFrame({"a": [1]})
    write_part(frame, tmp_path, "turns", "2026-10", "whole")
    torn = write_part(frame, tmp_path, "findings", "undated", "torn")
    torn.write_bytes(torn.read_bytes()[:-3])
    found = verify_workspace(database, tmp_path)
    assert (found.failed, found.parts, found.damaged) == (True, 2, (torn,))
    assert torn.exists()


def test_a_head_kept_elsewhere_that_the_chain_does_not_reach_is_told(database, tmp_path):
    assert not verify_workspace(database, tmp_path, [read_head(database)]).failed
    found = verify_workspace(database, tmp_path, [Head(9, "0" * 64)])
    assert found.failed
    assert [one.code for one in found.proof.findings] == ["head_cut"]


def closed(database, *months):
    """These months closed, each with a file of its own."""
    ledger = Ledger(database)
    return [ledger.close(month, sealed({"about.json": month.encode()}), "主管") for month in months]


def test_each_version_of_a_closed_month_counts(database, tmp_path):
    closed(database, "2026-09", "2026-10")
    Ledger(database).reopen("2026-10", "主管", "申诉改判")
    closed(database, "2026-10")
    found = verify_workspace(database, tmp_path)
    assert (found.failed, found.months, found.changed_months) == (False, 3, ())


def test_of_closed_months_only_those_that_were_changed_are_named(database, tmp_path):
    _, second = closed(database, "2026-09", "2026-10")
    files = closing_schema.closing_files
    with writing(database) as connection:
        own = files.c.closing_id == second.closing_id
        connection.execute(delete(files).where(own, files.c.name == "about.json"))
    with speaking("en"):
        found = verify_workspace(database, tmp_path)
    assert (found.failed, found.months) == (True, 2)
    (month,) = found.changed_months
    assert month.startswith("2026-10, version 1: ")
    assert "about.json" in month


def _meddle(database, *statements):
    """What somebody who may write to the file can do."""
    with closing(sqlite3.connect(database.url.database)) as plain, plain:
        for statement in statements:
            plain.execute(statement)


def test_a_sound_database_has_no_faults(database):
    assert database_faults(database) == ()


@pytest.mark.sqlite
def test_a_row_that_points_nowhere_is_named_with_its_table_and_where_it_points(database, tmp_path):
    _meddle(database, "INSERT INTO closing_files (closing_id, name, content) VALUES (99, 'a', x'00')")
    assert database_faults(database) == ("closing_files 1 → closings",)
    assert verify_workspace(database, tmp_path).failed


@pytest.mark.sqlite
def test_what_the_file_s_own_check_finds_is_told(database):
    _meddle(
        database,
        "CREATE TABLE extra (number INTEGER CHECK (number > 0))",
        "PRAGMA ignore_check_constraints = ON",
        "INSERT INTO extra VALUES (-1)",
    )
    (fault,) = database_faults(database)
    assert "extra" in fault


TORN = "database disk image is malformed"


@pytest.mark.sqlite
def test_a_torn_page_is_told_with_its_table_and_all_else_is_checked(database, tmp_path):
    closed(database, "2026-10")
    write_part(pl.DataFrame({"a": [1]}), tmp_path, "turns", "2026-10", "whole")
    tear(database, "calls")
    found = verify_workspace(database, tmp_path)
    assert found.database == (TORN, f"calls: {TORN}")
    assert (found.failed, found.proof.failed) == (True, False)
    assert (found.proof.counts, found.parts, found.months) == ({"closings": 1}, 1, 1)
    assert found.changed_months == ()


@pytest.mark.sqlite
def test_closed_months_on_a_torn_page_are_told_to_be_unchecked(database, tmp_path):
    closed(database, "2026-10")
    tear(database, "closings")
    with speaking("en"):
        found = verify_workspace(database, tmp_path)
    assert found.database == (
        TORN,
        f"closings: {TORN}",
        f"closed months could not be checked to their end ({TORN})",
    )
    assert found.months == 0
    assert [(one.code, one.values["source"]) for one in found.proof.findings] == [("unread", "closings")]


@pytest.mark.sqlite
def test_files_of_a_month_on_a_torn_page_are_named_with_the_month(database, tmp_path):
    closed(database, "2026-10")
    tear(database, "closing_files")
    found = verify_workspace(database, tmp_path)
    assert (found.proof.failed, found.months, len(found.changed_months)) == (False, 1, 1)
    assert found.changed_months[0].startswith("2026-10 第 1 版：")


@pytest.mark.sqlite
def test_another_error_than_damage_ends_it(database, tmp_path):
    _meddle(database, "DROP TABLE closings")
    with pytest.raises(QaError) as error:
        verify_workspace(database, tmp_path)
    assert error.value.code == "store.database_error"
