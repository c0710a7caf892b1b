"""The board in words: each inspector's load, and what waits with its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.estimation.frames import local_time
from qa_audit.messages import say
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from qa_audit.desks.board import Board

_LOAD = ("inspector", "given", "handed_in", "skipped", "open", "late", "due", "late_since")
_WAITING = ("kind", "number", "calls", "who", "since", "deadline", "state")


def board_line(board: Board) -> str:
    """How the work stands, in one sentence."""
    load = board.inspectors
    counts = {name: int(load[name].sum()) for name in ("given", "handed_in", "skipped", "open", "late")}
    waiting = {"waiting": board.waiting.height, "overdue": int(board.waiting["late"].sum())}
    return say("board.line", month=board.month or say("board.all_months"), **counts, **waiting)


def shown_load(board: Board) -> Shown:
    """One row an inspector, who is late first."""
    found = board.inspectors.sort("late", "open", "inspector", descending=[True, True, False])
    rows = [(*row[:6], _day(row[6]), _day(row[7])) for row in found.select(_LOAD).iter_rows()]
    return Shown([say(f"board.column.{name}") for name in _LOAD], rows, (1, 2, 3, 4, 5))


def shown_waiting(board: Board) -> Shown:
    """Appeals and complaints that wait, the most urgent first."""
    rows = [
        (
            say(f"board.kind.{row['kind']}"),
            f"#{row['number']}",
            say("run.list_comma").join(row["calls"]) or "–",
            row["who"],
            _day(row["since"]),
            _day(row["due"]),
            say("board.late") if row["late"] else "",
        )
        for row in board.waiting.iter_rows(named=True)
    ]
    return Shown([say(f"board.column.{name}") for name in _WAITING], rows, (1,))


def _day(at: datetime | None) -> str:
    return "–" if at is None else f"{local_time(at):%m-%d %H:%M}"
