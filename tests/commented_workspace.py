"""A workspace with one comment and one part of results, for what is backed up and brought back."""

import polars as pl

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append, events_of
from qa_audit.store.database import open_database
from qa_audit.store.parts import write_part
from qa_audit.workspace import Workspace


def make_commented(folder):
    """Make it."""
    made = Workspace.create(folder)
    append(made.database, "c1", "李敏", WriteComment("一"), made.rubric)
    write_part(pl.DataFrame({"a": [1]}), made.results, "turns", "2026-10", "k1")
    return made


def comments_in(folder):
    """The comments in the workspace in `folder`, in order."""
    database = open_database(folder / "qa_audit.db")
    found = [event.action.text for event in events_of(database, "c1")]
    database.dispose()
    return found
