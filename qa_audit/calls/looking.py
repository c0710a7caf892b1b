"""Looking for a call of which somebody knows little: a number, about when, whose it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from qa_audit.messages import QaError

WITHIN_MINUTES = 60
_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def look_for(
    calls: pl.DataFrame,
    *,
    number: str | None = None,
    agent: str | None = None,
    at: datetime | None = None,
    within_minutes: float = WITHIN_MINUTES,
) -> pl.DataFrame:
    """Calls that fit all that is given, in their order; `calls` as `calls.query.calls_frame`.

    `number` are digits of the customer's number, from anywhere in it; `agent` a name, a number or a person's
    id; `at` the local time at which somebody remembers the call, right to `within_minutes`.
    """
    found = calls
    if number is not None:
        digits = "".join(sign for sign in number if sign.isdigit())
        kept = pl.col("customer_no").str.replace_all(r"\D", "").str.contains(digits, literal=True)
        found = found.filter(kept if digits else pl.col("customer_no") == number)
    if agent is not None:
        found = found.filter(pl.any_horizontal(pl.col("person_id", "agent_no", "agent_name") == agent))
    if at is not None:
        near = timedelta(minutes=within_minutes)
        found = found.filter(pl.col("start").is_between(at - near, at + near))
    return found


def local_time(text: str) -> datetime:
    """A time as people write it: `2026-10-03 09:15`, with seconds or without the time of day.

    >>> local_time("2026-10-03 09:15")
    datetime.datetime(2026, 10, 3, 9, 15)

    Raises `QaError` `find.bad_time`.
    """
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    raise QaError("find.bad_time", got=text)
