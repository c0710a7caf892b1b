"""Import: recordings, call list and roster into the database, in one transaction, as often as one likes.

The same import twice changes nothing. A corrected list updates its rows, and what stood there before
is kept in `call_changes`. The content of a file identifies the recording, the call id the call.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from sqlalchemy import func, insert, select

from qa_audit.calls.call_changes import CallPlan, plan_calls, write_calls
from qa_audit.calls.call_list import CallList, read_call_list
from qa_audit.calls.file_changes import FilePlan, plan_files, write_files
from qa_audit.calls.people import resolve_people
from qa_audit.calls.problems import Problem
from qa_audit.calls.recordings import FolderScan, RecordingFile, scan_recordings, sha256_of
from qa_audit.calls.roster import RosterFile, read_roster
from qa_audit.calls.roster_changes import RosterPlan, plan_roster, write_roster
from qa_audit.calls.settings import CallListSettings
from qa_audit.messages import QaError
from qa_audit.store import schema
from qa_audit.store.database import exclusive, insert_one, reading, writing
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import check_writer, login

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine


_IMPORT_LOCK = 7141002  # any number that is the same in every process


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did and what a person should look at."""

    calls_new: int = 0
    calls_changed: int = 0
    calls_unchanged: int = 0
    recordings_new: int = 0
    """Contents not seen before."""
    recordings_changed: int = 0
    """Known contents under a new name, and known names with new content."""
    recordings_unchanged: int = 0
    recordings_gone: int = 0
    """Files of this folder that an earlier import saw and this one did not."""
    roster_new: int = 0
    roster_removed: int = 0
    roster_unchanged: int = 0
    other_files: int = 0
    """Files in the folder that are no recordings."""
    calls_without_recording: tuple[str, ...] = ()
    """Ids of calls of this import for which there is no recording."""
    recordings_without_call: tuple[str, ...] = ()
    """Files of this folder that belong to no call."""
    unknown_agents: tuple[str, ...] = ()
    """Agent numbers of this import that the roster doesn't have at the time of the call."""
    extra_headings: tuple[str, ...] = ()
    """Columns of the list that were kept as they are."""
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether the import changed anything."""
        calls = self.calls_new or self.calls_changed
        files = self.recordings_new or self.recordings_changed or self.recordings_gone
        return bool(calls or files or self.roster_new or self.roster_removed)

    @property
    def counts(self) -> dict[str, int]:
        """The figures alone, as kept with the import."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}


@dataclass(frozen=True, slots=True)
class _Sources:
    """Everything from outside, read before the database is touched."""

    folder: Path | None
    scan: FolderScan
    call_list: CallList | None
    list_sha256: str | None
    roster: RosterFile | None
    roster_sha256: str | None


def import_calls(
    engine: Engine,
    recordings_folder: str | Path | None = None,
    call_list: str | Path | None = None,
    roster: str | Path | None = None,
    settings: CallListSettings | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    rehash: bool = False,
    who: str | None = None,
) -> ImportReport:
    """Bring recordings, call list and roster into the database; each may be left out.

    With no list (now or earlier) every recording becomes a call, told by its file name. With one, a
    recording that no row names becomes a call only when its name says agent and start, or a call id;
    the others are listed in the report. A roster replaces the one before it. `progress` is called with
    files done and files in all; `who` is the person in the import's record (default: the system's user).

    Raises `QaError` when folder, list or roster as a whole cannot be used; then nothing was written.

    >>> import tempfile
    >>> from qa_audit.store.database import open_database
    >>> root = Path(tempfile.mkdtemp())
    >>> (root / "录音").mkdir()
    >>> _ = (root / "录音" / "8001_20261003091507_13800138000.wav").write_bytes(b"RIFF")
    >>> engine = open_database(root / "qa.db")
    >>> report = import_calls(engine, root / "录音")
    >>> report.calls_new, report.recordings_new, report.problems
    (1, 1, ())
    >>> import_calls(engine, root / "录音").changed
    False
    >>> engine.dispose()
    """
    settings = settings or CallListSettings()
    sources = _read_sources(
        engine, recordings_folder, call_list, roster, settings, progress=progress, rehash=rehash
    )
    with writing(engine) as connection:
        person = check_writer(connection, schema.imports, *filter(None, [who]))
        exclusive(connection, _IMPORT_LOCK)
        files = plan_files(connection, sources.folder, sources.scan)
        people = plan_roster(connection, sources.roster)
        planned = plan_calls(connection, files, sources.call_list, settings)
        report = _report(sources, files, people, planned)
        # What changes no figure (a file's time of change) is written, but makes no entry in the history.
        import_id = None
        if report.changed:
            import_id = _record(connection, sources, report, who or (person.name if person else login()))
        write_files(connection, files, import_id)
        if import_id is not None:
            write_roster(connection, people, import_id)
            write_calls(connection, planned, import_id)
    return report


def _read_sources(
    engine: Engine,
    recordings_folder: str | Path | None,
    call_list: str | Path | None,
    roster: str | Path | None,
    settings: CallListSettings,
    *,
    progress: Callable[[int, int], None] | None,
    rehash: bool,
) -> _Sources:
    # Lists first: a mistake in them shows before hours of hashing.
    listed = None if call_list is None else read_call_list(call_list, settings)
    people = None if roster is None else read_roster(roster, settings)
    folder, scan = None, FolderScan((), (), (), 0, 0)
    if recordings_folder is not None:
        folder = Path(recordings_folder).expanduser().resolve()
        scan = scan_recordings(
            folder,
            known=_known_files(engine, folder),
            extensions=settings.extensions,
            rehash=rehash,
            progress=progress,
        )
        scan = _not_all_gone(engine, folder, scan)
    return _Sources(
        folder,
        scan,
        listed,
        _hash(call_list),
        people,
        _hash(roster),
    )


def _not_all_gone(engine: Engine, folder: Path, scan: FolderScan) -> FolderScan:
    """`scan`; where not one recording of many is left, the folder counts as unreadable.

    An empty folder is what a disk leaves behind that is not mounted.
    """
    if scan.files or scan.unreadable:
        return scan
    files = schema.recording_files
    query = select(func.count()).select_from(files.join(schema.folders))
    with reading(engine) as connection:
        count = connection.execute(
            query.where(schema.folders.c.path == str(folder), files.c.present)
        ).scalar_one()
    if not count:
        return scan
    problem = Problem("calls.folder_empty", str(folder), values={"count": count}, left_out=True)
    return replace(scan, problems=(*scan.problems, problem), unreadable=(*scan.unreadable, "."))


def _hash(path: str | Path | None) -> str | None:
    try:
        return None if path is None else sha256_of(path)
    except OSError as error:  # taken away between reading and hashing
        raise QaError("calls.list_unreadable", path=path, reason=error.strerror or error) from error


def _known_files(engine: Engine, folder: Path) -> dict[str, RecordingFile]:
    files = schema.recording_files
    query = (
        select(files.c.path, files.c.sha256, files.c.size_bytes, files.c.mtime_ns)
        .join(schema.folders)
        .where(schema.folders.c.path == str(folder))
    )
    with reading(engine) as connection:
        return {row.path: RecordingFile(*row) for row in connection.execute(query)}


def _report(sources: _Sources, files: FilePlan, people: RosterPlan, planned: CallPlan) -> ImportReport:
    problems = list(sources.scan.problems)
    if sources.roster:
        problems += sources.roster.problems
    if sources.call_list:
        # Where file names tell no start either, the list is of no use to any month.
        problems += [
            replace(one, left_out=True) if one.code == "calls.no_start_column" and not planned.dated else one
            for one in sources.call_list.problems
        ]
    report = ImportReport(
        calls_new=len(planned.new),
        calls_changed=len(planned.changed),
        calls_unchanged=planned.unchanged,
        recordings_new=len(files.new_recordings),
        recordings_changed=files.renamed,
        recordings_unchanged=files.unchanged,
        recordings_gone=len(files.gone),
        roster_new=len(people.new),
        roster_removed=len(people.removed_ids),
        roster_unchanged=people.unchanged,
        other_files=sources.scan.other_files,
        calls_without_recording=planned.without_recording,
        recordings_without_call=planned.unclaimed,
        extra_headings=sources.call_list.extra_headings if sources.call_list else (),
        problems=(*problems, *planned.problems),
    )
    if not people.rows.height:
        return report
    resolved = resolve_people(planned.agents, people.rows)
    unknown = resolved.filter(pl.col("agent_no").is_not_null() & ~pl.col("in_roster"))
    return replace(report, unknown_agents=tuple(sorted(set(unknown["agent_no"]))))


def _record(connection: Connection, sources: _Sources, report: ImportReport, who: str) -> int:
    listed, people = sources.call_list, sources.roster
    return insert_one(
        connection,
        insert(schema.imports).values(
            imported_at=stored_moment(),
            who=who,
            folder=str(sources.folder) if sources.folder else None,
            list_name=listed.file if listed else None,
            list_sha256=sources.list_sha256,
            roster_name=people.file if people else None,
            roster_sha256=sources.roster_sha256,
            counts=report.counts,
        ),
    )
