"""工差登记表: the register of faults as a workbook or a CSV."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
import xlsxwriter

from qa_audit.messages import QaError, language, say
from qa_audit.reports.csv_file import write_csv
from qa_audit.reports.look import Look
from qa_audit.reports.sheet_rows import fill_tables
from qa_audit.reports.table import Column, Table
from qa_audit.reports.tables import clock_text
from qa_audit.reports.workbook import write_table_sheet
from qa_audit.store.files import replacing

if TYPE_CHECKING:
    from pathlib import Path

    from qa_audit.reports.table import Kind
    from qa_audit.scoring.rubric import Rubric

REGISTER = "工差登记表"
"""The sheet's name is the same in every language."""

_COLUMNS: tuple[tuple[str, Kind, float], ...] = (
    ("start", "when", 17),
    ("team", "text", 12),
    ("agent_no", "text", 10),
    ("agent_name", "text", 10),
    ("call_id", "text", 21),
    ("place", "text", 13),
    ("item", "text", 16),
    ("severity", "text", 9),
    ("should_say", "long", 36),
    ("comment", "long", 36),
    ("inspector", "text", 10),
    ("marked_at", "when", 17),
    ("nth", "count", 9),
    ("struck", "text", 11),
    ("clip", "text", 38),
)


def register_table(faults: pl.DataFrame, rubric: Rubric) -> Table:
    """The register in words: `faults` as `FollowUp.faults` gives them; `marked_at` stays UTC and says so."""
    lang = language()
    names = {item: rubric.name_of(item, lang) for item in faults["item"].unique()}
    severities = {name: say(f"faults.severity.{name}") for name in ("minor", "major", "critical")}
    place = pl.concat_str(clock_text(pl.col("start_s")), pl.lit("–"), clock_text(pl.col("end_s")))
    frame = faults.with_columns(
        place=place,
        item=pl.col("item").replace(names),
        severity=pl.col("severity").replace(severities),
        marked_at=pl.col("marked_at").dt.replace_time_zone(None),
        struck=pl.when("struck").then(pl.lit(say("faults.struck"))).otherwise(pl.lit("")),
    ).select(name for name, *_ in _COLUMNS)
    columns = tuple(Column(name, say(f"faults.column.{name}"), kind, width) for name, kind, width in _COLUMNS)
    return Table(REGISTER, columns, frame, frozen_columns=1)


def write_register(path: Path, faults: pl.DataFrame, rubric: Rubric) -> Path:
    """Write the register to `path`, whole or not at all: `.xlsx` or `.csv` by its ending.

    Raises `QaError` `faults.file_kind` and those of `store.files.replacing`.
    """
    table = register_table(faults, rubric)
    kind = path.suffix.lower()
    if kind == ".csv":
        write_csv(path, table)
    elif kind == ".xlsx":
        skeleton = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(skeleton, options)
        write_table_sheet(book.add_worksheet(REGISTER), Look(book, language()), table)
        book.close()
        with replacing(path) as temporary, temporary.open("wb") as out:
            fill_tables(skeleton, out, {1: table})
    else:
        raise QaError("faults.file_kind", path=path)
    return path
