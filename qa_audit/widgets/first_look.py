"""The month at a glance: agents, items, and every fault with the moment to listen to."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from qa_audit.messages import QaError, say
from qa_audit.reports.agents_chart import agents_chart
from qa_audit.reports.items_chart import items_chart
from qa_audit.reports.moments import Wanted, moments
from qa_audit.widgets.moment_list import AFTER_S, BEFORE_S, moment_label
from qa_audit.widgets.panel import monthly_panel
from qa_audit.widgets.transcript import transcript_html

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from qa_audit.reports.context import ReportContext
    from qa_audit.workspace import Month, Workspace


def first_look(folder: str | Path | None = None) -> widgets.Widget:
    """The panel of a workspace: choose a month and a team, see the scores, listen to the faults.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, months: _FirstLook(workspace, months).panel)


class _FirstLook:
    """Holds the month on show; every change of a choice redraws what depends on it."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self._months: dict[str, Month] = {}
        everyone = say("widget.all_teams")
        self._month_choice = widgets.Dropdown(
            options=months, value=months[-1], description=say("widget.month")
        )
        self._team_choice = widgets.Dropdown(options=[(everyone, "")], description=say("widget.team"))
        self._summary = widgets.HTML()
        self._agents = widgets.Image(format="png", layout=widgets.Layout(width="100%"))
        self._items = widgets.Image(format="png", layout=widgets.Layout(width="100%"))
        self._faults = widgets.Select(rows=12, layout=widgets.Layout(width="100%"))
        self._sound = widgets.HTML()
        self._player = widgets.Audio(autoplay=False, loop=False)
        self._words = widgets.HTML()
        heading = widgets.HTML(f"<h3>{escape(say('widget.faults'))}</h3>")
        moments = [heading, self._faults, self._sound, self._player, self._words]
        left = widgets.VBox([self._agents, *moments], layout=widgets.Layout(width="60%"))
        right = widgets.VBox([self._items], layout=widgets.Layout(width="40%"))
        choices = widgets.HBox([self._month_choice, self._team_choice])
        self.panel = widgets.VBox([choices, self._summary, widgets.HBox([left, right])])
        self._month_choice.observe(self._show_month, "value")
        self._team_choice.observe(self._show_faults, "value")
        self._faults.observe(self._show_moment, "value")
        self._show_month()

    @property
    def _month(self) -> Month:
        name = str(self._month_choice.value)
        if name not in self._months:
            self._months[name] = self._workspace.month(name)
        return self._months[name]

    def _show_month(self, _change: Any = None) -> None:
        month = self._month
        context = self._workspace.report_context(month.month)
        self._summary.value = f"<p>{escape(summary(month))}</p>"
        self._agents.value, self._items.value = month_charts(month, context)
        teams = month.teams["team"].to_list()
        self._team_choice.options = [(say("widget.all_teams"), ""), *((team, team) for team in teams)]
        self._show_faults()

    def _show_faults(self, _change: Any = None) -> None:
        month = self._month
        names = self._workspace.report_context(month.month).names()
        rows = fault_rows(month, names, self._team_choice.value or None)
        # Unwatched meanwhile: options and choice change one after the other, and each would cut a clip.
        self._faults.unobserve(self._show_moment, "value")
        self._faults.options = rows
        self._faults.index = 0 if rows else None
        self._faults.observe(self._show_moment, "value")
        self._show_moment()

    def _show_moment(self, _change: Any = None) -> None:
        chosen = self._faults.value
        if chosen is None:
            self._player.value = b""
            self._words.value = ""
            self._sound.value = f"<p>{escape(say('widget.no_faults'))}</p>"
            return
        call_id, start_s, end_s = chosen
        try:
            self._player.format = "mp3"
            self._player.value = self._workspace.clip(call_id, start_s - BEFORE_S, end_s + AFTER_S)
            self._sound.value = ""
        except QaError as error:
            self._player.value = b""
            self._sound.value = f"<p>{escape(str(error))}</p>"
        self._words.value = transcript_html(self._workspace.turns(call_id), here_s=start_s)


def month_charts(month: Month, context: ReportContext) -> tuple[bytes, bytes]:
    """The charts of agents and of items, as PNG."""
    agents = agents_chart(month.calls, month.findings, context)
    return _png(agents), _png(items_chart(month.calls, month.findings, context))


def summary(month: Month) -> str:
    """One sentence on the month: calls, how many were scored, and that a machine did it."""
    calls = month.calls
    return say(
        "widget.summary",
        month=month.month,
        calls=calls.height,
        scored=calls["score"].is_not_null().sum(),
        agents=month.agents.height,
        machine=say("report.machine"),
    )


Moment = tuple[str, float, float]
"""Call id, start and end in seconds."""


def fault_rows(month: Month, names: dict[str, str], team: str | None = None) -> list[tuple[str, Moment]]:
    """Every fault of the month (of one team) that has a place in its call: label and moment.

    `names` are item names by id. In order of team, agent and time; a missing phrase stands at the place where
    it was looked for.
    """
    wanted = Wanted(teams=() if team is None else (team,))
    return [
        (moment_label(one, names), (one.call_id, one.start_s, one.end_s))
        for one in moments(month.calls, month.findings, "fault", wanted)
    ]


def _png(figure: Figure) -> bytes:
    image = io.BytesIO()
    figure.savefig(image, format="png")
    return image.getvalue()
