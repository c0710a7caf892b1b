"""kill -9 at random moments: no event lost, none doubled, no part half-written, and the next run goes on.

`make test-faults` kills 50 times in each step: QA_AUDIT_FAULTS says how often.
"""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from qa_audit.store.database import reading
from qa_audit.store.schema import audit_events
from qa_audit.verified import verify_workspace
from qa_audit.workspace import Workspace
from tests.faults.victim import new_recordings, step

KILLS = int(os.environ.get("QA_AUDIT_FAULTS", "3"))
LONGEST_S = {"import": 0.15, "transcribe": 0.15, "score": 0.15, "audit": 0.1}
"""Within so long after a step began it is killed; later steps may have begun by then."""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "recordings").mkdir()
    new_recordings(tmp_path / "recordings", 2)
    Workspace.create(tmp_path, recordings=tmp_path / "recordings").database.dispose()
    return tmp_path


def _kill_in(folder, wanted, chosen):
    """Start the process, kill it in the step `wanted`; ids of the events that it said were kept."""
    command = [sys.executable, "-m", "tests.faults.victim", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as victim:
        kept = []
        for line in victim.stdout:
            kept += [line.split()[1]] if line.startswith("kept ") else []
            if line.strip() == wanted:
                break
        else:
            pytest.fail(f"the process ended by itself with {victim.wait()}")
        time.sleep(chosen.uniform(0, LONGEST_S[wanted]))
        os.killpg(victim.pid, signal.SIGKILL)
        kept += [
            line.split()[1] for line in victim.stdout if line.startswith("kept ") and line.endswith("\n")
        ]
    assert victim.returncode == -signal.SIGKILL
    return kept


def _events(workspace):
    with reading(workspace.database) as connection:
        return connection.execute(select(audit_events.c.uuid)).scalars().all()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("wanted", ["import", "transcribe", "score", "audit"])
def test_a_killed_process_loses_and_doubles_nothing(folder, wanted, capsys):
    chosen = random.Random(wanted)
    confirmed = []
    for _ in range(KILLS):
        confirmed += _kill_in(folder, wanted, chosen)
        workspace = Workspace.open(folder)
        told = verify_workspace(workspace.database, workspace.results)
        assert not told.failed, str(told)
        events = _events(workspace)
        assert set(confirmed) <= set(events)
        assert len(set(events)) == len(events)
        workspace.database.dispose()
    workspace = Workspace.open(folder)
    for name in ("import", "transcribe", "score"):
        step(workspace, name)
    calls = workspace.calls()
    assert calls["status"].unique().to_list() == ["scored"]
    assert calls.height == len(list((folder / "recordings").glob("*.wav")))
    assert list(folder.rglob("*.partial")) == []
    told = verify_workspace(workspace.database, workspace.results)
    assert not told.failed, str(told)
    workspace.database.dispose()
    with capsys.disabled():
        print(
            f"\n{wanted}: killed {KILLS} times, survived {KILLS}; {len(events)} events, {calls.height} calls"
        )
