"""The figures of a month: what each agent is paid by, how sure it is, and what stands beside it.

Everything here follows from `MonthInputs` alone, whether they were read from a workspace or from what was
filed when the month was closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.audited import assigned_calls, audit_rows, critical_rows, estimation_frame
from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.filtered import history_rows, pay_figures
from qa_audit.estimation.funnel import with_funnel
from qa_audit.estimation.groups import METHOD, department_estimate, team_estimates
from qa_audit.estimation.rates import CRITICAL, critical_verdicts, fault_rates
from qa_audit.estimation.trend import MONTHS, with_control_limits
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from qa_audit.closing.scale import PayScale
    from qa_audit.estimation.audited import Samples
    from qa_audit.estimation.difference import MonthEstimate
    from qa_audit.estimation.filtered import PayEstimate

CALLS = pl.Schema(
    {
        "call_id": pl.String(),
        "score": pl.Float64(),
        "confidence": pl.Float64(),
        "critical": pl.List(pl.String()),
        "audio_sha256": pl.String(),
        "turns": pl.String(),
        "findings": pl.String(),
    }
)
"""What the machine made of each call of the frame. `critical` is null where it could not judge; `turns` and
`findings` are the keys of what it made (audio, model and settings; turns, facts and rubric)."""

FIGURES = pl.Schema(
    {
        "agent": pl.String(),
        "calls": pl.Int64(),
        "heard": pl.Int64(),
        "machine_mean": pl.Float64(),
        "alone": pl.Float64(),
        "months": pl.Int64(),
        "correction": pl.Float64(),
        "estimate": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "half_width": pl.Float64(),
        "grade": pl.String(),
        "grade_open": pl.List(pl.String()),
        "pay_yuan": pl.Float64(),
        "critical_heard": pl.Int64(),
        "critical_rate": pl.Float64(),
        "critical_low": pl.Float64(),
        "critical_high": pl.Float64(),
        "inner_low": pl.Float64(),
        "inner_high": pl.Float64(),
        "outer_low": pl.Float64(),
        "outer_high": pl.Float64(),
        "outside": pl.String(),
        "centre": pl.Float64(),
        "control_low": pl.Float64(),
        "control_high": pl.Float64(),
        "signal": pl.String(),
        "reason": pl.String(),
    }
)
"""One row an agent, in order of key. `alone` is estimate A of this month only, with the funnel's limits
(`inner_low` to `outside`) and those of the agent's own months before (`centre` to `signal`); `estimate` is
B, the figure that pay may use, from `months` months, `correction` what they add to `machine_mean`; `low` to
`half_width` its 95 % interval, `grade` to `pay_yuan` as `PayScale.graded`. `critical_heard` calls with a
critical fault among those heard, `critical_rate` of all the agent's calls with its interval; it enters no
mean. `reason` as in `estimation.difference.REASONS`, and `no_calls` where no call could be drawn."""


@dataclass(frozen=True, slots=True)
class MonthInputs:
    """All that a month's figures are made from."""

    month: str
    machine: str
    """Names rubric and model; months of another machine do not mix."""
    samples: Samples
    calls: pl.DataFrame
    """`CALLS`."""
    sheets: pl.DataFrame
    """`audit.scores.SHEETS_SCHEMA`, of the drawn calls."""
    history: pl.DataFrame
    """`filtered.HISTORY`."""
    earlier: pl.DataFrame
    """`trend.MONTHS`, by agent."""
    scale: PayScale
    method: int = METHOD
    """How figures are made (`groups.METHOD`)."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures, and everything pooled that they rest on."""

    month: str
    machine: str
    agents: pl.DataFrame
    """`FIGURES`."""
    teams: pl.DataFrame
    """`groups.GROUP_ESTIMATES`."""
    department: dict[str, Any]
    """The one row of `groups.GROUP_ESTIMATES`."""
    critical: dict[str, Any] | None
    """The department's row of `rates.RATES`; None where nothing was judged."""
    estimate: MonthEstimate
    pay: PayEstimate
    method: int
    """As in `MonthInputs`."""

    @property
    def history(self) -> pl.DataFrame:
        """What months to come take from this one (`filtered.HISTORY`)."""
        return history_rows(self.estimate.agents, self.month, self.machine)

    @property
    def trend(self) -> pl.DataFrame:
        """This month in the agents' control charts (`trend.MONTHS`)."""
        return _trend(self.estimate, self.month)


def month_figures(inputs: MonthInputs) -> MonthFigures:
    """Compute a month.

    Raises `QaError` `audited.no_draw`, and those of `heard.checked_frame`, `heard.heard_calls` and
    `filtered.pay_figures`.
    """
    frame = estimation_frame(inputs.samples, inputs.month, inputs.calls)
    if frame.is_empty():
        raise QaError("audited.no_draw", month=inputs.month)
    assigned = assigned_calls(inputs.samples, inputs.month)
    audits = audit_rows(assigned, inputs.sheets)
    alone = estimate_month(frame, audits, method=inputs.method)
    pay = pay_figures(alone, inputs.month, inputs.machine, inputs.history)
    department = department_estimate(frame, audits, alone.slopes, method=inputs.method)
    machine = critical_verdicts(inputs.calls.select("call_id", "critical"))
    people = critical_rows(assigned, inputs.sheets, method=inputs.method)
    by_agent = fault_rates(frame, machine, people, by="agent").filter(pl.col("item") == CRITICAL)
    overall = fault_rates(frame, machine, people, method=inputs.method).filter(pl.col("item") == CRITICAL)
    months = pl.concat([inputs.earlier.select(MONTHS.names()), _trend(alone, inputs.month)])
    limits = with_control_limits(months).filter(pl.col("month") == inputs.month)
    about = _with_limits(alone, department["estimate"][0], limits)
    agents = _joined(inputs.scale.graded(_paid(pay)), about, by_agent)
    agents = _with_idle(agents, inputs.samples, inputs.month)
    return MonthFigures(
        inputs.month,
        inputs.machine,
        agents,
        team_estimates(frame, audits, alone.slopes, method=inputs.method),
        department.row(0, named=True),
        None if overall.is_empty() else overall.row(0, named=True),
        alone,
        pay,
        inputs.method,
    )


def _paid(pay: PayEstimate) -> pl.DataFrame:
    return pay.agents.select(
        *("agent", "months", "estimate", "low", "high", "half_width", "reason"),
        correction="filtered_bias",
    )


def _with_limits(alone: MonthEstimate, centre: float | None, trend: pl.DataFrame) -> pl.DataFrame:
    """This month's own estimates with the limits of the funnel and of the control chart."""
    funnel = ("inner_low", "inner_high", "outer_low", "outer_high", "outside")
    if centre is None:
        about = alone.agents.with_columns(pl.lit(None, FIGURES[name]).alias(name) for name in funnel)
    else:
        about = with_funnel(alone.agents, centre)
    chart = trend.select("centre", "control_low", "control_high", "signal", agent="key")
    return about.select("agent", "calls", "heard", "machine_mean", *funnel, alone="estimate").join(
        chart, on="agent", how="left"
    )


def _joined(paid: pl.DataFrame, about: pl.DataFrame, critical: pl.DataFrame) -> pl.DataFrame:
    rates = critical.select(
        agent="group",
        critical_heard="heard_faults",
        critical_rate="rate",
        critical_low="low",
        critical_high="high",
    )
    found = paid.join(about, on="agent", how="left").join(rates, on="agent", how="left")
    return found.select(pl.col(name).cast(kind) for name, kind in FIGURES.items()).sort("agent")


def _with_idle(agents: pl.DataFrame, samples: Samples, month: str) -> pl.DataFrame:
    """Agents of the frame of whom no call could be drawn, with the reason instead of a figure."""
    known, idle = set(agents["agent"]), set[str]()
    for draw_id in samples.sample(month)["draw_id"].unique().sort():
        idle |= set(samples.frame_of(draw_id).calls["agent"].drop_nulls()) - known
    rows = [{"agent": agent, "calls": 0, "heard": 0, "reason": "no_calls"} for agent in sorted(idle)]
    return pl.concat([agents, pl.DataFrame(rows, FIGURES)]).sort("agent")


def _trend(alone: MonthEstimate, month: str) -> pl.DataFrame:
    return alone.agents.select(
        pl.col("agent").alias("key"), pl.lit(month).alias("month"), "estimate", "pooled_variance"
    )
