"""Drawing the calls of a month: choose, see the plan, draw, hand out, lock; and how far the hearing is."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, cast

import ipywidgets as widgets

from qa_audit.messages import QaError, say
from qa_audit.sampling.design import Design
from qa_audit.sampling.plan import Plan
from qa_audit.sampling.shown import (
    PLAN_COLUMNS,
    SKIP_COLUMNS,
    drawn_text,
    headings,
    plan_rows,
    skip_rows,
)
from qa_audit.store.roles import own_name
from qa_audit.widgets.board import board_html
from qa_audit.widgets.panel import monthly_panel
from qa_audit.widgets.tables import html_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa_audit.sampling.draws import Draw, Kind
    from qa_audit.sampling.frame import Frame
    from qa_audit.workspace import Workspace

_WIDE = {"width": "36em"}  # each widget makes a layout of its own from it
_STYLE = {"description_width": "11em"}


def sample_calls(folder: str | Path | None = None) -> widgets.Widget:
    """The panel of a workspace's samples. What is wrong is said in place of the panel.

    `folder` as for `qa_audit.open`.
    """
    return monthly_panel(folder, lambda workspace, months: SampleCalls(workspace, months).panel)


class SampleCalls:
    """Holds the choices; each step keeps what it did at once and says so in the line below its button."""

    def __init__(self, workspace: Workspace, months: list[str]) -> None:
        self._workspace = workspace
        self._book = workspace.samples
        self._frozen: int | None = None
        self.who = _text("who")
        self.who.value = own_name(self._book.database)
        self.month = _choice("month", months, months[-1])
        kinds = [(say(f"widget.sample.kind.{name}"), name) for name in _KINDS]
        self.kind = _choice("design", kinds, "stratified")
        self.teams = widgets.SelectMultiple(
            description=say("widget.sample.teams"), rows=4, layout=_WIDE, style=_STYLE
        )
        self.calls_per_agent = _count("calls_per_agent", 8, 2)
        self.new_agent_calls = _count("new_agent_calls", 0, 0)
        self.team_at_least = _count("team_at_least", 0, 0)
        self.chosen, self.reason = _lines("chosen", 3), _text("reason")
        self.plan_view, self.draw_view = widgets.HTML(), widgets.HTML()
        self.hand_out_view, self.sample_view = widgets.HTML(), widgets.HTML()
        self.board_view = widgets.HTML()
        self.plan = _step("plan", self._plan, self.plan_view)
        self.words = widgets.Password(description=say("widget.sample.words"), layout=_WIDE, style=_STYLE)
        self.commit = _step("commit", self._commit, self.draw_view)
        self.freeze = _step("freeze", self._freeze, self.draw_view)
        self.told_words = _lines("told_words", 2)
        self.draw = _step("draw", self._draw, self.draw_view, "primary")
        self.draws = _choice("draws", [], None)
        self.inspectors = _lines("inspectors", 3)
        self.twice = _count("twice", 8, 0, 100)
        self.common = _count("common", 0, 0)
        self.hand_out = _step("hand_out", self._hand_out, self.hand_out_view)
        self.lock = _step("lock", self._lock, self.hand_out_view, "warning")
        self.verify = _step("verify", self._verify, self.hand_out_view)
        self.board = _step("board", self._board, self.board_view)
        self.together = widgets.ToggleButton(layout=widgets.Layout(width="auto", align_self="flex-start"))
        self._together = widgets.VBox([self.words, self.commit, self.freeze, self.told_words])
        self._two = widgets.VBox([self.together, self._together])
        self._random = [self.teams, self.calls_per_agent, self.new_agent_calls, self.team_at_least]
        self.panel = self._laid_out()
        self.month.observe(self._new_month, "value")
        self.kind.observe(self._new_kind, "value")
        self.together.observe(self._open_together, "value")
        self.draws.observe(self._show_sample, "value")
        self._new_month()
        self._new_kind()
        self._open_together()

    def _laid_out(self) -> widgets.VBox:
        return widgets.VBox(
            [
                _heading("choose"),
                *(self.who, self.month, self.kind, *self._random, self.chosen, self.reason, self.plan),
                self.plan_view,
                _heading("draw"),
                *(self._two, self.draw, self.draw_view),
                _heading("hand_out"),
                *(self.draws, self.inspectors, self.twice, self.common),
                widgets.HBox([self.hand_out, self.lock, self.verify]),
                *(self.hand_out_view, self.sample_view),
                _heading("board"),
                *(self.board, self.board_view),
            ]
        )

    def _new_month(self, _change: Any = None) -> None:
        calls = self._workspace.calls(str(self.month.value))
        self.teams.options = sorted(calls["team"].drop_nulls().unique())
        self._frozen = None
        self.board_view.value = self._board()
        self.plan_view.value = self.draw_view.value = ""
        self._list_draws()

    def _new_kind(self, _change: Any = None) -> None:
        by_hand = self.kind.value in _BY_HAND
        for field in (*self._random, self.plan, self._two):
            field.layout.display = "none" if by_hand else None
        for field in (self.chosen, self.reason):
            field.layout.display = None if by_hand else "none"
        self.chosen.description = say(
            "widget.sample.agents" if self.kind.value == "agent" else "widget.sample.chosen"
        )
        self.new_agent_calls.value = NEW_AGENT_CALLS if self.kind.value == "new_first" else 0

    def _open_together(self, _change: Any = None) -> None:
        """Show or hide the fields for two: a button, for the header of an accordion takes no keys."""
        sign = "▾" if self.together.value else "▸"
        self.together.description = f"{sign} {say('widget.sample.together')}"
        self._together.layout.display = None if self.together.value else "none"

    def _frame(self) -> Frame:
        design = Design(
            calls_per_agent=self.calls_per_agent.value,
            new_agent_calls=self.new_agent_calls.value,
            team_at_least=self.team_at_least.value,
            flagged_share="0" if self.kind.value == "simple" else "0.2",
        )
        return self._book.frame(str(self.month.value), design, teams=list(self.teams.value))

    def _plan(self) -> str:
        return plan_html(Plan(self._frame()))

    def _commit(self) -> str:
        bound = self._book.commit(str(self.month.value), self.who.value, self.words.value)
        self.words.value = ""
        return _plain(say("widget.sample.bound", who=bound.who, month=bound.month))

    def _freeze(self) -> str:
        frozen = self._book.freeze(self._frame(), self.who.value)
        self._frozen = frozen.frame_id
        return _plain(say("widget.sample.frozen", frame=frozen.frame_id, sha256=frozen.sha256))

    def _draw(self) -> str:
        if self.kind.value in _BY_HAND:
            made = self._chosen_calls()
        else:
            lines = [line.partition("=") for line in self.told_words.value.splitlines() if line.strip()]
            words = {who.strip(): said.strip() for who, _, said in lines}
            if words and self._frozen is None:  # frozen before the notebook was opened
                waiting = self._book.open_frames(str(self.month.value))
                self._frozen = waiting[-1].frame_id if waiting else None
            source = self._frozen if self._frozen is not None else self._frame()
            made = self._book.draw(source, self.who.value, words=words)
            self._frozen, self.told_words.value = None, ""
        self._list_draws(made.draw_id)
        return _plain(drawn_text(made))

    def _chosen_calls(self) -> Draw:
        given = self.chosen.value.replace("，", " ").replace(",", " ").split()
        if self.kind.value == "agent":
            month = str(self.month.value)
            given = [call for name in given for call in self._book.calls_of_agent(month, name)]
        kind = "coaching" if self.kind.value == "agent" else str(self.kind.value)
        return self._book.choose(given, cast("Kind", kind), self.who.value, self.reason.value)

    def _list_draws(self, chosen: int | None = None) -> None:
        made = self._book.draws(str(self.month.value))
        self.draws.options = [(draw_label(one), one.draw_id) for one in made]
        self.draws.value = chosen if chosen is not None else (made[-1].draw_id if made else None)
        self._show_sample()

    def _hand_out(self) -> str:
        names = [name for name in self.inspectors.value.replace("，", "\n").splitlines() if name.strip()]
        handed = self._book.hand_out(
            self._chosen_draw(),
            names,
            self.who.value,
            twice=str(self.twice.value / 100),
            common=self.common.value,
        )
        self._show_sample()
        self.board_view.value = self._board()
        return _plain(say("sampling.handed_out", draw=handed.draw_id, count=len(handed.assignments)))

    def _board(self) -> str:
        return board_html(self._workspace.board(str(self.month.value)))

    def _lock(self) -> str:
        locked = self._book.lock(self._chosen_draw(), self.who.value)
        return _plain(say("sampling.now_locked", draw=locked.draw_id, receipt=locked.receipt[:8]))

    def _verify(self) -> str:
        (found,) = self._book.verify(self._chosen_draw())
        return _plain(str(found))

    def _chosen_draw(self) -> int:
        if self.draws.value is None:
            raise QaError("widget.sample.no_draw")
        return int(self.draws.value)

    def _show_sample(self, _change: Any = None) -> None:
        self.sample_view.value = "" if self.draws.value is None else self._sample_html(int(self.draws.value))

    def _sample_html(self, draw_id: int) -> str:
        skips = self._book.skips(draw_id)
        if skips.is_empty():
            return f"<p>{escape(say('widget.sample.not_handed_out'))}</p>"
        return html_table(headings(SKIP_COLUMNS), skip_rows(skips), right=(1, 2, 3))


_KINDS = ("stratified", "new_first", "simple", "complaint", "appeal", "coaching", "agent")
_BY_HAND = ("complaint", "appeal", "coaching", "agent")
NEW_AGENT_CALLS = 12
"""Calls of a new agent where new agents come first: half as many again as of the others."""


def plan_html(plan: Plan) -> str:
    """A plan as HTML: what it buys, what should be known before drawing, each agent's share."""
    notes = "".join(f"<li>{escape(note)}</li>" for note in plan.notes())
    table = html_table(headings(PLAN_COLUMNS), plan_rows(plan), right=range(3, 8))
    return f"<p>{escape(plan.summary())}</p><ul>{notes}</ul>{table}"


def draw_label(made: Draw) -> str:
    """A draw in one line of a list."""
    kind = say(f"sampling.kind.{made.kind}")
    return say("widget.sample.draw", draw=made.draw_id, kind=kind, count=len(made.first_calls()))


def _text(name: str) -> widgets.Text:
    return widgets.Text(description=say(f"widget.sample.{name}"), layout=_WIDE, style=_STYLE)


def _lines(name: str, rows: int) -> widgets.Textarea:
    return widgets.Textarea(description=say(f"widget.sample.{name}"), rows=rows, layout=_WIDE, style=_STYLE)


def _choice(name: str, options: list[Any], value: Any) -> widgets.Dropdown:
    return widgets.Dropdown(
        options=options, value=value, description=say(f"widget.sample.{name}"), layout=_WIDE, style=_STYLE
    )


def _count(name: str, value: int, least: int, most: int = 1000) -> widgets.BoundedIntText:
    return widgets.BoundedIntText(
        value=value,
        min=least,
        max=most,
        description=say(f"widget.sample.{name}"),
        layout=_WIDE,
        style=_STYLE,
    )


def _heading(name: str) -> widgets.HTML:
    return widgets.HTML(f"<h3>{escape(say(f'widget.sample.heading.{name}'))}</h3>")


def _step(name: str, action: Callable[[], str], view: widgets.HTML, style: str = "") -> widgets.Button:
    """A button that does one thing and says in `view` what was done, or why it could not be."""
    button = widgets.Button(
        description=say(f"widget.sample.do.{name}"),
        button_style=style,
        layout=widgets.Layout(width="auto", min_width="9em", align_self="flex-start"),
    )

    def pressed(_button: Any) -> None:
        button.disabled = True  # a second press must not do it twice
        try:
            view.value = action()
        except QaError as error:
            view.value = _plain(str(error))
        finally:
            button.disabled = False
            button.focus()  # a disabled button loses it, and Tab would begin at the top of the page

    button.on_click(pressed)
    return button


def _plain(text: str) -> str:
    return f'<pre style="white-space: pre-wrap">{escape(text)}</pre>'
