"""Which recording belongs to which row of the call list.

In this order: the file the row names (as written, by its last folders, by name, by name without
extension; case and the kind of slash don't matter); a file named like the call id; a file whose
name says the same agent and start. Where several different recordings fit, none is taken.

A recording that is missing is not made up for with another call's. A short name in another folder than the
row says is no match: recorders count anew in every folder. Where rows name different paths, a file
goes to the row that agrees with more of its path; a file that a row names is open to no row that is
merely near in time; and one that several rows are near to goes to the nearest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Literal

from qa_audit.calls.recording_index import index_recordings
from qa_audit.calls.recording_names import content_and_name, go_together, name_key, tells_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence, Set
    from datetime import datetime

    from qa_audit.calls.call_list import CallRow
    from qa_audit.calls.file_names import NameParts
    from qa_audit.calls.recording_index import Named, RecordingIndex
    from qa_audit.calls.recordings import RecordingFile

_SHOWN = 5
"""Paths kept of the files that lie in another folder: every row of a month may have as many of them."""


@dataclass(frozen=True, slots=True)
class Match:
    """The recording of a row, or why there is none."""

    sha256: str | None
    how: Literal["name", "call_id", "agent_start", "none", "ambiguous", "contested", "other_folder"]
    candidates: tuple[str, ...] = ()
    """Paths that fit equally well, when `ambiguous`; that fit other rows as well, when `contested`; that
    have the row's name in a folder that it doesn't name, when `other_folder`."""


def match_recordings(
    rows: Sequence[CallRow],
    files: Iterable[RecordingFile],
    parts: Mapping[str, NameParts | None],
    tolerance_s: float,
) -> list[Match]:
    """One `Match` a row. `parts`: what each file's name says, by path; `tolerance_s` bounds the start."""
    index = index_recordings(files, parts)
    numbered = dict(enumerate(rows))
    by_name = _by_name(numbered, index)
    left = by_name.left_of(numbered)
    by_id = _by_id(left, index, by_name.taken)
    left = by_id.left_of(left)
    by_start = _by_start(left, index, by_name.taken | by_id.taken, timedelta(seconds=tolerance_s))
    return [_outcome(number, (by_name, by_id, by_start)) for number in numbered]


@dataclass(frozen=True, slots=True)
class _Step:
    """What one way of looking for recordings comes to."""

    matches: Mapping[int, Match]
    """By number of the row: what it found, or why it must not take what it found."""
    taken: frozenset[tuple[str, str]] = frozenset()
    """The files that rows took, as `content_and_name`."""

    def left_of(self, rows: Mapping[int, CallRow]) -> dict[int, CallRow]:
        """Those of the rows that have no recording yet."""
        return {
            number: row
            for number, row in rows.items()
            if number not in self.matches or self.matches[number].sha256 is None
        }


def _outcome(number: int, steps: Sequence[_Step]) -> Match:
    """What the steps found for a row; where they found nothing, the first reason."""
    matches = [step.matches[number] for step in steps if number in step.matches]
    found = (match for match in matches if match.sha256 is not None)
    return next(found, matches[0] if matches else Match(None, "none"))


def _by_name(rows: Mapping[int, CallRow], index: RecordingIndex) -> _Step:
    """Rows that name their recordings."""
    named = {number: index.named(row.recording) for number, row in rows.items() if row.recording}
    elsewhere = {
        number: Match(None, "other_folder", tuple(file.path for file in one.strange[:_SHOWN]))
        for number, one in named.items()
        if one.strange
    }
    several = {number: _ambiguous(one.files) for number, one in named.items() if _differ(one.files)}
    claims = {number: one for number, one in named.items() if one.files and number not in several}
    settled = _settle_claims(claims)
    contested = {
        number: Match(None, "contested", (path,)) for (number, path), won in settled.items() if not won
    }
    own = {
        number: [file for file in one.files if settled.get((number, file.path))]
        for number, one in claims.items()
    }
    found = {number: Match(files[0].sha256, "name") for number, files in own.items() if files}
    return _Step(elsewhere | several | contested | found, _copies(own.values()))


def _settle_claims(claims: Mapping[int, Named]) -> dict[tuple[int, str], bool]:
    """By row and path, whether the row gets the file that it names."""
    by_path: defaultdict[str, list[int]] = defaultdict(list)
    for number, claim in claims.items():
        for path in dict.fromkeys(file.path for file in claim.files):
            by_path[path].append(number)
    return {
        (number, path): won
        for path, numbers in by_path.items()
        for number, won in _settle(path, {number: claims[number] for number in numbers}).items()
    }


def _settle(path: str, claims: Mapping[int, Named]) -> dict[int, bool]:
    """Which of the rows that name a file get it; False for those that no more than others agree with it."""
    named = {claim.levels for claim in claims.values()}
    if len(named) == 1 or tells_alone(name_key(path).rpartition("/")[2]):
        return dict.fromkeys(claims, True)
    most = max(claim.agreed for claim in claims.values())
    best = sorted({claim.levels for claim in claims.values() if claim.agreed == most}, key=len)
    if not all(go_together(one, other) for one, other in pairwise(best)):
        return {number: False for number, claim in claims.items() if claim.agreed == most}
    return {number: True for number, claim in claims.items() if go_together(claim.levels, best[-1])}


def _by_id(rows: Mapping[int, CallRow], index: RecordingIndex, taken: Set[tuple[str, str]]) -> _Step:
    """Rows whose recordings are named like their ids."""
    like_id = {number: _open_to(row, index.like_id(row.call_id), taken) for number, row in rows.items()}
    several = {number: _ambiguous(files) for number, files in like_id.items() if _differ(files)}
    own = {number: files for number, files in like_id.items() if files and number not in several}
    found = {number: Match(files[0].sha256, "call_id") for number, files in own.items()}
    return _Step(several | found, _copies(own.values()))


def _open_to(
    row: CallRow, files: Sequence[RecordingFile], taken: Set[tuple[str, str]]
) -> Sequence[RecordingFile]:
    """Files named like a row's id; where it names another that is not there, another row's is not its own."""
    return [file for file in files if content_and_name(file) not in taken] if row.recording else files


def _by_start(
    rows: Mapping[int, CallRow],
    index: RecordingIndex,
    taken: Set[tuple[str, str]],
    tolerance: timedelta,
) -> _Step:
    """Rows whose recordings' names say the same agent and start, the nearest first."""
    near = [
        (distance, number, file, content_and_name(file))
        for number, row in rows.items()
        for distance, file in index.near(row, tolerance)
    ]
    near.sort(key=itemgetter(0, 1))
    closed, matches = set(taken), dict[int, Match]()
    for _, equally_near in groupby(near, key=itemgetter(0)):
        still_open = [
            (number, file, copy)
            for _, number, file, copy in equally_near
            if number not in matches and copy not in closed
        ]
        matches |= _match_equally_near(still_open, rows)
        closed.update(copy for _, _, copy in still_open)
    return _Step(matches)


def _match_equally_near(
    pairs: Iterable[tuple[int, RecordingFile, tuple[str, str]]], rows: Mapping[int, CallRow]
) -> dict[int, Match]:
    """Match rows to files, each with its `content_and_name`, that are all as far off from them."""
    of_row: defaultdict[int, list[RecordingFile]] = defaultdict(list)
    # Rows of one agent and one start are one call, and share its recording.
    calls: defaultdict[tuple[str, str], set[tuple[str | None, datetime | None]]] = defaultdict(set)
    for number, file, copy in pairs:
        of_row[number].append(file)
        calls[copy].add((rows[number].agent_no, rows[number].start))
    contested = {copy for copy, of_copy in calls.items() if len(of_copy) > 1}
    return {number: _nearest(files, contested) for number, files in of_row.items()}


def _nearest(files: Sequence[RecordingFile], contested: Set[tuple[str, str]]) -> Match:
    """Of the files nearest to a row, the one it takes; not one that is as near to another call."""
    if _differ(files):
        return _ambiguous(files)
    if contested and all(content_and_name(file) in contested for file in files):
        return Match(None, "contested", tuple(file.path for file in files))
    return Match(files[0].sha256, "agent_start")


def _differ(files: Sequence[RecordingFile]) -> bool:
    """Whether files are different recordings, and not copies of one."""
    return len(files) > 1 and len({file.sha256 for file in files}) > 1


def _ambiguous(files: Iterable[RecordingFile]) -> Match:
    return Match(None, "ambiguous", tuple(sorted(file.path for file in files)))


def _copies(groups: Iterable[Iterable[RecordingFile]]) -> frozenset[tuple[str, str]]:
    return frozenset(content_and_name(file) for files in groups for file in files)
