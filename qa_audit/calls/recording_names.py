"""Names and paths of recordings as they are compared, whichever system wrote them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa_audit.calls.recordings import RecordingFile

_TELLING = re.compile(r"[1-9a-f][0-9a-f]{11}")
_BETWEEN = re.compile(r"[-_. ]")


def stem_of(recording: str) -> str:
    """The file name of a recording without folders and extension, whichever system wrote the path.

    >>> stem_of("D:\\\\录音\\\\20261003\\\\A1.wav")
    'A1'
    """
    name = recording.replace("\\", "/").rpartition("/")[2]
    stem, dot, _ = name.rpartition(".")
    return (stem if dot and stem else name) or recording


def name_key(path: str) -> str:
    """A path as it is compared: `/` between its parts, one form of accents, no case.

    >>> name_key("D:\\\\录音\\\\A1.WAV")
    'd:/录音/a1.wav'
    """
    return unicodedata.normalize("NFC", path.replace("\\", "/")).casefold().strip().removeprefix("./")


def content_and_name(file: RecordingFile) -> tuple[str, str]:
    """What a copy of a file in another folder has in common with it."""
    return file.sha256, name_key(file.path).rpartition("/")[2]


def levels_of(recording: str) -> tuple[str, ...]:
    """The parts of a path that a list names, as they are compared; a drive is none of them.

    >>> levels_of("D:\\\\录音\\\\..\\\\A1.WAV")
    ('录音', 'a1.wav')
    """
    levels = [level for level in name_key(recording).split("/") if level not in ("", ".", "..")]
    return tuple(levels[1:] if len(levels) > 1 and re.fullmatch("[a-z]:", levels[0]) else levels)


def go_together(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether both may be paths of one file: as far as both go, they are the same.

    >>> go_together(("一班", "a1.wav"), ("a1",)), go_together(("一班", "a1.wav"), ("二班", "a1.wav"))
    (True, False)
    """
    depth = min(len(one), len(other))
    if one[-depth:-1] != other[-depth:-1]:
        return False
    return one[-1] in (other[-1], stem_of(other[-1])) or other[-1] == stem_of(one[-1])


def tells_alone(name: str) -> bool:
    """Whether a file's name is one of its kind: a date with a time, or a long id.

    Fewer than twelve digits may be a counter or a clock that begins anew in every folder.

    >>> tells_alone("8001_20261003091507.wav"), tells_alone("000123.wav")
    (True, False)
    """
    return _TELLING.search(_BETWEEN.sub("", stem_of(name))) is not None
