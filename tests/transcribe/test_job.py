"""What a run and its workers tell one another goes through a pickle and comes out the same."""

import pickle
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from qa_audit.messages import QaError
from qa_audit.transcribe.job import Job, Result

JOB = Job("k1", "a" * 64, Path("/录音/a.wav"), "2026-10", 31.5)


def sent(said):
    return pickle.loads(pickle.dumps(said))


def test_a_job_arrives_as_it_was_given_and_can_be_looked_up():
    assert sent(JOB) == JOB
    assert {JOB: "waiting"}[sent(JOB)] == "waiting"


def test_a_result_without_an_error_arrives_as_it_was():
    result = Result(JOB, 31.4, 2.5)
    assert sent(result) == result


def test_a_fault_arrives_with_what_fills_its_message():
    arrived = sent(Result(JOB, spent_s=0.5, error=QaError("audio.channels", path=JOB.path, channels=3)))
    assert arrived.job == JOB
    assert arrived.error.code == "audio.channels"
    assert arrived.error.values == {"path": JOB.path, "channels": 3}


@pytest.mark.parametrize(("said", "name"), [(JOB, "month"), (Result(JOB), "error")])
def test_what_was_said_is_not_changed_afterwards(said, name):
    with pytest.raises(FrozenInstanceError):
        setattr(said, name, None)
