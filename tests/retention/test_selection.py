"""Which files are old: to the microsecond, and only where every call of a recording says so."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, update

from qa_audit.retention.selection import SELECTED, months_ago, select_gone, select_older
from qa_audit.store import schema
from qa_audit.store.database import open_database, writing

BEFORE = datetime(2026, 9, 1)
JULY, AUGUST = datetime(2026, 7, 3, 9), datetime(2026, 8, 31, 23, 59)


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def known(database, calls, files):
    """Calls (id, recording, start) and files (folder, path, recording), those of `gone/…` not there."""
    folders = sorted({folder for folder, _, _ in files})
    with writing(database) as connection:

        def add(table, rows):
            if rows:
                connection.execute(insert(table), rows)

        add(schema.imports, [{"import_id": 1, "imported_at": BEFORE, "who": "李敏", "counts": {}}])
        recordings = sorted({sha256 for _, _, sha256 in files})
        add(schema.recordings, [{"sha256": one, "size_bytes": 7, "added_in": 1} for one in recordings])
        add(schema.folders, [{"folder_id": place, "path": one} for place, one in enumerate(folders, 1)])
        add(
            schema.recording_files,
            [
                {"folder_id": folders.index(folder) + 1, "path": path, "sha256": sha256, "stem_key": path}
                | {"size_bytes": 7, "mtime_ns": 1, "present": not path.startswith("gone/")}
                for folder, path, sha256 in files
            ],
        )
        add(
            schema.calls,
            [
                {"call_id": call_id, "sha256": sha256, "start": start}
                | {"extra": {}, "source": "list", "changed_in": 1}
                for call_id, sha256, start in calls
            ],
        )
    return database


def paths(found):
    return found["path"].to_list()


def test_what_began_at_that_very_moment_is_not_older(database):
    just = BEFORE - timedelta(microseconds=1)
    known(database, [("c1", "a", BEFORE), ("c2", "b", just)], [("/录音", "a", "a"), ("/录音", "b", "b")])
    assert paths(select_older(database, BEFORE, {})) == ["b"]


def test_what_no_call_has_or_a_call_without_a_start_is_not_judged_old(database):
    calls = [("c1", "undated", None), ("c2", "both", JULY), ("c3", "both", None), ("c4", "old", JULY)]
    files = [("/录音", one, one) for one in ("undated", "both", "old", "nobody's")]
    assert paths(select_older(known(database, calls, files), BEFORE, {})) == ["old"]


def test_every_file_of_a_recording_stands_for_itself_in_order_of_month_folder_and_path(database):
    calls = [("c1", "a", AUGUST), ("c2", "b", JULY)]
    files = [
        ("/乙", "a2", "a"),
        ("/乙", "a1", "a"),
        ("/丙", "b", "b"),
        ("/丙", "a3", "a"),
        ("/丙", "gone/b", "b"),
    ]
    found = select_older(known(database, calls, files), BEFORE, {})
    assert found.select("month", "folder", "path", "sha256", "size_bytes").rows() == [
        ("2026-07", "/丙", "b", "b", 7),
        ("2026-08", "/丙", "a3", "a", 7),
        ("2026-08", "/乙", "a1", "a", 7),
        ("2026-08", "/乙", "a2", "a", 7),
    ]


def test_the_month_is_that_of_the_latest_call_and_calls_stand_in_order(database):
    known(database, [("c2", "a", JULY), ("c1", "a", AUGUST)], [("/录音", "a", "a")])
    found = select_older(database, BEFORE, {})
    assert found.select("month", "call_ids").rows() == [("2026-08", ["c1", "c2"])]


def test_a_file_that_is_not_there_is_not_named(database):
    known(database, [("c1", "a", JULY)], [("/录音", "a", "a"), ("/录音", "gone/a", "a")])
    assert paths(select_older(database, BEFORE, {})) == ["a"]


def test_a_recording_of_which_no_file_is_there_is_named_once_with_where_it_lay(database):
    calls = [("c1", "a", JULY), ("c2", "b", JULY), ("c3", "new", BEFORE), ("c4", "known", JULY)]
    files = [("/录音", f"gone/{one}", one) for one in ("a", "a2", "b", "new", "known")]
    files = [(folder, path, sha256[0] if sha256 == "a2" else sha256) for folder, path, sha256 in files]
    known(database, calls, [*files, ("/录音", "b", "b")])
    found = select_gone(database, BEFORE, {"c1": ("fault",)}, leave_out=["known"])
    assert found.rows() == [("a", 0, "/录音", "gone/a", "2026-07", ["c1"], ["fault"])]


def test_a_recording_whose_path_another_has_now_is_named_without_one(database):
    known(database, [("c1", "a", JULY)], [("/录音", "x", "a")])
    with writing(database) as connection:
        connection.execute(insert(schema.recordings).values(sha256="z", size_bytes=7, added_in=1))
        connection.execute(update(schema.recording_files).values(sha256="z"))
    assert select_gone(database, BEFORE, {}).rows() == [("a", 0, "", "", "2026-07", ["c1"], [])]
    assert select_gone(database, JULY, {}).height == 0


def test_archives_are_not_looked_at(database):
    files = [("/录音", "a", "a"), ("/mnt/archive/录音-712494bb", "a", "a")]
    known(database, [("c1", "a", JULY)], files)
    found = select_older(database, BEFORE, {}, leave_out={"/mnt/archive/录音-712494bb"})
    assert found["folder"].to_list() == ["/录音"]


def test_a_reason_is_named_once_however_many_calls_have_it_in_order_of_calls(database):
    known(database, [("c2", "a", JULY), ("c1", "a", JULY)], [("/录音", "a", "a")])
    kept = {"c2": ("hold", "appeal"), "c1": ("fault", "appeal"), "c3": ("gold",)}
    assert select_older(database, BEFORE, kept)["kept"].to_list() == [["fault", "appeal", "hold"]]


def test_without_any_recording_nothing_is_old(database):
    found = select_older(database, BEFORE, {})
    assert (found.schema, found.height) == (SELECTED, 0)


@given(months=st.integers(0, 1200), today=st.dates(date(1970, 1, 1), date(9999, 12, 31)))
def test_so_many_whole_months_lie_between(months, today):
    first = months_ago(months, today)
    assert (first.day, first.time()) == (1, datetime.min.time())
    assert 12 * (today.year - first.year) + today.month - first.month == months
