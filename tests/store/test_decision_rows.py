from datetime import datetime

import pytest
from sqlalchemy import select, text

from qa_audit.audit.proof import SOURCES, verify_chain
from qa_audit.store.chain import read_head
from qa_audit.store.database import open_database, reading, writing
from qa_audit.store.decision_rows import DECISIONS, WORDS, decisions, keep_decision, words_of
from qa_audit.store.dispute_schema import complaints
from qa_audit.store.proof_schema import decision_words
from qa_audit.store.retention_schema import hold_events

COMPLAINT = {"customer_no": "0042", "text": "态度差", "who": "赵六", "opened_at": datetime(2026, 11, 27, 12)}
HOLD = {"call_id": "c1", "kind": "add", "reason": "投诉", "who": "赵六", "at": datetime(2026, 11, 27, 12)}


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def test_every_table_names_all_columns_that_it_has_and_is_verified():
    for table, columns in DECISIONS.items():
        apart = ("words_sha256",) if table in WORDS else ()
        assert columns + apart == tuple(column.name for column in table.columns)
    assert {source.table for source in SOURCES} >= set(DECISIONS)


def test_a_decision_is_a_row_and_a_link(database):
    with writing(database) as connection:
        assert [keep_decision(connection, hold_events, HOLD) for _ in range(2)] == [1, 2]
    with reading(database) as connection:
        rows = connection.execute(select(hold_events.c.reason, hold_events.c.at)).all()
    assert rows == [("投诉", datetime(2026, 11, 27, 12))] * 2
    assert read_head(database).length == 2
    assert verify_chain(database).findings == ()


def test_a_transaction_that_fails_leaves_neither(database):
    def fails_late():
        with writing(database) as connection:
            keep_decision(connection, hold_events, HOLD)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_late()
    assert read_head(database).length == 0
    assert verify_chain(database).findings == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE hold_events SET reason = '没有' WHERE hold_event_id = 1", "changed"),
        ("DELETE FROM hold_events WHERE hold_event_id = 1", "removed"),
        (
            "INSERT INTO hold_events SELECT 9, call_id, 'lift', reason, who, at FROM hold_events LIMIT 1",
            "inserted",
        ),
    ],
)
def test_a_decision_that_was_meddled_with_is_named(database, statement, code):
    with writing(database) as connection:
        for _ in range(2):
            keep_decision(connection, hold_events, HOLD)
    with writing(database) as connection:
        connection.execute(text(statement))
    (found,) = verify_chain(database).findings
    assert (found.code, found.values["source"]) == (code, "hold_events")


def test_what_people_wrote_lies_apart_with_salt(database):
    with writing(database) as connection:
        for _ in range(2):
            keep_decision(connection, complaints, COMPLAINT)
    with reading(database) as connection:
        rows = connection.execute(decisions(complaints).order_by(complaints.c.complaint_id)).all()
        apart = connection.execute(select(decision_words.c.source, decision_words.c.words)).all()
    assert [(row.text, words_of(complaints, row)) for row in rows] == [("", "态度差")] * 2
    assert apart == [("complaints", {"text": "态度差", "customer_no": "0042"})] * 2
    assert [(row.customer_no, words_of(complaints, row, "customer_no")) for row in rows] == [
        (None, "0042")
    ] * 2
    assert len({row.words_sha256 for row in rows}) == 2
    assert verify_chain(database).findings == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('UPDATE decision_words SET words = \'{"text": "好"}\'', "words_changed"),
        ("DELETE FROM decision_words", "words_removed"),
        ("UPDATE complaints SET words_sha256 = NULL", "changed"),
        ("UPDATE complaints SET text = '好'", "changed"),
    ],
)
def test_words_that_were_meddled_with_are_named(database, statement, code):
    with writing(database) as connection:
        keep_decision(connection, complaints, COMPLAINT)
    with writing(database) as connection:
        connection.execute(text(statement))
    (found,) = verify_chain(database).findings
    assert (found.code, found.values["source"], found.values["row"]) == (code, "complaints", 1)
