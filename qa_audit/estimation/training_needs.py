"""What to train: items at fault more often in a team than in the others, or often everywhere; and whose.

A team with more faults than the others may have had bad luck: with ten teams and twenty items some always
stand out. So a need is told to be a team's own only where chance explains it badly, by calls (Fisher's
exact test, one-sided) and by days, since calls of one day resemble each other; the worse of the two counts,
corrected for all teams and items that were looked at (`looking_often`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from qa_audit.estimation.agent_names import agent_names
from qa_audit.estimation.frames import checked_calls, checked_findings
from qa_audit.estimation.looking_often import FALSE_SHARE, adjusted_p
from qa_audit.estimation.month import UNKNOWN
from qa_audit.estimation.order import counting_key
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Counts = NDArray[np.float64]

LEAST_JUDGED = 10
"""An item judged less often tells nothing about those whose calls they were."""
COMMON_RATE = 0.1
"""From this share of faults in all calls on, an item is worth training in every team."""
MOST = 3
"""Items told of a team, and of all: nobody trains ten at once."""

NEEDS = pl.Schema(
    {
        "team": pl.String(),
        "item": pl.String(),
        "judged": pl.UInt32(),
        "faults": pl.UInt32(),
        "fault_rate": pl.Float64(),
        "others_rate": pl.Float64(),
        "p_adjusted": pl.Float64(),
        "agents": pl.List(pl.String()),
    }
)
"""One row a need. `team`: whose own it is; null: everybody's, and then `others_rate` (the share of faults in
all other teams) and `p_adjusted` are null too. `agents`: numbers and names of those who have more faults than
others of their team, and not by chance; empty where the whole team has them."""


def training_needs(calls: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Each team's own needs, teams in counting order, then those of all; at most `MOST` of each (`NEEDS`).

    `calls` and `findings` as in `estimation.frames`, of one month; the team is that at the time of the call.
    A team's first is that of which it would have the most faults fewer at the others' rate; of all, the one
    that is at fault the most often.
    """
    counts = _counts(calls, findings)
    by_item = {str(item): own for (item,), own in counts.group_by("item")}
    names = agent_names(calls)
    needs = [
        {**need, "agents": _standing_out(_of_team(by_item[need["item"]], need["team"]), names)}
        for need in (*_own(counts, by_item), *_everybodys(counts))
    ]
    return pl.DataFrame(needs, schema=NEEDS)


def as_many_by_chance(faults: int, judged: int, others: int, others_judged: int) -> float:
    """How likely it is to have so many faults, or more, if faults fell on calls blindly.

    One-sided exact test of Fisher (1935): the number of faults in all is taken as given.

    >>> round(as_many_by_chance(3, 4, 1, 4), 4), as_many_by_chance(0, 5, 3, 9)
    (0.2429, 1.0)
    """
    from scipy.special import gammaln

    def ways(whole: int, part: Counts) -> Counts:
        return gammaln(whole + 1) - gammaln(part + 1) - gammaln(whole - part + 1)

    if faults <= 0:
        return 1.0
    total = faults + others
    here = np.arange(faults, min(judged, total) + 1, dtype=np.float64)
    in_all = ways(judged + others_judged, np.array([total], np.float64))
    shares = ways(judged, here) + ways(others_judged, total - here) - in_all
    return min(1.0, float(np.exp(shares[total - here <= others_judged]).sum()))


def _counts(calls: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """`judged` and `faults` by team, item, agent and day."""
    calls = checked_calls(calls).select(
        "call_id", agent_key(), team=pl.col("team").fill_null(UNKNOWN), day=pl.col("start").dt.date()
    )
    judged = (pl.col("kind") == "item") & pl.col("verdict").is_in(["pass", "fail"])
    return (
        checked_findings(findings)
        .filter(judged)
        .select("call_id", "item", fault=pl.col("verdict") == "fail")
        .join(calls, on="call_id", how="inner")
        .group_by("team", "item", "agent", "day")
        .agg(judged=pl.len(), faults=pl.col("fault").sum())
        .sort("team", "item", "agent", "day")
    )


def _own(counts: pl.DataFrame, by_item: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Items of which a team has more faults than the others, and not by chance."""
    teams = counts.group_by("team", "item").agg(pl.col("judged", "faults").sum())
    teams = teams.filter(pl.col("judged") >= LEAST_JUDGED).sort("team", "item")
    beside = [_beside_others(by_item[item], "team", team) for team, item, *_ in teams.rows()]
    own = (
        teams.with_columns(
            others_rate=pl.Series([rate for rate, _ in beside], dtype=pl.Float64),
            p_adjusted=pl.Series(adjusted_p([p for _, p in beside]), dtype=pl.Float64),
            fault_rate=pl.col("faults") / pl.col("judged"),
        )
        .filter(pl.col("p_adjusted") <= FALSE_SHARE)
        .sort(pl.col("judged") * pl.col("others_rate") - pl.col("faults"), "item")
        .group_by("team", maintain_order=True)
        .head(MOST)
    )
    return sorted(own.rows(named=True), key=lambda need: _place(need["team"]))


def _everybodys(counts: pl.DataFrame) -> list[dict[str, Any]]:
    """Items that are often at fault in all calls together."""
    items = counts.group_by("item").agg(pl.col("judged", "faults").sum())
    often = (
        items.with_columns(fault_rate=pl.col("faults") / pl.col("judged"), team=None)
        .filter(pl.col("judged") >= LEAST_JUDGED, pl.col("fault_rate") >= COMMON_RATE)
        .sort("fault_rate", "item", descending=[True, False])
    )
    return often.head(MOST).rows(named=True)


def _beside_others(counts: pl.DataFrame, who: str, one: str) -> tuple[float | None, float]:
    """The share of faults of all others, and how likely chance explains that `one` has more."""
    own = (counts[who] == one).fill_null(value=False).to_numpy()
    judged, faults = counts["judged"].to_numpy(), counts["faults"].to_numpy()
    sums = [int(values[mask].sum()) for mask in (own, ~own) for values in (faults, judged)]
    if sums[3] == 0:
        return None, 1.0
    rate, others_rate = sums[0] / sums[1], sums[2] / sums[3]
    if rate <= others_rate:
        return others_rate, 1.0
    by_call = as_many_by_chance(*sums)
    pull = np.where(own, (faults - judged * rate) / sums[1], -(faults - judged * others_rate) / sums[3])
    day = counts["day"].rank("dense").fill_null(0).to_numpy().astype(int)
    days: Counts = np.bincount(day, pull).astype(np.float64)
    return others_rate, max(by_call, _by_day(rate - others_rate, days, np.unique(day).size))


def _by_day(difference: float, days: Counts, number: int) -> float:
    """One-sided p of a difference whose variance is that of whole days' influence; 0 where it has none."""
    from scipy.special import stdtr

    if number < 2:
        return 0.0
    variance = float((days**2).sum()) * number / (number - 1)
    return float(stdtr(number - 1, -difference / math.sqrt(variance))) if variance > 0 else 0.0


def _of_team(counts: pl.DataFrame, team: str | None) -> pl.DataFrame:
    return counts if team is None else counts.filter(pl.col("team") == team)


def _standing_out(counts: pl.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Those who have more faults of an item than others of their team, not by chance; most faults first."""
    people = counts.group_by("team", "agent").agg(pl.col("faults", "judged").sum()).drop_nulls("agent")
    people = people.sort("faults", "agent", "team", descending=[True, False, False])
    teams = {team: own for (team,), own in counts.group_by("team")}
    beside = [_beside_others(teams[team], "agent", one) for team, one, *_ in people.rows()]
    chances = adjusted_p([p for _, p in beside])
    found = [names[one] for one, p in zip(people["agent"], chances, strict=True) if p <= FALSE_SHARE]
    return list(dict.fromkeys(found))


def _place(team: str) -> tuple[bool, object]:
    return team == UNKNOWN, counting_key(team)
