"""Moments as databases keep them: UTC without a zone, for SQLite knows no zones."""

from datetime import UTC, datetime

__all__ = ["stored_moment"]


def stored_moment(moment: datetime | None = None) -> datetime:
    """A moment in UTC without a zone, the present one for None; one without a zone is UTC already.

    >>> from datetime import timedelta, timezone
    >>> stored_moment(datetime(2026, 11, 1, 0, 30, tzinfo=timezone(timedelta(hours=8))))
    datetime.datetime(2026, 10, 31, 16, 30)
    >>> stored_moment(datetime(2026, 10, 31, 16, 30))
    datetime.datetime(2026, 10, 31, 16, 30)
    """
    moment = moment or datetime.now(UTC)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None)
