"""How many machines a department needs, and when the night's work is done: a simulation of the queue.

    python -m benchmarks.capacity                            # 10,000 hours a day, done by 06:00
    python -m benchmarks.capacity --hours 300 --machines 1 --cores 8
    python -m benchmarks.capacity --core-hours 0.35          # as measured on a machine of one's own
    python -m benchmarks.capacity --store demo               # bytes a call in a workspace
    python -m benchmarks.capacity --database                 # bytes that a call and an action add to SQLite

Calls arrive over a day by hour as in `ARRIVALS`, half again as many on a peak day; each waits in one queue
for a core of any machine, one core a call, for its audio times the core-hours an hour of audio takes. An
attempt dies with `--faults` probability after part of its time and is made again, three times at most, as
the job table does. From `--outage-hour` on one machine is gone for `--outage-hours`; what it had in hand is
taken over when its lease ends. Core-hours are those of `benchmarks/transcribe.json` unless given.
"""

from __future__ import annotations

import heapq
import json
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

import click
import numpy as np

from qa_audit.transcribe.job_table import LEASE_S, MAX_ATTEMPTS

ROOT = Path(__file__).parent
FIGURES_BEGIN, FIGURES_END = "<!-- figures: python -m benchmarks.capacity -->", "<!-- end of figures -->"

ARRIVALS = (1, 1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 10, 7, 8, 11, 11, 10, 8, 6, 5, 4, 3, 2, 1)
"""Calls by hour of the day, in proportion: a service line with peaks at ten and three."""
MEAN_CALL_S = 180.0
SPREAD = 0.8
"""Standard deviation of the logarithm of a call's length: one in twenty lasts 3.7 times the median."""
PEAK_DAY = 1.5
CHANNELS = 2
THREADS = 2
"""With which `benchmarks/transcribe.json` was measured, each channel alone."""
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Load:
    """A day's calls and what there is to transcribe them."""

    hours: float
    """Of audio a day, both speakers in one hour of recording."""
    core_hours: float
    """That an hour of audio takes."""
    machines: int
    cores: int
    """Of each machine."""
    begin_hour: float
    """Of the day from which on machines work; before, calls wait."""
    faults: float
    """Probability that an attempt dies with its worker."""
    outage_hour: float
    outage_hours: float
    """How long one machine is gone from then on; 0 for never."""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Night:
    """What became of a day's calls; times in hours from the day's midnight, so 30 is six in the morning."""

    done_hour: float
    calls: int
    given_up: int
    died: int
    """Attempts that died."""
    busy_core_hours: float
    longest_queue_hours: float
    """Of audio that waited at once."""
    longest_wait_hours: float


def core_hours_of(contender: str) -> float:
    """Core-hours that an hour of two-channel audio takes, measured by `make bench-transcribe`."""
    told = json.loads((ROOT / "transcribe.json").read_text(encoding="utf-8"))
    (one,) = (each for each in told["contenders"] if each["name"] == contender)
    audio_s = sum(channel["duration_s"] for channel in told["channels"])
    return sum(one["spent_s"]) / audio_s * THREADS * CHANNELS


def arrivals(load: Load) -> tuple[np.ndarray, np.ndarray]:
    """When calls end (seconds of the day, in order) and how long they are (seconds); the same for a seed."""
    generator = np.random.default_rng(load.seed)
    count = round(load.hours * HOUR_S / MEAN_CALL_S)
    share = np.array(ARRIVALS) / sum(ARRIVALS)
    hour = generator.choice(24, size=count, p=share)
    at = np.sort((hour + generator.random(count)) * HOUR_S)
    length = generator.lognormal(np.log(MEAN_CALL_S) - SPREAD**2 / 2, SPREAD, count)
    return at, length * (load.hours * HOUR_S / length.sum())


def simulate(load: Load) -> Night:
    """Work one day's calls off, first come, first served."""
    at, length = arrivals(load)
    luck = np.random.default_rng(load.seed + 1).random((len(at), MAX_ATTEMPTS, 2))
    begin_s = load.begin_hour * HOUR_S
    gone_from_s = load.outage_hour * HOUR_S
    gone_until_s = gone_from_s + load.outage_hours * HOUR_S
    # (free from, core); the cores of the first machine are those that are gone for a while.
    free = [(begin_s, core) for core in range(load.machines * load.cores)]
    # (since when, number, attempt) of what waits: arrivals in order, and attempts that come again.
    again: list[tuple[float, int, int]] = []
    arrived = given_up = died = 0
    busy_s = done_s = longest_wait_s = 0.0
    starts = np.full(len(at), np.inf)
    while arrived < len(at) or again:
        if again and (arrived == len(at) or again[0][0] <= at[arrived]):
            since, number, attempt = heapq.heappop(again)
        else:
            since, number, attempt = float(at[arrived]), arrived, 0
            arrived += 1
        free_s, core = free[0]
        start_s = max(free_s, since)
        away = core < load.cores and gone_from_s < gone_until_s
        if away and gone_from_s <= start_s < gone_until_s:
            heapq.heapreplace(free, (gone_until_s, core))
            heapq.heappush(again, (since, number, attempt))
            continue
        starts[number] = min(starts[number], start_s)
        longest_wait_s = max(longest_wait_s, start_s - since)
        work_s = float(length[number]) * load.core_hours
        end_s, back_s, lost = start_s + work_s, start_s + work_s, False
        if away and start_s < gone_from_s < end_s:
            # The machine goes with the call in hand: others take it over when the lease has run out.
            end_s, back_s, lost = gone_from_s, gone_from_s + LEASE_S, True
        elif luck[number, attempt, 0] < load.faults:
            end_s = back_s = start_s + work_s * float(luck[number, attempt, 1])
            lost = True
        busy_s += end_s - start_s
        heapq.heapreplace(free, (end_s, core))
        if not lost:
            done_s = max(done_s, end_s)
            continue
        died += 1
        if attempt + 1 < MAX_ATTEMPTS:
            heapq.heappush(again, (back_s, number, attempt + 1))
        else:
            given_up += 1
    return Night(
        done_s / HOUR_S,
        len(at),
        given_up,
        died,
        busy_s / HOUR_S,
        _longest_queue_hours(at, starts, length),
        longest_wait_s / HOUR_S,
    )


def machines_for(load: Load, deadline_hour: float) -> int:
    """The fewest machines with which the day's calls are done by `deadline_hour`.

    Raises `ValueError` when no number does: the last call comes too late.
    """
    window = deadline_hour - load.begin_hour
    machines = max(1, int(load.hours * load.core_hours / (load.cores * window)))
    for number in range(machines, 4 * machines + 50):
        if simulate(replace(load, machines=number)).done_hour <= deadline_hour:
            return number
    raise ValueError("no number of machines is enough")


def _longest_queue_hours(at: np.ndarray, starts: np.ndarray, length: np.ndarray) -> float:
    times = np.concatenate([at, starts])
    waiting = np.concatenate([length, -length])
    # What comes and starts at once does not wait.
    order = np.lexsort((waiting, times))
    return float(max(0.0, np.cumsum(waiting[order]).max()) / HOUR_S)


def clock(hour: float) -> str:
    """An hour from the day's midnight as people say it.

    >>> clock(21.5), clock(30.0)
    ('21:30', '06:00 next day')
    """
    minutes = round(hour * 60)
    days, rest = divmod(minutes, 24 * 60)
    day = ("", " next day")[days] if days < 2 else f" after {days} days"
    return f"{rest // 60:02d}:{rest % 60:02d}{day}"


def report(load: Load, deadline_hour: float, core_hour_cost: float) -> list[str]:
    """The page's table: a usual day, a peak day, and the usual day with faults and an outage."""
    calm = replace(load, faults=0.0, outage_hours=0.0)
    peak = replace(load, hours=load.hours * PEAK_DAY)
    lines = [
        f"{load.core_hours:.3f} core-hours an hour of audio; "
        f"{load.hours * load.core_hours:,.0f} core-hours a day; at {core_hour_cost:.2f} a core-hour "
        f"{load.core_hours * core_hour_cost:.4f} an hour of audio",
        "",
        "| day | hours of audio | machines | done | most hours waiting | longest wait | died | given up |",
        "|---|---|---|---|---|---|---|---|",
    ]
    days = {"nothing goes wrong": calm, "faults and an outage": load, "the same, a peak day": peak}
    for name, one in days.items():
        machines = load.machines or machines_for(one, deadline_hour)
        night = simulate(replace(one, machines=machines))
        lines.append(
            f"| {name} | {one.hours:,.0f} | {machines} | {clock(night.done_hour)} | "
            f"{night.longest_queue_hours:,.0f} | {night.longest_wait_hours:.1f} h | "
            f"{night.died} | {night.given_up} |"
        )
    return lines


def stored(workspace: Path) -> list[str]:
    """Bytes a call of what a workspace keeps, and hours of its recordings."""
    from qa_audit.calls.query import calls_frame
    from qa_audit.workspace import Workspace
    from qa_audit.workspace_folder import DATABASE_FILE

    opened = Workspace.open(workspace)
    calls = calls_frame(opened.database)
    count = calls["recording"].drop_nulls().len()
    audio = sum(Path(path).stat().st_size for path in set(calls["recording"].drop_nulls()))
    hours = opened.status().total.done_s / HOUR_S
    lines = [f"{count} calls with a recording, {hours:.2f} hours"]
    lines.append(f"recordings: {audio / count:,.0f} bytes a call")
    for folder in sorted(path for path in opened.results.iterdir() if path.is_dir()):
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        lines.append(f"{folder.name}: {size / count:,.0f} bytes a call")
    database = sum(path.stat().st_size for path in workspace.glob(f"{DATABASE_FILE}*"))
    lines.append(f"database: {database / count:,.0f} bytes a call")
    opened.database.dispose()
    return lines


def database_bytes(calls: int = 9_000, actions: int = 1_200) -> list[str]:
    """What a call (with its recording and job) and an inspector's action add to a SQLite file."""
    from benchmarks.status import fill
    from qa_audit.audit.actions import WriteComment
    from qa_audit.audit.events import append
    from qa_audit.workspace import Workspace
    from qa_audit.workspace_folder import DATABASE_FILE

    sizes = []
    for count in (1_000, 1_000 + calls):
        with tempfile.TemporaryDirectory() as folder:
            made = Workspace.create(Path(folder) / "ws", recordings=folder)
            fill(made, count)
            sizes.append(_used_bytes(made.folder / DATABASE_FILE))
            if len(sizes) == 2:
                for number in range(actions):
                    append(
                        made.database,
                        f"c{number // 15}",
                        "李敏",
                        WriteComment(f"第 {number} 处语速偏快"),
                        made.rubric,
                    )
                sizes.append(_used_bytes(made.folder / DATABASE_FILE))
            made.database.dispose()
    few, many, audited = sizes
    each = (many - few) / calls, (audited - many) / actions
    return ["database: {:,.0f} bytes a call, {:,.0f} bytes an action".format(*each)]


def _used_bytes(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return prod(pages)


@click.command(help=__doc__.split("\n", 1)[0])
@click.option("--hours", default=10_000.0, show_default=True, help="hours of audio a day")
@click.option("--engine", default="ctranslate2 balanced", show_default=True, help="as in transcribe.json")
@click.option("--core-hours", type=float, help="an hour of audio takes, instead of the measured ones")
@click.option("--machines", default=0, help="so many; 0 asks how many the deadline needs")
@click.option("--cores", default=32, show_default=True, help="of a machine")
@click.option("--begin-hour", default=18.0, show_default=True, help="when work begins")
@click.option("--deadline-hour", default=30.0, show_default=True, help="30 is six in the morning")
@click.option("--faults", default=0.002, show_default=True, help="share of attempts that die")
@click.option("--outage-hour", default=20.0, show_default=True)
@click.option("--outage-hours", default=4.0, show_default=True, help="one machine is gone for so long")
@click.option("--core-hour-cost", default=0.3, show_default=True, help="in any currency")
@click.option("--store", type=click.Path(path_type=Path, exists=True), help="only measure this workspace")
@click.option("--database", is_flag=True, help="only measure what calls and actions add to a database")
def main(store: Path | None, database: bool, engine: str, core_hours: float | None, **chosen: float) -> None:
    """Print the table, or what storage takes."""
    if store is not None:
        click.echo("\n".join(stored(store)))
        return
    if database:
        click.echo("\n".join(database_bytes()))
        return
    deadline, cost = chosen.pop("deadline_hour"), chosen.pop("core_hour_cost")
    counts = {name: int(chosen.pop(name)) for name in ("machines", "cores")}
    load = Load(core_hours=core_hours or core_hours_of(engine), **counts, **chosen)
    click.echo("\n".join(report(load, deadline, cost)))


if __name__ == "__main__":
    main()
