"""Where in a text something stands that sounds most like a phrase, however unlike: to ask the audio there.

The tiers of `search` say whether a phrase is in a text. This says where it would be if the recogniser had
misheard it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.text.pinyin import fold_syllable, syllables

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONFUSED = 0.25
"""Distance of syllables that recognisers take for one another (zh/z, n/l, ing/in)."""
_HALF = 0.6
"""Of syllables that share their beginning or their end."""
_GAP = 1.0
"""Of a syllable that is missing or too much."""
_INITIALS = ("zh", "ch", "sh")


class Near(NamedTuple):
    """A stretch of a text and how far it is from a phrase."""

    distance: float
    """Mean over the phrase's syllables, 0 (the same sound) to about 1."""
    start: int
    end: int
    """Half-open; empty stretches do not occur."""


def nearest(phrase: str, text: str, count: int) -> list[Near]:
    """At most `count` stretches of a normalised text, nearest by sound first, none overlapping another.

    A stretch may be a syllable longer or shorter than the phrase where that fits better.

    >>> nearest("感谢您的来电", "好的敢谢你的莱店再见", 1)
    [Near(distance=0.1, start=2, end=8)]
    >>> nearest("再见", "", 1)
    []
    """
    wanted, said = syllables(phrase), syllables(text)
    if not wanted or not said:
        return []
    ends = sorted(_ends(wanted, said))
    kept: list[Near] = []
    for one in ends:
        if len(kept) == count:
            break
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return kept


def syllable_distance(one: str, other: str) -> float:
    """How unlike two toneless syllables sound, 0 to 1.

    >>> syllable_distance("nin", "ning"), syllable_distance("dian", "tian"), syllable_distance("wo", "kai")
    (0.25, 0.6, 1.0)
    """
    return 0.0 if one == other else _unlike(one, other)


@lru_cache(maxsize=65_536)
def _unlike(one: str, other: str) -> float:
    if fold_syllable(one) == fold_syllable(other):
        return _CONFUSED
    (head, tail), (other_head, other_tail) = halves_of_syllable(one), halves_of_syllable(other)
    return _HALF if (head == other_head and head) or tail == other_tail else 1.0


def halves_of_syllable(syllable: str) -> tuple[str, str]:
    """Initial and final of a toneless syllable; the initial may be empty."""
    size = 2 if syllable.startswith(_INITIALS) else int(syllable[:1] not in "aeo")
    return syllable[:size], syllable[size:]


def _ends(wanted: Sequence[str], said: Sequence[str]) -> list[Near]:
    """For each place where a stretch may end, the best one that ends there (Sellers 1980)."""
    # A column a syllable of the text: (cost, start) of the best stretch that ends there, by phrase prefix.
    column = [(_GAP * size, 0) for size in range(len(wanted) + 1)]
    found = []
    for place, syllable in enumerate(said):
        after = [(0.0, place + 1)]
        diagonal = (0.0, place)
        for size, one in enumerate(wanted, 1):
            cost, start = diagonal
            after.append(
                min(
                    (cost + syllable_distance(one, syllable), start),
                    (column[size][0] + _GAP, column[size][1]),
                    (after[size - 1][0] + _GAP, after[size - 1][1]),
                )
            )
            diagonal = column[size]
        column = after
        cost, start = column[-1]
        if start <= place:
            found.append(Near(round(cost / len(wanted), 4), start, place + 1))
    return found
