"""Where inspectors of the same call differ: their verdicts, faults and comments side by side, with sound."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as widgets
import polars as pl

from qa_audit.audit.compared import COMPARED_SCHEMA, compared
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError, language, say
from qa_audit.reports.tables import clock
from qa_audit.widgets.clip_player import ClipPlayer
from qa_audit.widgets.listing import Listing
from qa_audit.widgets.moment_list import AFTER_S, BEFORE_S
from qa_audit.widgets.tables import html_table
from qa_audit.widgets.transcript import transcript_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa_audit.workspace import Workspace


class Differences:
    """A list of differences; the one that is clicked is shown below, and `choose(call_id, item)` is told."""

    def __init__(self, workspace: Workspace, choose: Callable[[str, str], None] | None = None) -> None:
        self._workspace = workspace
        self._told = choose
        self._rows = pl.DataFrame(schema=COMPARED_SCHEMA)
        self._keys: list[tuple[str, str]] = []
        self.list = Listing(self._choose)
        self.heading, self.sides, self.said, self.words = (widgets.HTML() for _ in range(4))
        self.player = ClipPlayer()
        self._one = widgets.VBox([self.sides, self.said, self.player, self.words])
        self.panel = widgets.VBox([self.heading, self.list.widget, self._one])

    def show(self, month: str | None = None) -> None:
        """The differences on calls of a month, or of all that everybody has handed in."""
        self._rows = _compared(self._workspace, month)
        grouped = self._rows.group_by("call_id", "item", maintain_order=True).agg("who", "verdict")
        self._keys = grouped.select("call_id", "item").rows()
        rows = [
            (call_id, self._name(item), "　".join(_side(*one) for one in zip(people, verdicts, strict=True)))
            for call_id, item, people, verdicts in grouped.iter_rows()
        ]
        columns = [say(f"widget.differences.{name}") for name in ("call", "item", "verdicts")]
        self.list.show(pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row"))
        told = say("widget.differences.pick" if rows else "widget.differences.none")
        heading = escape(say("widget.differences.heading"))
        self.heading.value = f"<h3>{heading}</h3><p>{escape(told)}</p>"
        # An empty table says nothing that the sentence does not say better.
        self.list.widget.layout.display = None if rows else "none"
        self._one.layout.display = "none"

    def _name(self, item: str) -> str:
        return self._workspace.rubric.name_of(item, language())

    def _choose(self, row: int) -> None:
        call_id, item = self._keys[row]
        own = self._rows.filter((pl.col("call_id") == call_id) & (pl.col("item") == item))
        self.sides.value = f"<h4>{escape(f'{call_id}　{self._name(item)}')}</h4>{_sides_html(own)}"
        self._one.layout.display = None
        self._play(call_id, own)
        if self._told is not None:
            self._told(call_id, item)

    def _play(self, call_id: str, own: pl.DataFrame) -> None:
        """From the first place that anybody marked; the whole call's words where nobody marked one."""
        marked = own.drop_nulls("start_s").sort("start_s")
        here_s = marked["start_s"][0] if marked.height else None
        end_s = marked["end_s"].max() if marked.height else None
        self.said.value, self.words.value, self.player.value = "", "", b""
        try:
            self.words.value = transcript_html(self._workspace.turns(call_id), here_s=here_s)
            first_s = 0.0 if here_s is None else here_s - BEFORE_S
            last_s = _WHOLE_S if end_s is None else float(str(end_s)) + AFTER_S
            self.player.value = self._workspace.clip(call_id, first_s, last_s)
        except QaError as error:
            self.said.value = f"<p>{escape(str(error))}</p>"


_WHOLE_S = 120.0
"""So much is played where nobody marked a place."""


def _compared(workspace: Workspace, month: str | None) -> pl.DataFrame:
    book = workspace.samples
    to_hear: dict[str, set[str]] = {}
    for draw in book.draws(month):
        for one in book.assignments(draw.draw_id):
            to_hear.setdefault(one.call_id, set()).add(one.inspector)
    ids = None if month is None else calls_frame(workspace.database, month)["call_id"].to_list()
    return compared(workspace.database, ids, to_hear)


def _sides_html(own: pl.DataFrame) -> str:
    names = ("who", "verdict", "at", "should_say", "fault_comment", "comment")
    rows = [
        (
            row["who"],
            _verdict(row["verdict"]),
            "–" if row["start_s"] is None else f"{clock(row['start_s'])} – {clock(row['end_s'])}",
            row["should_say"] or "",
            row["fault_comment"] or "",
            row["comment"],
        )
        for row in own.iter_rows(named=True)
    ]
    return html_table([say(f"widget.differences.{name}") for name in names], rows)


def _side(who: str, verdict: str | None) -> str:
    return say("widget.differences.side", who=who, verdict=_verdict(verdict))


def _verdict(verdict: str | None) -> str:
    return "–" if verdict is None else say(f"verdict.{verdict}")
