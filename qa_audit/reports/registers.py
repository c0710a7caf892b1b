"""The forms of what people decided about calls, as reports show it: faults, appeals, coaching, draws."""

from __future__ import annotations

import polars as pl

_WHOSE = {"team": pl.String(), "agent_no": pl.String(), "agent_name": pl.String()}

FAULT_REGISTER = pl.Schema(
    {
        "call_id": pl.String(),
        "start": pl.Datetime("us"),
        "agent": pl.String(),
        **_WHOSE,
        "item": pl.String(),
        "severity": pl.String(),
        "start_s": pl.Float64(),
        "end_s": pl.Float64(),
        "words": pl.String(),
        "should_say": pl.String(),
        "comment": pl.String(),
        "times": pl.Int64(),
        "struck": pl.Boolean(),
        "inspector": pl.String(),
        "at": pl.Datetime("us"),
        "clip": pl.String(),
    }
)
"""One row a fault (工差) that a person marked.

`agent` is the key of `estimation.month.agent_month`, `item` an id, `severity` one of
`audit.actions.SEVERITIES`; `start_s` and `end_s` say where it is heard in the call, `words` what was said,
`times` the how manieth fault of this agent on this item it is in the period; `struck` where an appeal
found that there was none: listed and not counted (null: not known yet when it was kept). `at` is when it
was marked, `start` when the call was, both local; `clip` the file of the sound kept, or null."""

APPEALS = pl.Schema(
    {
        "appeal": pl.Int64(),
        "call_id": pl.String(),
        **_WHOSE,
        "item": pl.String(),
        "start_s": pl.Float64(),
        "filed_at": pl.Datetime("us"),
        "due_at": pl.Datetime("us"),
        "reason": pl.String(),
        "replied_by": pl.String(),
        "reply": pl.String(),
        "decision": pl.String(),
        "decided_by": pl.String(),
        "decided_at": pl.Datetime("us"),
        "score_before": pl.Float64(),
        "score_after": pl.Float64(),
    }
)
"""One row an appeal (申诉).

`item` null where the whole call is disputed; `decision` "overturned", "partly", "upheld", "withdrawn", or
null while open; times local; scores of the call, 0 to 100."""

RULE_STATUSES = pl.Schema(
    {
        "item": pl.String(),
        "status": pl.String(),
        "from_month": pl.String(),
        "who": pl.String(),
        "at": pl.Datetime("us", "UTC"),
        "overridden": pl.Boolean(),
    }
)
"""One row an item that the machine judges: what its verdicts count for in a month.

`status` as in `audit.rule_statuses`; since which month, by whom and when it was decided, null where nobody
has; `overridden` where a person decided against the figures."""

COACHING = pl.Schema(
    {
        "agent": pl.String(),
        **_WHOSE,
        "item": pl.String(),
        "coached_at": pl.Datetime("us"),
        "calls_before": pl.Int64(),
        "rate_before": pl.Float64(),
        "low_before": pl.Float64(),
        "high_before": pl.Float64(),
        "calls_after": pl.Int64(),
        "rate_after": pl.Float64(),
        "low_after": pl.Float64(),
        "high_after": pl.Float64(),
    }
)
"""One row a coaching: the share of judged calls at fault on the item before and after, 0 to 1, with 95 %
intervals."""

DRAWS = pl.Schema(
    {
        "draw": pl.Int64(),
        "drawn_at": pl.Datetime("us"),
        "who": pl.String(),
        "design": pl.String(),
        "frame_calls": pl.Int64(),
        "drawn": pl.Int64(),
        "frame_sha256": pl.String(),
        "seed": pl.String(),
        "alone": pl.Boolean(),
        "receipt": pl.String(),
    }
)
"""One row a random draw whose calls enter the month, with what is needed to draw again."""
