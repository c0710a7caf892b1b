"""Which column of a call list or roster means what: known headings in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from qa_audit.calls.vocabulary import vocabulary, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VOCABULARY = vocabulary()

CALL_FIELDS: Mapping[str, tuple[str, ...]] = {
    field: tuple(names) for field, names in _VOCABULARY["call"].items()
}
"""Fields of a call list and the headings by which they are known."""

ROSTER_FIELDS: Mapping[str, tuple[str, ...]] = {
    field: tuple(names) for field, names in _VOCABULARY["roster"].items()
}
"""Fields of a roster and the headings by which they are known."""

_BRACKETS = re.compile(r"[(\[{【〔].*?[)\]}】〕]")
_JOINTS = re.compile(r"[\s_\-.:：*#\"'·]+")
_CUSTOMER = words("customer")
_UNITS_S = {
    unit: seconds
    for name, seconds in (("millisecond", 0.001), ("second", 1.0), ("minute", 60.0), ("hour", 3600.0))
    for unit in words(name)
}
_CLOCK_FORM = re.compile(r"(?:h{1,2}|m{1,2}|s{1,2}|小?时|分钟?|秒|:)+")


# Known headings come again for every row that may be one.
@lru_cache(maxsize=8192)
def heading_key(heading: str) -> str:
    """A heading as it is compared: width, case, blanks, joints and a note in brackets don't matter.

    >>> heading_key(" Ring_Seconds (s) "), heading_key("振铃秒数（秒）")
    ('ringseconds', '振铃秒数')
    """
    plain = unicodedata.normalize("NFKC", heading).casefold()
    plain = "".join(
        char for char in plain if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace()
    )
    return _JOINTS.sub("", _BRACKETS.sub("", plain)) or _JOINTS.sub("", plain)


def map_columns(
    headings: Sequence[str], fields: Mapping[str, Sequence[str]], own: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Column index of every field found: first by the centre's `own` headings, then by the known ones.

    A column serves one field, a field has one column (the first).

    >>> map_columns(["通话编号", "工号", "备注"], CALL_FIELDS, {})
    {'call_id': 0, 'agent_no': 1}
    """
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, heading in enumerate(headings):
        places[heading_key(heading)].append(index)
    found: dict[str, int] = {}
    for table in (own, fields):
        for field, names in table.items():
            # The order of the names is their rank: the plainest heading wins over a rarer one.
            columns = (column for name in names for column in places.get(heading_key(name), ()))
            free = (column for column in columns if column not in found.values())
            if field not in found and (column := next(free, None)) is not None:
                found[field] = column
    return found


def fill_headings(
    top: Sequence[str],
    below: Sequence[str],
    fields: Mapping[str, Sequence[str]],
    own: Mapping[str, Sequence[str]],
) -> list[str] | None:
    """Headings that stand in two rows; None when `below` is no second row of headings.

    What stands below stands under an empty cell or under one merged over several columns, and at least
    one heading there is known, alone or together with the one above it.

    >>> fill_headings(["通话编号", "时间", "", "工号"], ["", "开始时间", "结束时间", ""], CALL_FIELDS, {})
    ['通话编号', '开始时间', '结束时间', '工号']
    >>> fill_headings(["通话编号", "工号"], ["A1", "8001"], CALL_FIELDS, {}) is None
    True
    """
    width = max(len(top), len(below))
    uppers, lowers = (
        [cell.strip() for cell in cells] + [""] * (width + 1 - len(cells)) for cells in (top, below)
    )
    if not any(lowers) or any(
        upper and lower and upper != lower and (uppers[column + 1] or not lowers[column + 1])
        for column, (upper, lower) in enumerate(zip(uppers[:-1], lowers[:-1], strict=True))
    ):
        return None
    known = {heading_key(name) for table in (own, fields) for names in table.values() for name in names}
    found: list[str] = []
    over = ""
    for upper, lower in zip(uppers[:-1], lowers[:-1], strict=True):
        over = "" if not lower else upper or over
        found.append(_in_two_rows(over, lower, known) if lower else upper)
    second = (heading for heading, lower in zip(found, lowers, strict=False) if lower)
    return found if any(heading_key(heading) in known for heading in second) else None


def _in_two_rows(over: str, lower: str, known: set[str]) -> str:
    if not over or over == lower:
        return lower
    over = over.removesuffix("信息")
    for heading in (over + lower, lower + over):
        if heading_key(heading) in known:
            return heading
    # 姓名 under 客户 is not the agent's.
    return over + lower if any(word in heading_key(over) for word in _CUSTOMER) else lower


def distinct(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings of which no two are alike: one that is there already gets its number; blank ones stay.

    >>> distinct(["工号", "备注", "备注"])
    ('工号', '备注', '备注 (2)')
    """
    found: dict[str, None] = {}
    result: list[str] = []
    for heading in headings:
        name, number = heading, 1
        while name and name in found:
            number += 1
            name = f"{heading} ({number})"
        found[name] = None
        result.append(name)
    return tuple(result)


def seconds_per_unit(heading: str) -> float:
    """Seconds in the unit that a heading names in brackets; 1 where it names none.

    Raises `ValueError` with what is in brackets when none of it is a unit.

    >>> seconds_per_unit("时长（分钟）"), seconds_per_unit("Ring (ms)"), seconds_per_unit("时长(时:分:秒)")
    (60.0, 0.001, 1.0)
    """
    notes = [note[1:-1] for note in _BRACKETS.findall(unicodedata.normalize("NFKC", heading).casefold())]
    plain = [re.sub(r"\s+|^\s*单位:?", "", note) for note in notes]
    for note in plain:
        if note in _UNITS_S:
            return _UNITS_S[note]
    if not notes or any(_CLOCK_FORM.fullmatch(note) for note in plain):
        return 1.0
    raise ValueError(", ".join(notes))
