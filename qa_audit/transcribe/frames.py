"""Transcripts as frames and back: one row a turn, what holds for the whole recording on every row."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import fields
from itertools import accumulate, pairwise, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.transcribe.turns import Note, Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TURNS_SCHEMA = pl.Schema(
    {
        "sha256": pl.String,
        "turn": pl.Int32,
        "role": pl.String,
        "channel": pl.Int8,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "text": pl.String,
        "raw_text": pl.String,
        "confidence": pl.Float64,
        "formal": pl.List(pl.Float64),
        "loudness_db": pl.List(pl.Float64),
        "pitch_st": pl.List(pl.Float64),
        "char_start_ms": pl.List(pl.Int32),
        "duration_s": pl.Float64,
        "channels": pl.Int8,
        "engine": pl.String,
        "model": pl.String,
        "preset": pl.String,
        "role_confidence": pl.Float64,
        "notes": pl.String,
    }
)
_LISTS = ("formal", "loudness_db", "pitch_st", "char_start_ms")
_OF_TURN = tuple(field.name for field in fields(Turn))
_OF_RECORDING = ("sha256", "duration_s", "channels", "engine", "model", "preset", "role_confidence")


def turns_frame(transcript: Transcript) -> pl.DataFrame:
    """Turns in order, columns of `TURNS_SCHEMA`; a transcript without turns has one row with `turn` null.

    >>> turns_frame(Transcript("ab", 3.0, 1, "openai-whisper", "base", "draft", ()))["turn"].to_list()
    [None]
    """
    notes = [{"code": note.code, "values": dict(note.values)} for note in transcript.notes]
    common = {name: getattr(transcript, name) for name in _OF_RECORDING}
    common["notes"] = json.dumps(notes, ensure_ascii=False)
    rows = [
        {**common, "turn": place, **{name: getattr(turn, name) for name in _OF_TURN}}
        for place, turn in enumerate(transcript.turns)
    ]
    return pl.DataFrame(rows or [common], schema=TURNS_SCHEMA)


def transcript_from(frame: pl.DataFrame) -> Transcript:
    """The transcript that `turns_frame` made this of; `frame` holds one recording.

    >>> turn = Turn("agent", 0.5, 1.5, "您好", 0.9)
    >>> one = Transcript("ab", 3.0, 1, "openai-whisper", "base", "draft", (turn,))
    >>> transcript_from(turns_frame(one)) == one
    True
    """
    return transcripts_from(frame, [frame.height])[0]


def transcripts_from(frame: pl.DataFrame, heights: Sequence[int]) -> list[Transcript]:
    """Transcripts of many recordings; `frame` holds `heights` rows (1 or more) of each, in turn."""
    columns = {
        column.name: _tuples(column) if column.name in _LISTS else column.to_list()
        for column in frame.select("turn", *_OF_TURN).get_columns()
    }
    numbers, turns = columns.pop("turn"), _turns(columns, frame.height)
    starts = [0, *accumulate(heights)]
    common = frame.select(*_OF_RECORDING, "notes")[starts[:-1]].rows()
    transcripts = []
    for start, end, (*recording, noted) in zip(starts[:-1], starts[1:], common, strict=True):
        own = turns[start:end]
        order = numbers[start:end]
        if order == [None]:
            own = []
        elif order != sorted(order):
            own = [turn for _, turn in sorted(zip(order, own, strict=True), key=itemgetter(0))]
        notes = tuple(Note(one["code"], tuple(one["values"].items())) for one in json.loads(noted))
        of_recording = dict(zip(_OF_RECORDING, recording, strict=True))
        transcripts.append(Transcript(**of_recording, turns=tuple(own), notes=notes))
    return transcripts


def _tuples(lists: pl.Series) -> list[tuple[Any, ...]]:
    """Lists as tuples, null as an empty one."""
    lengths = lists.list.len().fill_null(0)
    values = lists.filter(lengths > 0).explode().to_list()
    if not values:
        return [()] * len(lists)
    return [tuple(values[start:end]) for start, end in pairwise((0, *lengths.cum_sum().to_list()))]


def _turns(columns: Mapping[str, Sequence[Any]], count: int) -> list[Turn]:
    """Turns of their columns, set slot by slot: the `__init__` of a frozen class takes twice as long."""
    turns = list(map(object.__new__, repeat(Turn, count)))
    for name, values in columns.items():
        deque(map(getattr(Turn, name).__set__, turns, values), maxlen=0)
    return turns
