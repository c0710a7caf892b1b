"""What docs/estimation.md shows of the simulation, and whether it is what was promised."""

import json
from pathlib import Path

from benchmarks.estimates_page import FIGURES_BEGIN, FIGURES_END, table, verdict

ROOT = Path(__file__).parents[2]


def test_what_was_promised_is_what_was_measured():
    """The committed figures keep the promises."""
    measured = json.loads((ROOT / "benchmarks" / "estimates.json").read_text(encoding="utf-8"))
    main = next(one for one in measured["populations"] if one["name"] == "main")
    assert main["repetitions"] >= 300
    assert not [line for line in verdict(main) if line.startswith("MISSED")]


def test_the_page_shows_the_measured_figures():
    measured = json.loads((ROOT / "benchmarks" / "estimates.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "estimation.md").read_text(encoding="utf-8")
    shown = text.partition(FIGURES_BEGIN)[2].partition(FIGURES_END)[0]
    assert shown.strip() == "\n".join(table(measured)).strip()


def test_a_promise_that_was_missed_is_said():
    group = {"coverage": 0.9, "bias": 0.1}
    methods = {"A": {"misheard": group, "others": group}, "B": {"misheard": group, "others": group}}
    said = verdict({"methods": methods, "ratios": {"A": 0.85, "B": 0.7}})
    assert said == [
        "MISSED: A, coverage 90.0% / 90.0% (93 to 97 %)",
        "reached: A, bias +0.10 / +0.10 (below 0.3)",
        "reached: A, RMSE ratio 0.85 (at most 0.9)",
        "MISSED: B, coverage 90.0% / 90.0% (93 to 97 %)",
        "reached: B, bias +0.10 / +0.10 (below 0.3)",
        "MISSED: B, RMSE ratio 0.70 (at most 0.6)",
    ]
