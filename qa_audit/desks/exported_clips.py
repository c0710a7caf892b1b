"""The sound of faults as it may leave the department: copies with a tone where personal data is said."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from qa_audit.audit.clips import MARGIN_S
from qa_audit.messages import QaError
from qa_audit.retention.masked_clip import turns_of
from qa_audit.retention.masking import stretches_of_turns
from qa_audit.store.files import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from qa_audit.workspace import Workspace


def export_clips(workspace: Workspace, faults: pl.DataFrame, beside: Path) -> list[str | None]:
    """Write the sound of faults (`audit.faults.FAULTS_SCHEMA`) into a folder named like the file `beside`.

    Their paths from that file on; None where there is no sound, and where it would have to be masked and what
    was said is known no more. Raises `QaError` `store.…`.
    """
    folder, seen = beside.with_name(f"{beside.stem}_clips"), workspace.sees_unmasked
    names, written = () if seen else workspace.names_known(), []
    for fault, call_id, start_s, end_s in faults.select("fault", "call_id", "start_s", "end_s").iter_rows():
        try:
            said = [] if seen else turns_of(workspace.turns(call_id))
            beeps = map(astuple, stretches_of_turns(said, names))
            begins_s = max(0.0, start_s - MARGIN_S)
            sound = workspace.clip(call_id, begins_s, end_s + MARGIN_S, beeps=beeps, place="export")
        except QaError:
            written.append(None)
            continue
        write_bytes(folder / f"{fault}.mp3", sound)
        written.append(f"{folder.name}/{fault}.mp3")
    return written
