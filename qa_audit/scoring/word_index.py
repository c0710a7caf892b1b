"""Where the words of a rubric stand in a text of any length: all words in one pass.

A trie, walked from every character of the text at once: the first two steps are look-ups for all places, the
later ones for the few places that are still on the way to some word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

_NO_WORD = -1


class WordIndex:
    """Words made ready for being found together; a word may hold another or overlap it.

    >>> from qa_audit.text.joined import codes_of
    >>> index = WordIndex(["再见", "见", "再见了吧"])
    >>> [one.tolist() for one in index.find(codes_of("在再见了"))]
    [[2, 1], [1, 0]]
    """

    def __init__(self, words: Sequence[str]) -> None:
        alphabet = {one: place for place, one in enumerate(sorted({*"".join(words)}), 1)}
        self._width = len(alphabet) + 1
        self._ids = np.zeros(0x110000, np.uint16 if self._width < 1 << 16 else np.uint32)
        self._ids[[ord(one) for one in alphabet]] = list(alphabet.values())
        steps: dict[tuple[int, int], int] = {}
        ends = [(0, 0)]
        # Level by level, so that the nodes of one character come first.
        level = [(0, word, number) for number, word in enumerate(words) if word]
        depth = 0
        self._depths = [1]
        word_at: dict[int, int] = {}
        while level:
            deeper = []
            for node, word, number in level:
                step = (node, alphabet[word[depth]])
                after = steps.get(step)
                if after is None:
                    after = steps[step] = len(ends)
                    ends.append(step)
                if len(word) == depth + 1:
                    word_at[after] = number
                else:
                    deeper.append((after, word, number))
            level, depth = deeper, depth + 1
            self._depths.append(len(ends))
        self._word = np.full(len(ends), _NO_WORD, np.int64)
        self._word[list(word_at)] = list(word_at.values())
        keys = np.array([node * self._width + one for node, one in ends], np.int64)
        order = np.argsort(keys)
        self._steps, self._after = keys[order], order
        singles = self._depths[1] if depth else 1
        pairs = self._depths[2] if depth > 1 else singles
        self._first = np.zeros(self._width, np.int32)
        self._first[keys[1:singles]] = np.arange(1, singles)
        self._row = self._first.astype(np.int64) * self._width
        """Of a character that a word begins with: where its row of `_second` begins."""
        self._second = np.zeros(singles * self._width, np.int32)
        self._second[keys[singles:pairs]] = np.arange(singles, pairs)
        self._levels = depth
        self._goes_on = np.zeros(len(ends), bool)
        self._goes_on[[node for node, _ in ends[1:]]] = True
        self._has_singles = bool((self._word[:singles] != _NO_WORD).any())

    def find(self, codes: NDArray[np.uint32]) -> tuple[Ints, Ints]:
        """Every place of every word in a text: (places, numbers of the words); in no special order."""
        if not self._levels or not len(codes):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        ids = self._ids.take(codes)
        places: list[Ints] = []
        words: list[Ints] = []
        if self._has_singles:
            singles = self._first.take(ids)
            at = singles.nonzero()[0]
            self._keep(at, singles[at], places, words)
        steps = self._row.take(ids[:-1])
        steps += ids[1:]
        nodes: NDArray[np.integer[Any]] = self._second.take(steps)
        at = nodes.nonzero()[0]
        nodes = nodes[at]
        for depth in range(2, self._levels + 1):
            self._keep(at, nodes, places, words)
            going_on = self._goes_on.take(nodes)
            going_on &= at < len(ids) - depth
            at, nodes = at[going_on], nodes[going_on]
            if not len(at):
                break
            steps = nodes * np.int64(self._width) + ids.take(at + depth)
            near = self._steps.searchsorted(steps)
            near[near == len(self._steps)] = 0
            known = self._steps.take(near) == steps
            at, nodes = at[known], self._after.take(near[known])
        return np.concatenate(places or [at[:0]]), np.concatenate(words or [at[:0]])

    def _keep(self, at: Ints, nodes: NDArray[np.integer[Any]], places: list[Ints], words: list[Ints]) -> None:
        """Keep the nodes at which a word ends."""
        found = self._word.take(nodes)
        ends = found != _NO_WORD
        places.append(at[ends])
        words.append(found[ends])
