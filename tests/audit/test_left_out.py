from datetime import datetime

import pytest
from sqlalchemy import insert, text

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest, Undo
from qa_audit.audit.appeals import Disputed, file_appeal
from qa_audit.audit.events import append
from qa_audit.audit.left_out import failed_first
from qa_audit.audit.proof import verify_chain
from qa_audit.audit.settings import AppealSettings
from qa_audit.scoring import load_rubric
from qa_audit.store.chain import add_link, head_in, next_head
from qa_audit.store.database import reading, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.dispute_schema import appeals
from qa_audit.store.proof_schema import chain

RUBRIC = load_rubric()
ITEMS = tuple(item.id for item in RUBRIC.items)
AT = datetime(2026, 11, 27, 12)
ROW = {"call_id": "c1", "item": "closing", "at_s": None, "text": "说了", "who": "张三", "filed_at": AT}
ROW |= {"file_by": None, "reply_by": AT, "decide_by": AT}


def _judge(database, who, verdict="fail"):
    for action in (GiveVerdict("closing", verdict), PassRest(ITEMS), HandIn()):
        append(database, "c1", who, action, RUBRIC)


def _left_out(database):
    return [dict(one.values) for one in verify_chain(database).findings]


def test_an_appeal_that_leaves_out_who_failed_the_item_is_named(database):
    _judge(database, "李敏")
    _judge(database, "王芳", "pass")
    with writing(database) as connection:
        keep_decision(connection, appeals, {**ROW, "first_inspectors": []})
    assert _left_out(database) == [{"appeal_id": 1, "call_id": "c1", "item": "closing", "inspector": "李敏"}]


def test_who_failed_it_afterwards_or_took_it_back_is_not_missed(database):
    append(database, "c1", "陈静", GiveVerdict("closing", "fail"), RUBRIC)
    append(database, "c1", "陈静", Undo(), RUBRIC)
    for action in (PassRest(ITEMS), HandIn()):
        append(database, "c1", "陈静", action, RUBRIC)
    with writing(database) as connection:
        keep_decision(connection, appeals, {**ROW, "first_inspectors": []})
    _judge(database, "李敏")
    assert _left_out(database) == []
    with reading(database) as connection:
        assert failed_first(connection, "c1", "closing") == ["李敏"]


def test_the_program_names_who_failed_it_in_the_meantime_too(database):
    _judge(database, "李敏")
    made = file_appeal(
        database,
        Disputed("c1", "closing", machine_fails=True),
        at_s=None,
        text="说了",
        who="张三",
        terms=AppealSettings(),
    )
    assert made.first_inspectors == ("李敏",)
    assert _left_out(database) == []


@pytest.mark.parametrize(
    ("source", "code"), [("appeals", "removed"), ("audit_events", "removed"), ("pay", "unknown_source")]
)
def test_a_link_that_stands_for_no_row_is_named(database, source, code):
    _judge(database, "李敏")
    with writing(database) as connection:
        before = head_in(connection)
        place = before.length + 1
        head = next_head(before.sha256, place, source, 999, "ab" * 32)
        values = {"place": place, "source": source, "row_id": 999, "digest": "ab" * 32, "head": head}
        connection.execute(insert(chain).values(values))
    found = verify_chain(database).findings
    assert (found[0].code, found[0].values["place"], found[0].values["source"]) == (code, place, source)


def test_a_link_added_by_the_program_for_a_row_that_went_is_named(database):
    with writing(database) as connection:
        add_link(connection, "hold_events", 7, "cd" * 32)
        connection.execute(text("DELETE FROM hold_events"))
    assert verify_chain(database).findings[0].code == "removed"
