"""The rule laboratory of `06_calibrate`: what each rule's verdicts count for, changes and their history."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, cast

import ipywidgets as widgets

from qa_audit.audit.status_names import STATUSES
from qa_audit.messages import QaError, language, say
from qa_audit.shown.rule_status import shown_history, shown_standings, told_change
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from qa_audit.audit.status_names import Status
    from qa_audit.desks.rule_status import Standing
    from qa_audit.workspace import Workspace

_WIDE = {"description_width": "6em"}


class RuleStatusPanel:
    """Holds the statuses on show; nothing is changed but by its button."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._months: Sequence[str] | None = None
        self._standings: list[Standing] = []
        self.table = widgets.HTML()
        self.history = widgets.HTML()
        self.item = widgets.Dropdown(description=say("rule_status.choose"), style=_WIDE)
        self.to = widgets.Dropdown(
            options=[(say(f"audited.status.{one}"), one) for one in reversed(STATUSES)],
            value=None,
            description=say("rule_status.to"),
            style=_WIDE,
        )
        self.who = widgets.Text(description=say("rule_status.who"), style=_WIDE)
        self.reason = widgets.Textarea(description=say("rule_status.reason"), style=_WIDE)
        self.override = widgets.Checkbox(description=say("rule_status.override"), indent=False)
        self.override.layout.width = "auto"
        self.save = widgets.Button(description=say("rule_status.save"))
        self.save.layout.width = "max-content"
        self.said = widgets.HTML()
        self.item.observe(self._propose, "value")
        self.save.on_click(self._save)
        form = widgets.VBox([self.item, self.to, self.who, self.reason, self.override, self.save, self.said])
        self.panel = widgets.VBox([self.table, form, self.history])
        try:
            self.who.value = workspace.me()
        except QaError as error:
            self.said.value = f"<p>{escape(str(error))}</p>"

    def show(self, months: Sequence[str] | None, quality: pl.DataFrame | None = None) -> None:
        """Statuses with the figures of these months, or of all; decisions always rest on all.

        `quality` as `Workspace.rule_quality` gives it for them, where it is at hand.
        """
        self._months = months
        rules, rubric = self._workspace.rule_status, self._workspace.rubric
        self._standings = rules.standings(months, quality)
        heading = f"<h3>{escape(say('rule_status.heading'))}</h3>"
        note = f"<p>{escape(say('rule_status.note'))}</p>"
        self.table.value = heading + html_table(*shown_standings(self._standings, rubric), narrow=True) + note
        events = rules.events()
        heading = f"<h4>{escape(say('rule_status.history'))}</h4>"
        nothing = f"<p>{escape(say('rule_status.no_history'))}</p>"
        told = html_table(*shown_history(events, rubric, rules.rules)) if events else nothing
        self.history.value = heading + told
        chosen = self.item.value
        self.item.options = [(rubric.name_of(one.item, language()), one.item) for one in self._standings]
        if any(one.item == chosen for one in self._standings):
            self.item.value = chosen
        self._propose()

    def _propose(self, _change: Any = None) -> None:
        """Put what the figures call for into the form; where they call for nothing, nothing is chosen."""
        own = next((one for one in self._standings if one.item == self.item.value), None)
        self.to.value = None if own is None else own.proposed

    def _save(self, _button: Any = None) -> None:
        if self.item.value is None or self.to.value is None:
            self.said.value = f"<p>{escape(say('rule_status.nothing_chosen'))}</p>"
            return
        try:
            kept = self._workspace.rule_status.change(
                str(self.item.value),
                cast("Status", self.to.value),
                who=self._workspace.me(str(self.who.value) or None),
                reason=str(self.reason.value),
                override=bool(self.override.value),
            )
        except QaError as error:
            self.said.value = f"<p>{escape(str(error))}</p>"
            return
        self.reason.value, self.override.value = "", False
        self.show(self._months)
        self.said.value = f"<p>{escape(told_change(kept, self._workspace.rubric))}</p>"
