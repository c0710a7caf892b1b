"""The words around a moment, as HTML: who spoke, when, the moment marked by colour and by a sign."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.reports.tables import clock

if TYPE_CHECKING:
    import polars as pl

LOW_CONFIDENCE = 0.5
"""Below this a turn is shown as doubtful."""

# The page is shared with the player: none of these names may be one of its own (js/src/player.css).
_STYLE = """
<style>
.qa-around { max-width: 60em; line-height: 1.6; }
.qa-around-turn { display: grid; grid-template-columns: 5em 3.5em 1fr; gap: .5em; padding: .1em .4em; }
.qa-around-turn.qa-around-here { background: #fff3c4; color: #1a1a1a; border-left: 4px solid #b8860b; }
.qa-around-turn:not(.qa-around-here) { border-left: 4px solid transparent; }
.qa-around-time { font-variant-numeric: tabular-nums; opacity: .7; }
.qa-around-agent { font-weight: 600; }
.qa-around-doubt { text-decoration: underline dotted; }
</style>
"""


def transcript_html(turns: pl.DataFrame, *, here_s: float | None = None, around_s: float = 20.0) -> str:
    """Turns as HTML, those within `around_s` of `here_s`; all of them without `here_s`.

    `turns` has the columns of `transcribe.frames`. The turn that holds `here_s` is marked with ▶ and colour;
    a turn whose confidence is below `LOW_CONFIDENCE` is underlined with dots and says so. Text is escaped.
    """
    rows = []
    for turn in turns.iter_rows(named=True):
        if here_s is not None and (turn["end_s"] < here_s - around_s or turn["start_s"] > here_s + around_s):
            continue
        here = here_s is not None and turn["start_s"] <= here_s <= turn["end_s"]
        doubtful = turn["confidence"] < LOW_CONFIDENCE
        role = turn["role"]
        words = escape(turn["text"])
        if doubtful:
            words = f'<span class="qa-around-doubt" title="{escape(say("widget.doubtful"))}">{words}</span>'
        rows.append(
            f'<div class="qa-around-turn{" qa-around-here" if here else ""}">'
            f'<span class="qa-around-time">{"▶ " if here else ""}{clock(turn["start_s"])}</span>'
            f'<span class="qa-around-{role}">{say(f"role.{role}")}</span>'
            f"<span>{words}</span></div>"
        )
    return f'{_STYLE}<div class="qa-around">{"".join(rows)}</div>'
