"""The sheet 项目: how often each item was at fault, for the department, each team and each agent.

What the machine counted on all calls stands beside what people found on those drawn: the rate with its
interval, and how often the machine's faults on the item were true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.month import UNKNOWN, item_month
from qa_audit.estimation.order import counting_rank
from qa_audit.estimation.rates import CRITICAL, RATES
from qa_audit.messages import say
from qa_audit.reports.figures import there
from qa_audit.reports.rule_status_section import named_status
from qa_audit.reports.table import Column, Table

if TYPE_CHECKING:
    from qa_audit.estimation.month import By
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures
    from qa_audit.reports.table import Kind

ITEMS = "项目"
"""Sheet name, the same in every language."""

_MACHINE: tuple[tuple[str, Kind, float], ...] = (
    ("judged", "count", 9),
    ("fault_count", "count", 9),
    ("fault_rate", "share", 10),
    ("uncertain_share", "share", 11),
    ("lost", "points", 9),
)
_PEOPLE: tuple[tuple[str, Kind, float], ...] = (
    ("heard_judged", "count", 10),
    ("heard_faults", "count", 10),
    ("rate", "share", 11),
    ("rate_low", "share", 9),
    ("rate_high", "share", 9),
)
_RULE: tuple[tuple[str, Kind, float], ...] = (
    ("flags", "count", 10),
    ("precision", "share", 10),
    ("precision_low", "share", 9),
    ("precision_high", "share", 9),
)
_LEVELS: tuple[By, ...] = ("department", "team", "agent")


def item_table(
    calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext, figures: MonthFigures
) -> Table:
    """项目: rows in the rubric's order, in each item the department, then teams, then agents.

    `calls` and `findings` of one month. Columns of people are left out where nobody heard a call, those of
    the machine's precision where no rule was checked, what its verdicts count for where that is not known.
    """
    lang = context.language
    rows = pl.concat(_level(calls, findings, figures, level) for level in range(3))
    rules = [rule.id for rule in context.items]
    order = pl.DataFrame({"item": rules}, {"item": pl.String}).with_row_index("rank")
    rows = rows.join(order, on="item", how="left", maintain_order="left").sort(
        "rank",
        "item",
        "level",
        pl.col("team") == UNKNOWN,
        counting_rank(pl.col("team")),
        counting_rank(pl.col("agent_no")),
        "key",
        nulls_last=True,
        maintain_order=True,
    )
    columns: tuple[tuple[str, Kind, float], ...] = (
        ("item", "text", 18),
        ("whose", "text", 10),
        ("team", "text", 12),
        ("agent_no", "text", 10),
        ("agent_name", "text", 10),
        *_MACHINE,
    )
    quality = there(figures.quality)
    if (statuses := there(figures.rule_statuses)) is not None:
        columns = (*columns, ("rule_status", "text", 12))
        of_item = statuses.select("item", rule_status=named_status(lang), level=pl.lit(0, pl.Int32))
        rows = rows.join(of_item, on=["item", "level"], how="left", maintain_order="left")
    if rows["heard_judged"].is_not_null().any():
        columns += _PEOPLE
    if rows["rate_remark"].is_not_null().any():
        columns = (*columns, ("rate_remark", "long", 26))
    if quality is not None:
        columns += _RULE
        of_rule = quality.select("item", *(name for name, _, _ in _RULE), level=pl.lit(0, pl.Int32))
        rows = rows.join(of_rule, on=["item", "level"], how="left", maintain_order="left")
    names = {**context.names(), CRITICAL: say("report.heading.critical", lang)}
    whose = [say(f"report.whose.{level}", lang) for level in _LEVELS]
    rows = rows.with_columns(
        pl.col("item").replace(names),
        pl.col("rate_remark").replace(
            {reason: say(f"estimates.reason.{reason}", lang) for reason in rows["rate_remark"].drop_nulls()}
        ),
        pl.col("team", "agent_no", "agent_name").replace(UNKNOWN, say("report.unknown", lang)),
        whose=pl.col("level").replace_strict(dict(enumerate(whose)), return_dtype=pl.String),
    )
    headed = tuple(
        Column(key, say(f"report.heading.{key}", lang), kind, width) for key, kind, width in columns
    )
    return Table(ITEMS, headed, rows.select(column.key for column in headed), frozen_columns=1)


def _level(calls: pl.DataFrame, findings: pl.DataFrame, figures: MonthFigures, level: int) -> pl.DataFrame:
    """The rows of the department (0), of teams (1) or of agents (2)."""
    by = _LEVELS[level]
    machine = item_month(calls, findings, by=by).filter(pl.col("kind") == "item")
    key = {"department": pl.lit("all"), "team": pl.col("team"), "agent": pl.col("agent")}[by]
    own = machine.select(
        "item",
        "judged",
        "fault_rate",
        "uncertain_share",
        key=key,
        fault_count="faults",
        lost="points_lost",
    )
    rates = there((figures.rates_of_all, figures.rates, figures.rates_of_agents)[level])
    people = (pl.DataFrame(schema=RATES) if rates is None else rates).select(
        "item",
        "heard_judged",
        "heard_faults",
        "machine_rate",
        "rate",
        key="group",
        rate_low="low",
        rate_remark=pl.when(pl.col("rate").is_not_null()).then("reason"),
        rate_high="high",
    )
    joined = own.join(people, on=["item", "key"], how="full", coalesce=True).with_columns(
        # Of critical faults the machine's rate comes with people's: they are no item of the rubric.
        fault_rate=pl.coalesce("fault_rate", "machine_rate")
    )
    nobody = pl.lit(None, pl.String)
    if by == "agent":
        known = machine.select("agent", "agent_no", "agent_name", "team").unique("agent")
        named = joined.join(known, left_on="key", right_on="agent", how="left")
    else:
        team = pl.col("key") if by == "team" else nobody
        named = joined.with_columns(team=team, agent_no=nobody, agent_name=nobody)
    return named.select(
        "item",
        pl.lit(level, pl.Int32).alias("level"),
        *("key", "team", "agent_no", "agent_name"),
        *(name for name, _, _ in (*_MACHINE, *_PEOPLE)),
        "rate_remark",
    )
