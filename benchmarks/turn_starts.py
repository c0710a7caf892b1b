"""How near the turns of a transcript begin to where people really begin to speak.

    python -m benchmarks.turn_starts recordings_sample
    python -m benchmarks.turn_starts recordings_sample --mono --engine ctranslate2

A folder holds `labels.json` with who truly says what when. True utterances of a party make turns as the
product's do: until another speaks or 1.5 s pass. For each of them the nearest turn of that role counts; a
turn without one within `LOST_S` is lost, and as wrong as any.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from qa_audit.transcribe.assemble import TURN_PAUSE_S
from qa_audit.transcribe.audio import open_recording
from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.recording import transcribe_recording
from qa_audit.transcribe.settings import TranscribeSettings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

NEAR_S = 0.3
LOST_S = 3.0
GOAL = 0.95


def true_turns(truth: Iterable[Mapping[str, Any]]) -> list[tuple[str, float]]:
    """(role, start in seconds) of the turns that utterances make, in order.

    >>> line = lambda role, start_s, end_s: {"role": role, "start_s": start_s, "end_s": end_s}
    >>> true_turns([line("agent", 0.0, 1.0), line("agent", 1.2, 2.0), line("agent", 4.0, 5.0)])
    [('agent', 0.0), ('agent', 4.0)]
    """
    turns: list[tuple[str, float]] = []
    before: Mapping[str, Any] | None = None
    for line in sorted(truth, key=lambda line: line["start_s"]):
        if (
            before is None
            or before["role"] != line["role"]
            or line["start_s"] - before["end_s"] >= TURN_PAUSE_S
        ):
            turns.append((line["role"], line["start_s"]))
        before = line
    return turns


def offsets_s(truth: Sequence[tuple[str, float]], heard: Sequence[tuple[str, float]]) -> list[float]:
    """For every true turn how much later (+) or earlier (-) the nearest of the same role begins; inf if lost.

    >>> offsets_s([("agent", 1.0), ("customer", 4.0)], [("agent", 1.25), ("agent", 4.0)])
    [0.25, inf]
    """
    found = []
    for role, start_s in truth:
        gaps = [other_s - start_s for other, other_s in heard if other == role]
        nearest = min(gaps, key=abs, default=np.inf)
        found.append(nearest if abs(nearest) <= LOST_S else np.inf)
    return found


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", default=TranscribeSettings().engine, show_default=True)
@click.option("--preset", default="balanced", show_default=True)
@click.option("--mono", is_flag=True, help="The recordings of one channel instead of those of two.")
@click.option("--show", is_flag=True, help="Say which turns are off.")
def main(*, folder: Path, engine: str, preset: str, mono: bool, show: bool) -> None:
    """Print the share of turns whose start is near the truth."""
    settings = TranscribeSettings(engine=engine, preset=preset)
    loaded = load_engine(settings)
    gaps: list[float] = []
    for row in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
        path = folder / row["file"]
        if not row.get("truth") or (open_recording(path).channels == 1) != mono:
            continue
        said = [line for line in row["truth"] if line["role"] != "system"]
        truth = true_turns(said)
        turns = transcribe_recording(path, loaded, settings).turns
        own = offsets_s(truth, [(turn.role, turn.start_s) for turn in turns])
        gaps += own
        if show:
            for (role, start_s), gap in zip(truth, own, strict=True):
                if not abs(gap) <= NEAR_S:
                    click.echo(f"{row['id']} {role} {start_s:.2f} s: {gap:+.2f} s")
    near = np.abs(gaps) <= NEAR_S
    kept = np.array(gaps)[np.isfinite(gaps)]
    click.echo(
        f"{engine} {preset}: {len(gaps)} turns, {near.mean():.1%} begin within {NEAR_S} s of the truth "
        f"(goal {GOAL:.0%}), {np.isinf(gaps).sum()} lost; median {np.median(kept):+.3f} s, "
        f"5 % and 95 % {np.quantile(kept, 0.05):+.3f} and {np.quantile(kept, 0.95):+.3f} s"
    )


if __name__ == "__main__":
    main()
