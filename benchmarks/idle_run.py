"""How long `qa-audit run` takes when there is nothing left to do.

    python -m benchmarks.idle_run                       # 10,000 recordings
    python -m benchmarks.idle_run --recordings 1000 --keep /tmp/idle

Makes a workspace in a temporary folder: tiny WAV files, all different, a call list and a roster; imports
them, writes an empty transcript for each and scores them, all through the product's own functions. Then runs
the command again and prints the wall time and the processor time of the whole process (on a machine with
other work the wall time says little), and where it goes.
"""

from __future__ import annotations

import csv
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from datetime import datetime, timedelta
from pathlib import Path

import click

from benchmarks.children import children_s
from qa_audit.calls.query import calls_frame
from qa_audit.console import table
from qa_audit.pipeline import transcribe_jobs
from qa_audit.settings import SETTINGS_FILE
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript
from qa_audit.workspace import Workspace

FIRST_CALL = datetime(2026, 9, 1, 8)
AGENTS = 60
HEADINGS = ("通话编号", "录音文件", "工号", "班组", "开始时间", "呼叫方向", "振铃秒数")

STAGES = """
import sys, time
at = [time.perf_counter()]
from qa_audit.workspace import Workspace
at.append(time.perf_counter())
workspace = Workspace.open(sys.argv[1])
at.append(time.perf_counter())
for step in (workspace.import_calls, workspace.transcribe, workspace.score):
    step()
    at.append(time.perf_counter())
print(*(later - sooner for sooner, later in zip(at, at[1:])))
"""


def write_recordings(folder: Path, count: int) -> list[tuple[str, datetime, int]]:
    """Tiny recordings, one folder a day; (relative path, start of the call, agent) of each."""
    made = []
    for number in range(count):
        start = FIRST_CALL + timedelta(seconds=60 * 60 * 24 * 60 * number / count)
        path = folder / f"{start:%Y%m%d}" / f"{number:06d}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(8_000)
            file.writeframes(number.to_bytes(4, "little") * 8)
        made.append((path.relative_to(folder).as_posix(), start, number % AGENTS))
    return made


def write_lists(folder: Path, calls: list[tuple[str, datetime, int]]) -> tuple[Path, Path]:
    """The call list and the roster of these calls."""
    call_list, roster = folder / "list.csv", folder / "roster.csv"
    with call_list.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for number, (path, start, agent) in enumerate(calls):
            team = f"{agent % 4 + 1}班"
            writer.writerow((f"C{number:06d}", path, f"8{agent:03d}", team, start, "呼入", number % 20))
    with roster.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("人员编号", "姓名", "新工号", "班组", "生效日期"))
        for agent in range(AGENTS):
            writer.writerow(
                (f"P{agent:03d}", f"员工{agent}", f"8{agent:03d}", f"{agent % 4 + 1}班", "2026-01-01")
            )
    return call_list, roster


def make_workspace(folder: Path, count: int) -> Workspace:
    """A workspace in which everything is done."""
    calls = write_recordings(folder / "recordings", count)
    call_list, roster = write_lists(folder, calls)
    workspace = Workspace.create(
        folder / "workspace", recordings=folder / "recordings", call_list=call_list, roster=roster
    )
    workspace.import_calls()
    chosen = workspace.choices
    known = calls_frame(workspace.database)
    for job in transcribe_jobs(known, workspace.settings.transcribe, chosen.digest):
        silent = Transcript(job.sha256, 0.001, 2, chosen.engine, chosen.model, chosen.preset, ())
        write_part(turns_frame(silent), workspace.results, TURNS, job.month, job.key)
    workspace.score()
    return workspace


@click.command()
@click.option("--recordings", default=10_000, show_default=True, help="how many")
@click.option("--repeats", default=3, show_default=True, help="runs that are timed")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="folder to build in, used again when it is there"
)
def main(recordings: int, repeats: int, keep: Path | None) -> None:
    """Time a run that finds everything done."""
    folder = keep or Path(tempfile.mkdtemp(prefix="idle-run-"))
    home = folder / "workspace"
    try:
        if not (home / SETTINGS_FILE).is_file():
            started = time.perf_counter()
            make_workspace(folder, recordings)
            click.echo(f"made in {time.perf_counter() - started:.0f} s")
        command = [sys.executable, "-m", "qa_audit.cli", "run", "--workspace", str(home)]
        walls, processor = [], []
        for _ in range(repeats):
            before, started = children_s(), time.perf_counter()
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            walls.append(time.perf_counter() - started)
            processor.append(children_s() - before)
        click.echo(said)
        stages = [sys.executable, "-c", STAGES, str(home)]
        told = [
            [float(second) for second in subprocess.check_output(stages, text=True).split()]
            for _ in range(repeats)
        ]
        spent = [statistics.median(column) for column in zip(*told, strict=True)]
        names = ("imports of Python", "open the workspace", "import", "transcribe", "score")
        click.echo(
            table(["stage", "s"], [(n, f"{s:.2f}") for n, s in zip(names, spent, strict=True)], right=[1])
        )
        click.echo(
            f"qa-audit run, whole command: median {statistics.median(walls):.2f} s "
            f"(min {min(walls):.2f}, max {max(walls):.2f}), processor {statistics.median(processor):.2f} s"
        )
    finally:
        if keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
