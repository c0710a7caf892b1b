"""The design of a draw in words, for those who read a report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.sampling.design import Design

if TYPE_CHECKING:
    from qa_audit.messages import Language


def design_words(text: str, lang: Language) -> str:
    """A design as stored (`Design.as_text`), in words: numbers that change nothing are left out.

    >>> design_words(Design(8, team_at_least=40, flagged_share="0").as_text(), "en")
    '8 calls of each agent; at least 40 of each team'

    Raises `QaError` `sampling.bad_design`.
    """
    design = Design.from_json(json.loads(text))
    parts = [say("report.method.design_calls", lang, calls=design.calls_per_agent)]
    if design.new_agent_calls != design.calls_per_agent:
        parts.append(say("report.method.design_new", lang, calls=design.new_agent_calls))
    if design.team_at_least:
        parts.append(say("report.method.design_team", lang, calls=design.team_at_least))
    if design.share:
        share, odds = f"{float(100 * design.share):g}", design.oversampling
        parts.append(say("report.method.design_flagged", lang, share=share, odds=odds))
    return say("report.clause", lang).join(parts)
