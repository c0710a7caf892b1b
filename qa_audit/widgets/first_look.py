"""The month at a glance: agents with intervals, items, trend; an agent's calls; every fault to hear."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import polars as pl

from qa_audit.estimation.month import UNKNOWN
from qa_audit.messages import QaError, say
from qa_audit.months.glance import read_glance
from qa_audit.months.glance_estimates import kept_estimates, make_estimates
from qa_audit.reports.moments import Moment, moments_of
from qa_audit.widgets.clip_player import ClipPlayer
from qa_audit.widgets.glance_lists import CALL, ITEM, agent_list, call_list, item_list, shown
from qa_audit.widgets.listing import MOST, Listing
from qa_audit.widgets.moment_list import AFTER_S, BEFORE_S, moment_list
from qa_audit.widgets.panel import beside, monthly_panel
from qa_audit.widgets.transcript import transcript_html
from qa_audit.widgets.trend import trend_html

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.months.glance import Glance
    from qa_audit.workspace import Workspace

TREND_MONTHS = 6
START_S = 30.0
"""So much is played of a call in which nothing was found."""


def first_look(folder: str | Path | None = None) -> widgets.Widget:
    """The panel of a workspace: choose a month and a team, see the scores, listen to the faults.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, months: FirstLook(workspace, months).panel)


class FirstLook:
    """Holds the month on show and what was chosen in it; every choice redraws what depends on it."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self._months = months
        self.month = widgets.Dropdown(options=months, value=months[-1], description=say("widget.month"))
        self.team = widgets.Dropdown(options=[("", "")], description=say("widget.team"))
        self.everything = widgets.Button(description=say("widget.everything"))
        self.summary, self.interval_note = widgets.HTML(), widgets.HTML()
        self.trend, self.said, self.words = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.agents = Listing(self._choose_agent)
        self.items = Listing(self._choose_item)
        self.calls = Listing(self._choose_call, page_length=8)
        self.moments = Listing(self._choose_moment, page_length=8)
        self.calls_heading, self.moments_heading = widgets.HTML(), widgets.HTML()
        self.player = ClipPlayer()
        self.panel = self._laid_out()
        self.month.observe(self._show_month, "value")
        self.team.observe(self._show_team, "value")
        self.everything.on_click(self._show_team)
        self._show_month()

    def _laid_out(self) -> widgets.VBox:
        agents = _column("62%", _heading("agents"), self.agents.widget, self.interval_note)
        items = _column("38%", _heading("items"), self.items.widget)
        calls = _column("48%", self.calls_heading, self.calls.widget)
        moments = _column("52%", self.moments_heading, self.moments.widget)
        return widgets.VBox(
            [
                widgets.HBox([self.month, self.team, self.everything]),
                self.summary,
                widgets.HBox([agents, items]),
                self.trend,
                widgets.HBox([calls, moments]),
                *(self.said, self.player, self.words),
            ]
        )

    def _show_month(self, _change: Any = None) -> None:
        month = str(self.month.value)
        self._glance = glance = read_glance(self._workspace, month)
        self._names = self._workspace.report_context(month).names()
        teams = [team for team in glance.teams["team"].to_list() if team != UNKNOWN]
        self.team.unobserve(self._show_team, "value")
        self.team.options = [(say("widget.all_teams"), ""), *((team, team) for team in teams)]
        self.team.value = ""
        self.team.observe(self._show_team, "value")
        self._estimates, new = kept_estimates(self._workspace, glance)
        self._show_team()
        if new:
            self._say_summary(summary(glance, self._estimates))
        else:
            self._say_summary(glance_counts(glance))
            self._say_interval(say("widget.estimating"))
            made_of = partial(make_estimates, self._workspace, glance)
            beside(made_of, partial(self._show_estimates, glance))

    def _show_estimates(self, glance: Glance, found: pl.DataFrame | None) -> None:
        if glance is not self._glance:
            return  # another month was chosen meanwhile; what was made of this one is kept
        self._estimates = found
        self._say_summary(summary(glance, found))
        self._show_agents(same_rows=True)

    def _show_team(self, _change: Any = None) -> None:
        """The month, or a team of it, with nothing chosen."""
        self._agent: dict[str, Any] | None = None
        self._show_agents()
        self._item_rows = item_list(self._glance, self._team, self._names)
        self.items.show(shown(self._item_rows))
        self._show_trend()
        self._show_calls(None)
        self._show_moments(self._faults(), say("widget.newest"))

    @property
    def _team(self) -> str | None:
        return str(self.team.value) or None

    def _show_agents(self, *, same_rows: bool = False) -> None:
        rows = agent_list(self._glance, self._estimates, self._names)
        own = pl.Series("own", [True] * rows.height) if self._team is None else self._of_team()
        self._agent_rows = self._glance.agents.filter(own)
        self.agents.show(rows.filter(own), same_rows=same_rows)
        drawn = self._estimates is not None
        self._say_interval(say("audited.estimate_note" if drawn else "widget.no_intervals"))

    def _of_team(self) -> pl.Series:
        return self._glance.agents["team"] == self._team

    def _say_summary(self, text: str) -> None:
        self.summary.value = f"<p>{escape(text)}</p>"

    def _say_interval(self, text: str) -> None:
        self.interval_note.value = f"<small>{escape(text)}</small>"

    def _show_trend(self) -> None:
        shown_month = self._glance.month
        before = [month for month in self._months if month <= shown_month][-TREND_MONTHS:]
        glances = [
            self._glance if one == shown_month else read_glance(self._workspace, one, scored_only=True)
            for one in before
        ]
        heading = f"<h3>{escape(say('widget.trend'))}</h3>"
        self.trend.value = heading + trend_html(before, trend_rows(glances, self._team, self._agent))

    def _faults(self) -> pl.LazyFrame:
        faults = self._glance.moments
        return faults if self._team is None else faults.filter(pl.col("team") == self._team)

    def _choose_agent(self, row: int) -> None:
        self._agent = self._agent_rows.row(row, named=True)
        key = self._agent["agent"]
        self._show_trend()
        self._show_calls(key)
        name = agent_label(self._agent)
        self._show_moments(self._faults_of(key), say("widget.moments_of", name=name))

    def _faults_of(self, agent: str) -> pl.LazyFrame:
        return self._glance.moments.filter(pl.col("agent") == agent)

    def _show_calls(self, agent: str | None) -> None:
        if agent is None or self._agent is None:
            self.calls_heading.value = (
                f"<h3>{escape(say('widget.calls'))}</h3>{escape(say('widget.pick_agent'))}"
            )
            self._call_rows = call_list(self._glance.calls.head(0), _NO_MOMENTS, self._names)
        else:
            title = say("widget.calls_of", name=agent_label(self._agent))
            self.calls_heading.value = f"<h3>{escape(title)}</h3>"
            calls = self._glance.calls.filter(pl.col("agent") == agent)
            self._call_rows = call_list(calls, self._faults_of(agent).collect(), self._names)
        self.calls.show(shown(self._call_rows))
        # An empty table says nothing that the sentence does not say better.
        self.calls.widget.layout.display = None if self._agent else "none"

    def _choose_item(self, row: int) -> None:
        item = self._item_rows[ITEM][row]
        faults = self._faults().filter(pl.col("item") == item)
        if self._agent is not None:
            faults = faults.filter(pl.col("agent") == self._agent["agent"])
        self._show_moments(faults, say("widget.moments_of", name=self._names.get(item, item)))

    def _choose_call(self, row: int) -> None:
        call_id = self._call_rows[CALL][row]
        faults = self._glance.moments.filter(pl.col("call_id") == call_id)
        title = say("widget.moments_of", name=self._call_rows[say("widget.start")][row])
        self._show_moments(faults, title)
        if self._moment_rows:
            self.moments.chosen = 0
        else:
            self._play(call_id, 0.0, START_S, None)

    def _show_moments(self, faults: pl.LazyFrame, title: str) -> None:
        """The newest of these faults."""
        found = faults.select(pl.len().alias("all")).collect().item()
        newest = faults.sort("start", "call_id", "start_s", descending=[True, False, False], nulls_last=True)
        rows = newest.head(MOST).collect()
        self._moment_rows = moments_of(rows)
        more = say("widget.only_newest", shown=rows.height, all=found) if found > rows.height else ""
        self.moments_heading.value = f"<h3>{escape(title)}</h3>{escape(more)}"
        self.moments.show(moment_list(rows, self._names))
        self.player.value, self.words.value = b"", ""
        self.said.value = f"<p>{escape(say('widget.pick_moment' if found else 'widget.no_faults'))}</p>"

    def _choose_moment(self, row: int) -> None:
        one: Moment = self._moment_rows[row]
        self._play(one.call_id, one.start_s - BEFORE_S, one.end_s + AFTER_S, one.start_s)

    def _play(self, call_id: str, start_s: float, end_s: float, here_s: float | None) -> None:
        self.said.value = self.words.value = ""
        try:
            self.words.value = transcript_html(self._workspace.turns(call_id), here_s=here_s)
            self.player.value = self._workspace.clip(call_id, start_s, end_s)
        except QaError as error:
            self.player.value = b""
            self.said.value = f"<p>{escape(str(error))}</p>"


def summary(glance: Glance, estimates: pl.DataFrame | None) -> str:
    """What there is of the month, and whether people's hearing has put any score of it right.

    `estimates` as `glance_lists.agent_list` takes them.
    """
    checked = estimates is not None and estimates["estimate"].is_not_null().any()
    how = say("report.checked" if checked else "report.machine")
    return say("widget.summary_how", summary=glance_counts(glance), how=how)


def glance_counts(glance: Glance) -> str:
    """One sentence on the month: calls, how many were scored, agents."""
    whole = glance.everyone.row(0, named=True)
    counts = {name: whole[name] for name in ("calls", "scored", "agents")}
    return say("widget.summary", month=glance.month, **counts)


def agent_label(agent: dict[str, Any]) -> str:
    """Number and name of a row of `agent_month`."""
    said = [agent["agent_no"], agent["agent_name"]]
    return " ".join(one for one in said if one and one != UNKNOWN) or say("report.unknown")


def trend_rows(
    glances: list[Glance], team: str | None, agent: dict[str, Any] | None
) -> list[tuple[str, list[float | None]]]:
    """The machine's mean in each month: of the agent chosen, the team chosen or each team, the department."""
    rows = []
    if agent is not None:
        own = [_mean(one.agents.filter(pl.col("agent") == agent["agent"])) for one in glances]
        rows.append((agent_label(agent), own))
    last = glances[-1].teams["team"].to_list()
    teams = [team] if team is not None else [one for one in last if one != UNKNOWN]
    if agent is not None and team is None:
        teams = [agent["team"]] if agent["team"] in teams else []
    rows += [(one, [_mean(each.teams.filter(pl.col("team") == one)) for each in glances]) for one in teams]
    return [*rows, (say("report.chart.everyone"), [_mean(one.everyone) for one in glances])]


def _mean(rows: pl.DataFrame) -> float | None:
    return rows["mean"][0] if rows.height else None


def _column(width: str, *children: widgets.Widget) -> widgets.VBox:
    return widgets.VBox(children, layout=widgets.Layout(width=width, padding="0 8px 0 0", overflow="hidden"))


def _heading(name: str) -> widgets.HTML:
    return widgets.HTML(f"<h3>{escape(say(f'widget.{name}'))}</h3>")


_NO_MOMENTS = pl.DataFrame(schema={"call_id": pl.String, "item": pl.String})
