"""What earlier months tell of each agent: from closed months as they were closed, else from their audits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from qa_audit.audit.scores import scored_sheets, sheets_frame
from qa_audit.closing.filing import rulings_in, samples_of, sheets_of
from qa_audit.closing.state import state_of
from qa_audit.estimation.audited import assigned_calls, audit_rows, estimation_frame, unjudged_items
from qa_audit.estimation.difference import estimate_month, past_biases
from qa_audit.estimation.filtered import HISTORY, WINDOW, history_rows
from qa_audit.estimation.heard import COUNTS
from qa_audit.estimation.trend import MONTHS
from qa_audit.sampling.remembered import RememberedSamples

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.closing.ledger import Ledger
    from qa_audit.estimation.audited import Samples
    from qa_audit.workspace import Workspace

MONTHS_BACK = 12
"""Months that control charts look back."""


class Past(NamedTuple):
    """Earlier months for the pay figure and for the control charts."""

    history: pl.DataFrame
    """`filtered.HISTORY`."""
    earlier: pl.DataFrame
    """`trend.MONTHS`."""
    provenance: list[dict[str, Any]]
    """Where each month came from: `month`, `how`, and of a closed one `version` and `receipt`. `how` is
    "closed" (as it was closed), "recomputed" (still open, from its audits), "rescored" (its audited calls
    scored again by another machine, λ = 1), "not_rescored" (left out: they were not) or "not_judged" (left
    out: people did not judge them on all that the rubric asks now)."""


class _Found(NamedTuple):
    how: str
    history: pl.DataFrame
    trend: pl.DataFrame


def past_of(workspace: Workspace, ledger: Ledger, month: str, machine: str) -> Past:
    """What the months before `month` tell, as `machine` hears.

    Open months enter where they are in the window of the pay figure; closed ones for a year.
    """
    history, earlier = [pl.DataFrame(schema=HISTORY)], [pl.DataFrame(schema=MONTHS)]
    provenance: list[dict[str, Any]] = []
    aside = workspace.rule_status.aside(month)
    before = [one for one in workspace.months() if 0 < months_between(one, month) <= MONTHS_BACK]
    for one in before:
        near = months_between(one, month) < WINDOW
        closing = ledger.closed(one)
        told: dict[str, Any] = {"month": one}
        if closing is not None:
            files = ledger.files(closing)
            state = state_of(files)
            told |= {"version": closing.version, "receipt": closing.receipt}
            found = _Found("closed", state.history, state.trend)
            if state.machine != machine and near:
                scored, filed = workspace.scored(one, aside=aside), samples_of(files)
                drawn = filed.sample(one)["call_id"].unique()
                found_then = scored.findings(drawn)
                sheets = scored_sheets(sheets_of(files), workspace.rubric, found_then, rulings_in(files))
                again = _estimated(scored.calls, one, machine, filed, sheets)
                if again is not None:
                    how = "rescored" if again.how == "recomputed" else again.how
                    found = _Found(how, again.history, state.trend)
                elif not state.history.is_empty():
                    found = _Found("not_judged", pl.DataFrame(schema=HISTORY), state.trend)
        elif near:
            samples, scored = RememberedSamples(workspace.samples), workspace.scored(one, aside=aside)
            drawn = assigned_calls(samples, one)["call_id"].unique()
            sheets = sheets_frame(workspace.database, workspace.rubric, scored.findings(drawn), drawn)
            again = _estimated(scored.calls, one, machine, samples, sheets)
            if again is None:
                continue
            found = again
        else:
            continue
        provenance.append({**told, "how": found.how})
        history.append(found.history)
        earlier.append(found.trend)
    return Past(pl.concat(history), pl.concat(earlier), provenance)


def _estimated(
    calls: pl.DataFrame, month: str, machine: str, samples: Samples, sheets: pl.DataFrame
) -> _Found | None:
    """A month as the present machine hears it; None where no call was drawn or heard.

    Where some calls of the frame have no score by this machine, only the audited ones enter, with λ = 1;
    where those have none either, or people did not judge all items, the month is left out.
    """
    frame = estimation_frame(samples, month, calls)
    assigned = assigned_calls(samples, month)
    if unjudged_items(assigned, sheets):
        return _Found("not_judged", pl.DataFrame(schema=HISTORY), pl.DataFrame(schema=MONTHS))
    audits = audit_rows(assigned, sheets)
    heard = audits.filter((pl.col("purpose") == COUNTS) & pl.col("score").is_not_null())
    if frame.is_empty() or heard.is_empty():
        return None
    lacking = _not_scored_again(samples, month, frame)
    if not lacking:
        agents = estimate_month(frame, audits).agents
        how = "recomputed"
    elif heard["call_id"].is_in(lacking).any():
        return _Found("not_rescored", pl.DataFrame(schema=HISTORY), pl.DataFrame(schema=MONTHS))
    else:
        agents, how = past_biases(frame, audits), "rescored"
    trend = agents.select(
        pl.col("agent").alias("key"), pl.lit(month).alias("month"), "estimate", "pooled_variance"
    )
    return _Found(how, history_rows(agents, month, machine), trend)


def _not_scored_again(samples: Samples, month: str, frame: pl.DataFrame) -> Sequence[str]:
    """Calls that had a score when the frame was frozen, and have none by the present machine."""
    draw_ids = samples.sample(month)["draw_id"].unique().sort()
    frozen = pl.concat(
        [samples.frame_of(draw_id).drawable.select("call_id", before="score") for draw_id in draw_ids]
    )
    both = frame.join(frozen, on="call_id", how="left")
    return both.filter(pl.col("before").is_not_null() & pl.col("score").is_null())["call_id"].to_list()


def months_between(month: str, later: str) -> int:
    """How many months `later` comes after `month`.

    >>> months_between("2025-11", "2026-02")
    3
    """
    (year, of_year), (to_year, to_month) = (map(int, one.split("-")) for one in (month, later))
    return (to_year - year) * 12 + to_month - of_year
