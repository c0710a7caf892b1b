"""How a moment is written in a list to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.reports.tables import clock, shown_quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.reports.moments import Moment

BEFORE_S, AFTER_S = 4.0, 4.0
"""Played before and after the moment, so that it is heard in its context."""


def moment_label(one: Moment, names: Mapping[str, str]) -> str:
    """Who, when, where in the call, which item and which words; `names` are item names by id."""
    return say(
        "widget.fault",
        agent=one.agent_name or one.agent_no or say("report.unknown"),
        start=f"{one.start:%m-%d %H:%M}" if one.start else "–",
        at=clock(one.start_s),
        item=names.get(one.item, one.item),
        quote=shown_quote(one.quote, one.tier),
    )
