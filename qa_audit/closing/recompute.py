"""A closed month computed again from its files alone, on any machine: `python -m … recompute FOLDER`.

Floats may differ in their last digits between machines; figures are compared as printed, to the last decimal.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa_audit.closing.figures import month_figures
from qa_audit.closing.filing import inputs_of, json_bytes, read_json
from qa_audit.closing.folder import FIGURES_FILE, check_seal, read_folder, receipt_of
from qa_audit.closing.printed import differences, printed
from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa_audit.closing.figures import MonthFigures


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A month's figures computed again, beside those that were filed."""

    figures: MonthFigures
    filed: Mapping[str, Any]
    """`printed` figures as they were when the month was closed."""
    receipt: str
    differences: tuple[tuple[str, Any, Any], ...]
    """(what, as filed, as computed); none when every digit is the same."""

    @property
    def failed(self) -> bool:
        """Whether any digit differs."""
        return bool(self.differences)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "month": self.figures.month,
            "receipt": self.receipt,
            "same": not self.failed,
            "differences": [
                {"what": what, "filed": old, "computed": new} for what, old, new in self.differences
            ],
            "figures": printed(self.figures),
        }

    def __str__(self) -> str:
        agents = self.figures.agents.height
        if not self.failed:
            return say("closing.same", month=self.figures.month, agents=agents, receipt=self.receipt)
        head = say("closing.differs", month=self.figures.month, count=len(self.differences))
        return "\n".join([head, *(f"  {what}: {old} → {new}" for what, old, new in self.differences)])


def recompute(files: Mapping[str, bytes]) -> Recomputed:
    """Compute a closed month from its files.

    Raises `QaError` as `folder.check_seal` for files that were changed, and as `filing.inputs_of`.
    """
    check_seal(files)
    figures = month_figures(inputs_of(files))
    filed = read_json(files, FIGURES_FILE)
    found = differences(filed, read_json({FIGURES_FILE: json_bytes(printed(figures))}, FIGURES_FILE))
    return Recomputed(figures, filed, receipt_of(files), tuple(found))


def main(arguments: Sequence[str]) -> int:
    """Print whether the export in a folder gives its figures again; 0 when it does, 1 when not, 2 unread."""
    if len(arguments) != 1:
        print(say("closing.usage"), file=sys.stderr)
        return 2
    try:
        found = recompute(read_folder(Path(arguments[0])))
    except QaError as error:
        print(error, file=sys.stderr)
        return 2
    print(found)
    return int(found.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
