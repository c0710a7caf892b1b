"""What a report must say about how its figures were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.messages import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.messages import Language
    from qa_audit.scoring.rubric import Item, Situation


class ReportItem(NamedTuple):
    """One item or situation of the rubric, as a report names it."""

    id: str
    name_zh: str
    name_en: str
    max_points: float
    source: str


def report_items(rules: Iterable[Item | Situation]) -> tuple[ReportItem, ...]:
    """The items or situations of a rubric; a situation is worth no points."""
    return tuple(
        ReportItem(rule.id, rule.name_zh, rule.name_en, getattr(rule, "weight", 0.0), rule.source)
        for rule in rules
    )


@dataclass(frozen=True, slots=True)
class ReportContext:
    """Month, language, rubric, engine and code behind a report; printed on the sheet 说明.

    `items` stand in the rubric's order, which is the order of the columns. Plain tuples of the five fields
    are taken too.

    >>> context = ReportContext(
    ...     "2026-10", "zh", "zh_service", "1.0.0", "ab12", (("closing", "结束语", "Closing", 8, "REG 6.4"),),
    ...     "openai-whisper", "base", "balanced", "客服中心", "0.1.0",
    ... )
    >>> context.name("closing"), context.name("house_rule")
    ('结束语', 'house_rule')
    """

    month: str
    """As "2026-10"."""
    language: Language
    rubric_id: str
    rubric_version: str
    rubric_sha256: str
    items: tuple[ReportItem, ...]
    engine: str
    model: str
    preset: str
    department: str
    code_version: str
    situations: tuple[ReportItem, ...] = ()
    zero_on_critical: bool = True
    """False where the rubric keeps the points of a call with a critical fault."""
    checked: bool = False
    """Whether people heard some of the calls, so that the figures are not the machine's alone."""
    chain_head: str = ""
    """All that people had decided when it was written (`store.chain`), for `verify --head`."""
    version: int | None = None
    """The version of a closed month, whose figures these are; None where the month is open."""
    kept_whole: bool = True
    """False for a month closed by a version that kept the pay figures alone: the rest is as it is now."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(ReportItem(*item) for item in self.items))
        object.__setattr__(self, "situations", tuple(ReportItem(*item) for item in self.situations))

    def month_in_words(self) -> str:
        """The month as people write it: 2026年10月, or 2026-10 in English."""
        year, month = self.month.split("-")
        return say(
            "report.month",
            self.language,
            year=year,
            month=month.lstrip("0") if self.language == "zh" else month,
        )

    def title(self) -> str:
        """What the month's report is called."""
        return say("report.title", self.language, department=self.department, month=self.month_in_words())

    def label(self) -> str:
        """Who scored, as it is printed on every page, and whether the month is closed."""
        scored = say("report.checked" if self.checked else "report.machine", self.language)
        if self.version is None:
            return scored
        return scored + say("report.closed", self.language, version=self.version)

    def closed_words(self) -> str:
        """What a reader must know of a closed month; empty for an open one."""
        if self.version is None:
            return ""
        key = "closed" if self.kept_whole else "closed_partly"
        return say(f"report.summary.{key}", self.language, version=self.version)

    def name(self, item: str) -> str:
        """Name of an item or situation in the report's language; the id itself where the rubric lacks it."""
        return self.names().get(item, item)

    def names(self) -> dict[str, str]:
        """Names by id, situations among them; where one name stands twice, the id is added."""
        rules = (*self.situations, *self.items)
        names = {rule.id: rule.name_zh if self.language == "zh" else rule.name_en for rule in rules}
        shown = list(names.values())
        return {rule: f"{name} ({rule})" if shown.count(name) > 1 else name for rule, name in names.items()}
