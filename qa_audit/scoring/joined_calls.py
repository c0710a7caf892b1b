"""Many calls joined into one text, a turn a line, in the forms that wordings are looked for in; and cut.

What is done for each character (normalising, spelling by sound, finding the words of a rubric, cutting into
sentences) is done for all calls at once, for numpy does a batch nearly as quickly as one call.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.text.joined import (
    CLAUSE,
    SENTENCE,
    fold_honorific_codes,
    join_normalised,
    sound_codes,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.ready import FormName
    from qa_audit.scoring.vocabulary import Hits, Speaker, Vocabulary
    from qa_audit.transcribe.turns import Role, Turn

Pieces = tuple[list[int], list[int], list[int]]
"""Turn, start and end of each, in the joined text."""


class JoinedCall(NamedTuple):
    """The joined texts of a call, and where the words of a vocabulary stand in them.

    `text` tells 您 and 你 apart, `plain` does not, `spelt` and `folded` are by sound; all have the same
    length.
    """

    text: str
    plain: str
    spelt: str
    origins: NDArray[np.int32]
    sentences: Pieces
    clauses: Pieces
    folded: str | None = None
    vocabulary: Vocabulary | None = None
    hits: Hits | None = None


def roles_of(turns: Sequence[Turn], *, known: bool) -> list[Role]:
    """Who says each turn: where that is not `known`, announcements alone are told from the rest."""
    if known:
        return [turn.role for turn in turns]
    return ["system" if turn.role == "system" else "unknown" for turn in turns]


def join_calls(
    calls: Sequence[Sequence[Turn]], vocabulary: Vocabulary | None, roles_known: Sequence[bool]
) -> list[JoinedCall]:
    """Join calls, each with whether its roles are known, and find the words of a vocabulary in them."""
    together = join_normalised([turn.text for turns in calls for turn in turns])
    codes, lines, origins = together.codes, together.starts, together.origins
    plain = fold_honorific_codes(codes)
    forms = forms_of(plain)
    text, as_written, spelt = text_of(codes), text_of(plain), text_of(forms("by_sound"))
    folded = text_of(forms("folded")) if vocabulary else None
    first_lines = np.array([0, *accumulate(map(len, calls))], np.int64)
    hits: Sequence[Hits | None] = [None] * len(calls)
    if vocabulary:
        roles: list[Role] = [
            role
            for turns, known in zip(calls, roles_known, strict=True)
            for role in roles_of(turns, known=known)
        ]
        hits = vocabulary.hits(forms, lines, first_lines, _said_by(roles))
    sentences = _by_call(*together.pieces(SENTENCE), lines, first_lines)
    clauses = _by_call(*together.pieces(CLAUSE), lines, first_lines)
    bounds = lines[first_lines].tolist()
    joined = []
    for number, (start, after) in enumerate(pairwise(bounds)):
        end = max(start, after - 1)  # the last line's end is no part of the text
        texts = text[start:end], as_written[start:end], spelt[start:end]
        pieces = sentences[number], clauses[number]
        confused = None if folded is None else folded[start:end]
        joined.append(JoinedCall(*texts, origins[start:after], *pieces, confused, vocabulary, hits[number]))
    return joined


def _said_by(roles: Sequence[Role]) -> dict[Speaker, NDArray[np.bool_]]:
    """Which lines each speaker says or may say."""
    return {
        "agent": np.array([role in ("agent", "unknown") for role in roles], bool),
        "customer": np.array([role in ("customer", "unknown") for role in roles], bool),
    }


def _by_call(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    lines: NDArray[np.int64],
    first_lines: NDArray[np.int64],
) -> list[Pieces]:
    """Pieces of the text of many calls, by call and with places in its own text."""
    line = np.searchsorted(lines, starts, "right") - 1
    call = np.searchsorted(first_lines, line, "right") - 1
    first = lines[first_lines[call]]
    columns = (line - first_lines[call]).tolist(), (starts - first).tolist(), (ends - first).tolist()
    edges = np.searchsorted(call, np.arange(len(first_lines))).tolist()
    return [
        (columns[0][begin:after], columns[1][begin:after], columns[2][begin:after])
        for begin, after in pairwise(edges)
    ]


def forms_of(plain: NDArray[np.uint32]) -> Callable[[FormName], NDArray[np.uint32]]:
    """A text in each form, made when it is first asked for."""
    made = {"as_written": plain}

    def form(name: FormName) -> NDArray[np.uint32]:
        if name not in made:
            made[name] = sound_codes(plain, folded=name == "folded")
        return made[name]

    return form
