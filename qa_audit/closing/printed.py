"""Figures as they are printed, paid by and compared: decimals rounded half up, written as text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qa_audit.estimation.rounding import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_audit.closing.figures import MonthFigures

POINTS, SHARES, POOLED = 2, 4, 6
"""Decimals of scores, of rates and of what was pooled."""

_LATER = {"teams"}
_SHARES = {"critical_rate", "critical_low", "critical_high", "rate", "machine_rate", "unheard_share"}


def decimals(value: float | None, places: int = POINTS) -> str | None:
    """A figure as text, half up; null stays null.

    >>> decimals(84.995), decimals(-0.001), decimals(None), decimals(1 / 3, 4)
    ('85.00', '0.00', None, '0.3333')
    """
    if value is None or not math.isfinite(value):
        return None
    return f"{rounded(value, places) + 0.0:.{places}f}"


def printed(figures: MonthFigures) -> dict[str, Any]:
    """All figures of a month for JSON; what a closed month is compared by."""
    prior, pay = figures.estimate.prior, figures.pay
    weights = dict(pay.agents.select("agent", "weights").iter_rows())
    return {
        "month": figures.month,
        "machine": figures.machine,
        "department": _row(figures.department),
        "teams": [_row(row) for row in figures.teams.iter_rows(named=True)],
        "critical": None if figures.critical is None else _row(figures.critical),
        "agents": [
            _row(row)
            | {
                "slope": decimals(figures.estimate.slopes.get(row["agent"]), POOLED),
                "weights": [decimals(one, POOLED) for one in weights.get(row["agent"]) or ()],
            }
            for row in figures.agents.iter_rows(named=True)
        ],
        "pooled": {
            "drift": decimals(pay.drift, POOLED),
            "drift_found": decimals(pay.drift_found, POOLED),
            "prior_df": decimals(prior.df, POOLED),
            "prior_log_variance": {name or "all": decimals(one, POOLED) for name, one in prior.log_variance},
            "prior_trend": decimals(prior.trend, POOLED),
            "prior_centre": decimals(prior.centre, POOLED),
            "severity_variance": decimals(figures.estimate.severity.variance, POOLED),
        },
    }


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(what, before, now) wherever two printed months differ, in order.

    The parts of `_LATER` are left out where `before` lacks them: earlier versions did not print them.

    >>> differences({"agents": [{"agent": "a", "low": "1.00"}]}, {"agents": [{"agent": "a", "low": "1.01"}]})
    [('agents.a.low', '1.00', '1.01')]
    """
    old = dict(_leaves(before))
    new = dict(_leaves({name: one for name, one in now.items() if name in before or name not in _LATER}))
    names = [*old, *(name for name in new if name not in old)]
    return [(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: decimals(value, SHARES if name in _SHARES else POINTS) if isinstance(value, float) else value
        for name, value in row.items()
    }


def _leaves(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, one in enumerate(value):
            yield from _leaves(one, f"{path}.{one.get('agent', one.get('team', place))}")
    else:
        yield path, value
