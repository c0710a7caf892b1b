"""Numbers in patterns: each is looked for in every way in which texts have it.

In another way than its author's it is never found inside a longer number.

Only numbers that are spelt out are known as such. Where a set, `\\d`, a count or another group may go on with
the number, it stays as it is written: `1[3-9]\\d{9}`, `(1|2)4小时`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.tidy_pattern import PIECES, half_width_syntax, tidy_pattern
from qa_audit.text.normalise import normalise
from qa_audit.text.numbers import BEGINS, ENDS, GROUP, OTHER, has_numeral, numbers_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.text.numbers import Number

_LOOKBEHIND, _LOOKAHEAD = ("(?<=", "(?<!"), ("(?=", "(?!")
# Most patterns have only the digits of counts, and 一, which alone is part of a word.
_MAY_HOLD_NUMBERS = re.compile(r"[0-9０-９](?![^\[{]*\})|[二三四五六七八九两十百千万]")
_DIGITS = re.compile(r"\\d|[0-9０-９]")
_SHARE_APART = re.compile(r"(?:\s|\\s|[?*+])+\\?[%％]")


@lru_cache(maxsize=4096)
def sought_pattern(pattern: str) -> str:
    """The pattern over normalised text (`tidy_pattern`), with all ways of its numbers.

    >>> bool(re.fullmatch(sought_pattern("24小时|[0-9]天"), "二十四小时"))
    True
    >>> re.search(sought_pattern("24小时"), "一百二十四小时") is None
    True
    """
    return tidy_pattern(_written_anew(pattern, bounded=True))


def shown_pattern(pattern: str) -> str:
    """The pattern as people are told that it is looked for.

    >>> shown_pattern("24小时|\\\\d天")
    '(二四|二十四)小时|[零一二三四五六七八九]天'
    """
    return tidy_pattern(_written_anew(pattern, bounded=False))


def without_numbers(pattern: str) -> str:
    """The pattern as it is written, less the numbers that are found in all ways.

    >>> without_numbers("24小时|[12]4小时")
    '数小时|[12]4小时'
    """
    return _written_anew(pattern, bounded=False, instead="数")


class _Piece(NamedTuple):
    text: str
    kind: str
    group: int | None
    """Where the group begins in which it stands; for a group's own head and end, where that one begins."""

    @property
    def counts(self) -> bool:
        """Whether it says how often what stands before it may come."""
        return self.kind == "count" or self.text in ("?", "*", "+")

    @property
    def opens(self) -> bool:
        return self.text == "(" or (
            self.kind == "head" and (self.text.startswith("(?(") or not self.text.endswith(")"))
        )


def _written_anew(pattern: str, *, bounded: bool, instead: str = "") -> str:
    text = half_width_syntax(pattern)
    if not _MAY_HOLD_NUMBERS.search(text):
        return pattern
    pieces, ends = _pieces(text)
    written, done = [], 0
    view = _view(pieces)
    for number in numbers_in(view, lambda end: view[_after_groups(pieces, end, ends) :]):
        ways = _ways(number, pieces, ends)
        if not ways:
            continue
        if len(ways) == 1 and bounded:
            continue
        written += [piece.text for piece in pieces[done : number.start]]
        done = number.end
        if instead:
            written.append(instead)
        elif bounded:
            left = "" if _is_word(pieces, number.start - 1) else BEGINS
            right = "" if _is_word(pieces, number.end) else ENDS
            as_written, *others = ways
            written.append(f"(?:{as_written}|{left}(?:{'|'.join(others)}){right})")
        else:
            written.append(ways[0] if len(ways) == 1 else f"({'|'.join(ways)})")
    if not done:
        return pattern
    return "".join((*written, *(piece.text for piece in pieces[done:])))


def _pieces(text: str) -> tuple[list[_Piece], dict[int, int]]:
    """The pieces of a pattern, and where each group ends."""
    pieces: list[_Piece] = []
    ends: dict[int, int] = {}
    open_groups: list[int] = []
    for found in PIECES.finditer(text):
        piece = _Piece(found[0], found.lastgroup or "", open_groups[-1] if open_groups else None)
        place = len(pieces)
        if piece.opens:
            open_groups.append(place)
            piece = piece._replace(group=place)
        elif piece.kind == "sign" and piece.text == ")" and open_groups:
            ends[open_groups.pop()] = place
        pieces.append(piece)
    return pieces, ends


def _view(pieces: Sequence[_Piece]) -> str:
    """The pattern with one character for each piece, in which numbers may be told."""
    view: list[str] = []
    behind = 0
    for place, piece in enumerate(pieces):
        behind += piece.text in _LOOKBEHIND or bool(behind and piece.opens)
        seen = OTHER
        if behind:
            behind -= piece.text == ")"
        elif piece.kind == "literal":
            seen = piece.text
        elif piece.kind == "escape" and not piece.text[1].isalnum():
            seen = piece.text[1:]
        elif piece.text == "." and _digit(pieces, place - 1) and _digit(pieces, place + 1):
            seen = "."
        elif piece.opens and piece.text != "(?!":
            seen = GROUP
        view.append(seen if len(seen) == 1 else OTHER)
    return "".join(view)


def _after_groups(pieces: Sequence[_Piece], place: int, ends: dict[int, int]) -> int:
    """Where a pattern goes on after a place: behind the group where an alternative ends."""
    closes = set(ends.values())
    while place < len(pieces) and (place in closes or pieces[place].text == "|"):
        group = pieces[place].group
        if group is None or pieces[group].text in _LOOKAHEAD:
            return len(pieces)
        place = ends.get(group, len(pieces)) + 1
    return place


def _digit(pieces: Sequence[_Piece], place: int) -> bool:
    return 0 <= place < len(pieces) and pieces[place].text in "0123456789０１２３４５６７８９"


def _ways(number: Number, pieces: Sequence[_Piece], ends: dict[int, int]) -> tuple[str, ...]:
    """All ways of a number of a pattern; none where it may go on."""
    own = pieces[number.start : number.end]
    behind = pieces[number.end :]
    if (behind and behind[0].counts) or _SHARE_APART.match("".join(one.text for one in behind[:4])):
        return ()
    if _goes_on_before(pieces, number.start - 1, ends) or _goes_on_behind(pieces, number.end, ends):
        return ()
    dots = [place for place, one in enumerate(own) if one.text == "." and one.kind == "sign"]
    if not dots:
        return number.ways
    if len(dots) > 1 or len(number.ways) < 2:
        return ()
    # The sign means any character as well.
    parts = ["".join(one.text for one in part) for part in (own[: dots[0]], own[dots[0] + 1 :])]
    return (*number.ways, ".".join(normalise(part).text for part in parts))


def _is_word(pieces: Sequence[_Piece], place: int) -> bool:
    """Whether a character that is no numeral must stand at a piece, so that no number goes on there."""
    if not 0 <= place < len(pieces) or pieces[place].kind != "literal":
        return False
    counted = place + 1 < len(pieces) and pieces[place + 1].counts
    return not counted and bool(normalise(pieces[place].text).text)


def _goes_on_before(pieces: Sequence[_Piece], place: int, ends: dict[int, int]) -> bool:
    """Whether what stands before a number may be more of it."""
    starts = {end: start for start, end in ends.items()}
    while place >= 0:
        optional = False
        while place >= 0 and pieces[place].counts:
            optional = optional or _may_lack(pieces[place])
            place -= 1
        if place < 0:
            return False
        piece = pieces[place]
        if place not in starts and (piece.opens or piece.text == "|"):
            if piece.group is None:
                return False
            if _repeated(pieces, piece.group, ends):
                return True
            place = piece.group - 1
            continue
        first = starts.get(place, place)
        around = pieces[first].text in (*_LOOKAHEAD, *_LOOKBEHIND)
        if not around and any(map(_numeral, pieces[first : place + 1])):
            return True
        if not (optional or around or _is_nothing(piece)):
            return False
        place = first - 1
    return False


def _goes_on_behind(pieces: Sequence[_Piece], place: int, ends: dict[int, int]) -> bool:
    """Whether what stands behind a number may be more of it."""
    closes = set(ends.values())
    while place < len(pieces):
        piece = pieces[place]
        if place in closes or piece.text == "|":
            if piece.group is None or pieces[piece.group].text in _LOOKAHEAD:
                return False
            if _repeated(pieces, piece.group, ends):
                return True
            place, _ = _past_counts(pieces, ends.get(piece.group, len(pieces)) + 1)
            continue
        last = ends.get(place, place) if piece.opens else place
        around = piece.text in (*_LOOKAHEAD, *_LOOKBEHIND)
        if not around and any(map(_numeral, pieces[place : last + 1])):
            return True
        place, optional = _past_counts(pieces, last + 1)
        if not (optional or around or _is_nothing(piece)):
            return False
    return False


def _past_counts(pieces: Sequence[_Piece], place: int) -> tuple[int, bool]:
    """The place behind all counts, and whether they let what they count be left out."""
    optional = False
    while place < len(pieces) and pieces[place].counts:
        optional = optional or _may_lack(pieces[place])
        place += 1
    return place, optional


def _may_lack(count: _Piece) -> bool:
    return count.text in ("?", "*") or re.match(r"\{0*,", count.text) is not None or count.text == "{0}"


def _repeated(pieces: Sequence[_Piece], group: int, ends: dict[int, int]) -> bool:
    """Whether a group may follow on itself."""
    behind = ends.get(group, len(pieces)) + 1
    return behind < len(pieces) and pieces[behind].counts and pieces[behind].text != "?"


def _numeral(piece: _Piece) -> bool:
    """Whether a piece stands for something of a number; what stands for anything at all is not meant so."""
    if piece.kind == "set":
        return not piece.text.startswith("[^") and bool(_DIGITS.search(piece.text) or has_numeral(piece.text))
    if piece.kind == "escape":
        return piece.text == "\\d"
    return piece.kind == "literal" and has_numeral(normalise(piece.text).text)


def _is_nothing(piece: _Piece) -> bool:
    """Whether a piece stands for a sign that texts lack."""
    if piece.kind == "escape":
        return piece.text == "\\s" or not piece.text[1].isalnum()
    return piece.kind == "literal" and not normalise(piece.text).text
