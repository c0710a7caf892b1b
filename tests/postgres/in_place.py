"""Whatever opens a database file opens a PostgreSQL database instead: tests of one are tests of both.

In the file's place lies a mark with the database's name, so that a workspace that was copied has a copy.
"""

from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from qa_audit.store import database
from qa_audit.store.database import open_database


@contextmanager
def databases_in_place_of_files(cluster):
    """While the block runs, in this process alone."""
    original = database._engine
    fresh = cluster.new_database()
    open_database(cluster.url(fresh)).dispose()

    def engine(url_or_path):
        given = str(url_or_path)
        if "://" in given:
            return original(given)
        if given in cluster.databases:
            return original(cluster.url(given))
        path = Path(given).absolute()
        name, home = path.read_text(encoding="utf-8").split("\n") if path.exists() else (fresh, "")
        if home != str(path):
            name = cluster.new_database(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name}\n{path}", encoding="utf-8")
        return original(cluster.url(name))

    with mock.patch.object(database, "_engine", engine):
        yield
