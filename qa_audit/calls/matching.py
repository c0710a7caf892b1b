"""Which recording belongs to which row of the call list.

In this order: the file the row names (as written, by its last folders, by name, by name without
extension; case and the kind of slash don't matter); a file named like the call id; a file whose
name says the same agent and start. Where several different recordings fit, none is taken.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qa_audit.calls.call_list import stem_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.calls.call_list import CallRow
    from qa_audit.calls.file_names import NameParts
    from qa_audit.calls.recordings import RecordingFile


@dataclass(frozen=True, slots=True)
class Match:
    """The recording of a row, or why there is none."""

    sha256: str | None
    how: Literal["name", "call_id", "agent_start", "none", "ambiguous"]
    candidates: tuple[str, ...] = ()
    """Paths that fit equally well, when `ambiguous`."""


def match_recordings(
    rows: Sequence[CallRow],
    files: Iterable[RecordingFile],
    parts: dict[str, NameParts | None],
    tolerance_s: float,
) -> list[Match]:
    """One `Match` a row. `parts`: what each file's name says, by path; `tolerance_s` bounds the start."""
    index = _Index(files, parts)
    return [index.match(row, tolerance_s) for row in rows]


class _Index:
    def __init__(self, files: Iterable[RecordingFile], parts: dict[str, NameParts | None]) -> None:
        self._by_tail: defaultdict[str, list[RecordingFile]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[RecordingFile]] = defaultdict(list)
        self._by_agent: defaultdict[str, list[tuple[RecordingFile, NameParts]]] = defaultdict(list)
        for file in files:
            levels = name_key(file.path).split("/")
            for depth in range(1, len(levels) + 1):
                self._by_tail["/".join(levels[-depth:])].append(file)
            self._by_stem[name_key(stem_of(file.path))].append(file)
            said = parts.get(file.path)
            if said and said.agent_no and said.start:
                self._by_agent[said.agent_no].append((file, said))

    def match(self, row: CallRow, tolerance_s: float) -> Match:
        ambiguous: Match | None = None
        for how, found in (
            ("name", self._named(row.recording) if row.recording else []),
            ("call_id", self._by_stem.get(name_key(row.call_id), [])),
            ("agent_start", self._like(row, tolerance_s)),
        ):
            contents = {file.sha256 for file in found}
            if len(contents) == 1:
                return Match(contents.pop(), how)  # pyright: ignore[reportArgumentType]
            if contents and ambiguous is None:
                ambiguous = Match(None, "ambiguous", tuple(sorted(file.path for file in found)))
        return ambiguous or Match(None, "none")

    def _named(self, recording: str) -> list[RecordingFile]:
        levels = [level for level in name_key(recording).split("/") if level]
        # The longest tail that is there: a full path of the recorder's machine ends like ours.
        for depth in range(len(levels), 0, -1):
            found = self._by_tail.get("/".join(levels[-depth:]))
            if found:
                return found
        return self._by_stem.get(name_key(stem_of(recording)), [])

    def _like(self, row: CallRow, tolerance_s: float) -> list[RecordingFile]:
        if row.agent_no is None or row.start is None:
            return []
        near = [
            (abs((said.start - row.start).total_seconds()), file)
            for file, said in self._by_agent.get(row.agent_no, ())
            if said.start is not None and not _differ(said.customer_no, row.customer_no)
        ]
        near = [(distance, file) for distance, file in near if distance <= tolerance_s]
        least = min((distance for distance, _ in near), default=0.0)
        return [file for distance, file in near if distance == least]


def name_key(path: str) -> str:
    """A path as it is compared: `/` between its parts, one form of accents, no case.

    >>> name_key("D:\\\\录音\\\\A1.WAV")
    'd:/录音/a1.wav'
    """
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold().strip().removeprefix("./")


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one[-8:] != other[-8:]
