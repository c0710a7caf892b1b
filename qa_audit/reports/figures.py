"""What people's hearing adds to a month: estimates, registers, agreement; each may be missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.estimation.bands import GRADES, band_name, band_note, with_bands
from qa_audit.estimation.groups import METHOD
from qa_audit.estimation.rates import CRITICAL, RATES
from qa_audit.messages import say, speaking
from qa_audit.reports.people_judged import NOBODY, PeopleJudged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.scale import PayScale
    from qa_audit.estimation.bands import Bands
    from qa_audit.messages import Language

ON_SHOW = pl.Schema(
    {
        "agent": pl.String(),
        "framed": pl.Int64(),
        "machine_mean": pl.Float64(),
        "heard": pl.Int64(),
        "correction": pl.Float64(),
        "estimate": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "half_width": pl.Float64(),
        "grade": pl.String(),
        "grade_open": pl.List(pl.String()),
        "pay_yuan": pl.Float64(),
        "severe_heard": pl.Int64(),
        "severe_rate": pl.Float64(),
        "severe_low": pl.Float64(),
        "severe_high": pl.Float64(),
        "unheard_share": pl.Float64(),
        "reason": pl.String(),
    }
)
"""One row an agent or team (`agent` holds its name): the figure that counts. `framed` calls of the frozen
frame and their `machine_mean`, which with `correction` makes `estimate`, cut at 0 and 100. `severe_heard`:
calls in which people found a critical fault (一票否决) among those heard, `severe_rate` of all calls with its
interval, 0 to 1. See `agents_on_show`."""


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Frames in the forms of the modules named; None or an empty frame leaves its part of a report out."""

    agents: pl.DataFrame | None = None
    """`estimation.difference.AGENT_ESTIMATES`; `grade` and `grade_open` (`bands.with_bands`) if given."""
    pay: pl.DataFrame | None = None
    """`estimation.filtered.PAY_ESTIMATES`, with bands and `pay_yuan` if given; goes before `agents` as the
    figure shown."""
    teams: pl.DataFrame | None = None
    """`estimation.groups.GROUP_ESTIMATES`."""
    department: pl.DataFrame | None = None
    """The one row of `GROUP_ESTIMATES` for all."""
    rates: pl.DataFrame | None = None
    """`estimation.rates.RATES` by team; critical faults as the item `rates.CRITICAL`."""
    rates_of_agents: pl.DataFrame | None = None
    """`RATES` by agent."""
    rates_of_all: pl.DataFrame | None = None
    """`RATES` of the department."""
    quality: pl.DataFrame | None = None
    """`estimation.rule_quality.QUALITY`."""
    rule_statuses: pl.DataFrame | None = None
    """`registers.RULE_STATUSES` of the month."""
    agreement: pl.DataFrame | None = None
    """`estimation.agreement.AGREEMENT`."""
    offsets: pl.DataFrame | None = None
    """`estimation.inspectors.OFFSETS`."""
    icc: tuple[float | None, float | None, float | None] | None = None
    """ICC(A,1) with its interval."""
    faults: pl.DataFrame | None = None
    """`registers.FAULT_REGISTER`."""
    people_items: pl.DataFrame | None = None
    """`people_judged.PEOPLE_ITEMS`."""
    people_calls: pl.DataFrame | None = None
    """`people_judged.PEOPLE_CALLS`."""
    appeals: pl.DataFrame | None = None
    """`registers.APPEALS`."""
    coaching: pl.DataFrame | None = None
    """`registers.COACHING`."""
    trend: pl.DataFrame | None = None
    """`estimation.trend.MONTHS` of agents (by key) and teams (`team:` and the name), with control limits;
    `low` and `high` if given."""
    sameness: pl.DataFrame | None = None
    """`estimation.sameness.SAMENESS`."""
    matters_points: float | None = None
    """Difference of scores from which `sameness` matters; as `conditions.SamenessSettings`."""
    service: pl.DataFrame | None = None
    """`estimation.service.SERVICE`."""
    callbacks: pl.DataFrame | None = None
    """`estimation.callbacks.CALLBACKS`."""
    draws: pl.DataFrame | None = None
    """`registers.DRAWS`."""
    pooled: Mapping[str, float] = field(default_factory=dict)
    """What was borrowed from all agents together: `prior_df`, `prior_variance`, `severity`, `drift`."""

    scale: PayScale | None = None
    """By which grades were given, and what they pay; `bands.GRADES` without amounts where there is none."""

    method: int = METHOD
    """How figures of teams and of the department were made (`groups.METHOD`)."""

    @property
    def people(self) -> PeopleJudged:
        """What people judged; nothing of months closed before it was kept."""
        if self.people_items is None or self.people_calls is None:
            return NOBODY
        return PeopleJudged(self.people_items, self.people_calls)

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

    `correction` is what people's hearing added to the machine's mean. Grades are made by the scale, or by
    `bands.GRADES`, where the frame brings none.
    """
    agents, pay = there(figures.agents), there(figures.pay)
    if agents is None:
        return pl.DataFrame(schema=ON_SHOW)
    bands = GRADES if figures.scale is None else figures.scale.bands
    shown = agents.select("agent", "heard", "machine_mean", framed="calls", correction="bias").join(
        _severe(figures.rates_of_agents), on="agent", how="left", maintain_order="left"
    )
    if pay is None:
        return _graded(agents, shown, bands)
    # An agent without an interval has no filtered correction: the score is then this month's alone.
    corrected = pl.coalesce("filtered_bias", "correction")
    shown = shown.join(pay.select("agent", "filtered_bias"), on="agent", how="left", maintain_order="left")
    return _graded(pay, shown.with_columns(correction=corrected).drop("filtered_bias"), bands)


def teams_on_show(figures: MonthFigures) -> pl.DataFrame:
    """One row a team (`ON_SHOW`, its name as `agent`).

    `unheard_share` of its calls lie where nobody heard one (`groups.GROUP_ESTIMATES`); null where none do, as
    for agents, of whom nothing is taken from others.
    """
    teams = there(figures.teams)
    if teams is None:
        return pl.DataFrame(schema=ON_SHOW)
    named = teams.with_columns(agent=pl.col("team"))
    shown = named.select("agent", "heard", "machine_mean", framed="calls", correction="bias").join(
        _severe(figures.rates), on="agent", how="left", maintain_order="left"
    )
    return _graded(named, shown, GRADES if figures.scale is None else figures.scale.bands)


def _severe(rates: pl.DataFrame | None) -> pl.DataFrame:
    """Rates of critical faults by agent or team, with the names of `ON_SHOW`."""
    found = pl.DataFrame(schema=RATES) if rates is None else rates.filter(pl.col("item") == CRITICAL)
    return found.select(
        agent="group", severe_heard="heard_faults", severe_rate="rate", severe_low="low", severe_high="high"
    )


def _graded(figures: pl.DataFrame, shown: pl.DataFrame, bands: Bands) -> pl.DataFrame:
    graded = figures if "grade" in figures.columns else with_bands(figures, bands)
    if "pay_yuan" not in graded.columns:
        graded = graded.with_columns(pay_yuan=pl.lit(None, pl.Float64))
    unheard = pl.col("unheard_share") if "unheard_share" in graded.columns else pl.lit(0.0)
    graded = graded.with_columns(unheard_share=pl.when(unheard > 0).then(unheard))
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
