from datetime import UTC, datetime, timedelta, timezone

import pytest

from qa_audit.audit.complaints import (
    Moment,
    add_call,
    close_complaint,
    complaints_of,
    decide_complaint,
    follow_up,
    note_heard,
    open_complaint,
    read_complaint,
    reopen_complaint,
)
from qa_audit.messages import QaError

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
AT = Moment("c1", 42.5)


@pytest.fixture
def opened(database):
    return open_complaint(database, text="态度不好", who="李娜", customer_no="138", now=NOON)


@pytest.fixture
def heard(database, opened):
    add_call(database, opened.complaint_id, "c1", text="号码对", who="李娜")
    return note_heard(database, opened.complaint_id, text="打断客户", who="李娜", moment=AT)


def code_of(act, *arguments, **options):
    with pytest.raises(QaError) as error:
        act(*arguments, **options)
    assert error.value.text("zh") != error.value.text("en")
    return error.value.code


def test_a_complaint_from_the_first_call_to_its_end(database, opened, heard):
    number = opened.complaint_id
    assert (opened.customer_no, opened.text, opened.who, opened.opened_at, opened.state) == (
        "138", "态度不好", "李娜", NOON, "open",
    )  # fmt: skip
    assert heard.calls == ("c1",)
    follow_up(database, number, text="已回电", who="李娜")
    decided = decide_complaint(database, number, "at_fault", reason="打断两次", who="主管", evidence=[AT])
    assert (decided.state, decided.decision.outcome, decided.decision.evidence) == (
        "decided",
        "at_fault",
        (AT,),
    )
    closed = close_complaint(database, number, text="客户接受致歉", who="李娜")
    assert [step.kind for step in closed.steps] == ["call", "heard", "follow_up", "decision", "closed"]
    assert closed.state == "closed"
    assert code_of(follow_up, database, number, text="又", who="李娜") == "complaints.closed"
    again = reopen_complaint(database, number, reason="客户再来电", who="李娜")
    assert again.state == "decided"
    assert complaints_of(database) == [read_complaint(database, number)] == [again]


def test_who_is_at_fault_needs_evidence_and_who_is_not_needs_that_somebody_listened(database, opened):
    number = opened.complaint_id
    given = {"reason": "听", "who": "主管"}
    assert code_of(decide_complaint, database, number, "at_fault", **given) == "complaints.no_evidence"
    assert code_of(decide_complaint, database, number, "not_at_fault", **given) == "complaints.nothing_heard"
    assert code_of(decide_complaint, database, number, "guilty", **given) == "complaints.outcome"
    add_call(database, number, "c1", text="对", who="李娜")
    told = code_of(decide_complaint, database, number, "at_fault", **given, evidence=[AT])
    assert told == "complaints.nothing_heard"
    told = code_of(decide_complaint, database, number, "at_fault", **given, evidence=[Moment("c2", 1.0)])
    assert told == "complaints.not_its_call"
    assert decide_complaint(database, number, "cannot_tell", **given).state == "decided"


def test_a_later_decision_replaces_an_earlier_one_and_both_are_kept(database, heard):
    number = heard.complaint_id
    decide_complaint(database, number, "at_fault", reason="a", who="主管", evidence=[AT])
    last = decide_complaint(database, number, "not_at_fault", reason="b", who="主管")
    assert last.decision.outcome == "not_at_fault"
    assert [step.outcome for step in last.steps if step.kind == "decision"] == ["at_fault", "not_at_fault"]


def test_what_is_out_of_order_is_refused(database, opened):
    number = opened.complaint_id
    assert code_of(close_complaint, database, number, text="完", who="李娜") == "complaints.undecided"
    assert code_of(reopen_complaint, database, number, reason="?", who="李娜") == "complaints.not_closed"
    assert code_of(note_heard, database, number, text="听", who="李", moment=AT) == "complaints.not_its_call"
    assert code_of(follow_up, database, 99, text="听", who="李") == "complaints.unknown"
    assert code_of(follow_up, database, number, text="", who="李") == "audit.bad_text"
    assert code_of(open_complaint, database, text="", who="李") == "audit.bad_text"
    assert read_complaint(database, number).steps == ()


def test_complaints_keep_their_own_steps(database, heard):
    other = open_complaint(database, text="别的", who="李娜")
    follow_up(database, other.complaint_id, text="已回电", who="李娜")
    assert [[step.kind for step in one.steps] for one in complaints_of(database)] == [
        ["call", "heard"], ["follow_up"],
    ]  # fmt: skip


def test_a_moment_told_in_the_centres_time_is_kept_in_utc(database):
    told = datetime(2026, 10, 31, 16, 30, tzinfo=timezone(timedelta(hours=8)))
    complaint = open_complaint(database, text="等了一小时", who="李娜", now=told)
    assert read_complaint(database, complaint.complaint_id).opened_at == datetime(
        2026, 10, 31, 8, 30, tzinfo=UTC
    )
