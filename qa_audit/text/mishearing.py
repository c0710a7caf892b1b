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
from qa_audit.text.phrases import fold_honorific
from qa_audit.text.pinyin import sound_table, syllables

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
_SLACK = 1e-3
"""Above what rounding adds to a bound."""
_NEVER = -1e6
_LINE_END = ord("\n")
_FIRST = np.zeros(1, np.int64)
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
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))
    near = ready.ratios.take(table.ids.take(codes), axis=0)  # (characters, syllables of all phrases)
    line_ends = codes == _LINE_END
    numbers, places, which = ready.numbers, None, None
    if floor > -math.inf:
        ends = line_ends[:-1].nonzero()[0]
        bounds = _bounds(near, ends, ready, table.lost)
        if np.maximum.reduce(bounds, axis=None) < floor - _SLACK:
            return None
        may = bounds >= floor - _SLACK
        which = np.logical_or.reduce(may).nonzero()[0]
        numbers = numbers[which]
        numbers = numbers[:, (numbers > 0).argmax(1).min() :]
        if len(ends):
            lengths = np.diff(ends, prepend=-1, append=len(codes) - 1)
            places = np.repeat(np.logical_or.reduce(may, axis=1), lengths).nonzero()[0]
            near, line_ends = near[places], line_ends[places]
    weights = near.T[numbers]  # (phrases, syllables, characters)
    scores = _scores(weights, numbers, line_ends, table)
    row, end = divmod(int(scores.argmax()), scores.shape[1])
    ratio = float(scores[row, end])
    if ratio < floor:
        return None
    start = _start(weights[row], int((numbers[row] > 0).sum()), end, line_ends, table)
    if start >= end:
        return None
    phrase = row if which is None else int(which[row])
    if places is None:
        return Fit(phrase, ratio, start, end)
    return Fit(phrase, ratio, int(places[start]), int(places[end - 1]) + 1)


def _bounds(
    near: NDArray[np.float32], line_ends: NDArray[np.int64], ready: _Phrases, lost: float
) -> NDArray[np.float32]:
    """What the ratio of each phrase in each line does not exceed: every syllable where it is heard best."""
    if len(line_ends):
        best = np.maximum.reduceat(near, np.concatenate((_FIRST, line_ends + 1)))
    else:
        best = np.maximum.reduce(near, axis=0, keepdims=True)
    np.maximum(best, np.float32(lost), out=best)
    best[:, 0] = 0.0
    return np.add.reduce(best.take(ready.numbers, axis=1), axis=2)


def _scores(
    weights: NDArray[np.float32], numbers: NDArray[np.int64], line_ends: NDArray[np.bool_], table: _Table
) -> NDArray[np.float32]:
    """Ratios of the best stretch that ends before each character, by phrase (Sellers 1980)."""
    phrases, size, width = weights.shape
    added = np.where(line_ends, np.float32(_NEVER), np.float32(table.added))
    lost = np.float32(table.lost)
    # Phrases are laid right-aligned: what lies before a shorter one costs nothing.
    said = (numbers > 0).astype(np.float32)
    all_said = said.min(0).tolist()
    row = np.zeros((phrases, width + 1), np.float32)
    for place in range(size):
        after = row + lost
        rest = after[:, 1:]
        np.maximum(rest, row[:, :-1] + weights[:, place], out=rest)
        np.maximum(rest, after[:, :-1] + added, out=rest)
        row = after if all_said[place] else after * said[:, place, None]
    return row


def _start(
    weights: NDArray[np.float32], size: int, end: int, line_ends: NDArray[np.bool_], table: _Table
) -> int:
    """Where the best stretch for one phrase begins that ends at `end`: as in `_scores`, with its way."""
    first = max(0, end - 2 * size)
    if len(before := np.flatnonzero(line_ends[first:end])):
        first += int(before[-1]) + 1
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


class _Phrases(NamedTuple):
    numbers: NDArray[np.int64]
    """(phrases, syllables), right-aligned: columns of `ratios`, 0 before shorter ones."""
    ratios: NDArray[np.float32]
    """(heard, said): those of `_Table` for the syllables that stand in the phrases, after a first column."""


@lru_cache(maxsize=512)
def _ready(phrases: tuple[str, ...]) -> _Phrases:
    table = _table()
    plain = [fold_honorific(normalise(phrase).text) for phrase in phrases]
    rows = [[int(table.ids[ord(one)]) for one in phrase] for phrase in plain]
    size = max(map(len, rows))
    said = np.unique(np.array([one for row in rows for one in row], np.int64))
    numbers = np.zeros((len(rows), size), np.int64)
    for row, syllables_of_row in zip(numbers, rows, strict=True):
        row[size - len(syllables_of_row) :] = np.searchsorted(said, syllables_of_row) + 1
    ratios = np.zeros((table.ratios.shape[1], len(said) + 1), np.float32)
    ratios[:, 1:] = table.ratios[said].T
    return _Phrases(numbers, ratios)


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
