"""What is known of a call beside its audio: direction, ring time, who hung up, what else a rubric asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["inbound", "outbound"]
Party = Literal["agent", "customer"]
Weekday = Literal["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
WEEKDAYS: tuple[Weekday, ...] = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
"""From Monday on."""
Columns = tuple[tuple[str, str], ...]
"""Cells of a call in columns of the list that no field took: folded heading (`values.folded`) and text, in
order of the headings."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """Metadata that the rubric may use; None means not known, and then nothing is inferred from it."""

    direction: Direction | None = None
    ring_s: float | None = None
    """Seconds of ringing before the agent answered."""
    internal: bool | None = None
    """True for a call from a colleague inside the company."""
    hangup_by: Party | None = None
    line: str | None = None
    """The line, queue or skill group, as the call list writes it."""
    team: str | None = None
    """The agent's team when the call was."""
    time: str | None = None
    """The time of day when it began, "08:05"."""
    date: str | None = None
    """The day when it began, "2026-11-01"."""
    weekday: Weekday | None = None
    columns: Columns = ()


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """What rules ask beside direction, ring time, internal and who hung up, which are always at hand."""

    names: frozenset[str] = frozenset()
    """Of `FURTHER_FACTS`."""
    columns: frozenset[str] | None = frozenset()
    """Folded headings; None for every column."""


FURTHER_FACTS = frozenset(("line", "team", "time", "date", "weekday"))
NOTHING_ASKED = AskedFacts()
EVERYTHING_ASKED = AskedFacts(FURTHER_FACTS, None)
