"""How long an action of an inspector takes to be saved, and whether a long day costs memory.

    python -m benchmarks.audit_events                   # 200 calls in a row
    python -m benchmarks.audit_events --calls 20

Makes a database in a temporary folder (SQLite as in a workspace: WAL, synced at every event) and calls of 60
turns each; audits them one after another through a desk: open, comment, a fault marked, moved, undone and
redone, words corrected, five verdicts, the rest passed, handed in. Prints the wall time of an action and of
opening a call, processor time beside it, the same for a call that already has a thousand events, and the
memory of the process after each tenth of the calls.
"""

from __future__ import annotations

import gc
import os
import random
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

import click

from qa_audit.audit.desk import Desk
from qa_audit.audit.opened import CallMaterial
from qa_audit.audit.queue import QueuedCall
from qa_audit.console import table
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
from qa_audit.transcribe.turns import Transcript, Turn

TURNS = 60
TURN_S = 4.0
SENTENCES = (
    "您好，客服中心8001号为您服务，请问有什么可以帮您？",
    "我家的宽带从昨天晚上开始就上不去了。",
    "好的，请您提供一下宽带账号，我帮您查询。",
    "账号是幺三八零零幺三八零零零。",
    "请您稍等，我帮您查询一下，请不要挂机。",
    "感谢您的耐心等待，这边显示线路需要检修。",
    "那什么时候能修好？",
    "师傅会在二十四小时内联系您，请问还有其他可以帮您的吗？",
    "没有了，谢谢。",
    "不客气，感谢您的来电，再见。",
)
CALL = {
    "start": datetime(2026, 11, 3, 9, 15),
    "agent_no": "8001",
    "agent_name": "张三",
    "team": "一班",
    "direction": "inbound",
    "ring_s": 6.0,
    "internal": False,
    "hangup_by": "customer",
}


def material_of(call_id: str) -> CallMaterial:
    """A call of sixty turns, another one for every id."""
    chosen = random.Random(call_id)
    turns = tuple(
        Turn(
            "agent" if place % 2 == 0 else "customer",
            place * TURN_S,
            (place + 0.9) * TURN_S,
            chosen.choice(SENTENCES),
            0.9,
        )
        for place in range(TURNS)
    )
    transcript = Transcript("ab" * 32, TURNS * TURN_S, 2, "openai-whisper", "base", "balanced", turns)
    return CallMaterial({**CALL, "call_id": call_id}, transcript)


def actions_of(call_id: str, items: list[str]) -> list[dict]:
    """What an inspector does with a call, from the first comment to handing in."""
    fault = {
        "kind": "fault",
        "fault": f"{random.Random(call_id).getrandbits(128):032x}",
        "item": items[0],
        "severity": "minor",
        "start_s": 12.0,
        "end_s": 15.5,
        "should_say": "请问您贵姓？",
        "comment": "语速偏快",
    }
    return [
        {"kind": "comment", "text": "整体良好"},
        fault,
        {**fault, "end_s": 16.0},
        {"kind": "undo"},
        {"kind": "redo"},
        {"kind": "text", "turn": 3, "text": "账号是幺三九零零幺三八零零零。"},
        *({"kind": "verdict", "item": item, "verdict": "pass"} for item in items[1:6]),
        {"kind": "pass_rest", "items": items},
        {"kind": "hand_in"},
    ]


class Watch:
    """Wall and processor milliseconds of what was done, by name."""

    def __init__(self) -> None:
        self.spent: dict[str, list[tuple[float, float]]] = {}

    def timed(self, name: str, work, *arguments) -> None:
        """Do some work and note how long it took."""
        wall, processor = time.perf_counter(), time.process_time()
        work(*arguments)
        spent = (time.perf_counter() - wall, time.process_time() - processor)
        self.spent.setdefault(name, []).append((spent[0] * 1e3, spent[1] * 1e3))

    def rows(self) -> list[tuple[str, ...]]:
        """A row a name: how often, median, 95th percentile, longest, processor."""
        rows = []
        for name, pairs in self.spent.items():
            walls = sorted(wall for wall, _ in pairs)
            late = walls[min(len(walls) - 1, int(0.95 * len(walls)))]
            figures = (statistics.median(walls), late, walls[-1], statistics.median(cpu for _, cpu in pairs))
            rows.append((name, str(len(pairs)), *(f"{one:.1f}" for one in figures)))
        return rows


def memory_mb() -> float:
    """What the process holds now, after the garbage was collected; from Linux's /proc."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@click.command()
@click.option("--calls", default=200, show_default=True, help="calls audited in a row")
@click.option("--long", "events", default=1000, show_default=True, help="events of the call with a history")
def main(calls: int, events: int) -> None:
    """Time the saving of actions."""
    rubric = load_rubric()
    items = [item.id for item in rubric.items]
    names = [f"C{number:04d}" for number in range(calls + 1)]
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="audit-events-") as folder:
        database = open_database(Path(folder) / "qa_audit.db")
        desk = Desk(database, rubric, "李敏", [QueuedCall(name) for name in names], material_of)
        held = []
        for number, name in enumerate(names[:calls]):
            watch.timed("open a call", desk.open, name)
            for action in actions_of(name, items):
                said = "hand in" if action["kind"] == "hand_in" else "save an action"
                watch.timed(said, desk.act, name, action)
            watch.timed("queue", desk.queue)
            if (number + 1) % max(1, calls // 10) == 0:
                held.append(memory_mb())
        for number in range(events):
            desk.act(names[calls], {"kind": "comment", "text": f"{number}"})
        for number in range(20):
            comment = {"kind": "comment", "text": f"最后 {number}"}
            watch.timed(f"save, {events} events before", desk.act, names[calls], comment)
        database.dispose()
    click.echo(
        table(["", "times", "median ms", "95 % ms", "longest ms", "CPU ms"], watch.rows(), right=range(1, 6))
    )
    told = ", ".join(f"{one:.1f}" for one in held)
    click.echo(f"memory of the process after each tenth of {calls} calls, MB: {told}")


if __name__ == "__main__":
    main()
