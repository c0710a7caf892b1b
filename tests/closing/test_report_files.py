"""What a report is made from, written as text and read again: the same frames, to the last digit."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.closing.report_files import (
    CALLS_FILE,
    FRAMES_FILE,
    REPORT_CALLS,
    VERDICTS_FILE,
    has_report,
    read_report,
    report_files,
)
from qa_audit.estimation.frames import FINDINGS
from qa_audit.messages import QaError

CALLS = pl.DataFrame(
    [
        {
            **{"call_id": "c1", "recording": "录音/a,b.wav", "start": datetime(2026, 10, 3, 9, 5, 30, 123)},
            **{"agent_no": "0012", "person_id": "p1", "agent_name": '王"喆', "team": "一班"},
            **{"duration_s": 75.4, "score": 100 / 3, "critical": ["no_harsh_language", "please"]},
            **{"uncertain": 1, "status": "scored", "findings": "ab12"},
        },
        {"call_id": "c2", "start": datetime(2026, 10, 4), "critical": [], "status": "no_recording"},
    ],
    REPORT_CALLS,
)
NO_CALLS = CALLS.clear()


def finding(call, item, verdict, points, most, *, kind="item", critical=False):
    return (call, kind, item, verdict, points, most, critical, [])


FOUND = pl.DataFrame(
    [
        finding("c1", "closing", "fail", 8 / 3, 8.0),
        finding("c1", "no_harsh_language", "fail", 0.0, 10.0, critical=True),
        finding("c1", "please", "uncertain", 4.0, 4.0),
        finding("c1", "complaint", "fail", 0.0, 0.0, kind="situation"),
        finding("c2", "closing", "pass", 8.0, 8.0),
        finding("c2", "please", "not_applicable", 0.0, 4.0),
    ],
    FINDINGS,
    orient="row",
)
RATES = pl.DataFrame(
    {"item": ["closing", "closing"], "rate": [1 / 3, None], "at": [datetime(2026, 10, 3, 9, 5), None]},
    {"item": pl.String, "rate": pl.Float64, "at": pl.Datetime("us")},
)


def test_calls_verdicts_and_frames_come_back_as_they_were():
    files = report_files(CALLS, FOUND, {"rates": RATES}, {"icc": (0.5, None, None)})
    assert sorted(files) == [CALLS_FILE, FRAMES_FILE, VERDICTS_FILE]
    assert has_report(files)
    kept = read_report(files, {"rates": RATES.schema, "later": pl.Schema({"new": pl.Int64()})})
    assert kept.calls.equals(CALLS)
    order = ["call_id", "kind", "item"]
    assert kept.findings.sort(order).equals(FOUND.sort(order))
    assert kept.frames["rates"].equals(RATES)
    assert kept.frames["later"].is_empty()
    assert kept.values == {"icc": [0.5, None, None]}
    again = report_files(CALLS.reverse(), FOUND.reverse(), {"rates": RATES}, {"icc": (0.5, None, None)})
    assert again == files


def test_a_line_a_call_and_a_column_an_item():
    written = report_files(CALLS, FOUND, {}, {})[VERDICTS_FILE].decode()
    assert written.splitlines() == [
        "call_id,item:closing,item:no_harsh_language,item:please,situation:complaint",
        "c1,f2.6666666666666665/8.0,f0.0/10.0!,u4.0/4.0,f0.0/0.0",
        "c2,p8.0/8.0,,n0.0/4.0,",
    ]


def test_no_word_of_a_call_is_kept():
    place = {"turn": 1, "start_s": 1.0, "end_s": 2.0, "quote": "我姓王", "tier": "exact"}
    spoken = FOUND.with_columns(evidence=pl.Series([[place]] * FOUND.height, dtype=FINDINGS["evidence"]))
    assert "我姓王" not in b"".join(report_files(CALLS, spoken, {}, {}).values()).decode()


@given(st.floats(0, 100), st.floats(0, 100))
def test_points_keep_every_digit(points, most):
    found = pl.DataFrame([finding("c1", "closing", "fail", points, most)], FINDINGS, orient="row")
    kept = read_report(report_files(NO_CALLS, found, {}, {}), {})
    assert kept.findings.select("points", "max_points").row(0) == (points, most)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (FRAMES_FILE, b"{}"),
        (FRAMES_FILE, b"["),
        (FRAMES_FILE, b'{"frames": {"rates": [{"at": "gestern"}]}, "values": {}}'),
        (VERDICTS_FILE, b"call_id,item:closing\nc1,x1/2\n"),
        (VERDICTS_FILE, b"call_id,item:closing\nc1,pviel/2\n"),
        (CALLS_FILE, b"call_id\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(name, content):
    files = report_files(CALLS, FOUND, {"rates": RATES}, {}) | {name: content}
    with pytest.raises(QaError) as refused:
        read_report(files, {"rates": RATES.schema})
    assert refused.value.code == "closing.bad_file"
    assert name in refused.value.text("zh")


def test_a_month_closed_before_has_none():
    assert not has_report({"about.json": b"{}"})
    files = report_files(CALLS, FOUND, {}, {})
    files.pop(VERDICTS_FILE)
    with pytest.raises(QaError) as refused:
        read_report(files, {})
    assert refused.value.code == "closing.no_file"
