"""What a closed month's report is made from, as files: calls, the machine's verdicts, frames by name.

| file | what |
|---|---|
| `report/calls.csv` | every call of the month as it was: whose, which team, score, critical faults |
| `report/verdicts.csv` | the machine's verdict and points, a column an item |
| `report/frames.json` | what people's hearing told: rates, agreement, registers, trend |

No word that was said or written is in them: words may have to be deleted, a closed month may not change.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from qa_audit.closing.filing import json_bytes, read_json
from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa_audit.closing.filing import Files

CALLS_FILE, VERDICTS_FILE, FRAMES_FILE = "report/calls.csv", "report/verdicts.csv", "report/frames.json"

REPORT_CALLS = pl.Schema({**CALLS, "findings": pl.String()})
"""`estimation.frames.CALLS`, and the key of the call's findings: by it their words are found again."""

_WRITTEN = pl.Schema({**REPORT_CALLS, "critical": pl.String(), "start": pl.String()})
_LETTERS = {"pass": "p", "fail": "f", "not_applicable": "n", "uncertain": "u"}
_VERDICTS = {letter: verdict for verdict, letter in _LETTERS.items()}
_SEVERE = "!"


class ReportFrames(NamedTuple):
    """What the files hold."""

    calls: pl.DataFrame
    """`REPORT_CALLS`."""
    findings: pl.DataFrame
    """`estimation.frames.FINDINGS`, `evidence` empty."""
    frames: dict[str, pl.DataFrame]
    values: Mapping[str, Any]
    """What is no frame, by name."""


def report_files(
    calls: pl.DataFrame,
    findings: pl.DataFrame,
    frames: Mapping[str, pl.DataFrame],
    values: Mapping[str, Any],
) -> Files:
    """The files of a month's report; arguments as `ReportFrames`. Equal frames give equal bytes."""
    rows = {name: frame.rows(named=True) for name, frame in frames.items()}
    written = calls.sort("start", "call_id").with_columns(
        pl.col("critical").list.sort().list.join(" "),
        pl.col("start").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f"),
    )
    return {
        CALLS_FILE: written.select(_WRITTEN.names()).write_csv().encode(),
        VERDICTS_FILE: _verdicts_csv(findings),
        FRAMES_FILE: json_bytes({"frames": rows, "values": dict(values)}),
    }


def has_report(files: Mapping[str, bytes]) -> bool:
    """Whether the report was kept: months closed by earlier versions lack it."""
    return FRAMES_FILE in files


def read_report(files: Mapping[str, bytes], schemas: Mapping[str, pl.Schema]) -> ReportFrames:
    """What `report_files` wrote; frames that were not kept are empty, columns that were not are null.

    Raises `QaError` `closing.no_file`, `closing.bad_file`.
    """
    kept = read_json(files, FRAMES_FILE)
    try:
        frames = {name: _frame(kept["frames"].get(name, ()), schema) for name, schema in schemas.items()}
        values = dict(kept["values"])
    except (KeyError, ValueError, TypeError, pl.exceptions.PolarsError) as error:
        raise QaError("closing.bad_file", file=FRAMES_FILE, reason=error) from error
    return ReportFrames(_calls(files), _findings(files), frames, values)


def _frame(rows: list[dict[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    times = [name for name, kind in schema.items() if isinstance(kind, pl.Datetime)]
    read = [
        {**row, **{name: datetime.fromisoformat(row[name]) for name in times if row.get(name) is not None}}
        for row in rows
    ]
    return pl.DataFrame(read, schema)


def _csv(files: Mapping[str, bytes], name: str, **options: Any) -> pl.DataFrame:
    if name not in files:
        raise QaError("closing.no_file", file=name)
    try:
        return pl.read_csv(files[name], **options)
    except pl.exceptions.PolarsError as error:
        raise QaError("closing.bad_file", file=name, reason=error) from error


def _calls(files: Mapping[str, bytes]) -> pl.DataFrame:
    names = pl.col("critical").fill_null("").str.split(" ").list.eval(pl.element().filter(pl.element() != ""))
    start = pl.col("start").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    return _csv(files, CALLS_FILE, schema=_WRITTEN).with_columns(start, critical=names)


def _verdicts_csv(findings: pl.DataFrame) -> bytes:
    """A line a call; in each cell verdict, points and most points, and `!` where the fault is critical."""
    cell = pl.concat_str(
        pl.col("verdict").replace(_LETTERS),
        pl.col("points").cast(pl.String).fill_null(""),
        pl.lit("/"),
        pl.col("max_points").cast(pl.String).fill_null(""),
        pl.when("critical").then(pl.lit(_SEVERE)).otherwise(pl.lit("")),
    )
    long = findings.select("call_id", rule=pl.concat_str("kind", pl.lit(":"), "item"), cell=cell)
    rules = long["rule"].unique().sort().to_list()
    wide = long.pivot("rule", index="call_id", values="cell", on_columns=rules)
    return wide.sort("call_id").write_csv().encode()


def _findings(files: Mapping[str, bytes]) -> pl.DataFrame:
    wide = _csv(files, VERDICTS_FILE, infer_schema=False)
    long = wide.unpivot(index="call_id", variable_name="rule", value_name="cell").drop_nulls("cell")
    # A month has a million cells and a few dozen that differ.
    try:
        cells = pl.DataFrame([_cell(one) for one in long["cell"].unique()], _CELL, orient="row")
    except (ValueError, KeyError) as error:
        raise QaError("closing.bad_file", file=VERDICTS_FILE, reason=error) from error
    rule = pl.col("rule").str.splitn(":", 2)
    none = pl.lit([], FINDINGS["evidence"])
    return (
        long.join(cells, on="cell", how="left", maintain_order="left")
        .with_columns(kind=rule.struct.field("field_0"), item=rule.struct.field("field_1"), evidence=none)
        .sort("call_id", maintain_order=True)
        .select(pl.col(name).cast(kind) for name, kind in FINDINGS.items())
    )


_CELL = pl.Schema(
    {
        "cell": pl.String(),
        "verdict": pl.String(),
        "points": pl.Float64(),
        "max_points": pl.Float64(),
        "critical": pl.Boolean(),
    }
)


def _cell(text: str) -> tuple[str, str, float | None, float | None, bool]:
    points, _, most = text[1:].removesuffix(_SEVERE).partition("/")
    return (
        text,
        _VERDICTS[text[:1]],
        float(points) if points else None,
        float(most) if most else None,
        text.endswith(_SEVERE),
    )
