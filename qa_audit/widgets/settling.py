"""Differences between inspectors in a notebook: what each said, and the settled verdict with its reason."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

import qa_audit
from qa_audit.messages import QaError, language, say
from qa_audit.scoring.verdicts import VERDICTS
from qa_audit.widgets.panel import or_said
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.workspace import Workspace

_COLUMNS = ("call", "item", "verdicts", "settled")


def settling(folder: str | Path | None = None) -> widgets.Widget:
    """Differences between inspectors of a workspace, to be settled.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return or_said(lambda: Settling(qa_audit.open(folder)).panel)


class Settling:
    """Holds the difference on show."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.table = widgets.HTML()
        self.chosen = widgets.Dropdown(description=say("widget.settling.chosen"))
        self.verdict = widgets.Dropdown(
            options=[(say(f"verdict.{one}"), one) for one in VERDICTS],
            description=say("widget.settling.verdict"),
        )
        self.by = widgets.Text(description=say("widget.settling.by"))
        self.reason = widgets.Textarea(description=say("widget.settling.reason"))
        self.settle = widgets.Button(description=say("widget.settling.settle"))
        self.said = widgets.HTML()
        self.settle.on_click(self._settle)
        self.panel = widgets.VBox(
            [self.table, self.chosen, self.verdict, self.by, self.reason, self.settle, self.said]
        )
        self._show()

    def _show(self) -> None:
        found = self._workspace.appeals.differences()
        rubric, lang = self._workspace.rubric, language()
        rows = []
        for row in found.iter_rows(named=True):
            told = [
                say("widget.settling.one", who=who, verdict=say(f"verdict.{verdict}"))
                for who, verdict in zip(row["inspectors"], row["verdicts"], strict=True)
            ]
            gold = say(f"verdict.{row['gold']}") if row["gold"] else ""
            rows.append((row["call_id"], rubric.name_of(row["item"], lang), "　".join(told), gold))
        headings = [say(f"widget.settling.column.{name}") for name in _COLUMNS]
        nothing = f"<p>{escape(say('widget.settling.none'))}</p>"
        self.table.value = html_table(headings, rows) if rows else nothing
        # What an appeal has decided cannot be settled otherwise.
        still_open = [
            (f"{row['call_id']}　{rubric.name_of(row['item'], lang)}", (row["call_id"], row["item"]))
            for row in found.iter_rows(named=True)
            if row["source"] != "appeal"
        ]
        self.chosen.options = still_open
        self.chosen.value = still_open[0][1] if still_open else None

    def choose(self, call_id: str, item: str) -> None:
        """Put a difference into the form; one that an appeal has decided is not settled here."""
        if (call_id, item) in [value for _, value in self.chosen.options]:
            self.chosen.value = (call_id, item)

    def _settle(self, _button: Any = None) -> None:
        if self.chosen.value is None:
            return
        call_id, item = self.chosen.value
        names = [name for name in re.split(r"[,，、;；]", self.by.value) if name.strip()]
        try:
            self._workspace.appeals.settle(
                call_id, item, str(self.verdict.value), by=names, reason=self.reason.value
            )
        except QaError as error:
            self.said.value = f"<p>{escape(str(error))}</p>"
            return
        self.reason.value = ""
        self._show()
        self.said.value = f"<p>{escape(say('widget.settling.done', call_id=call_id))}</p>"
