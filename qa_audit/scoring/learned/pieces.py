"""Cutting sentences into the pieces that the encoder knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

START, END, UNKNOWN = "<s>", "</s>", "<unk>"
FIRST = "▁"
"""Stands before a text's first piece."""
UNKNOWN_COST = 10.0
"""By so much (in logarithm of chance) is an unknown character less likely than the rarest piece."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of text and how likely each is, of a unigram model (Kudo 2018)."""

    texts: tuple[str, ...]
    """`START`, `END` and `UNKNOWN` among them."""
    scores: tuple[float, ...]
    """Logarithm of each one's chance."""

    @cached_property
    def _known(self) -> dict[str, tuple[int, float]]:
        special = (START, END, UNKNOWN)
        return {
            text: (place, score)
            for place, (text, score) in enumerate(zip(self.texts, self.scores, strict=True))
            if text not in special
        }

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._known))

    @cached_property
    def _missing(self) -> float:
        return min(self.scores) - UNKNOWN_COST

    @cached_property
    def _ends(self) -> tuple[int, int, int]:
        start, end, unknown = map(self.texts.index, (START, END, UNKNOWN))
        return start, end, unknown

    def ids(self, sentence: str) -> list[int]:
        """Places in `texts` of the likeliest way to cut a normalised sentence, start and end around them.

        >>> pieces = Pieces(("<s>", "</s>", "<unk>", "▁", "您", "您好", "好"), (0, 0, 0, -3, -7, -8, -6))
        >>> pieces.ids("您好嗎")
        [0, 3, 5, 2, 1]
        """
        start, end, unknown = self._ends
        known, longest = self._known, self._longest
        missing = self._missing
        text = FIRST + sentence
        size = len(text)
        best = [0.0] + [-float("inf")] * size
        cut = [(0, unknown)] * (size + 1)
        for first in range(size):
            before = best[first]
            if before + missing > best[first + 1]:
                best[first + 1], cut[first + 1] = before + missing, (first, unknown)
            for last in range(first + 1, min(first + longest, size) + 1):
                piece = known.get(text[first:last])
                if piece is not None and before + piece[1] > best[last]:
                    best[last], cut[last] = before + piece[1], (first, piece[0])
        found = [end]
        while size:
            size, piece_id = cut[size]
            found.append(piece_id)
        found.append(start)
        return found[::-1]


def of_texts(pieces: Pieces, sentences: Sequence[str], most: int) -> list[list[int]]:
    """Ids of each sentence, of at most `most` pieces: of what is longer the beginning and the end mark."""
    found = map(pieces.ids, sentences)
    return [one if len(one) <= most else [*one[: most - 1], one[-1]] for one in found]
