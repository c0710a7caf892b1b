"""What the model wrote and no one said: taken out of the text, counted, and kept as it was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa_audit.messages import say
from qa_audit.transcribe.cleanup import clean
from qa_audit.transcribe.driver import Segment
from qa_audit.transcribe.turns import Note

INVENTED = "transcribe.invented"
"""Code of the note; its value `raw` holds every passage (see `passages_in`)."""
_SHOWN = 3
_SHOWN_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that was removed, and where it was heard."""

    channel: int
    start_s: float
    """Start of the region in which it was heard."""
    text: str


def removed_from(segments: Iterable[Segment], dropped: Iterable[Segment] = ()) -> tuple[Passage, ...]:
    """Passages that clean-up takes out of segments, and segments that the driver dropped whole, by time."""
    found = [
        Passage(segment.channel, segment.start_s, text)
        for segment in segments
        for text in clean(segment.raw_text).removed
    ]
    found += [Passage(one.channel, one.start_s, one.raw_text) for one in dropped if one.raw_text.strip()]
    return tuple(sorted(found, key=lambda one: (one.start_s, one.channel)))


def note_of(path: str, passages: Sequence[Passage]) -> Note:
    """A note that says how many passages were removed and shows a few; it keeps them all."""
    shown = [one.text.strip() for one in passages[:_SHOWN]]
    shown = [text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…" for text in shown]
    raw = [[one.channel, one.start_s, one.text] for one in passages]
    values = {
        "path": path,
        "count": str(len(passages)),
        "shown": say("run.list_comma", "zh").join(shown),
        "raw": json.dumps(raw, ensure_ascii=False),
    }
    return Note(INVENTED, tuple(values.items()))


def passages_in(notes: Iterable[Note]) -> tuple[Passage, ...]:
    """The passages that a transcript's notes keep.

    >>> passages_in([note_of("a.wav", [Passage(0, 1.5, "谢谢观看")])])
    (Passage(channel=0, start_s=1.5, text='谢谢观看'),)
    """
    return tuple(
        Passage(*one)
        for note in notes
        if note.code == INVENTED
        for one in json.loads(dict(note.values)["raw"])
    )
