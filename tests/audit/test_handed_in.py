from datetime import UTC, datetime, timedelta, timezone

import pytest

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest, WriteComment
from qa_audit.audit.events import append
from qa_audit.audit.handed_in import handed_in_between, latest_hand_in

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def hand_in(database, rubric):
    """Hands a call in at a time; its verdicts were given the day before."""

    def hand_in(call_id, at, who="李敏"):
        judged = PassRest(tuple(item.id for item in rubric.items))
        append(database, call_id, who, judged, rubric, now=at - timedelta(days=1))
        append(database, call_id, who, HandIn(), rubric, now=at)

    return hand_in


def test_calls_come_in_order_of_their_ids_and_once_however_many_handed_them_in(database, hand_in):
    hand_in("c9", NOON)
    hand_in("c1", NOON + HOUR, "王芳")
    hand_in("c1", NOON + 2 * HOUR)
    assert handed_in_between(database, NOON, NOON + 3 * HOUR) == ["c1", "c9"]


def test_a_microsecond_before_the_end_still_counts_and_one_before_the_start_does_not(database, hand_in):
    instant = timedelta(microseconds=1)
    hand_in("early", NOON - instant)
    hand_in("late", NOON + HOUR - instant)
    assert handed_in_between(database, NOON, NOON + HOUR) == ["late"]


def test_moments_told_in_the_centre_s_zone_are_the_same_moments(database, hand_in):
    hand_in("c1", NOON)
    shanghai = timezone(timedelta(hours=8))
    evening = datetime(2026, 11, 27, 20, tzinfo=shanghai)
    assert handed_in_between(database, evening, evening + HOUR) == ["c1"]
    assert handed_in_between(database, evening - HOUR, evening) == []


def test_only_handing_in_counts(database, rubric):
    append(database, "c1", "李敏", GiveVerdict("closing", "fail"), rubric, now=NOON)
    append(database, "c1", "李敏", WriteComment("没说完"), rubric, now=NOON)
    assert handed_in_between(database, NOON - HOUR, NOON + HOUR) == []
    assert latest_hand_in(database) is None


def test_the_latest_is_so_by_its_time_also_where_the_clock_was_set_back(database, hand_in):
    hand_in("c1", NOON + HOUR)
    hand_in("c2", NOON)
    assert latest_hand_in(database) == NOON + HOUR


def test_what_was_done_after_handing_in_moves_no_time(database, rubric, hand_in):
    hand_in("c1", NOON)
    append(database, "c1", "李敏", GiveVerdict("closing", "fail"), rubric, now=NOON + HOUR)
    assert latest_hand_in(database) == NOON
    assert handed_in_between(database, NOON + HOUR, NOON + 2 * HOUR) == []
