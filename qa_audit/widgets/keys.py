"""The keys of the player: which key does what, and how a department gives an action another key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEYS: dict[str, tuple[str, ...]] = {
    "play": ("Space",),
    "back": ("Left",),
    "forward": ("Right",),
    "back_long": ("Shift+Left",),
    "forward_long": ("Shift+Right",),
    "turn_previous": (",",),
    "turn_next": (".",),
    "turn_again": ("/",),
    "slower": ("-",),
    "faster": ("=",),
    "zoom_out": ("Shift+-",),
    "zoom_in": ("Shift+=",),
    "lanes": ("V",),
    "item_previous": ("Up",),
    "item_next": ("Down",),
    "item_open": ("O",),
    "item_pick": ("I",),
    "pass": ("1",),
    "fail": ("2",),
    "not_applicable": ("3",),
    "uncertain": ("4",),
    "clear": ("0",),
    "pass_rest": ("A",),
    "evidence": ("J",),
    "fault": ("F",),
    "fault_next": ("G",),
    "fault_play": ("P",),
    "fault_edit": ("E",),
    "fault_remove": ("Delete", "Backspace"),
    "severity": ("S",),
    "start_earlier": ("[",),
    "start_later": ("]",),
    "end_earlier": ("Shift+[",),
    "end_later": ("Shift+]",),
    "comment": ("C",),
    "turn_text": ("T",),
    "turn_role": ("R",),
    "swap_roles": ("Shift+R",),
    "undo": ("Z", "Ctrl+Z"),
    "redo": ("Shift+Z", "Ctrl+Shift+Z", "Ctrl+Y"),
    "hand_in": ("H",),
    "call_next": ("N",),
    "call_previous": ("B",),
    "skip": ("K",),
    "calls": ("Q",),
    "retry": ("U",),
    "wide": ("W",),
    "help": ("Shift+/",),
}
"""Every action with its keys, as the key cap is printed; in the order in which `?` shows them."""

_NAMED = "Space Enter Tab Esc Left Right Up Down Home End PageUp PageDown Delete Backspace Insert"
_KEY = re.compile(
    r"(Ctrl\+)?(Alt\+)?(Shift\+)?([A-Z0-9]|[-=\[\];',./\\`]|F(?:[1-9]|1[0-2])|"
    + "|".join(_NAMED.split())
    + ")"
)
_FIXED = ("Enter", "Esc", "Tab", "Shift+Tab")
"""These confirm, close and lead out everywhere, so no action may take them."""


def key_map(changes: Mapping[str, str | Sequence[str]] | None = None) -> dict[str, list[str]]:
    """`KEYS` with some actions on other keys; a list of keys replaces all that the action had.

    >>> key_map({"play": "P", "fault_play": "L"})["play"]
    ['P']

    Raises `QaError`: `player.unknown_action`, `player.bad_key`, `player.double_key`.
    """
    chosen = dict(KEYS)
    for action, keys in (changes or {}).items():
        if action not in KEYS:
            raise QaError("player.unknown_action", got=action, allowed=", ".join(KEYS))
        chosen[action] = (keys,) if isinstance(keys, str) else tuple(keys)
    taken: dict[str, str] = {}
    for action, keys in chosen.items():
        for key in keys:
            if not _KEY.fullmatch(key) or key in _FIXED:
                raise QaError("player.bad_key", action=action, got=key)
            if key in taken:
                raise QaError("player.double_key", key=key, first=taken[key], second=action)
            taken[key] = action
    return {action: list(keys) for action, keys in chosen.items()}
