"""Each inspector's load and what is late, at moments that the test chooses."""

from datetime import UTC, datetime, timedelta

import pytest

from qa_audit.audit.actions import HandIn, PassRest, Skip
from qa_audit.audit.appeals import Disputed, Parties, file_appeal, reply_to
from qa_audit.audit.complaints import follow_up, open_complaint
from qa_audit.audit.events import append
from qa_audit.audit.settings import AppealSettings
from qa_audit.desks.board import LOAD, WAITING, read_board
from qa_audit.messages import speaking
from qa_audit.sampling.book import SampleBook
from qa_audit.sampling.design import Design
from qa_audit.scoring import load_rubric
from qa_audit.settings import Settings
from qa_audit.shown.board import board_line, shown_load, shown_waiting
from qa_audit.store.database import open_database
from tests.sampling.made_calls import month_of_calls

RUBRIC = load_rubric()
NOW = datetime.now(UTC)


@pytest.fixture
def book(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    calls = month_of_calls()
    yield SampleBook(engine, lambda _month: calls)
    engine.dispose()


def board(book, days=0, month="2026-10"):
    return read_board(book.database, book, Settings(), month, NOW + timedelta(days=days))


def test_nothing_yet(book):
    found = board(book)
    assert (found.inspectors.schema, found.waiting.schema) == (LOAD, WAITING)
    assert found.inspectors.is_empty()
    assert found.waiting.is_empty()


def test_given_handed_in_skipped_open_and_late(book):
    drawn = book.draw(book.frame("2026-10", Design(calls_per_agent=4)), "主管")
    book.hand_out(drawn.draw_id, ["李敏", "王芳"], "主管", twice="0")
    mine = book.queues(drawn.draw_id)["李敏"]
    for action in (PassRest(tuple(item.id for item in RUBRIC.items)), HandIn()):
        append(book.database, mine[0], "李敏", action, RUBRIC)
    append(book.database, mine[1], "李敏", Skip("no_audio"), RUBRIC)
    counts = ("inspector", "given", "handed_in", "skipped", "open", "late")
    assert board(book).inspectors.select(counts).rows() == [("李敏", 6, 1, 1, 4, 0), ("王芳", 6, 0, 0, 6, 0)]
    # Ten days after it was handed out what is left is late, and since when is said.
    assert board(book, 9).inspectors["late_since"].to_list() == [None, None]
    after = board(book, 12).inspectors
    assert after["late"].to_list() == [4, 6]
    handed = book.handed_out(drawn.draw_id).handed_out_at.replace(tzinfo=UTC)
    assert after["late_since"].to_list() == [handed + timedelta(days=10)] * 2
    assert board(book, month="2026-09").inspectors.is_empty()
    assert board(book, month=None).inspectors.height == 2


def test_a_draw_that_gave_way_is_no_load(book):
    first = book.draw(book.frame("2026-10", Design(calls_per_agent=4)), "主管")
    book.hand_out(first.draw_id, ["李敏"], "主管", twice="0")
    design = Design(calls_per_agent=5)
    book.draw(book.frame("2026-10", design), "主管", instead_of=first.draw_id, reason="多抽一通")
    assert board(book).inspectors.is_empty()


def test_appeals_and_complaints_wait_until_they_are_done(book):
    for call in ("c1", "c2"):
        disputed = Disputed(call, "closing", ("李敏",), duration_s=60.0)
        file_appeal(
            book.database, disputed, at_s=None, text="说了", who="员工", terms=AppealSettings(), now=NOW
        )
    reply_to(book.database, 2, text="再听", who="班长", parties=Parties(), now=NOW)
    open_complaint(book.database, text="说话难听", who="主管", now=NOW)
    follow_up(book.database, 1, text="已回电", who="主管", now=NOW + timedelta(days=1))
    found = board(book, 3.5).waiting
    assert found.select("kind", "number", "late").rows() == [
        ("reply", 1, True),
        ("complaint", 1, False),
        ("decision", 2, False),
    ]
    assert found["due"].to_list() == [NOW + timedelta(days=days) for days in (3, 4, 7)]
    with speaking("zh"):
        told = board(book, 3.5)
        assert "待办的申诉和投诉 3 件，其中逾期 1 件" in board_line(told)
        assert [row[0] for row in shown_waiting(told).rows] == ["申诉答复", "投诉跟进", "申诉裁决"]
        assert shown_waiting(told).rows[0][-1] == "逾期"
        assert shown_load(told).rows == []
    assert board(book).as_json()["waiting"][0]["due"] == (NOW + timedelta(days=3)).isoformat()


def test_a_replaced_call_was_given_and_skipped_and_so_was_one_that_none_replaced(book):
    drawn = book.draw(book.frame("2026-10", Design(calls_per_agent=4)), "主管")
    book.hand_out(drawn.draw_id, ["李敏", "王芳"], "主管", twice="0")
    first = book.queues(drawn.draw_id)["李敏"][0]
    counts = ("inspector", "given", "handed_in", "skipped", "open")
    following = book.replace(drawn.draw_id, first, "no_audio", "李敏").replaced_by
    assert board(book).inspectors.select(counts).rows() == [("李敏", 7, 0, 1, 6), ("王芳", 6, 0, 0, 6)]
    while following is not None:
        last, following = following, book.replace(drawn.draw_id, following, "wrong_agent", "李敏").replaced_by
    row = board(book).inspectors.select(counts).row(0)
    assert row[1] - row[3] == row[4] == 5
    assert last not in book.queues(drawn.draw_id)["李敏"]
    with speaking("zh"):
        assert f"跳过 {row[3]} 通" in board_line(board(book))
