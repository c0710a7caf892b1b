"""A month as plain files, by name: what is kept when it is closed, what is exported, what is computed from.

| file | what |
|---|---|
| `about.json` | month, machine (model, rubric), scale, method, code, where the months before came from |
| `draws/N/frame.csv`, `draw.json` | a draw: calls, exclusions; seed, words, tickets, π, who heard what |
| `calls.csv` | machine score, critical faults and hashes of audio, turns and findings of every call |
| `rubric.toml`, `findings.jsonl` | what items cost; the machine's verdicts on the drawn calls |
| `events.jsonl` | all that inspectors did on the drawn calls, without words, corrections as rows |
| `rulings.jsonl` | what appeals and inspectors who differed have settled on them since, without the reasons |
| `history.jsonl`, `earlier.jsonl` | the months before, for the pay figure and for the control chart |
| `confirmations.json` | who agreed to which figure, and why others are missing |
"""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit import __version__
from qa_audit.audit.rulings import RULINGS_SCHEMA, rulings_from
from qa_audit.audit.scores import event_of, scored_sheets
from qa_audit.audit.sheet import sheets
from qa_audit.audit.words import joined
from qa_audit.closing.figures import CALLS, MonthInputs
from qa_audit.closing.filed_samples import FiledDraw, FiledSamples
from qa_audit.closing.scale import PayScale
from qa_audit.closing.words_file import EVENTS_FILE, RULINGS_FILE
from qa_audit.estimation.filtered import HISTORY
from qa_audit.estimation.groups import METHOD
from qa_audit.estimation.trend import MONTHS
from qa_audit.messages import QaError
from qa_audit.scoring.frames import FINDINGS_SCHEMA
from qa_audit.scoring.rubric_file import parse_rubric

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa_audit.audit.rulings import KeptRuling
    from qa_audit.audit.sheet import Sheet
    from qa_audit.scoring.rubric import Rubric

FORM = "qa-audit month 2"
"""Form of the files; another form is another text."""
_FORMS = ("qa-audit month 1", FORM)
"""Those that are read: in the first one events and rulings hold the words of people."""

Files = dict[str, bytes]
"""Content by name, names with "/"."""

_FRAME = re.compile(r"draws/(\d+)/frame\.csv")
_LIBRARIES = ("numpy", "scipy", "polars")


@dataclass(frozen=True, slots=True)
class Sources:
    """A month as it is in a workspace: what `filed` writes down."""

    month: str
    machine: Mapping[str, Any]
    """`name` as in `MonthInputs.machine`, and what it stands for."""
    draws: Mapping[int, tuple[bytes, Mapping[str, Any]]]
    """Frame and record (`sampling.export.draw_json`) of each draw in force."""
    calls: pl.DataFrame
    """`figures.CALLS`."""
    rubric: bytes
    """The rubric's file."""
    findings: pl.DataFrame
    """`FINDINGS_SCHEMA`, of the drawn calls."""
    events: pl.DataFrame
    """`audit.filed_words.FILED_EVENTS`, of the drawn calls."""
    rulings: pl.DataFrame
    """`audit.filed_words.FILED_RULINGS`, of the drawn calls."""
    history: pl.DataFrame
    earlier: pl.DataFrame
    provenance: Sequence[Mapping[str, Any]]
    """Where each month of `history` came from."""
    scale: PayScale
    method: int = METHOD
    """As in `MonthInputs`."""


def filed(sources: Sources, **more: Any) -> Files:
    """The files of a month; `more` joins `about.json`. The same sources give the same bytes."""
    about = {
        "form": FORM,
        "month": sources.month,
        "time_zone": "Asia/Shanghai",
        "machine": dict(sources.machine),
        "scale": sources.scale.as_json(),
        "group_method": sources.method,
        "months_before": [dict(one) for one in sources.provenance],
        "code": {
            "qa_audit": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
        **more,
    }
    files = {
        "about.json": json_bytes(about),
        "calls.csv": _calls_csv(sources.calls),
        "rubric.toml": sources.rubric,
        "findings.jsonl": lines(_plain_findings(sources.findings)),
        EVENTS_FILE: lines(sources.events.iter_rows(named=True)),
        RULINGS_FILE: lines(sources.rulings.iter_rows(named=True)),
        "history.jsonl": lines(sources.history.sort("month", "agent").iter_rows(named=True)),
        "earlier.jsonl": lines(sources.earlier.sort("key", "month").iter_rows(named=True)),
    }
    for number, (frame, record) in sources.draws.items():
        files[f"draws/{number}/frame.csv"] = frame
        files[f"draws/{number}/draw.json"] = json_bytes(record)
    return files


def inputs_of(files: Mapping[str, bytes]) -> MonthInputs:
    """What `filed` wrote, ready to be computed.

    Raises `QaError`: `closing.no_file` for one that is missing, `closing.other_form`, `closing.other_method`,
    `closing.bad_file` for one that cannot be read, and those of `FiledDraw.read`.
    """
    about = read_json(files, "about.json")
    if about.get("form") not in _FORMS:
        raise QaError("closing.other_form", got=about.get("form"), known=FORM)
    # Months closed before there was a second method do not name theirs.
    method = about.get("group_method", 1)
    if method not in range(1, METHOD + 1):
        raise QaError("closing.other_method", got=method, known=METHOD)
    rubric = rubric_in(files)
    findings = findings_in(files)
    return MonthInputs(
        about["month"],
        about["machine"]["name"],
        samples_of(files),
        _calls_of(files),
        scored_sheets(sheets_of(files), rubric, findings, rulings_in(files)),
        _frame_of(files, "history.jsonl", HISTORY),
        _frame_of(files, "earlier.jsonl", MONTHS),
        PayScale.from_json(about["scale"]),
        method,
    )


def json_bytes(value: Any) -> bytes:
    """JSON that people can read, the same on every machine."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=_written)
    return f"{text}\n".encode()


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One JSON object a line."""
    written = (json.dumps(row, ensure_ascii=False, sort_keys=True, default=_written) for row in rows)
    return "".join(f"{line}\n" for line in written).encode()


def read_json(files: Mapping[str, bytes], name: str) -> Any:
    """A JSON file. Raises `QaError` `closing.no_file`, `closing.bad_file`."""
    try:
        return json.loads(_file(files, name))
    except ValueError as error:
        raise QaError("closing.bad_file", file=name, reason=error) from error


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise QaError("closing.no_file", file=name)
    return files[name]


def _rows(files: Mapping[str, bytes], name: str) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in _file(files, name).splitlines()]
    except ValueError as error:
        raise QaError("closing.bad_file", file=name, reason=error) from error


def _frame_of(files: Mapping[str, bytes], name: str, schema: pl.Schema) -> pl.DataFrame:
    try:
        return pl.DataFrame(_rows(files, name), schema)
    except (pl.exceptions.PolarsError, TypeError) as error:
        raise QaError("closing.bad_file", file=name, reason=error) from error


def _plain_findings(findings: pl.DataFrame) -> Iterable[dict[str, Any]]:
    """Findings without the words that were heard: of these no figure is made."""
    kept = findings.filter(pl.col("kind") == "item").drop("evidence")
    return ({**row, "evidence": []} for row in kept.sort("call_id", "item").iter_rows(named=True))


def _calls_csv(calls: pl.DataFrame) -> bytes:
    judged = pl.col("critical").is_not_null()
    written = calls.sort("call_id").with_columns(
        judged=judged, critical=pl.col("critical").list.sort().list.join(" ")
    )
    return written.select(_WRITTEN.names()).write_csv().encode()


_WRITTEN = pl.Schema({**CALLS, "critical": pl.String(), "judged": pl.Boolean()})


def _calls_of(files: Mapping[str, bytes]) -> pl.DataFrame:
    try:
        found = pl.read_csv(_file(files, "calls.csv"), schema=_WRITTEN)
    except pl.exceptions.PolarsError as error:
        raise QaError("closing.bad_file", file="calls.csv", reason=error) from error
    names = pl.col("critical").fill_null("").str.split(" ").list.eval(pl.element().filter(pl.element() != ""))
    return found.with_columns(critical=pl.when("judged").then(names)).select(CALLS.names())


def findings_in(files: Mapping[str, bytes]) -> pl.DataFrame:
    """The machine's verdicts on the drawn calls. Raises `QaError` `closing.no_file`, `closing.bad_file`."""
    return _frame_of(files, "findings.jsonl", FINDINGS_SCHEMA)


def rubric_in(files: Mapping[str, bytes]) -> Rubric:
    """The rubric. Raises `QaError` `closing.no_file` and as `load_rubric`."""
    return parse_rubric(_file(files, "rubric.toml"), "rubric.toml")


def sheets_of(files: Mapping[str, bytes]) -> list[Sheet]:
    """What inspectors decided, in order of call and inspector. Raises `QaError` `closing.bad_file`."""
    rows = _rows(files, EVENTS_FILE)
    try:
        events = [event_of(_with_erased(row)) for row in rows]
    except (KeyError, ValueError, TypeError) as error:
        raise QaError("closing.bad_file", file=EVENTS_FILE, reason=error) from error
    found = sheets(events)
    return [found[key] for key in sorted(found)]


def _with_erased(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of `EVENTS_FILE` as `event_of` takes it: what lies apart is as if it were deleted."""
    payload = joined(json.loads(row["payload"]), None)
    return {**row, "payload": json.dumps(payload), "at": datetime.fromisoformat(row["at"])}


def rulings_in(files: Mapping[str, bytes]) -> list[KeptRuling]:
    """What was settled on the drawn calls; months closed by the first versions lack it.

    Raises `QaError` `closing.bad_file`.
    """
    rows = _rows(files, RULINGS_FILE) if RULINGS_FILE in files else []
    try:
        made = [{**row, "at": datetime.fromisoformat(row["at"])} for row in rows]
        return rulings_from(pl.DataFrame(made, RULINGS_SCHEMA))
    except (KeyError, ValueError, TypeError, pl.exceptions.PolarsError) as error:
        raise QaError("closing.bad_file", file=RULINGS_FILE, reason=error) from error


def samples_of(files: Mapping[str, bytes]) -> FiledSamples:
    """The draws. Raises `QaError` as `FiledDraw.read`."""
    numbers = sorted(int(match[1]) for name in files if (match := _FRAME.fullmatch(name)))
    return FiledSamples(
        {
            number: FiledDraw.read(
                read_json(files, f"draws/{number}/draw.json"), files[f"draws/{number}/frame.csv"]
            )
            for number in numbers
        }
    )
