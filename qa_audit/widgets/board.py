"""The board in a notebook: who has how much to hear, and what is late."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from qa_audit.messages import say
from qa_audit.shown.board import board_line, shown_load, shown_waiting
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from qa_audit.desks.board import Board


def board_html(board: Board) -> str:
    """The board as HTML; what there is none of is said in a line."""
    parts = [f"<p>{escape(board_line(board))}</p>"]
    for name, rows, shown in (
        ("load", board.inspectors, shown_load(board)),
        ("waiting", board.waiting, shown_waiting(board)),
    ):
        parts.append(f"<h4>{escape(say(f'widget.board.{name}'))}</h4>")
        told = f"<p>{escape(say(f'widget.board.no_{name}'))}</p>" if rows.is_empty() else html_table(*shown)
        parts.append(told)
    return "".join(parts)
