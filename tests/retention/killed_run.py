"""A move to an archive that kills itself (SIGKILL) at its n-th step: before a call of the system, or right
after one, or within a write.

    python killed_run.py WORKSPACE ARCHIVE N
"""

import itertools
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

STEPS = int(sys.argv[3])
_steps = itertools.count(1)


def _step():
    if next(_steps) == STEPS:
        os.kill(os.getpid(), signal.SIGKILL)


def _counted(function):
    def counted(*arguments, **named):
        _step()
        result = function(*arguments, **named)
        _step()
        return result

    return counted


def main():
    from qa_audit.retention.alone import alone
    from qa_audit.retention.archive import erase, move_to_archive, restore
    from qa_audit.retention.selection import select_older
    from qa_audit.store.database import open_database

    workspace, archive = Path(sys.argv[1]), Path(sys.argv[2])
    database = open_database(workspace / "qa.db")
    for name in ("fsync", "replace", "unlink", "mkdir", "utime"):
        setattr(os, name, _counted(getattr(os, name)))
    Path.unlink = _counted(Path.unlink)
    dialect = database.dialect
    dialect.do_commit = _counted(dialect.do_commit)
    what = sys.argv[4] if len(sys.argv) > 4 else "move"
    with alone(workspace):
        if what == "move":
            move_to_archive(database, select_older(database, datetime(2026, 9, 1), {}), archive, "李敏")
        elif what == "restore":
            restore(database, None, "李敏")
        else:
            erase(database, select_older(database, datetime(2026, 9, 1), {}), "李敏", "到期")
    database.dispose()


main()
