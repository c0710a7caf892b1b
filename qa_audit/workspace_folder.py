"""What lies in the folder of a workspace, and how an empty folder becomes one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.fixed_choices import fix_choices, write_choices
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.scoring.glossary_check import read_checked_glossary
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.settings import RUBRIC_FILE, SETTINGS_FILE, Settings, settings_text
from qa_audit.store.database import open_database
from qa_audit.store.files import write_text
from qa_audit.store.toml_file import parse_toml
from qa_audit.transcribe.glossary_file import GLOSSARY_FILE, glossary_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.scoring.rubric import Rubric

DATABASE_FILE = "qa_audit.db"
RESULTS_FOLDER = "results"


def find_workspace(start: Path) -> Path:
    """The nearest folder with a workspace: `start` or one above it.

    Raises `QaError` when there is none.
    """
    for folder in (start, *start.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise QaError("workspace.not_found", folder=start)


def database_address(folder: Path, settings: Settings) -> Path | str:
    """Where the database of the workspace in `folder` is: a file in it, or the URL that the settings name."""
    return settings.database.url or folder / DATABASE_FILE


def rubric_of(folder: Path) -> Rubric:
    """The rubric of the workspace in `folder`: its `rubric.toml`, else the built-in one."""
    own = folder / RUBRIC_FILE
    return load_rubric(own if own.is_file() else None)


def with_glossary_of(folder: Path, settings: Settings) -> Settings:
    """Settings with the glossary of the workspace in `folder`, if it has one; read here, once a run.

    Raises `QaError` for a glossary with mistakes, terms that the rubric listens for among them.
    """
    file = folder / GLOSSARY_FILE
    if not file.is_file():
        return settings
    glossary = read_checked_glossary(file, lambda: rubric_of(folder))
    return settings.model_copy(update={"transcribe": settings.transcribe.with_glossary(glossary)})


def source_path(folder: Path, given: str | Path | None, noted: str | None) -> Path | None:
    """A source as given, else as the settings of the workspace in `folder` name it, relative to that."""
    if given is not None:
        return Path(given).expanduser().absolute()
    return None if noted is None else (folder / noted)


def missing_sources(sources: Mapping[str, Path | None]) -> dict[str, Path]:
    """Those of the sources, by their key in the settings, that are not there."""
    return {name: path for name, path in sources.items() if path is not None and not _may_be_there(path)}


def _may_be_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # whoever reads it tells what is wrong with it
        return True


def _made_for_the_department(folder: Path) -> None:
    """Make the folder without rights for others, as customers' numbers lie in it; the umask sets the group's.

    A folder that is there keeps its rights, and one that cannot be made is told by what is written next.
    """
    with suppress(OSError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o770)


def make_workspace(
    folder: Path,
    *,
    department: str | None,
    sources: dict[str, Path | None],
    database_url: str | None,
    transcribe: dict[str, str | None],
) -> None:
    """Turn `folder` into a workspace: settings, a copy of the rubric, an empty glossary, the database.

    Errors as `Workspace.create`; nothing that makes the folder a workspace is left behind then.
    """
    if (folder / SETTINGS_FILE).exists():
        raise QaError("workspace.exists", folder=folder)
    if missing := missing_sources(sources):
        shown = "\n".join(f"  --{name.replace('_', '-')} {path}" for name, path in missing.items())
        raise QaError("workspace.sources_missing", missing=shown)
    text = settings_text(
        {
            "department": {"name": department},
            "sources": sources,
            "database": {"url": database_url},
            "transcribe": transcribe,
        }
    )
    settings = parse_toml(text.encode(), SETTINGS_FILE, Settings)
    choices = fix_choices(settings.transcribe)
    _made_for_the_department(folder)
    database = open_database(database_address(folder, settings))
    write_choices(database, choices)
    if not (folder / RUBRIC_FILE).exists():
        write_text(folder / RUBRIC_FILE, built_in_rubric_text())
    if not (folder / GLOSSARY_FILE).exists():
        write_text(folder / GLOSSARY_FILE, glossary_template())
    # Last, since this file is what makes the folder a workspace.
    write_text(folder / SETTINGS_FILE, text)
    database.dispose()
