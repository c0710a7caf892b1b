"""What was done to which recording: events that are only appended, and the tasks that a killed run left open.

A file on its way goes through `copied` (the copy is whole, and the database knows it) to `moved` (the
original is gone). One that is deleted goes through `erasing` to `erased`; `gone` is one that was to be and
was not there any more. `stayed` ends a task whose file was left where it was. `sound` and `bad` are what a
check of the archive found.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl
from sqlalchemy import select

from qa_audit.store.database import reading
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.moments import stored_moment
from qa_audit.store.retention_schema import recording_events

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

Kind = Literal["copied", "moved", "erasing", "erased", "gone", "stayed", "sound", "bad"]
_OPEN = ("copied", "erasing")
_ENDS = ("moved", "erased", "stayed")

JOURNAL = pl.Schema(
    {
        "at": pl.Datetime("us"),
        "who": pl.String(),
        "kind": pl.String(),
        "sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "folder": pl.String(),
        "path": pl.String(),
        "to_folder": pl.String(),
        "call_ids": pl.List(pl.String()),
        "reason": pl.String(),
    }
)
"""Columns of `journal_frame`; `at` is UTC."""


@dataclass(frozen=True, slots=True)
class FileTask:
    """One file and what is to become of it."""

    sha256: str
    size_bytes: int
    folder: str
    """Absolute, as in the database."""
    path: str
    """Relative to the folder, with `/` between its parts."""
    call_ids: tuple[str, ...]
    who: str
    to_folder: str | None = None
    """Where a copy goes, under the same path; None for what is deleted or looked at."""
    reason: str | None = None
    task: str = ""
    """Name of the task; events with the same one belong together."""


def new_task() -> str:
    """A name that no other task has."""
    return uuid.uuid4().hex


def note(connection: Connection, task: FileTask, kind: Kind, *, reason: str | None = None) -> None:
    """Append one event, within the caller's transaction; `reason` instead of the task's own."""
    values = {
        "task": task.task,
        "kind": kind,
        "sha256": task.sha256,
        "size_bytes": task.size_bytes,
        "folder": task.folder,
        "path": task.path,
        "to_folder": task.to_folder,
        "call_ids": list(task.call_ids),
        "reason": task.reason if reason is None else reason,
        "who": task.who,
        "at": stored_moment(),
    }
    keep_decision(connection, recording_events, values)


def open_tasks(database: Database) -> list[tuple[Kind, FileTask]]:
    """Tasks begun and not ended, with how far each came, in the order in which they were begun."""
    table = recording_events
    ended = select(table.c.task).where(table.c.kind.in_(_ENDS))
    query = (
        select(table)
        .where(table.c.kind.in_(_OPEN), table.c.task.not_in(ended))
        .order_by(table.c.recording_event_id)
    )
    with reading(database) as connection:
        return [
            (
                row.kind,
                FileTask(
                    row.sha256,
                    row.size_bytes,
                    row.folder,
                    row.path,
                    tuple(row.call_ids),
                    row.who,
                    row.to_folder,
                    row.reason,
                    row.task,
                ),
            )
            for row in connection.execute(query)
        ]


def journal_frame(database: Database) -> pl.DataFrame:
    """All events (`JOURNAL`), oldest first."""
    table = recording_events
    query = select(*(table.c[name] for name in JOURNAL)).order_by(table.c.recording_event_id)
    with reading(database) as connection:
        return pl.DataFrame([tuple(row) for row in connection.execute(query)], JOURNAL, orient="row")


def deletions(database: Database) -> pl.DataFrame:
    """What was deleted for good, or was to be and was gone before (`JOURNAL`): when, by whom and why."""
    return journal_frame(database).filter(pl.col("kind").is_in(["erased", "gone"]))
