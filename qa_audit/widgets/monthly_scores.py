"""The panel of `05_monthly_scores`: pay figures with interval and grade, the funnel, closing and reports."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from qa_audit.closing.printed import decimals
from qa_audit.messages import QaError, say
from qa_audit.months.state import printed_figures
from qa_audit.shown.month import month_notes, shown_figures
from qa_audit.widgets.panel import monthly_panel
from qa_audit.widgets.redrawn import drawn_again, redraw_others
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_audit.months.book import Told
    from qa_audit.workspace import Workspace

REPORTS = "reports"
"""Folder of the workspace that exports go to."""


def monthly_scores(folder: str | Path | None = None) -> widgets.Widget:
    """The monthly scores of a workspace.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, months: MonthlyScores(workspace, months).panel)


_WIDE = '<div style="overflow-x: auto; width: 0; min-width: 100%">{}</div>'
"""Where the table is wider than the screen it is moved by itself, and the notes below are not cut off."""
_FUNNEL = (
    '<h3>{heading}</h3><p>{words}</p><img width="770" alt="{told}" src="data:image/png;base64,{picture}">'
)


class MonthlyScores:
    """Holds the month on show."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self._seen: dict[str, str] = {}
        self.month = widgets.Dropdown(options=months, value=months[-1], description=say("widget.month"))
        self.table = widgets.HTML(layout=widgets.Layout(width="100%"))
        self.funnel = widgets.HTML()
        self.said = widgets.HTML()
        self.who = widgets.Text(description=say("closing.widget.who"))
        self.reason = widgets.Text(description=say("closing.widget.reason"))
        self.export = self._button(say("audited.export"), self._export)
        self.confirm = self._button(say("closing.widget.confirm_all"), self._confirm)
        self.close = self._button(say("closing.widget.close"), self._close)
        self.reopen = self._button(say("closing.widget.reopen"), self._reopen)
        self.files = self._button(say("closing.widget.export"), self._export_files)
        self.panel = widgets.VBox(
            [
                widgets.HBox([self.month, self.export]),
                self.table,
                self.funnel,
                widgets.HBox([self.who, self.reason]),
                widgets.HBox([self.confirm, self.close, self.reopen, self.files]),
                self.said,
            ]
        )
        self.month.observe(self._show, "value")
        drawn_again(workspace.folder, self._redraw)
        self._show()

    @property
    def chosen(self) -> str:
        """The month on show."""
        return str(self.month.value)

    def _button(self, words: str, action: Callable[[], str]) -> widgets.Button:
        button = widgets.Button(description=words)

        def pressed(_button: Any = None) -> None:
            try:
                told = action()
            except (QaError, OSError) as error:
                told = str(error)
            self.said.value = f"<p>{escape(told)}</p>"
            redraw_others(self._workspace.folder, self._redraw)

        button.on_click(pressed)
        return button

    def _show(self, _change: Any = None) -> None:
        self.said.value = ""
        self._redraw()

    def _redraw(self) -> None:
        """What another panel decided, as what was said last stays."""
        self.funnel.value, self._seen = "", {}
        try:
            told = self._workspace.month_book.told(self.chosen)
        except QaError as error:
            self.table.value = f"<p>{escape(str(error))}</p>"
            self._enable(closed=None)
            return
        self._draw(told)
        self._enable(closed=told.closed is not None)

    def _draw(self, told: Told) -> None:
        from qa_audit.widgets.funnel_picture import funnel_png, funnel_words

        names = self._workspace.month_book.names(self.chosen)
        self._seen = printed_figures(told.figures)
        words = self._workspace.month_book.ledger.confirmations(self.chosen)
        rows = told.figures.agents.select("agent", "estimate").drop_nulls().iter_rows()
        agreed = [
            agent
            for agent, figure in rows
            if agent in words and words[agent].agreed and words[agent].figure == decimals(figure)
        ]
        heading = say("closing.heading", month=self.chosen)
        if told.closed is not None:
            heading = say("closing.version_of", month=self.chosen, version=told.closed.version)
        notes = month_notes(told.figures, told.provenance, told.unjudged)
        below = "".join(f"<p>{escape(note)}</p>" for note in notes)
        table = html_table(*shown_figures(told.figures, names, agreed), narrow=True)
        self.table.value = f"<h3>{escape(heading)}</h3>{_WIDE.format(table)}{below}"
        picture = funnel_png(told.figures, names)
        if picture is not None:
            self.funnel.value = _FUNNEL.format(
                picture=b64encode(picture).decode("ascii"),
                heading=escape(say("closing.widget.funnel_heading")),
                words=escape(say("report.chart.funnel_key")),
                told=escape(funnel_words(told.figures, names)),
            )

    def _enable(self, *, closed: bool | None) -> None:
        """Only what can be done is offered; `closed` is None where there are no figures."""
        for button in (self.confirm, self.close):
            button.disabled = closed is not False
        for button in (self.reopen, self.files):
            button.disabled = not closed

    def _export(self) -> str:
        written = self._workspace.report(self.chosen, self._workspace.folder / REPORTS / self.chosen)
        return say("audited.exported", paths=say("run.list_comma").join(map(str, written)))

    def _confirm(self) -> str:
        book = self._workspace.month_book
        try:
            kept = book.confirm(self.chosen, None, self.who.value, seen=self._seen)
        except QaError as error:
            if error.code == "closing.other_figures":
                self._redraw()
            raise
        self._show()
        return say("closing.confirmed", count=len(kept))

    def _close(self) -> str:
        reason = self.reason.value or None
        made = self._workspace.month_book.close(
            self.chosen, self.who.value, leave_open=reason, without_word=reason
        )
        self._show()
        told = {"version": made.version, "receipt": made.receipt, "head": self._workspace.head}
        return say("closing.done", month=self.chosen, **told)

    def _reopen(self) -> str:
        ended = self._workspace.month_book.reopen(self.chosen, self.who.value, self.reason.value)
        self._show()
        return say("closing.reopened", month=self.chosen, version=ended.version)

    def _export_files(self) -> str:
        book = self._workspace.month_book
        version = book.ledger.version(self.chosen).version
        folder = self._workspace.folder / REPORTS / self.chosen / f"closed-{version}"
        written = book.export(self.chosen, folder)
        return say("closing.exported", count=len(written), folder=folder)
