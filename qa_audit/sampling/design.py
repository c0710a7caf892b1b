"""How many calls are to be heard, and which of them more likely."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_OVERSAMPLING = 3.0
"""A flagged call is at most so many times as likely to be drawn: beyond it the intervals grow wider."""

MIN_PER_STRATUM = 2
"""Fewer calls of a stratum leave no estimate of how much they differ."""


@dataclass(frozen=True, slots=True)
class Design:
    """What a draw is to be like. It is frozen with the frame, before anyone's words are known.

    >>> Design(calls_per_agent=8).as_text()
    '{"calls_per_agent":8,"flagged_share":"0.2","new_agent_calls":8,"oversampling":"3","team_at_least":0}'

    Raises `QaError` `sampling.bad_design`.
    """

    calls_per_agent: int = 8
    """Calls heard of each agent; all of them where there are fewer."""

    new_agent_calls: int = 0
    """Calls heard of each new agent; 0 means as of the others."""

    team_at_least: int = 0
    """Calls heard of each team at least; its agents get more in turn until it is reached."""

    flagged_share: str = "0.2"
    """Share of an agent's scored calls that is flagged, the lowest first; "0" for a simple random draw."""

    oversampling: str = "3"
    """How many times as likely as another call a flagged one may be drawn, 1 to 3."""

    def __post_init__(self) -> None:
        wanted = {
            "calls_per_agent": (2, 1000),
            "new_agent_calls": (0, 1000),
            "team_at_least": (0, 100_000),
            "flagged_share": (0, Fraction(1, 2)),
            "oversampling": (1, int(MAX_OVERSAMPLING)),
        }
        for name, (least, most) in wanted.items():
            value = getattr(self, name)
            number = _number(value)
            whole = isinstance(value, int) and not isinstance(value, bool)
            if number is None or not least <= number <= most or (name in _COUNTS and not whole):
                allowed = f"{least}–{float(most):g}"
                raise QaError("sampling.bad_design", name=name, got=value, allowed=allowed)
        if self.new_agent_calls == 1:
            raise QaError("sampling.bad_design", name="new_agent_calls", got=1, allowed="0, 2–1000")
        # One way of writing each number, so that the same design has the same hash.
        object.__setattr__(self, "flagged_share", _plain(self.flagged_share))
        object.__setattr__(self, "oversampling", _plain(self.oversampling))
        object.__setattr__(self, "new_agent_calls", self.new_agent_calls or self.calls_per_agent)

    @property
    def share(self) -> Fraction:
        """`flagged_share`, exactly."""
        return Fraction(self.flagged_share)

    @property
    def odds(self) -> Fraction:
        """`oversampling`, exactly."""
        return Fraction(self.oversampling)

    def as_text(self) -> str:
        """The design as one line of JSON, the same on every machine; it is part of what is hashed."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Design:
        """A design as stored. Raises `QaError` `sampling.bad_design`, also for an unknown name."""
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise QaError("sampling.bad_design", name=name, got=values[name], allowed="–")
        return cls(**values)


_COUNTS = ("calls_per_agent", "new_agent_calls", "team_at_least")


def _number(value: object) -> Fraction | None:
    try:
        return Fraction(Decimal(str(value)))
    except (ArithmeticError, ValueError):  # no number; not a number; infinite
        return None


def _plain(value: object) -> str:
    return f"{Decimal(str(value)).normalize():f}"
