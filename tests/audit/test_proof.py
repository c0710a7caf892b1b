import hashlib
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.erasing import erase_words
from qa_audit.audit.events import append, events_of, read_sheet
from qa_audit.audit.proof import verify_chain
from qa_audit.messages import QaError, speaking
from qa_audit.store.chain import Head, parse_head, read_head
from qa_audit.store.database import open_database, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.retention_schema import hold_events
from tests.audit.made_events import RUBRIC, six_events
from tests.made_damage import tear

pytestmark = pytest.mark.sqlite


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def _meddle(database, *statements):
    """What somebody who may write to the file can do."""
    with closing(sqlite3.connect(database.url.database)) as plain, plain:
        for statement in statements:
            plain.execute(statement)


def add_hold_event(database):
    """A row of another table in the chain."""
    row = {"call_id": "c1", "kind": "add", "reason": "投诉", "who": "赵六", "at": datetime(2026, 11, 4, 9)}
    with writing(database) as connection:
        keep_decision(connection, hold_events, row)


def _found(database, heads=()):
    proof = verify_chain(database, [parse_head(str(head)) for head in heads])
    for lang in ("zh", "en"):
        with speaking(lang):
            assert str(proof.head) in str(proof)
    json.dumps(proof.as_json())
    told = ("row", "place", "last")
    return [(one.code, *(one.values[key] for key in told if key in one.values)) for one in proof.findings]


def test_a_chain_that_nobody_touched_is_whole(database):
    assert (read_head(database).length, _found(database)) == (0, [])
    heads = six_events(database)
    assert [head.length for head in heads] == [1, 2, 3, 4, 5, 6]
    assert _found(database, heads) == []
    proof = verify_chain(database, heads)
    assert (proof.counts, proof.erased, proof.head) == ({"audit_events": 6}, 0, heads[-1])


def test_a_head_can_be_computed_with_other_means(database):
    six_events(database)
    with closing(sqlite3.connect(database.url.database)) as plain:
        plain.row_factory = sqlite3.Row
        rows = [dict(row) for row in plain.execute("SELECT * FROM audit_events ORDER BY event_id")]
    head = hashlib.sha256(b"qa-audit chain 1").hexdigest()
    for place, row in enumerate(rows, 1):
        row |= {"payload": json.loads(row["payload"]), "blind": bool(row["blind"])}
        row["at"] = row["at"].replace(" ", "T")
        digest = hashlib.sha256(json.dumps(row, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        head = hashlib.sha256(f"{head}\n{place}\naudit_events\n{place}\n{digest}".encode()).hexdigest()
    assert read_head(database) == Head(6, head)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit_events SET who = '赵六' WHERE event_id = 2", [("changed", 2)]),
        ("UPDATE audit_events SET at = datetime(at, '-1 day') WHERE event_id = 5", [("changed", 5)]),
        ("UPDATE audit_events SET blind = 0 WHERE event_id = 1", [("changed", 1)]),
        ("UPDATE audit_events SET payload = replace(payload, 'fail', 'pass')", [("changed", 1)]),
        ("UPDATE audit_events SET payload = 'no json' WHERE event_id = 4", [("changed", 4)]),
        ("UPDATE audit_events SET at = 'yesterday' WHERE event_id = 6", [("changed", 6)]),
        ('UPDATE audit_words SET words = \'{"text": "好"}\' WHERE event_id = 3', [("words_changed", 3)]),
        ("UPDATE audit_words SET words = '7' WHERE event_id = 4", [("words_changed", 4)]),
        ("DELETE FROM audit_words WHERE event_id = 2", [("words_removed", 2)]),
        ("INSERT INTO audit_words VALUES (1, 's', '{}')", [("words_inserted", 1)]),
        ("DELETE FROM audit_events WHERE event_id = 4", [("removed", 4, 4)]),
        ("DELETE FROM audit_events WHERE event_id = 6", [("removed", 6, 6)]),
        ("DELETE FROM chain WHERE place IN (3, 4)", [("links_removed", 4), ("inserted", 3), ("inserted", 4)]),
        ("UPDATE chain SET digest = 'x' WHERE place = 3", [("link_changed", 3, 3), ("changed", 3)]),
        ("UPDATE chain SET head = 'x' WHERE place = 6", [("link_changed", 6, 6)]),
        (
            "UPDATE chain SET source = 'other' WHERE place = 6",
            [("link_changed", 6, 6), ("unknown_source", 6), ("inserted", 6)],
        ),
    ],
)
def test_what_was_meddled_with_is_named(database, statement, found):
    six_events(database)
    _meddle(database, statement)
    assert _found(database) == found


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("audit_events", [("unread",), ("changed", 1)]),
        ("audit_words", [("unread",), ("changed", 1)]),
        ("chain", [("unread",)]),
        ("sqlite_sequence", [("changed", 1), ("unread",)]),
    ],
)
def test_what_lies_on_a_torn_page_is_named_once_and_the_rest_checked(database, table, found):
    six_events(database)
    add_hold_event(database)
    _meddle(database, "UPDATE hold_events SET reason = '没有'")
    tear(database, table)
    assert _found(database) == found


def test_a_head_is_that_of_the_links_that_can_be_read(database):
    heads = six_events(database)
    tear(database, "audit_events")
    assert verify_chain(database).head == heads[-1]
    tear(database, "chain")
    assert verify_chain(database).head == Head(0, hashlib.sha256(b"qa-audit chain 1").hexdigest())


def test_bytes_that_are_no_text_are_a_change(database):
    six_events(database)
    _meddle(database, "UPDATE audit_events SET who = CAST(x'ff' AS TEXT) WHERE event_id = 2")
    assert _found(database) == [("changed", 2)]


def test_an_inserted_event_is_named(database):
    six_events(database)
    columns = "at, who, call_id, ticket, kind, payload, blind, rubric_sha256, rubric_version"
    _meddle(
        database,
        f"INSERT INTO audit_events (uuid, {columns}) "
        f"SELECT 'new', {columns} FROM audit_events WHERE event_id = 5",
    )
    assert _found(database) == [("inserted", 7)]


CUT = (
    "DELETE FROM chain WHERE place > 4",
    "DELETE FROM audit_events WHERE event_id > 4",
)


def test_a_cut_tail_shows_by_the_numbers_given_and_by_a_head_kept_elsewhere(database):
    heads = six_events(database)
    _meddle(database, *CUT)
    assert _found(database) == [("tail_cut", 6)]
    _meddle(database, "UPDATE sqlite_sequence SET seq = 4 WHERE name = 'audit_events'")
    assert _found(database) == []  # nothing in the database tells it any more
    assert _found(database, [heads[3]]) == []
    assert _found(database, [heads[5]]) == [("head_cut", 6)]
    assert _found(database, [Head(None, heads[5].sha256)]) == [("head_unknown",)]
    assert _found(database, [Head(None, heads[2].sha256)]) == []


def test_a_chain_made_anew_shows_only_by_heads_kept_elsewhere(database, tmp_path):
    heads = six_events(database)
    with closing(sqlite3.connect(database.url.database)) as plain:
        done = plain.execute("SELECT who, kind FROM audit_events ORDER BY event_id").fetchall()
    forged = open_database(tmp_path / "forged.db")
    for who, _ in done:
        append(forged, "c1", who, WriteComment(f"{who} {read_head(forged).length}"), RUBRIC)
    assert _found(forged) == []
    proof = verify_chain(forged, heads[1:4])
    forged.dispose()
    assert [(one.code, one.values["first"], one.values["last"]) for one in proof.findings] == [
        ("head_differs", 1, 2),
        ("head_differs", 1, 3),
        ("head_differs", 1, 4),
    ]


def test_deleted_words_leave_verdicts_and_chain_whole(database):
    heads = six_events(database)
    assert erase_words(database, [1, 2, 3], "主管", "保存期满") == 2
    assert erase_words(database, [1, 2, 3], "主管", "保存期满") == 0
    proof = verify_chain(database, heads)
    assert (proof.findings, proof.erased, proof.counts) == ((), 2, {"audit_events": 6, "erasures": 1})
    (fault,) = read_sheet(database, "c1", "李敏").faults
    assert (fault.item, fault.should_say, fault.comment) == ("closing", "…", "")
    assert read_sheet(database, "c1", "王芳").comment == "…"
    assert [event.action.kind for event in events_of(database, "c1")][:3] == ["verdict", "fault", "comment"]
    database.dispose()  # the last connection folds the log in
    kept = Path(database.url.database).read_bytes()
    assert json.dumps("客户报了手机号").strip('"').encode() not in kept
    assert json.dumps("我姓欧阳").strip('"').encode() in kept


def test_a_record_of_deletion_that_is_not_chained_excuses_nothing(database):
    six_events(database)
    _meddle(
        database,
        "DELETE FROM audit_words WHERE event_id = 3",
        "INSERT INTO erasures VALUES (1, '2026-11-27 00:00:00.000000', '主管', '期满', '[3]')",
    )
    assert _found(database) == [("words_removed", 3), ("inserted", 1)]


def test_words_are_deleted_for_a_reason(database):
    six_events(database)
    with pytest.raises(QaError) as error:
        erase_words(database, [3], "主管", "  ")
    assert error.value.code == "proof.no_reason"


@pytest.mark.parametrize("text", ["", "abc", "0" * 63, "x-" + "0" * 64, "1-" + "g" * 64, "-1-" + "0" * 64])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(QaError) as error:
        parse_head(text)
    assert error.value.code == "proof.bad_head"


def test_heads_are_read_as_people_copy_them():
    assert parse_head(f" 12-{'AB' * 32}\n") == Head(12, "ab" * 32)
    assert parse_head("ab" * 32) == Head(None, "ab" * 32)


WRITER = """
import sys
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
database, rubric = open_database(sys.argv[1]), load_rubric()
sys.stdin.read()
for number in range(20):
    append(database, f"c{number % 3}", sys.argv[2], WriteComment(str(number)), rubric)
database.dispose()
"""


@pytest.mark.slow
def test_many_processes_make_one_chain(database):
    command = [sys.executable, "-c", WRITER, database.url.database]
    writers = [subprocess.Popen([*command, f"质检{one}"], stdin=subprocess.PIPE) for one in range(4)]
    for writer in writers:  # closed standard input is the starting gun
        writer.stdin.close()
    assert [writer.wait(timeout=300) for writer in writers] == [0] * 4
    assert _found(database) == []
    assert read_head(database).length == 80
