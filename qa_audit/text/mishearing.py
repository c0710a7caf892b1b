"""How likely something was said, by what a recogniser made of it: syllables against how they are misheard.

The tiers of `search` count syllables that differ. Here every syllable weighs what it tells: the probability
of hearing this where that was said, against hearing it in any speech. The counts behind it (`misheard.tsv`)
were learnt from calls of which both are known (`benchmarks/mishearing/table.py`).
"""

from __future__ import annotations

import hashlib
import math
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.text.nearest import halves_of_syllable
from qa_audit.text.normalise import normalise
from qa_audit.text.pinyin import sound_table, syllables
from qa_audit.text.search import fold_honorific

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

TABLE_FILE = "misheard.tsv"
_PRIOR = 8.0
"""So many observations count as much as what is guessed by the halves of a syllable."""
_HALF_PRIOR = 2.0
_ANYTHING = 0.25
"""Share of wrong syllables that sound like nothing of what was said."""
_ALL = 0x110000


class Fit(NamedTuple):
    """Where a phrase fits a text best, and how well."""

    phrase: int
    """Which of the phrases."""
    ratio: float
    """Natural logarithm of P(heard | the phrase was said there) / P(heard | something else was)."""
    start: int
    end: int
    """Half-open span of the text."""


class _Table(NamedTuple):
    ids: NDArray[np.int16]
    """Character → number of its syllable; 0 for what is no syllable."""
    ratios: NDArray[np.float32]
    """(said, heard), natural logarithms; 0 for a line end is far below."""
    lost: float
    added: float


def best_fit(phrases: tuple[str, ...], text: str, *, floor: float = -math.inf) -> Fit | None:
    """Where in a normalised text one of the phrases was most likely said; None without either.

    Also None where it is soon seen that no ratio reaches the floor.

    One syllable may be lost or put in at each place. Phrases never run over a line end. Short phrases reach
    lower ratios: 8 to 10 for two syllables heard well, 4 to 5 for each more.

    >>> fit = best_fit(("感谢您的来电",), "好的敢谢你的莱变再见")
    >>> fit.start, fit.end, fit.ratio > 15
    (2, 8, True)
    >>> best_fit(("感谢您的来电",), "那就明天上午再看").ratio < 0
    True
    """
    if not text or not phrases:
        return None
    table, ready = _table(), _ready(phrases)
    heard = table.ids[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))]
    weights = table.ratios[ready[:, :, None], heard]  # (phrases, syllables, characters)
    if floor > -math.inf and _bound(weights, ready, table.lost) < floor:
        return None
    scores = _scores(weights, ready, table)
    which, end = divmod(int(np.argmax(scores)), scores.shape[1])
    ratio = float(scores[which, end])
    start = _start(weights[which], int((ready[which] > 0).sum()), end, table) if ratio >= floor else end
    return Fit(which, ratio, start, end) if start < end else None


def _bound(weights: NDArray[np.float32], ready: NDArray[np.int16], lost: float) -> float:
    """What no ratio exceeds: every syllable where it is heard best."""
    return float(np.where(ready > 0, np.maximum(weights.max(2), lost), 0.0).sum(1).max())


def _scores(weights: NDArray[np.float32], ready: NDArray[np.int16], table: _Table) -> NDArray[np.float32]:
    """Ratios of the best stretch that ends before each character, by phrase (Sellers 1980)."""
    phrases, size, width = weights.shape
    said = (ready > 0).astype(np.float32)
    row = np.zeros((phrases, width + 1), np.float32)
    for place in range(size):
        after = row + np.float32(table.lost)
        np.maximum(after[:, 1:], row[:, :-1] + weights[:, place], out=after[:, 1:])
        np.maximum(after[:, 1:], after[:, :-1] + np.float32(table.added), out=after[:, 1:])
        # Phrases are laid right-aligned: what lies before a shorter one costs nothing.
        row = after * said[:, place, None]
    return row


def _start(weights: NDArray[np.float32], size: int, end: int, table: _Table) -> int:
    """Where the best stretch for one phrase begins that ends at `end`: as in `_scores`, with its way."""
    first = max(0, end - 2 * size)
    costs = weights[len(weights) - size :, first:end].tolist()
    row = [(0.0, place) for place in range(end - first + 1)]
    for one in costs:
        after = [(row[0][0] + table.lost, 0)]
        for place, cost in enumerate(one, 1):
            ratio, begun = row[place - 1]
            after.append(max((ratio + cost, begun), (row[place][0] + table.lost, row[place][1])))
        for place in range(len(after) - 1, 0, -1):
            ratio, begun = after[place - 1]
            after[place] = max(after[place], (ratio + table.added, begun))
        row = after
    return first + row[-1][1]


def ratio_at(phrase: str, text: str) -> float:
    """The same ratio for a phrase and a stretch of as many characters, without a loss or addition.

    >>> ratio_at("女士", "你是") > 4 > 0 > ratio_at("女士", "那就")
    True
    """
    table = _table()
    said = [table.ids[ord(one)] for one in fold_honorific(phrase)]
    heard = [table.ids[ord(one)] for one in fold_honorific(text)]
    return float(sum(table.ratios[one, other] for one, other in zip(said, heard, strict=True)))


@lru_cache(maxsize=512)
def _ready(phrases: tuple[str, ...]) -> NDArray[np.int16]:
    """Numbers of the phrases' syllables, right-aligned: (phrases, syllables), 0 before shorter ones."""
    ids = _table().ids
    rows = [[ids[ord(one)] for one in fold_honorific(normalise(phrase).text)] for phrase in phrases]
    size = max(map(len, rows))
    return np.array([[0] * (size - len(row)) + row for row in rows], np.int16)


def mishearings_sha256() -> str:
    """Hash of the table's file, in hexadecimal."""
    return hashlib.sha256(_file().read_bytes()).hexdigest()


def _file() -> Traversable:
    return resources.files(__package__ or "").joinpath(TABLE_FILE)


@cache
def counts_heard() -> dict[tuple[str, str], int]:
    """How often a syllable (said, heard) was heard where one was said; empty for one put in or lost.

    >>> counts_heard()["cong", "tong"] > counts_heard()["cong", "hong"]
    True
    """
    counts: dict[tuple[str, str], int] = {}
    for line in _file().read_text("utf-8").splitlines():
        if not line.startswith("#"):
            said, heard, count = line.split("\t")
            counts[said, heard] = int(count)
    return counts


@cache
def _table() -> _Table:
    counts = counts_heard()
    every = sound_table(folded=False)
    stands_for = sorted(set(every.values()))
    by_character = dict(zip(stands_for, syllables("".join(map(chr, stands_for))), strict=True))
    names = sorted(set(by_character.values()))
    number = {name: place for place, name in enumerate(names, 1)}
    numbered = {character: number[name] for character, name in by_character.items()}
    ids = np.zeros(_ALL, np.int16)
    ids[list(every)] = [numbered[one] for one in every.values()]
    kept = {key: count for key, count in counts.items() if key[0] in number and key[1] in number}
    return _Table(ids, _ratios(names, number, kept), *_gaps(counts))


def _gaps(counts: dict[tuple[str, str], int]) -> tuple[float, float]:
    total = sum(counts.values())
    lost = sum(count for (_, heard), count in counts.items() if not heard)
    added = sum(count for (said, _), count in counts.items() if not said)
    return float(np.log((lost + 1) / total)), float(np.log((added + 1) / total))


def _ratios(
    names: Sequence[str], number: dict[str, int], counts: dict[tuple[str, str], int]
) -> NDArray[np.float32]:
    size = len(names)
    seen = np.zeros((size, size))
    for (said, heard), count in counts.items():
        seen[number[said] - 1, number[heard] - 1] = count
    heard_at_all = seen.sum(0) + 0.5
    anything = heard_at_all / heard_at_all.sum()
    right = float(np.trace(seen) / seen.sum())
    guessed = _by_halves(names, seen)
    wrong = (1 - _ANYTHING) * guessed + _ANYTHING * anything
    wrong /= wrong.sum(1, keepdims=True)
    prior = (1 - right) * wrong
    prior[np.arange(size), np.arange(size)] += right
    chances = (seen + _PRIOR * prior) / (seen.sum(1, keepdims=True) + _PRIOR)
    ratios = np.full((size + 1, size + 1), -20.0, np.float32)
    ratios[1:, 1:] = np.log(chances / anything)
    return ratios


def _by_halves(names: Sequence[str], seen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of each syllable for each other, by how initials and finals are misheard apart."""
    halves = [halves_of_syllable(name) for name in names]
    found = np.ones_like(seen)
    for half in (0, 1):
        parts = sorted({one[half] for one in halves})
        owner = np.array([parts.index(one[half]) for one in halves])
        belongs = np.zeros((len(names), len(parts)))
        belongs[np.arange(len(names)), owner] = 1.0
        off_diagonal = seen.copy()
        np.fill_diagonal(off_diagonal, 0.0)
        counts = belongs.T @ off_diagonal @ belongs
        usual = counts.sum(0) + 0.5
        chances = (counts + _HALF_PRIOR * usual / usual.sum()) / (counts.sum(1, keepdims=True) + _HALF_PRIOR)
        found *= chances[owner][:, owner]
    np.fill_diagonal(found, 0.0)
    return found / np.maximum(found.sum(1, keepdims=True), 1e-12)
