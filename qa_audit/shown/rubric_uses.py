"""Which standards calls were scored by, in words: headings and rows for a terminal."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from qa_audit.estimation.frames import local_time
from qa_audit.messages import QaError, say
from qa_audit.scoring.rubric_diff import diff_rubrics
from qa_audit.scoring.rubric_file import parse_rubric
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.audit.rubric_uses import RubricUse
    from qa_audit.scoring.rubric_diff import RubricDiff

_COLUMNS = ("number", "at", "who", "occasion", "rubric", "detector", "program_rules", "changes")


def shown_uses(uses: Sequence[RubricUse]) -> Shown:
    """A row a standard, the newest first, with how many keys differ from the one before it."""
    rows = [
        (
            one.number,
            f"{local_time(one.at.replace(tzinfo=UTC)):%Y-%m-%d %H:%M}",
            one.who,
            say(f"rubric_use.occasion.{one.occasion}"),
            f"{one.rubric} {one.rubric_version} ({one.rubric_sha256[:8]})",
            one.detector,
            one.program_rules,
            _changes(before, one),
        )
        for before, one in zip([None, *uses], uses, strict=False)
    ]
    return Shown([say(f"rubric_use.column.{name}") for name in _COLUMNS], rows[::-1], (0, 6, 7))


def difference(before: RubricUse, after: RubricUse) -> RubricDiff:
    """What differs between the files of two standards.

    Raises `QaError` as `parse_rubric`, for a file that this version of the program can't read.
    """
    old, new = (parse_rubric(one.text.encode(), f"#{one.number}") for one in (before, after))
    return diff_rubrics(old, new)


def _changes(before: RubricUse | None, after: RubricUse) -> str:
    if before is None:
        return "–"
    if before.rubric_sha256 == after.rubric_sha256:
        return "0"
    try:
        return str(len(difference(before, after).changes))
    except QaError:
        return say("rubric_use.unreadable")
