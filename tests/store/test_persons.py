"""Who somebody is by what was given and taken, and what that lets them do."""

import os
import pwd
from datetime import datetime

import pytest
from sqlalchemy import create_engine, insert

from qa_audit.messages import QaError, speaking
from qa_audit.store.dispute_schema import complaints
from qa_audit.store.persons import (
    Person,
    check_not_own_call,
    check_reader,
    check_writer,
    login,
    own_calls_alone,
    own_numbers,
    person_in,
    persons_in,
    sees_colleagues,
)
from qa_audit.store.proof_schema import audit_words
from qa_audit.store.role_schema import role_events
from qa_audit.store.sample_schema import draws
from qa_audit.store.schema import audit_events, calls, imports, metadata, recordings, roster

NOW = datetime(2026, 11, 28)
LI = Person("li", "李敏", frozenset({"inspector"}), "8002")


@pytest.fixture
def connection(monkeypatch):
    """A database with two calls and a roster; 李敏 is logged in and nobody has a role."""
    monkeypatch.setenv("JUPYTERHUB_USER", "li")
    engine = create_engine("sqlite://")
    metadata.create_all(engine, [role_events, imports, recordings, calls, roster])
    with engine.connect() as opened:
        common = {"extra": {}, "source": "list", "changed_in": 1}
        rows = [("c1", "8001", "张三"), ("c2", "8002", None), ("c3", None, "李敏"), ("c4", None, None)]
        named = [{"call_id": one, "agent_no": no, "agent_name": name} for one, no, name in rows]
        opened.execute(insert(calls), [row | common for row in named])
        people = [("p2", "8002", "9002", None), ("p2", "7002", None, 2), ("p3", None, "8003", None)]
        for person, new, old, removed in people:
            row = {"person_id": person, "new_no": new, "old_no": old, "removed_in": removed, "added_in": 1}
            opened.execute(insert(roster).values(row))
        yield opened
    engine.dispose()


@pytest.fixture
def give(connection):
    """Appends to the table of roles."""

    def append(role, *, kind="grant", who="li", name="李敏", agent=None):
        row = {"kind": kind, "login": who, "name": name, "role": role, "agent": agent}
        connection.execute(insert(role_events).values(**row, reason="x", who="赵六", at=NOW))

    return append


def refusal(call, *arguments, **options):
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    return error.value


def test_an_empty_name_from_the_hub_is_none(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "")
    assert login() == pwd.getpwuid(os.getuid()).pw_name


def test_a_user_without_an_entry_in_the_system_is_known_by_number(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_123)
    assert login() == "uid 2000000123"


def test_roles_add_up_one_is_taken_and_may_be_given_again(connection, give):
    for role in ("inspector", "trainer"):
        give(role)
    give("inspector", kind="revoke")
    assert persons_in(connection)["li"].roles == {"trainer"}
    give("trainer", kind="revoke")
    assert persons_in(connection)["li"].roles == frozenset()
    give("inspector")
    assert persons_in(connection)["li"].roles == {"inspector"}


def test_the_last_name_holds_and_a_number_stays_until_another_is_given(connection, give):
    give("agent", agent="8002")
    give("inspector", name="李 敏")
    give("supervisor", who="zhao", name="赵六")
    assert persons_in(connection) == {
        "li": Person("li", "李 敏", frozenset({"agent", "inspector"}), "8002"),
        "zhao": Person("zhao", "赵六", frozenset({"supervisor"})),
    }
    give("trainer", agent="7002")
    assert persons_in(connection)["li"].agent == "7002"


def test_a_login_is_unknown_only_where_somebody_has_or_had_a_role(connection, give):
    assert person_in(connection) is None
    give("supervisor", who="zhao", name="赵六")
    give("supervisor", kind="revoke", who="zhao", name="赵六")
    error = refusal(person_in, connection)
    assert (error.code, error.values) == ("roles.unknown_login", {"login": "li"})


def test_a_refusal_says_which_roles_one_has_and_which_may(connection, give):
    give("trainer")
    give("inspector")
    with speaking("en"):
        error = refusal(check_writer, connection, draws, "李敏")
    told = {"who": "李敏", "roles": "inspector、trainer", "allowed": "supervisor、team leader"}
    assert (error.code, error.values) == ("roles.not_allowed", told)


def test_whoever_has_no_role_left_may_add_nothing(connection, give):
    give("inspector")
    give("inspector", kind="revoke")
    error = refusal(check_writer, connection, audit_events, "李敏")
    assert (error.code, error.values["roles"]) == ("roles.not_allowed", "–")


def test_to_add_is_not_to_delete(connection, give):
    give("inspector")
    assert check_writer(connection, audit_words) == Person("li", "李敏", frozenset({"inspector"}))
    assert refusal(check_writer, connection, audit_words, removes=True).code == "roles.not_allowed"
    give("supervisor")
    assert check_writer(connection, audit_words, removes=True) is not None


def test_of_several_names_one_must_be_ones_own(connection, give):
    give("inspector")
    assert check_writer(connection, audit_events, "王芳", "李敏") is not None
    error = refusal(check_writer, connection, audit_events, "王芳", "赵六")
    told = {"who": "王芳、赵六", "name": "李敏", "login": "li"}
    assert (error.code, error.values) == ("roles.not_you", told)


@pytest.mark.parametrize(("call", "own"), [("c1", False), ("c2", True), ("c3", True), ("c4", False)])
def test_a_call_is_ones_own_by_number_or_by_name(connection, call, own):
    try:
        check_not_own_call(connection, LI, call)
        found = None
    except QaError as error:
        found = error.code
    assert found == ("roles.own_call" if own else None)


def test_where_nobody_has_a_role_no_call_is_anybodys_own(connection):
    check_not_own_call(connection, None, "c2")


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("8002", {"p2", "8002", "9002"}),
        ("9002", {"p2", "8002", "9002"}),
        ("p3", {"p3", "8003"}),
        ("7002", {"7002"}),  # of a row that a later roster no longer has
        *(("p9", {"p9"}), (None, set())),
    ],
)
def test_one_number_leads_to_all_of_the_roster_in_force(connection, number, wanted):
    assert own_numbers(connection, Person("li", "李敏", frozenset({"agent"}), number)) == wanted


def test_only_an_agent_and_nothing_else_sees_own_calls_alone(connection, give):
    assert own_calls_alone(connection) is None
    give("agent", agent="9002")
    own = own_calls_alone(connection)
    assert own is not None
    assert connection.execute(own).scalars().all() == ["c2"]
    give("inspector")
    assert own_calls_alone(connection) is None


def test_complaints_are_kept_from_agents_and_calls_are_not(connection, give):
    check_reader(connection, complaints)
    give("agent", agent="8002")
    check_reader(connection, calls)
    assert refusal(check_reader, connection, complaints).code == "roles.not_allowed"
    give("inspector")
    check_reader(connection, complaints)


def test_whoever_has_no_role_left_may_read_nothing(connection, give):
    give("agent", agent="9002")
    give("agent", kind="revoke")
    with speaking("en"):
        error = refusal(own_calls_alone, connection)
    assert (error.code, error.values["who"], error.values["roles"]) == ("roles.not_allowed", "李敏", "–")
    assert refusal(check_reader, connection, complaints).code == "roles.not_allowed"


@pytest.mark.parametrize(
    ("roles", "wanted"),
    [
        *((set(), False), ({"agent"}, False), ({"inspector"}, False)),
        *(({"inspector", "trainer"}, True), ({"team_leader"}, True), ({"supervisor"}, True)),
    ],
)
def test_verdicts_of_others_are_open_to_those_who_do_not_judge_blind(roles, wanted):
    assert sees_colleagues(Person("li", "李敏", frozenset(roles))) is wanted
    assert sees_colleagues(None)
