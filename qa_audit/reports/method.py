"""方法: how the figures come about and all that is needed to compute them again, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.estimation.bands import GRADES, band_name
from qa_audit.estimation.filtered import WINDOW
from qa_audit.messages import say, speaking
from qa_audit.reports.design_words import design_words
from qa_audit.reports.document import Section
from qa_audit.reports.figures import there
from qa_audit.reports.rule_status_section import rule_status_sections
from qa_audit.reports.table import DECIMALS

if TYPE_CHECKING:
    from qa_audit.messages import Language
    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.figures import MonthFigures

METHOD = "方法"
"""Sheet name, the same in every language."""

_STEPS = ("machine", "draw", "heard", "correction", "slope", "interval", "pay", "not_pulled", "rounding")
_POOLED = ("prior_df", "prior_variance", "severity", "drift")


def method_sections(context: ReportContext, figures: MonthFigures) -> tuple[Section, ...]:
    """The steps from calls to grades, what rules may do, draws, what was pooled, what made the scores."""
    lang = context.language
    steps = [
        say(f"report.method.{step}", lang, window=WINDOW)
        for step in _STEPS
        if step != "pay" or there(figures.pay) is not None
    ]
    sections = [
        Section(say("report.method.steps", lang), points=tuple(steps)),
        Section(
            say("report.method.grades_title", lang),
            (*_grades(figures, lang), say("report.method.open", lang)),
        ),
    ]
    sections += rule_status_sections(context, figures)
    draws = there(figures.draws)
    if draws is not None:
        for row in draws.iter_rows(named=True):
            title = say("report.method.draw_title", lang, draw=row["draw"])
            pairs = [
                (say(f"report.method.{name}", lang), _shown(name, row[name], lang))
                for name in ("drawn_at", "who", "design", "frame_calls", "drawn")
                if row[name] is not None
            ]
            pairs += [
                (say(f"report.method.{name}", lang), row[name])
                for name in ("frame_sha256", "seed", "receipt")
                if row[name] is not None
            ]
            alone = (say("report.method.alone", lang, who=row["who"]),) if row["alone"] else ()
            sections.append(Section(title, pairs=tuple(pairs), notes=alone))
    if figures.pooled:
        pairs = tuple(
            (say(f"report.method.{name}", lang), DECIMALS["ratio"](figures.pooled[name]))
            for name in _POOLED
            if name in figures.pooled
        )
        sections.append(Section(say("report.method.pooled_title", lang), pairs=pairs))
    sections.append(Section(say("report.notes.made_title", lang), pairs=made_by(context)))
    return tuple(sections)


def made_by(context: ReportContext) -> tuple[tuple[str, str], ...]:
    """Rubric with its hash, recogniser and code behind the scores, as labels and values."""
    lang = context.language
    rubric = say("report.notes.rubric_value", lang, id=context.rubric_id, version=context.rubric_version)
    engine = say(
        "report.notes.engine_value",
        lang,
        engine=context.engine,
        model=context.model,
        preset=context.preset,
    )
    return (
        (say("report.notes.rubric", lang), rubric),
        (say("report.notes.rubric_hash", lang), context.rubric_sha256),
        (say("report.notes.engine", lang), engine),
        (say("report.notes.code", lang), context.code_version),
        *([(say("report.notes.head", lang), context.chain_head)] if context.chain_head else []),
    )


def _grades(figures: MonthFigures, lang: Language) -> tuple[str, ...]:
    """The limits of the grades, and what they pay where the month has a scale of amounts."""
    bands = GRADES if figures.scale is None else figures.scale.bands
    clause, stop = say("report.clause", lang), say("report.stop", lang)
    with speaking(lang):
        names = [band_name(name) for name in bands.names]
    parts = [say("report.method.grade_below", lang, name=names[0], limit=f"{bands.limits[0]:g}")]
    parts += [
        say("report.method.grade_from", lang, name=name, limit=f"{limit:g}")
        for name, limit in zip(names[1:], bands.limits, strict=True)
    ]
    limits = clause.join(parts) + stop
    if figures.scale is None:
        return (limits,)
    paid = zip(names, figures.scale.amounts_yuan, strict=True)
    amounts = [
        say("report.method.grade_amount", lang, name=name, amount=f"{amount:g}") for name, amount in paid
    ]
    return limits, say("report.method.grade_pays", lang, amounts=clause.join(amounts)) + stop


def _shown(name: str, value: object, lang: Language) -> str:
    if name == "design":
        return design_words(str(value), lang)
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value)
