"""Holds one by one: what is refused, whose reason stands, and what the list of holds says."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete

from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.retention.holds import HOLDS, add_hold, holds_frame, lift_hold
from qa_audit.store import schema
from qa_audit.store.database import writing
from tests.refusal import code_of


@pytest.fixture
def calls(centre):
    """Ids of the calls, in their order."""
    return sorted(calls_frame(centre.database)["call_id"])


def reasons(centre):
    return dict(holds_frame(centre.database).select("call_id", "reason").iter_rows())


@pytest.mark.parametrize("change", [add_hold, lift_hold])
def test_without_calls_reason_or_name_nothing_is_done(centre, calls, change):
    def refused(call_ids, who, reason):
        return code_of(change, centre.database, call_ids, who, reason)

    add_hold(centre.database, calls[:1], "王芳", "仲裁")
    assert refused([], "李敏", "法院") == "hold.no_calls"
    assert refused(calls[:1], "李敏", " \n") == "hold.no_reason"
    assert refused(calls[:1], "　", "法院") == "audit.no_name"
    assert reasons(centre) == {calls[0]: "仲裁"}


def test_one_call_that_is_unknown_keeps_all_others_from_being_held(centre, calls):
    with pytest.raises(QaError) as error:
        add_hold(centre.database, [calls[0], "c-0", calls[1]], "李敏", "法院")
    assert (error.value.code, error.value.values) == ("workspace.unknown_call", {"call_id": "c-0"})
    assert reasons(centre) == {}


def test_who_lifts_the_hold_of_an_unknown_call_is_told_that_it_is_unknown(centre, calls):
    add_hold(centre.database, calls[:1], "李敏", "法院")

    def told(*call_ids):
        with pytest.raises(QaError) as error:
            lift_hold(centre.database, call_ids, "李敏", "结案")
        return error.value.code, error.value.values

    assert told(calls[0], "c-0") == ("workspace.unknown_call", {"call_id": "c-0"})
    assert told(calls[0], calls[1]) == ("hold.not_held", {"call_id": calls[1]})
    assert reasons(centre) == {calls[0]: "法院"}


def test_a_call_that_left_the_list_can_be_freed(centre, calls):
    add_hold(centre.database, calls[:1], "李敏", "法院")
    with writing(centre.database) as connection:
        connection.execute(delete(schema.calls).where(schema.calls.c.call_id == calls[0]))
    assert lift_hold(centre.database, calls[:1], "李敏", "结案") == 1
    assert reasons(centre) == {}


def test_who_holds_a_call_a_second_time_changes_nothing_of_it(centre, calls):
    add_hold(centre.database, calls[:1], "李敏", "法院")
    assert add_hold(centre.database, calls[:2], "王芳", "仲裁") == 1
    assert reasons(centre) == {calls[0]: "法院", calls[1]: "仲裁"}


def test_after_a_lift_the_reason_of_the_new_hold_stands(centre, calls):
    add_hold(centre.database, calls[:1], "李敏", "法院")
    assert lift_hold(centre.database, [calls[0], calls[0]], "王芳", "结案") == 1
    assert reasons(centre) == {}
    assert add_hold(centre.database, calls[:1], "王芳", "再审") == 1
    assert reasons(centre) == {calls[0]: "再审"}


def test_a_call_is_held_again_only_by_its_own_events(centre, calls):
    add_hold(centre.database, calls, "李敏", "法院")
    lift_hold(centre.database, calls[1:3], "李敏", "结案")
    add_hold(centre.database, calls[2:3], "李敏", "再审")
    assert reasons(centre) == {calls[0]: "法院", calls[2]: "再审", calls[3]: "法院"}


def test_the_list_is_in_order_of_calls_with_names_and_reasons_without_blanks_around(centre, calls):
    before = datetime.now(UTC).replace(tzinfo=None)
    add_hold(centre.database, calls[::-1], " 李　敏 ", " 法院 调取\n")
    found = holds_frame(centre.database)
    assert found.select("call_id", "reason", "who").rows() == [(one, "法院 调取", "李 敏") for one in calls]
    assert all(before <= at <= datetime.now(UTC).replace(tzinfo=None) for at in found["at"])


def test_where_nothing_was_ever_held_the_list_has_its_columns(centre):
    found = holds_frame(centre.database)
    assert (found.schema, found.height) == (HOLDS, 0)
