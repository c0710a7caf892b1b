from dataclasses import replace

import polars as pl
import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import batch as batch_module
from qa_audit.scoring import judge, load_rubric
from qa_audit.scoring.batch import FINDINGS, SCORES, ScoreJob, findings_of, score_pending, scores_of
from qa_audit.scoring.hearing import Reading
from qa_audit.scoring.learned import acts
from qa_audit.scoring.learned.semantic import SemanticDetector
from qa_audit.scoring.question_parts import questions_by_findings
from qa_audit.store.parts import part_keys, scan_parts, write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.questions import Answer
from qa_audit.transcribe.turns import Transcript, Turn


def _transcript(greeting):
    turns = (
        Turn("agent", 0.5, 4.0, greeting, 0.9),
        Turn("customer", 4.5, 8.0, "我想查一下话费。", 0.9),
        Turn("agent", 9.0, 12.0, "好的，感谢您的来电，再见。", 0.9),
    )
    return Transcript("ab", 15.0, 2, "openai-whisper", "base", "balanced", turns)


@pytest.fixture
def results(tmp_path):
    write_part(
        turns_frame(_transcript("您好，移动客服中心，请问有什么可以帮您？")),
        tmp_path,
        "turns",
        "2026-10",
        "t1",
    )
    write_part(turns_frame(_transcript("喂，说。")), tmp_path, "turns", "2026-10", "t2")
    return tmp_path


JOBS = [
    ScoreJob("c1", "2026-10", "t1", "2026-10", CallFacts(), "f1"),
    ScoreJob("c2", "2026-10", "t2", "2026-10", CallFacts(), "f2"),
    ScoreJob("c3", "2026-11", "t1", "2026-10", CallFacts(), "f3"),
]


def test_each_call_is_scored_once(results):
    assert score_pending(JOBS, results, load_rubric()) == (3, 0)
    assert score_pending(JOBS, results, load_rubric()) == (0, 3)
    scores = scores_of(JOBS, results).sort("call_id")
    assert scores["call_id"].to_list() == ["c1", "c2", "c3"]
    good, bad, _ = scores["score"]
    assert good > bad
    assert scores["duration_s"].to_list() == [15.0, 15.0, 15.0]


def test_a_call_that_came_into_another_month_is_scored_there(results):
    score_pending(JOBS[:1], results, load_rubric())
    moved = replace(JOBS[0], month="2026-11")
    assert score_pending([moved], results, load_rubric()) == (1, 0)
    assert scores_of([moved], results)["call_id"].to_list() == ["c1"]
    assert set(findings_of([moved], results)["call_id"]) == {"c1"}
    assert score_pending([JOBS[0], moved], results, load_rubric()) == (0, 2)


def test_another_call_made_from_the_same_is_scored_beside_the_first(results):
    score_pending(JOBS[:1], results, load_rubric())
    same = replace(JOBS[0], call_id="c9")
    assert score_pending([JOBS[0], same], results, load_rubric()) == (1, 1)
    assert score_pending([JOBS[0], same], results, load_rubric()) == (0, 2)
    assert scores_of([JOBS[0], same], results)["call_id"].sort().to_list() == ["c1", "c9"]
    assert set(findings_of([JOBS[0], same], results)["call_id"]) == {"c1", "c9"}


def test_findings_are_those_of_the_jobs_asked_for(results):
    score_pending(JOBS, results, load_rubric())
    found = findings_of(JOBS[:1], results)
    assert set(found["call_id"]) == {"c1"}
    assert found.filter(found["item"] == "greeting")["verdict"].to_list() == ["pass"]
    assert "made_from" not in found.columns


def test_a_corrected_fact_makes_new_findings_beside_the_old(results):
    score_pending(JOBS, results, load_rubric())
    corrected = [ScoreJob("c1", "2026-10", "t1", "2026-10", CallFacts(ring_s=30.0), "f1b")]
    assert score_pending(corrected, results, load_rubric()) == (1, 0)
    late = findings_of(corrected, results)
    assert late.filter(late["item"] == "answer_promptly")["verdict"].to_list() == ["fail"]
    before = findings_of(JOBS[:1], results)
    assert before.filter(before["item"] == "answer_promptly")["verdict"].to_list() == ["not_applicable"]


def test_parts_are_by_month_and_bounded(results, monkeypatch):
    monkeypatch.setattr(batch_module, "CALLS_PER_PART", 1)
    score_pending(JOBS, results, load_rubric())
    assert len(part_keys(results, SCORES, ["2026-10"])) == 2
    assert len(part_keys(results, SCORES, ["2026-11"])) == 1
    assert part_keys(results, SCORES) == part_keys(results, FINDINGS)


def test_a_run_killed_between_findings_and_scores_scores_again_without_doubles(results):
    score_pending(JOBS[:1], results, load_rubric())
    (part,) = (results / SCORES / "2026-10").glob("*.parquet")
    part.unlink()
    assert score_pending(JOBS[:1], results, load_rubric()) == (1, 0)
    found = findings_of(JOBS[:1], results)
    assert not found.select("call_id", "kind", "item").is_duplicated().any()


def test_nothing_to_score(results):
    assert score_pending([], results, load_rubric()) == (0, 0)
    assert scores_of([], results).is_empty()
    assert findings_of([], results).is_empty()


def test_a_part_damaged_inside_is_made_again(results):
    score_pending(JOBS[:2], results, load_rubric())
    (part,) = (results / SCORES / "2026-10").glob("*.parquet")
    whole = part.read_bytes()
    part.write_bytes(whole[:4] + bytes(len(whole) - 200) + whole[-196:])
    assert score_pending(JOBS[:2], results, load_rubric()) == (2, 0)
    assert scores_of(JOBS[:2], results).height == 2


def test_damaged_turns_leave_their_call_for_the_next_transcription(results):
    (results / "turns" / "2026-10" / "t2.parquet").write_bytes(b"PAR1" + bytes(50) + b"PAR1")
    assert score_pending(JOBS[:2], results, load_rubric()) == (1, 0)
    assert part_keys(results, "turns") == {"t1"}


def test_findings_name_rubric_and_detector(results):
    rubric = load_rubric()
    score_pending(JOBS[:1], results, rubric)
    stored = scan_parts(results, FINDINGS).select("rubric", "detector").unique().collect()
    assert rubric.detector is not None
    assert stored.rows() == [(rubric.sha256, rubric.detector.sha256)]


def test_questions_are_stored_and_answers_change_only_their_call(results, monkeypatch):
    jobs = [replace(job, asked_by=job.made_from) for job in JOBS[:2]]
    monkeypatch.setattr(judge, "readings", lambda: {"base": Reading("base", 0, 1, 0, 0, 1, 0, -1)})
    score_pending(jobs, results, load_rubric())
    asked = questions_by_findings(results, ["2026-10"])
    assert set(asked) == {"f1", "f2"}
    greeting = next(one for one in asked["f2"] if "您好" in one.phrases)
    answer = Answer(greeting.id, 0, "您好", "喂", 0.5, 0.8, 2, 1.0, 4.0, 4.0)
    heard = replace(jobs[1], made_from="f2b", answers={greeting.id: answer}, answered=(greeting,))
    assert score_pending([jobs[0], heard], results, load_rubric()) == (1, 1)
    found = findings_of([heard], results).filter(pl.col("item") == "greeting")["evidence"].to_list()[0]
    assert [(one["quote"], one["tier"]) for one in found if one["tier"] == "acoustic"] == [
        ("您好 (+2.0)", "acoustic")
    ]
    elsewhere = replace(heard, month="2026-11")
    assert score_pending([elsewhere], results, load_rubric()) == (1, 0)
    assert greeting in questions_by_findings(results, ["2026-11"])["f2"]


def test_what_was_read_of_a_sentence_is_kept_and_never_read_again(results, monkeypatch):
    read = {"fault": [], "bare": []}

    def noting(kind, how):
        return lambda *given: read[kind].extend(given[-1]) or how(*given)

    monkeypatch.setattr(SemanticDetector, "_read", noting("fault", SemanticDetector._read))
    monkeypatch.setattr(acts, "_read", noting("bare", acts._read))
    said = _transcript("喂，身份证号码报一下。跟你讲不清楚，别问我。")
    write_part(turns_frame(said), results, "turns", "2026-10", "t3")
    jobs = [ScoreJob(f"d{key}", "2026-10", "t3", "2026-10", CallFacts(), key) for key in ("f8", "f9")]
    score_pending(jobs[:1], results, load_rubric())
    assert read["bare"][0] == "喂身份证号码报一下"
    assert any("跟你讲不清楚" in one for one in read["fault"])
    before = {kind: len(some) for kind, some in read.items()}
    assert score_pending(jobs[1:], results, load_rubric()) == (1, 0)
    assert {kind: len(some) for kind, some in read.items()} == before
    first, again = scores_of(jobs, results).sort("call_id")["score"]
    assert first == again
