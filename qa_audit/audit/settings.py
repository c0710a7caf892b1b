"""Section `[appeals]` of the settings: how many days there are for each step."""

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
