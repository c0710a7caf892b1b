"""How this centre writes its call list and names its recordings."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from qa_audit.calls.file_names import BUILT_IN_PATTERNS, compile_pattern
from qa_audit.calls.headings import CALL_FIELDS, ROSTER_FIELDS
from qa_audit.calls.vocabulary import vocabulary
from qa_audit.messages import QaError
from qa_audit.store.toml_mistakes import NotAllowedError

AUDIO_EXTENSIONS: tuple[str, ...] = tuple(vocabulary()["audio_extensions"])


class CallListSettings(BaseModel):
    """Settings of the import; every one has a default that suits most centres.

    >>> CallListSettings(headings={"start": "接通时刻"}).headings["start"]
    ('接通时刻',)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    headings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Own headings of the call list by field (`{"start": ["接通时刻"]}`); they go before the known ones."""

    roster_headings: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The same for the roster (花名册)."""

    file_names: tuple[str, ...] = BUILT_IN_PATTERNS
    """Patterns of file names, the first that fits wins (see `file_names`)."""

    extensions: tuple[str, ...] = AUDIO_EXTENSIONS
    """Which files are recordings, by extension without the dot, in lower case."""

    timezone: str = "Asia/Shanghai"
    """The centre's zone. Times without an offset are taken as local, times with one are converted to it."""

    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"
    """How dates whose year stands last are meant (03/10/2026); with "ymd" they are refused, not guessed."""

    match_tolerance_s: Annotated[float, Field(ge=0, le=60)] = 5.0
    """How far apart the starts of file name and list may be, when a file is matched by agent and start."""

    max_list_mb: Annotated[int, Field(ge=1, le=4096)] = 256
    """Largest call list or roster read, in MB, unpacked for XLSX."""

    @field_validator("headings", "roster_headings", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {field: (name,) if isinstance(name, str) else name for field, name in value.items()}

    @field_validator("headings")
    @classmethod
    def _call_fields(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return _known(value, tuple(CALL_FIELDS))

    @field_validator("roster_headings")
    @classmethod
    def _roster_fields(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return _known(value, tuple(ROSTER_FIELDS))

    @field_validator("extensions")
    @classmethod
    def _plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(extension.lower().lstrip(".") for extension in value)

    @field_validator("file_names")
    @classmethod
    def _compile(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                compile_pattern(pattern)
            except QaError as error:
                raise ValueError(str(error)) from error
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise NotAllowedError("toml.allowed.timezone") from error
        return value


def _known(value: dict[str, tuple[str, ...]], fields: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    unknown = sorted(set(value) - set(fields))
    if unknown:
        raise NotAllowedError("toml.allowed.fields", got=", ".join(unknown), fields=", ".join(fields))
    return value
