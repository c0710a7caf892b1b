"""What people's hearing adds to a month: estimates, registers, agreement; each may be missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.bands import GRADES, band_name, band_note, with_bands
from qa_audit.messages import say, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.messages import Language

ON_SHOW = pl.Schema(
    {
        "agent": pl.String(),
        "heard": pl.Int64(),
        "correction": pl.Float64(),
        "estimate": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "half_width": pl.Float64(),
        "grade": pl.String(),
        "grade_open": pl.List(pl.String()),
        "reason": pl.String(),
    }
)
"""One row an agent or team (`agent` holds its name): the figure that counts. See `agents_on_show`."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Frames in the forms of the modules named; None or an empty frame leaves its part of a report out."""

    agents: pl.DataFrame | None = None
    """`estimation.difference.AGENT_ESTIMATES`; `grade` and `grade_open` (`bands.with_bands`) if given."""
    pay: pl.DataFrame | None = None
    """`estimation.filtered.PAY_ESTIMATES`, with bands if given; goes before `agents` as the figure shown."""
    teams: pl.DataFrame | None = None
    """`estimation.groups.GROUP_ESTIMATES`."""
    department: pl.DataFrame | None = None
    """The one row of `GROUP_ESTIMATES` for all."""
    rates: pl.DataFrame | None = None
    """`estimation.rates.RATES` by team."""
    rates_of_agents: pl.DataFrame | None = None
    """`RATES` by agent."""
    rates_of_all: pl.DataFrame | None = None
    """`RATES` of the department."""
    quality: pl.DataFrame | None = None
    """`estimation.rule_quality.QUALITY`."""
    agreement: pl.DataFrame | None = None
    """`estimation.agreement.AGREEMENT`."""
    offsets: pl.DataFrame | None = None
    """`estimation.inspectors.OFFSETS`."""
    icc: tuple[float | None, float | None, float | None] | None = None
    """ICC(A,1) with its interval."""
    faults: pl.DataFrame | None = None
    """`registers.FAULT_REGISTER`."""
    appeals: pl.DataFrame | None = None
    """`registers.APPEALS`."""
    coaching: pl.DataFrame | None = None
    """`registers.COACHING`."""
    trend: pl.DataFrame | None = None
    """`estimation.trend.MONTHS` of agents (by key) and teams (`team:` and the name), with control limits;
    `low` and `high` if given."""
    draws: pl.DataFrame | None = None
    """`registers.DRAWS`."""
    pooled: Mapping[str, float] = field(default_factory=dict)
    """What was borrowed from all agents together: `prior_df`, `prior_variance`, `severity`, `drift`."""

    @property
    def checked(self) -> bool:
        """Whether any agent's figure rests on calls that people heard."""
        shown = agents_on_show(self)
        return shown["estimate"].is_not_null().any()


def there(frame: pl.DataFrame | None) -> pl.DataFrame | None:
    """The frame, or None where there is none or it has no rows."""
    return None if frame is None or frame.is_empty() else frame


def agents_on_show(figures: MonthFigures) -> pl.DataFrame:
    """One row an agent (`ON_SHOW`): the pay figure where there is one, else this month's estimate.

    `correction` is what people's hearing added to the machine's mean. Grades are made by `bands.GRADES`
    where the frame brings none.
    """
    agents, pay = there(figures.agents), there(figures.pay)
    if agents is None:
        return pl.DataFrame(schema=ON_SHOW)
    shown = agents.select("agent", "heard", correction="bias")
    if pay is None:
        return _graded(agents, shown)
    return _graded(pay, shown.drop("correction")).with_columns(pl.col("correction").cast(pl.Float64))


def teams_on_show(figures: MonthFigures) -> pl.DataFrame:
    """One row a team (`ON_SHOW`, its name as `agent`)."""
    teams = there(figures.teams)
    if teams is None:
        return pl.DataFrame(schema=ON_SHOW)
    named = teams.with_columns(agent=pl.col("team"))
    return _graded(named, named.select("agent", "heard", correction="bias"))


def _graded(figures: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    graded = figures if "grade" in figures.columns else with_bands(figures, GRADES)
    if "correction" not in shown.columns:
        shown = shown.join(figures.select("agent", correction="filtered_bias"), on="agent", how="left")
    kept = [name for name in ON_SHOW if name not in shown.columns]
    return shown.join(graded.select("agent", *kept), on="agent", how="left").select(
        pl.col(name).cast(kind) for name, kind in ON_SHOW.items()
    )


def grade_text(grade: str | None, language: Language) -> str | None:
    """A grade as people read it.

    >>> grade_text("good", "zh")
    '良好'
    """
    if grade is None:
        return None
    with speaking(language):
        return band_name(grade)


def grade_remark(grade: str | None, others: list[str] | None, reason: str | None, language: Language) -> str:
    """What must be said beside a grade: with which others it may be confused, or why there is none.

    >>> grade_remark("good", ["pass"], None, "zh"), grade_remark(None, None, "no_audits", "zh")
    ('与“及格”无法区分', '本月没有人工质检，不给分')
    """
    if reason is not None:
        return say(f"estimates.reason.{reason}", language)
    if grade is None:
        return ""
    with speaking(language):
        return band_note(others)
