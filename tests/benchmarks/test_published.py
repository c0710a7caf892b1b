"""The figures of docs/transcription.md are those that were measured."""

import json
from pathlib import Path

from benchmarks.transcribe import FIGURES_BEGIN, FIGURES_END, table

ROOT = Path(__file__).parents[2]


def test_the_page_shows_the_measured_figures():
    measured = json.loads((ROOT / "benchmarks" / "transcribe.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "transcription.md").read_text(encoding="utf-8")
    shown = text.partition(FIGURES_BEGIN)[2].partition(FIGURES_END)[0]
    assert shown.strip() == "\n".join(table(measured))
