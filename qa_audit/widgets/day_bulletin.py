"""The panel of `07_bulletin`: the bulletin of a day or a week, to copy into a chat or to save."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from qa_audit.messages import QaError, say
from qa_audit.widgets.monthly_scores import REPORTS
from qa_audit.widgets.panel import monthly_panel

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.workspace import Workspace


def day_bulletin(folder: str | Path | None = None) -> widgets.Widget:
    """The bulletin of a workspace.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, _months: DayBulletin(workspace).panel)


class DayBulletin:
    """Holds the bulletin on show."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.day = widgets.DatePicker(value=None, description=say("widget.bulletin_day"))
        self.days = widgets.BoundedIntText(value=1, min=1, max=31, description=say("widget.bulletin_days"))
        self.save = widgets.Button(
            description=say("widget.bulletin_save"), layout=widgets.Layout(width="auto")
        )
        self.text = widgets.Textarea(
            description=say("widget.bulletin_text"), rows=24, layout=widgets.Layout(width="100%")
        )
        self.said = widgets.HTML()
        self.panel = widgets.VBox([widgets.HBox([self.day, self.days, self.save]), self.said, self.text])
        self._show()
        self.day.observe(self._show, "value")
        self.days.observe(self._show, "value")
        self.save.on_click(self._save)

    def _show(self, _change: Any = None) -> None:
        self.said.value = ""
        try:
            page = self._workspace.bulletin(self._chosen(), days=self.days.value)
        except QaError as error:
            self.text.value = ""
            self.text.layout.display = "none"
            self.said.value = f"<p>{escape(str(error))}</p>"
            return
        self.text.value = page.text
        self.text.layout.display = None

    def _save(self, _button: Any = None) -> None:
        try:
            page = self._workspace.bulletin(self._chosen(), days=self.days.value)
            written = page.write(self._workspace.folder / REPORTS)
        except QaError as error:
            self.said.value = f"<p>{escape(str(error))}</p>"
            return
        paths = say("run.list_comma").join(map(str, written))
        self.said.value = f"<p>{escape(say('audited.exported', paths=paths))}</p>"

    def _chosen(self) -> date | None:
        return self.day.value if isinstance(self.day.value, date) else None
