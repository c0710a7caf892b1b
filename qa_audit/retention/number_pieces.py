"""Numbers that are said in pieces over several turns, two digits a turn, and read back by whoever listens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.retention.said_digits import count_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PIECE = 3
"""Digits of a piece that may stand anywhere in its turn; a shorter one begins or ends what is said."""
SINGLE = 1
"""A piece of so few digits is all that its turn says."""
TURNS_BETWEEN = 2
"""So many turns (嗯，对) may lie between two pieces of a number."""
BETWEEN_LENGTH = 12
"""Characters of such a turn at most, beside a short piece."""
_FILL = re.compile(
    r"(?:[\s，,、。.？?！!…：:]|然后|接着|再来?|还有|[后下前]面|[后下前]边|最后|就?是|[这那]个|您?[说讲]|继续|记下"
    r"|[嗯呃额啊哦噢唔诶欸哎哈哼对好吧呀嘛吗呢行了的您你])*+"
)
_PRICED = re.compile(
    r"(?:[降涨提减调变]到|[扣退花付交充收卖减满省][了]?[你您我他她]?(?:[们的]|[一共]{1,2})?|价(?:格|钱)?是?|[只总一]共|优惠|原价|现价|从)$"
)
_UNIT = re.compile(r"\s?(?:[块元圆]|到(?!底))|(?<=[2二两][0-9零一二三四五六七八九]{3})年")
"""年 of these years alone: an earlier one may be of birth."""
_LEAST_OF_NUMBER = 6
"""A shorter string of digits beside such a word is a price, a longer one hardly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A string of digits, and whether nothing but 嗯 or 然后是 stands before it and behind it in its turn."""

    turn: int
    start: int
    end: int
    digits: int
    opens: bool
    closes: bool


def pieces_of(texts: Sequence[str], runs: Iterable[Sequence[tuple[int, int]]]) -> list[Piece]:
    """The strings of digits of each turn that may be pieces of a number."""
    found = []
    for turn, (text, own) in enumerate(zip(texts, runs, strict=True)):
        last = 0
        for start, end in own:
            opens = _FILL.fullmatch(text, last, start) is not None
            behind = _FILL.match(text, end)
            stop = end if behind is None else behind.end()
            closes = stop == len(text) or text[end : end + 1] in tuple("，,。.？?！! ")
            piece = Piece(turn, start, end, count_digits(text[start:end]), opens, closes)
            if piece.digits < _LEAST_OF_NUMBER and _is_price(text, start, end):
                continue
            if piece.digits > SINGLE or (opens and stop == len(text)):
                found.append(piece)
            last = end
    return found


def chains(texts: Sequence[str], pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that follow each other as those of one number do; a piece may be in two chains.

    >>> texts = ["我电话一五", "嗯", "八零，然后", "八零", "再按一", "等一下"]
    >>> pieces = pieces_of(texts, [[(3, 5)], [], [(0, 2)], [(0, 2)], [(2, 3)], [(1, 2)]])
    >>> [[one.turn for one in chain] for chain in chains(texts, pieces)]
    [[0, 2, 3]]
    """
    found: list[list[Piece]] = []
    for own, goes_on in (([one for one in pieces if one.digits >= PIECE], _near), (pieces, _follows)):
        before = None
        for piece in own:
            if before is not None and goes_on(texts, before, piece):
                found[-1].append(piece)
            else:
                found.append([piece])
            before = piece
    return found


def _is_price(text: str, start: int, end: int) -> bool:
    """Whether a string of digits is an amount or a year by what stands beside it, in a chain of no number."""
    return _UNIT.match(text, end) is not None or _PRICED.search(text, max(0, start - 5), start) is not None


def _near(_texts: Sequence[str], before: Piece, piece: Piece) -> bool:
    return piece.turn - before.turn <= TURNS_BETWEEN + 1


def _follows(texts: Sequence[str], before: Piece, piece: Piece) -> bool:
    if not _near(texts, before, piece):
        return False
    if before.digits >= PIECE and piece.digits >= PIECE:
        return True
    between = texts[before.turn + 1 : piece.turn]
    return (
        (before.closes or before.turn == piece.turn)
        and piece.opens
        and all(len(one) <= BETWEEN_LENGTH for one in between)
    )
