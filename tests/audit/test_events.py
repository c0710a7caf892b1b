import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import delete, select

from qa_audit.audit.actions import (
    Fault,
    GiveVerdict,
    HandIn,
    PassRest,
    Redo,
    ShowMachine,
    Skip,
    Undo,
    WriteComment,
)
from qa_audit.audit.events import (
    append,
    events_of,
    events_of_calls,
    kinds_of_calls,
    read_sheet,
)
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database, reading
from qa_audit.store.schema import audit_events

RUBRIC = load_rubric()
ALL = PassRest(tuple(sorted(item.id for item in RUBRIC.items)))
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def _did(database, action, who="李敏", call_id="c1", **options):
    return append(database, call_id, who, action, RUBRIC, **options)


def _code(database, action, **options):
    with pytest.raises(QaError) as error:
        _did(database, action, **options)
    for lang in ("zh", "en"):
        assert error.value.text(lang)
    return error.value.code


def test_an_event_is_kept_with_all_that_a_dispute_asks_for(database):
    _did(
        database,
        GiveVerdict("closing", "fail"),
        now=NOON,
        transcript_sha256="t1",
        ticket="0042",
        uuid="5" * 32,
    )
    with reading(database) as connection:
        (row,) = connection.execute(select(audit_events)).all()
    assert row._asdict() == {
        "event_id": 1,
        "uuid": "5" * 32,
        "at": datetime(2026, 11, 27, 12),
        "who": "李敏",
        "call_id": "c1",
        "ticket": "0042",
        "kind": "verdict",
        "payload": {"kind": "verdict", "item": "closing", "verdict": "fail"},
        "blind": True,
        "rubric_sha256": RUBRIC.sha256,
        "rubric_version": "1.0.0",
        "transcript_sha256": "t1",
        "words_sha256": None,
    }


def test_what_is_read_back_is_what_was_returned(database):
    _did(database, Fault("a" * 32, "closing", "major", 1.25, 2.5, "感谢来电"))
    _did(database, WriteComment("语气好"), who="王芳")
    kept = _did(database, Undo())
    assert read_sheet(database, "c1", "李敏") == kept
    assert [event.who for event in events_of(database, "c1")] == ["李敏", "王芳", "李敏"]
    assert read_sheet(database, "c1", "王芳").comment == "语气好"
    assert read_sheet(database, "c2", "李敏").revision == 0


def test_times_are_kept_as_utc_also_when_the_clock_is_set_back(database):
    shanghai = timezone(timedelta(hours=8))
    assert _did(database, WriteComment("一"), now=NOON.astimezone(shanghai)).saved_at == NOON
    earlier = NOON - timedelta(days=1)
    sheet = _did(database, WriteComment("二"), now=earlier)
    assert (sheet.comment, sheet.saved_at) == ("二", earlier)
    assert read_sheet(database, "c1", "李敏") == sheet


def test_two_tabs_of_one_inspector_both_count(database):
    shown = _did(database, GiveVerdict("greeting", "pass")).revision
    _did(database, GiveVerdict("closing", "fail"), expects_revision=shown)
    sheet = _did(database, GiveVerdict("please", "pass"), expects_revision=shown)
    assert sheet.verdicts == {"greeting": "pass", "closing": "fail", "please": "pass"}
    assert sheet.revision == 3


@pytest.mark.parametrize("action", [Undo(), Redo(), HandIn()])
def test_what_means_all_that_was_seen_is_refused_when_another_tab_went_on(database, action):
    shown = _did(database, ALL).revision
    _did(database, WriteComment("另一窗口"), expects_revision=shown)
    assert _code(database, action, expects_revision=shown) == "audit.behind"
    assert read_sheet(database, "c1", "李敏").revision == 2


def test_what_changes_nothing_is_no_event(database):
    _did(database, ALL)
    before = _did(database, HandIn())
    for action in (HandIn(), ALL, GiveVerdict("closing", "pass"), WriteComment("")):
        assert _did(database, action) == before


def test_an_event_sent_twice_is_kept_once(database):
    _did(database, WriteComment("一"), uuid="5" * 32)
    _did(database, WriteComment("二"))
    assert _did(database, WriteComment("一"), uuid="5" * 32).comment == "二"
    assert _code(database, WriteComment("一"), uuid="5" * 32, call_id="c2") == "store.database_error"
    assert _code(database, WriteComment("三"), uuid="5" * 36) == "audit.bad_id"
    assert len(events_of_calls(database)) == 2


def test_what_belongs_to_an_event_is_kept_with_it_or_neither_is(database):
    told = []
    one = uuid4().hex
    for _ in range(2):
        _did(database, Skip("no_audio"), uuid=one, beside=lambda _: told.append(one))
    assert (told, len(events_of(database, "c1"))) == ([one, one], 1)

    def refuses(connection):
        connection.execute(delete(audit_events))
        raise QaError("audit.not_in_queue", call_id="c2")

    assert _code(database, Skip("no_audio"), call_id="c2", beside=refuses) == "audit.not_in_queue"
    assert events_of(database, "c2") == ()
    assert len(events_of(database, "c1")) == 1
    assert _code(database, HandIn(), beside=told.append) == "audit.call_skipped"
    assert told == [one, one]


def test_a_call_is_handed_in_when_every_item_has_a_verdict(database):
    with pytest.raises(QaError) as error:
        _did(database, HandIn())
    assert (error.value.code, error.value.values["count"]) == ("audit.items_open", len(RUBRIC.items))
    _did(database, ALL)
    handed_in = _did(database, HandIn(), now=NOON)
    assert handed_in.handed_in_at == NOON
    assert _code(database, Undo()) == "audit.nothing_to_undo"
    assert _code(database, Redo()) == "audit.nothing_to_redo"
    assert _code(database, Skip("no_audio")) == "audit.handed_in"
    assert _code(database, GiveVerdict("closing", None)) == "audit.verdict_needed"
    later = _did(database, GiveVerdict("closing", "fail"))
    assert (later.verdicts["closing"], later.first_verdicts["closing"]) == ("fail", "pass")


def test_a_skipped_call_is_not_audited_until_the_skip_is_undone(database):
    _did(database, Skip("wrong_agent"))
    assert _code(database, GiveVerdict("closing", "pass")) == "audit.call_skipped"
    assert _code(database, HandIn()) == "audit.call_skipped"
    assert _did(database, Skip("private_call")).skipped == "private_call"
    _did(database, Undo())
    assert _did(database, Undo()).skipped is None
    assert _did(database, GiveVerdict("closing", "pass")).verdicts == {"closing": "pass"}


def test_an_event_says_whether_the_machine_had_been_shown(database):
    _did(database, ALL)
    _did(database, HandIn())
    _did(database, GiveVerdict("closing", "fail"))
    _did(database, ShowMachine(), call_id="c2")
    _did(database, ShowMachine(), call_id="c2")
    _did(database, GiveVerdict("closing", "fail"), call_id="c2")
    assert [event.blind for event in events_of(database, "c1")] == [True, True, False]
    assert [event.blind for event in events_of(database, "c2")] == [True, False]


@pytest.mark.parametrize("who", ["", "  ", None, 7, "李\0敏", "李" * 201, "\ud800"])
def test_an_inspector_without_a_name_is_refused(database, who):
    assert _code(database, HandIn(), who=who) == "audit.no_name"


def test_blanks_around_a_name_are_not_part_of_it(database):
    _did(database, WriteComment("一"), who=" 李　敏　")
    assert read_sheet(database, "c1", "李 敏 ").comment == "一"


def test_how_far_calls_are_is_read_without_folding(database):
    _did(database, WriteComment("一"))
    _did(database, Undo())
    _did(database, Skip("no_audio"), call_id="c2")
    _did(database, Skip("no_audio"), call_id="c3", who="王芳")
    assert kinds_of_calls(database, "李敏", ["c1", "c2", "c3"]) == {"c1": {"comment", "undo"}, "c2": {"skip"}}
    assert kinds_of_calls(database, "李敏", ["c3"]) == {}
    found = events_of_calls(database, ["c2", "c3", "c9"])
    assert [(event.call_id, event.who) for event in found] == [("c2", "李敏"), ("c3", "王芳")]
    assert [event.call_id for event in events_of_calls(database, who="王芳")] == ["c3"]


WRITER = """
import sys
from qa_audit.audit.actions import GiveVerdict, WriteComment
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
path, who, name, count = sys.argv[1:]
database, rubric = open_database(path), load_rubric()
sys.stdin.read()
for number in range(int(count)):
    append(database, "c1", who, WriteComment(f"{name} {number}"), rubric, expects_revision=number)
database.dispose()
"""


@pytest.mark.slow
def test_processes_that_write_at_once_lose_and_double_nothing(database, tmp_path):
    """Two inspectors, the first in two tabs."""
    tabs = [("李敏", "左"), ("李敏", "右"), ("王芳", "左")]
    command = [sys.executable, "-c", WRITER, str(tmp_path / "qa.db")]
    writers = [subprocess.Popen([*command, who, name, "30"], stdin=subprocess.PIPE) for who, name in tabs]
    for writer in writers:  # closed standard input is the starting gun
        writer.stdin.close()
    assert [writer.wait(timeout=300) for writer in writers] == [0, 0, 0]
    found = events_of(database, "c1")
    for who, name in tabs:
        texts = [one.action.text for one in found if one.who == who and one.action.text.startswith(name)]
        assert texts == [f"{name} {number}" for number in range(30)]
    assert len({one.uuid for one in found}) == len(found) == 90
    assert read_sheet(database, "c1", "李敏").revision == 60
    with sqlite3.connect(tmp_path / "qa.db") as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    plain.close()


RESENDER = """
import sys
from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database
database, rubric = open_database(sys.argv[1]), load_rubric()
for number in range(int(sys.argv[2]), 10_000):
    append(database, "c1", "李敏", WriteComment(str(number)), rubric, uuid=f"{number:032x}")
    print(number, flush=True)
"""


@pytest.mark.slow
def test_a_killed_process_loses_nothing_it_said_was_kept(database, tmp_path):
    """What was not confirmed is sent again, as a player does, and is kept once."""
    confirmed = -1
    for wanted in (3, 11, 6):
        command = [sys.executable, "-c", RESENDER, str(tmp_path / "qa.db"), str(confirmed + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            for _ in range(wanted):
                confirmed = int(writer.stdout.readline())
            writer.kill()
    texts = [event.action.text for event in events_of(database, "c1")]
    assert texts == [str(number) for number in range(len(texts))]
    assert len(texts) >= confirmed + 1 == 20
