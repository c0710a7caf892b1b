"""A database file of SQLite's with a page that a failing disk or a torn write left without its content."""

import sqlite3
from contextlib import closing
from pathlib import Path


def tear(engine, table):
    """Empty the first page of a table in the engine's file."""
    engine.dispose()
    path = engine.url.database
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = plain.execute("PRAGMA page_size").fetchone()[0]
        number = plain.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    with Path(path).open("r+b") as file:
        file.seek((number - 1) * size)
        file.write(bytes(size))
