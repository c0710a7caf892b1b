"""Calls of a workspace for a desk: what all need is looked up once, each call's turns when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.audit.opened import CallMaterial
from qa_audit.audit.queue import QueuedCall
from qa_audit.messages import QaError
from qa_audit.pipeline import turns_key
from qa_audit.store.parts import part_months, read_part
from qa_audit.transcribe.answer_parts import answers_by_turns
from qa_audit.transcribe.frames import transcript_from
from qa_audit.transcribe.job import TURNS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from qa_audit.calls.facts import Columns
    from qa_audit.transcribe.questions import Answer
    from qa_audit.transcribe.settings import TranscribeSettings


class CallSource:
    """Gives a desk its queue, and a call by its id."""

    def __init__(
        self,
        calls: pl.DataFrame,
        results: Path,
        settings: TranscribeSettings,
        digest: str,
        columns: Callable[[str], Columns] = lambda _call_id: (),
    ) -> None:
        """`calls` as `Workspace.calls` returns them, in the order of the queue; `digest` of the weights.

        `columns` gives a call's cells in further columns of the call list that the rubric asks.
        """
        self._frame = calls
        self._rows: dict[str, dict[str, Any]] = {}
        self._answered: Mapping[str, Mapping[str, Answer | None]] | None = None
        self._results, self._settings, self._digest = results, settings, digest
        self._columns = columns
        self._months = part_months(results, TURNS)

    def queue(self) -> tuple[QueuedCall, ...]:
        """All calls with what an inspector may know before listening."""
        return tuple(_queued(row, None) for row in self._frame.iter_rows(named=True))

    def queued(self, call_id: str, ticket: str | None = None) -> QueuedCall:
        """The same for one call, drawn by `ticket`; raises `QaError` `workspace.unknown_call`."""
        return _queued(self._row(call_id), ticket)

    def material(self, call_id: str) -> CallMaterial:
        """A call's row and transcript.

        Raises `QaError` `workspace.unknown_call` and `workspace.not_transcribed`.
        """
        call = self._row(call_id)
        key = turns_key(call, self._settings, self._digest)
        if key not in self._months:
            self._months = part_months(self._results, TURNS)  # it may have been transcribed meanwhile
        if key not in self._months:
            raise QaError("workspace.not_transcribed", call_id=call_id)
        turns = read_part(self._results, TURNS, self._months[key], key)
        answers, columns = self._answers().get(key, {}), self._columns(call_id)
        return CallMaterial(call, transcript_from(turns), answers, columns)

    def _answers(self) -> Mapping[str, Mapping[str, Answer | None]]:
        if self._answered is None:
            self._answered = answers_by_turns(self._results)
        return self._answered

    def _row(self, call_id: str) -> dict[str, Any]:
        if call_id not in self._rows:
            found = self._frame.filter(pl.col("call_id") == call_id)
            if found.is_empty():
                raise QaError("workspace.unknown_call", call_id=call_id)
            self._rows[call_id] = found.row(0, named=True)
        return self._rows[call_id]


def _queued(row: Mapping[str, Any], ticket: str | None) -> QueuedCall:
    agent = row["agent_name"] or row["agent_no"]
    return QueuedCall(row["call_id"], row["start"], agent, row["duration_s"], ticket)
