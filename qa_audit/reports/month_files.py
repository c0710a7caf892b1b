"""Everything of a month in one folder: workbook, CSV, charts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa_audit.estimation.month import calls_of_month, findings_of
from qa_audit.messages import QaError
from qa_audit.reports.agents_chart import agents_chart
from qa_audit.reports.charts import save_png
from qa_audit.reports.csv_file import write_csv
from qa_audit.reports.items_chart import items_chart
from qa_audit.reports.tables import AGENTS, CALLS, FAULTS, TEAMS, month_tables
from qa_audit.reports.workbook import write_workbook

if TYPE_CHECKING:
    import polars as pl

    from qa_audit.reports.context import ReportContext


@dataclass(frozen=True, slots=True)
class MonthFiles:
    """Where the files of a month lie."""

    workbook: Path
    teams_csv: Path
    agents_csv: Path
    calls_csv: Path
    faults_csv: Path
    agents_png: Path
    items_png: Path


def write_month(
    out_dir: str | Path, month: str, calls: pl.DataFrame, findings: pl.DataFrame, context: ReportContext
) -> MonthFiles:
    """Write the workbook `2026-10.xlsx`, its tables as `2026-10-员工.csv` …, and the charts as PNG.

    `calls` and `findings` as in `qa_audit.estimation.frames`; calls of other months are left out, so are
    findings of other calls. Each file appears whole or not at all, and equal input gives equal bytes.
    `month` and `context.month` must be one.

    Raises `QaError` `report.other_month`, and as `calls_of_month` and `store.files.replacing`.
    """
    if month != context.month:
        raise QaError("report.other_month", month=month, context=context.month)
    calls = calls_of_month(calls, month)
    findings = findings_of(calls, findings)
    tables = month_tables(calls, findings, context)
    folder = Path(out_dir)
    files = MonthFiles(
        workbook=folder / f"{month}.xlsx",
        teams_csv=folder / f"{month}-{TEAMS}.csv",
        agents_csv=folder / f"{month}-{AGENTS}.csv",
        calls_csv=folder / f"{month}-{CALLS}.csv",
        faults_csv=folder / f"{month}-{FAULTS}.csv",
        agents_png=folder / f"{month}-{AGENTS}.png",
        items_png=folder / f"{month}-项目.png",
    )
    write_workbook(files.workbook, calls, findings, context, tables)
    sheets = (files.teams_csv, files.agents_csv, files.calls_csv, files.faults_csv)
    for path, table in zip(sheets, tables, strict=True):
        write_csv(path, table)
    save_png(agents_chart(calls, findings, context), files.agents_png)
    save_png(items_chart(calls, findings, context), files.items_png)
    return files
