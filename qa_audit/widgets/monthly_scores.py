"""The panel of `05_monthly_scores`: every agent's month with its interval, and the month's report."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from qa_audit.audited_shown import agent_names, shown_estimates
from qa_audit.messages import QaError, say
from qa_audit.widgets.panel import monthly_panel
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.workspace import Workspace

REPORTS = "reports"
"""Folder of the workspace that exports go to."""


def monthly_scores(folder: str | Path | None = None) -> widgets.Widget:
    """The monthly scores of a workspace.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, months: MonthlyScores(workspace, months).panel)


class MonthlyScores:
    """Holds the month on show."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self.month = widgets.Dropdown(options=months, value=months[-1], description=say("widget.month"))
        self.table = widgets.HTML()
        self.said = widgets.HTML()
        self.export = widgets.Button(description=say("audited.export"))
        self.export.on_click(self._export)
        self.month.observe(self._show, "value")
        self.panel = widgets.VBox([widgets.HBox([self.month, self.export]), self.said, self.table])
        self._show()

    def _show(self, _change: Any = None) -> None:
        month = str(self.month.value)
        self.said.value = ""
        try:
            agents = self._workspace.estimates(month).agents
        except QaError as error:
            self.table.value = f"<p>{escape(str(error))}</p>"
            return
        shown = html_table(*shown_estimates(agents, agent_names(self._workspace.calls(month))))
        heading = escape(say("audited.heading", month=month))
        self.table.value = f"<h3>{heading}</h3>{shown}<p>{escape(say('audited.estimate_note'))}</p>"

    def _export(self, _button: Any = None) -> None:
        month = str(self.month.value)
        try:
            written = self._workspace.report(month, self._workspace.folder / REPORTS / month)
        except (QaError, OSError) as error:
            self.said.value = f"<p>{escape(str(error))}</p>"
            return
        paths = say("run.list_comma").join(map(str, written))
        self.said.value = f"<p>{escape(say('audited.exported', paths=paths))}</p>"
