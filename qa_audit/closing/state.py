"""What a closed month hands on to the months after it, in full precision."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from qa_audit.closing.filing import json_bytes, read_json
from qa_audit.estimation.filtered import HISTORY
from qa_audit.estimation.trend import MONTHS
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.figures import MonthFigures

STATE_FILE = "state.json"


class State(NamedTuple):
    """A month as later ones see it."""

    machine: str
    history: pl.DataFrame
    """`filtered.HISTORY`."""
    trend: pl.DataFrame
    """`trend.MONTHS`."""


def state_bytes(figures: MonthFigures) -> bytes:
    """The content of `STATE_FILE`."""
    return json_bytes(
        {
            "machine": figures.machine,
            "history": figures.history.to_dicts(),
            "trend": figures.trend.to_dicts(),
        }
    )


def state_of(files: Mapping[str, bytes]) -> State:
    """The state of a closed month. Raises `QaError` `closing.no_file`, `closing.bad_file`."""
    kept = read_json(files, STATE_FILE)
    try:
        return State(
            kept["machine"],
            pl.DataFrame(kept["history"], HISTORY),
            pl.DataFrame(kept["trend"], MONTHS),
        )
    except (pl.exceptions.PolarsError, KeyError, TypeError) as error:
        raise QaError("closing.bad_file", file=STATE_FILE, reason=error) from error
