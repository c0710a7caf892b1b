"""Learns how much one voice varies and in what two voices of a call differ, for `transcribe/speakers.py`.

    python -m benchmarks.voice_metric FOLDER… --out qa_audit/transcribe/voice_metric.npz

A folder holds `labels.json` (file, truth) and recordings of two channels, which are mixed to one. Windows of
speech (`voices.py`) belong to whoever speaks for most of them. Their variation around their speaker's mean
gives the metric: in it one voice varies by 1 in every direction. Then each direction in which the speakers of
a call differ by little is made shorter: where the squared difference of their means is e (what chance makes
of it taken off), to √((e + 1) / (e + 2)). The 1 is for voices unlike these: real ones may differ in anything.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from benchmarks.speakers import surveyed
from qa_audit.transcribe.audio import open_recording
from qa_audit.transcribe.packing import cut
from qa_audit.transcribe.settings import SpeechSettings
from qa_audit.transcribe.speech import regions_of
from qa_audit.transcribe.voices import HOP_S, WINDOW_S, VoiceWindow, listening, vectors_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Call = tuple[Floats, Floats]
    """Vectors of the agent and of the customer, shape (windows, numbers of a vector)."""

MOSTLY = 0.8
"""A window belongs to whoever speaks for such a share of its time."""
SHRINK = 0.01
"""Correlations are made so much smaller: of few windows they are too large."""
ANY_DIRECTION = 1.0


def windows_in(path: Path) -> list[VoiceWindow]:
    """Windows of the speech in a recording, all channels mixed to one."""
    samples, found = surveyed(path)
    settings = SpeechSettings()
    windows: list[VoiceWindow] = []
    regions = regions_of(found.speech[0], found.frame_s, settings)
    for _ in listening(cut(regions, [samples], settings.pad_ms / 1000), windows):
        pass
    return windows


def by_speaker(windows: Sequence[VoiceWindow], truth: Iterable[Mapping[str, Any]]) -> Call:
    """The vectors of agent and customer."""
    lines = [one for one in truth if one["role"] in ("agent", "customer")]
    vectors = vectors_of(windows)
    shares = np.zeros((len(windows), 2))
    for place, window in enumerate(windows):
        for line in lines:
            inside = min(window.end_s, line["end_s"]) - max(window.start_s, line["start_s"])
            side = int(line["role"] == "customer")
            shares[place, side] += max(inside, 0.0) / (window.end_s - window.start_s)
    alone = (shares >= MOSTLY) & (shares[:, ::-1] < 1 - MOSTLY)
    return vectors[alone[:, 0]], vectors[alone[:, 1]]


def metric_of(calls: Sequence[Call]) -> Floats:
    """What vectors are multiplied by, shape (numbers of a vector, the same).

    >>> chance = np.random.default_rng(0)
    >>> calls = [(chance.normal(side, [1.0, 3.0], (4000, 2)), chance.normal(0, [1.0, 3.0], (4000, 2)))
    ...          for side in ([9.0, 0.0], [-9.0, 0.0])]
    >>> spread = (calls[0][1] @ metric_of(calls)).std(axis=0)
    >>> [float(one) for one in sorted(spread.round(1))]
    [0.7, 1.0]
    """
    within = np.concatenate([side - side.mean(axis=0) for call in calls for side in call])
    varies = within.T @ within / len(within)
    differs = np.zeros_like(varies)
    overlap = WINDOW_S / HOP_S
    for agent, customer in calls:
        between = agent.mean(axis=0) - customer.mean(axis=0)
        by_chance = varies * (overlap / len(agent) + overlap / len(customer))
        differs += (np.outer(between, between) - by_chance) / len(calls)
    spread = np.sqrt(np.diag(varies))
    alike = (1 - SHRINK) * varies / np.outer(spread, spread) + SHRINK * np.eye(len(spread))
    strength, axes = np.linalg.eigh(alike)
    even = (axes / np.sqrt(strength)) @ axes.T
    apart, turn = np.linalg.eigh(even @ (differs / np.outer(spread, spread)) @ even)
    kept = np.maximum(apart, 0.0) + ANY_DIRECTION
    return (even / spread[:, None]) @ turn * np.sqrt(kept / (kept + 1))


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def main(folders: tuple[Path, ...], out: Path) -> None:
    """Learn the metric from labelled calls of two channels and store it."""
    calls = []
    for folder in folders:
        for call in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
            path = folder / call["file"]
            if open_recording(path).channels == 2:
                calls.append(by_speaker(windows_in(path), call["truth"]))
    metric = metric_of([call for call in calls if all(len(side) for side in call)])
    np.savez_compressed(out, metric=metric.astype(np.float32))
    click.echo(f"{len(calls)} calls, {sum(len(side) for call in calls for side in call)} windows -> {out}")


if __name__ == "__main__":
    main()
