"""四个一样 and the service figures of a month, from the calls, findings, draws and turns of a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.calls.query import calls_frame, month_bounds, month_of
from qa_audit.estimation.audited import estimation_frame
from qa_audit.estimation.callbacks import callbacks
from qa_audit.estimation.conditions import MonthFrames
from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.estimation.sameness import sameness
from qa_audit.estimation.satisfaction import said_satisfaction
from qa_audit.estimation.service import service_figures
from qa_audit.messages import QaError
from qa_audit.months.frozen_people import framed_people, frozen_people
from qa_audit.sampling.frame import agent_key
from qa_audit.sampling.remembered import RememberedSamples

if TYPE_CHECKING:
    from qa_audit.workspace import Workspace

UPSET = "upset_caller"
"""The situation of the rubric by which upset customers are known."""


@dataclass(frozen=True, slots=True)
class ServiceMonth:
    """`callbacks` is `estimation.callbacks.CALLBACKS`, `figures` `estimation.service.SERVICE`."""

    month: str
    callbacks: pl.DataFrame
    figures: pl.DataFrame


class Scored(NamedTuple):
    """A month that was read already, so that it need not be read again."""

    calls: pl.DataFrame
    """`estimation.frames.CALLS`."""
    findings: pl.DataFrame
    frame: pl.DataFrame
    """`estimation.audited.estimation_frame` of them."""


def sameness_of(workspace: Workspace, month: str, scored: Scored | None = None) -> pl.DataFrame:
    """`estimation.sameness.SAMENESS` of a month; agents by `sampling.frame.agent_key`.

    Raises `QaError` `workspace.empty_month` and `calls.bad_month`.
    """
    if scored is None:
        made = workspace.month(month)
        scored = Scored(made.calls, made.findings, estimation_frame(workspace.samples, month, made.calls))
    scores = scored.calls.select("call_id", "score", "duration_s")
    calls = _as_drawn(workspace, month).with_columns(agent_key())
    calls = calls.join(scores, on="call_id", how="left", maintain_order="left")
    known = {rule.id for rule in workspace.rubric.situations}
    met = (pl.col("kind") == "situation") & (pl.col("item") == UPSET)
    upset = scored.findings.filter(met)["call_id"].to_list() if UPSET in known else None
    sample = workspace.samples.sample(month)
    strata = None if sample.is_empty() else scored.frame
    settings = workspace.settings.sameness
    around = _around(workspace, month, timedelta(days=settings.repeat_days))
    month_frames = MonthFrames(calls, around, upset, None if strata is None else sample, strata)
    return sameness(month_frames, settings)


def service_of(workspace: Workspace, month: str, complaints: pl.DataFrame | None = None) -> ServiceMonth:
    """Callbacks and service figures of a month.

    `complaints` as `estimation.service.service_figures` takes, by default those of `complaints_of`.
    Satisfaction is read from the transcripts of the callbacks. Raises `QaError` as `sameness_of`.
    """
    first, following = month_bounds(month)
    own = _as_drawn(workspace, month).pipe(_prepared)
    if own.is_empty():
        raise QaError("workspace.empty_month", month=month, months=", ".join(workspace.months()) or "–")
    calls = pl.concat([own, _around(workspace, month)], how="diagonal_relaxed")
    settings = workspace.settings.service
    found = callbacks(calls, first, following, settings)
    wanted = found.filter(pl.col("callback_id").is_not_null())
    wanted_ids, said = set(wanted["callback_id"]), {}
    for call_month in sorted({month_of(start) for start in wanted["callback_start"]}):
        for one in workspace.transcripts(call_month, wanted_ids):
            said[one.call_id] = said_satisfaction((turn.role, turn.text) for turn in one.transcript.turns)
    found = callbacks(calls, first, following, settings, said)
    complaints = complaints_of(workspace, month) if complaints is None else complaints
    figures = service_figures(calls, found, first, following, settings, complaints=complaints)
    return ServiceMonth(month, found, figures)


def complaints_of(workspace: Workspace, month: str) -> pl.DataFrame | None:
    """`team` and `justified` of each complaint taken down in the month, by the clock of the centre.

    The team is that of the first recording that belongs to it, null where none does. `justified` where the
    newest decision finds the agent at fault; null while undecided; what cannot be told is not justified.
    None where no complaint was ever taken down: the centre keeps no register here.
    """
    every = workspace.complaints.all()
    if not every:
        return None
    zone = ZoneInfo(TIME_ZONE)
    own = [one for one in every if month_of(one.opened_at.astimezone(zone)) == month]
    calls = [one.calls[0] if one.calls else None for one in own]
    decided = [None if one.decision is None else one.decision.outcome == "at_fault" for one in own]
    rows = pl.DataFrame(
        {"call_id": calls, "justified": decided}, {"call_id": pl.String, "justified": pl.Boolean}
    )
    teams = calls_frame(workspace.database).select("call_id", "team")
    return rows.join(teams, on="call_id", how="left", maintain_order="left").select("team", "justified")


def _as_drawn(workspace: Workspace, month: str) -> pl.DataFrame:
    framed = framed_people(RememberedSamples(workspace.samples), month)
    return frozen_people(framed, calls_frame(workspace.database, month))


def _around(workspace: Workspace, month: str, back: timedelta = timedelta(days=1)) -> pl.DataFrame:
    """Calls of the month after and of those before, as far as `back` reaches."""
    first, following = month_bounds(month)
    beside, earliest = [month_of(following)], first - back
    while first > earliest:
        beside.insert(0, month_of(first - timedelta(days=1)))
        first, _ = month_bounds(beside[0])
    return pl.concat([calls_frame(workspace.database, one).pipe(_prepared) for one in beside])


def _prepared(calls: pl.DataFrame) -> pl.DataFrame:
    return calls.with_columns(agent_key(), duration_s=pl.col("listed_duration_s"))
