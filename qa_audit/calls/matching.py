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

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

from qa_audit.calls.call_list import stem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from qa_audit.calls.call_list import CallRow
    from qa_audit.calls.file_names import NameParts
    from qa_audit.calls.recordings import RecordingFile

_SHOWN = 5
"""Paths kept of the files that lie in another folder: every row of a month may have as many of them."""

_TELLING = re.compile(r"[1-9a-f][0-9a-f]{11}")
_BETWEEN = re.compile(r"[-_. ]")


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
    index = _Index(files, parts)
    found: dict[int, Match] = {}
    failed: dict[int, Match] = {}
    taken = _match_names(rows, index, found, failed)
    taken |= _match_ids(rows, index, taken, found, failed)
    _match_starts(rows, index, taken, found, failed, tolerance=timedelta(seconds=tolerance_s))
    none = Match(None, "none")
    return [found.get(number) or failed.get(number, none) for number in range(len(rows))]


def content_and_name(file: RecordingFile) -> tuple[str, str]:
    """What a copy of a file in another folder has in common with it."""
    return file.sha256, name_key(file.path).rpartition("/")[2]


def name_key(path: str) -> str:
    """A path as it is compared: `/` between its parts, one form of accents, no case.

    >>> name_key("D:\\\\录音\\\\A1.WAV")
    'd:/录音/a1.wav'
    """
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold().strip().removeprefix("./")


class _Tails:
    """Files by the last parts of their paths, however many."""

    def __init__(self) -> None:
        self._by_tail: defaultdict[str, list[RecordingFile]] = defaultdict(list)
        self._without_folder: defaultdict[str, list[RecordingFile]] = defaultdict(list)

    def add(self, levels: tuple[str, ...], file: RecordingFile) -> None:
        for depth in range(1, len(levels) + 1):
            self._by_tail["/".join(levels[-depth:])].append(file)
        if len(levels) == 1:
            self._without_folder[levels[0]].append(file)

    def named(self, name: str) -> list[RecordingFile]:
        return self._by_tail.get(name, [])

    def longest(self, levels: tuple[str, ...]) -> tuple[list[RecordingFile], int]:
        """The files with the longest tail that is there, and how many parts it has.

        A full path of the recorder's machine ends like ours.
        """
        for depth in range(len(levels), 0, -1):
            found = self._by_tail.get("/".join(levels[-depth:]))
            if found and depth == 1 < len(levels) and not _tells_alone(levels[-1]):
                found = self._without_folder.get(levels[-1])
            if found:
                return found, depth
        return [], 0


@dataclass(frozen=True, slots=True)
class _Named:
    """The files that a row's name for its recording fits."""

    levels: tuple[str, ...]
    """The parts of the path, as it is compared; the file's name last."""
    files: list[RecordingFile]
    agreed: tuple[int, bool] = (0, False)
    """How many parts of the path agree, and whether the extension does."""
    strange: list[RecordingFile] | None = None
    """Files of that name in other folders, when there are no others."""


class _Index:
    def __init__(self, files: Iterable[RecordingFile], parts: Mapping[str, NameParts | None]) -> None:
        self._whole, self._stems = _Tails(), _Tails()
        by_agent: defaultdict[str, list[tuple[datetime, RecordingFile, NameParts]]] = defaultdict(list)
        for file in files:
            levels = tuple(name_key(file.path).split("/"))
            self._whole.add(levels, file)
            self._stems.add((*levels[:-1], name_key(stem_of(file.path))), file)
            said = parts.get(file.path)
            # Where a name has two readings, the row tells which number is the agent's.
            for reading in (said.readings or (said,)) if said else ():
                if reading.agent_no and reading.start:
                    by_agent[reading.agent_no].append((reading.start, file, reading))
        self._by_agent = {
            agent_no: sorted(of_agent, key=lambda entry: entry[0]) for agent_no, of_agent in by_agent.items()
        }
        self._starts = {
            agent_no: [start for start, _, _ in of_agent] for agent_no, of_agent in self._by_agent.items()
        }

    def named(self, recording: str) -> _Named:
        levels = _levels(recording)
        files, depth = self._whole.longest(levels)
        if files:
            return _Named(levels, files, (depth, True))
        stem = name_key(stem_of(recording))
        files, depth = self._stems.longest((*levels[:-1], stem))
        return _Named(levels, files, (depth, False), None if files else self._stems.named(stem))

    def like_id(self, call_id: str) -> list[RecordingFile]:
        return self._stems.named(name_key(call_id))

    def near(self, row: CallRow, tolerance: timedelta) -> list[tuple[timedelta, RecordingFile]]:
        """Files of the row's agent that start near to it, and how far off."""
        if row.agent_no is None or row.start is None or row.agent_no not in self._starts:
            return []
        starts = self._starts[row.agent_no]
        first = bisect_left(starts, row.start - tolerance)
        last = bisect_right(starts, row.start + tolerance)
        return [
            (abs(start - row.start), file)
            for start, file, said in self._by_agent[row.agent_no][first:last]
            if not _differ(said.customer_no, row.customer_no)
        ]


def _match_names(
    rows: Sequence[CallRow], index: _Index, found: dict[int, Match], failed: dict[int, Match]
) -> set[tuple[str, str]]:
    """Match the rows that name their recordings; the files they take."""
    taken: set[tuple[str, str]] = set()
    claims: dict[int, _Named] = {}
    by_path: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        named = index.named(row.recording) if row.recording else None
        if named and named.strange:
            failed[number] = Match(None, "other_folder", tuple(file.path for file in named.strange[:_SHOWN]))
        elif named and len({file.sha256 for file in named.files}) > 1:
            failed[number] = _ambiguous(named.files)
        elif named and named.files:
            claims[number] = named
            for path in {file.path for file in named.files}:
                by_path[path].append(number)
    given: set[tuple[int, str]] = set()
    for path, numbers in by_path.items():
        for number, won in _settle(path, {number: claims[number] for number in numbers}).items():
            if won:
                given.add((number, path))
            else:
                failed[number] = Match(None, "contested", (path,))
    for number, named in claims.items():
        own = [file for file in named.files if (number, file.path) in given]
        if own:
            found[number] = Match(own[0].sha256, "name")
            taken |= {content_and_name(file) for file in own}
    return taken


def _settle(path: str, claims: Mapping[int, _Named]) -> dict[int, bool]:
    """Which of the rows that name a file get it; False for those that no more than others agree with it."""
    named = {claim.levels for claim in claims.values()}
    if len(named) == 1 or _tells_alone(name_key(path).rpartition("/")[2]):
        return dict.fromkeys(claims, True)
    most = max(claim.agreed for claim in claims.values())
    best = sorted({claim.levels for claim in claims.values() if claim.agreed == most}, key=len)
    if not all(_go_together(one, other) for one, other in pairwise(best)):
        return {number: False for number, claim in claims.items() if claim.agreed == most}
    return {number: True for number, claim in claims.items() if _go_together(claim.levels, best[-1])}


def _match_ids(
    rows: Sequence[CallRow],
    index: _Index,
    taken: set[tuple[str, str]],
    found: dict[int, Match],
    failed: dict[int, Match],
) -> set[tuple[str, str]]:
    """Match rows to files that are named like their ids; the files they take."""
    also_taken: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        if number in found:
            continue
        files = index.like_id(row.call_id)
        if row.recording:  # and that is not there: another row's recording is not this one
            files = [file for file in files if content_and_name(file) not in taken]
        if len({file.sha256 for file in files}) > 1:
            failed.setdefault(number, _ambiguous(files))
        elif files:
            found[number] = Match(files[0].sha256, "call_id")
            also_taken |= {content_and_name(file) for file in files}
    return also_taken


def _match_starts(
    rows: Sequence[CallRow],
    index: _Index,
    taken: set[tuple[str, str]],
    found: dict[int, Match],
    failed: dict[int, Match],
    *,
    tolerance: timedelta,
) -> None:
    """Match rows to files by agent and start, the nearest first."""
    pairs = [
        (distance, number, file)
        for number, row in enumerate(rows)
        if number not in found
        for distance, file in index.near(row, tolerance)
    ]
    closed, done = set(taken), set[int]()
    pairs.sort(key=lambda pair: pair[:2])
    for _, equally_near in groupby(pairs, key=lambda pair: pair[0]):
        of_row: defaultdict[int, list[RecordingFile]] = defaultdict(list)
        # Rows of one agent and one start are one call, and share its recording.
        of_file: defaultdict[tuple[str, str], set[tuple[str | None, datetime | None]]] = defaultdict(set)
        for _, number, file in equally_near:
            if number not in done and content_and_name(file) not in closed:
                of_row[number].append(file)
                of_file[content_and_name(file)].add((rows[number].agent_no, rows[number].start))
        for number, files in of_row.items():
            if len({file.sha256 for file in files}) > 1:
                failed.setdefault(number, _ambiguous(files))
            elif all(len(of_file[content_and_name(file)]) > 1 for file in files):
                failed.setdefault(number, Match(None, "contested", tuple(file.path for file in files)))
            else:
                found[number] = Match(files[0].sha256, "agent_start")
        done |= of_row.keys()
        closed |= of_file.keys()


def _ambiguous(files: Iterable[RecordingFile]) -> Match:
    return Match(None, "ambiguous", tuple(sorted(file.path for file in files)))


def _levels(recording: str) -> tuple[str, ...]:
    levels = [level for level in name_key(recording).split("/") if level not in ("", ".", "..")]
    return tuple(levels[1:] if len(levels) > 1 and re.fullmatch("[a-z]:", levels[0]) else levels)


def _go_together(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether both may be paths of one file: as far as both go, they are the same."""
    depth = min(len(one), len(other))
    if one[-depth:-1] != other[-depth:-1]:
        return False
    return one[-1] in (other[-1], stem_of(other[-1])) or other[-1] == stem_of(one[-1])


def _tells_alone(name: str) -> bool:
    """Whether a file's name is one of its kind: a date with a time, or a long id.

    Fewer than twelve digits may be a counter or a clock that begins anew in every folder.
    """
    return _TELLING.search(_BETWEEN.sub("", stem_of(name))) is not None


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one[-8:] != other[-8:]
