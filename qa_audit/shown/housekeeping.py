"""Missing recordings in words: headings and rows for a terminal or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.reports.tables import clock

if TYPE_CHECKING:
    import polars as pl

_LISTED = 5


def shift_rows(shifts: pl.DataFrame) -> tuple[list[str], list[tuple[object, ...]]]:
    """`calls.gaps.SHIFT_GAPS`: team, person, name, shift, calls, missing, and the first few calls."""
    headings = [
        say(f"gaps.column.{name}")
        for name in ("team", "person", "name", "shift", "calls", "missing", "which")
    ]
    rows = []
    for row in shifts.iter_rows(named=True):
        ids = say("run.list_comma").join(row["call_ids"][:_LISTED])
        more = "…" if len(row["call_ids"]) > _LISTED else ""
        shift = f"{row['shift_start']:%m-%d %H:%M}–{row['shift_end']:%H:%M}"
        rows.append(
            (
                *(row["team"] or "–", row["person_id"], row["agent_name"] or "–", shift),
                *(row["calls"], row["missing"], ids + more),
            )
        )
    return headings, rows


def day_rows(days: pl.DataFrame) -> tuple[list[str], list[tuple[object, ...]]]:
    """`calls.gaps.DAY_GAPS` gathered by person: team, person, name, and the days without a call."""
    headings = [say(f"gaps.column.{name}") for name in ("team", "person", "name", "days")]
    rows = []
    for (team, person, name), own in days.group_by("team", "person_id", "agent_name", maintain_order=True):
        rows.append((team, person, name or "–", " ".join(f"{day:%m-%d}" for day in own["day"])))
    return headings, rows


def play_rows(plays: pl.DataFrame) -> tuple[list[str], list[tuple[object, ...]]]:
    """`audit.plays.PLAYS`: when, who, where, call, from and to."""
    headings = [say(f"listened.column.{name}") for name in ("at", "who", "place", "call", "from", "to")]
    rows: list[tuple[object, ...]] = [
        (
            *(f"{row['at']:%Y-%m-%d %H:%M:%S}", row["who"], say(f"listened.place.{row['place']}")),
            *(row["call_id"], clock(row["start_s"]), clock(row["end_s"])),
        )
        for row in plays.iter_rows(named=True)
    ]
    return headings, rows
