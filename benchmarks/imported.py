"""Recordings and calls of a made-up centre, put into a workspace's database as an import would."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from qa_audit.store import schema
from qa_audit.store.database import insert_one, writing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.workspace import Workspace

DONE_BY = {"who": "benchmark", "counts": {}}


def sha256_of(number: int) -> str:
    """What stands for the hash of the recording of a call."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def import_numbered(workspace: Workspace, calls: Iterable[tuple[int, datetime, dict[str, Any]]]) -> None:
    """Calls with their recordings: number, start, and what the list says besides."""
    contents, files, rows = [], [], []
    for number, start, told in calls:
        same = {"sha256": sha256_of(number), "size_bytes": 2_880_000 + number}
        path = f"{start:%Y%m%d}/{number:06d}.wav"
        contents.append(same)
        files.append({"path": path, "stem_key": f"{number:06d}", **same, "mtime_ns": number})
        named = {"call_id": f"C{number:06d}", "sha256": same["sha256"], "named_recording": path}
        rows.append({**named, "start": start, **told})
    now = datetime.now(UTC).replace(tzinfo=None)
    with writing(workspace.database) as connection:
        made = insert_one(connection, insert(schema.imports).values(imported_at=now, **DONE_BY))
        folder = insert_one(connection, insert(schema.folders).values(path="/recordings"))
        connection.execute(insert(schema.recordings), [{**one, "added_in": made} for one in contents])
        connection.execute(
            insert(schema.recording_files), [{**one, "folder_id": folder, "present": True} for one in files]
        )
        common = {"extra": {}, "source": "list", "changed_in": made}
        told = dict.fromkeys(key for one in rows for key in one)  # rows inserted together have the same keys
        connection.execute(insert(schema.calls), [{**told, **one, **common} for one in rows])
