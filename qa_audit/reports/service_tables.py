"""The tables 外呼回访, 服务指标 and 四个一样, ready for a workbook or a CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.month import UNKNOWN
from qa_audit.messages import say
from qa_audit.reports.table import DECIMALS, Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_audit.messages import Language
    from qa_audit.reports.table import Kind

CALLBACKS, SERVICE, SAMENESS = "外呼回访", "服务指标", "四个一样"
"""Sheet names are a contract and the same in every language."""

_CALLBACKS: tuple[tuple[str, Kind, float], ...] = (
    ("customer_no", "text", 16),
    ("team", "text", 12),
    ("agent", "text", 14),
    ("call_id", "text", 21),
    ("start", "when", 17),
    ("callback_id", "text", 21),
    ("callback_start", "when", 17),
    ("delay_h", "points", 10),
    ("state", "text", 12),
    ("rest_hours", "text", 10),
    ("lacking", "text", 16),
    ("said", "text", 10),
)
_SERVICE: tuple[tuple[str, Kind, float], ...] = (
    ("team", "text", 14),
    *((name, "count", 9) for name in ("inbound", "ring_known", "within_rings")),
    ("within_rings_share", "share", 10),
    *((name, "count", 9) for name in ("customers", "called_back", "in_time", "late", "none", "open")),
    ("in_time_share", "share", 10),
    *((name, "count", 9) for name in ("in_rest_hours", "complete")),
    ("complete_share", "share", 10),
    *((name, "count", 9) for name in ("asked", "satisfied", "dissatisfied")),
    ("satisfied_share", "share", 10),
    *((name, "count", 9) for name in ("complaints", "decided", "justified")),
    ("justified_share", "share", 10),
)
_SAMENESS: tuple[tuple[str, Kind, float], ...] = (
    ("level", "text", 8),
    ("subject", "text", 16),
    ("condition", "text", 22),
    ("calls", "count", 8),
    ("others", "count", 8),
    ("mean", "score", 10),
    ("mean_others", "score", 10),
    ("difference", "score", 8),
    ("low", "score", 10),
    ("high", "score", 10),
    ("said", "long", 30),
)


def callback_table(callbacks: pl.DataFrame, lang: Language, names: Mapping[str, str] | None = None) -> Table:
    """外呼回访: `estimation.callbacks.CALLBACKS` in words; `names` of agents by their key."""
    yes = say("service.yes", lang)
    rows = callbacks.with_columns(
        _named("team", lang),
        pl.col("agent").replace(dict(names or {})),
        _worded("state", "service.state", ("in_time", "late", "none", "open"), lang),
        pl.when("rest_hours").then(pl.lit(yes)).alias("rest_hours"),
        pl.col("lacking")
        .list.eval(
            pl.element().replace(_words("service.lacking", ("agent", "duration_s", "recording"), lang))
        )
        .list.join(say("report.list_comma", lang)),
        _worded("said", "service.said", ("satisfied", "dissatisfied", "not_said", "not_asked"), lang),
    )
    return _table(CALLBACKS, _CALLBACKS, rows, "service.column", lang=lang, frozen=1)


def service_table(figures: pl.DataFrame, lang: Language) -> Table:
    """服务指标: `estimation.service.SERVICE` with headings; the last row is the department."""
    rows = figures.with_columns(
        pl.col("team").fill_null(say("service.everyone", lang)).replace(UNKNOWN, say("report.unknown", lang))
    )
    return _table(SERVICE, _SERVICE, rows, "service.column", lang=lang, frozen=1)


def sameness_table(found: pl.DataFrame, lang: Language, names: Mapping[str, str] | None = None) -> Table:
    """四个一样: `estimation.sameness.SAMENESS` in words; `names` of agents by their key."""
    rows = found.with_columns(
        pl.when(pl.col("level") == "department")
        .then(pl.lit(say("service.everyone", lang)))
        .otherwise(pl.col("subject").replace(dict(names or {})))
        .replace(UNKNOWN, say("report.unknown", lang))
        .alias("subject"),
        _worded("level", "sameness.level", ("department", "team", "agent"), lang),
        _worded("condition", "sameness.condition", ("busy", "repeat", "sampled", "late", "upset"), lang),
        _worded("said", "sameness.said", ("differs", "alike", "open", "too_few", "absent"), lang),
    )
    return _table(SAMENESS, _SAMENESS, rows, "sameness.column", lang=lang, frozen=3)


def shown(table: Table) -> tuple[list[str], list[list[str]], list[int]]:
    """Headings, rows and the columns set flush right, for a terminal or a notebook."""
    headings = [column.heading for column in table.columns]
    kinds = [column.kind for column in table.columns]
    rows = [
        [_cell(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in table.frame.rows()
    ]
    return headings, rows, [place for place, kind in enumerate(kinds) if kind in _NUMBERS]


def on_its_side(table: Table) -> tuple[list[str], list[list[str]], list[int]]:
    """The same with a row for each column: for few rows of many figures."""
    headings, rows, _ = shown(table)
    turned = [[heading, *cells] for heading, *cells in zip(headings, *rows, strict=True)]
    return turned[0], turned[1:], list(range(1, len(rows) + 1))


_NUMBERS = ("count", "score", "share", "points")


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return "–"
    return DECIMALS[kind](value) if kind in ("score", "points", "share") else str(value)


def _table(
    name: str,
    columns: Iterable[tuple[str, Kind, float]],
    rows: pl.DataFrame,
    prefix: str,
    *,
    lang: Language,
    frozen: int,
) -> Table:
    headed = tuple(Column(key, say(f"{prefix}.{key}", lang), kind, width) for key, kind, width in columns)
    return Table(name, headed, rows.select(column.key for column in headed), frozen)


def _words(prefix: str, keys: Iterable[str], lang: Language) -> dict[str, str]:
    return {key: say(f"{prefix}.{key}", lang) for key in keys}


def _worded(column: str, prefix: str, keys: Iterable[str], lang: Language) -> pl.Expr:
    return pl.col(column).replace(_words(prefix, keys, lang))


def _named(column: str, lang: Language) -> pl.Expr:
    return pl.col(column).fill_null(say("report.unknown", lang))
