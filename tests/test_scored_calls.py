"""Findings and keys of calls that were read with their scores."""

import polars as pl
import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scored_calls import MADE_FROM, ScoredCalls
from qa_audit.scoring.batch import FINDINGS, ScoreJob
from qa_audit.scoring.frames import FINDINGS_SCHEMA, findings_of_calls
from qa_audit.scoring.verdicts import CallScore, Finding
from qa_audit.store.parts import write_part


def job(call_id, made_from, month="2026-10", turns="t"):
    return ScoreJob(call_id, month, f"{turns}-{call_id}", month, CallFacts(), made_from)


def kept(results, month, key, *scored):
    """Findings of calls as a run leaves them: each call with its verdict and what it was made from."""
    scores = [
        (call_id, CallScore((Finding("closing", verdict, 0.0, 8.0),), (), (), 0.0))
        for call_id, verdict, _ in scored
    ]
    made_from = pl.Series([each[2] for each in scored])
    write_part(findings_of_calls(scores).with_columns(made_from=made_from), results, FINDINGS, month, key)


@pytest.fixture
def calls(tmp_path):
    kept(tmp_path, "2026-10", "a", ("c1", "pass", "f1"), ("c2", "fail", "f2"), ("c9", "fail", "f9"))
    kept(tmp_path, "2026-11", "b", ("c3", "uncertain", "f3"), ("c1", "fail", "old"))
    jobs = [job("c1", "f1"), job("c2", "f2"), job("c3", "f3", "2026-11"), job("c4", "f4")]
    return ScoredCalls(pl.DataFrame(), jobs, tmp_path)


def verdicts(found):
    return dict(found.select("call_id", "verdict").sort("call_id").iter_rows())


def test_findings_of_all_are_those_of_the_jobs_and_of_what_these_were_made_from(calls):
    found = calls.findings()
    assert verdicts(found) == {"c1": "pass", "c2": "fail", "c3": "uncertain"}
    assert found.height == 3
    assert found.schema == FINDINGS_SCHEMA


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["c2"], {"c2"}),
        (["c3", "c1", "c3"], {"c1", "c3"}),
        ({"c1", "c4", "c9", "nobody"}, {"c1"}),
    ],
)
def test_findings_of_some_are_of_those_alone_that_have_a_job(calls, wanted, given):
    assert set(calls.findings(wanted)["call_id"]) == given


def test_findings_of_no_call_are_none_and_not_all(calls):
    found = calls.findings([])
    assert (found.height, found.schema) == (0, FINDINGS_SCHEMA)


def test_each_call_with_turns_has_the_keys_of_its_turns_and_of_its_findings(calls):
    made = calls.made_from()
    assert made.schema == MADE_FROM
    assert made.rows() == [
        ("c1", "t-c1", "f1"),
        ("c2", "t-c2", "f2"),
        ("c3", "t-c3", "f3"),
        ("c4", "t-c4", "f4"),
    ]


def test_where_nothing_was_transcribed_there_are_neither_keys_nor_findings(tmp_path):
    calls = ScoredCalls(pl.DataFrame(), [], tmp_path)
    assert (calls.made_from().height, calls.made_from().schema) == (0, MADE_FROM)
    assert (calls.findings().height, calls.findings().schema) == (0, FINDINGS_SCHEMA)
