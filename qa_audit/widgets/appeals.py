"""Appeals in a notebook: the open ones, the moment to listen to, the reply and the decision."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from qa_audit.messages import QaError, language, say
from qa_audit.shown.appeals import appeal_text, shown_appeals
from qa_audit.widgets.clip_player import ClipPlayer
from qa_audit.widgets.panel import monthly_panel
from qa_audit.widgets.redrawn import drawn_again, redraw_others
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.workspace import Workspace

LISTEN_BEFORE_S, LISTEN_AFTER_S = 5.0, 15.0
"""Heard around the moment of an appeal."""


def appeals(folder: str | Path | None = None) -> widgets.Widget:
    """Appeals of a workspace, month by month.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, months: AppealsPanel(workspace, months).panel)


class AppealsPanel:
    """Holds the month and the appeal on show."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self.month = widgets.Dropdown(options=months, value=months[-1], description=say("widget.month"))
        self.table = widgets.HTML()
        self.chosen = widgets.Dropdown(description=say("widget.appeals.chosen"))
        self.told = widgets.HTML()
        self.listen = widgets.Button(description=say("widget.appeals.listen"))
        self.sound = ClipPlayer(autoplay=True)
        self.who = widgets.Text(description=say("widget.appeals.who"))
        self.text = widgets.Textarea(description=say("widget.appeals.text"))
        self.outcome = widgets.Dropdown(
            options=[(say(f"appeals.state.{one}"), one) for one in ("upheld", "overturned", "partly")],
            description=say("widget.appeals.outcome"),
        )
        self.points = widgets.Text(description=say("widget.appeals.points"))
        self.reply = widgets.Button(description=say("widget.appeals.reply"))
        self.decide = widgets.Button(description=say("widget.appeals.decide"))
        self.said = widgets.HTML()
        self.month.observe(self._show, "value")
        self.chosen.observe(self._show_chosen, "value")
        self.listen.on_click(self._listen)
        self.reply.on_click(self._reply)
        self.decide.on_click(self._decide)
        self.panel = widgets.VBox(
            [
                self.month,
                self.table,
                widgets.HBox([self.chosen, self.listen]),
                self.told,
                self.sound,
                self.who,
                self.text,
                widgets.HBox([self.outcome, self.points]),
                widgets.HBox([self.reply, self.decide]),
                self.said,
            ]
        )
        drawn_again(workspace.folder, self._show)
        self._show()

    def _show(self, _change: Any = None) -> None:
        found = self._workspace.appeals.all(str(self.month.value))
        before = self.chosen.value
        still_open = [one.appeal_id for one in found if one.is_open]
        self.chosen.options = still_open
        self.chosen.value = before if before in still_open else next(iter(still_open), None)
        if found:
            self.table.value = html_table(*shown_appeals(found, self._workspace.rubric, language()))
        else:
            self.table.value = f"<p>{escape(say('appeals.none'))}</p>"
        self._show_chosen()

    def _show_chosen(self, _change: Any = None) -> None:
        self.sound.value = b""
        if self.chosen.value is None:
            self.told.value = ""
            return
        one = self._workspace.appeals.get(self.chosen.value)
        said = [(one.who, one.text), *((step.who, step.text) for step in one.steps)]
        lines = [escape(say("widget.appeals.line", who=who, text=text)) for who, text in said]
        self.told.value = "".join(f"<p>{line}</p>" for line in lines)

    def _listen(self, _button: Any = None) -> None:
        one = self._workspace.appeals.get(self.chosen.value) if self.chosen.value else None
        if one is None:
            return
        at_s = one.at_s or 0.0
        # Heard again from the beginning where it is the same stretch.
        self.sound.value = b""
        try:
            self.sound.value = self._workspace.clip(
                one.call_id, max(0.0, at_s - LISTEN_BEFORE_S), at_s + LISTEN_AFTER_S
            )
        except QaError as error:
            self._say(str(error))
            return

    def _reply(self, _button: Any = None) -> None:
        self._do(
            lambda number: self._workspace.appeals.reply(number, text=self.text.value, who=self.who.value)
        )

    def _decide(self, _button: Any = None) -> None:
        def decided(number: int) -> Any:
            outcome: Any = self.outcome.value
            points = self.points.value.strip()
            return self._workspace.appeals.decide(
                number,
                outcome,
                reason=self.text.value,
                who=self.who.value,
                points=_number(points) if points else None,
            )

        self._do(decided)

    def _do(self, act: Any) -> None:
        if self.chosen.value is None:
            return
        try:
            done = act(self.chosen.value)
        except QaError as error:
            self._say(str(error))
            return
        self.text.value = self.points.value = ""
        self._show()
        self._say(appeal_text(done, self._workspace.rubric))
        redraw_others(self._workspace.folder, self._show)

    def _say(self, text: str) -> None:
        self.said.value = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())


def _number(text: str) -> float:
    """Points as written; what is no number is none that an item can keep."""
    try:
        return float(text)
    except ValueError:
        return float("nan")
