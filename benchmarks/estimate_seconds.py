"""How long the estimates of a month take, from frames of that size."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.filtered import history_rows, pay_figures
from qa_audit.estimation.groups import department_estimate, team_estimates
from qa_audit.estimation.heard import AUDITS, FRAME
from qa_audit.estimation.rates import MACHINE_VERDICTS, PERSON_VERDICTS, fault_rates

if TYPE_CHECKING:
    from collections.abc import Callable

MONTHS = ("2026-08", "2026-09", "2026-10")
TOTALS = ("all", "processor")
"""Names of what is no step of its own."""


def seconds_a_month(agents: int = 60, calls: int = 1000, audits: int = 500) -> dict[str, float]:
    """Time to estimate a month of that size, from frames: agents, pay, teams, department, 20 items,
    critical.
    """
    rng = np.random.default_rng(1)
    count = agents * calls
    agent = np.repeat(np.arange(agents), calls)
    flagged = (np.arange(count) % calls) < calls // 5
    frame = pl.DataFrame(
        {
            "call_id": [f"C{place:06d}" for place in rng.permutation(count)],
            "agent": [f"number:{1000 + one}" for one in agent],
            "team": [f"{1 + one // 10}班" for one in agent],
            "stratum": np.where(flagged, "flagged", "rest"),
            "score": np.clip(rng.normal(76, 16, count), 0, 100),
            "confidence": np.clip(rng.normal(0.85, 0.05, count), 0, 1),
        },
        schema=FRAME,
    )
    heard = _drawn(agents, calls, audits)
    probability = np.where(flagged, 3 / (calls // 5), 5 / (calls - calls // 5))[heard]
    said = frame[heard].select("call_id", inspector=pl.lit("x"), score="score", purpose=pl.lit("first"))
    people = said.with_columns(
        pl.Series("probability", probability),
        score=(pl.col("score") + rng.normal(0, 8, len(heard))).clip(0, 100),
    ).select(AUDITS.names())
    items = [f"item_{place}" for place in range(20)]
    verdicts = pl.Series(
        "verdict", rng.choice(["pass", "fail", "not_applicable"], count * 20, p=[0.7, 0.1, 0.2])
    )
    machine = frame.select("call_id").join(pl.DataFrame({"item": items}), how="cross").with_columns(verdicts)
    machine = machine.select(MACHINE_VERDICTS.names())
    heard_items = people.drop("score").join(machine, on="call_id").select(PERSON_VERDICTS.names())
    spent: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        spent[name] = time.perf_counter() - start
        return result

    began = time.process_time()

    month = timed("agents", lambda: estimate_month(frame, people))
    past = pl.concat([history_rows(month.agents, one, "same") for one in MONTHS[:2]])
    timed("pay", lambda: pay_figures(month, MONTHS[2], "same", past))
    timed("teams", lambda: team_estimates(frame, people, month.slopes))
    timed("department", lambda: department_estimate(frame, people, month.slopes))
    timed("items of the department", lambda: fault_rates(frame, machine, heard_items, "department"))
    timed("items of teams", lambda: fault_rates(frame, machine, heard_items, "team"))
    timed("items of agents", lambda: fault_rates(frame, machine, heard_items, "agent"))
    return spent | {"all": math.fsum(spent.values()), "processor": time.process_time() - began}


def _drawn(agents: int, calls: int, audits: int) -> np.ndarray:
    """Places of the calls heard: 3 of each agent's flagged and 5 of the rest, more of some until there are
    enough.
    """
    places = []
    for agent in range(agents):
        more = 1 if agent < audits - 8 * agents else 0
        first = agent * calls
        places += range(first, first + 3)
        places += range(first + calls // 5, first + calls // 5 + 5 + more)
    return np.array(places)
