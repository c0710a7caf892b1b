"""A small disk that fills up, and one that becomes read-only: mounted for one process alone, as root may."""

import json
import os
import shutil
import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs, as Linux does it"),
]

FULL = """
import json, os, sys
from pathlib import Path
from tests.closing.made_workspace import make, draw, hear
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append, events_of_calls
from qa_audit.messages import QaError
from qa_audit.retention.holds import add_hold
from qa_audit.verified import verify_workspace
disk, out = Path(sys.argv[1]), {}
made = make(disk / "centre")
draw(made, "2026-10")
hear(made, "2026-10")
before = len(events_of_calls(made.database))

def code_of(act, *words, **more):
    try:
        act(*words, **more)
    except QaError as error:
        return error.code
    return "done"

filler = disk / "filler"
with filler.open("wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(4096))
    except OSError:
        pass
kept = 0
while code_of(append, made.database, f"c{kept}", "李敏", WriteComment("长" * 400), made.rubric) == "done":
    kept += 1
out["event"] = code_of(append, made.database, "c", "李敏", WriteComment("长" * 400), made.rubric)
out["report"] = code_of(made.report, "2026-10", disk / "report", formats=("xlsx", "csv"))
out["close"] = code_of(made.month_book.close, "2026-10", "主管", without_word="休假")
out["backup"] = code_of(__import__("qa_audit.backup").backup.back_up, made.folder, disk / "backup")
out["left"] = sorted(one.name for one in disk.rglob("*.partial")) + [one.name for one in disk.glob("backup*")]
whole = verify_workspace(made.database, made.results)
out["whole"] = not whole.failed
out["lost"] = before + kept - len(events_of_calls(made.database))
filler.unlink()
out["again"] = [
    code_of(append, made.database, "after", "李敏", WriteComment("继续"), made.rubric),
    code_of(made.report, "2026-10", disk / "report", formats=("xlsx", "csv")),
    code_of(made.month_book.close, "2026-10", "主管", without_word="休假"),
]
print(json.dumps(out))
"""

READ_ONLY = """
import json, subprocess, sys
from pathlib import Path
from tests.closing.made_workspace import make
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append, events_of_calls
from qa_audit.messages import QaError
from qa_audit.workspace import Workspace
disk, out = Path(sys.argv[1]), {}
made = make(disk / "centre")
append(made.database, "c", "李敏", WriteComment("一"), made.rubric)
made.database.dispose()

def code_of(act, *words, **more):
    try:
        act(*words, **more)
    except QaError as error:
        return error.code
    return "done"

def work():
    opened = Workspace.open(made.folder)
    append(opened.database, "c", "李敏", WriteComment("二"), opened.rubric)

subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
out["work"] = code_of(work)
out["report"] = code_of(made.report, "2026-10", disk / "report", formats=("csv",))
subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
made.database.dispose()
out["again"] = code_of(work)
out["comments"] = [one.action.text for one in events_of_calls(Workspace.open(made.folder).database)]
print(json.dumps(out))
"""


def _on_small_disk(script, folder, size):
    """What a script prints that runs with a disk of its own at `folder`."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root may mount a small disk")
    words = 'mount -t tmpfs -o size="$1" none "$2" || exit 77; exec "$3" -c "$4" "$2"'
    run = subprocess.run(
        ["unshare", "--mount", "sh", "-c", words, "-", size, folder, sys.executable, script],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 77 or "unshare failed" in run.stderr:
        pytest.skip(f"no disk can be mounted here: {run.stderr.strip()}")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout.splitlines()[-1])


def test_a_full_disk_is_told_and_nothing_is_lost_or_left_half(tmp_path, injected):
    told = _on_small_disk(FULL, tmp_path, "12m")
    again = told.pop("again")
    assert told.pop("event") in ("store.disk_full", "store.disk_fault")
    assert told == {
        "report": "store.disk_full",
        "close": told["close"],
        "backup": told["backup"],
        "left": [],
        "whole": True,
        "lost": 0,
    }
    assert {told["close"], told["backup"]} <= {"store.disk_full", "store.disk_fault"}
    assert again == ["done", "done", "done"]
    injected("full disk", 4, "event, report, closing, backup")


def test_a_disk_that_becomes_read_only_is_told_and_work_goes_on_when_it_is_back(tmp_path, injected):
    told = _on_small_disk(READ_ONLY, tmp_path, "12m")
    assert told == {
        "work": "store.not_writable",
        "report": "store.not_writable",
        "again": "done",
        "comments": ["一", "二"],
    }
    injected("read-only disk", 2, "event, report")
