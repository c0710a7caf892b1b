"""Questions that scoring has for the audio, stored beside the findings as one frame a part of scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.store.parts import collect_parts
from qa_audit.transcribe.questions import Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

QUESTIONS = "questions"
"""Kind of the parts that hold them."""
QUESTIONS_SCHEMA = pl.Schema(
    {
        "asked_by": pl.String,
        "question": pl.String,
        "turns": pl.List(pl.Int32),
        "phrases": pl.List(pl.String),
    }
)
"""One row a question; `asked_by` is the key of the call's findings before anything was answered."""


def questions_frame(asked: Iterable[tuple[str, Sequence[Question]]]) -> pl.DataFrame:
    """Questions by the findings that ask them (`QUESTIONS_SCHEMA`).

    >>> questions_frame([("f1", [Question((0,), ("您好",))])]).select("asked_by", "turns").rows()
    [('f1', [0])]
    """
    each = [(key, one) for key, questions in asked for one in questions]
    return pl.DataFrame(
        {
            "asked_by": [key for key, _ in each],
            "question": [one.id for _, one in each],
            "turns": [list(one.turns) for _, one in each],
            "phrases": [list(one.phrases) for _, one in each],
        },
        schema=QUESTIONS_SCHEMA,
    )


def questions_by_findings(results: Path, months: Sequence[str]) -> Mapping[str, Sequence[Question]]:
    """What was asked, by the key of the findings before anything was answered."""
    found: dict[str, dict[Question, None]] = {}
    frame = collect_parts(results, QUESTIONS, months, QUESTIONS_SCHEMA)
    for key, turns, phrases in frame.select("asked_by", "turns", "phrases").iter_rows():
        found.setdefault(key, {})[Question(tuple(turns), tuple(phrases))] = None
    return {key: tuple(questions) for key, questions in found.items()}
