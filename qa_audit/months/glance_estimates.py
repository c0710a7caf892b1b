"""Estimates of a month, kept until somebody judges, draws or hands out something more."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import Integer, func, select

from qa_audit.messages import QaError
from qa_audit.months.glance import digest_of, glance_kind
from qa_audit.store import schema
from qa_audit.store.database import reading
from qa_audit.store.parts import has_part, keep_only, read_part, write_part

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.months.glance import Glance
    from qa_audit.workspace import Workspace

_KIND = glance_kind("estimates")


def kept_estimates(workspace: Workspace, glance: Glance) -> tuple[pl.DataFrame | None, bool]:
    """`estimation.difference.AGENT_ESTIMATES` of the month as kept, and whether they are those of now.

    None and True where no call of the month was drawn.
    """
    if workspace.samples.sample(glance.month).is_empty():
        return None, True
    key = _made_from(workspace, glance)
    if not has_part(workspace.results, _KIND, glance.month, key):
        return None, False
    try:
        return read_part(workspace.results, _KIND, glance.month, key), True
    except QaError:
        return None, False


def make_estimates(workspace: Workspace, glance: Glance) -> pl.DataFrame | None:
    """The same, made now and kept; None where the month cannot be estimated."""
    key = _made_from(workspace, glance)
    try:
        agents = workspace.estimates(glance.month).agents
    except QaError:
        return None
    with suppress(QaError):
        write_part(agents, workspace.results, _KIND, glance.month, key)
        keep_only(workspace.results, _KIND, glance.month, key)
    return agents


def _made_from(workspace: Workspace, glance: Glance) -> str:
    """Digest of the month's figures and of how far every table has come to which rows are only added."""
    tables = [
        table
        for table in schema.metadata.sorted_tables
        if [type(column.type) for column in table.primary_key] == [Integer]
    ]
    with reading(workspace.database) as connection:
        last = [
            (table.name, connection.execute(select(func.max(*table.primary_key))).scalar_one())
            for table in tables
        ]
    return digest_of(glance.key, last)
