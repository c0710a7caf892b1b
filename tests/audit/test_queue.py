from datetime import datetime

import pytest

from qa_audit.audit.actions import HandIn, PassRest, ShowMachine, Skip, Undo, WriteComment
from qa_audit.audit.events import append
from qa_audit.audit.queue import QueuedCall, QueueEntry, next_after, queue_of
from qa_audit.messages import QaError

NINE = datetime(2026, 11, 3, 9)
CALLS = [QueuedCall(name, NINE, "张三", 61.5) for name in ("c9", "c1", "c5", "c2", "c9")]


def _states(database, who="李敏"):
    return [(entry.call_id, entry.state, entry.skipped) for entry in queue_of(database, who, CALLS)]


def test_the_order_is_that_of_the_list_and_each_call_stands_once(database):
    assert _states(database) == [
        ("c9", "open", None),
        ("c1", "open", None),
        ("c5", "open", None),
        ("c2", "open", None),
    ]
    assert queue_of(database, "李敏", CALLS)[0] == QueueEntry("c9", "open", NINE, "张三", 61.5)


def test_how_far_each_call_is(database, rubric):
    def did(call_id, *actions):
        for action in actions:
            append(database, call_id, "李敏", action, rubric)

    did("c9", PassRest(tuple(item.id for item in rubric.items)), HandIn(), WriteComment("后补"))
    did("c1", Skip("private_call"))
    did("c5", WriteComment("一"))
    did("c2", ShowMachine())
    assert _states(database) == [
        ("c9", "handed_in", None),
        ("c1", "skipped", "private_call"),
        ("c5", "begun", None),
        ("c2", "open", None),
    ]
    did("c1", Undo())
    assert _states(database)[1] == ("c1", "begun", None)
    assert {state for _, state, _ in _states(database, "王芳")} == {"open"}


def test_the_next_call_is_the_next_one_with_something_left_to_do():
    states = {"a": "handed_in", "b": "open", "c": "skipped", "d": "begun"}
    entries = [QueueEntry(name, state) for name, state in states.items()]
    assert [next_after(entries, one) for one in (None, "a", "b", "c", "d")] == ["b", "b", "d", "d", "b"]


def test_when_nothing_is_left_there_is_no_next_call():
    entries = [QueueEntry("a", "handed_in"), QueueEntry("b", "open")]
    assert next_after(entries, "b") is None
    assert next_after([]) is None
    with pytest.raises(QaError) as error:
        next_after(entries, "z")
    assert error.value.code == "audit.not_in_queue"
