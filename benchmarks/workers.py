"""Two workers with a thread each or one with two; and the memory that a three-hour call takes.

    python -m benchmarks.workers recordings_sample
    python -m benchmarks.workers benchmarks/calls --engine openai-whisper --hours 3

The first calls of the folder are transcribed by `qa-audit transcribe` in a new workspace, by one worker and
by as many as there are cores, in turn; loading the model is part of it. Then one call is repeated, with a
minute of silence between, until it lasts `--hours`, and checked in a process whose largest memory is printed.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import click
import numpy as np
import soundfile

from qa_audit.transcribe.worker_count import cores_here
from qa_audit.workspace import Workspace

SILENCE_S = 60


def workspace_with(files: list[Path], folder: Path, engine: str, preset: str) -> Workspace:
    """A workspace that has imported copies of these recordings."""
    recordings = folder / "recordings"
    recordings.mkdir()
    for file in files:
        shutil.copy(file, recordings)
    made = Workspace.create(folder / "workspace", recordings=recordings, engine=engine, preset=preset)
    made.import_calls()
    return made


def spent_s(files: list[Path], engine: str, preset: str, workers: int) -> tuple[float, float]:
    """(seconds that `workers` need, seconds of audio)."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_with(files, Path(folder), engine, preset)
        started = time.perf_counter()
        outcome = workspace.transcribe(workers=workers)
        return time.perf_counter() - started, outcome.audio_s


def long_call(call: Path, hours: float, to: Path) -> None:
    """`call` again and again with silence between, μ-law."""
    samples, rate = soundfile.read(call, dtype="float32", always_2d=True)
    quiet = np.zeros((SILENCE_S * rate, samples.shape[1]), np.float32)
    with soundfile.SoundFile(to, "w", rate, samples.shape[1], "ULAW", format="WAV") as file:
        while file.tell() < hours * 3600 * rate:
            file.write(samples)
            file.write(quiet)


def peak_mb(call: Path, engine: str, preset: str) -> float:
    """Largest memory of `qa-audit check` on a recording."""
    command = [sys.executable, "-m", "qa_audit.cli", "check", str(call), "--json"]
    subprocess.run([*command, "--engine", engine, "--preset", preset], check=True, stdout=subprocess.DEVNULL)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", default="ctranslate2", show_default=True)
@click.option("--preset", default="balanced", show_default=True)
@click.option("--calls", default=12, show_default=True, help="The first so many.")
@click.option("--repeats", default=3, show_default=True)
@click.option("--hours", default=3.0, show_default=True, help="Length of the long call; 0 leaves it out.")
def main(folder: Path, *, engine: str, preset: str, calls: int, repeats: int, hours: float) -> None:
    """Measure on the recordings of a folder."""
    files = sorted((folder / "calls").iterdir())
    if hours:
        stereo = next(file for file in files if soundfile.info(file).channels == 2)
        with tempfile.TemporaryDirectory() as made:
            path = Path(made) / "long.wav"
            long_call(stereo, hours, path)
            started = time.perf_counter()
            peak = peak_mb(path, engine, preset)
            spent = time.perf_counter() - started
        click.echo(f"{engine} {preset}: {hours:g} h of stereo in {spent:.0f} s, peak memory {peak:.0f} MB")
    cores = cores_here()
    ratios = []
    for _ in range(repeats):
        one, audio_s = spent_s(files[:calls], engine, preset, 1)
        many, _ = spent_s(files[:calls], engine, preset, cores)
        ratios.append(one / many)
        click.echo(
            f"{audio_s:.0f} s of calls: one worker {one:.1f} s, {cores} workers {many:.1f} s "
            f"(load {os.getloadavg()[0]:.1f})"
        )
    click.echo(
        f"{cores} workers are {median(ratios):.2f} times as fast as one with {cores} threads "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
