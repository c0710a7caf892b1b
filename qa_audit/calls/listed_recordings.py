"""The recordings of the call list's rows: of this folder, of other folders and earlier imports, or kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from qa_audit.calls.matching import match_recordings
from qa_audit.calls.problems import Problem
from qa_audit.calls.recording_names import content_and_name, name_key, stem_of
from qa_audit.calls.recordings import RecordingFile
from qa_audit.store import schema
from qa_audit.store.database import rows_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from sqlalchemy import Connection

    from qa_audit.calls.call_list import CallList, CallRow
    from qa_audit.calls.file_names import NameParts
    from qa_audit.calls.matching import Match

_UNMATCHED = {
    "ambiguous": "calls.ambiguous_recording",
    "contested": "calls.contested_recording",
    "other_folder": "calls.recording_in_other_folder",
}


@dataclass(frozen=True, slots=True)
class ListedRecordings:
    """What was found for the rows of a list."""

    hashes: tuple[str | None, ...] = ()
    """One a row; None where it has no recording."""
    problems: tuple[Problem, ...] = ()


def find_recordings(
    connection: Connection,
    call_list: CallList,
    files: Sequence[RecordingFile],
    parts: Mapping[str, NameParts | None],
    before: Mapping[str, Mapping[str, Any]],
    *,
    tolerance_s: float,
) -> ListedRecordings:
    """Find the recording of each row among `files`, else among those that the database knows.

    `parts` is what each file's name says, by path; `before` are the calls as they were, by id.
    """
    rows = call_list.rows
    matches = _match_everywhere(connection, rows, files, parts, tolerance_s)
    taken = {match.sha256 for match in matches}
    kept = [
        None if match.sha256 else _kept(row, before.get(row.call_id), taken)
        for row, match in zip(rows, matches, strict=True)
    ]
    hashes = tuple(match.sha256 or former for match, former in zip(matches, kept, strict=True))
    problems = tuple(
        _problem(code, call_list.file, row, match)
        for row, match, former in zip(rows, matches, kept, strict=True)
        if former is None and (code := _UNMATCHED.get(match.how))
    )
    # Recordings that fit equally well are told already.
    if rows and files and not problems and not any(hashes) and not _ever_found(before):
        problems = (_no_match(call_list, files[0].path),)
    return ListedRecordings(hashes, problems)


def _match_everywhere(
    connection: Connection,
    rows: Sequence[CallRow],
    files: Sequence[RecordingFile],
    parts: Mapping[str, NameParts | None],
    tolerance_s: float,
) -> list[Match]:
    """A match a row: of `files`, and for rows that they miss of what is known from elsewhere, if anything."""
    here = match_recordings(rows, files, parts, tolerance_s)
    missed = [
        number for number, match in enumerate(here) if match.sha256 is None and match.how != "ambiguous"
    ]
    left = [rows[number] for number in missed]
    disposed = {match.sha256 for match in here}
    known = match_recordings(left, _known_by_name(connection, left, files, disposed), {}, tolerance_s)
    elsewhere = dict(zip(missed, known, strict=True))
    return [
        other if (other := elsewhere.get(number)) and other.how != "none" else match
        for number, match in enumerate(here)
    ]


def _known_by_name(
    connection: Connection,
    rows: Sequence[CallRow],
    files: Sequence[RecordingFile],
    disposed: Set[str | None],
) -> Iterator[RecordingFile]:
    """Files of other folders and earlier imports, without those that this list has disposed of."""
    table = schema.recording_files
    keys = {name_key(stem_of(name)) for row in rows for name in (row.recording, row.call_id) if name}
    query = select(table.c.path, table.c.sha256, table.c.size_bytes, table.c.mtime_ns)
    seen = {(file.path, file.sha256) for file in files}
    copies = {content_and_name(file) for file in files if file.sha256 in disposed}
    for row in rows_in(connection, query, table.c.stem_key, keys):
        file = RecordingFile(*row)
        if (file.path, file.sha256) not in seen and content_and_name(file) not in copies:
            yield file


def _kept(row: CallRow, former: Mapping[str, Any] | None, taken: Set[str | None]) -> str | None:
    """What an earlier import found for a call under the name that it still has.

    It stays found when the file is archived, and is given up when it turns out to be another row's.
    """
    if former is None or former["named_recording"] != row.recording or former["sha256"] in taken:
        return None
    return former["sha256"]


def _problem(code: str, list_file: str, row: CallRow, match: Match) -> Problem:
    values = {"got": row.recording or row.call_id, "candidates": ", ".join(match.candidates[:5])}
    return Problem(code, list_file, row.row, values=values, sheet=row.sheet)


def _ever_found(before: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a call of any list was ever found to have a recording."""
    return any(row["sha256"] for row in before.values() if row["source"] == "list")


def _no_match(call_list: CallList, file: str) -> Problem:
    """Told once when there are recordings, and none of them belongs to a row."""
    first = next((row for row in call_list.rows if row.recording), None)
    if first is not None:
        values = {"got": first.recording, "file": file}
        return Problem("calls.no_recording_fits", call_list.file, values=values, left_out=True)
    spare = ", ".join(call_list.extra_headings) or "–"
    values = {"got": spare, "id": call_list.rows[0].call_id, "file": file}
    return Problem("calls.no_recording_column", call_list.file, values=values, left_out=True)
