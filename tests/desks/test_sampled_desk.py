"""The queue that chance gave an inspector, and what takes the place of a skipped call."""

import pytest

from qa_audit.audit.actions import HandIn, PassRest, Skip
from qa_audit.audit.desk import Desk
from qa_audit.audit.events import append, read_sheet
from qa_audit.closing.folder import MANIFEST
from qa_audit.closing.ledger import Ledger
from qa_audit.desks.call_source import CallSource
from qa_audit.desks.sampled_desk import SampledQueue, draws_to_hear
from qa_audit.messages import QaError
from qa_audit.sampling.book import SampleBook
from qa_audit.sampling.design import Design
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database, writing
from qa_audit.transcribe.settings import TranscribeSettings
from tests.sampling.made_calls import month_of_calls

CALLS = month_of_calls()
RUBRIC = load_rubric()
SKIP = {"kind": "skip", "reason": "no_audio"}


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


def queue_of(book, draws, who, tmp_path):
    return SampledQueue(book, draws, who, CallSource(CALLS, tmp_path, TranscribeSettings(), "ab"))


def replace(queue, call_id, reason):
    with writing(queue.book.database) as connection:
        return queue.replace(connection, call_id, reason)


def desk_of(queue, replacing=None):
    database, found = queue.book.database, queue.source
    return Desk(
        database, RUBRIC, queue.who, queue.calls(), found.material, replace=replacing or queue.replace
    )


def hand_in(book, call_id, who):
    for action in (PassRest(tuple(item.id for item in RUBRIC.items)), HandIn()):
        append(book.database, call_id, who, action, RUBRIC)


def test_calls_come_in_their_order_with_their_tickets(book, drawn, tmp_path):
    queue = queue_of(book, [drawn], "李敏", tmp_path).calls()
    tickets = dict(drawn.tickets.select("call_id", "ticket").iter_rows())
    assert [one.call_id for one in queue] == book.queues(drawn.draw_id)["李敏"]
    assert all(one.ticket == tickets[one.call_id] and len(one.ticket) == 64 for one in queue)
    assert all(one.agent.startswith("员工") for one in queue)


def test_a_skipped_call_stays_before_the_one_that_replaces_it(book, drawn, tmp_path):
    queue = queue_of(book, [drawn], "李敏", tmp_path)
    before = [one.call_id for one in queue.calls()]
    following = replace(queue, before[1], "no_audio")
    assert following.call_id not in before
    assert len(following.ticket) == 64
    after = [one.call_id for one in queue.calls()]
    assert after == [*before[:2], following.call_id, *before[2:]]


def test_two_inspectors_of_one_call_get_the_same_successor(book, drawn, tmp_path):
    mine, theirs = (queue_of(book, [drawn], who, tmp_path) for who in ("李敏", "王芳"))
    both = {one.call_id for one in mine.calls()} & {one.call_id for one in theirs.calls()}
    call = min(both)
    first = replace(mine, call, "no_audio")
    assert replace(theirs, call, "private_call") == first
    assert call not in {one.call_id for one in theirs.calls()}
    assert first.call_id in {one.call_id for one in theirs.calls()}


def test_a_skip_and_what_replaces_it_are_kept_together_or_not_at_all(book, drawn, tmp_path):
    queue = queue_of(book, [drawn], "李敏", tmp_path)
    call = book.queues(drawn.draw_id)["李敏"][0]

    def killed(connection, *skipped):
        queue.replace(connection, *skipped)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk_of(queue, killed).act(call, SKIP)
    assert read_sheet(book.database, call, "李敏").skipped is None
    assert book.replacements(drawn.draw_id) == []
    desk = desk_of(queue)
    desk.act(call, SKIP)
    (done,) = book.replacements(drawn.draw_id)
    assert (done.call_id, done.reason, done.who) == (call, "no_audio", "李敏")
    shown = [(one.call_id, one.state) for one in desk.queue()][:2]
    assert shown == [(call, "skipped"), (done.replaced_by, "open")]
    with pytest.raises(QaError, match="不能撤销"):
        desk.act(call, {"kind": "undo"})


def test_a_call_skipped_before_it_was_drawn_is_replaced_when_the_desk_is_opened(book, drawn, tmp_path):
    both = set.intersection(*map(set, book.queues(drawn.draw_id).values()))
    heard, call = sorted(both)[:2]
    for one in (heard, call):
        append(book.database, one, "李敏", Skip("private_call"), RUBRIC)
    hand_in(book, heard, "王芳")
    queue = queue_of(book, [drawn], "李敏", tmp_path)
    for _ in range(2):
        queue.replace_skipped()
        assert [(one.call_id, one.reason) for one in book.replacements(drawn.draw_id)] == [
            (call, "private_call")
        ]


def test_a_call_that_a_colleague_has_judged_is_not_skipped(book, drawn, tmp_path):
    call = min(set.intersection(*map(set, book.queues(drawn.draw_id).values())))
    hand_in(book, call, "王芳")
    desk = desk_of(queue_of(book, [drawn], "李敏", tmp_path))
    with pytest.raises(QaError) as error:
        desk.act(call, SKIP)
    assert error.value.code == "sampling.already_heard"
    assert read_sheet(book.database, call, "李敏").skipped is None
    assert book.replacements(drawn.draw_id) == []


def numbers(book, who):
    return [one.draw_id for one in draws_to_hear(book, who)]


def weekly(book):
    """Draws of the first and the second week, both handed out to 李敏."""
    for days in ((1, 7), (8, 14)):
        made = book.draw(book.frame("2026-10", Design(calls_per_agent=2), days=days), "主管")
        book.hand_out(made.draw_id, ["李敏"], "主管", twice="0")


def test_every_draw_with_something_to_hear_is_on_the_desk_and_the_newest(book, tmp_path):
    assert numbers(book, "李敏") == []
    weekly(book)
    assert numbers(book, "李敏") == [1, 2]
    assert numbers(book, "赵六") == []
    # The seeds differ from run to run, and with them what was drawn.
    given = {*book.queues(1)["李敏"], *book.queues(2)["李敏"]}
    other = next(one for one in (f"10-00-{number:03}" for number in range(1, 20)) if one not in given)
    complaint = book.choose([book.queues(2)["李敏"][0], other], "complaint", "主管", "工单 88")
    assert numbers(book, "李敏") == [1, 2]
    book.hand_out(complaint.draw_id, ["李敏"], "主管", twice="0")
    queue = queue_of(book, draws_to_hear(book, "李敏"), "李敏", tmp_path).calls()
    wanted = [*book.queues(1)["李敏"], *book.queues(2)["李敏"], other]
    assert [one.call_id for one in queue] == wanted
    assert [one.ticket is None for one in queue] == [False] * 12 + [True]
    for call in book.queues(1)["李敏"]:
        hand_in(book, call, "李敏")
    assert numbers(book, "李敏") == [2, 3]
    for call in (*book.queues(2)["李敏"], other):
        hand_in(book, call, "李敏")
    assert numbers(book, "李敏") == [3]


def test_a_call_of_any_draw_is_replaced_within_its_own(book, tmp_path):
    weekly(book)
    desk = desk_of(queue_of(book, draws_to_hear(book, "李敏"), "李敏", tmp_path))
    calls = [book.queues(draw)["李敏"][0] for draw in (2, 1)]
    for call in calls:
        desk.act(call, SKIP)
    assert [book.replacements(draw)[0].call_id for draw in (2, 1)] == calls


def test_a_draw_that_gave_way_is_heard_no_more(book):
    weekly(book)
    again = book.frame("2026-10", Design(calls_per_agent=4), days=(1, 7))
    book.draw(again, "主管", instead_of=1, reason="多抽两通")
    assert numbers(book, "李敏") == [2]


def test_drawn_calls_of_a_closed_month_need_not_be_heard(book):
    weekly(book)
    Ledger(book.database).close("2026-10", {MANIFEST: b"{}"}, "主管")
    assert numbers(book, "李敏") == [2]
    chosen = book.choose(["10-00-001"], "complaint", "主管", "工单 88")
    book.hand_out(chosen.draw_id, ["李敏"], "主管", twice="0")
    other = book.choose(["10-00-002"], "complaint", "主管", "工单 89")
    book.hand_out(other.draw_id, ["李敏"], "主管", twice="0")
    assert numbers(book, "李敏") == [chosen.draw_id, other.draw_id]
