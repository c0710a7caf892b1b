from datetime import UTC, datetime

import pytest

from qa_audit.audit.actions import Fault, HandIn, PassRest, RemoveFault
from qa_audit.audit.events import append
from qa_audit.audit.faults import FAULTS_SCHEMA, REPEATS_SCHEMA, fault_register, repeated_faults
from qa_audit.audit.rulings import Ruling, keep_ruling
from qa_audit.store.database import writing
from tests.sampling.made_calls import calls_of

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
CALLS = calls_of(
    {"call_id": "c3", "start": datetime(2026, 11, 2, 9), "team": "二班"},
    {"call_id": "c1", "start": datetime(2026, 10, 5, 9)},
    {"call_id": "c2", "start": datetime(2026, 10, 6, 9)},
    {
        "call_id": "d1",
        "start": datetime(2026, 10, 5, 10),
        "person_id": "P2",
        "agent_no": "8002",
        "agent_name": "李强",
    },
)


@pytest.fixture
def marked(database, rubric):
    """Marks faults in a call and hands it in."""
    numbers = iter(range(1, 99))

    def mark(call_id, *faults, who="李敏", hand_in=True):
        made = []
        for item, start_s in faults:
            fault = Fault(f"{next(numbers):032x}", item, "major", start_s, start_s + 2.0, "您好", "太冲")
            append(database, call_id, who, fault, rubric, now=NOON)
            made.append(fault.fault)
        if hand_in:
            for action in (PassRest(tuple(item.id for item in rubric.items)), HandIn()):
                append(database, call_id, who, action, rubric, now=NOON)
        return made

    return mark


def test_a_fault_with_all_that_the_register_tells(database, marked):
    (fault,) = marked("c1", ("greeting", 1.5))
    register = fault_register(database, CALLS)
    assert register.schema == FAULTS_SCHEMA
    assert register.row(0, named=True) == {
        "fault": fault, "call_id": "c1", "start": datetime(2026, 10, 5, 9), "agent": "person:P1",
        "agent_no": "8001", "agent_name": "王芳", "team": "一班", "item": "greeting", "severity": "major",
        "start_s": 1.5, "end_s": 3.5, "should_say": "您好", "comment": "太冲", "inspector": "李敏",
        "marked_at": NOON, "nth": 1, "struck": False,
    }  # fmt: skip


def test_the_nth_time_counts_calls_of_an_agent_and_item_in_order_of_the_calls(database, marked):
    marked("c3", ("greeting", 1.0), ("closing", 40.0))
    marked("c1", ("greeting", 1.0), ("greeting", 5.0))
    marked("c2", ("greeting", 2.0))
    marked("c2", ("greeting", 2.5), who="赵")
    marked("d1", ("greeting", 1.0))
    found = fault_register(database, CALLS).select("call_id", "item", "inspector", "nth").rows()
    assert found == [
        ("c1", "greeting", "李敏", 1),
        ("c1", "greeting", "李敏", 1),
        ("d1", "greeting", "李敏", 1),
        ("c2", "greeting", "李敏", 2),
        ("c2", "greeting", "赵", 2),
        ("c3", "greeting", "李敏", 3),
        ("c3", "closing", "李敏", 1),
    ]
    repeats = repeated_faults(fault_register(database, CALLS))
    assert repeats.schema == REPEATS_SCHEMA
    assert repeats.select("agent", "team", "item", "calls", "last").rows() == [
        ("person:P1", "二班", "greeting", 3, datetime(2026, 11, 2, 9))
    ]


def test_only_calls_that_were_handed_in_and_faults_that_stand(database, marked, rubric):
    marked("c1", ("greeting", 1.0), hand_in=False)
    (gone, _) = marked("c2", ("greeting", 1.0), ("closing", 9.0))
    append(database, "c2", "李敏", RemoveFault(gone), rubric)
    assert fault_register(database, CALLS).select("call_id", "item").rows() == [("c2", "closing")]


def test_a_fault_that_an_appeal_struck_stays_on_record_and_counts_no_more(database, marked, rubric):
    marked("c1", ("greeting", 1.0))
    marked("c2", ("greeting", 1.0))
    with writing(database) as connection:
        keep_ruling(
            connection, "c1", "greeting", Ruling("pass"), source="appeal", by=["主管"], reason="有问候",
            at=NOON, rubric=rubric,
        )  # fmt: skip
        keep_ruling(
            connection, "c2", "greeting", Ruling("fail", 2.0), source="appeal", by=["主管"], reason="少扣",
            at=NOON, rubric=rubric,
        )  # fmt: skip
    found = fault_register(database, CALLS)
    assert found.select("call_id", "struck", "nth").rows() == [("c1", True, None), ("c2", False, 1)]
    assert repeated_faults(found).is_empty()


def test_a_call_that_the_list_no_longer_has_keeps_its_faults(database, marked):
    marked("gone", ("greeting", 1.0))
    assert fault_register(database, CALLS).select("call_id", "agent", "nth").rows() == [("gone", None, None)]


def test_without_audits_there_are_no_faults(database):
    assert fault_register(database, CALLS).schema == FAULTS_SCHEMA
    assert repeated_faults(fault_register(database, CALLS)).schema == REPEATS_SCHEMA
