"""Transcripts as frames and back: one row a turn, what holds for the whole recording on every row."""

from __future__ import annotations

import json

import polars as pl

from qa_audit.transcribe.turns import Note, Transcript, Turn

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
        "duration_s": pl.Float64,
        "channels": pl.Int8,
        "engine": pl.String,
        "model": pl.String,
        "preset": pl.String,
        "role_confidence": pl.Float64,
        "notes": pl.String,
    }
)
_LISTS = ("formal", "loudness_db", "pitch_st")
_OF_TURN = ("role", "channel", "start_s", "end_s", "text", "raw_text", "confidence", *_LISTS)
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
    rows = frame.sort("turn").to_dicts()
    first = rows[0]
    for row in rows:
        row.update({name: tuple(row[name] or ()) for name in _LISTS})
    turns = tuple(Turn(**{name: row[name] for name in _OF_TURN}) for row in rows if row["turn"] is not None)
    notes = tuple(Note(one["code"], tuple(one["values"].items())) for one in json.loads(first["notes"]))
    return Transcript(**{name: first[name] for name in _OF_RECORDING}, turns=turns, notes=notes)
