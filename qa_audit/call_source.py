"""Calls of a workspace for a desk: what all need is looked up once, each call's turns when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.audit.opened import CallMaterial
from qa_audit.audit.queue import QueuedCall
from qa_audit.messages import QaError
from qa_audit.pipeline import turns_key
from qa_audit.store.parts import part_months, read_part
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.job import TURNS

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from qa_audit.transcribe.settings import TranscribeSettings


class CallSource:
    """Gives a desk its queue, and a call by its id."""

    def __init__(self, calls: pl.DataFrame, results: Path, settings: TranscribeSettings, digest: str) -> None:
        """`calls` as `Workspace.calls` returns them, in the order of the queue; `digest` of the weights."""
        self._calls = {row["call_id"]: row for row in calls.iter_rows(named=True)}
        self._results, self._settings, self._digest = results, settings, digest
        self._months = part_months(results, TURNS)

    def queue(self) -> tuple[QueuedCall, ...]:
        """The calls with what an inspector may know before listening."""
        return tuple(
            QueuedCall(call_id, row["start"], row["agent_name"] or row["agent_no"], row["duration_s"])
            for call_id, row in self._calls.items()
        )

    def material(self, call_id: str) -> CallMaterial:
        """A call's row and transcript.

        Raises `QaError` `workspace.unknown_call` and `workspace.not_transcribed`.
        """
        if call_id not in self._calls:
            raise QaError("workspace.unknown_call", call_id=call_id)
        call = self._calls[call_id]
        key = turns_key(call, self._settings, self._digest)
        if key not in self._months:
            self._months = part_months(self._results, TURNS)  # it may have been transcribed meanwhile
        if key not in self._months:
            raise QaError("workspace.not_transcribed", call_id=call_id)
        turns = read_part(self._results, TURNS, self._months[key], key)
        return CallMaterial(call, transcript_from(turns))
