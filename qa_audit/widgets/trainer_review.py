"""The panel of `04_trainer_review`: faults and examples of a month as a playlist for class."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import polars as pl

from qa_audit.estimation.training_needs import training_needs
from qa_audit.messages import QaError, say
from qa_audit.reports.moments import (
    Moment,
    Wanted,
    frame_of,
    moments,
    moments_frame,
    side_by_side,
)
from qa_audit.reports.people_judged import judged_calls, judged_findings
from qa_audit.reports.playlist_page import Clip, write_folder, write_page
from qa_audit.retention.masked_clip import masked_clip
from qa_audit.widgets.clip_player import ClipPlayer
from qa_audit.widgets.listing import MOST, Listing
from qa_audit.widgets.moment_list import AFTER_S, BEFORE_S, moment_list
from qa_audit.widgets.panel import monthly_panel
from qa_audit.widgets.transcript import transcript_html

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.audit.plays import Place
    from qa_audit.months.scored_month import Month
    from qa_audit.workspace import Workspace

PLAYLISTS = "playlists"
"""Folder of the workspace that exports go to."""


def trainer_review(folder: str | Path | None = None) -> widgets.Widget:
    """The trainer's panel of a workspace: filter faults and examples, listen, collect, export for class.

    `folder` as for `qa_audit.open`. What is wrong with the workspace is said in place of the panel.
    """
    return monthly_panel(folder, lambda workspace, months: TrainerReview(workspace, months).panel)


class TrainerReview:
    """Holds the month on show and the playlist; every change of a choice redraws what depends on it."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self._months: dict[str, Month] = {}
        self._judged: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = {}
        self._names_of: dict[str, dict[str, str]] = {}
        self.playlist: list[Moment] = []
        self.month = widgets.Dropdown(options=months, value=months[-1], description=say("widget.month"))
        kinds = [(say(f"playlist.{kind}"), kind) for kind in ("fault", "exemplary", "pairs")]
        self.kind = widgets.ToggleButtons(options=kinds, description=say("trainer.kind"))
        self.team = widgets.Dropdown(description=say("widget.team"))
        self.item = widgets.Dropdown(description=say("trainer.item"))
        self.agent = widgets.Dropdown(description=say("trainer.agent"))
        self.shown: list[Moment] = []
        self.list = Listing(self._choose)
        self.more = widgets.HTML()
        self.said = widgets.HTML()
        self.player = ClipPlayer()
        self.words = widgets.HTML()
        self.needs = widgets.HTML()
        self.chosen = widgets.HTML()
        self.named = widgets.Checkbox(value=False, description=say("trainer.named"), indent=False)
        buttons = {
            name: widgets.Button(description=say(f"trainer.{name}"), layout=widgets.Layout(width="auto"))
            for name in ("add", "add_all", "clear", "export_page", "export_folder")
        }
        self.buttons = buttons
        buttons["add"].on_click(self._add)
        buttons["add_all"].on_click(self._add_all)
        buttons["clear"].on_click(self._clear)
        buttons["export_page"].on_click(self._export_page)
        buttons["export_folder"].on_click(self._export_folder)
        collect = widgets.HBox([buttons["add"], buttons["add_all"], buttons["clear"], self.chosen])
        export = widgets.HBox([buttons["export_page"], buttons["export_folder"], self.named])
        self.panel = widgets.VBox(
            [
                widgets.HBox([self.month, self.team, self.agent, self.item]),
                self.kind,
                *(self.more, self.list.widget),
                self.player,
                collect,
                export,
                self.said,
                self.words,
                self.needs,
            ]
        )
        self.month.observe(self._show_month, "value")
        for choice in (self.kind, self.team, self.item, self.agent):
            choice.observe(self._show_list, "value")
        self._show_month()

    @property
    def _month(self) -> Month:
        name = str(self.month.value)
        if name not in self._months:
            self._months[name] = self._workspace.month(name)
        return self._months[name]

    @property
    def _calls_and_findings(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Of the month on show, with people's verdicts and scores in the place of the machine's."""
        name, month = str(self.month.value), self._month
        if name not in self._judged:
            people = self._workspace.people_judged(name)
            self._judged[name] = (
                judged_calls(month.calls, people),
                judged_findings(month.findings, people),
            )
        return self._judged[name]

    @property
    def _names(self) -> dict[str, str]:
        """Names of the items in the month on show."""
        return self._names_in(str(self.month.value))

    def _names_in(self, month: str) -> dict[str, str]:
        if month not in self._names_of:
            self._names_of[month] = self._workspace.report_context(month).names()
        return self._names_of[month]

    def _show_month(self, _change: Any = None) -> None:
        month = self._month
        found = moments_frame(*self._calls_and_findings).group_by("item", maintain_order=True).len()
        counts = found.sort("len", descending=True, maintain_order=True).rows()
        teams = month.teams["team"].to_list()
        agents = month.calls.select("agent_no", "agent_name").drop_nulls("agent_no").unique("agent_no")
        rows = agents.sort("agent_no").iter_rows()
        self._quietly(self.team, [(say("widget.all_teams"), ""), *((team, team) for team in teams)])
        self._quietly(
            self.agent,
            [(say("trainer.all_agents"), ""), *((" ".join(filter(None, row)), row[0]) for row in rows)],
        )
        self._quietly(
            self.item,
            [
                (say("trainer.all_items"), ""),
                *(
                    (say("trainer.item_count", item=self._names.get(item, item), count=count), item)
                    for item, count in counts
                ),
            ],
        )
        self.needs.value = _needs_html(month, self._names)
        self._show_list()

    def _quietly(self, choice: widgets.Dropdown, options: list[tuple[str, str]]) -> None:
        choice.unobserve(self._show_list, "value")
        choice.options = options
        choice.value = ""
        choice.observe(self._show_list, "value")

    def _found(self) -> list[Moment]:
        wanted = Wanted(
            *((value,) if value else () for value in (self.item.value, self.team.value, self.agent.value))
        )
        calls, findings = self._calls_and_findings
        if self.kind.value == "pairs":
            pairs = side_by_side(calls, findings, wanted)
            return [one for pair in pairs for one in (pair.worst, pair.best) if one is not None]
        kind = "exemplary" if self.kind.value == "exemplary" else "fault"
        return list(moments(calls, findings, kind, wanted))

    def _show_list(self, _change: Any = None) -> None:
        found = self._found()
        self.shown = found[:MOST]
        more = say("trainer.only_first", shown=MOST, all=len(found)) if len(found) > MOST else ""
        self.more.value = escape(more)
        kinds = pl.Series(say("trainer.what"), [say(f"playlist.{one.kind}") for one in self.shown], pl.String)
        rows = moment_list(frame_of(self.shown), self._names)
        self.list.show(rows.insert_column(0, kinds))
        self.said.value = "" if found else f"<p>{escape(say('trainer.nothing'))}</p>"
        self.player.value, self.words.value = b"", ""
        if found:
            self.list.chosen = 0

    def _choose(self, row: int) -> None:
        one = self.shown[row]
        self.said.value = ""
        try:
            self.player.value = self._sound(one)
        except QaError as error:
            self.player.value = b""
            self.said.value = f"<p>{escape(str(error))}</p>"
        self.words.value = transcript_html(self._workspace.turns(one.call_id), here_s=one.start_s)

    def _sound(self, one: Moment, place: Place = "panel") -> bytes:
        return self._workspace.clip(one.call_id, one.start_s - BEFORE_S, one.end_s + AFTER_S, place=place)

    def _clip(self, one: Moment) -> Clip:
        """A clip to be exported: masked, unless the settings say otherwise."""
        names, turns = self._names_in(self._month_of(one)), self._workspace.turns(one.call_id)
        name = names.get(one.item, one.item)
        if self._workspace.sees_unmasked:
            return Clip(one, name, self._sound(one, "export"), turns)
        start_s, end_s = one.start_s - BEFORE_S, one.end_s + AFTER_S
        return masked_clip(
            one,
            name,
            turns,
            lambda beeps: self._workspace.clip(
                one.call_id, start_s, end_s, beeps=map(astuple, beeps), place="export"
            ),
            self._workspace.names_known(agents=not self.named.value),
            number=self._workspace.numbers_of([one.call_id]).get(one.call_id),
        )

    def _month_of(self, one: Moment) -> str:
        """The month of its call: the playlist is kept while another month is on show."""
        return str(self.month.value) if one.start is None else f"{one.start:%Y-%m}"

    def _add(self, _button: Any = None) -> None:
        one = None if self.list.chosen is None else self.shown[self.list.chosen]
        if one is not None and one not in self.playlist:
            self.playlist.append(one)
        self._show_chosen()

    def _add_all(self, _button: Any = None) -> None:
        self.playlist += [one for one in self._found() if one not in self.playlist]
        self._show_chosen()

    def _clear(self, _button: Any = None) -> None:
        self.playlist.clear()
        self._show_chosen()

    def _show_chosen(self) -> None:
        self.chosen.value = escape(say("trainer.chosen", count=len(self.playlist)))

    def _export_page(self, _button: Any = None) -> None:
        self._export(
            lambda path, title, clips: write_page(path, title, clips, named=self.named.value), ".html"
        )

    def _export_folder(self, _button: Any = None) -> None:
        self._export(lambda path, title, clips: write_folder(path, title, clips, named=self.named.value), "")

    def _export(self, write: Any, ending: str) -> None:
        if not self.playlist:
            self.said.value = f"<p>{escape(say('trainer.empty'))}</p>"
            return
        months = sorted({self._month_of(one) for one in self.playlist})
        folder = self._workspace.folder / PLAYLISTS
        path = folder / f"{'_'.join(months)}-{datetime.now():%Y%m%d-%H%M%S}{ending}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            clips = [self._clip(one) for one in self.playlist]
            write(path, say("playlist.title", month=say("run.list_comma").join(months)), clips)
        except (QaError, OSError) as error:
            self.said.value = f"<p>{escape(str(error))}</p>"
            return
        self.said.value = f"<p>{escape(say('trainer.exported', path=path))}</p>"


def _needs_html(month: Month, names: dict[str, str]) -> str:
    """What to train: what is at fault everywhere, then each team's own."""
    needs = training_needs(month.calls, month.findings)
    groups = dict(needs.group_by("team", maintain_order=True))
    shown = [(say("trainer.needs_of_all"), groups.pop((None,)))] if (None,) in groups else []
    shown += [(str(team), own) for (team,), own in groups.items()]
    listed = "".join(f"<li>{escape(whose)}{_listed(some, names)}</li>" for whose, some in shown)
    rest = "needs_none" if not shown else "needs_others" if groups else "needs_alike"
    # One team alone differs from none.
    told = say(f"trainer.{rest}") if not shown or month.calls["team"].n_unique() > 1 else ""
    return f"<h3>{escape(say('trainer.needs'))}</h3><ul>{listed}</ul><p>{escape(told)}</p>"


def _listed(needs: pl.DataFrame, names: dict[str, str]) -> str:
    lines = "".join(f"<li>{escape(_need(one, names))}</li>" for one in needs.rows(named=True))
    return f"<ul>{lines}</ul>"


def _need(one: dict[str, Any], names: dict[str, str]) -> str:
    told = say(
        "trainer.need",
        item=names.get(one["item"], one["item"]),
        rate=f"{one['fault_rate']:.0%}",
        faults=one["faults"],
        judged=one["judged"],
    )
    if one["team"] is not None:
        told += say("trainer.need_own", others=f"{one['others_rate']:.0%}")
    if one["agents"]:
        told += say("trainer.need_agents", agents=say("run.list_comma").join(one["agents"]))
    return told
