from datetime import UTC, datetime

import pytest

from qa_audit.audit.vexatious import Listing, listings, put_on_list, take_off_list, vexatious_callers
from qa_audit.messages import QaError

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_who_put_a_number_on_the_list_and_why(database):
    put_on_list(database, " 138 ", who="主管", reason="一周二十次", now=NOON)
    assert vexatious_callers(database) == [Listing(1, "138", True, "主管", "一周二十次", NOON)]


def test_taken_off_with_a_reason_the_history_stays(database):
    put_on_list(database, "138", who="主管", reason="骚扰", now=NOON)
    take_off_list(database, "138", who="王芳", reason="号码换了主人", now=NOON)
    assert vexatious_callers(database) == []
    put_on_list(database, "138", who="主管", reason="又来", now=NOON)
    assert [(one.listed, one.reason) for one in listings(database)] == [
        (True, "骚扰"), (False, "号码换了主人"), (True, "又来"),
    ]  # fmt: skip


def test_what_changes_nothing_or_says_no_reason_is_refused(database):
    put_on_list(database, "138", who="主管", reason="骚扰")
    for act, number, reason, code in (
        (put_on_list, "138", "再", "vexatious.listed_already"),
        (take_off_list, "139", "错", "vexatious.not_listed"),
        (take_off_list, "138", " ", "audit.bad_text"),
        (put_on_list, "", "错", "audit.bad_text"),
    ):
        with pytest.raises(QaError) as error:
            act(database, number, who="主管", reason=reason)
        assert error.value.code == code
    assert len(listings(database)) == 1
