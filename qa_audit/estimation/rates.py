"""Fault rates of items, and of critical faults (一票否决), with intervals: per department, team and agent.

The rate is R = F / A, calls at fault over calls judged pass or fail, as a person would judge them. F and A
are each estimated by the difference estimator, the machine's verdict being the helper:

    F̂ = λ Σ_U f_machine + N · mean(f_person − λ f_machine)

with λ pooled over the department and kept within 0 to 1. The variance of R̂ is that of the mean of
(f − R a)_person − λ (f − R a)_machine, divided by (A/N)². Faults are rare, so the interval is that of Korn
and Graubard, on no more calls than were heard: where machine and people agreed on all of them, the variance
would be zero and the interval wrongly a point.

Of cells that nobody heard `unheard` tells what the variance lacks, from each heard call's part in the error
of its group's rate. It leaves fewer effective calls, and fewer still where few agents tell how agents differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.estimation.groups import METHOD
from qa_audit.estimation.heard import COUNTS, FRAME, drawn_only
from qa_audit.estimation.intervals import clopper_pearson, effective_trials
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.strata import HeardCell, group_mean
from qa_audit.estimation.unheard import between_agents, with_unheard
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa_audit.estimation.intervals import Spread

MACHINE_VERDICTS = pl.Schema({"call_id": pl.String(), "item": pl.String(), "verdict": pl.String()})
"""The machine's verdicts on calls of the frame; an item without a row was not applicable."""

PERSON_VERDICTS = pl.Schema(
    {
        "call_id": pl.String(),
        "inspector": pl.String(),
        "item": pl.String(),
        "verdict": pl.String(),
        "probability": pl.Float64(),
        "purpose": pl.String(),
    }
)
"""People's verdicts; only those with purpose "first" enter (`heard.COUNTS`)."""

RATES = pl.Schema(
    {
        "item": pl.String(),
        "group": pl.String(),
        "calls": pl.Int64(),
        "heard": pl.Int64(),
        "heard_judged": pl.Int64(),
        "heard_faults": pl.Int64(),
        "machine_rate": pl.Float64(),
        "rate": pl.Float64(),
        "low": pl.Float64(),
        "high": pl.Float64(),
        "reason": pl.String(),
    }
)
"""One row an item and group. `heard_judged` and `heard_faults`: audited calls in which a person judged the
item pass or fail, and fail; `machine_rate` as the machine judged all calls; `rate` with its interval, 0 to
1, or null."""

By = Literal["department", "team", "agent"]

CRITICAL = "critical"
"""The item that `critical_verdicts` makes of a call's critical faults."""


def fault_rates(
    frame: pl.DataFrame,
    machine: pl.DataFrame,
    people: pl.DataFrame,
    by: By = "department",
    *,
    method: int = METHOD,
) -> pl.DataFrame:
    """`RATES` of every item that machine or people judged, in order of item and group.

    `frame` as `heard.FRAME`, `machine` as `MACHINE_VERDICTS`, `people` as `PERSON_VERDICTS`; verdicts are
    those of `scoring`, of which "not_applicable" and "uncertain" count neither as judged nor as fault. By
    `method` 1 (`groups.METHOD`) agents whom nobody heard are exactly like the heard ones.

    Raises `QaError`: `month.missing_column`, `estimates.bad_probability`, `estimates.double_verdict`.
    """
    require_columns(frame, "frame", FRAME)
    require_columns(machine, "machine", MACHINE_VERDICTS)
    require_columns(people, "people", PERSON_VERDICTS)
    group = {"department": pl.lit("all"), "team": pl.col("team").fill_null(UNKNOWN), "agent": pl.col("agent")}
    calls = frame.select("call_id", "agent", "stratum", group=group[by]).sort("call_id")
    machine = machine.filter(_ASKED).join(calls.select("call_id", "group"), on="call_id", how="inner")
    totals = _machine_totals(machine)
    every = _heard(calls, drawn_only(people))
    said = _by_item(machine.join(every, on="call_id", how="semi"))
    judged = _by_item(people.filter(pl.col("purpose") == COUNTS).join(every, on="call_id", how="semi"))
    heard_calls = every.rows(named=True)
    cells = calls.group_by(_CELL).agg(calls=pl.len()).sort(_CELL).rows(named=True)
    rows = []
    for item in sorted({*totals, *judged}):
        marks = _marks(heard_calls, judged.get(item, {}), said.get(item, {}))
        heard: dict[tuple[str, ...], list[_Mark]] = {}
        for one in marks:
            heard.setdefault(one.cell, []).append(one)
        slopes = (
            _slope(marks, lambda one: one.fault, lambda one: one.machine_fault),
            _slope(marks, lambda one: one.asked, lambda one: one.machine_asked),
        )
        points = {}
        for name, own in groupby(cells, key=lambda cell: cell["group"]):
            found = [(_key(cell), cell["calls"], heard.get(_key(cell), ())) for cell in own]
            points[name] = _point(found, totals.get(item, {}).get(name, (0, 0)), slopes)
        if method > 1:
            points = _with_unheard(points)
        rows += [(item, name, *_row(one)) for name, one in points.items()]
    return pl.DataFrame(rows, schema=RATES, orient="row")


def critical_verdicts(calls: pl.DataFrame) -> pl.DataFrame:
    """Verdicts of the item `CRITICAL` from a frame with a list column `critical`; its other columns stay.

    A call with a critical fault fails, one with an empty list passes; null, not judged, has no row.

    >>> two = pl.DataFrame({"call_id": ["a", "b"], "critical": [["no_harsh_language"], []]})
    >>> critical_verdicts(two)["verdict"].to_list()
    ['fail', 'pass']
    """
    verdict = pl.when(pl.col("critical").list.len() > 0).then(pl.lit("fail")).otherwise(pl.lit("pass"))
    known = calls.filter(pl.col("critical").is_not_null())
    return known.with_columns(item=pl.lit(CRITICAL), verdict=verdict).drop("critical")


_JUDGED = ("pass", "fail")
_FAULT, _ASKED = pl.col("verdict") == "fail", pl.col("verdict").is_in(_JUDGED)
_CELL = ("group", "agent", "stratum")


@dataclass(frozen=True, slots=True)
class _Mark:
    """Both judgements of one heard call, each 0 or 1."""

    cell: tuple[str, ...]
    fault: float
    asked: float
    machine_fault: float
    machine_asked: float
    probability: float


_Cells = Sequence[tuple[tuple[str, ...], int, Sequence[_Mark]]]
"""Key, number of calls and those heard."""


def _key(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in _CELL)


def _machine_totals(machine: pl.DataFrame) -> dict[str, dict[str, tuple[int, int]]]:
    """By item and group: the machine's calls at fault and calls judged."""
    sums = machine.group_by("item", "group").agg(fault=_FAULT.sum(), asked=_ASKED.sum())
    totals: dict[str, dict[str, tuple[int, int]]] = {}
    for item, name, fault, asked in sums.iter_rows():
        totals.setdefault(item, {})[name] = (fault, asked)
    return totals


def _heard(calls: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The calls of the frame that were heard, with π, in order of call id."""
    doubled = people.filter(pl.struct("call_id", "item").is_duplicated())
    if not doubled.is_empty():
        call, item = doubled.select("call_id", "item").row(0)
        raise QaError("estimates.double_verdict", call=call, item=item)
    drawn = people.group_by("call_id").agg(pl.col("probability").max())
    return drawn.join(calls, on="call_id", how="inner").sort("call_id")


def _by_item(verdicts: pl.DataFrame) -> dict[str, dict[str, str]]:
    """Verdicts by item and call."""
    found: dict[str, dict[str, str]] = {}
    for call, item, verdict in verdicts.select("call_id", "item", "verdict").drop_nulls().iter_rows():
        found.setdefault(item, {})[call] = verdict
    return found


def _marks(
    calls: Sequence[Mapping[str, Any]], person: Mapping[str, str], machine: Mapping[str, str]
) -> list[_Mark]:
    """Every heard call with both judgements on one item, 0 where it was not asked; in order of call id."""
    marks = []
    for row in calls:
        theirs, its = person.get(row["call_id"]), machine.get(row["call_id"])
        judged = [float(verdict in wanted) for verdict in (theirs, its) for wanted in (("fail",), _JUDGED)]
        marks.append(_Mark(_key(row), judged[0], judged[1], judged[2], judged[3], row["probability"]))
    return marks


def _slope(
    marks: Sequence[_Mark], person: Callable[[_Mark], float], machine: Callable[[_Mark], float]
) -> float:
    """λ of one judgement, weighted, within strata, kept in 0 to 1; 0 where the machine's never differs."""
    above, below = [], []
    for stratum in sorted({one.cell[-1] for one in marks}):
        own = [(1 / one.probability, person(one), machine(one)) for one in marks if one.cell[-1] == stratum]
        total = math.fsum(w for w, _, _ in own)
        y0, m0 = math.fsum(w * y for w, y, _ in own) / total, math.fsum(w * m for w, _, m in own) / total
        above += [w * (y - y0) * (m - m0) for w, y, m in own]
        below += [w * (m - m0) ** 2 for w, _, m in own]
    spread = math.fsum(below)
    return min(max(math.fsum(above) / spread, 0.0), 1.0) if spread > 1e-12 else 0.0


@dataclass(frozen=True, slots=True)
class _Point:
    """One item in one group, before its interval."""

    start: tuple[object, ...]
    """The row as far as `machine_rate`."""
    rate: float | None = None
    reason: str | None = None
    spread: Spread | None = None
    """Of the rate; None where it is not known."""
    cells: Sequence[HeardCell] = ()
    """Cells with each heard call's part in the rate's error."""
    marks: Sequence[_Mark] = ()


def _point(cells: _Cells, machine: tuple[int, int], slopes: tuple[float, float]) -> _Point:
    calls = sum(number for _, number, _ in cells)
    marks = [mark for _, _, heard in cells for mark in heard]
    asked, faults = sum(one.asked > 0 for one in marks), sum(one.fault > 0 for one in marks)
    start = (calls, len(marks), asked, faults, machine[0] / machine[1] if machine[1] else None)
    if asked == 0:
        return _Point(start, reason="never_asked" if marks else "no_audits")

    def of(value: Callable[[_Mark], float]) -> list[HeardCell]:
        return [HeardCell(key[-1], number, tuple(map(value, heard)), key[1]) for key, number, heard in cells]

    on_fault, on_asked = slopes
    fault = group_mean(of(lambda one: one.fault - on_fault * one.machine_fault))
    judged = group_mean(of(lambda one: one.asked - on_asked * one.machine_asked))
    if fault is None or judged is None:
        return _Point(start, reason="stratum_unheard")
    fault_share = on_fault * machine[0] / calls + fault[0]
    asked_share = on_asked * machine[1] / calls + judged[0]
    if asked_share <= 0:
        return _Point(start, reason="never_asked")
    rate = min(max(fault_share / asked_share, 0.0), 1.0)

    def residual(one: _Mark) -> float:
        return one.fault - on_fault * one.machine_fault - rate * (one.asked - on_asked * one.machine_asked)

    found = group_mean(of(residual))
    spread = found[1].times(asked_share**-2) if found is not None and found[1] is not None else None
    return _Point(start, rate, None, spread, of(lambda one: residual(one) / asked_share), marks)


def _with_unheard(points: Mapping[str, _Point]) -> dict[str, _Point]:
    """The points of one item, the spreads of groups with unheard cells with what they lack.

    How agents differ is learned from all groups, and taken to be as r = R (1 − R) is: G S becomes G S r / r̄
    with r̄ the mean over heard cells.
    """
    between = between_agents(one.cells for one in points.values())
    own = {name: 0.0 if one.rate is None else one.rate * (1 - one.rate) for name, one in points.items()}
    heard = {name: sum(bool(cell.values) for cell in one.cells) for name, one in points.items()}
    found = dict(points)
    for name, one in points.items():
        if one.spread is None or heard[name] == len(one.cells):
            continue
        # At 0 and 1 the interval does not rest on the variance.
        usual = math.fsum(heard[other] * own[other] for other in points) / sum(heard.values())
        factor = own[name] / usual if own[name] > 0 else 1.0
        spread = with_unheard(one.spread.times(1 / factor), one.cells, between)
        found[name] = replace(one, spread=None if spread is None else spread.times(factor))
    return found


def _row(point: _Point) -> tuple[object, ...]:
    """The row of `RATES` after item and group."""
    rate, spread, marks = point.rate, point.spread, point.marks
    if rate is None:
        return (*point.start, None, None, None, point.reason)
    if spread is None:
        return (*point.start, rate, None, None, "no_spread")
    if len(marks) == sum(cell.calls for cell in point.cells):
        return (*point.start, rate, rate, rate, None)
    weights = [one.asked / one.probability for one in marks if one.asked]
    kish = math.fsum(weights) ** 2 / math.fsum(weight**2 for weight in weights)
    trials = effective_trials(rate, spread, len(weights), kish)
    return (*point.start, rate, *clopper_pearson(rate * trials, trials), None)
