"""A run of the housekeeping that kills itself (SIGKILL) at its n-th step: before or after a call of the
system that changes a disk, or a commit."""

import itertools
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from qa_audit.messages import QaError
from qa_audit.retention.alone import alone
from qa_audit.retention.archive import erase, move_to_archive, restore
from qa_audit.retention.selection import select_older
from qa_audit.store.database import open_database

RUNNING = 3
"""Exit code of a run that another one kept out."""


def run(workspace, archive, kill_at, what):
    """Move, restore or erase, killed at step `kill_at` (0: never)."""
    steps = itertools.count(1)

    def step():
        if next(steps) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(function):
        def wrapped(*arguments, **named):
            step()
            result = function(*arguments, **named)
            step()
            return result

        return wrapped

    database = open_database(workspace / "qa.db")
    for name in ("fsync", "replace", "unlink", "mkdir", "utime"):
        setattr(os, name, counted(getattr(os, name)))
    Path.unlink = counted(Path.unlink)
    database.dialect.do_commit = counted(database.dialect.do_commit)
    before = datetime(2026, 9, 1)
    try:
        with alone(workspace):
            if what == "move":
                move_to_archive(database, select_older(database, before, {}), archive, "李敏")
            elif what == "restore":
                restore(database, None, "李敏")
            else:
                erase(database, select_older(database, before, {}), "李敏", "到期")
    except QaError as error:
        sys.exit(RUNNING if error.code == "archive.running" else 1)
