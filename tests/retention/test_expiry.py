from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, text

from qa_audit.audit.actions import GiveVerdict, WriteComment
from qa_audit.audit.appeals import Disputed, file_appeal, withdraw
from qa_audit.audit.coaching import coachings_of, note_coaching, praise_call, praises_of
from qa_audit.audit.complaints import (
    Moment,
    add_call,
    close_complaint,
    complaints_of,
    decide_complaint,
    note_heard,
    open_complaint,
)
from qa_audit.audit.erasing import erase_decision_words, erase_words
from qa_audit.audit.events import append, read_sheet
from qa_audit.audit.proof import verify_chain
from qa_audit.audit.settings import AppealSettings
from qa_audit.audit.vexatious import listings, put_on_list, take_off_list
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.retention.expiry import delete_expired, expired_words, words_of_customer
from qa_audit.retention.holds import add_hold, lift_hold
from qa_audit.scoring import load_rubric
from qa_audit.store.chain import add_link, read_head
from qa_audit.store.database import reading, writing
from qa_audit.store.decision_rows import decision_digest
from qa_audit.store.dispute_schema import complaints, vexatious_events
from qa_audit.store.proof_schema import decision_erasures, decision_words
from qa_audit.store.salted import words_digest

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


NUMBER = "13800138000"


def test_a_number_stays_on_the_list_while_it_is_listed_and_goes_when_it_is_old(centre):
    old = datetime(2026, 7, 2, tzinfo=UTC)
    put_on_list(centre.database, "139", who="主管", reason="一天二十次", now=old)
    assert delete_expired(centre.database, AUGUST, ZONE, "主管", "期满") == 0
    take_off_list(centre.database, "139", who="主管", reason="不再打了", now=old)
    head = read_head(centre.database)
    assert delete_expired(centre.database, AUGUST, ZONE, "主管", "期满") == 2
    assert listings(centre.database) == []
    proof = verify_chain(centre.database, [head])
    assert (proof.findings, proof.erased) == ((), 2)
    put_on_list(centre.database, "139", who="主管", reason="又来", now=old)


def test_a_customer_is_forgotten_and_what_is_held_stays(centre, said):
    database = centre.database
    made = open_complaint(database, text="没人管", who="主管", customer_no=NUMBER)
    add_call(database, made.complaint_id, said[0], text="就是这通", who="主管")
    put_on_list(database, NUMBER, who="主管", reason="一天二十次")
    open_one = words_of_customer(database, NUMBER)
    assert (open_one.kept, len(open_one.events)) == ((said[0],), 3)
    assert open_one.rows == []
    note_heard(database, made.complaint_id, text="听了", who="主管", moment=Moment(said[0], 1.0))
    decide_complaint(database, made.complaint_id, "not_at_fault", reason="无误", who="主管")
    close_complaint(database, made.complaint_id, text="已告知", who="主管")
    add_hold(database, [said[1]], "李敏", "法院调取")
    held = words_of_customer(database, NUMBER)
    assert (held.kept, len(held.events)) == ((said[1],), 3)
    assert [table.name for table, _ in held.rows] == ["complaints"] + ["complaint_steps"] * 4
    lift_hold(database, [said[1]], "李敏", "已还")
    found = words_of_customer(database, NUMBER)
    erase_words(database, found.events, "主管", "客户要求")
    erase_decision_words(database, found.rows, "主管", "客户要求")
    (complaint,) = complaints_of(database)
    assert (complaint.customer_no, complaint.text, listings(database)) == ("…", "…", [])
    with reading(database) as connection:
        told = str(connection.execute(select(vexatious_events)).all())
    assert NUMBER not in told
    assert verify_chain(database).findings == ()


def test_a_number_kept_in_the_row_before_version_13_goes_too(centre):
    columns = "customer_no, text, who, opened_at, words_sha256"
    at = "2026-07-02 09:00:00.000000"
    row = f"INSERT INTO complaints ({columns}) VALUES ('{NUMBER}', '', '主管', '{at}', :d)"
    with writing(centre.database) as connection:
        digest = words_digest("ab" * 16, {"text": "没人管"})
        connection.execute(text(row.replace("09:00:00", r"09\:00\:00")), {"d": digest})
        apart = {"source": "complaints", "row_id": 1, "salt": "ab" * 16, "words": {"text": "没人管"}}
        connection.execute(insert(decision_words).values(**apart))
        kept = connection.execute(select(complaints)).one()
        add_link(connection, "complaints", 1, decision_digest(complaints, kept._mapping))
    (before,) = complaints_of(centre.database)
    assert (before.customer_no, before.text) == (NUMBER, "没人管")
    assert verify_chain(centre.database).findings == ()
    assert erase_decision_words(centre.database, [(complaints, 1)], "主管", "客户要求") == 1
    (after,) = complaints_of(centre.database)
    assert (after.customer_no, after.text) == ("…", "…")
    proof = verify_chain(centre.database)
    assert (proof.findings, proof.erased) == ((), 1)
    assert erase_decision_words(centre.database, [(complaints, 1)], "主管", "客户要求") == 0


@pytest.mark.parametrize("asked", [NUMBER, "0" + NUMBER, "+86 138 0013 8000"])
def test_a_customer_is_found_however_the_number_is_written(centre, said, asked):
    database = centre.database
    for written in (NUMBER, "013800138000", "138 0013 8000"):
        open_complaint(database, text="没人管", who="主管", customer_no=written)
    open_complaint(database, text="没人管", who="主管", customer_no="13900139000")
    for written in ("008613800138000", "13900139000"):
        put_on_list(database, written, who="主管", reason="一天二十次")
    found = words_of_customer(database, asked)
    assert (len(found.events), found.rows, found.kept) == (4, [], ())
    assert found.complaints == (1, 2, 3), "open ones stay and are named"
    for number in (1, 2, 3):
        decide_complaint(database, number, "cannot_tell", reason="没有录音", who="主管")
        close_complaint(database, number, text="已告知", who="主管")
    found = words_of_customer(database, asked)
    gone = {(table.name, number) for table, number in found.rows if table.name != "complaint_steps"}
    assert gone == {("complaints", 1), ("complaints", 2), ("complaints", 3), ("vexatious_events", 1)}
    assert found.complaints == ()


def test_a_closed_complaint_one_of_whose_calls_is_kept_is_named(centre, said):
    database = centre.database
    open_complaint(database, text="没人管", who="主管")
    add_call(database, 1, said[0], text="就是这通", who="主管")
    note_heard(database, 1, text="听了", who="主管", moment=Moment(said[0], 1.0))
    decide_complaint(database, 1, "not_at_fault", reason="无误", who="主管")
    close_complaint(database, 1, text="已告知", who="主管")
    add_hold(database, [said[0]], "李敏", "法院调取")
    found = words_of_customer(database, NUMBER)
    assert (found.kept, found.complaints) == ((said[0],), (1,))


def test_a_number_listed_in_another_form_stays(centre):
    old = datetime(2026, 7, 2, tzinfo=UTC)
    put_on_list(centre.database, NUMBER, who="主管", reason="一天二十次", now=old)
    take_off_list(centre.database, NUMBER, who="主管", reason="不再打了", now=old)
    put_on_list(centre.database, "0" + NUMBER, who="主管", reason="又来", now=old)
    assert delete_expired(centre.database, AUGUST, ZONE, "主管", "期满") == 0


def test_praise_of_old_calls_and_notes_of_old_coaching_go_and_their_rows_stay(centre, said):
    database = centre.database
    for call_id in (*said[:2], said[3]):
        praise_call(database, call_id, at_s=None, text="客户王小明很满意", who="李敏")
    add_hold(database, [said[1]], "李敏", "法院调取")
    told = {"text": "王小明那通", "who": "主管", "known_items": ["closing"]}
    for day in (datetime(2026, 7, 31, 23, 59), AUGUST):
        note_coaching(database, "number:8001", ["closing"], coached_at=day, **told)
    assert delete_expired(database, AUGUST, ZONE, "主管", "期满") == 4
    assert [one.text for one in praises_of(database)] == ["…", "客户王小明很满意", "客户王小明很满意"]
    assert [one.text for one in coachings_of(database)] == ["…", "王小明那通"]
    with reading(database) as connection:
        (row,) = connection.execute(select(decision_erasures)).all()
    assert row.erased == [["coachings", 1, None], ["praises", 1, None]]
    assert verify_chain(database).findings == ()
    assert delete_expired(database, AUGUST, ZONE, "主管", "期满") == 0


def test_praise_goes_with_the_customer_and_coaching_stays(centre, said):
    database = centre.database
    praise_call(database, said[0], at_s=None, text="客户王小明很满意", who="李敏")
    found = words_of_customer(database, NUMBER)
    assert [(table.name, number) for table, number in found.rows] == [("praises", 1)]
    assert erase_decision_words(database, found.rows, "主管", "客户要求") == 1
    assert praises_of(database)[0].text == "…"


def test_a_number_that_nobody_has_is_said(centre):
    with pytest.raises(QaError) as error:
        words_of_customer(centre.database, "000")
    assert error.value.code == "retention.nothing_of_customer"
