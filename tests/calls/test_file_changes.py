from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from qa_audit.calls.file_changes import plan_files, write_files
from qa_audit.calls.recordings import FolderScan, RecordingFile
from qa_audit.store import schema
from qa_audit.store.database import reading, writing

FOLDER = Path("/录音")
A, B, C = (RecordingFile(f"{name}.wav", name * 64, 10, 1) for name in "abc")


def scan(*files, unreadable=()):
    return FolderScan(files, (), unreadable, 0, 0)


@pytest.fixture
def imported(engine):
    """A database in which an import has seen A and B."""
    with writing(engine) as connection:
        values = {"import_id": 1, "imported_at": datetime(2026, 10, 3), "who": "", "counts": {}}
        connection.execute(insert(schema.imports).values(**values))
        write_files(connection, plan_files(connection, FOLDER, scan(A, B)), 1)
    return engine


def plan(engine, *files, **options):
    with reading(engine) as connection:
        return plan_files(connection, FOLDER, scan(*files, **options))


def test_nothing_new(imported):
    found = plan(imported, A, B)
    assert (found.new_recordings, found.inserted, found.updated, found.gone) == ({}, (), (), ())
    assert (found.renamed, found.unchanged) == (0, 2)


def test_new_renamed_and_gone(imported):
    moved = RecordingFile("neu.wav", B.sha256, 10, 1)
    found = plan(imported, A, moved, C)
    assert found.new_recordings == {C.sha256: 10}
    assert found.inserted == (moved, C)
    assert found.gone == ("b.wav",)
    assert (found.renamed, found.unchanged) == (1, 1)


@pytest.mark.parametrize("unreadable", ["b.wav", "."])
def test_what_could_not_be_read_is_not_gone(imported, unreadable):
    assert plan(imported, A, unreadable=(unreadable,)).gone == ()


def test_a_sibling_of_an_unreadable_folder_is_gone(imported):
    assert plan(imported, A, unreadable=("b",)).gone == ("b.wav",)


def test_what_is_written_is_what_is_there(imported):
    moved = RecordingFile("Neu/Ä.WAV", B.sha256, 10, 1)
    with writing(imported) as connection:
        write_files(connection, plan_files(connection, FOLDER, scan(A, moved)), 1)
    table = schema.recording_files
    with reading(imported) as connection:
        rows = connection.execute(select(table.c.path, table.c.stem_key, table.c.present)).all()
    assert sorted(map(tuple, rows)) == [("Neu/Ä.WAV", "ä", True), ("a.wav", "a", True), ("b.wav", "b", False)]


def test_no_folder_no_plan(engine):
    with reading(engine) as connection:
        assert plan_files(connection, None, scan(A)).files == ()
