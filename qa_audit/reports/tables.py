"""The four tables of a month: 班组, 员工, 明细, 问题清单, ready for a workbook or a CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.frames import SHOWN_STATUSES, shown_status
from qa_audit.estimation.month import UNKNOWN, agent_month, team_month
from qa_audit.estimation.order import counting_rank
from qa_audit.estimation.rounding import cut_off
from qa_audit.messages import say
from qa_audit.reports.figures import agents_on_show, teams_on_show
from qa_audit.reports.people_columns import checked_remark, shown_columns, with_people
from qa_audit.reports.table import Column, Table, distinct
from qa_audit.scoring.evidence_words import measured_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures
    from qa_audit.reports.table import Kind

TEAMS, AGENTS, CALLS, FAULTS = "班组", "员工", "明细", "问题清单"
"""Sheet names are a contract and the same in every language."""

_PLACES_SHOWN = 5

_FIGURES: tuple[tuple[str, Kind, float], ...] = (
    ("calls", "count", 8),
    ("scored", "count", 8),
    ("no_recording", "count", 8),
    ("other_unscored", "count", 10),
    ("mean", "score", 10),
    ("median", "score", 8),
    ("sd", "score", 8),
    ("lowest", "score", 8),
    ("critical_calls", "count", 10),
    ("critical_rate", "share", 10),
    ("uncertain_share", "share", 11),
    ("faults", "long", 36),
    ("remark", "long", 28),
)


def month_tables(
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    figures: MonthFigures | None = None,
) -> tuple[Table, ...]:
    """班组, 员工, 明细 and 问题清单 of the calls of one month, in this order."""
    return (
        team_table(team_month(calls, findings), context, figures),
        agent_table(agent_month(calls, findings), context, figures),
        call_table(calls, findings, context),
        fault_table(calls, findings, context),
    )


def team_table(months: pl.DataFrame, context: ReportContext, figures: MonthFigures | None = None) -> Table:
    """班组: `months` from `team_month`, with headings, the frequent faults in words and a remark.

    Where `figures` has estimates, they stand before what the machine alone says.
    """
    columns: tuple[tuple[str, Kind, float], ...] = (("team", "text", 14), ("agents", "count", 8))
    shown = None if figures is None else teams_on_show(figures)
    columns, rows = _with_estimates(columns, months, shown, "team", context)
    return _table(TEAMS, columns, _in_words(rows, context), context, frozen=1)


def agent_table(months: pl.DataFrame, context: ReportContext, figures: MonthFigures | None = None) -> Table:
    """员工: `months` from `agent_month`. A change of team within the month reads 一班→二班.

    Where `figures` has estimates, they stand before what the machine alone says.
    """
    columns: tuple[tuple[str, Kind, float], ...] = (
        ("team", "text", 14),
        ("agent_no", "text", 12),
        ("agent_name", "text", 12),
    )
    moved = months.with_columns(team=pl.col("teams").list.join("→"))
    shown = None if figures is None else agents_on_show(figures)
    columns, rows = _with_estimates(columns, moved, shown, "agent", context)
    return _table(AGENTS, columns, _in_words(rows, context), context, frozen=3)


def _with_estimates(
    columns: tuple[tuple[str, Kind, float], ...],
    months: pl.DataFrame,
    shown: pl.DataFrame | None,
    key: str,
    context: ReportContext,
) -> tuple[tuple[tuple[str, Kind, float], ...], pl.DataFrame]:
    if shown is None or shown.is_empty():
        return (*columns, *_FIGURES), months
    return (*columns, *shown_columns(shown), *_FIGURES), with_people(months, shown, key, context.language)


def call_table(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> Table:
    """明细: one row a call, and one column an item with its verdict in words, in the rubric's order.

    An item that was judged though the context does not name it gets a column too, at the end.
    """
    lang = context.language
    items = findings.filter(pl.col("kind") == "item")
    known = [item.id for item in context.items]
    strange = sorted(set(items["item"].unique()) - set(known))
    verdicts = items.select("call_id", "item", "verdict").pivot(
        "item", index="call_id", values="verdict", on_columns=[*known, *strange]
    )
    rows = calls.join(verdicts, on="call_id", how="left").select(
        "call_id",
        "start",
        *_whose(lang),
        _worded("direction", "report.direction", ("inbound", "outbound"), lang),
        pl.col("duration_s").alias("duration"),
        shown_status().replace(_words("report.status", SHOWN_STATUSES, lang)).alias("status"),
        "score",
        _named_list(pl.col("critical"), context).alias("critical"),
        pl.when(pl.col("status") == "scored").then("uncertain").alias("uncertain"),
        *(_worded(item, "verdict", _VERDICT_WORDS, lang).name.prefix("item:") for item in [*known, *strange]),
        "recording",
    )
    names = [context.name(item) for item in [*known, *strange]]
    first = _headed(
        (
            ("call_id", "text", 21),
            ("start", "when", 17),
            ("team", "text", 12),
            ("agent_no", "text", 10),
            ("agent_name", "text", 10),
            ("direction", "text", 9),
            ("duration", "length", 8),
            ("status", "text", 11),
            ("score", "score", 9),
            ("critical", "text", 16),
            ("uncertain", "count", 9),
        ),
        lang,
    )
    verdict_columns = [
        Column(f"item:{item}", name, "verdict", 10.5)
        for item, name in zip([*known, *strange], names, strict=True)
    ]
    last = _headed((("recording", "text", 38),), lang)
    return _distinct(CALLS, (*first, *verdict_columns, *last), rows, frozen=1)


def fault_table(calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext) -> Table:
    """问题清单: one row a fault, with where it is heard, the words, how it was found and what it cost.

    Ordered by team, agent and time, so that a team leader finds a person's calls together. A fault heard in
    several places names the first in `位置` and up to five more in `其他位置`.
    """
    lang = context.language
    place = pl.col("evidence").list.get(0, null_on_oob=True)
    order = pl.DataFrame(
        {"item": [rule.id for rule in (*context.items, *context.situations)]}, schema={"item": pl.String}
    ).with_row_index("rank")
    rows = (
        findings.filter(pl.col("verdict") == "fail")
        .join(calls, on="call_id", how="inner", suffix="_call")
        .join(order, on="item", how="left")
        .sort(
            counting_rank(pl.col("team")),
            counting_rank(pl.col("agent_no")),
            "start",
            "call_id",
            "rank",
            "item",
            nulls_last=True,
        )
        .select(
            *_whose(lang),
            "call_id",
            "start",
            clock_text(place.struct.field("start_s")).alias("place"),
            pl.col("item").replace(context.names()).alias("item"),
            place.alias("quote"),
            place.struct.field("tier").replace(_words("report.tier", _TIER_WORDS, lang)).alias("tier"),
            (pl.col("max_points") - pl.col("points")).alias("lost"),
            pl.when("critical").then(pl.lit(say("report.heading.critical", lang))).alias("critical"),
            pl.col("evidence").alias("other_places"),
            "recording",
        )
    )
    rows = rows.with_columns(_quotes(rows["quote"], lang), _other_places(rows["other_places"], lang))
    columns: tuple[tuple[str, Kind, float], ...] = (
        ("team", "text", 12),
        ("agent_no", "text", 10),
        ("agent_name", "text", 10),
        ("call_id", "text", 21),
        ("start", "when", 17),
        ("place", "text", 8),
        ("item", "text", 17),
        ("quote", "long", 40),
        ("tier", "text", 11),
        ("lost", "points", 8),
        ("critical", "text", 10),
        ("other_places", "long", 34),
        ("recording", "text", 38),
    )
    return _table(FAULTS, columns, rows, context, frozen=3)


_VERDICT_WORDS = ("pass", "fail", "not_applicable", "uncertain")
_TIER_WORDS = ("exact", "pinyin", "near", "regex", "similar", "acoustic", "measure", "metadata", "absence")


def _table(
    name: str,
    columns: Iterable[tuple[str, Kind, float]],
    rows: pl.DataFrame,
    context: ReportContext,
    frozen: int,
) -> Table:
    return _distinct(name, _headed(columns, context.language), rows, frozen)


def _distinct(name: str, columns: Iterable[Column], rows: pl.DataFrame, frozen: int) -> Table:
    columns = tuple(columns)
    headings = distinct([column.heading for column in columns])
    headed = tuple(
        Column(column.key, heading, column.kind, column.width)
        for column, heading in zip(columns, headings, strict=True)
    )
    return Table(name, headed, rows.select(column.key for column in headed), frozen)


def _headed(columns: Iterable[tuple[str, Kind, float]], lang: Language) -> tuple[Column, ...]:
    return tuple(Column(key, say(f"report.heading.{key}", lang), kind, width) for key, kind, width in columns)


def _in_words(months: pl.DataFrame, context: ReportContext) -> pl.DataFrame:
    """Names for 未知, the frequent faults and the remark in words."""
    lang = context.language
    names = [name for name in ("team", "agent_no", "agent_name") if name in months.columns]
    faults = [
        say("report.list_comma", lang).join(
            say("report.fault_calls", lang, item=context.name(fault["item"]), calls=fault["calls"])
            for fault in row
        )
        for row in months["faults"]
    ]
    remarks = [
        say("report.clause", lang).join(
            [
                remark(row["scored"], row["few"], lang, checked=row.get("estimate") is not None),
                *_figure_remarks(row, lang),
            ]
        )
        for row in months.drop("faults").iter_rows(named=True)
    ]
    return months.with_columns(
        pl.col(names).str.replace_all(UNKNOWN, say("report.unknown", lang), literal=True),
        other_unscored=pl.col("null_score") + pl.col("not_transcribed") + pl.col("failed"),
        faults=pl.Series("faults", faults, pl.String),
        remark=pl.Series("remark", remarks, pl.String),
    )


def remark(scored: int, few: bool, lang: Language, *, checked: bool = False) -> str:
    """What must be said beside a mean: that a machine scored it, and whether it rests on few calls.

    `checked` where people heard some of the calls and there is an estimate.

    >>> remark(3, True, "zh")
    '机器评分，未经人工校正；仅 3 通已评分，样本少，仅供参考'
    """
    if not scored:
        return say("report.none_scored", lang)
    machine = checked_remark(lang) if checked else say("report.machine", lang)
    return machine + say("report.clause", lang) + say("report.few", lang, count=scored) if few else machine


def _figure_remarks(row: Mapping[str, Any], lang: Language) -> list[str]:
    """Of which calls a figure is, where not of all, and that it was cut at 0 or 100."""
    if row.get("estimate") is None:
        return []
    told = [say("report.framed", lang, calls=row["framed"])] if row["framed"] != row["calls"] else []
    return [*told, say("report.cut", lang)] if cut_off(row) else told


def _whose(lang: Language) -> list[pl.Expr]:
    unknown = say("report.unknown", lang)
    return [
        pl.col("team").fill_null(unknown),
        pl.coalesce("agent_no", pl.when(pl.col("agent_name").is_null()).then(pl.lit(unknown))),
        pl.col("agent_name"),
    ]


def _words(prefix: str, keys: Iterable[str], lang: Language) -> dict[str, str]:
    return {key: say(f"{prefix}.{key}", lang) for key in keys}


def _worded(column: str, prefix: str, keys: Iterable[str], lang: Language) -> pl.Expr:
    return pl.col(column).replace(_words(prefix, keys, lang))


def _named_list(ids: pl.Expr, context: ReportContext) -> pl.Expr:
    comma = say("report.list_comma", context.language)
    named = ids.list.eval(pl.element().replace(context.names()))
    return pl.when(ids.list.len() > 0).then(named.list.join(comma))


def clock_text(seconds: pl.Expr) -> pl.Expr:
    """Seconds as mm:ss, rounded down, so that playing from a place misses nothing of it."""
    whole = seconds.clip(0).floor().cast(pl.Int64)
    return pl.concat_str(
        [(whole // 60).cast(pl.String).str.zfill(2), (whole % 60).cast(pl.String).str.zfill(2)], separator=":"
    )


def clock(seconds: float) -> str:
    """The same for one value.

    >>> clock(72.9)
    '01:12'
    """
    whole = max(0, int(seconds))
    return f"{whole // 60:02d}:{whole % 60:02d}"


def _quotes(places: pl.Series, lang: Language) -> pl.Series:
    """The words of each finding's first place."""
    fields = zip(places.struct.field("quote"), places.struct.field("tier"), strict=True)
    words = [None if quote is None else measured_words(quote, tier, lang) for quote, tier in fields]
    return pl.Series("quote", words, pl.String)


def _other_places(evidence: pl.Series, lang: Language) -> pl.Series:
    def in_words(places: list[Mapping[str, object]] | None) -> str | None:
        later = list(places or [])[1:]
        if not later:
            return None
        shown = [
            say(
                "report.other_place",
                lang,
                time=clock(float(str(place["start_s"] or 0))),
                quote=measured_words(str(place["quote"] or ""), str(place["tier"]), lang),
            )
            for place in later[:_PLACES_SHOWN]
        ]
        if len(later) > _PLACES_SHOWN:
            shown.append(say("report.more_places", lang, count=len(later) - _PLACES_SHOWN))
        return say("report.clause", lang).join(shown)

    lengths = evidence.list.len().fill_null(0)
    words: list[str | None] = [None] * evidence.len()
    for row in (lengths > 1).arg_true().to_list():
        words[row] = in_words(evidence[row].to_list())
    return pl.Series("other_places", words, pl.String)
