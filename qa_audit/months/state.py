"""How far a month is: what is still open before it can be closed, and what has changed since it was."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.closing.filing import inputs_of, read_json
from qa_audit.closing.folder import FIGURES_FILE
from qa_audit.closing.printed import decimals, differences, printed
from qa_audit.closing.words_file import EVENTS_FILE
from qa_audit.estimation.heard import COUNTS
from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from qa_audit.closing.figures import MonthFigures, MonthInputs
    from qa_audit.closing.ledger import Closing, Confirmation


@dataclass(frozen=True, slots=True)
class OpenAudits:
    """Calls that an inspector has not handed in."""

    inspector: str
    calls: int


def open_audits(assigned: pl.DataFrame, sheets: pl.DataFrame) -> list[OpenAudits]:
    """Calls that count and are not judged yet, by inspector; who left keeps theirs until they are heard.

    `assigned` is `audited.ASSIGNED`, `sheets` as `audit.scores.sheets_frame`.
    """
    done = sheets.filter(pl.col("handed_in_at").is_not_null()).select("call_id", inspector="who")
    waiting = assigned.filter(pl.col("purpose") == COUNTS).join(done, on=["call_id", "inspector"], how="anti")
    counted = waiting.group_by("inspector").agg(calls=pl.len()).sort("inspector")
    return [OpenAudits(inspector, calls) for inspector, calls in counted.iter_rows()]


def printed_figures(figures: MonthFigures) -> dict[str, str]:
    """What each agent with a figure is asked to confirm, by key: the figure as printed."""
    rows = figures.agents.select("agent", "estimate").drop_nulls().iter_rows()
    return {agent: decimals(estimate) or "" for agent, estimate in rows}


def unconfirmed(figures: Mapping[str, str], confirmed: Mapping[str, Confirmation]) -> list[str]:
    """Agents who have not agreed to the figure as it is now, in order of key."""
    return [
        agent
        for agent, figure in figures.items()
        if agent not in confirmed or not confirmed[agent].agreed or confirmed[agent].figure != figure
    ]


def called(agent: str, names: Mapping[str, str]) -> str:
    """What people call an agent (`agent_names`), else the key without its kind.

    >>> called("person:P1", {"person:P1": "8001 张三"}), called("person:P2", {})
    ('8001 张三', 'P2')
    """
    return names.get(agent) or agent.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was when a month was closed."""

    code: str
    """Key of its message, without `closing.change.`."""
    values: Mapping[str, Any]

    def __str__(self) -> str:
        return say(f"closing.change.{self.code}", **self.values)


def changes_since(
    files: Mapping[str, bytes],
    now: MonthInputs,
    figures: MonthFigures,
    events: pl.DataFrame,
    frame_only: int,
    *,
    names: Mapping[str, str],
) -> list[Change]:
    """What has changed since a month was closed with these `files`; nothing of it is applied.

    `now` and `figures` are the month as it would be closed now, `events` what inspectors did on its drawn
    calls (`audit.scores.EVENTS_SCHEMA`), `frame_only` the calls of the month that came after the frame,
    `names` what agents are called by key.
    """
    found = []
    before = inputs_of(files)
    known = {json.loads(line)["uuid"] for line in files[EVENTS_FILE].splitlines()}
    late = [uuid for uuid in events["uuid"] if uuid not in known]
    if late:
        found.append(Change("labels", {"count": len(late)}))
    if before.machine != now.machine:
        found.append(Change("machine", {"before": before.machine, "now": now.machine}))
    if before.scale != now.scale:
        found.append(Change("scale", {}))
    both = before.calls.select("call_id", "score").join(
        now.calls.select("call_id", now="score"), on="call_id", how="left"
    )
    scored = both.filter(pl.col("score").ne_missing(pl.col("now"))).height
    if scored:
        found.append(Change("scores", {"count": scored}))
    if frame_only:
        found.append(Change("calls", {"count": frame_only}))
    filed = read_json(files, FIGURES_FILE)
    moved = {
        what.removeprefix("agents.").removesuffix(".estimate"): (old, new)
        for what, old, new in differences(filed, printed(figures))
        if what.startswith("agents.") and what.endswith(".estimate")
    }
    found += [
        Change(
            "figure", {"agent": agent, "name": called(agent, names), "before": old or "–", "now": new or "–"}
        )
        for agent, (old, new) in moved.items()
    ]
    return found


@dataclass(frozen=True, slots=True)
class MonthState:
    """How far a month is."""

    month: str
    versions: Sequence[Closing]
    """Closings and reopenings, in order."""
    closed: Closing | None
    figures: int
    """Agents who have a figure."""
    open_audits: Sequence[OpenAudits]
    open_appeals: Sequence[str]
    unconfirmed: Sequence[str]
    """Keys of agents; empty for a closed month."""
    changes: Sequence[Change]
    """Of a closed month: what would be different if it were closed now."""
    unjudged: Mapping[str, int] = field(default_factory=dict)
    """Of an open month: items added to the rubric since, and calls handed in without them."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "month": self.month,
            "closed": None if self.closed is None else _closing_json(self.closed),
            "versions": [_closing_json(one) for one in self.versions],
            "figures": self.figures,
            "open_audits": [asdict(one) for one in self.open_audits],
            "open_appeals": list(self.open_appeals),
            "unconfirmed": list(self.unconfirmed),
            "items_unjudged": dict(self.unjudged),
            "changes": [
                {"code": one.code, "values": dict(one.values), "message": str(one)} for one in self.changes
            ],
        }

    def __str__(self) -> str:
        if self.closed is not None:
            lines = [say("closing.state_closed", **_told(self.closed), receipt=self.closed.receipt)]
            lines += map(str, self.changes) if self.changes else [say("closing.unchanged")]
            return "\n".join(lines)
        left = sum(one.calls for one in self.open_audits)
        lines = [say("closing.state_open", month=self.month)]
        lines += [say("closing.state_audits", count=left)]
        lines += [f"  {one.inspector}: {one.calls}" for one in self.open_audits]
        lines += [say("closing.state_appeals", count=len(self.open_appeals))]
        lines += unjudged_notes(self.unjudged)
        agreed = self.figures - len(self.unconfirmed)
        lines += [say("closing.state_confirmed", agreed=agreed, of=self.figures)]
        ended = [one for one in self.versions if one.kind == "reopen"]
        lines += [say("closing.state_reopened", **_told(one), reason=one.reason) for one in ended]
        return "\n".join(lines)


def unjudged_notes(unjudged: Mapping[str, int]) -> list[str]:
    """That figures are not of one thing (`audited.unjudged_items` by name): a line, or none."""
    if not unjudged:
        return []
    names = say("run.list_comma").join(unjudged)
    return [say("closing.unjudged", items=names, count=max(unjudged.values()))]


def _told(closing: Closing) -> dict[str, Any]:
    return {
        "month": closing.month,
        "version": closing.version,
        "who": closing.who,
        "at": _minute(closing.at),
    }


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _closing_json(closing: Closing) -> dict[str, Any]:
    return {**asdict(closing), "at": closing.at.isoformat() + "Z"}
