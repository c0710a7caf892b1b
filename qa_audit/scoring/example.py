"""Short calls that test a rubric, as a supervisor writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator

from qa_audit.calls.facts import CallFacts, Weekday
from qa_audit.calls.values import folded
from qa_audit.scoring.rule_fields import ClockText, DateText
from qa_audit.store.toml_mistakes import NotAllowedError

Expected = Literal["complies", "fault", "unclear", "not_applicable"]

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
EXAMPLE_LINE = re.compile(rf"([ACS?])(?:@({_NUMBER})-({_NUMBER}))?(?:\(([+-]{_NUMBER})(dB|st)\))?: ?(\S.*)")
"""Who speaks, from when to when, how much louder or higher, and the words."""
SILENCE_LINE = re.compile(r"\.\.\. ?(\d+(?:\.\d+)?)")
"""Seconds of silence."""


def _as_line(line: str) -> str:
    """A line with a half-width colon after who speaks. Raises `NotAllowedError` for what is no line."""
    half_width = line.replace("：", ":", 1)
    if EXAMPLE_LINE.fullmatch(line) or SILENCE_LINE.fullmatch(line):
        return line
    if EXAMPLE_LINE.fullmatch(half_width):
        return half_width
    raise NotAllowedError("scoring.refused.line")


def _ending_after_it_begins(line: str) -> str:
    said = EXAMPLE_LINE.fullmatch(line)
    if said and said[2] is not None and float(said[3]) <= float(said[2]):
        raise NotAllowedError("scoring.refused.line_ends", start=said[2], end=said[3])
    return line


def _cells(got: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(got, Mapping) or not all(isinstance(text, str) for text in got.values()):
        raise NotAllowedError("scoring.refused.cells")
    return tuple(got.items())


Cells = Annotated[tuple[tuple[str, str], ...], PlainValidator(_cells), PlainSerializer(dict)]
"""A table of texts by their keys, kept so that it never changes."""


class _Part(BaseModel, frozen=True):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ExampleFacts(_Part, frozen=True):
    """Call facts of an example."""

    direction: Literal["inbound", "outbound"] | None = None
    ring_s: float | None = None
    internal: bool | None = None
    hangup_by: Literal["agent", "customer"] | None = None
    line: str | None = None
    team: str | None = None
    time: ClockText | None = None
    """The time of day when the call began."""
    date: DateText | None = None
    weekday: Weekday | None = None
    columns: Cells = ()
    """Cells of further columns by heading."""

    def as_facts(self) -> CallFacts:
        """The same as the call list would have it."""
        columns = tuple((folded(heading), text) for heading, text in self.columns)
        return CallFacts(**{**dict(self), "columns": columns})


class Example(_Part, frozen=True):
    """A short call that tests the rubric: lines `A:` agent, `C:` customer, `S:` announcement, `?:` unknown.

    A line `... 12` is twelve seconds of silence, `A@4-7:` is said from second 4 to 7, `A(+8dB):` 8 dB louder
    than the lines that say nothing of it, `A(+4st):` four semitones higher.
    """

    verdict: Expected = Field(alias="is")
    turns: tuple[Annotated[str, AfterValidator(_as_line), AfterValidator(_ending_after_it_begins)], ...] = (
        Field(min_length=1)
    )
    facts: ExampleFacts = ExampleFacts()
