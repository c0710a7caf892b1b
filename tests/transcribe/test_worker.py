"""One recording after the other: what comes of it, what only it is to blame for, and how a worker ends."""

import signal
import time

import pytest

from qa_audit.messages import QaError
from qa_audit.store.parts import part_keys, read_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.job import Job
from qa_audit.transcribe.pool import started
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.transcribe.worker import (
    ORPHANED,
    Order,
    Ready,
    caught,
    load_transcriber,
    made_of,
    transcribe_job,
)
from tests.transcribe.fake_transcribers import SETTINGS, Fake, jobs_of, load, load_nothing
from tests.transcribe.said_engine import SaidEngine

PROGRAM = "from qa_audit.transcribe.worker import main; main()"
TRANSCRIPT = Transcript(
    "aa", 12.5, 2, "openai-whisper", "base", "balanced", (Turn("agent", 0.5, 1.5, "您好", 0.9),)
)


@pytest.fixture
def job(tmp_path):
    """A recording in which 再见 is said."""
    (tmp_path / "aa.wav").write_text("再见")
    return jobs_of(tmp_path, ["aa"])[0]


@pytest.fixture
def results(tmp_path):
    return tmp_path / "results"


def raising(fault):
    def work():
        raise fault

    return work


def code_of(result):
    assert result.error is not None
    return result.error.code


def test_the_part_holds_what_was_heard_and_the_result_how_long_it_was(job, results):
    result = transcribe_job(job, Fake(), results)
    assert (result.job, result.audio_s, result.error) == (job, 12.5, None)
    assert result.spent_s >= 0
    assert read_part(results, "turns", "2026-10", "k-aa")["text"].to_list() == ["您好，再见"]


@pytest.mark.parametrize(
    ("said", "code"), [("bad", "audio.channels"), ("odd", "transcribe.failed")], ids=["bad", "odd"]
)
def test_a_fault_of_the_recording_is_in_the_result_and_no_part_is_written(job, results, said, code):
    job.path.write_text(said)
    result = transcribe_job(job, Fake(), results)
    assert (result.job, result.audio_s, code_of(result)) == (job, 0.0, code)
    assert part_keys(results, "turns") == set()


def test_another_recording_under_the_same_name_gives_no_part(job, results):
    moved = Job(job.key, "bb", job.path, job.month)
    assert code_of(transcribe_job(moved, Fake(), results)) == "jobs.changed"
    assert part_keys(results, "turns") == set()


def test_a_part_that_cannot_be_written_concerns_all_recordings(job, results):
    results.write_bytes(b"a file where the folder must be")
    with pytest.raises(QaError) as error:
        transcribe_job(job, Fake(), results)
    assert error.value.code == "store.write_failed"


def test_what_was_made_are_the_turns_and_the_length(job):
    made = made_of(job, TRANSCRIPT)
    assert made.audio_s == 12.5
    assert made.frame.equals(turns_frame(TRANSCRIPT))


def test_what_can_be_told_is_passed_on_as_it_is(job):
    told = QaError("audio.empty", path="a.wav")
    assert caught(job, raising(told)) is told
    assert caught(job, lambda: 7) == 7


def test_an_unforeseen_fault_is_told_with_path_kind_and_the_beginning_of_its_words(job):
    found = caught(job, raising(ValueError("x" * 1000)))
    assert isinstance(found, QaError)
    assert found.code == "transcribe.failed"
    assert found.values == {"path": str(job.path), "reason": "ValueError: " + "x" * 288}


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_what_ends_the_run_is_no_fault_of_a_recording(job, end):
    with pytest.raises(end):
        caught(job, raising(end()))


def test_the_engine_of_the_settings_is_loaded_once_and_names_its_weights(monkeypatch):
    loaded = []

    def load_engine(settings):
        loaded.append(settings)
        return SaidEngine("您好")

    monkeypatch.setattr("qa_audit.transcribe.engine.load_engine", load_engine)
    transcriber = load_transcriber(SETTINGS)
    assert (transcriber.digest, loaded) == ("a" * 64, [SETTINGS])


@pytest.fixture
def worker():
    """A worker process and our end of its socket; it is gone after the test."""
    process, connection = started(PROGRAM, 1)
    yield process, connection
    process.kill()
    process.wait()
    connection.close()


def test_a_worker_minds_no_ctrl_c_and_ends_with_its_run(worker, job, results):
    process, connection = worker
    connection.send(Order(load, SETTINGS, results))
    assert connection.recv() == Ready("d")
    process.send_signal(signal.SIGINT)
    connection.send(job)
    done = connection.recv()
    assert (done.job, done.error, part_keys(results, "turns")) == (job, None, {"k-aa"})
    connection.close()
    assert process.wait(timeout=60) == ORPHANED


def test_a_worker_that_refuses_is_told_to_end_on_its_way_out_and_says_nothing(results, capfd):
    slow_to_leave = "import atexit, time; atexit.register(lambda: [time.sleep(0.1) for _ in range(10)]); "
    process, connection = started(slow_to_leave + PROGRAM, 1)
    with connection:
        connection.send(Order(load_nothing, SETTINGS, results))
        assert connection.recv().error.code == "transcribe.model_missing"
        time.sleep(0.3)
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert capfd.readouterr().err == ""


def test_a_worker_that_is_told_to_end_does_so_without_a_word(worker, results):
    process, connection = worker
    connection.send(Order(load, SETTINGS, results))
    assert connection.recv() == Ready("d")
    process.terminate()
    assert process.wait(timeout=60) == 0
