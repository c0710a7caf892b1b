"""A month at a glance: its figures kept as small parts, made again only when what they rest on has changed.

A month of 100,000 calls has two million findings; reading them all takes seconds, so what the first look
shows is kept beside them under a key of what it was made from. Like every part it can be thrown away.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import and_, func, select

from qa_audit import __version__
from qa_audit.calls.query import month_bounds
from qa_audit.estimation.month import UNKNOWN, department_month, item_month
from qa_audit.messages import QaError
from qa_audit.reports.moments import moments_frame
from qa_audit.sampling.frame import agent_key
from qa_audit.scoring.batch import FINDINGS, SCORES
from qa_audit.scoring.question_parts import QUESTIONS
from qa_audit.store import schema
from qa_audit.store.database import reading
from qa_audit.store.parts import changed_ns, has_part, keep_only, read_part, scan_part, write_part
from qa_audit.transcribe.answer_parts import ANSWERS
from qa_audit.transcribe.job import TURNS

if TYPE_CHECKING:
    from qa_audit.workspace import Workspace

EVERYWHERE = ""
"""Team of the rows of `Glance.items` that are of the whole department."""

_FORM = 2
"""Counted up when the columns below or what they mean change."""
_SMALL = ("agents", "teams", "items", "everyone")
_LARGE = ("calls", "moments")
_LAST = "everyone"
"""Written after the others: where it is, they all are."""
_RESTS_ON = (TURNS, FINDINGS, SCORES, QUESTIONS, ANSWERS)


@dataclass(frozen=True, slots=True)
class Glance:
    """Figures of a month by the machine alone."""

    month: str
    key: str
    """Digest of what they were made from."""
    agents: pl.DataFrame
    """`estimation.month.agent_month`."""
    teams: pl.DataFrame
    """`estimation.month.team_month`."""
    items: pl.DataFrame
    """`estimation.month.item_month` by team, and of all teams together (`EVERYWHERE`)."""
    everyone: pl.DataFrame
    """`estimation.month.department_month`."""
    calls: pl.LazyFrame
    """`estimation.frames.CALLS` and `agent`, the key in `agents`: read when asked for."""
    moments: pl.LazyFrame
    """`reports.moments.MOMENTS` of all faults, with `agent`: read when asked for."""


def read_glance(workspace: Workspace, month: str, *, scored_only: bool = False) -> Glance:
    """The month as it is now; what is kept of it serves while nothing that it rests on has changed.

    With `scored_only` also when no more than the state of calls that have no score may have changed: a trend
    of scores need not be made again because a file of another month was imported.

    Raises `QaError` for what is no month, and for a month without calls.
    """
    scored, waiting = _made_from(workspace, month)
    kept = _kept(workspace, month, scored)
    if kept is not None and (scored_only or kept.everyone["waiting"][0] == waiting):
        return kept
    figures = workspace.month(month)
    whose = pl.coalesce(agent_key(), "unknown:" + pl.col("team").fill_null(UNKNOWN)).alias("agent")
    calls = figures.calls.with_columns(whose)
    moments = moments_frame(figures.calls, figures.findings).with_columns(whose)
    everywhere = item_month(figures.calls, figures.findings, by="department")
    columns = figures.items.columns
    items = pl.concat([everywhere.with_columns(team=pl.lit(EVERYWHERE)).select(columns), figures.items])
    everyone = department_month(figures.calls, figures.findings).with_columns(waiting=pl.lit(waiting))
    frames = {
        "calls": calls,
        "moments": moments,
        "agents": figures.agents,
        "teams": figures.teams,
        "items": items,
        "everyone": everyone,
    }
    # On a disk that cannot be written the month is shown all the same, only not sooner the next time.
    with suppress(QaError):
        for name, frame in frames.items():
            write_part(frame, workspace.results, glance_kind(name), month, scored)
            keep_only(workspace.results, glance_kind(name), month, scored)
    small = {name: frames[name] for name in _SMALL}
    return Glance(month, scored, **small, calls=calls.lazy(), moments=moments.lazy())


def keep_glances(workspace: Workspace) -> None:
    """Make what is missing of every month, so that the first look need not wait for it."""
    months = workspace.months()
    for month in months:
        with suppress(QaError):
            read_glance(workspace, month, scored_only=month != months[-1])


def _kept(workspace: Workspace, month: str, key: str) -> Glance | None:
    if not has_part(workspace.results, glance_kind(_LAST), month, key):
        return None
    try:
        small = {name: read_part(workspace.results, glance_kind(name), month, key) for name in _SMALL}
        calls, moments = (scan_part(workspace.results, glance_kind(name), month, key) for name in _LARGE)
    except QaError:
        return None
    return Glance(month, key, **small, calls=calls, moments=moments)


def glance_kind(name: str) -> str:
    """Kind of the parts in which `name` is kept."""
    return f"glance_{name}"


def _made_from(workspace: Workspace, month: str) -> tuple[str, str]:
    """Digests of what scores of the month rest on, and of what its calls without a score rest on besides."""
    first, following = month_bounds(month)
    calls, roster, jobs = schema.calls.c, schema.roster.c, schema.jobs.c
    inside = and_(calls.start >= first, calls.start < following)
    with reading(workspace.database) as connection:

        def one(*columns: Any) -> list[Any]:
            return list(connection.execute(select(*columns)).one())

        own = connection.execute(select(func.count(), func.max(calls.changed_in)).where(inside)).one()
        people = one(func.max(roster.added_in), func.max(roster.removed_in))
        imported = one(func.max(schema.imports.c.import_id))
        query = select(func.count(), func.max(jobs.finished_at)).where(jobs.state == "failed")
        failed = connection.execute(query).one()
    parts = [changed_ns(workspace.results, kind, month) for kind in _RESTS_ON]
    settings = workspace.settings.transcribe
    made_with = (settings.key("", workspace.choices.digest), settings.raw_formats, workspace.rubric.key)
    if aside := sorted(workspace.rule_status.aside(month)):
        made_with = (*made_with, aside)
    scored = digest_of(_FORM, __version__, list(own), people, parts, made_with)
    return scored, digest_of(imported, list(failed))


def digest_of(*parts: Any) -> str:
    """32 hexadecimal digits of what has a plain `repr`."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
