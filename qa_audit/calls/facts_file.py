"""What is known of recordings beside their audio, from a file: a call list, or JSON with the same names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa_audit.calls.call_list import calls_in
from qa_audit.calls.facts import NOTHING_ASKED, AskedFacts, CallFacts
from qa_audit.calls.headings import CALL_FIELDS, map_columns
from qa_audit.calls.query import asked_columns, facts_of
from qa_audit.calls.tables import SheetRow, Table, read_table
from qa_audit.messages import QaError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qa_audit.calls.call_list import CallRow
    from qa_audit.calls.problems import Problem

_FIELDS = ("direction", "ring_s", "internal", "hangup_by", "line", "team", "start")
_OF_FACTS = frozenset(("calls.bad_direction", "calls.bad_party", "calls.bad_flag", "calls.bad_seconds"))
"""Mistakes in a cell for which a row is taken without the value."""


def read_facts(path: Path, asked: AskedFacts = NOTHING_ASKED) -> Mapping[str, CallFacts]:
    """Facts by the name of the recording's file as the list has it, or by the call's id where it has none.

    Whatever can be imported as a call list (`call_list.read_call_list`), or `.json`: an object of objects by
    file name, or a list of objects that name theirs; their keys are read as headings. Line, team, start and
    further columns are taken where they are `asked`.

    Raises `QaError` as `tables.read_table`; `calls.facts_json`, `calls.facts_unnamed` when rows name neither
    recording nor call; `calls.facts_mistakes` with every mistake: place, what was got and what is allowed.

    >>> import tempfile; from pathlib import Path
    >>> file = Path(tempfile.mkdtemp()) / "facts.json"
    >>> _ = file.write_text('{"a.wav": {"振铃秒数": 6, "呼叫方向": "呼入"}}', encoding="utf-8")
    >>> read_facts(file)["a.wav"].ring_s
    6.0
    """
    in_json = path.suffix.lower() == ".json"
    table = _json_table(path) if in_json else read_table(path, CALL_FIELDS, {}, least_known=1)
    if table.columns.keys().isdisjoint(("recording", "call_id")):
        raise QaError("calls.facts_unnamed", path=path, got=", ".join(table.headings))
    calls = calls_in(table)
    if mistakes := [problem.text() for problem in calls.problems if _is_mistake(problem)]:
        raise QaError("calls.facts_mistakes", path=path, mistakes="\n".join(f"  {one}" for one in mistakes))
    return {_name(call): _facts(call, asked) for call in calls.rows}


def _is_mistake(problem: Problem) -> bool:
    return problem.left_out or problem.code in _OF_FACTS


def _name(call: CallRow) -> str:
    return (call.recording or call.call_id).replace("\\", "/").rsplit("/", 1)[-1]


def _facts(call: CallRow, asked: AskedFacts) -> CallFacts:
    listed = {name: getattr(call, name) for name in _FIELDS}
    return facts_of(listed, asked, asked_columns(dict(call.extra), asked))


def _json_table(path: Path) -> Table:
    """The table that a JSON file stands for, an entry a row."""
    try:
        read = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise QaError("calls.facts_json", path=path, why=error.strerror or error) from error
    except ValueError as error:
        raise QaError("calls.facts_json", path=path, why=error) from error
    if isinstance(read, dict):
        read = [{"recording": name, **row} if isinstance(row, dict) else row for name, row in read.items()]
    if not isinstance(read, list) or not all(isinstance(row, dict) for row in read):
        raise QaError("calls.facts_json", path=path, why="{…: {…}, …} | [{…}, …]")
    headings = tuple(dict.fromkeys(heading for row in read for heading in row))
    rows = [
        SheetRow(number, tuple(_cell(row.get(heading)) for heading in headings))
        for number, row in enumerate(read, 1)
    ]
    return Table(path.name, headings, map_columns(headings, CALL_FIELDS, {}), tuple(rows))


def _cell(got: Any) -> str:
    if isinstance(got, bool):
        return str(got).lower()
    return str(got) if isinstance(got, str | int | float) else ""
