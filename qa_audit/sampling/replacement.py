"""A call that cannot be judged gives way to the next ticket of its stratum, never to a call of choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import polars as pl

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Collection

Reason = Literal["no_audio", "wrong_agent", "private_call"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Nothing to hear; the voice is another agent's; a call about private matters."""


def replacement(tickets: pl.DataFrame, call_id: str, used: Collection[str]) -> str | None:
    """The call that takes the place of `call_id`: the smallest ticket of its stratum that is not `used`.

    `tickets` as from `drawing.draw`; `used` are the calls drawn and those that replaced others before. None
    when the stratum has no call left.

    Raises `QaError` `sampling.not_in_draw`.
    """
    found = tickets.filter(pl.col("call_id") == call_id)
    if found.is_empty() or call_id not in used:
        raise QaError("sampling.not_in_draw", call=call_id)
    agent, stratum = found.select("agent", "stratum").row(0)
    own = tickets.filter(pl.col("agent") == agent, pl.col("stratum") == stratum).sort("place")
    return next((call for call in own["call_id"] if call not in used), None)
