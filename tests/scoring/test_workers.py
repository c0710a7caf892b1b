import os

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError
from qa_audit.scoring import batch as batch_module
from qa_audit.scoring import load_rubric, workers
from qa_audit.scoring.batch import ScoreJob, chunks_of, findings_of, score_pending, scores_of
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.turns import Transcript, Turn

MONTH = "2026-10"


def jobs(count, month=MONTH):
    return [ScoreJob(f"c{i:02d}", month, f"t{i % 3}", MONTH, CallFacts(), f"f{i}") for i in range(count)]


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(batch_module, "CALLS_PER_WORKER", 2)
    for number, text in enumerate(("您好，请问有什么可以帮您？", "喂，什么事？", "等一下。")):
        turns = (Turn("agent", 0.0, 3.0, text, 0.9), Turn("customer", 4.0, 6.0, "我要报修。", 0.9))
        one = Transcript("ab", 8.0, 2, "openai-whisper", "base", "balanced", turns)
        write_part(turns_frame(one), tmp_path, "turns", MONTH, f"t{number}")
    return tmp_path


def test_two_workers_find_what_one_finds(results, tmp_path_factory):
    alone = tmp_path_factory.mktemp("alone")
    (alone / "turns").symlink_to(results / "turns")
    rubric = load_rubric()
    assert score_pending(jobs(7), results, rubric, workers=2) == (7, 0)
    assert score_pending(jobs(7), alone, rubric, workers=1) == (7, 0)
    assert (
        findings_of(jobs(7), results).sort("call_id", maintain_order=True).equals(findings_of(jobs(7), alone))
    )
    assert scores_of(jobs(7), results).sort("call_id").equals(scores_of(jobs(7), alone))
    assert len(list((results / "scores" / MONTH).glob("*.parquet"))) == 2


def test_what_dead_workers_had_is_scored_here(results, monkeypatch):
    monkeypatch.setattr(workers, "_PROGRAM", "import sys; sys.exit(3)")
    assert score_pending(jobs(7), results, load_rubric(), workers=2) == (7, 0)
    assert scores_of(jobs(7), results).height == 7


def test_a_full_disk_is_told_by_the_run(results):
    (results / "findings").write_text("in the way")
    with pytest.raises(QaError) as told:
        score_pending(jobs(7), results, load_rubric(), workers=2)
    assert told.value.code.startswith("store.")


def test_workers_are_gone_after_an_interrupt(results, monkeypatch):
    crews = []

    def interrupted(connections):
        raise KeyboardInterrupt

    def stop(crew):
        crews.extend(crew)
        real_stop(crew)

    real_stop = workers.stop
    monkeypatch.setattr(workers, "wait", interrupted)
    monkeypatch.setattr(workers, "stop", stop)
    with pytest.raises(KeyboardInterrupt):
        score_pending(jobs(7), results, load_rubric(), workers=2)
    assert len(crews) == 2
    for process, _ in crews:
        assert process.poll() is not None
        with pytest.raises(ProcessLookupError):
            os.kill(process.pid, 0)


@pytest.mark.parametrize(
    ("calls", "workers_", "sizes"),
    [(0, 2, []), (3, 2, [3]), (4, 2, [2, 2]), (7, 3, [3, 3, 1]), (25, 2, [7, 7, 7, 4]), (11, 1, [6, 5])],
)
def test_parts_are_bounded_and_about_as_large_for_every_worker(monkeypatch, calls, workers_, sizes):
    monkeypatch.setattr(batch_module, "CALLS_PER_WORKER", 2)
    monkeypatch.setattr(batch_module, "CALLS_PER_PART", 10)
    assert [len(chunk) for chunk in chunks_of(jobs(calls), workers_)] == sizes


def test_parts_hold_one_month_each():
    chunks = list(chunks_of([*jobs(2, "2026-09"), *jobs(3)], 1))
    assert [[job.month for job in chunk] for chunk in chunks] == [["2026-09"] * 2, [MONTH] * 3]
