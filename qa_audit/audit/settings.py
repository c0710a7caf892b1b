"""Sections `[appeals]` and `[deadlines]` of the settings: how many days there are for each step."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class AppealSettings(BaseModel):
    """Days for an appeal. Deadlines are kept with each one, so another setting changes none that was filed.

    >>> AppealSettings().reply_days
    3
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    file_days: int = Field(default=7, ge=1, le=366)
    """From handing in to filing."""
    reply_days: int = Field(default=3, ge=1, le=366)
    """From filing to the reply."""
    decide_days: int = Field(default=7, ge=1, le=366)
    """From filing to the decision."""


class DeadlineSettings(BaseModel):
    """Days after which work that was given counts as late; another setting tells so at once.

    >>> DeadlineSettings().hear_days
    10
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hear_days: int = Field(default=10, ge=1, le=366)
    """From handing out a draw to handing in its calls."""
    complaint_days: int = Field(default=3, ge=1, le=366)
    """From what was last done about a complaint to the next step, until it is closed."""
