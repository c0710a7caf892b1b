"""What the simulation found, as docs/estimation.md shows it, and whether it is what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.estimate_seconds import TOTALS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FIGURES_BEGIN, FIGURES_END = "<!-- figures: benchmarks/estimates.json -->", "<!-- end of figures -->"
METHODS = ("machine mean", "simple random sample", "A", "B")
GROUPS = ("misheard", "others")

# What the project promises of `main`.
COVERAGE, BIAS, RATIOS = (0.93, 0.97), 0.3, {"A": 0.9, "B": 0.6}
SECONDS = 2.0
"""Of processor time, all threads together: what the clock would show if nobody else used the machine."""


def verdict(main: Mapping[str, Any]) -> list[str]:
    """Lines that say of each promise whether it was reached."""
    lines = []
    for method, most in RATIOS.items():
        groups = main["methods"][method]
        coverage = {group: one["coverage"] for group, one in groups.items()}
        bias = {group: one["bias"] for group, one in groups.items()}
        checks = (
            (
                all(COVERAGE[0] <= share <= COVERAGE[1] for share in coverage.values()),
                "coverage " + " / ".join(f"{share:.1%}" for share in coverage.values()) + " (93 to 97 %)",
            ),
            (
                all(abs(points) < BIAS for points in bias.values()),
                "bias " + " / ".join(f"{points:+.2f}" for points in bias.values()) + f" (below {BIAS})",
            ),
            (main["ratios"][method] <= most, f"RMSE ratio {main['ratios'][method]:.2f} (at most {most})"),
        )
        lines += [f"{'reached' if good else 'MISSED'}: {method}, {text}" for good, text in checks]
    return lines


def table(measured: Mapping[str, Any]) -> list[str]:
    """The figures as lines of Markdown tables, as docs/estimation.md shows them."""
    lines = [
        "| population | method | coverage, misheard / others | bias | RMSE | width | RMSE ratio |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in measured["populations"]:
        name = f"**{one['name']}**: {one['what']} ({one['repetitions']} repetitions)"
        for method in METHODS:
            groups = [one["methods"][method][group] for group in GROUPS]
            pair = {
                key: " / ".join(form(group[key]) for group in groups)
                for key, form in (
                    ("coverage", lambda value: f"{100 * value:.1f}"),
                    ("bias", lambda value: f"{value:+.2f}"),
                    ("rmse", lambda value: f"{value:.2f}"),
                    ("width", lambda value: f"{value:.1f}"),
                )
            }
            lines.append(
                f"| {name} | {method} | {pair['coverage']} % | {pair['bias']} | {pair['rmse']} "
                f"| {pair['width']} | {one['ratios'][method]:.2f} |"
            )
            name = ""
    spent = measured["seconds"]
    parts = ", ".join(f"{name} {value:.2f}" for name, value in spent.items() if name not in TOTALS)
    return [
        *lines,
        "",
        f"A month of 60 agents × 1,000 calls with 500 audits and 20 items takes {spent['processor']:.2f} s "
        f"of one core, {spent['all']:.2f} s by the clock of the machine as busy as it was "
        f"(of these {parts}).",
    ]


def fill(page: Path, measured: Mapping[str, Any]) -> None:
    """Put the table into a page, between its marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(FIGURES_BEGIN)
    _, _, after = rest.partition(FIGURES_END)
    page.write_text(
        "\n".join([before + FIGURES_BEGIN, *table(measured), FIGURES_END + after]), encoding="utf-8"
    )
