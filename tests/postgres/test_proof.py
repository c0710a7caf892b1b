"""What the owner of a PostgreSQL database changed behind the program's back is named, as on SQLite."""

import pytest
from sqlalchemy import text

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.erasing import erase_words
from qa_audit.audit.events import append, read_sheet
from qa_audit.audit.proof import verify_chain
from qa_audit.store.chain import read_head
from qa_audit.store.database import open_database
from tests.audit.made_events import RUBRIC, six_events

pytestmark = pytest.mark.postgres
COLUMNS = "at, who, call_id, ticket, kind, payload, blind, rubric_sha256, rubric_version"


@pytest.fixture
def database(postgres):
    engine = open_database(postgres)
    yield engine
    engine.dispose()


def _found(database, heads=()):
    told = ("row", "place", "last")
    proof = verify_chain(database, heads)
    return [(one.code, *(one.values[key] for key in told if key in one.values)) for one in proof.findings]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_events SET who = '赵六' WHERE event_id = 2", [("changed", 2)]),
        ("UPDATE audit_events SET at = at - interval '1 day' WHERE event_id = 5", [("changed", 5)]),
        ("UPDATE audit_events SET at = at + interval '1 microsecond' WHERE event_id = 5", [("changed", 5)]),
        ("UPDATE audit_events SET blind = false WHERE event_id = 1", [("changed", 1)]),
        ("UPDATE audit_events SET payload = '7' WHERE event_id = 4", [("changed", 4)]),
        ('UPDATE audit_words SET words = \'{"text": "好"}\' WHERE event_id = 3', [("words_changed", 3)]),
        ("DELETE FROM audit_words WHERE event_id = 2", [("words_removed", 2)]),
        ("DELETE FROM audit_words; DELETE FROM audit_events WHERE event_id = 5", [("removed", 5, 5)]),
        ("DELETE FROM chain WHERE place IN (3, 4)", [("links_removed", 4), ("inserted", 3), ("inserted", 4)]),
        ("UPDATE chain SET head = 'x' WHERE place = 6", [("link_changed", 6, 6)]),
        (
            f"INSERT INTO audit_events (uuid, {COLUMNS}) SELECT 'new', {COLUMNS} FROM audit_events"
            " WHERE event_id = 5",
            [("inserted", 7)],
        ),
    ],
)
def test_what_was_meddled_with_is_named(database, statement, found):
    head = six_events(database)[-1]
    assert _found(database, [head]) == []
    with database.begin() as connection:
        connection.execute(text(statement))
    assert [one for one in _found(database) if one[0] != "words_removed" or found[0][0] == one[0]] == found


def test_a_cut_tail_shows_by_a_head_kept_elsewhere(database):
    head = six_events(database)[-1]
    with database.begin() as connection:
        connection.execute(text("DELETE FROM audit_events WHERE event_id > 4"))
        connection.execute(text("DELETE FROM chain WHERE place > 4"))
    assert _found(database, [head]) == [("head_cut", 6)]


def test_numbers_that_a_failed_transaction_took_are_not_missed(database):
    six_events(database)
    with database.connect() as connection:
        connection.execute(text("SELECT nextval('audit_events_event_id_seq')"))
        connection.rollback()
    append(database, "c1", "王芳", WriteComment("再听一遍"), RUBRIC)
    assert _found(database) == []
    assert read_head(database).length == 7


def test_deleted_words_leave_verdicts_and_chain_whole(database):
    head = six_events(database)[-1]
    assert erase_words(database, [1, 2, 3], "主管", "保存期满") == 2
    proof = verify_chain(database, [head])
    assert (proof.findings, proof.erased) == ((), 2)
    assert read_sheet(database, "c1", "王芳").comment == "…"
