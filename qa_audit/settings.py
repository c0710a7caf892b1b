"""The settings of a workspace, `qa_audit.toml`: read, checked all at once, and first written by `init`."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from qa_audit.audit.settings import AppealSettings, DeadlineSettings
from qa_audit.calls.settings import CallListSettings
from qa_audit.closing.scale import AMOUNTS_YUAN, PayScale
from qa_audit.estimation.bands import GRADES, Bands
from qa_audit.estimation.callbacks import ServiceSettings
from qa_audit.estimation.conditions import SamenessSettings
from qa_audit.messages import QaError
from qa_audit.store.toml_file import read_toml
from qa_audit.store.toml_mistakes import NotAllowedError
from qa_audit.transcribe.settings import TranscribeSettings

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS_FILE = "qa_audit.toml"
RUBRIC_FILE = "rubric.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DepartmentSettings(_Section):
    """Section `[department]`: what reports say of the department."""

    name: str = ""


class SourceSettings(_Section):
    """Section `[sources]`: where recordings and lists come from, relative to the workspace or absolute."""

    recordings: str | None = None
    call_list: str | None = None
    roster: str | None = None


class DatabaseSettings(_Section):
    """Section `[database]`: where what people decide is kept."""

    url: str | None = None
    """`postgresql+psycopg://…`; None: the SQLite file in the workspace. Without a user in it the database's
    role is the one of the operating system."""


class PaySettings(_Section):
    """Section `[pay]`: from which score on which grade is given, and what each pays."""

    grades: tuple[str, ...] = GRADES.names
    """From the lowest up."""
    limits: tuple[float, ...] = GRADES.limits
    """The least score of each grade but the lowest."""
    amounts_yuan: tuple[float, ...] = AMOUNTS_YUAN
    """One for each grade."""

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        try:
            self.scale()
        except QaError as error:
            raise NotAllowedError(error.code, **error.values) from error
        return self

    def scale(self) -> PayScale:
        """Grades and amounts together."""
        return PayScale(Bands(self.grades, self.limits), self.amounts_yuan)


class PrivacySettings(_Section):
    """Section `[privacy]`: what leaves the department."""

    mask_exports: bool = True
    """Whether personal data of customers is masked in all that is exported, and beeped in its sound."""
    unmasked: tuple[str, ...] = ()
    """People, as the system knows them, and roles who get it as it is."""


class RetentionSettings(_Section):
    """Section `[retention]`: where old recordings go, and when they may be deleted."""

    archive: str | None = None
    """Folder on another disk."""
    archive_after_months: Annotated[int | None, Field(ge=1, le=1200)] = None
    """Whole months after which a recording may be archived."""
    delete_after_months: Annotated[int | None, Field(ge=1, le=1200)] = None
    """Whole months after which a recording that nothing keeps may be deleted; None never."""
    delete_words_after_months: Annotated[int | None, Field(ge=1, le=1200)] = None
    """The same for what people wrote about a call: comments, appeals, complaints."""
    delete_plays_after_months: Annotated[int | None, Field(ge=1, le=1200)] = None
    """The same for the record of who listened to what."""


class OperationsSettings(_Section):
    """Section `[operations]`: what `run` leaves for those who watch over it; relative to the workspace."""

    metrics: str | None = None
    """File of Prometheus metrics, written when a run ends."""
    log: str | None = None
    """File to which each event adds a line of JSON."""


class Settings(_Section):
    """All sections of `qa_audit.toml`; an unknown section or key is a mistake.

    >>> Settings().transcribe.agent_channel
    'left'
    """

    department: DepartmentSettings = Field(default_factory=DepartmentSettings)
    sources: SourceSettings = Field(default_factory=SourceSettings)
    database: DatabaseSettings = Field(default_factory=DatabaseSettings)
    transcribe: TranscribeSettings = Field(default_factory=TranscribeSettings)
    calls: CallListSettings = Field(default_factory=CallListSettings)
    pay: PaySettings = Field(default_factory=PaySettings)
    appeals: AppealSettings = Field(default_factory=AppealSettings)
    deadlines: DeadlineSettings = Field(default_factory=DeadlineSettings)
    privacy: PrivacySettings = Field(default_factory=PrivacySettings)
    sameness: SamenessSettings = Field(default_factory=SamenessSettings)
    service: ServiceSettings = Field(default_factory=ServiceSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    operations: OperationsSettings = Field(default_factory=OperationsSettings)


def settings_text(values: dict[str, dict[str, Any]]) -> str:
    """The commented settings file that `init` writes, with `values` by section and key put in.

    Keys without a value stay commented out with their default, so that the file documents itself.
    """
    template = resources.files("qa_audit").joinpath("settings_template.toml").read_text(encoding="utf-8")
    lines = []
    section = ""
    for line in template.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        key = line.removeprefix("# ").split(" = ", 1)[0]
        value = values.get(section, {}).get(key) if " = " in line else None
        # A JSON string is a TOML basic string: both escape quotes, backslashes and control characters alike.
        lines.append(line if value is None else f"{key} = {json.dumps(str(value), ensure_ascii=False)}")
    return "\n".join(lines) + "\n"


def read_settings(path: Path) -> Settings:
    """Read and check a settings file.

    Raises `QaError` with every mistake at once: file, line, key, what was got and what is allowed.
    """
    return read_toml(path, Settings)
