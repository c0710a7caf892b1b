import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from qa_audit.audit.actions import GiveVerdict, WriteComment
from qa_audit.audit.complaints import complaints_of, follow_up, open_complaint
from qa_audit.audit.erasing import erase_decision_words, erase_words
from qa_audit.audit.events import append
from qa_audit.audit.proof import verify_chain
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.store.chain import read_head
from qa_audit.store.database import open_database, reading
from qa_audit.store.dispute_schema import complaint_steps, complaints
from qa_audit.store.proof_schema import audit_words, erasures

RUBRIC = load_rubric()


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    for action in (WriteComment("一"), GiveVerdict("closing", "fail"), WriteComment("二")):
        append(engine, "c1", "李敏", action, RUBRIC)
    yield engine
    engine.dispose()


def _rows(database, table):
    with reading(database) as connection:
        return [tuple(row) for row in connection.execute(select(table))]


def test_words_go_and_who_deleted_them_and_why_stays(database):
    noon = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert erase_words(database, [1, 2, 99], " 主管 ", "保存期满", now=noon) == 1
    assert [row[0] for row in _rows(database, audit_words)] == [3]
    assert _rows(database, erasures) == [(1, noon.replace(tzinfo=None), "主管", "保存期满", [1])]


def test_where_there_are_no_words_nothing_is_recorded(database):
    assert erase_words(database, [2], "主管", "保存期满") == 0
    assert _rows(database, erasures) == []


@pytest.mark.parametrize(
    ("who", "reason", "code"), [("", "期满", "audit.no_name"), ("主管", " ", "proof.no_reason")]
)
def test_nobody_and_nothing_is_no_reason(database, who, reason, code):
    with pytest.raises(QaError) as error:
        erase_words(database, [1], who, reason)
    assert error.value.code == code
    assert len(_rows(database, audit_words)) == 2


def test_words_of_a_complaint_go_and_the_chain_stays_whole(database):
    opened = open_complaint(database, text="客户李雷说态度差", who="赵六", customer_no="0042")
    follow_up(database, opened.complaint_id, text="已回电", who="赵六")
    head = read_head(database)
    rows = [(complaints, 1), (complaints, 1), (complaint_steps, 1)]
    assert erase_decision_words(database, rows, "主管", "保存期满") == 2
    assert erase_decision_words(database, rows, "主管", "保存期满") == 0
    (told,) = complaints_of(database)
    assert (told.text, told.steps[0].text, told.who) == ("…", "…", "赵六")
    proof = verify_chain(database, [head])
    assert (proof.findings, proof.erased) == ((), 2)


@pytest.mark.sqlite
def test_erased_words_of_a_complaint_are_gone_from_the_file(database):
    open_complaint(database, text="客户李雷说态度差", who="赵六", customer_no="0042")
    assert erase_decision_words(database, [(complaints, 1)], "主管", "保存期满") == 1
    database.dispose()  # the last connection folds the log in
    kept = Path(database.url.database).read_bytes()
    for form in (str.encode, lambda text: json.dumps(text).strip('"').encode()):
        assert form("客户李雷") not in kept


def test_deleting_them_needs_a_reason_too(database):
    with pytest.raises(QaError) as error:
        erase_decision_words(database, [(complaints, 1)], "主管", "")
    assert error.value.code == "proof.no_reason"
