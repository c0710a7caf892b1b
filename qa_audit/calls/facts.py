"""What is known of a call beside its audio: direction, ring time, who hung up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Direction = Literal["inbound", "outbound"]
Party = Literal["agent", "customer"]


@dataclass(frozen=True, slots=True)
class CallFacts:
    """Metadata that the rubric may use; None means not known, and then nothing is inferred from it."""

    direction: Direction | None = None
    ring_s: float | None = None
    """Seconds of ringing before the agent answered."""
    internal: bool | None = None
    """True for a call from a colleague inside the company."""
    hangup_by: Party | None = None
