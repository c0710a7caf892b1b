"""The bulletin of a day or week (每日质检情况, 日常提示): what was heard, what matters, what to say, praise.

It is passed round, so faults name nobody, customers are taken out of what was said, and praise names the
agent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.frames import require_columns
from qa_audit.messages import say
from qa_audit.reports.anonymous import without_customer
from qa_audit.reports.document import Document, Figure, Section
from qa_audit.reports.html_page import html_of
from qa_audit.reports.moments import EXEMPLARY_SCORE
from qa_audit.reports.pdf_page import pdf_of
from qa_audit.reports.registers import FAULT_REGISTER
from qa_audit.reports.table import DECIMALS
from qa_audit.reports.text_page import text_of
from qa_audit.store.files import write_bytes, write_text

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext

AUDITED = pl.Schema(
    {
        "call_id": pl.String(),
        "start": pl.Datetime("us"),
        "agent": pl.String(),
        "team": pl.String(),
        "agent_no": pl.String(),
        "agent_name": pl.String(),
        "inspector": pl.String(),
        "score": pl.Float64(),
        "faults": pl.Int64(),
    }
)
"""One row a call and inspector that was handed in: the person's `score` after appeals, 0 to 100 or null, and
how many `faults` stand registered in the call, by whomever."""

FAULTS_SHOWN = 6
PRAISE_SHOWN = 3
_WORDS_SHOWN = 60
_WEIGHT = {"critical": 100, "major": 10, "minor": 1}
"""A single critical fault stands before any number of others that a day sees."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One page, in the form that is wanted."""

    document: Document
    first: date
    last: date

    @property
    def text(self) -> str:
        """To paste into a chat."""
        return text_of(self.document)

    @property
    def html(self) -> str:
        """One HTML file."""
        return html_of(self.document)

    @property
    def pdf(self) -> bytes:
        """One PDF."""
        return pdf_of(self.document)

    def write(self, folder: Path) -> list[Path]:
        """Page, PDF and text in `folder`, named by title and last day; the paths written.

        Raises `QaError` as `store.files.replacing`.
        """
        stem = f"{self.last:%Y-%m-%d}-{self.document.title}"
        page, pdf, text = (folder / f"{stem}.{ending}" for ending in ("html", "pdf", "txt"))
        write_text(page, self.html)
        write_bytes(pdf, self.pdf)
        write_text(text, self.text + "\n")
        return [page, pdf, text]

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(self.text)}</pre>"

    def __str__(self) -> str:
        return self.text


def bulletin(
    audited: pl.DataFrame, marked: pl.DataFrame, context: ReportContext, first: date, last: date
) -> Bulletin:
    """The bulletin of `first` to `last` (equal for a day) from `AUDITED` and `registers.FAULT_REGISTER` rows.

    Both hold what was handed in on those days and nothing else; a fault's `times` counts earlier days too.
    """
    require_columns(audited, "audited", AUDITED)
    require_columns(marked, "marked", FAULT_REGISTER)
    lang = context.language
    if first == last:
        title, day = say("bulletin.title", lang), _day(first, lang)
    else:
        title = say("bulletin.week_title", lang)
        day = say("bulletin.days", lang, first=_day(first, lang), last=_day(last, lang))
    sections = (
        _done(audited, marked, lang),
        Section(say("bulletin.faults", lang), points=_faults(marked, context)),
        Section(say("bulletin.tips", lang), points=_tips(marked, context)),
        Section(say("bulletin.praise", lang), points=_praise(audited, lang)),
    )
    kept = tuple(one for one in sections if one.words or one.points)
    note = Section("", notes=(say("bulletin.note", lang),))
    subtitle = say("bulletin.subtitle", lang, department=context.department, day=day)
    return Bulletin(Document(title, subtitle, (*kept, note), lang), first, last)


def _done(audited: pl.DataFrame, marked: pl.DataFrame, lang: Language) -> Section:
    title = say("bulletin.done", lang)
    if audited.is_empty():
        return Section(title, (say("bulletin.nothing", lang),))
    words = say(
        "bulletin.done_words",
        lang,
        inspectors=audited["inspector"].n_unique(),
        calls=audited["call_id"].n_unique(),
        teams=audited["team"].drop_nulls().n_unique(),
        agents=audited["agent"].drop_nulls().n_unique(),
        faults=marked.height,
        critical=(marked["severity"] == "critical").sum(),
    )
    mean = audited["score"].mean()
    figures = ()
    if isinstance(mean, float):
        figures = (Figure(say("bulletin.mean", lang), DECIMALS["score"](mean)),)
    return Section(title, (words,), figures=figures)


def _ranked(marked: pl.DataFrame) -> pl.DataFrame:
    """Items by how much their faults matter: critical ones first, then severity, how often, and repeats."""
    weight = pl.col("severity").replace_strict(_WEIGHT, default=1, return_dtype=pl.Int64)
    repeated = pl.col("times") > 1
    return (
        marked.with_columns(weight=weight)
        .group_by("item")
        .agg(
            count=pl.len(),
            critical=(pl.col("severity") == "critical").sum(),
            major=(pl.col("severity") == "major").sum(),
            repeated=repeated.sum(),
            matters=pl.col("weight").sum() + repeated.sum(),
        )
        .sort("matters", "item", descending=[True, False])
        .head(FAULTS_SHOWN)
    )


def _faults(marked: pl.DataFrame, context: ReportContext) -> tuple[str, ...]:
    lang = context.language
    if marked.is_empty():
        return (say("bulletin.no_faults", lang),)
    comma, clause = say("report.list_comma", lang), say("report.clause", lang)
    points = []
    for row in _ranked(marked).iter_rows(named=True):
        marks = [
            say(f"bulletin.{name}", lang, count=row[name])
            for name in ("critical", "major", "repeated")
            if row[name]
        ]
        shown = say("bulletin.marks", lang, marks=comma.join(marks)) if marks else ""
        parts = [say("bulletin.fault", lang, item=context.name(row["item"]), count=row["count"], marks=shown)]
        if words := _first(marked, row["item"], "words"):
            parts.append(say("bulletin.said", lang, words=words))
        points.append(clause.join(parts))
    return tuple(points)


def _tips(marked: pl.DataFrame, context: ReportContext) -> tuple[str, ...]:
    """What inspectors wrote that should have been said; where they wrote none, their comment."""
    lang = context.language
    points = []
    for row in _ranked(marked).iter_rows(named=True):
        item = context.name(row["item"])
        if words := _first(marked, row["item"], "should_say"):
            points.append(say("bulletin.tip", lang, item=item, words=words))
        elif words := _first(marked, row["item"], "comment"):
            points.append(say("bulletin.tip_comment", lang, item=item, words=words))
    return tuple(points)


def _first(marked: pl.DataFrame, item: str, column: str) -> str:
    """The words of the gravest fault of an item that has any, without the customer."""
    rank = pl.col("severity").replace_strict(_WEIGHT, default=1, return_dtype=pl.Int64)
    own = (
        marked.filter((pl.col("item") == item) & (pl.col(column).fill_null("").str.strip_chars() != ""))
        .sort(rank, "at", "call_id", descending=[True, False, False])
        .head(1)
    )
    if own.is_empty():
        return ""
    words = without_customer(str(own[column][0]).strip())
    return words if len(words) <= _WORDS_SHOWN else words[:_WORDS_SHOWN] + "…"


def _praise(audited: pl.DataFrame, lang: Language) -> tuple[str, ...]:
    good = (
        audited.filter((pl.col("score") >= EXEMPLARY_SCORE) & (pl.col("faults") == 0))
        .sort("score", "call_id", "inspector", descending=[True, False, False])
        .unique("agent", maintain_order=True)
        .head(PRAISE_SHOWN)
    )
    return tuple(_praised(row, lang) for row in good.iter_rows(named=True))


def _praised(row: dict[str, Any], lang: Language) -> str:
    return say(
        "bulletin.praise_line",
        lang,
        team=row["team"] or "",
        name=row["agent_name"] or row["agent_no"] or say("report.unknown", lang),
        call=row["call_id"],
        score=DECIMALS["score"](row["score"]),
    )


def _day(day: date, lang: Language) -> str:
    zh = lang == "zh"
    return say(
        "bulletin.day",
        lang,
        year=day.year,
        month=day.month if zh else f"{day.month:02d}",
        day=day.day if zh else f"{day.day:02d}",
    )
