"""What databases keep of a moment does not depend on the zone that it was told in."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from qa_audit.store.moments import stored_moment


def test_a_moment_without_a_zone_is_utc_already():
    assert stored_moment(datetime(2026, 10, 31, 16, 30)) == datetime(2026, 10, 31, 16, 30)


def test_the_present_moment_has_no_zone():
    before = datetime.now(UTC)
    now = stored_moment()
    assert now.tzinfo is None
    assert before <= now.replace(tzinfo=UTC) <= datetime.now(UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_every_zone_tells_the_same_moment(moment, shift):
    told = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=shift)))
    assert stored_moment(told) == moment
