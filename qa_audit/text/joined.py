"""Many texts normalised and spelt by sound in one pass: the same as `normalise` and `sound` for each.

A character's outcome stands in a table, so a whole batch of calls is a few look-ups of arrays. The rare texts
that a table can't do (traditional script, per cent, signs that become several) are done one by one.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.text.normalise import CLAUSE_ENDS, SENTENCE_ENDS, clauses, is_simplified, normalise, say_signs
from qa_audit.text.phrases import fold_honorific
from qa_audit.text.pinyin import sound_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

CLAUSE, SENTENCE = 1, 2
_ALL = 0x110000
_DROPPED, _ONE_BY_ONE, _UNKNOWN = 0, -1, -2
_LINE_END = ord("\n")


class Joined(NamedTuple):
    """Texts in their normalised form, one after another."""

    codes: Codes
    """Characters by their number, a line end after each text."""
    starts: NDArray[np.int64]
    """Place of each text in `codes`, and of the end of all."""
    origins: NDArray[np.int32]
    """Which character of its own text each code comes from; -1 where that takes a closer look."""
    cuts: NDArray[np.uint8]
    """`SENTENCE` where a sentence begins and at line ends, `CLAUSE` where another clause does (`clauses`)."""

    def pieces(self, least: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where all sentences (least `SENTENCE`) or clauses (`CLAUSE`) begin and end, in order.

        >>> [one.tolist() for one in join_normalised(["好的,再见。您好", "。"]).pieces(CLAUSE)]
        [[0, 2, 4], [2, 4, 6]]
        """
        bounds = np.flatnonzero(self.cuts >= least)
        words = self.codes[bounds] != _LINE_END
        return bounds[words], bounds[1:][words[:-1]]


def join_normalised(texts: Sequence[str]) -> Joined:
    """Normalise many texts (fillers left out) into one, a line each.

    >>> joined = join_normalised(["您好,再见。", "呃", "100%的把握"])
    >>> text_of(joined.codes), joined.starts.tolist()
    ('您好再见\\n\\n百分之百的把握\\n', [0, 5, 6, 14])
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = codes_of(say_signs("\n".join((*texts, ""))))
    ends = np.cumsum(lengths + 1) - 1
    table = _table()
    kept = table[codes]
    if (kept == _UNKNOWN).any():
        for code in np.unique(codes[kept == _UNKNOWN]).tolist():
            table[code] = _outcome(code)
        kept = table[codes]
    kept[ends] = _LINE_END
    odd = np.unique(np.searchsorted(ends, np.flatnonzero(kept == _ONE_BY_ONE)))
    for text in odd.tolist():
        kept[ends[text] - lengths[text] : ends[text]] = _DROPPED
    left = kept != _DROPPED
    begins = np.concatenate((np.zeros(1, np.int64), ends + 1))
    origins = np.arange(len(codes), dtype=np.int32) - np.repeat(begins[:-1], lengths + 1).astype(np.int32)
    after = np.cumsum(left)
    cut = _cut_table().take(codes, mode="clip")
    cut[left] = 0
    kept, origins = kept[left].astype(np.uint32), origins[left]
    cuts = np.zeros(len(kept), np.uint8)
    cuts[after[cut == CLAUSE]] = CLAUSE
    cuts[after[cut == SENTENCE]] = SENTENCE
    starts = np.concatenate((np.zeros(1, np.int64), after[ends]))
    if len(odd):
        done = [codes_of(normalise(texts[int(text)]).text) for text in odd]
        added = np.zeros(len(texts), np.int64)
        added[odd] = [len(one) for one in done]
        where = np.repeat(starts[odd], added[odd])
        kept = np.insert(kept, where, np.concatenate(done))
        origins = np.insert(origins, where, -1)
        cuts = np.insert(cuts, where, 0)
        starts[1:] += np.cumsum(added)
        for text in odd.tolist():
            _cut_alone(texts[int(text)], cuts[starts[text] : starts[text + 1]])
    cuts[starts[:-1]] = SENTENCE
    cuts[starts[1:] - 1] = SENTENCE
    return Joined(kept, starts, origins, cuts)


def _cut_alone(text: str, cuts: NDArray[np.uint8]) -> None:
    """Mark the cuts of one text."""
    cuts[:] = 0
    place = 0
    for sentence in clauses([text])[0]:
        kind = SENTENCE
        for one in sentence:
            cuts[place] = kind
            kind = CLAUSE
            place += len(one)


def fold_honorific_codes(codes: Codes) -> Codes:
    """`fold_honorific` of many texts: 您 as 你."""
    return np.where(codes == ord("您"), np.uint32(ord(fold_honorific("您"))), codes)


def sound_codes(codes: Codes, *, folded: bool = False) -> Codes:
    """`sound` of many texts.

    >>> from qa_audit.text.pinyin import sound
    >>> text_of(sound_codes(codes_of("为您服务"))) == sound("为您服务")
    True
    """
    return _sounds(folded=folded)[codes]


def codes_of(text: str) -> Codes:
    """Characters by their number."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def text_of(codes: Codes) -> str:
    """The way back from `codes_of`."""
    return codes.astype(np.dtype("<u4"), copy=False).tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _table() -> NDArray[np.int32]:
    """Character → what it becomes, by numbers; filled when a character is first met."""
    return np.full(_ALL, _UNKNOWN, np.int32)


@cache
def _cut_table() -> NDArray[np.uint8]:
    """Character → whether a sentence or a clause ends with it."""
    table = np.zeros(0xFFFF, np.uint8)
    table[codes_of(CLAUSE_ENDS)] = CLAUSE
    table[codes_of(SENTENCE_ENDS)] = SENTENCE
    return table


def _outcome(code: int) -> int:
    character = chr(code)
    if not is_simplified(character):
        return _ONE_BY_ONE
    becomes = normalise(character).text
    if character in "%％" or len(becomes) > 1:
        return _ONE_BY_ONE
    return ord(becomes) if becomes else _DROPPED


@cache
def _sounds(*, folded: bool) -> Codes:
    sounds = np.arange(_ALL, dtype=np.uint32)
    table = sound_table(folded=folded)
    sounds[list(table)] = list(table.values())
    return sounds
