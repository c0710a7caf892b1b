import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from qa_audit.messages import QaError
from qa_audit.store.database import reading, writing
from qa_audit.store.schema import jobs as table
from qa_audit.transcribe import job_table
from qa_audit.transcribe.job import Result
from qa_audit.transcribe.job_table import (
    Holder,
    claim,
    fail,
    failures,
    finish,
    give_back,
    holding,
    renew,
    running,
)
from qa_audit.transcribe.worker import transcribe_job
from tests.transcribe.fake_transcribers import Fake, make_jobs

ELSEWHERE = Holder("other", "other/1", 1, "t" * 32)


@pytest.fixture
def made(tmp_path):
    return make_jobs(tmp_path, {"a": "x", "b": "x", "c": "x"})


def _change(database, **values):
    with writing(database) as connection:
        connection.execute(update(table).values(**values))


def _row(database, key):
    with reading(database) as connection:
        return connection.execute(select(table).where(table.c.key == key)).one()


def _keys(jobs):
    return [job.key for job in jobs]


def test_a_claim_takes_what_is_wanted_and_looks_no_further(made):
    jobs, database, results = made
    found = claim(database, jobs, 2, Holder.new(), results)
    assert (_keys(found.mine), found.looked_at) == (["k-a", "k-b"], 2)
    other = claim(database, jobs, 2, ELSEWHERE, results)
    assert (_keys(other.busy), _keys(other.mine)) == (["k-a", "k-b"], ["k-c"])
    assert {key: (one.host, one.pid) for key, one in running(database).items()}["k-c"] == ("other", 1)


def test_a_part_that_is_there_is_done_whatever_the_row_says(made):
    jobs, database, results = made
    transcribe_job(jobs[0], Fake(), results)
    holder = Holder.new()
    found = claim(database, jobs, 2, holder, results)
    assert (_keys(found.done), _keys(found.mine)) == (["k-a"], ["k-b", "k-c"])
    finish(database, Result(jobs[1], 3.0, 1.0), holder)  # without its part
    assert _keys(claim(database, jobs, 1, holder, results).mine) == ["k-b"]


def test_a_lease_that_ran_out_may_be_taken_and_its_former_holder_changes_nothing(made, monkeypatch):
    jobs, database, results = made
    claim(database, jobs[:1], 1, ELSEWHERE, results)
    late = job_table.stored_moment() + timedelta(seconds=job_table.LEASE_S + 1)
    monkeypatch.setattr(job_table, "stored_moment", lambda: late)
    holder = Holder.new()
    assert _keys(claim(database, jobs[:1], 1, holder, results).mine) == ["k-a"]
    finish(database, Result(jobs[0], 3.0, 1.0), ELSEWHERE)
    give_back(database, ELSEWHERE)
    row = _row(database, "k-a")
    assert (row.state, row.attempts, row.token) == ("running", 2, holder.token)


def test_a_lease_that_is_renewed_holds(made, monkeypatch):
    jobs, database, results = made
    claim(database, jobs[:1], 1, ELSEWHERE, results)
    start = job_table.stored_moment()
    monkeypatch.setattr(job_table, "stored_moment", lambda: start + timedelta(seconds=job_table.HEARTBEAT_S))
    renew(database, ELSEWHERE)
    monkeypatch.setattr(job_table, "stored_moment", lambda: start + timedelta(seconds=job_table.LEASE_S + 1))
    assert _keys(claim(database, jobs[:1], 1, Holder.new(), results).busy) == ["k-a"]


def test_a_dead_process_of_this_machine_holds_nothing(made, monkeypatch):
    jobs, database, results = made
    claim(database, jobs[:1], 1, Holder.new(), results)
    monkeypatch.setattr(job_table, "is_running", lambda _pid: False)
    assert running(database) == {}
    assert _keys(claim(database, jobs[:1], 1, Holder.new(), results).mine) == ["k-a"]
    _change(database, machine="other/1")  # there the pid says nothing
    assert _keys(claim(database, jobs[:1], 1, Holder.new(), results).busy) == ["k-a"]


def test_a_recording_whose_runs_died_three_times_has_failed(made, monkeypatch):
    jobs, database, results = made
    monkeypatch.setattr(job_table, "is_running", lambda _pid: False)
    for _ in range(3):
        assert _keys(claim(database, jobs[:1], 1, Holder.new(), results).mine) == ["k-a"]
    found = claim(database, jobs[:1], 1, Holder.new(), results)
    assert [(job.key, error.code) for job, error in found.failed] == [("k-a", "jobs.run_died")]
    assert failures(database)["k-a"].attempts == 3
    again = claim(database, jobs[:1], 1, Holder.new(), results, again={"k-a"})
    assert _keys(again.mine) == ["k-a"]
    assert _row(database, "k-a").attempts == 1


def test_what_failed_meanwhile_in_another_run_is_told(made):
    jobs, database, results = made
    claim(database, jobs[:1], 1, ELSEWHERE, results)
    error = QaError("audio.channels", path="a.wav", channels=3)
    assert not fail(database, Result(jobs[0]), error, ELSEWHERE, certain=True)
    found = claim(database, jobs, 1, Holder.new(), results)
    assert [(job.key, error.values["channels"]) for job, error in found.failed] == [("k-a", 3)]
    assert _keys(found.mine) == ["k-b"]


def test_an_uncertain_failure_is_tried_three_times(made):
    jobs, database, results = made
    tries = []
    for _ in range(3):
        claim(database, jobs[:1], 1, ELSEWHERE, results)
        error = QaError("transcribe.failed", path="a.wav", reason="x")
        tries.append(fail(database, Result(jobs[0]), error, ELSEWHERE, certain=False))
    assert tries == [True, True, False]
    assert failures(database)["k-a"].error.code == "transcribe.failed"


def test_success_forgets_the_failure(made):
    jobs, database, results = made
    claim(database, jobs[:1], 1, ELSEWHERE, results)
    fail(database, Result(jobs[0]), QaError("audio.missing", path="a.wav"), ELSEWHERE, certain=True)
    claim(database, jobs[:1], 1, ELSEWHERE, results, again={"k-a"})
    finish(database, Result(jobs[0], 3.0, 1.0), ELSEWHERE)
    row = _row(database, "k-a")
    assert (row.state, row.code, row._mapping["values"]) == ("done", None, None)
    assert failures(database) == {}


def test_leases_are_renewed_while_a_run_works_and_given_back_at_its_end(made, monkeypatch):
    jobs, database, results = made
    beaten = threading.Event()
    true_renew = job_table.renew

    def renew_and_tell(database, holder):
        true_renew(database, holder)
        beaten.set()

    monkeypatch.setattr(job_table, "renew", renew_and_tell)
    with holding(database, heartbeat_s=0.001) as holder:
        claim(database, jobs[:1], 1, holder, results)
        first = _row(database, "k-a").lease_end
        beaten.clear()
        assert beaten.wait(30)
        beaten.clear()
        assert beaten.wait(30)
        assert _row(database, "k-a").lease_end > first
    row = _row(database, "k-a")
    assert (row.state, row.attempts, row.lease_end) == ("waiting", 0, None)


def test_two_runs_of_one_process_are_two(made):
    jobs, database, results = made
    claim(database, jobs[:1], 1, Holder.new(), results)
    assert _keys(claim(database, jobs[:1], 1, Holder.new(), results).busy) == ["k-a"]
