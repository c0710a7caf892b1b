import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from qa_audit.messages import QaError
from qa_audit.store.database import reading
from qa_audit.store.parts import part_keys
from qa_audit.store.schema import jobs as table
from qa_audit.transcribe.jobs import failures_by_key, transcribe_pending
from tests.transcribe.fake_transcribers import (
    SETTINGS,
    load,
    load_and_die,
    load_another_model,
    load_nothing,
    make_jobs,
)

pytestmark = pytest.mark.timeout(120)

ROOT = Path(__file__).parents[2]


def _run(made, workers, **options):
    jobs, database, results = made
    return transcribe_pending(
        jobs, database, results, SETTINGS, "d", workers=workers, **{"load": load} | options
    )


def _attempts(folder):
    return sorted((folder / "log").read_text().split())


def _rows(database):
    with reading(database) as connection:
        return {row.key: row for row in connection.execute(select(table))}


def _hold_up(folder, name):
    """The recording `name` will wait when it is begun."""
    os.mkfifo(folder / f"{name}.started")
    os.mkfifo(folder / f"{name}.gate")


def _outside(folder, workers, names):
    command = [sys.executable, "-m", "tests.transcribe.fake_transcribers", folder, str(workers), *names]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_parts_are_the_same_whatever_the_number_of_workers(tmp_path):
    said = {f"{number:02d}": f"第{number}句" for number in range(12)}
    parts = {}
    for workers in (1, 3):
        folder = tmp_path / str(workers)
        folder.mkdir()
        outcome = _run(make_jobs(folder, said), workers)
        assert (outcome.done, outcome.audio_s, outcome.workers) == (12, 150.0, workers)
        parts[workers] = {path.name: path.read_bytes() for path in (folder / "results").rglob("*.parquet")}
    assert len(parts[1]) == 12
    assert parts[1] == parts[3]


def test_faults_of_recordings_cost_only_them(tmp_path):
    said = {"a": "x", "b": "bad", "c": "odd", "d": "x", "e": "die", "f": "x"}
    made = make_jobs(tmp_path, said)
    outcome = _run(made, 2)
    assert outcome.done == 3
    assert {Path(path).stem: error.code for path, error in outcome.failures} == {
        "b": "audio.channels",
        "c": "transcribe.failed",
        "e": "jobs.worker_died",
    }
    assert dict(outcome.failures)[str(tmp_path / "e.wav")].values["reason"] == "SIGKILL"
    assert _attempts(tmp_path) == ["a", "b", "c", "c", "c", "d", "e", "e", "e", "f"]
    assert set(failures_by_key(made[1])) == {"k-b", "k-c", "k-e"}
    again = _run(made, 2)
    assert (again.done, again.kept, again.not_retried, again.failed) == (0, 3, 3, True)
    assert len(_attempts(tmp_path)) == 10


def test_a_worker_that_is_killed_once_costs_an_attempt_and_nothing_more(tmp_path):
    made = make_jobs(tmp_path, {"a": "x", "b": "x", "c": "x"})
    _hold_up(tmp_path, "b")
    outcomes = []
    run = threading.Thread(target=lambda: outcomes.append(_run(made, 2)))
    run.start()
    with (tmp_path / "b.started").open() as told:
        worker = int(told.readline())
        (tmp_path / "b.started").unlink()
        (tmp_path / "b.gate").unlink()
        os.kill(worker, signal.SIGKILL)
        assert told.read() == ""  # it is gone
    run.join()
    assert (outcomes[0].done, outcomes[0].failed) == (3, False)
    assert _attempts(tmp_path) == ["a", "b", "b", "c"]
    assert {key: (row.state, row.attempts) for key, row in _rows(made[1]).items()} == {
        "k-a": ("done", 1),
        "k-b": ("done", 2),
        "k-c": ("done", 1),
    }


def test_after_a_kill_of_the_run_its_workers_end_and_the_next_run_goes_on_at_once(tmp_path):
    said = {"a": "x", "b": "x", "c": "x", "d": "x"}
    made = make_jobs(tmp_path, said)
    _hold_up(tmp_path, "b")
    run = _outside(tmp_path, 2, said)
    with (tmp_path / "b.started").open() as told:
        worker = int(told.readline())
        assert worker != run.pid
        run.kill()
        run.communicate()
        assert told.read() == ""  # the worker noticed, in the midst of its work
    left = _rows(made[1])["k-b"]
    assert (left.state, left.attempts, left.pid) == ("running", 1, run.pid)
    assert left.lease_end > left.started_at
    (tmp_path / "b.started").unlink()
    (tmp_path / "b.gate").unlink()
    outcome = _run(made, 1)
    assert (outcome.done + outcome.kept, outcome.elsewhere) == (4, 0)
    assert part_keys(made[2], "turns") == {"k-a", "k-b", "k-c", "k-d"}
    assert _attempts(tmp_path).count("b") == 2
    assert _rows(made[1])["k-b"].attempts == 2


def test_interrupted_the_run_gives_its_leases_back_and_no_attempt_is_counted(tmp_path):
    said = {"a": "x", "b": "x"}
    made = make_jobs(tmp_path, said)
    for name in said:
        _hold_up(tmp_path, name)
    run = _outside(tmp_path, 2, said)
    with (tmp_path / "a.started").open() as one, (tmp_path / "b.started").open() as other:
        assert one.readline() != other.readline()
        run.send_signal(signal.SIGINT)
        assert one.read() == other.read() == ""
    run.communicate()
    assert run.returncode == -signal.SIGINT
    assert {(row.state, row.attempts, row.token) for row in _rows(made[1]).values()} == {("waiting", 0, None)}
    assert part_keys(made[2], "turns") == set()
    assert not list(tmp_path.rglob("*.partial"))


def test_two_runs_at_once_share_the_work_and_do_nothing_twice(tmp_path):
    said = {f"{number:02d}": "x" for number in range(40)}
    made = make_jobs(tmp_path, said)
    runs = [_outside(tmp_path, workers, said) for workers in (1, 2)]
    told = [[int(number) for number in run.communicate()[0].split()] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert _attempts(tmp_path) == sorted(said)
    assert sum(done for done, _, _, _ in told) == 40
    assert len(part_keys(made[2], "turns")) == 40


def test_what_another_run_has_in_hand_is_left_to_it(tmp_path):
    said = {"a": "x", "b": "x"}
    made = make_jobs(tmp_path, said)
    _hold_up(tmp_path, "a")
    run = _outside(tmp_path, 1, said)
    with (tmp_path / "a.started").open() as told:
        told.readline()
        outcome = _run(made, 1)
        assert (outcome.done, outcome.elsewhere, outcome.failed) == (1, 1, False)
        (tmp_path / "a.gate").write_text("")
        assert run.communicate()[0] == "1 1 0 0\n"
    assert _attempts(tmp_path) == ["a", "b"]


@pytest.mark.parametrize(
    ("loading", "code"),
    [
        (load_another_model, "jobs.other_model"),
        (load_nothing, "transcribe.model_missing"),
        (load_and_die, "jobs.no_worker"),
    ],
)
def test_what_keeps_every_worker_from_starting_stops_the_run(tmp_path, loading, code):
    made = make_jobs(tmp_path, {"a": "x", "b": "x"})
    with pytest.raises(QaError) as error:
        _run(made, 2, load=loading)
    assert error.value.code == code
    assert _rows(made[1]) == {}


def test_a_part_that_cannot_be_written_stops_the_run_and_blames_no_recording(tmp_path):
    made = make_jobs(tmp_path, {"a": "x", "b": "x", "c": "x"})
    made[2].write_text("a file where the folder should be")
    with pytest.raises(QaError) as error:
        _run(made, 2)
    assert error.value.code.startswith("store.")
    assert {(row.state, row.attempts) for row in _rows(made[1]).values()} == {("waiting", 0)}
