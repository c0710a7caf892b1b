"""The frame: every call of a month that could be drawn, frozen with the design, and known by a hash.

A frozen frame is a text, so that `sha256sum frame.csv` gives its hash: a first line with month and design,
then a CSV with a row a call in order of call id. Strata follow from it, tickets from it and the seed.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.calls.query import month_bounds
from qa_audit.messages import QaError
from qa_audit.sampling.design import Design

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date

FRAME_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "agent": pl.String,
        "agent_no": pl.String,
        "agent_name": pl.String,
        "team": pl.String,
        "start": pl.Datetime("us"),
        "duration_s": pl.Float64,
        "recording": pl.String,
        "new_agent": pl.Boolean,
        "score": pl.Float64,
        "excluded": pl.String,
    }
)
"""Columns of a frame. `agent` is the key of a person (`agent_key`), `team` the team at the time of the call,
`recording` the SHA-256 of the audio, `score` the machine's, 0 to 100 or null, `excluded` null for calls that
can be drawn, else "no_recording" (nothing to hear) or "no_agent" (nobody's call)."""

_FORM = "qa-audit frame 1"
_QUOTED = re.compile(r'[",\r\n]')


@dataclass(frozen=True)
class Frame:
    """Calls (`FRAME_SCHEMA`, in order of call id) and the design by which they are to be drawn."""

    month: str
    design: Design
    calls: pl.DataFrame

    @cached_property
    def drawable(self) -> pl.DataFrame:
        """The calls that can be drawn."""
        return self.calls.filter(pl.col("excluded").is_null())

    @cached_property
    def content(self) -> bytes:
        """The frame as text (UTF-8), the same on every machine."""
        head = {"design": json.loads(self.design.as_text()), "month": self.month}
        lines = [f"# {_FORM} {json.dumps(head, sort_keys=True, separators=(',', ':'))}"]
        lines.append(",".join(FRAME_SCHEMA))
        lines += [",".join(map(_written, row)) for row in self.calls.iter_rows()]
        return "".join(f"{line}\n" for line in lines).encode("utf-8")

    @cached_property
    def sha256(self) -> str:
        """Hash of `content`."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def read(cls, content: bytes) -> Frame:
        """The frame whose `content` this is. Raises `QaError` `sampling.bad_frame`."""
        try:
            head, _, table = content.decode("utf-8").partition("\n")
            values = json.loads(head.removeprefix(f"# {_FORM} "))
            first, *rows = csv.reader(io.StringIO(table, newline=""), strict=True)
            if not head.startswith(f"# {_FORM} ") or first != FRAME_SCHEMA.names():
                raise ValueError(head)
            # By column, for there may be a hundred thousand rows.
            columns = zip(*rows, strict=True) if rows else [()] * len(first)
            read = {name: _READ[name](cells) for name, cells in zip(first, columns, strict=True)}
            calls = pl.DataFrame(read, FRAME_SCHEMA)
            return cls(values["month"], Design.from_json(values["design"]), calls)
        except (ValueError, KeyError, TypeError, csv.Error, QaError) as error:
            raise QaError("sampling.bad_frame", reason=error) from error


def agent_key() -> pl.Expr:
    """Whose call a row of `calls_frame` is: a person, else a number, else a name, else null.

    >>> who = {"person_id": ["P1", None], "agent_no": ["8001", "8001"], "agent_name": ["张三", None]}
    >>> pl.DataFrame(who).select(agent_key())["agent"].to_list()
    ['person:P1', 'number:8001']
    """
    return pl.coalesce(
        "person:" + pl.col("person_id"), "number:" + pl.col("agent_no"), "name:" + pl.col("agent_name")
    ).alias("agent")


def make_frame(
    calls: pl.DataFrame,
    month: str,
    design: Design,
    *,
    teams: Collection[str] = (),
    days: tuple[int, int] | None = None,
    first_days: Mapping[str, date] | None = None,
    new_within_days: int = 90,
) -> Frame:
    """The frame of a month ("2026-10"), of all teams or of `teams`, whole or from one day of it to another.

    `calls` has the columns of `Workspace.calls`: `calls_frame` with `score` and `duration_s`. An agent
    belongs to the team of the last call in the month, with all calls of that month, so that whoever changed
    teams is drawn once and judged on the whole. `first_days` tells the first day of people by `person_id`;
    who came less than `new_within_days` before the last day drawn from is a new agent.

    Raises `QaError`: `sampling.double_call`, `sampling.bad_score`, `sampling.bad_days`, `sampling.no_team`,
    `sampling.no_calls`, `calls.bad_month`.
    """
    first, following = month_bounds(month)
    last_day = (following - first).days
    from_day, to_day = days or (1, last_day)
    if not 1 <= from_day <= to_day <= last_day:
        raise QaError("sampling.bad_days", first=from_day, last=to_day, most=last_day)
    found = _checked(calls.filter((pl.col("start") >= first) & (pl.col("start") < following)))
    if teams:
        found = _of_teams(found, teams)
    day = pl.col("start").dt.day()
    found = found.filter(day.is_between(from_day, to_day))
    if found.is_empty():
        raise QaError("sampling.no_calls", month=month, first=from_day, last=to_day)
    people = [
        name
        for name, since in (first_days or {}).items()
        if (first.date().replace(day=to_day) - since).days < new_within_days
    ]
    excluded = (
        pl.when(pl.col("recording").is_null() | pl.col("sha256").is_null())
        .then(pl.lit("no_recording"))
        .when(pl.col("agent").is_null())
        .then(pl.lit("no_agent"))
    )
    frame = found.select(
        *("call_id", "agent", "agent_no", "agent_name", "team", "start", "duration_s"),
        excluded=excluded,
        recording=pl.col("sha256"),
        new_agent=pl.col("person_id").is_in(people).fill_null(False),
        score=pl.col("score"),
    )
    frame = frame.select(pl.col(name).cast(kind) for name, kind in FRAME_SCHEMA.items())
    # By code point, as Python sorts: not every library does.
    order = sorted(range(frame.height), key=frame["call_id"].to_list().__getitem__)
    return Frame(month, design, frame[order])


def _checked(calls: pl.DataFrame) -> pl.DataFrame:
    blank = [
        pl.col(name).str.strip_chars().replace("", None)
        for name in ("agent_no", "person_id", "agent_name", "team")
    ]
    calls = calls.with_columns(blank).with_columns(agent_key(), pl.col("score").cast(pl.Float64))
    doubled = calls.filter(pl.col("call_id").is_duplicated())
    if not doubled.is_empty():
        raise QaError("sampling.double_call", call=doubled["call_id"][0])
    wrong = calls.filter(~pl.col("score").is_between(0, 100))
    if not wrong.is_empty():
        raise QaError("sampling.bad_score", call=wrong["call_id"][0], got=wrong["score"][0])
    return calls


def _of_teams(calls: pl.DataFrame, teams: Collection[str]) -> pl.DataFrame:
    homes = home_teams(calls)
    known = homes["home"].drop_nulls().unique().to_list()
    for team in teams:
        if team not in known:
            raise QaError("sampling.no_team", team=team, teams=", ".join(sorted(known)) or "–")
    chosen = homes.filter(pl.col("home").is_in(list(teams)))["agent"]
    nobody_s = pl.col("agent").is_null() & pl.col("team").is_in(list(teams))
    return calls.filter(pl.col("agent").is_in(chosen.implode()).fill_null(False) | nobody_s)


def home_teams(calls: pl.DataFrame) -> pl.DataFrame:
    """`agent` and `home`, the team of the agent's last call that has one (null when none has)."""
    return (
        calls.filter(pl.col("agent").is_not_null())
        .sort("start", "call_id")
        .group_by("agent", maintain_order=True)
        .agg(home=pl.col("team").drop_nulls().last())
    )


def _written(value: object) -> str:
    # Quoted here and not by the csv module, whose quoting of line ends changed between versions of Python.
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if _QUOTED.search(value) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(value)


def _texts(cells: Sequence[str]) -> list[str | None]:
    return [cell or None for cell in cells]


def _numbers(cells: Sequence[str]) -> list[float | None]:
    return [float(cell) if cell else None for cell in cells]


_READ: dict[str, Callable[[Sequence[str]], list[Any]]] = {
    **dict.fromkeys(FRAME_SCHEMA, _texts),
    **dict.fromkeys(("duration_s", "score"), _numbers),
    "start": lambda cells: list(map(datetime.fromisoformat, cells)),
    "new_agent": lambda cells: [bool(int(cell)) for cell in cells],
}
