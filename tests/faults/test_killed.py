"""kill -9 at random moments: no event lost, none doubled, no part half-written, and the next run goes on.

`make test-faults` kills 35 times in each of six steps: QA_AUDIT_FAULTS says how often.
"""

import hashlib
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from qa_audit.calls.query import recordings_frame
from qa_audit.store.database import reading
from qa_audit.store.schema import audit_events
from qa_audit.verified import verify_workspace
from qa_audit.workspace import Workspace
from tests.closing.made_workspace import draw, hear, make
from tests.faults.victim import MONTH, main, new_recordings, step

KILLS = int(os.environ.get("QA_AUDIT_FAULTS", "3"))
LONGEST_S = {"import": 0.15, "transcribe": 0.15, "score": 0.15, "audit": 0.1, "close": 3.0, "archive": 0.4}
"""Within so long after a step began it is killed; later steps may have begun by then."""
SILENT_S = 120
"""A process that tells nothing for so long hangs."""

STARTING = multiprocessing.get_context("forkserver")
STARTING.set_forkserver_preload(["tests.faults.victim"])


def _kill_in(folder, name, wanted, chosen):
    """Start a process, kill it in the step `wanted`; what it said was kept."""
    told, pipe = STARTING.Pipe(duplex=False)
    victim = STARTING.Process(target=main, args=(str(folder), name, pipe))
    victim.start()
    pipe.close()
    kept, line = [], ""
    while line != wanted:
        assert told.poll(SILENT_S), f"silent in {name}"
        line = told.recv()  # EOFError where it ended by itself
        kept += line.split()[1:]
    time.sleep(chosen.uniform(0, LONGEST_S[wanted]))
    os.killpg(victim.pid, signal.SIGKILL)
    victim.join()
    while told.poll(0):
        try:
            kept += told.recv().split()[1:]
        except EOFError:
            break
    assert victim.exitcode == -signal.SIGKILL
    return kept


def _opened_and_whole(folder):
    workspace = Workspace.open(folder)
    told = verify_workspace(workspace.database, workspace.results)
    assert not told.failed, str(told)
    return workspace


def _events(workspace):
    with reading(workspace.database) as connection:
        return connection.execute(select(audit_events.c.uuid)).scalars().all()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("wanted", ["import", "transcribe", "score", "audit"])
def test_a_killed_process_loses_and_doubles_nothing(tmp_path, wanted, injected):
    (tmp_path / "recordings").mkdir()
    new_recordings(tmp_path / "recordings", 20 if wanted == "score" else 2)
    Workspace.create(tmp_path, recordings=tmp_path / "recordings").database.dispose()
    if wanted == "score":
        workspace = Workspace.open(tmp_path)
        for name in ("import", "transcribe"):
            step(workspace, name)
        workspace.database.dispose()
    chosen = random.Random(wanted)
    confirmed = []
    for _ in range(KILLS):
        confirmed += _kill_in(tmp_path, wanted if wanted in ("score", "audit") else "work", wanted, chosen)
        workspace = _opened_and_whole(tmp_path)
        events = _events(workspace)
        assert set(confirmed) <= set(events)
        assert len(set(events)) == len(events)
        workspace.database.dispose()
    workspace = Workspace.open(tmp_path)
    for name in ("import", "transcribe", "score"):
        step(workspace, name)
    calls = workspace.calls()
    assert calls["status"].unique().to_list() == ["scored"]
    assert calls.height == len(list((tmp_path / "recordings").glob("*.wav")))
    assert list(tmp_path.rglob("*.partial")) == []
    workspace.database.dispose()
    _opened_and_whole(tmp_path).database.dispose()
    injected(wanted, KILLS, f"{len(events)} events, {calls.height} calls")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_killed_closing_closes_wholly_or_not_at_all(tmp_path, injected):
    made = make(tmp_path)
    draw(made, MONTH)
    hear(made, MONTH)
    made.database.dispose()
    chosen, confirmed = random.Random("close"), []
    for _ in range(KILLS):
        confirmed += map(int, _kill_in(made.folder, "close", "close", chosen))
        workspace = _opened_and_whole(made.folder)
        ledger = workspace.month_book.ledger
        kept = [one.version for one in ledger.history(MONTH) if one.kind == "close"]
        assert kept == list(range(1, len(kept) + 1))
        assert set(confirmed) <= set(kept)
        for version in kept[-2:]:
            assert workspace.month_book.recompute(MONTH, version).differences == ()
        workspace.database.dispose()
    injected("close", KILLS, f"{len(kept)} versions")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_killed_move_leaves_every_recording_whole_where_the_database_says(tmp_path, injected):
    (tmp_path / "recordings").mkdir()
    new_recordings(tmp_path / "recordings", 12)
    made = Workspace.create(tmp_path / "centre", recordings=tmp_path / "recordings")
    (made.folder / "disk").mkdir()
    made.import_calls()
    wanted = Counter(recordings_frame(made.database)["sha256"])
    made.database.dispose()
    chosen = random.Random("archive")
    for _ in range(KILLS):
        _kill_in(made.folder, "archive", "archive", chosen)
        workspace = _opened_and_whole(made.folder)
        assert _where_it_says(workspace) == wanted
        workspace.database.dispose()
    workspace = Workspace.open(made.folder)
    assert not workspace.housekeeping.restore("主管").failed
    assert _where_it_says(workspace) == wanted
    assert len(list((tmp_path / "recordings").glob("*.wav"))) == 12
    assert list((made.folder / "disk").rglob("*.wav")) == []
    assert list(tmp_path.rglob("*.partial")) == []
    workspace.database.dispose()
    injected("archive", KILLS, "12 recordings")


def _where_it_says(workspace):
    """Hashes of the files that the database says are there, read from the disk."""
    files = recordings_frame(workspace.database).filter("present").select("folder", "path").rows()
    return Counter(hashlib.sha256((Path(folder) / path).read_bytes()).hexdigest() for folder, path in files)
