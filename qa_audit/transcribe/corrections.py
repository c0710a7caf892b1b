"""The glossary at work on turns: names put right in the text, counted, the raw text untouched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa_audit.messages import say
from qa_audit.transcribe.character_times import moved
from qa_audit.transcribe.glossary import Correction, Glossary
from qa_audit.transcribe.turns import Note, Turn

CORRECTED = "transcribe.corrected"
"""Code of the note."""
_SHOWN = 3


def corrected(turns: Iterable[Turn], glossary: Glossary) -> tuple[tuple[Turn, ...], tuple[Correction, ...]]:
    """Turns with the terms of a glossary put right in their text, and every correction in order.

    >>> from qa_audit.transcribe.glossary import Term
    >>> heard = Turn("agent", 0.0, 1.0, "这里是云领宽代", 0.9, raw_text="這裡是雲領寬代")
    >>> turns, _ = corrected([heard], Glossary((Term("云岭宽带"),)))
    >>> turns[0].text, turns[0].raw_text
    ('这里是云岭宽带', '這裡是雲領寬代')
    """
    done: list[Turn] = []
    made: list[Correction] = []
    for turn in turns:
        text, corrections = glossary.with_corrections(turn.text)
        done.append(_with_text(turn, text) if corrections else turn)
        made += corrections
    return tuple(done), tuple(made)


def _with_text(turn: Turn, text: str) -> Turn:
    starts = turn.char_start_ms
    if starts:
        starts = moved(turn.text, [*starts, 1000 * turn.end_s], text)
    return replace(turn, text=text, char_start_ms=starts)


def corrections_note(path: str, corrections: Sequence[Correction]) -> Note:
    """A note that says how much the glossary changed, and shows a few of the changes.

    >>> dict(corrections_note("a.wav", [Correction("云领", "云岭")] * 2).values)["shown"]
    '云领→云岭'
    """
    pairs = list(dict.fromkeys(f"{one.written}→{one.term}" for one in corrections))
    shown = say("run.list_comma", "zh").join(pairs[:_SHOWN])
    return Note(CORRECTED, (("path", path), ("count", str(len(corrections))), ("shown", shown)))
