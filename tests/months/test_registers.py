from datetime import UTC, datetime

import polars as pl

from qa_audit.audit.appeal import Appeal, AppealStep, ScoreChange
from qa_audit.audit.faults import FAULTS_SCHEMA
from qa_audit.months.registers import appeal_rows, fault_rows

NOON = datetime(2026, 10, 31, 4, tzinfo=UTC)  # 12:00 in Shanghai
CALLS = pl.DataFrame(
    {
        "call_id": ["c1"],
        "person_id": [None],
        "agent_no": ["8001"],
        "agent_name": ["张三"],
        "team": ["一班"],
        "start": [datetime(2026, 10, 30, 9)],
    },
    schema_overrides={"person_id": pl.String},
)


def appeal(*steps):
    return Appeal(3, "c1", "closing", 61.5, "我说了再见", "张三", NOON, ("李敏",), None, NOON, NOON, steps)


def test_an_appeal_from_open_to_decided():
    reply = AppealStep("reply", "王芳", NOON, "再听一遍")
    scores = {"陈静": ScoreChange(90.0, 90.0), "李敏": ScoreChange(80.0, 88.0)}
    ruled = AppealStep("decision", "主管", NOON, "听得到", None, "overturned", scores)
    waiting, decided = appeal_rows([appeal(), appeal(reply, ruled)], CALLS).to_dicts()
    at = datetime(2026, 10, 31, 12)
    assert waiting == {
        "appeal": 3,
        "call_id": "c1",
        "team": "一班",
        "agent_no": "8001",
        "agent_name": "张三",
        "item": "closing",
        "start_s": 61.5,
        "filed_at": at,
        "due_at": at,
        "reason": "我说了再见",
        **dict.fromkeys(("replied_by", "reply", "decision", "decided_by", "decided_at")),
        **dict.fromkeys(("score_before", "score_after")),
    }
    assert (decided["reply"], decided["decision"], decided["decided_by"]) == (
        "再听一遍",
        "overturned",
        "主管",
    )
    assert (decided["score_before"], decided["score_after"]) == (80.0, 88.0)


def test_an_appeal_that_was_taken_back_is_not_open():
    [row] = appeal_rows([appeal(AppealStep("withdrawal", "张三", NOON, "看错了"))], CALLS).to_dicts()
    assert (row["decision"], row["decided_by"]) == ("withdrawn", None)


def test_faults_that_stand_with_the_words_said_there():
    row = {
        **dict.fromkeys(FAULTS_SCHEMA),
        **{"call_id": "c1", "item": "closing", "start_s": 60.0, "end_s": 62.0, "nth": 2, "struck": False},
        **{"severity": "minor", "inspector": "李敏", "marked_at": NOON, "clip": "clips/ab.mp3"},
    }
    register = pl.DataFrame([row, row | {"struck": True}], {**FAULTS_SCHEMA, "clip": pl.String})
    [shown] = fault_rows(register, lambda *place: repr(place)).to_dicts()
    assert shown["words"] == "('c1', 'closing', 60.0, 62.0)"
    assert (shown["times"], shown["at"], shown["clip"]) == (2, datetime(2026, 10, 31, 12), "clips/ab.mp3")
