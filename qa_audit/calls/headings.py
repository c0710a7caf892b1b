"""Which column of a call list or roster means what: known headings in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from qa_audit.calls.vocabulary import vocabulary

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
