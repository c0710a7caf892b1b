"""How likely something was said, by what a recogniser made of it: syllables against how they are misheard.

The tiers of `search` count syllables that differ. Here every syllable weighs what it tells: the probability
of hearing this where that was said, against hearing it in any speech. The counts behind it (`misheard.tsv`)
were learnt from calls of which both are known (`benchmarks/mishearing/table.py`).
"""

from __future__ import annotations

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


def best_fit(phrases: tuple[str, ...], text: str) -> Fit | None:
    """Where in a normalised text one of the phrases was most likely said; None without either.

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
    heard = table.ids[codes]
    size, width = ready.shape[1], len(heard)
    weights = table.ratios[ready][:, :, heard]  # (phrases, syllables, characters)
    # Phrases are laid right-aligned: what lies before a shorter one costs nothing.
    before = np.zeros((len(ready), width + 1), np.float32)
    starts = np.broadcast_to(np.arange(width + 1, dtype=np.int32), before.shape).copy()
    for place in range(size):
        row = np.empty_like(before)
        row[:, 0] = before[:, 0] + table.lost
        np.add(before[:, :-1], weights[:, place], out=row[:, 1:])
        begun = np.empty_like(starts)
        begun[:, 0], begun[:, 1:] = 0, starts[:, :-1]
        lost = before + table.lost
        better = lost > row
        np.copyto(row, lost, where=better)
        np.copyto(begun, starts, where=better)
        added = row[:, :-1] + table.added
        better = added > row[:, 1:]
        np.copyto(row[:, 1:], added, where=better)
        np.copyto(begun[:, 1:], begun[:, :-1], where=better)
        blank = ready[:, place] == 0
        if blank.any():
            row[blank], begun[blank] = 0.0, np.arange(width + 1)
        before, starts = row, begun
    which, end = divmod(int(np.argmax(before)), width + 1)
    start = int(starts[which, end])
    if start >= end:
        return None
    return Fit(which, float(before[which, end]), start, end)


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


@cache
def _table() -> _Table:
    counts: dict[tuple[str, str], int] = {}
    for line in resources.files(__package__ or "").joinpath(TABLE_FILE).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            said, heard, count = line.split("\t")
            counts[said, heard] = int(count)
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
