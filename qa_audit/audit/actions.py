"""What a person does while auditing a call, as records that travel as JSON.

One object an action, `kind` and its fields, as the player sends it and as the database keeps it. `from_json`
checks the form, `check_within` whether item, turn and moment exist in the call.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

from qa_audit.messages import QaError
from qa_audit.scoring.verdicts import VERDICTS, Verdict

Severity = Literal["minor", "major", "critical"]
SEVERITIES: tuple[Severity, ...] = ("minor", "major", "critical")
Speaker = Literal["agent", "customer"]
SPEAKERS: tuple[Speaker, ...] = ("agent", "customer")
SkipReason = Literal["no_audio", "wrong_agent", "private_call"]
SKIP_REASONS: tuple[SkipReason, ...] = ("no_audio", "wrong_agent", "private_call")

MAX_TEXT = 10_000
"""Characters of a comment or of a turn's words."""
MAX_LISTED = 10_000
"""Items or turns that one action names."""
END_SLACK_S = 0.25
"""Encoded audio ends a little later than the recording; an end within this is taken for the call's."""


@dataclass(frozen=True, slots=True)
class GiveVerdict:
    """An item is judged; None takes the verdict back."""

    kind: ClassVar[str] = "verdict"
    item: str
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class PassRest:
    """Those of the items that have no verdict yet pass."""

    kind: ClassVar[str] = "pass_rest"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault (工差) is marked, or the one of that id replaced."""

    kind: ClassVar[str] = "fault"
    fault: str
    """32 hexadecimal digits, made where it is marked."""
    item: str
    severity: Severity
    start_s: float
    end_s: float
    """Not before `start_s`."""
    should_say: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RemoveFault:
    """A marked fault is taken away."""

    kind: ClassVar[str] = "fault_removed"
    fault: str


@dataclass(frozen=True, slots=True)
class WriteComment:
    """The comment on the whole call; empty takes it away."""

    kind: ClassVar[str] = "comment"
    text: str


@dataclass(frozen=True, slots=True)
class CorrectText:
    """What was really said in a turn, on one line; empty when nothing was."""

    kind: ClassVar[str] = "text"
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class CorrectRole:
    """Who really spoke in these turns."""

    kind: ClassVar[str] = "role"
    turns: tuple[int, ...]
    role: Speaker


@dataclass(frozen=True, slots=True)
class SwapRoles:
    """Agent and customer were taken for each other throughout."""

    kind: ClassVar[str] = "roles_swapped"


@dataclass(frozen=True, slots=True)
class Skip:
    """The call can't be audited, for one of three reasons."""

    kind: ClassVar[str] = "skip"
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class HandIn:
    """The verdicts count from now on."""

    kind: ClassVar[str] = "hand_in"


@dataclass(frozen=True, slots=True)
class Undo:
    """The latest action that still holds is taken back."""

    kind: ClassVar[str] = "undo"


@dataclass(frozen=True, slots=True)
class Redo:
    """What was last taken back holds again."""

    kind: ClassVar[str] = "redo"


@dataclass(frozen=True, slots=True)
class ShowMachine:
    """The machine's verdicts were shown before the call was handed in; no person's act, so never undone."""

    kind: ClassVar[str] = "machine_shown"


Action = (
    GiveVerdict
    | PassRest
    | Fault
    | RemoveFault
    | WriteComment
    | CorrectText
    | CorrectRole
    | SwapRoles
    | Skip
    | HandIn
    | Undo
    | Redo
    | ShowMachine
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an action may name."""

    items: frozenset[str]
    turns: int = 0
    duration_s: float = 0.0


def to_json(action: Action) -> dict[str, Any]:
    """The action as a JSON object.

    >>> to_json(GiveVerdict("greeting", "pass"))
    {'kind': 'verdict', 'item': 'greeting', 'verdict': 'pass'}
    """
    values = ((field.name, getattr(action, field.name)) for field in fields(action))
    plain = ((name, list(value) if isinstance(value, tuple) else value) for name, value in values)
    return {"kind": action.kind, **dict(plain)}


def from_json(given: object) -> Action:
    """The action that a JSON object stands for; the way back from `to_json`.

    >>> from_json({"kind": "skip", "reason": "no_audio"})
    Skip(reason='no_audio')

    Raises `QaError`: `audit.not_an_action`, `audit.keys`, `audit.choice`, `audit.bad_text`,
    `audit.bad_number`, `audit.bad_list`, `audit.bad_id`, `audit.end_before_start`.
    """
    kind = given.get("kind") if isinstance(given, Mapping) else given
    if not isinstance(given, Mapping) or not isinstance(kind, str) or kind not in _ACTIONS:
        raise QaError("audit.not_an_action", got=_shown(kind), allowed=", ".join(_ACTIONS))
    made_by, readers = _ACTIONS[kind]
    if set(given) != {"kind", *readers}:
        allowed = ", ".join(("kind", *readers))
        raise QaError("audit.keys", kind=kind, got=_shown(list(given)), allowed=allowed)
    action = made_by(**{name: read(name, given[name]) for name, read in readers.items()})
    if isinstance(action, Fault) and action.end_s < action.start_s:
        raise QaError("audit.end_before_start", start=action.start_s, end=action.end_s)
    return action


def from_payload(stored: object) -> Action:
    """The action of a stored event: those of people, and that the machine's verdicts were shown."""
    if stored == to_json(ShowMachine()):
        return ShowMachine()
    return from_json(stored)


def check_within(action: Action, limits: Limits) -> Action:
    """The action, if the call and its rubric have what it names; a fault ends with the call at the latest.

    Raises `QaError`: `audit.unknown_item`, `audit.unknown_turn`, `audit.outside_call`.
    """
    named = action.items if isinstance(action, PassRest) else [getattr(action, "item", None)]
    for item in named:
        if item is not None and item not in limits.items:
            raise QaError("audit.unknown_item", got=_shown(item), allowed=", ".join(sorted(limits.items)))
    last = max(action.turns) if isinstance(action, CorrectRole) else getattr(action, "turn", None)
    if last is not None and last >= limits.turns:
        raise QaError("audit.unknown_turn", got=last, last=limits.turns - 1)
    if isinstance(action, Fault):
        return _within_call(action, limits.duration_s)
    return action


def _within_call(fault: Fault, duration_s: float) -> Fault:
    if fault.end_s > duration_s + END_SLACK_S:
        raise QaError(
            "audit.outside_call", start=fault.start_s, end=fault.end_s, duration=round(duration_s, 3)
        )
    start_s, end_s = (min(one, duration_s) for one in (fault.start_s, fault.end_s))
    rest = (fault.should_say, fault.comment)
    return Fault(fault.fault, fault.item, fault.severity, start_s, end_s, *rest)


def _shown(value: object) -> str:
    """A value of a message as people may read it: short, and printable whatever it is."""
    try:
        return reprlib.repr(value)
    except ValueError:  # Python writes no integers of many thousands of digits
        return "…"


def _choice(allowed: tuple[Any, ...]) -> Callable[[str, object], Any]:
    def read(name: str, value: object) -> Any:
        if value not in allowed:
            told = ", ".join("null" if one is None else one for one in allowed)
            raise QaError("audit.choice", field=name, got=_shown(value), allowed=told)
        return value

    return read


def _text(name: str, value: object) -> str:
    # Half a surrogate pair is no character, and PostgreSQL keeps no NUL.
    if not isinstance(value, str) or len(value) > MAX_TEXT or re.search("[\0\ud800-\udfff]", value):
        raise QaError("audit.bad_text", field=name, got=_shown(value), most=MAX_TEXT)
    return value


def _name(name: str, value: object) -> str:
    if not value:
        raise QaError("audit.bad_text", field=name, got=_shown(value), most=MAX_TEXT)
    return _text(name, value)


def _one_line(name: str, value: object) -> str:
    return " ".join(_text(name, value).split())


def _seconds(name: str, value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1e9:
        raise QaError("audit.bad_number", field=name, got=_shown(value))
    return float(value)


def _index(name: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise QaError("audit.bad_number", field=name, got=_shown(value))
    return value


def _list(read_one: Callable[[str, object], Any]) -> Callable[[str, object], tuple[Any, ...]]:
    def read(name: str, value: object) -> tuple[Any, ...]:
        if not isinstance(value, list) or not 0 < len(value) <= MAX_LISTED:
            raise QaError("audit.bad_list", field=name, got=_shown(value), most=MAX_LISTED)
        return tuple(sorted({read_one(name, one) for one in value}))

    return read


def checked_id(name: str, value: object) -> str:
    """A random id as clients make them, 32 lower-case hexadecimal digits; `name` is told where it is none.

    Raises `QaError` `audit.bad_id`.
    """
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{32}", value):
        raise QaError("audit.bad_id", field=name, got=_shown(value))
    return value


def checked_text(name: str, value: object) -> str:
    """Words that must be there, without blanks around them; `name` is told where they are not.

    Raises `QaError` `audit.bad_text`.
    """
    return _name(name, value.strip() if isinstance(value, str) else value)


_Readers = dict[str, Callable[[str, object], Any]]
_ACTIONS: dict[str, tuple[Callable[..., Action], _Readers]] = {
    "verdict": (GiveVerdict, {"item": _name, "verdict": _choice((*VERDICTS, None))}),
    "pass_rest": (PassRest, {"items": _list(_name)}),
    "fault": (
        Fault,
        {
            "fault": checked_id,
            "item": _name,
            "severity": _choice(SEVERITIES),
            "start_s": _seconds,
            "end_s": _seconds,
            "should_say": _text,
            "comment": _text,
        },
    ),
    "fault_removed": (RemoveFault, {"fault": checked_id}),
    "comment": (WriteComment, {"text": _text}),
    "text": (CorrectText, {"turn": _index, "text": _one_line}),
    "role": (CorrectRole, {"turns": _list(_index), "role": _choice(SPEAKERS)}),
    "roles_swapped": (SwapRoles, {}),
    "skip": (Skip, {"reason": _choice(SKIP_REASONS)}),
    "hand_in": (HandIn, {}),
    "undo": (Undo, {}),
    "redo": (Redo, {}),
}
