"""The sound of faults, kept in the workspace by its own hash: it stays when the recording is archived."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl
from sqlalchemy import insert, select

from qa_audit.messages import QaError
from qa_audit.store.database import reading, writing
from qa_audit.store.dispute_schema import fault_clips
from qa_audit.store.files import write_bytes, write_error
from qa_audit.store.moments import stored_moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy import Engine as Database

CLIPS_FOLDER = "clips"
MARGIN_S = 2.0
"""Kept before and after a fault, so that one hears what it was about."""


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """What came of keeping clips."""

    kept: int
    """Clips made now."""
    there: int
    """Clips that were there before."""
    failed: Mapping[str, QaError]
    """Faults whose sound could not be had, by id of the call."""


def clip_path(folder: Path, sha256: str) -> Path:
    """Where a clip lies in the workspace's folder."""
    return folder / CLIPS_FOLDER / sha256[:2] / f"{sha256}.mp3"


def keep_clips(
    database: Database,
    folder: Path,
    faults: pl.DataFrame,
    sound_of: Callable[[str, float, float], bytes],
    *,
    now: datetime | None = None,
) -> ClipOutcome:
    """Keep the sound of each of these faults (`FAULTS_SCHEMA`) that has none yet, or whose ends were moved.

    `sound_of` gives a stretch of a call, from and to in seconds, as MP3. Faults whose recording is not there
    are told and the others go on. Doing it again does nothing more. The file is written before its row, so a
    row always has its file.
    """
    known = _rows(database)
    kept, there, failed = 0, 0, {}
    for fault, call_id, start_s, end_s in faults.select("fault", "call_id", "start_s", "end_s").iter_rows():
        before = known.get((call_id, fault))
        if before is not None and before[1:] == (start_s, end_s) and clip_path(folder, before[0]).is_file():
            there += 1
            continue
        try:
            sound = sound_of(call_id, max(0.0, start_s - MARGIN_S), end_s + MARGIN_S)
        except QaError as error:
            failed[call_id] = error
            continue
        sha256 = hashlib.sha256(sound).hexdigest()
        write_bytes(clip_path(folder, sha256), sound)
        at = stored_moment(now)
        row = {"fault": fault, "call_id": call_id, "start_s": start_s, "end_s": end_s}
        with writing(database) as connection:
            connection.execute(insert(fault_clips).values(**row, sha256=sha256, kept_at=at))
        kept += 1
    return ClipOutcome(kept, there, failed)


def delete_clips(database: Database, folder: Path, call_ids: Collection[str]) -> int:
    """Delete the files of all clips of these calls that no other call has, too; how many were there.

    Raises `QaError` as `store.files.write_error`.
    """
    query = select(fault_clips.c.sha256, fault_clips.c.call_id)
    with reading(database) as connection:
        rows = connection.execute(query).all()
    shared = {row.sha256 for row in rows if row.call_id not in call_ids}
    found = {row.sha256 for row in rows} - shared
    deleted = 0
    for path in (clip_path(folder, sha256) for sha256 in sorted(found)):
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise write_error(path, error) from error
        deleted += 1
    return deleted


class KeptSound(NamedTuple):
    """A clip that holds something of a stretch of a call."""

    path: Path
    begins_s: float
    """Where it begins in the call."""


def kept_sound(
    database: Database, folder: Path, call_id: str, start_s: float, end_s: float
) -> KeptSound | None:
    """The clip that holds most of this stretch of a call; None where none holds any of it."""
    most_s, best = 0.0, None
    for sha256, first_s, last_s in _rows(database, call_id).values():
        path, begins_s = clip_path(folder, sha256), max(0.0, first_s - MARGIN_S)
        held_s = min(end_s, last_s + MARGIN_S) - max(start_s, begins_s)
        if held_s > most_s and path.is_file():
            most_s, best = held_s, KeptSound(path, begins_s)
    return best


def with_clips(database: Database, folder: Path, faults: pl.DataFrame) -> pl.DataFrame:
    """Faults with `clip`: the path of their sound, or null."""
    paths = [
        (call_id, fault, str(clip_path(folder, sha256)))
        for (call_id, fault), (sha256, *_) in _rows(database).items()
    ]
    columns = {"call_id": pl.String, "fault": pl.String, "clip": pl.String}
    return faults.join(
        pl.DataFrame(paths, columns, orient="row"), on=["call_id", "fault"], how="left", maintain_order="left"
    )


def _rows(database: Database, call_id: str | None = None) -> dict[tuple[str, str], tuple[str, float, float]]:
    """Hash, start and end of the newest clip of each call (or of one) and fault."""
    query = select(fault_clips).order_by(fault_clips.c.clip_id)
    if call_id is not None:
        query = query.where(fault_clips.c.call_id == call_id)
    with reading(database) as connection:
        rows = connection.execute(query).all()
    return {(row.call_id, row.fault): (row.sha256, row.start_s, row.end_s) for row in rows}
