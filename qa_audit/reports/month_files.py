"""Everything of a month in one folder: workbook, page, PDF, CSV, Parquet, charts, a sheet for each agent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from qa_audit.estimation.agent_names import agent_names
from qa_audit.estimation.conditions import SamenessSettings
from qa_audit.estimation.month import agent_month, calls_of_month, findings_of
from qa_audit.messages import QaError
from qa_audit.reports.agent_document import agent_documents
from qa_audit.reports.agents_chart import agents_chart
from qa_audit.reports.charts import save_png
from qa_audit.reports.coaching_chart import coaching_chart
from qa_audit.reports.csv_file import write_csv
from qa_audit.reports.figures import MonthFigures, there
from qa_audit.reports.funnel_chart import funnel_chart
from qa_audit.reports.html_page import html_of
from qa_audit.reports.items_chart import items_chart
from qa_audit.reports.month_document import centre_of, month_document, trend_names
from qa_audit.reports.pdf_page import pdf_of
from qa_audit.reports.register_tables import COACHED
from qa_audit.reports.sameness_chart import sameness_chart
from qa_audit.reports.script_frames import frames_for_scripts
from qa_audit.reports.service_tables import SAMENESS
from qa_audit.reports.sheets import all_tables
from qa_audit.reports.tables import AGENTS
from qa_audit.reports.trend_chart import trend_chart
from qa_audit.reports.workbook import write_workbook
from qa_audit.sampling.frame import agent_key
from qa_audit.store.file_stem import file_stem
from qa_audit.store.files import replacing, write_bytes, write_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import polars as pl
    from matplotlib.figure import Figure

    from qa_audit.reports.context import ReportContext
    from qa_audit.reports.table import Table

Format = Literal["xlsx", "html", "pdf", "csv", "parquet", "png", "agents"]
FORMATS: tuple[Format, ...] = ("xlsx", "html", "pdf", "csv", "parquet", "png", "agents")
"""`agents` is a folder with a one-page PDF for each agent."""

AGENT_PAGES = "成绩单"


@dataclass(frozen=True, slots=True)
class _Month:
    """A month with what all its files share."""

    folder: Path
    calls: pl.DataFrame
    findings: pl.DataFrame
    context: ReportContext
    figures: MonthFigures
    agents: pl.DataFrame
    """`agent_month`."""
    tables: tuple[Table, ...] = field(default=())

    def path(self, ending: str) -> Path:
        return self.folder / f"{self.context.month}{ending}"

    def names(self) -> Mapping[str, str]:
        """Number and name of every agent by key."""
        return agent_names(self.calls)


def write_month(
    out_dir: str | Path,
    month: str,
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    context: ReportContext,
    *,
    figures: MonthFigures | None = None,
    formats: Collection[Format] = FORMATS,
) -> tuple[Path, ...]:
    """Write the month in `formats` into a folder: `2026-10.xlsx`, `2026-10-员工.csv` …; the paths written.

    `calls` and `findings` as in `qa_audit.estimation.frames`; calls of other months are left out, so are
    findings of other calls. Each file appears whole or not at all, and equal input gives equal bytes.
    `month` and `context.month` must be one. `figures` is what people's hearing adds.

    Raises `QaError` `report.other_month`, `report.bad_format`, and as `calls_of_month` and
    `store.files.replacing`.
    """
    if month != context.month:
        raise QaError("report.other_month", month=month, context=context.month)
    for wanted in formats:
        if wanted not in FORMATS:
            raise QaError("report.bad_format", got=wanted, allowed=", ".join(FORMATS))
    figures = MonthFigures() if figures is None else figures
    context = replace(context, checked=figures.checked)
    calls = calls_of_month(calls, month)
    findings = findings_of(calls, findings)
    agents = agent_month(calls, findings)
    made = _Month(Path(out_dir), calls, findings, context, figures, agents)
    if not {"xlsx", "html", "pdf", "csv"}.isdisjoint(formats):
        made = replace(made, tables=all_tables(calls, findings, context, figures))
    paths: list[Path] = []
    if "xlsx" in formats:
        paths.append(made.path(".xlsx"))
        write_workbook(paths[0], calls, findings, context, figures=figures, tables=made.tables)
    paths += _pages(made, formats)
    if "csv" in formats:
        for table in made.tables:
            paths.append(made.path(f"-{table.name}.csv"))
            write_csv(paths[-1], table)
    if "parquet" in formats:
        for name, frame in frames_for_scripts(calls, findings, figures, agents).items():
            paths.append(made.path(f"-{name}.parquet"))
            with replacing(paths[-1]) as out:
                frame.write_parquet(out)
    if "png" in formats:
        for name, chart in _charts(made):
            paths.append(made.path(f"-{name}.png"))
            save_png(chart, paths[-1])
    if "agents" in formats:
        paths += _agent_pages(made)
    return tuple(paths)


def _pages(made: _Month, formats: Collection[Format]) -> list[Path]:
    if "html" not in formats and "pdf" not in formats:
        return []
    page = month_document(
        made.calls, made.findings, made.context, made.figures, tables=made.tables, names=made.names()
    )
    paths = []
    if "html" in formats:
        paths.append(made.path(".html"))
        write_text(paths[-1], html_of(page))
    if "pdf" in formats:
        paths.append(made.path(".pdf"))
        write_bytes(paths[-1], pdf_of(page))
    return paths


def _charts(made: _Month) -> Iterator[tuple[str, Figure]]:
    figures, context = made.figures, made.context
    yield AGENTS, agents_chart(made.calls, made.findings, context)
    yield "项目", items_chart(made.calls, made.findings, context)
    if (agents := there(figures.agents)) is not None:
        yield "漏斗图", funnel_chart(agents, centre_of(figures), made.names(), context)
    if (trend := there(figures.trend)) is not None:
        yield "趋势", trend_chart(trend, trend_names(trend, context.language), context)
    if (coaching := there(figures.coaching)) is not None:
        yield COACHED, coaching_chart(coaching, context)
    if (same := there(figures.sameness)) is not None:
        matters = figures.matters_points
        settings = None if matters is None else SamenessSettings(matters_points=matters)
        yield SAMENESS, sameness_chart(same, context, made.names(), settings)


def _agent_pages(made: _Month) -> list[Path]:
    folder = made.path(f"-{AGENT_PAGES}")
    calls = made.calls.with_columns(agent_key())
    paths: list[Path] = []
    taken: set[str] = set()
    for page in agent_documents(made.agents, calls, made.findings, made.context, made.figures):
        # A number may hold what a file name can't, and two agents may share one.
        stem = file_stem(page.number or page.agent)
        while stem.casefold() in taken:
            stem += "_"
        taken.add(stem.casefold())
        paths.append(folder / f"{stem}.pdf")
        write_bytes(paths[-1], pdf_of(page.document))
    return paths
