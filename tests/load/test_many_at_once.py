"""Ten inspectors at once, each a process with 1,000 events, on one database: none lost, none doubled.

Meanwhile further processes are killed in the midst of writing. `make test-load` prints how long an event took
to be kept: QA_AUDIT_LOAD says how many each has.
"""

import os
import signal
import statistics
import subprocess
import sys

import pytest

from qa_audit.audit.events import events_of_calls
from qa_audit.audit.proof import verify_chain
from qa_audit.store.database import open_database
from qa_audit.verified import database_faults
from tests.postgres.cluster import running_cluster

PEOPLE = 10
EVENTS = int(os.environ.get("QA_AUDIT_LOAD", "20"))
KILLS = 10 if EVENTS >= 1000 else 3

WRITER = """
import sys, time
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
path, who, count = sys.argv[1:]
database, rubric = open_database(path), load_rubric()
print("ready", flush=True)
sys.stdin.read()
for number in range(int(count)):
    begun = time.perf_counter()
    append(database, f"c{number // 15}", who, WriteComment(f"{who} {number}"), rubric)
    print(time.perf_counter() - begun, flush=True)
database.dispose()
"""


@pytest.fixture
def durable(server):
    """The URL of a new database on a server whose commits wait for the disk, as SQLite's do."""
    with running_cluster(server, durable=True) as running:
        yield running.url(running.new_database())


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_ten_inspectors_at_once(tmp_path, capsys, injected):
    _write_at_once(str(tmp_path / "qa.db"), tmp_path, capsys, injected)


@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_ten_inspectors_at_once_on_postgresql(durable, tmp_path, capsys, injected):
    _write_at_once(durable, tmp_path, capsys, injected)


def _killed(command, name, after):
    """Start a writer and kill it when it was told that `after` events are kept; how many it was told."""
    writer = subprocess.Popen([*command, name, "1000000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    writer.stdin.close()
    for _ in range(after + 1):  # the first line says that it is ready
        writer.stdout.readline()
    writer.send_signal(signal.SIGKILL)
    told = after + len(writer.stdout.read().splitlines())
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL
    return told


def _write_at_once(address, tmp_path, capsys, injected):
    command = [sys.executable, "-c", WRITER, address]
    names = [f"质检员{number}" for number in range(PEOPLE)]
    files = [(tmp_path / name).open("w+") for name in names]
    writers = [
        subprocess.Popen([*command, name, str(EVENTS)], stdin=subprocess.PIPE, stdout=file, text=True)
        for name, file in zip(names, files, strict=True)
    ]
    for writer in writers:  # closed standard input is the starting gun
        writer.stdin.close()
    told = {f"被杀{number}": _killed(command, f"被杀{number}", 1 + number) for number in range(KILLS)}
    assert [writer.wait(timeout=3600) for writer in writers] == [0] * PEOPLE
    spent = []
    for file in files:
        file.seek(0)
        spent += [float(line) for line in file.read().split()[1:]]
        file.close()
    database = open_database(address)
    kept = [(event.who, event.action.text) for event in events_of_calls(database)]
    for name in names:
        assert [said for who, said in kept if who == name] == [f"{name} {number}" for number in range(EVENTS)]
    for name, confirmed in told.items():
        said = [said for who, said in kept if who == name]
        assert said == [f"{name} {number}" for number in range(len(said))]
        assert len(said) - confirmed in (0, 1)  # one may have been kept that it was not told of any more
    proof = verify_chain(database)
    assert (proof.findings, proof.head.length) == ((), len(kept))
    assert database_faults(database) == ()
    database.dispose()
    late = statistics.quantiles(spent, n=100)
    with capsys.disabled():
        print(
            f"\n{database.dialect.name}: {PEOPLE} processes, {len(spent)} events, none lost, none doubled; "
            f"milliseconds an event: "
            f"median {late[49] * 1e3:.1f}, 95 % {late[94] * 1e3:.1f}, 99 % {late[98] * 1e3:.1f}, "
            f"longest {max(spent) * 1e3:.0f}"
        )
    injected(f"{database.dialect.name} under load", KILLS, f"kill -9 of writers beside {PEOPLE} others")
