"""Recordings as they are looked up for a row of the call list: by path, by name, by agent and start."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from qa_audit.calls.recording_names import levels_of, name_key, stem_of, tells_alone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from qa_audit.calls.call_list import CallRow
    from qa_audit.calls.file_names import NameParts
    from qa_audit.calls.recordings import RecordingFile


@dataclass(frozen=True, slots=True)
class Named:
    """The files that a row's name for its recording fits."""

    levels: tuple[str, ...]
    """The parts of the path, as it is compared; the file's name last."""
    files: Sequence[RecordingFile]
    agreed: tuple[int, bool]
    """How many parts of the path agree, and whether the extension does."""
    strange: Sequence[RecordingFile] = ()
    """Files of that name in other folders, when there are no others."""


@dataclass(frozen=True, slots=True)
class RecordingIndex:
    """Files by what a row may say of its recording. `index_recordings` makes one."""

    _whole: _Tails
    _stems: _Tails
    _by_agent: Mapping[str, _ByStart]

    def named(self, recording: str) -> Named:
        """Files that are called `recording`, with its extension or, where there is none, with another."""
        levels = levels_of(recording)
        files, depth = self._whole.longest(levels)
        if files:
            return Named(levels, files, (depth, True))
        stem = name_key(stem_of(recording))
        files, depth = self._stems.longest((*levels[:-1], stem))
        return Named(levels, files, (depth, False), () if files else self._stems.named(stem))

    def like_id(self, call_id: str) -> Sequence[RecordingFile]:
        """Files that are named like a call."""
        return self._stems.named(name_key(call_id))

    def near(self, row: CallRow, tolerance: timedelta) -> list[tuple[timedelta, RecordingFile]]:
        """Files of the row's agent that start near to it, and how far off."""
        if row.agent_no is None or row.start is None or row.agent_no not in self._by_agent:
            return []
        of_agent = self._by_agent[row.agent_no]
        first = bisect_left(of_agent.starts, row.start - tolerance)
        last = bisect_right(of_agent.starts, row.start + tolerance)
        return [
            (abs(start - row.start), file)
            for start, file, said in of_agent.files[first:last]
            if not _differ(said.customer_no, row.customer_no)
        ]


def index_recordings(files: Iterable[RecordingFile], parts: Mapping[str, NameParts | None]) -> RecordingIndex:
    """Make an index of `files`; `parts` is what each file's name says, by path."""
    known = tuple(files)
    levels = [tuple(name_key(file.path).split("/")) for file in known]
    without_extension = (
        (*whole[:-1], name_key(stem_of(file.path))) for whole, file in zip(levels, known, strict=True)
    )
    return RecordingIndex(
        _tails(zip(levels, known, strict=True)),
        _tails(zip(without_extension, known, strict=True)),
        _by_agent(known, parts),
    )


@dataclass(frozen=True, slots=True)
class _Tails:
    """Files by the last parts of their paths, however many."""

    by_tail: Mapping[str, Sequence[RecordingFile]]
    without_folder: Mapping[str, Sequence[RecordingFile]]

    def named(self, name: str) -> Sequence[RecordingFile]:
        return self.by_tail.get(name, ())

    def longest(self, levels: tuple[str, ...]) -> tuple[Sequence[RecordingFile], int]:
        """The files with the longest tail that is there, and how many parts it has.

        A full path of the recorder's machine ends like ours.
        """
        for depth in range(len(levels), 0, -1):
            found = self.by_tail.get("/".join(levels[-depth:]))
            if found and depth == 1 < len(levels) and not tells_alone(levels[-1]):
                found = self.without_folder.get(levels[-1])
            if found:
                return found, depth
        return (), 0


def _tails(files: Iterable[tuple[tuple[str, ...], RecordingFile]]) -> _Tails:
    by_tail: defaultdict[str, list[RecordingFile]] = defaultdict(list)
    without_folder: defaultdict[str, list[RecordingFile]] = defaultdict(list)
    for levels, file in files:
        for depth in range(1, len(levels) + 1):
            by_tail["/".join(levels[-depth:])].append(file)
        if len(levels) == 1:
            without_folder[levels[0]].append(file)
    return _Tails(by_tail, without_folder)


@dataclass(frozen=True, slots=True)
class _ByStart:
    """Files of an agent in order of their starts, and these alone."""

    starts: Sequence[datetime]
    files: Sequence[tuple[datetime, RecordingFile, NameParts]]


def _by_agent(files: Iterable[RecordingFile], parts: Mapping[str, NameParts | None]) -> dict[str, _ByStart]:
    by_agent: defaultdict[str, list[tuple[datetime, RecordingFile, NameParts]]] = defaultdict(list)
    for file in files:
        said = parts.get(file.path)
        # Where a name has two readings, the row tells which number is the agent's.
        for reading in (said.readings or (said,)) if said else ():
            if reading.agent_no and reading.start:
                by_agent[reading.agent_no].append((reading.start, file, reading))
    for of_agent in by_agent.values():
        of_agent.sort(key=itemgetter(0))
    return {
        agent_no: _ByStart([start for start, _, _ in of_agent], of_agent)
        for agent_no, of_agent in by_agent.items()
    }


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one[-8:] != other[-8:]
