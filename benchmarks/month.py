"""How long a month takes: its figures, the first look at it, people's estimates, the workbook; and memory.

    python -m benchmarks.month                     # 60 agents × 1,000 calls, 500 audits; 100,000
    python -m benchmarks.month --agents 20 --calls-each 100 --audits 160

Makes a workspace in a temporary folder through the real store: calls, recordings and roster in the database,
turns as links to one empty part (no step reads words), findings and scores as Parquet parts under the keys
they would have. Draws through the sample book, hands out, and hands in sheets as events. Each figure is the
wall time in a process of its own, with its processor time (all threads; on a machine with other work the wall
time says little) and its peak memory.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
import polars as pl
from sqlalchemy import insert

from benchmarks.imported import import_numbered
from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, to_json
from qa_audit.calls.query import calls_frame
from qa_audit.sampling.design import Design
from qa_audit.scoring.batch import CALLS_PER_PART, FINDINGS, SCORES, SCORES_SCHEMA
from qa_audit.scoring.frames import FINDINGS_SCHEMA
from qa_audit.store import schema
from qa_audit.store.database import writing
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.trial import peak_bytes
from qa_audit.transcribe.turns import Transcript
from qa_audit.workspace import Workspace

MONTH = "2026-10"
FIRST_CALL = datetime(2026, 10, 1, 8)
INSPECTORS = ("李敏", "王强", "赵静", "孙丽")
FAULT_RATE, UNCERTAIN_RATE, IDLE_RATE = 0.07, 0.02, 0.45
LINKS = 50_000
"""So many names one file may have: file systems stop at 65,000."""
_STEPS = ("month", "keep", "first_look", "estimates", "pay", "workbook")


@dataclass(frozen=True, slots=True)
class Limit:
    """What a step may take at most."""

    seconds: float
    gigabytes: float = 1.5


LIMITS = {
    "month": Limit(15.0),
    # Part of a run: what the first look then finds made.
    "keep": Limit(60.0),
    "first_look": Limit(1.0),
    "estimates": Limit(2.0),
    "pay": Limit(2.0),
    "workbook": Limit(10.0),
}


def make_workspace(folder: Path, agents: int, calls_each: int) -> Workspace:
    """A workspace with a month of scored calls, as a run would leave it."""
    workspace = Workspace.create(folder / "workspace")
    chance = random.Random(7)
    _calls(workspace, agents, calls_each, chance)
    known = calls_frame(workspace.database, MONTH)
    # Nothing here reads a call's words, so turns are links to a few parts; their names are what counts.
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    keys = [settings.key(sha256, digest) for sha256 in known["sha256"]]
    empty = turns_frame(
        Transcript(known["sha256"][0], 180.0, 2, settings.engine, settings.model, "balanced", ())
    )
    for first in range(0, len(keys), LINKS):
        part = write_part(empty, workspace.results, TURNS, MONTH, keys[first])
        for key in keys[first + 1 : first + LINKS]:
            (part.parent / f"{key}.parquet").hardlink_to(part)
    jobs = workspace.call_results.score_jobs(known)
    items = [(item.id, item.weight, item.critical) for item in workspace.rubric.items]
    for first in range(0, len(jobs), CALLS_PER_PART):
        _part(workspace, jobs[first : first + CALLS_PER_PART], items, chance)
    return workspace


def _calls(workspace: Workspace, agents: int, calls_each: int, chance: random.Random) -> None:
    def one(number: int) -> tuple[int, datetime, dict[str, str]]:
        agent = number % agents
        start = FIRST_CALL + timedelta(seconds=chance.randrange(30 * 86_400 - 40_000))
        told = {"agent_no": f"{8001 + agent}", "agent_name": f"person {agent}"}
        return number, start, {**told, "team": f"{agent * 6 // agents + 1}班"}

    import_numbered(workspace, map(one, range(agents * calls_each)))


def _part(workspace: Workspace, jobs: list, items: list, chance: random.Random) -> None:
    findings, scores = [], []
    for job in jobs:
        earned = possible = 0.0
        uncertain, critical = 0, []
        for item, weight, zeroes in items:
            draw = chance.random()
            verdict = (
                "uncertain"
                if draw < UNCERTAIN_RATE
                else "not_applicable"
                if draw < IDLE_RATE
                else "fail"
                if draw < IDLE_RATE + FAULT_RATE
                else "pass"
            )
            severe = verdict == "fail" and zeroes and chance.random() < 0.02
            at = round(chance.uniform(0, 170), 2)
            place = {
                "turn": 3,
                "start_s": at,
                "end_s": at + 2,
                "quote": "这个不归我们管，您自己去问吧",
                "tier": "exact",
            }
            earned += weight if verdict == "pass" else 0.0
            possible += weight if verdict in ("pass", "fail") else 0.0
            uncertain += verdict == "uncertain"
            critical += [item] if severe else []
            points = 0.0 if verdict == "fail" else weight
            evidence = [place] if verdict in ("pass", "fail") else []
            findings.append(
                (job.call_id, "item", item, verdict, points, weight, severe, evidence, job.made_from)
            )
        score = 0.0 if critical else 100 * earned / possible if possible else None
        scores.append((job.call_id, job.made_from, score, critical, uncertain, 180.0, 0.9, 0.8))
    columns = {name: FINDINGS_SCHEMA[name] for name in FINDINGS_SCHEMA} | {"made_from": pl.String}
    frame = pl.DataFrame(findings, schema=columns, orient="row").with_columns(
        rubric=pl.lit(workspace.rubric.sha256), detector=pl.lit(None, pl.String)
    )
    key = hashlib.sha256(jobs[0].made_from.encode()).hexdigest()[:16]
    write_part(frame, workspace.results, FINDINGS, MONTH, key)
    write_part(pl.DataFrame(scores, SCORES_SCHEMA, orient="row"), workspace.results, SCORES, MONTH, key)


def audit(workspace: Workspace, audits: int, agents: int) -> int:
    """Draw, hand out and hand in; how many sheets people handed in."""
    book = workspace.samples
    drawn = book.draw(book.frame(MONTH, Design(calls_per_agent=max(4, audits // agents))), "主任")
    book.hand_out(drawn.draw_id, INSPECTORS, "主任")
    machine = workspace.findings(MONTH).filter(pl.col("kind") == "item")
    rows = machine.filter(pl.col("call_id").is_in(drawn.tickets["call_id"].implode()))
    said: dict[str, list[tuple[str, str]]] = {}
    for call, item, verdict in rows.select("call_id", "item", "verdict").iter_rows():
        said.setdefault(call, []).append((item, verdict))
    chance, events = random.Random(11), []
    begins = datetime(2026, 11, 2, 1)
    todo = [(one.inspector, one.call_id) for one in book.assignments(drawn.draw_id)]
    for number, (who, call) in enumerate(todo):
        at = begins + timedelta(minutes=5 * number)
        actions: list = []
        for item, verdict in said[call]:
            theirs = "fail" if chance.random() < 0.04 else "pass" if verdict == "uncertain" else verdict
            actions.append(GiveVerdict(item, theirs))
            if theirs == "fail":
                name = f"{chance.getrandbits(128):032x}"
                actions.append(Fault(name, item, "major", 12.0, 15.0, "您好，请稍等", "语气生硬"))
        for action in (*actions, HandIn()):
            events.append(  # noqa: PERF401 - the dictionary is long
                {
                    "uuid": f"{chance.getrandbits(128):032x}",
                    "at": at,
                    "who": who,
                    "call_id": call,
                    "ticket": None,
                    "kind": action.kind,
                    "payload": to_json(action),
                    "blind": True,
                    "rubric_sha256": workspace.rubric.sha256,
                    "rubric_version": workspace.rubric.version,
                    "transcript_sha256": None,
                }
            )
    with writing(workspace.database) as connection:
        connection.execute(insert(schema.audit_events), events)
    return len(todo)


def run_step(step: str, folder: Path) -> None:
    """Do one step in this process and print its wall and processor seconds and the peak memory in GB."""
    workspace = Workspace.open(folder)
    started, worked = time.perf_counter(), time.process_time()
    if step == "month":
        workspace.month(MONTH)
    elif step == "keep":
        from qa_audit.months.glance import keep_glances

        keep_glances(workspace)
    elif step == "first_look":
        from qa_audit.widgets.first_look import FirstLook

        started, worked = time.perf_counter(), time.process_time()
        FirstLook(workspace, [MONTH])
    elif step == "pay":
        started, worked = time.perf_counter(), time.process_time()
        workspace.pay_figures(MONTH)
    elif step == "estimates":
        from qa_audit.audit.scores import sheets_frame
        from qa_audit.estimation.audited import assigned_calls, audit_rows, estimation_frame
        from qa_audit.estimation.difference import estimate_month

        made = workspace.month(MONTH)
        started, worked = time.perf_counter(), time.process_time()
        frame = estimation_frame(workspace.samples, MONTH, made.calls)
        assigned = assigned_calls(workspace.samples, MONTH)
        sheets = sheets_frame(
            workspace.database, workspace.rubric, made.findings, assigned["call_id"].unique()
        )
        estimate_month(frame, audit_rows(assigned, sheets))
    else:
        from dataclasses import replace

        from qa_audit.months.report_figures import month_figures
        from qa_audit.reports.workbook import write_workbook

        made = workspace.month(MONTH)
        figures = month_figures(workspace, MONTH, made.calls, made.findings)
        context = replace(workspace.report_context(MONTH), checked=True)
        started, worked = time.perf_counter(), time.process_time()
        write_workbook(folder / "month.xlsx", made.calls, made.findings, context, figures=figures)
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    print(seconds, processor, peak_bytes() / 1024**3)


def measured(step: str, folder: Path) -> tuple[float, float, float]:
    """Wall and processor seconds and peak memory in GB of one step in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.month", "--step", step, "--workspace", str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[-3]), float(said[-2]), float(said[-1])


@click.command()
@click.option("--agents", default=60, show_default=True)
@click.option("--calls-each", default=1_000, show_default=True)
@click.option("--audits", default=500, show_default=True)
@click.option("--large", default=100_000, show_default=True, help="calls of the second month; 0 for none")
@click.option("--step", type=click.Choice(_STEPS), default=None, hidden=True)
@click.option("--workspace", type=click.Path(path_type=Path), default=None, hidden=True)
def main(  # noqa: PLR0917 - click gives them by name
    agents: int, calls_each: int, audits: int, large: int, step: str | None, workspace: Path | None
) -> None:
    """Time the steps of a month."""
    if step is not None and workspace is not None:
        run_step(step, workspace)
        return
    for each, steps in ((calls_each, _STEPS), (large // agents, ("month", "keep", "first_look"))):
        if not each:
            continue
        folder = Path(tempfile.mkdtemp(prefix="month-"))
        try:
            made = make_workspace(folder, agents, each)
            handed_in = audit(made, audits, agents) if "estimates" in steps else 0
            click.echo(f"{agents} agents × {each} calls, {handed_in} audits")
            for name in steps:
                seconds, processor, gigabytes = measured(name, made.folder)
                limit = LIMITS[name]
                click.echo(
                    f"  {name:<11} {seconds:6.2f} s (at most {limit.seconds:g}), "
                    f"processor {processor:.2f} s, peak {gigabytes:.2f} GB (at most {limit.gigabytes:g})"
                )
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
