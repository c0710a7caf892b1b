from datetime import UTC, datetime

from qa_audit.audit.actions import HandIn, PassRest, Skip
from qa_audit.audit.events import append
from qa_audit.sampling.heard import first_heard, is_heard
from qa_audit.scoring import load_rubric
from qa_audit.store.database import reading

RUBRIC = load_rubric()


def _hand_in(database, call_id, who, hour):
    for action in (PassRest(tuple(item.id for item in RUBRIC.items)), HandIn()):
        append(database, call_id, who, action, RUBRIC, now=datetime(2026, 11, 27, hour, tzinfo=UTC))


def test_a_call_is_heard_when_somebody_handed_it_in(database):
    append(database, "c1", "李敏", Skip("no_audio"), RUBRIC)
    for who, hour in (("李敏", 15), ("王芳", 12)):
        _hand_in(database, "c2", who, hour)
    with reading(database) as connection:
        assert [is_heard(connection, call, ["李敏"]) for call in ("c1", "c2", "c3")] == [False, True, False]
        assert is_heard(connection, "c2", [])
        assert first_heard(connection, ["c1", "c2", "c3"]) == {"c2": datetime(2026, 11, 27, 12)}
