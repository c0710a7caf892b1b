from datetime import datetime
from pathlib import Path

import polars as pl

from qa_audit.calls.facts import CallFacts
from qa_audit.calls.query import CALLS_SCHEMA
from qa_audit.estimation.month import calls_of_month
from qa_audit.pipeline import answer_jobs, score_jobs, transcribe_jobs, with_scores
from qa_audit.scoring import hearing, load_rubric
from qa_audit.scoring.batch import SCORES_SCHEMA
from qa_audit.scoring.hearing import Reading
from qa_audit.transcribe.questions import Answer, Question
from qa_audit.transcribe.settings import TranscribeSettings

SETTINGS = TranscribeSettings()


def _calls(*rows):
    full = [{name: row.get(name) for name in CALLS_SCHEMA} for row in rows]
    return pl.DataFrame(full, schema=CALLS_SCHEMA)


CALLS = _calls(
    {"call_id": "1", "sha256": "aa", "recording": "/r/a.wav", "start": datetime(2026, 9, 30, 23, 59)},
    {"call_id": "2", "sha256": "aa", "recording": "/r/a.wav", "start": datetime(2026, 10, 1), "ring_s": 4.0},
    {"call_id": "3", "sha256": "bb", "recording": "/r/b.wav", "start": None},
    {"call_id": "4", "sha256": "cc", "recording": None, "start": datetime(2026, 10, 2)},
    {
        "call_id": "5",
        "sha256": None,
        "recording": None,
        "start": datetime(2026, 10, 3),
        "listed_duration_s": 61.0,
    },
)
KEY = {sha256: SETTINGS.key(sha256, "model") for sha256 in ("aa", "bb", "cc")}


def test_two_calls_with_one_audio_are_one_job():
    jobs = transcribe_jobs(CALLS, SETTINGS, "model")
    assert [(job.key, job.path, job.month) for job in jobs] == [
        (KEY["aa"], Path("/r/a.wav"), "2026-09"),
        (KEY["bb"], Path("/r/b.wav"), "undated"),
    ]


def test_calls_with_turns_are_scored_each_with_its_own_facts():
    """Also a call whose audio was archived: its turns are there."""
    jobs = score_jobs(CALLS, {KEY["aa"]: "2026-09", KEY["cc"]: "2026-10"}, SETTINGS, "model", load_rubric())
    assert [(job.call_id, job.month, job.turns_month, job.facts) for job in jobs] == [
        ("1", "2026-09", "2026-09", CallFacts()),
        ("2", "2026-10", "2026-09", CallFacts(ring_s=4.0)),
        ("4", "2026-10", "2026-10", CallFacts()),
    ]
    assert len({job.made_from for job in jobs}) == 3


def test_another_model_is_another_job():
    assert transcribe_jobs(CALLS, SETTINGS, "other")[0].key != KEY["aa"]
    assert score_jobs(CALLS, {KEY["aa"]: "2026-09"}, SETTINGS, "other", load_rubric()) == []


def test_how_far_each_call_is():
    scores = pl.DataFrame(
        [("2", "m", 87.5, ["no_harsh_language"], 2, 50.0, 1.0, 0.9)], schema=SCORES_SCHEMA, orient="row"
    )
    found = with_scores(CALLS, scores, {KEY["bb"]}, SETTINGS, "model")
    assert found.select("call_id", "status", "score", "critical", "uncertain", "duration_s").rows() == [
        ("1", "not_transcribed", None, [], 0, None),
        ("2", "scored", 87.5, ["no_harsh_language"], 2, 50.0),
        ("3", "failed", None, [], 0, None),
        ("4", "no_recording", None, [], 0, None),
        ("5", "no_recording", None, [], 0, 61.0),
    ]
    assert calls_of_month(found, "2026-10")["call_id"].to_list() == ["2", "4", "5"]


def test_answers_of_the_audio_make_findings_of_their_own(monkeypatch):
    monkeypatch.setattr(hearing, "readings", lambda: {"base": Reading("base", 0, 1, 0, 0, 1, 0, -1)})
    rubric, months = load_rubric(), {KEY["aa"]: "2026-09", KEY["bb"]: "2026-10"}
    before = score_jobs(CALLS, months, SETTINGS, "model", rubric)
    assert [job.made_from == job.asked_by for job in before] == [True] * 3
    said, other = Question((0,), ("再见",)), Question((1,), ("再见",))
    asked = {before[0].asked_by: (said, other), before[1].asked_by: (said,)}
    assert [(job.path, job.turns_key, job.questions) for job in answer_jobs(CALLS, before, asked)] == [
        (Path("/r/a.wav"), KEY["aa"], (said, other))  # two calls with one audio ask once
    ]
    answers = {KEY["aa"]: {said.id: Answer(said.id, 0, "再见", "", 1, 2, 2, 0, 3, 3), "not asked": None}}
    after = score_jobs(CALLS, months, SETTINGS, "model", rubric, asked=asked, answers=answers)
    assert [list(job.answers) for job in after] == [[said.id], [said.id], []]
    assert [job.answered for job in after] == [(said,), (said,), ()]
    assert [job.asked_by for job in after] == [job.asked_by for job in before]
    assert [job.made_from == job.asked_by for job in after] == [False, False, True]
    assert [job.questions for job in answer_jobs(CALLS, after, asked)] == [(other,)]
