from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from qa_audit.audit.actions import GiveVerdict, WriteComment
from qa_audit.audit.appeals import Disputed, file_appeal, withdraw
from qa_audit.audit.complaints import (
    Moment,
    add_call,
    close_complaint,
    complaints_of,
    decide_complaint,
    note_heard,
    open_complaint,
)
from qa_audit.audit.events import append, read_sheet
from qa_audit.audit.proof import verify_chain
from qa_audit.audit.settings import AppealSettings
from qa_audit.calls.query import calls_frame
from qa_audit.retention.expiry import delete_expired, expired_words
from qa_audit.retention.holds import add_hold
from qa_audit.scoring import load_rubric
from qa_audit.store.chain import read_head

RUBRIC, ZONE = load_rubric(), ZoneInfo("Asia/Shanghai")
AUGUST = datetime(2026, 8, 1)


@pytest.fixture
def said(centre):
    """Comments on the three calls of July and the one of November; their ids in order of start."""
    ids = calls_frame(centre.database).sort("start")["call_id"].to_list()
    for place, call_id in enumerate(ids):
        append(centre.database, call_id, "李敏", WriteComment(f"第{place}通"), RUBRIC)
        append(centre.database, call_id, "李敏", GiveVerdict("closing", "fail"), RUBRIC)
    return ids


def _appeal(database, call_id):
    disputed = Disputed(call_id, "closing", machine_fails=True)
    return file_appeal(database, disputed, at_s=None, text="说了", who="张三", terms=AppealSettings())


def test_words_about_old_calls_go_and_verdicts_and_chain_stay(centre, said):
    head = read_head(centre.database)
    assert delete_expired(centre.database, AUGUST, ZONE, "主管", "期满") == 3
    comments = [read_sheet(centre.database, call_id, "李敏").comment for call_id in said]
    assert comments == ["…", "…", "…", "第3通"]
    assert read_sheet(centre.database, said[0], "李敏").verdicts == {"closing": "fail"}
    proof = verify_chain(centre.database, [head])
    assert (proof.findings, proof.erased) == ((), 3)
    assert delete_expired(centre.database, AUGUST, ZONE, "主管", "期满") == 0


def test_words_of_calls_on_hold_and_of_open_appeals_stay(centre, said):
    add_hold(centre.database, [said[0]], "李敏", "法院调取")
    appeal = _appeal(centre.database, said[1])
    events, rows = expired_words(centre.database, AUGUST, ZONE)
    assert (len(events), rows) == (1, [])
    withdraw(centre.database, appeal.appeal_id, reason="算了", who="张三")
    events, rows = expired_words(centre.database, AUGUST, ZONE)
    assert len(events) == 2
    assert [(table.name, number) for table, number in rows] == [("appeals", 1), ("appeal_steps", 1)]


def test_a_complaint_is_old_when_it_is_closed_and_all_of_its_calls_are(centre, said):
    database = centre.database
    for number, calls in ((1, said[:1]), (2, [said[0], said[3]]), (3, said[:1])):
        open_complaint(database, text="态度差", who="赵六")
        for call_id in calls:
            add_call(database, number, call_id, who="赵六", text="号码相同")
        note_heard(database, number, text="听了", who="赵六", moment=Moment(calls[0], 1.0))
        decide_complaint(database, number, "not_at_fault", reason="没有", who="赵六")
        if number != 3:
            close_complaint(database, number, text="已答复", who="赵六")
    rows = expired_words(database, AUGUST, ZONE)[1]
    assert [(table.name, number) for table, number in rows] == [
        ("complaints", 1),
        *(("complaint_steps", number) for number in (1, 2, 3, 4)),
    ]
    delete_expired(database, AUGUST, ZONE, "主管", "期满")
    assert [one.text for one in complaints_of(database)] == ["…", "态度差", "态度差"]
    assert {step.text for step in complaints_of(database)[0].steps} == {"…"}


def test_a_complaint_without_calls_is_as_old_as_itself(centre):
    database, july = centre.database, datetime(2026, 7, 31, 15, tzinfo=UTC)
    for number, hour in ((1, 15), (2, 16)):  # 16:00 UTC is midnight of the 1st of August
        open_complaint(database, text="态度差", who="赵六", now=july.replace(hour=hour))
        decide_complaint(database, number, "cannot_tell", reason="没有录音", who="赵六")
        close_complaint(database, number, text="已答复", who="赵六")
    rows = expired_words(database, AUGUST, ZONE)[1]
    assert {number for table, number in rows if table.name == "complaints"} == {1}
