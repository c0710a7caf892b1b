"""The inspector's queue in a notebook: the calls of the newest month, one after the other, in the player."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

import qa_audit
from qa_audit.audit.opened import judged
from qa_audit.audit.play_log import PlayLog
from qa_audit.messages import QaError
from qa_audit.store.database import wait_at_most
from qa_audit.widgets.player import CallSound, Player, player_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.scoring.verdicts import CallScore
    from qa_audit.workspace import Workspace

WAIT_MS = 2_000
"""A database that others hold for longer counts as locked; the player keeps what was done and tries again."""


def audit_calls(
    folder: str | Path | None = None,
    who: str | None = None,
    *,
    calls: Sequence[str] | None = None,
    blind: bool = True,
    **options: Any,
) -> widgets.Widget:
    """The player with an inspector's queue.

    `folder` as for `qa_audit.open`; `who` is the inspector's name, the one of
    whoever is logged in unless given (`Workspace.me`); `calls` are the ids of what is to be
    heard, those that `Workspace.desk` gives unless given; without `blind` the machine's verdicts are shown
    from the beginning. `options` are those of `player.player_options`: keys, reaction time, jumps. What is
    wrong with the workspace is said in place of the player.
    """
    try:
        workspace = qa_audit.open(folder)
        wait_at_most(workspace.database, WAIT_MS)
        desk = workspace.desk(workspace.me(who), calls=calls, blind=blind)
        sounds = CallSounds(workspace)
        plays = PlayLog(workspace.database, desk.who, "player")
        chosen, place = player_options(**options), str(workspace.folder)
        ahead = CallScores(workspace)
        return Player(desk, sounds, place=place, options=chosen, plays=plays, ahead=ahead)
    except QaError as error:
        return widgets.HTML(f"<pre>{escape(str(error))}</pre>")


class CallScores:
    """Has the machine read a call's words before the call is handed in: reading them is what takes long."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, call_id: str) -> CallScore:
        """The call's score, but for what its audio has answered; the desk makes its own at hand.

        Raises `QaError` of `Workspace.transcript`.
        """
        transcript, facts = self._workspace.transcript(call_id)
        return judged(transcript, facts, self._workspace.rubric)


class CallSounds:
    """Finds the recordings of a workspace's calls."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def __call__(self, call_id: str) -> CallSound:
        """The call's recording and who is on which channel.

        Raises `QaError` `workspace.recording_gone` and those of `open_recording`.
        """
        recording = self._workspace.recording(call_id)
        return CallSound(recording, self._lanes(call_id, recording.channels))

    def _lanes(self, call_id: str, channels: int) -> tuple[str, ...]:
        """Role of each channel: the one that speaks on it for most of the time."""
        if channels == 1:
            return ("both",)
        spoken_s: defaultdict[tuple[int, str], float] = defaultdict(float)
        for turn in self._workspace.transcript(call_id)[0].turns:
            spoken_s[turn.channel, turn.role] += turn.end_s - turn.start_s
        agents = [spoken_s[channel, "agent"] - spoken_s[channel, "customer"] for channel in (0, 1)]
        return ("agent", "customer") if agents[0] >= agents[1] else ("customer", "agent")
