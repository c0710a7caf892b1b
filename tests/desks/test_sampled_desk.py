"""The queue that chance gave an inspector, and what takes the place of a skipped call."""

import pytest

from qa_audit.desks.call_source import CallSource
from qa_audit.desks.sampled_desk import SampledQueue, newest_draw
from qa_audit.sampling.book import SampleBook
from qa_audit.sampling.design import Design
from qa_audit.store.database import open_database
from qa_audit.transcribe.settings import TranscribeSettings
from tests.sampling.made_calls import month_of_calls

CALLS = month_of_calls()


@pytest.fixture
def book(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield SampleBook(engine, lambda _month: CALLS)
    engine.dispose()


@pytest.fixture
def drawn(book):
    made = book.draw(book.frame("2026-10", Design(calls_per_agent=6)), "主管")
    book.hand_out(made.draw_id, ["李敏", "王芳"], "主管", twice="0.5")
    return made


def queue_of(book, draw, who, tmp_path):
    return SampledQueue(book, draw, who, CallSource(CALLS, tmp_path, TranscribeSettings(), "ab"))


def test_calls_come_in_their_order_with_their_tickets(book, drawn, tmp_path):
    queue = queue_of(book, drawn, "李敏", tmp_path).calls()
    tickets = dict(drawn.tickets.select("call_id", "ticket").iter_rows())
    assert [one.call_id for one in queue] == book.queues(drawn.draw_id)["李敏"]
    assert all(one.ticket == tickets[one.call_id] and len(one.ticket) == 64 for one in queue)
    assert all(one.agent.startswith("员工") for one in queue)


def test_a_skipped_call_stays_before_the_one_that_replaces_it(book, drawn, tmp_path):
    queue = queue_of(book, drawn, "李敏", tmp_path)
    before = [one.call_id for one in queue.calls()]
    following = queue.replace(before[1], "no_audio")
    assert following.call_id not in before
    assert len(following.ticket) == 64
    after = [one.call_id for one in queue.calls()]
    assert after == [*before[:2], following.call_id, *before[2:]]


def test_two_inspectors_of_one_call_get_the_same_successor(book, drawn, tmp_path):
    mine, theirs = (queue_of(book, drawn, who, tmp_path) for who in ("李敏", "王芳"))
    both = {one.call_id for one in mine.calls()} & {one.call_id for one in theirs.calls()}
    call = min(both)
    first = mine.replace(call, "no_audio")
    assert theirs.replace(call, "private_call") == first
    assert call not in {one.call_id for one in theirs.calls()}
    assert first.call_id in {one.call_id for one in theirs.calls()}


def test_the_newest_draw_of_an_inspector(book, drawn):
    assert newest_draw(book, "李敏").draw_id == drawn.draw_id
    assert newest_draw(book, "赵六") is None
    chosen = book.choose(["10-00-001"], "coaching", "主管", "辅导")
    assert newest_draw(book, "李敏").draw_id == drawn.draw_id
    book.hand_out(chosen.draw_id, ["李敏"], "主管", twice="0")
    assert newest_draw(book, "李敏").draw_id == chosen.draw_id
