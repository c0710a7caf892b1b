"""What the model of a detector has made of a month's sentences, kept so that no rescoring reads one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from qa_audit.scoring.learned.readings import Readings
from qa_audit.store.parts import collect_parts

if TYPE_CHECKING:
    from pathlib import Path

READINGS = "readings"
"""Kind of the parts that hold them."""
READINGS_SCHEMA = pl.Schema({"reader": pl.String, "sentence": pl.UInt64, "scores": pl.List(pl.Float32)})
"""One row a sentence, known by a digest of it; `reader` is a hash of the model's weights and its head's."""


def readings_of(results: Path, month: str, reader: str) -> Readings:
    """The readings of a month by one model, in memory: 28 bytes each, one or two a call."""
    found = collect_parts(results, READINGS, [month], READINGS_SCHEMA, where=pl.col("reader") == reader)
    found = found.unique("sentence").sort("sentence")
    if found.is_empty():
        return Readings()
    scores = found["scores"].explode().to_numpy().reshape(found.height, -1)
    return Readings(found["sentence"].to_numpy(), np.ascontiguousarray(scores, np.float32))


def readings_frame(readings: Readings, reader: str) -> pl.DataFrame:
    """Those that were made anew (`READINGS_SCHEMA`)."""
    made = readings.made
    return pl.DataFrame(
        {
            "reader": [reader] * len(made),
            "sentence": list(made),
            "scores": [scores.tolist() for scores in made.values()],
        },
        schema=READINGS_SCHEMA,
    )
