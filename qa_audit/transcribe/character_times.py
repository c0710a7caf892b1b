"""When each character of a text is said, from the pieces that the decoder wrote.

The text that people read is not quite what the model wrote: scripts are converted, loops cut, names put
right. Characters that stand in both keep their time; others lie evenly between their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from qa_audit.text import to_simplified
from qa_audit.transcribe.engine import Piece


def starts_ms(pieces: Sequence[Piece], text: str) -> tuple[int, ...]:
    """When each character of `text` begins, in milliseconds of the clock that `pieces` have.

    Empty without pieces. Never decreasing.

    >>> starts_ms([Piece("您", 1.0, 1.2, 0.0), Piece("好", 1.2, 1.4, 0.0)], "您好。")
    (1000, 1200, 1400)
    """
    written = ""
    known: list[float] = []
    for piece in pieces:
        step_s = (piece.end_s - piece.start_s) / max(len(piece.text), 1)
        known += [1000 * (piece.start_s + place * step_s) for place in range(len(piece.text))]
        written += piece.text
    if not known:
        return ()
    simplified = to_simplified(written)
    # A conversion that changes the number of characters is rare, and by a few of many.
    if len(simplified) != len(written):
        known = list(np.interp(np.linspace(0, 1, len(simplified)), np.linspace(0, 1, len(known)), known))
    return moved(simplified, [*known, 1000 * pieces[-1].end_s], text)


def moved(before: str, known_ms: Sequence[float], after: str) -> tuple[int, ...]:
    """Times of the characters of `after`, from those of `before`; `known_ms` ends with the end of the text.

    >>> moved("这里是云领宽代", [0, 200, 400, 600, 800, 1000, 1200, 1400], "这里是云岭宽带")
    (0, 200, 400, 600, 800, 1000, 1200)
    >>> moved("好的", [0, 300, 600], "好的，再见")
    (0, 300, 600, 600, 600)
    """
    compared = SequenceMatcher(None, before, after, autojunk=False)
    at: dict[int, float] = {0: known_ms[0]}
    for block in compared.get_matching_blocks():
        # Also where the last one ends: what is written after it was said from then on.
        for place in range(block.size + 1):
            at.setdefault(block.b + place, known_ms[block.a + place])
        at |= {block.b + place: known_ms[block.a + place] for place in range(block.size)}
    places = sorted(at)
    times = [at[place] for place in places]
    found = np.maximum.accumulate(np.interp(np.arange(len(after)), places, times))
    return tuple(round(one) for one in found.tolist())
