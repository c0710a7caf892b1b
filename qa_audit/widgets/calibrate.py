"""The panel of `06_calibrate`: how far inspectors agree, where they differ, what rules may do."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

import qa_audit
from qa_audit.messages import say
from qa_audit.shown.audited import Shown, left_out, shown_agreement, shown_quality
from qa_audit.widgets.differences import Differences
from qa_audit.widgets.panel import or_said
from qa_audit.widgets.rule_status import RuleStatusPanel
from qa_audit.widgets.settling import Settling
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.workspace import Workspace


def calibrate(folder: str | Path | None = None) -> widgets.Widget:
    """Agreement of inspectors and quality of rules of a workspace.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """

    def made() -> widgets.Widget:
        workspace = qa_audit.open(folder)
        return Calibration(workspace, workspace.months()).panel

    return or_said(made)


class Calibration:
    """Holds the months on show."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        everything = (say("widget.all_months"), "")
        self.month = widgets.Dropdown(
            options=[everything, *((month, month) for month in months)], description=say("widget.month")
        )
        self.agreement = widgets.HTML()
        self.settling = Settling(workspace)
        # The list above it has the same rows, with what was heard.
        self.settling.table.layout.display = "none"
        self.differences = Differences(workspace, self.settling.choose)
        self.quality = widgets.HTML()
        self.statuses = RuleStatusPanel(workspace)
        self.month.observe(self._show, "value")
        shown = (self.agreement, self.differences.panel, self.settling.panel, self.quality)
        self.panel = widgets.VBox([self.month, *shown, self.statuses.panel])
        self._show()

    def _show(self, _change: Any = None) -> None:
        months = [str(self.month.value)] if self.month.value else None
        rubric = self._workspace.rubric
        agreement = shown_agreement(self._workspace.agreement(months), rubric)
        figures = self._workspace.rule_quality(months)
        quality = shown_quality(figures, rubric)
        self.differences.show(str(self.month.value) or None)
        self.agreement.value = _part("agreement", agreement, "no_twice")
        told = (f"<p>{escape(one)}</p>" for one in left_out(figures.iter_rows(named=True)))
        self.quality.value = _part("quality", quality, "nothing") + "".join(told)
        self.statuses.show(months, figures)


def _part(name: str, shown: Shown, empty: str) -> str:
    heading = f"<h3>{escape(say(f'audited.{name}'))}</h3>"
    if not shown.rows:
        return f"{heading}<p>{escape(say(f'audited.{empty}'))}</p>"
    return f"{heading}{html_table(*shown)}<p>{escape(say(f'audited.{name}_note'))}</p>"
