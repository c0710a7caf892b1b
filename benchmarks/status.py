"""How long `qa-audit status` takes in a large workspace.

    python -m benchmarks.status                         # 100,000 recordings
    python -m benchmarks.status --recordings 10000

Makes a workspace in a temporary folder whose database knows so many recordings, nine of ten transcribed, one
of a thousand failed. Of the parts only their names are made, for status opens none of them. Prints the wall
time and the processor time of the whole command.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import insert

from benchmarks.children import children_s
from benchmarks.imported import import_numbered, sha256_of
from qa_audit.calls.query import month_of
from qa_audit.store import schema
from qa_audit.store.database import writing
from qa_audit.transcribe.job import TURNS
from qa_audit.workspace import Workspace

FIRST_CALL = datetime(2026, 9, 1, 8)


def fill(workspace: Workspace, count: int) -> None:
    """Recordings of three minutes, a call each, over two months; jobs and names of parts."""
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    starts = [FIRST_CALL + timedelta(days=60 * number / count) for number in range(count)]
    import_numbered(workspace, ((number, start, {}) for number, start in enumerate(starts)))
    now = datetime.now(UTC).replace(tzinfo=None)
    jobs = []
    for number, start in enumerate(starts):
        sha256 = sha256_of(number)
        key = settings.key(sha256, digest)
        if number % 1000 == 999:
            values = {"path": f"{number:06d}.wav", "channels": 3}
            state = {"state": "failed", "code": "audio.channels", "values": values, "audio_s": None}
        elif number % 10:
            state = {"state": "done", "code": None, "values": None, "audio_s": 180.0}
            part = workspace.results / TURNS / month_of(start) / f"{key}.parquet"
            part.parent.mkdir(parents=True, exist_ok=True)
            part.touch()
        else:
            continue
        began = now - timedelta(seconds=10 * (count - number))
        times = {"started_at": began, "finished_at": began + timedelta(seconds=9), "spent_s": 9.0}
        jobs.append({"key": key, "sha256": sha256, "attempts": 1, **times, **state})
    with writing(workspace.database) as connection:
        connection.execute(insert(schema.jobs), jobs)


@click.command()
@click.option("--recordings", default=100_000, show_default=True, help="how many")
@click.option("--repeats", default=5, show_default=True, help="runs that are timed")
def main(recordings: int, repeats: int) -> None:
    """Time `qa-audit status`."""
    folder = Path(tempfile.mkdtemp(prefix="status-"))
    try:
        workspace = Workspace.create(folder / "workspace")
        fill(workspace, recordings)
        command = [sys.executable, "-m", "qa_audit.cli", "status", "--workspace", str(workspace.folder)]
        walls, processor = [], []
        for _ in range(repeats):
            before, started = children_s(), time.perf_counter()
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            walls.append(time.perf_counter() - started)
            processor.append(children_s() - before)
        click.echo("\n".join(said.splitlines()[:8]))
        click.echo(
            f"qa-audit status, {recordings} recordings: median {statistics.median(walls):.2f} s "
            f"(min {min(walls):.2f}, max {max(walls):.2f}), processor {statistics.median(processor):.2f} s"
        )
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
