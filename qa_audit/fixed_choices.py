"""What is fixed when a workspace is made: engine, model, preset and the digest of the weights.

Another choice in mid-month would change scores, so a later difference is refused instead of followed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from qa_audit.messages import QaError
from qa_audit.store.database import reading, writing
from qa_audit.store.schema import fixed as fixed_table

if TYPE_CHECKING:
    from sqlalchemy import Engine as Database

    from qa_audit.transcribe.settings import TranscribeSettings


@dataclass(frozen=True, slots=True)
class FixedChoices:
    """The transcription that all scores of a workspace rest on."""

    engine: str
    model: str
    preset: str
    digest: str
    """Digest of the weights (`transcribe.weights.digest_of`)."""


def fix_choices(settings: TranscribeSettings) -> FixedChoices:
    """The choices of these settings, with the digest of the weights that are at hand now.

    Raises `QaError` when the engine is not installed, the preset or model does not exist or its weights
    cannot be read: what is fixed here could not be transcribed with.
    """
    from qa_audit.transcribe.engine import check_engine
    from qa_audit.transcribe.presets import preset
    from qa_audit.transcribe.weights import weights_digest

    check_engine(settings.engine)
    preset(settings.preset)
    digest = weights_digest(settings.model, settings.weights)
    return FixedChoices(settings.engine, settings.model, settings.preset, digest)


def write_choices(database: Database, choices: FixedChoices) -> None:
    """Note the choices; called only while a workspace is made, in place of what an interrupted try left."""
    with writing(database) as connection:
        connection.execute(delete(fixed_table))
        rows = [{"name": name, "value": value} for name, value in asdict(choices).items()]
        connection.execute(insert(fixed_table), rows)


def read_choices(database: Database, settings: TranscribeSettings, settings_file: object) -> FixedChoices:
    """The workspace's choices, after a check that the settings still say the same.

    Raises `QaError` `workspace.engine_changed` naming each difference, `workspace.incomplete` when they were
    never noted.
    """
    with reading(database) as connection:
        noted = {row.name: row.value for row in connection.execute(select(fixed_table))}
    if set(noted) < {field.name for field in fields(FixedChoices)}:
        raise QaError("workspace.incomplete", settings=settings_file)
    choices = FixedChoices(**{field.name: noted[field.name] for field in fields(FixedChoices)})
    changes = [
        f"{name} = {getattr(settings, name)!r} ({getattr(choices, name)!r})"
        for name in ("engine", "model", "preset")
        if getattr(settings, name) != getattr(choices, name)
    ]
    if changes:
        raise QaError("workspace.engine_changed", settings=settings_file, changes=", ".join(changes))
    return choices
