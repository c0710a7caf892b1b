"""What is missing, slow or unsafe about a workspace, each with what to do about it. Changes nothing."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from matplotlib import ft2font
from sqlalchemy import func, select

from qa_audit.backup import last_backup_at
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError, say
from qa_audit.store.database import NETWORK_FILE_SYSTEMS, file_system_of, reading
from qa_audit.store.moments import stored_moment
from qa_audit.store.schema import audit_events
from qa_audit.transcribe.worker_count import WORKER_BYTES, free_memory_bytes
from qa_audit.verified import database_faults
from qa_audit.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Level = Literal["ok", "advice", "wrong"]

LITTLE_SPACE_BYTES = 5_000_000_000
NO_SPACE_BYTES = 500_000_000
SLOW_SYNC_MS = 50.0
"""A verdict is kept when the disk says that it is: so long is felt at every key."""
OLD_BACKUP = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=5)
_SYNCS = 9
_PACKAGES = {"openai-whisper": "whisper", "ctranslate2": "ctranslate2"}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that was looked at."""

    code: str
    """Key of its message in the catalogue, without `doctor.`."""
    level: Level
    values: Mapping[str, object]

    def __str__(self) -> str:
        return say(f"doctor.{self.code}", **self.values)


@dataclass(frozen=True, slots=True)
class Checkup:
    """All that was looked at."""

    advice: tuple[Advice, ...]

    @property
    def failed(self) -> bool:
        """True when something keeps the workspace from working safely."""
        return any(one.level == "wrong" for one in self.advice)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        found = [{"code": one.code, "level": one.level, "message": str(one)} for one in self.advice]
        return {"ok": not self.failed, "findings": found}

    def __str__(self) -> str:
        marks = {"ok": "✓", "advice": "!", "wrong": "✗"}
        return "\n".join(f"{marks[one.level]} {one}" for one in self.advice)


def look_at(folder: Path) -> Checkup:
    """Look at the workspace in `folder`, also at one that can't be opened.

    Raises `QaError` `workspace.not_found` only.
    """
    try:
        workspace = Workspace.open(folder)
    except QaError as error:
        if error.code == "workspace.not_found":
            raise
        return Checkup((Advice("unopened", "wrong", {"reason": error}), *_places(folder)))
    try:
        return Checkup((*_places(folder), *_readable(_contents(workspace))))
    finally:
        workspace.database.dispose()


def _places(folder: Path) -> Iterator[Advice]:
    """What can be told without opening anything."""
    # A closed database in an open folder leaves open what the machine made of the calls.
    private = not folder.stat().st_mode & stat.S_IRWXO
    values = {"folder": folder}
    yield Advice("private" if private else "open_to_all", "ok" if private else "advice", values)
    kind = file_system_of(folder)
    network = kind in NETWORK_FILE_SYSTEMS
    yield Advice("network" if network else "local", "wrong" if network else "ok", {"kind": kind or "?"})
    free = shutil.disk_usage(folder).free
    values = {"gigabytes": f"{free / 1e9:.1f}"}
    if free < NO_SPACE_BYTES:
        yield Advice("no_space", "wrong", values)
    elif free < LITTLE_SPACE_BYTES:
        yield Advice("little_space", "advice", values)
    else:
        yield Advice("space", "ok", values)
    try:
        spent = sync_ms(folder)
    except OSError as error:
        yield Advice("not_writable", "wrong", {"folder": folder, "reason": error.strerror or error})
        return
    slow = spent > SLOW_SYNC_MS
    yield Advice("slow_disk" if slow else "disk", "advice" if slow else "ok", {"ms": f"{spent:.1f}"})


def _readable(contents: Iterator[Advice]) -> Iterator[Advice]:
    """What was found until something could not be read (pages of a damaged database), and that."""
    try:
        yield from contents
    except QaError as error:
        yield Advice("unread", "wrong", {"reason": error})


def _contents(workspace: Workspace) -> Iterator[Advice]:
    faults = database_faults(workspace.database)
    told = {"wrong": "; ".join(faults[:5])}
    yield Advice("database_bad" if faults else "database", "wrong" if faults else "ok", told)
    calls = calls_frame(workspace.database)
    paths = set(calls["recording"].drop_nulls())
    gone = sum(not Path(path).is_file() for path in paths)
    values = {"count": len(paths), "gone": gone}
    yield Advice("recordings_gone" if gone else "recordings", "advice" if gone else "ok", values)
    yield _engine(workspace)
    yield _detector(workspace.folder)
    yield _fonts()
    yield _clock(workspace)
    yield _backup(workspace.folder)
    yield _failed(workspace)
    yield _memory()
    yield from _watching(workspace)


def _engine(workspace: Workspace) -> Advice:
    from qa_audit.transcribe.weights import weights_digest

    chosen = workspace.settings.transcribe
    package = _PACKAGES.get(chosen.engine, chosen.engine)
    values = {"engine": chosen.engine, "model": chosen.model}
    if importlib.util.find_spec(package) is None:
        return Advice("no_engine", "wrong", values | {"package": package})
    try:
        digest = weights_digest(chosen.model, chosen.weights)
    except QaError as error:
        return Advice("no_weights", "wrong", {"reason": error})
    if digest != workspace.choices.digest:
        return Advice("other_weights", "wrong", values)
    return Advice("weights", "ok", values)


def _detector(folder: Path) -> Advice:
    from qa_audit.scoring.learned.encoder import BUILT_IN
    from qa_audit.scoring.learned.learn import accepted, accepted_detector
    from qa_audit.scoring.learned.semantic import SemanticDetector

    values = {"version": accepted(folder)}
    try:
        found = accepted_detector(folder)
    except QaError as error:
        return Advice("no_detector", "wrong", values | {"reason": error})
    if isinstance(found, SemanticDetector) and found.where != BUILT_IN:
        asked = {"where": found.where, "sha256": found.embedding_sha256[:12]}
        return Advice("detector_semantic", "ok", values | asked)
    return Advice("detector", "ok", values)


def _fonts() -> Advice:
    """Charts and PDF pages are set in the font that comes along: without it Chinese turns into boxes."""
    from qa_audit.reports.typefaces import BUNDLED, bundled_path

    path = bundled_path()
    try:
        name = ft2font.FT2Font(str(path)).family_name
    except (OSError, RuntimeError) as error:
        return Advice("no_font", "wrong", {"path": path, "reason": error})
    if name != BUNDLED:
        return Advice("no_font", "wrong", {"path": path, "reason": name})
    return Advice("font", "ok", {"name": BUNDLED})


def _clock(workspace: Workspace) -> Advice:
    with reading(workspace.database) as connection:
        last = connection.execute(select(func.max(audit_events.c.at))).scalar()
    now = stored_moment()
    values = {"now": f"{now:%Y-%m-%d %H:%M}", "last": f"{last or now:%Y-%m-%d %H:%M}"}
    behind = last is not None and last > now + CLOCK_SLACK
    return Advice("clock_behind" if behind else "clock", "advice" if behind else "ok", values)


def _backup(folder: Path) -> Advice:
    made = last_backup_at(folder)
    if made is None:
        return Advice("no_backup", "advice", {})
    age = datetime.now(UTC) - made
    values = {"at": f"{made:%Y-%m-%d %H:%M}", "days": age.days}
    return Advice("old_backup", "advice", values) if age > OLD_BACKUP else Advice("backup", "ok", values)


def _failed(workspace: Workspace) -> Advice:
    status = workspace.status()
    count = len(status.failures)
    if not count:
        return Advice("none_failed", "ok", {})
    codes = sorted({one.error.code for one in status.failures})
    return Advice("some_failed", "advice", {"count": count, "codes": ", ".join(codes)})


def _memory() -> Advice:
    free = free_memory_bytes()
    values = {"gigabytes": "?" if free is None else f"{free / 1e9:.1f}", "each": f"{WORKER_BYTES / 1e9:.1f}"}
    little = free is not None and free < WORKER_BYTES
    return Advice("little_memory" if little else "memory", "advice" if little else "ok", values)


def _watching(workspace: Workspace) -> Iterator[Advice]:
    """Whether what `run` leaves for those who watch over it can be written."""
    chosen = workspace.settings.operations
    for name in filter(None, (chosen.metrics, chosen.log)):
        path = workspace.folder / name
        place = path if path.exists() else path.parent
        if not os.access(place, os.W_OK):
            yield Advice("unwatched", "wrong", {"path": path})


def sync_ms(folder: Path) -> float:
    """Milliseconds, the median of a few, until the disk has 4 KiB for good."""
    spent = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            begun = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            spent.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(spent)
