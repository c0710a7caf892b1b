from datetime import datetime

import pytest
from sqlalchemy import select, text

from qa_audit.audit.proof import SOURCES, verify_chain
from qa_audit.store.chain import read_head
from qa_audit.store.database import open_database, reading, writing
from qa_audit.store.decision_rows import DECISIONS, keep_decision
from qa_audit.store.retention_schema import hold_events

HOLD = {"call_id": "c1", "kind": "add", "reason": "投诉", "who": "赵六", "at": datetime(2026, 11, 27, 12)}


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def test_every_table_names_all_columns_that_it_has_and_is_verified():
    for table, columns in DECISIONS.items():
        assert columns == tuple(column.name for column in table.columns)
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
