"""A sample book that is asked once: frames of a hundred thousand calls are not read and drawn again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from qa_audit.sampling.assignment import Assignment
    from qa_audit.sampling.book import SampleBook
    from qa_audit.sampling.frame import Frame


@dataclass(frozen=True, slots=True)
class RememberedSamples:
    """What a book said when it was first asked (`estimation.audited.Samples`): for one reading of a month.

    Frames and tickets never change; calls that are replaced meanwhile are seen by the next reading.
    """

    book: SampleBook
    _said: dict[tuple[str, str | int], Any] = field(default_factory=dict, repr=False)

    def sample(self, month: str) -> pl.DataFrame:
        """As `SampleBook.sample`."""
        return self._once("sample", month, self.book.sample)

    def frame_of(self, draw_id: int) -> Frame:
        """As `SampleBook.frame_of`."""
        return self._once("frame", draw_id, self.book.frame_of)

    def assignments(self, draw_id: int) -> Sequence[Assignment]:
        """As `SampleBook.assignments`."""
        return self._once("assignments", draw_id, self.book.assignments)

    def _once(self, what: str, which: Any, ask: Callable[[Any], Any]) -> Any:
        if (what, which) not in self._said:
            self._said[what, which] = ask(which)
        return self._said[what, which]
