"""Write `versions/`: a small database as each version of the schema left it, for SQLite and for PostgreSQL.

`python -m tests.store.make_versions` adds what a new version lacks; dumps that are there stay as they are,
for they are what earlier programs made. Version 1 was written by hand.
"""

import json
import re
import sqlite3
import subprocess
from pathlib import Path

import psycopg
from sqlalchemy import text

from qa_audit.store import database
from qa_audit.store.database import open_database
from qa_audit.store.migrations import migrate
from qa_audit.store.schema import SCHEMA_VERSION
from tests.postgres.cluster import running_cluster, server_binaries

FOLDER = Path(__file__).with_name("versions")
VERSION_1 = Path(__file__).with_name("version_1.sql")
LAST = 13
"""The newest version that has dumps: raise it when another one is about to be followed."""
_FOR_POSTGRES = ((r"\bDATETIME\b", "TIMESTAMP"), (r"\bBLOB\b", "BYTEA"), (r"\bFLOAT\b", "DOUBLE PRECISION"))
_KEY = r"(\b\w+_id) INTEGER NOT NULL(?=,[^;]*CONSTRAINT pk_\w+ PRIMARY KEY \(\1\))"
"""A key of one number, which PostgreSQL gives by a sequence."""
_FAULT = {"kind": "fault", "fault": "a" * 32, "item": "closing", "severity": "minor", "start_s": 1.0}
_FAULT |= {"end_s": 2.5, "should_say": "感谢来电", "comment": ""}
_AUDITS = (
    "INSERT INTO audit_events VALUES (4, 'e4', '2026-11-03 09:00:00.000000', '李敏', 'c1', NULL, 'comment',"
    """ '{"kind": "comment", "text": "语速偏快"}', (1=1), 'r', '1', NULL)""",
    "INSERT INTO audit_events VALUES (7, 'e7', '2026-11-03 09:01:00.500000', '李敏', 'c1', '0042', 'fault',"
    f" '{json.dumps(_FAULT, ensure_ascii=False)}', (1=0), 'r', '1', 't')",
)
_DECISIONS = (
    "INSERT INTO appeals VALUES (3, 'c1', 'closing', 2, '录音里说了', '李敏', '2026-11-03 09:00:00.000000',"
    " '[\"王芳\"]', NULL, '2026-11-05 09:00:00.250000', '2026-11-10 09:00:00.000000')",
    "INSERT INTO appeal_steps VALUES (5, 3, 'decision', '赵六', '2026-11-04 09:00:00.000000', NULL, '说了',"
    " 'overturned', '{\"王芳\": [90.5, 95.0]}')",
    "INSERT INTO rulings VALUES (1, 'c1', 'closing', 'appeal', 3, 'pass', 1.5, (1=1), '[\"赵六\"]', '说了',"
    " '2026-11-04 09:00:00.000000', 'r', '1')",
    "INSERT INTO complaints VALUES (1, NULL, '态度差', '赵六', '2026-11-04 09:00:00.000000')",
    "INSERT INTO confirmations VALUES (1, '2026-10', '8001', (1=1), '95.50', NULL, '李敏',"
    " '2026-11-04 09:00:00.000000')",
    "INSERT INTO hold_events VALUES (1, 'c1', 'add', '投诉', '赵六', '2026-11-04 09:00:00.000000')",
)
_KEYS = {"audit_events": "event", "appeal_steps": "step", "hold_events": "hold_event"}
_ADDED = {4: _AUDITS, 8: _DECISIONS}
"""What people did while a version was in use."""


def load(url, script):
    """Fill an empty database."""
    if "://" not in url:
        with sqlite3.connect(url) as plain:
            plain.executescript(script)
        plain.close()
        return
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as plain:
        plain.execute(script)


def version_1(*, postgres):
    """The first version's dump, in the words of the database."""
    script = VERSION_1.read_text(encoding="utf-8")
    if not postgres:
        return script
    for pattern, instead in _FOR_POSTGRES:
        script = re.sub(pattern, instead, script)
    tables = script.split("CREATE TABLE ")
    return "CREATE TABLE ".join(re.sub(_KEY, r"\1 SERIAL NOT NULL", one, count=1) for one in tables)


def _make(url, dump, ending):
    load(url, version_1(postgres="://" in url))
    engine = database._engine(url)
    for version in range(1, SCHEMA_VERSION + 1):
        with engine.begin() as connection:
            for statement in _ADDED.get(version, ()):
                connection.execute(text(statement.replace(":", r"\:")))
                table, number = statement.split()[2], re.search(r"VALUES \((\d+)", statement)[1]
                if "://" in url:  # a number that was given by hand is not known to the sequence
                    key = f"{_KEYS.get(table, table.removesuffix('s'))}_id"
                    connection.execute(text(f"SELECT setval('{table}_{key}_seq', {number})"))
        kept = FOLDER / f"{version:02d}.{ending}.sql"
        if version <= LAST and not kept.exists():
            kept.write_text(dump(), encoding="utf-8")
        if version < SCHEMA_VERSION:
            with engine.begin() as connection:
                migrate(connection, version, until=version + 1)
    engine.dispose()
    open_database(url).dispose()


def main():
    """Make both."""
    FOLDER.mkdir(exist_ok=True)
    binaries = server_binaries()
    with running_cluster(binaries) as cluster:
        path = cluster.folder / "v.db"

        def of_sqlite():
            plain = sqlite3.connect(path)
            lines = list(plain.iterdump())
            plain.close()
            return "\n".join(lines) + "\n"

        def of_postgres():
            command = [binaries / "pg_dump", "--inserts", "--no-owner", "-h", cluster.folder, "-U", "qa_test"]
            done = subprocess.run([*command, name], capture_output=True, text=True, check=True)
            lines = [one for one in done.stdout.splitlines() if one and not one.startswith(("--", "\\"))]
            return "\n".join(lines) + "\n"

        _make(str(path), of_sqlite, "sqlite")
        name = cluster.new_database()
        _make(cluster.url(name), of_postgres, "postgres")


if __name__ == "__main__":
    main()
