"""The sound of a workspace's calls: whole recordings, and stretches to hand on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from sqlalchemy import Engine as Database

    from qa_audit.audit.plays import Place
    from qa_audit.transcribe.audio import Recording
    from qa_audit.workspace import Workspace


def recording_of(workspace: Workspace, call_id: str) -> Recording:
    """A call's recording, ready to be read; its bytes are not looked at.

    Raises `QaError` `workspace.unknown_call`, `workspace.recording_gone`, and those of
    `transcribe.audio.open_recording`.
    """
    from qa_audit.transcribe.audio import open_recording

    call = workspace.call_results.call(call_id)
    path = _path_of(call)
    raw = workspace.settings.transcribe.raw_format_of(path.name)
    return open_recording(path, raw, sha256=call["sha256"])


def clip_of(
    workspace: Workspace,
    call_id: str,
    start_s: float,
    end_s: float,
    *,
    beeps: Iterable[tuple[int, float, float]],
    place: Place,
) -> bytes:
    """A stretch of a call as MP3, `beeps` as in `transcribe.clip`; that it was handed out is kept.

    Where the recording is gone, what a fault's clip has of the stretch. Raises `QaError` when there is none
    either.
    """
    from qa_audit.audit.clips import kept_sound
    from qa_audit.transcribe.clip import clip_mp3

    try:
        path = _path_of(workspace.call_results.call(call_id))
    except QaError:
        kept = kept_sound(workspace.database, workspace.folder, call_id, start_s, end_s)
        if kept is None:
            raise
        moved = [(channel, from_s - kept.begins_s, to_s - kept.begins_s) for channel, from_s, to_s in beeps]
        return clip_mp3(kept.path, start_s - kept.begins_s, end_s - kept.begins_s, beeps=moved)
    raw = workspace.settings.transcribe.raw_format_of(path.name)
    made = clip_mp3(path, start_s, end_s, raw, beeps=beeps)
    workspace.plays.note(call_id, max(0.0, start_s), end_s, place)
    return made


def recordings_by_length(database: Database) -> list[Path]:
    """Recordings that are there: longest call first, as the call list says, then the largest files."""
    known = calls_frame(database).filter(pl.col("recording").is_not_null())
    rows = known.select("recording", "listed_duration_s").unique("recording").iter_rows()
    found = [(listed_s or 0.0, Path(path)) for path, listed_s in rows]
    sized = [(listed_s, path.stat().st_size, path) for listed_s, path in found if path.is_file()]
    return [path for *_, path in sorted(sized, reverse=True)]


def _path_of(call: Mapping[str, Any]) -> Path:
    path = Path(call["recording"] or "")
    if not path.is_file():
        raise QaError("workspace.recording_gone", call_id=call["call_id"], path=call["recording"] or "–")
    return path
