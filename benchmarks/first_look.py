"""How long the first look at a month takes: `python -m benchmarks.first_look`.

Makes a workspace whose database knows the calls of two months, of 300 agents in 12 teams, with a part of
turns for each and the real findings of scored calls under each call's own key, a hundred calls of the newer
month drawn and judged; then opens the panel of `01_first_look` in a process of its own and prints the wall
time: the first time, when the figures are made from all findings, with what is kept, and after somebody
handed in a call, when the figures are kept and the estimates must be made again; the median of clicks on an
agent, an item, a call and a moment; and the process's largest memory. The recordings themselves are not
there: a moment is found and its transcript read, its sound is not made.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import insert

from benchmarks.scoring import composed, labelled
from qa_audit.calls.facts import CallFacts
from qa_audit.messages import say
from qa_audit.months.glance import glance_kind
from qa_audit.scoring.batch import CALLS_PER_PART, FINDINGS, SCORES, ScoreJob, score_chunk
from qa_audit.scoring.frames import findings_key
from qa_audit.store import schema
from qa_audit.store.database import insert_one, writing
from qa_audit.store.parts import part_path, read_part, write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.job import TURNS
from qa_audit.transcribe.trial import peak_bytes
from qa_audit.workspace import Workspace

MONTHS = ("2026-09", "2026-10")
AGENTS, TEAMS, DIFFERENT = 300, 12, 500
RING_S = 5.0


def make_month(
    workspace: Workspace, month: str, count: int, scored: tuple[pl.DataFrame, pl.DataFrame]
) -> None:
    """Calls of a month with turns and findings; the latter are those of `DIFFERENT` calls, over and over."""
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    first = datetime.strptime(month, "%Y-%m") + timedelta(hours=8)
    facts = CallFacts(ring_s=RING_S)
    keep = settings.key_maker(digest)
    calls, contents, made_from = [], [], []
    folder = part_path(workspace.results, TURNS, month, "any").parent
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        agent = number % AGENTS
        sha256 = hashlib.sha256(f"{month}{number}".encode()).hexdigest()
        start = first + timedelta(seconds=int(28 * 86_400 * number / count))
        calls.append(
            {
                "call_id": f"{month}-{number:06d}",
                "sha256": sha256,
                "start": start,
                "agent_no": f"{8000 + agent}",
                "agent_name": f"员工{agent:03d}",
                "team": f"{agent % TEAMS + 1:02d}班",
                "ring_s": RING_S,
            }
        )
        contents.append({"sha256": sha256, "size_bytes": 2_880_000})
        key = keep(sha256)
        turns = part_path(workspace.results, TURNS, "2026-01", f"t{number % DIFFERENT:04d}")
        (folder / f"{key}.parquet").hardlink_to(turns)
        made_from.append(findings_key(key, facts, workspace.rubric.key))
    with writing(workspace.database) as connection:
        made = insert_one(
            connection, insert(schema.imports).values(imported_at=first, who="benchmark", counts={})
        )
        connection.execute(insert(schema.recordings), [{**one, "added_in": made} for one in contents])
        where = insert_one(connection, insert(schema.folders).values(path=f"/recordings/{month}"))
        common = {"folder_id": where, "mtime_ns": 0, "present": True}
        files = [{"path": f"{n}.wav", "stem_key": str(n), **one, **common} for n, one in enumerate(contents)]
        connection.execute(insert(schema.recording_files), files)
        common = {"extra": {}, "source": "list", "changed_in": made}
        connection.execute(insert(schema.calls), [{**one, **common} for one in calls])
    ids = pl.DataFrame({"call_id": [one["call_id"] for one in calls], "made_from": made_from})
    ids = ids.with_columns(of=pl.int_range(pl.len()) % DIFFERENT)
    for kind, frame in zip((SCORES, FINDINGS), scored, strict=True):
        for place in range(0, count, CALLS_PER_PART):
            own = ids.slice(place, CALLS_PER_PART)
            rows = own.join(frame.drop("call_id", "made_from"), on="of", how="left", maintain_order="left")
            write_part(rows.select(frame.drop("of").columns), workspace.results, kind, month, f"p{place:06d}")


def scored_calls(workspace: Workspace) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scores and findings of `DIFFERENT` calls as scoring stores them, `of` saying which call."""
    said = labelled()
    jobs = []
    for number in range(DIFFERENT):
        key = f"t{number:04d}"
        path = part_path(workspace.results, TURNS, "2026-01", key)
        path.parent.mkdir(parents=True, exist_ok=True)
        turns_frame(composed(said, number)).write_parquet(path)
        jobs.append(ScoreJob(str(number), "2026-01", key, "2026-01", CallFacts(ring_s=RING_S), f"f{number}"))
    score_chunk(jobs, workspace.results, workspace.rubric)
    (key,) = [one.stem for one in (workspace.results / SCORES / "2026-01").glob("*.parquet")]
    found = [read_part(workspace.results, kind, "2026-01", key) for kind in (SCORES, FINDINGS)]
    first, second = (one.with_columns(of=pl.col("call_id").cast(pl.Int64)) for one in found)
    return first, second


def judge(workspace: Workspace, calls: int) -> None:
    """Draw the newer month, hand it out, and judge so many calls: every item passes."""
    from qa_audit.audit.actions import HandIn, PassRest
    from qa_audit.audit.events import append
    from qa_audit.sampling.design import Design

    book, month = workspace.samples, MONTHS[-1]
    made = book.draw(book.frame(month, Design(calls_per_agent=8)), "王芳")
    book.hand_out(made.draw_id, ["王芳", "李强"], "王芳")
    items = tuple(item.id for item in workspace.rubric.items)
    for one in book.assignments(made.draw_id)[:calls]:
        for action in (PassRest(items), HandIn()):
            append(workspace.database, one.call_id, one.inspector, action, workspace.rubric)


async def measured(folder: Path) -> dict[str, Any]:
    """Wall times of the panel in this process, in ms, under a running loop as a kernel has one.

    `estimated` is when its estimates were there as well, `longest` how long the loop stood still meanwhile.
    """
    started = time.perf_counter()
    from qa_audit.widgets.first_look import FirstLook

    imported, used = time.perf_counter(), time.process_time()
    workspace = Workspace.open(folder)
    panel = FirstLook(workspace, workspace.months())
    times: dict[str, Any] = {
        "processor": 1e3 * (time.process_time() - used),
        "import": 1e3 * (imported - started),
        "open": 1e3 * (time.perf_counter() - imported),
    }
    waiting, longest = say("widget.estimating"), 0.0
    while waiting in panel.interval_note.value:
        begun = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - begun)
    times |= {"estimated": 1e3 * (time.perf_counter() - imported), "longest": 1e3 * longest}
    clicks: dict[str, list[float]] = {}
    for number in range(9):
        for name, listing in (
            ("agent", panel.agents),
            ("item", panel.items),
            ("call", panel.calls),
            ("moment", panel.moments),
        ):
            begun = time.perf_counter()
            listing.chosen = None
            listing.chosen = min(number, listing.frame.height - 1)
            clicks.setdefault(name, []).append(1e3 * (time.perf_counter() - begun))
    times |= {name: statistics.median(found) for name, found in clicks.items()}
    times["heard"] = int(panel.agents.frame[:, 5].sum())
    times["mb"] = peak_bytes() / 1024**2
    return times


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=100_000, help="calls of each month")
    parser.add_argument("--audits", type=int, default=100, help="calls that people judged")
    parser.add_argument("--repeats", type=int, default=5, help="openings that are timed")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(asyncio.run(measured(given.measure))))
        return
    with tempfile.TemporaryDirectory() as home:
        begun = time.perf_counter()
        workspace = Workspace.create(Path(home) / "workspace")
        scored = scored_calls(workspace)
        for month in MONTHS:
            make_month(workspace, month, given.calls, scored)
        judge(workspace, given.audits)
        print(f"made {len(MONTHS)} months of {given.calls} calls in {time.perf_counter() - begun:.0f} s")

        def once() -> dict[str, Any]:
            command = [sys.executable, "-m", "benchmarks.first_look", "--measure", str(workspace.folder)]
            return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

        first = once()
        print(
            f"first look, nothing kept yet: {first['open'] / 1e3:.1f} s, "
            f"with estimates {first['estimated'] / 1e3:.1f} s, {first['mb']:.0f} MB"
        )
        shutil.rmtree(workspace.results / glance_kind("estimates"))
        after = once()
        print(
            f"first look after somebody handed in a call: {after['open']:.0f} ms, "
            f"its estimates are there after {after['estimated'] / 1e3:.1f} s, "
            f"a click waits {after['longest']:.0f} ms at most"
        )
        again = [once() for _ in range(given.repeats)]
        middle = {name: statistics.median(one[name] for one in again) for name in again[0]}
        verdict = "within" if middle["open"] <= 1_000 else "OVER"
        print(
            f"first look: median {middle['open']:.0f} ms "
            f"({min(one['open'] for one in again):.0f}-{max(one['open'] for one in again):.0f}, "
            f"n={len(again)}), {verdict} 1000 ms, processor {middle['processor']:.0f} ms; "
            f"importing the panel {middle['import']:.0f} ms; "
            f"{middle['mb']:.0f} MB; {middle['heard']:.0f} calls heard"
        )
        print(
            "then a click: "
            + ", ".join(f"{name} {middle[name]:.0f} ms" for name in ("agent", "item", "call", "moment"))
        )


if __name__ == "__main__":
    main()
