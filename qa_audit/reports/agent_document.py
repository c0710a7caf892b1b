"""One page for one agent: the score in plain words, what to work on with where to hear it, and praise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.estimation.rounding import cut_off
from qa_audit.messages import say
from qa_audit.reports.charts import svg_below_a_heading
from qa_audit.reports.document import Chart, Document, Figure, Section, interval_text
from qa_audit.reports.figures import agents_on_show, grade_remark, grade_text, there
from qa_audit.reports.headline import interval_words
from qa_audit.reports.method import made_by
from qa_audit.reports.moments import EXEMPLARY_SCORE
from qa_audit.reports.people_judged import judged_calls, judged_findings
from qa_audit.reports.table import DECIMALS
from qa_audit.reports.tables import clock
from qa_audit.reports.trend_chart import trend_chart
from qa_audit.scoring.evidence_words import shown_quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures

FAULTS_SHOWN = 3
_PLACES = 3
_FLAWLESS_SHOWN = 3
_FLAWLESS_JUDGED = 10
"""An item kept in fewer judged calls than this may be luck and is not praised."""
_WORDS_SHOWN = 40


@dataclass(frozen=True, slots=True)
class AgentPage:
    """An agent with their page."""

    agent: str
    number: str | None
    document: Document


@dataclass(frozen=True, slots=True)
class _Own:
    """What belongs to one agent."""

    row: Mapping[str, Any]
    calls: pl.DataFrame
    findings: pl.DataFrame
    marked: pl.DataFrame
    shown: Mapping[str, Any] | None


def agent_documents(
    agents: pl.DataFrame,
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    figures: MonthFigures,
) -> Iterator[AgentPage]:
    """A page for every agent of `agents` (`estimation.month.agent_month` of the same calls).

    `calls` have the agent's key as `agent`. Where people judged, their verdict and score stand for the
    machine's; faults that an inspector marked go first.
    """
    shown = {row["agent"]: row for row in agents_on_show(figures).iter_rows(named=True)}
    whose = judged_calls(calls.select("call_id", "agent", "start", "score"), figures.people)
    items = judged_findings(findings.filter(pl.col("kind") == "item"), figures.people)
    items = items.filter(pl.col("verdict").is_in(["pass", "fail"]))
    own_items = items.join(whose.drop("by_people", "faults"), on="call_id", how="inner")
    judged, nothing = own_items.partition_by("agent", as_dict=True), own_items.clear()
    by_agent = whose.partition_by("agent", as_dict=True)
    marked = there(figures.faults)
    if marked is not None:
        marked = marked.filter(~pl.col("struck").fill_null(value=False))
    for row in agents.iter_rows(named=True):
        key = row["agent"]
        own = _Own(
            row,
            by_agent.get((key,), whose.clear()),
            judged.get((key,), nothing),
            marked.filter(pl.col("agent") == key) if marked is not None else pl.DataFrame(),
            shown.get(key),
        )
        yield AgentPage(key, row["agent_no"], _document(own, context, figures))


def _document(own: _Own, context: ReportContext, figures: MonthFigures) -> Document:
    lang = context.language
    row = own.row
    name = row["agent_name"] or row["agent_no"] or say("report.unknown", lang)
    title = say("report.agent.title", lang, name=name, month=context.month_in_words())
    subtitle = say(
        "report.agent.subtitle",
        lang,
        department=context.department,
        team="→".join(row["teams"]),
        number=row["agent_no"] or "–",
    )
    sections = [
        Section("", figures=_headline(own, context)),
        Section(say("report.agent.how", lang), _how(own, context, figures)),
        _work_on(own, context, _statuses(figures)),
        Section(say("report.agent.praise", lang), points=_praise(own, context)),
    ]
    trend = there(figures.trend)
    if trend is not None and trend.filter(pl.col("key") == row["agent"]).height > 1:
        picture = trend_chart(trend, {row["agent"]: name}, context)
        chart = Chart(svg_below_a_heading(picture), say("report.page.trend", lang))
        sections.append(Section(say("report.page.trend", lang), chart=chart))
    footnote = say("report.list_comma", lang).join(f"{label} {value}" for label, value in made_by(context))
    notes = (*filter(None, (context.closed_words(),)), footnote)
    sections.append(Section("", (say("report.agent.dispute", lang),), notes=notes))
    return Document(title, subtitle, tuple(one for one in sections if _holds(one)), lang)


def _holds(section: Section) -> bool:
    return bool(section.words or section.figures or section.points or section.chart)


def _headline(own: _Own, context: ReportContext) -> tuple[Figure, ...]:
    lang, shown = context.language, own.shown
    figure = DECIMALS["figure"]
    mean = own.row["mean"]
    if shown is not None and shown["estimate"] is not None and shown["machine_mean"] is not None:
        of_machine = figure(shown["machine_mean"])  # of the calls that the correction and the score are of
    else:
        of_machine = "–" if mean is None else DECIMALS["score"](mean)
    found = [Figure(say("report.page.machine_mean", lang), of_machine)]
    if shown is None:
        return tuple(found)
    found.append(Figure(say("report.page.heard", lang), f"{shown['heard']}"))
    if shown["estimate"] is None:
        return tuple(found)
    if shown["correction"] is not None:
        found.append(
            Figure(say("report.agent.correction", lang), DECIMALS["correction"](shown["correction"]))
        )
    note = interval_words(shown, lang)
    found.append(Figure(say("report.page.estimate", lang), figure(shown["estimate"]), note))
    found.append(Figure(say("report.agent.grade", lang), grade_text(shown["grade"], lang) or "–"))
    if shown["pay_yuan"] is not None:
        found.append(Figure(say("report.heading.pay_yuan", lang), DECIMALS["yuan"](shown["pay_yuan"])))
    return tuple(found)


def _how(own: _Own, context: ReportContext, figures: MonthFigures) -> tuple[str, ...]:
    lang, shown, row = context.language, own.shown, own.row
    score, figure = DECIMALS["score"], DECIMALS["figure"]
    if row["mean"] is None:
        return (say("report.none_scored", lang),)
    words = [
        say("report.agent.machine", lang, calls=row["calls"], scored=row["scored"], mean=score(row["mean"]))
    ]
    if shown is None or shown["estimate"] is None or shown["correction"] is None:
        none = "no_audits" if shown is not None or there(figures.agents) is None else "no_calls"
        reason = none if shown is None or shown["reason"] is None else shown["reason"]
        words.append(say("report.agent.no_estimate", lang, reason=say(f"estimates.reason.{reason}", lang)))
        return tuple(words)
    size, mean = shown["correction"], shown["machine_mean"]
    if mean is not None and (shown["framed"] != row["calls"] or figure(mean) != figure(row["mean"])):
        words.append(say("report.agent.framed", lang, calls=shown["framed"], mean=figure(mean)))
    words.append(
        say(
            "report.agent.heard",
            lang,
            heard=shown["heard"],
            direction=say("report.agent.low" if size >= 0 else "report.agent.high", lang),
            size=figure(abs(size)),
            correction=DECIMALS["correction"](size),
            estimate=figure(shown["estimate"]),
        )
    )
    if cut_off(shown):
        words.append(say("report.agent.cut", lang))
    if shown["low"] is not None:
        limits = interval_text(shown["low"], shown["high"], lang)
        words.append(say("report.agent.interval", lang, interval=limits))
    else:
        words.append(say("report.agent.no_interval", lang, reason=interval_words(shown, lang)))
    if there(figures.pay) is not None:
        words.append(say("report.agent.pay", lang))
    remark = grade_remark(shown["grade"], shown["grade_open"], None, lang)
    words.append(
        say(
            "report.agent.grade_is",
            lang,
            estimate=figure(shown["estimate"]),
            grade=grade_text(shown["grade"], lang),
            remark=say("report.agent.grade_remark", lang, remark=remark) if remark else "",
        )
    )
    if shown["pay_yuan"] is not None:
        words.append(say("report.agent.pays", lang, yuan=DECIMALS["yuan"](shown["pay_yuan"])))
    if shown["severe_rate"] is not None and shown["severe_heard"]:
        share = DECIMALS["share"]
        limits = {name: share(shown[f"severe_{name}"]) for name in ("rate", "low", "high")}
        counts = say(f"report.agent.severe_{'zero' if context.zero_on_critical else 'kept'}", lang)
        words.append(say("report.agent.severe", lang, calls=shown["severe_heard"], counts=counts, **limits))
    return tuple(words)


def _statuses(figures: MonthFigures) -> dict[str, str]:
    """What the machine's verdicts count for, by item; nothing where that is not known."""
    known = there(figures.rule_statuses)
    return {} if known is None else dict(known.select("item", "status").iter_rows())


def _work_on(own: _Own, context: ReportContext, statuses: Mapping[str, str]) -> Section:
    """What to work on, under a heading that counts it."""
    lang = context.language
    points = _worst(own, context, statuses)
    title = say(f"report.agent.work_on.{len(points)}", lang)
    return Section(title, points=points or (say("report.agent.nothing", lang),))


def _worst(own: _Own, context: ReportContext, statuses: Mapping[str, str]) -> tuple[str, ...]:
    """The items that cost most points, each with places to hear; an inspector's words go first.

    Of items that people judge alone those that inspectors marked.
    """
    lang = context.language
    alone = [item for item, status in statuses.items() if status == "manual"]
    failed = own.findings.filter((pl.col("verdict") == "fail") & ~pl.col("item").is_in(alone))
    by_hand = [item for item in _marked_items(own) if item in alone]
    worst = (
        failed.with_columns(lost=pl.col("max_points") - pl.col("points"))
        .group_by("item")
        .agg(
            pl.col("lost").sum(),
            calls=pl.len(),
            unheard=(~pl.col("by_people")).sum(),
            critical=pl.col("critical").sum(),
        )
        .sort("critical", "lost", "calls", "item", descending=[True, True, True, False])
        .head(FAULTS_SHOWN)
    )
    judged = dict(own.findings.group_by("item").agg(pl.len()).iter_rows())
    points = []
    for row in worst.iter_rows(named=True):
        item = row["item"]
        head = say(
            "report.agent.fault", lang, item=context.name(item), calls=row["calls"], judged=judged[item]
        )
        if statuses.get(item) == "assisted" and row["unheard"]:
            every = row["unheard"] == row["calls"]
            some = {} if every else {"count": row["unheard"]}
            head += say("report.agent.to_confirm" if every else "report.agent.some_to_confirm", lang, **some)
        points.append(_point(head, item, own, context))
    for item in by_hand[: FAULTS_SHOWN - len(points)]:
        calls = own.marked.filter(pl.col("item") == item)["call_id"].n_unique()
        head = say("report.agent.fault_by_people", lang, item=context.name(item), calls=calls)
        points.append(_point(head, item, own, context))
    return tuple(points)


def _point(head: str, item: str, own: _Own, context: ReportContext) -> str:
    lang = context.language
    places, instead = _places(item, own, context)
    parts = [head]
    if places:
        shown = say("report.clause", lang).join(places)
        parts.append(say("report.agent.for_instance", lang, places=shown))
    return say("report.stop", lang).join([*parts, *instead])


def _marked_items(own: _Own) -> list[str]:
    """Items that inspectors marked, those of most calls first."""
    if own.marked.is_empty():
        return []
    counted = own.marked.group_by("item").agg(calls=pl.col("call_id").n_unique())
    return counted.sort("calls", "item", descending=[True, False])["item"].to_list()


def _places(item: str, own: _Own, context: ReportContext) -> tuple[list[str], list[str]]:
    """Where the item's faults are heard, and what to say instead, if an inspector wrote it."""
    lang = context.language
    found, instead, named = [], [], set[str]()
    if not own.marked.is_empty():
        marked = own.marked.filter(pl.col("item") == item).sort("start", "start_s", descending=True)
        for one in marked.head(_PLACES).iter_rows(named=True):
            place = _place(one["start"], one["call_id"], one["start_s"], one["words"] or "", context)
            found.append(place + say("report.agent.marked_by", lang))
            named.add(one["call_id"])
            if one["should_say"]:
                instead.append(say("report.agent.say_instead", lang, words=one["should_say"]))
    failed = own.findings.filter((pl.col("item") == item) & (pl.col("verdict") == "fail"))
    for one in failed.sort("critical", "start", descending=True).iter_rows(named=True):
        if len(found) >= _PLACES:
            break
        heard = say("report.agent.marked_by", lang) if one["by_people"] else ""
        if one["evidence"]:
            first = one["evidence"][0]
            words = shown_quote(first["quote"] or "", first["tier"], lang)
            place = _place(one["start"], one["call_id"], first["start_s"] or 0.0, words, context)
            found.append(place + heard)
        elif one["by_people"] and one["call_id"] not in named:
            found.append(
                say("report.agent.heard_in", lang, day=_when(one["start"]), call=one["call_id"]) + heard
            )
    return found, instead[:1]


def _place(start: Any, call: str, at_s: float, words: str, context: ReportContext) -> str:
    lang = context.language
    short = words if len(words) <= _WORDS_SHOWN else words[:_WORDS_SHOWN] + "…"
    return say(
        "report.agent.heard_at",
        lang,
        day=_when(start),
        call=call,
        place=clock(at_s),
        words=say("report.agent.words", lang, words=short) if short else "",
    )


def _when(start: Any) -> str:
    return f"{start:%m-%d %H:%M}" if start else "–"


def _praise(own: _Own, context: ReportContext) -> tuple[str, ...]:
    lang = context.language
    flawless = (
        own.findings.group_by("item")
        .agg(judged=pl.len(), failed=(pl.col("verdict") == "fail").sum(), worth=pl.col("max_points").max())
        .filter((pl.col("failed") == 0) & (pl.col("judged") >= _FLAWLESS_JUDGED))
        .sort("worth", "judged", "item", descending=[True, True, False])
    )
    points = [
        say("report.agent.flawless", lang, item=context.name(row["item"]), judged=row["judged"])
        for row in flawless.head(_FLAWLESS_SHOWN).iter_rows(named=True)
    ]
    # Months closed before people's verdicts were kept still know the faults that they list.
    faulty = [] if own.marked.is_empty() else own.marked["call_id"].to_list()
    clean = (pl.col("faults") == 0) & ~pl.col("call_id").is_in(faulty)
    best = own.calls.filter(clean & (pl.col("score") >= EXEMPLARY_SCORE)).sort(
        "score", "start", descending=[True, True], nulls_last=True
    )
    points += [
        say(
            "report.agent.good_call_by_people" if row["by_people"] else "report.agent.good_call",
            lang,
            day=_when(row["start"]),
            call=row["call_id"],
            score=DECIMALS["score"](row["score"]),
        )
        for row in best.head(2).iter_rows(named=True)
    ]
    return tuple(points)
