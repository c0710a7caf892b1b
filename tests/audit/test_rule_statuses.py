"""Statuses of rules are events: what holds follows from them, and nothing can be changed unseen."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from qa_audit.audit.proof import verify_chain
from qa_audit.audit.rule_statuses import StatusEvent, keep_status, standing, status_events, statuses
from qa_audit.audit.status_names import START, STATUSES
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.store import persons
from qa_audit.store.database import open_database, writing
from qa_audit.store.roles import grant

RUBRIC = load_rubric()
RULES = {"closing": "c1", "greeting": "g1"}
FIGURES = {"flags": 31, "wrong": 0, "precision": 1.0, "sure_above": 0.908, "says": "automatic"}


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def keep(database, item="closing", before="assisted", to="automatic", **other):
    given = {"overridden": False, "figures": FIGURES, "from_month": "2026-12", "reason": "31 条都对"}
    return keep_status(
        database, RUBRIC, RULES, item, before=before, to=to, **{**given, "who": "赵六", **other}
    )


def code(call, *arguments, **options):
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    return error.value.code


def test_what_was_decided_is_read_back_whole_and_chained(database):
    at = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
    kept = keep(database, reason="  31 条\n都对 ", now=at)
    assert status_events(database) == [kept]
    assert kept == StatusEvent(
        *(1, "closing", "c1", RUBRIC.id, RUBRIC.version, RUBRIC.sha256, "assisted", "automatic", False),
        *(FIGURES, "2026-12", "31 条 都对", "赵六", at),
    )
    keep(database, before="automatic", to="manual", overridden=True, reason="错得多")
    assert statuses(status_events(database), RULES) == {"closing": "manual", "greeting": "assisted"}
    proof = verify_chain(database)
    assert (proof.findings, proof.counts) == ((), {"rule_status_events": 2})


def test_a_change_behind_the_program_s_back_shows(database):
    keep(database)
    with writing(database) as connection:
        connection.execute(text("UPDATE rule_status_events SET status = 'manual'"))
    (found,) = verify_chain(database).findings
    assert (found.code, found.values["source"], found.values["who"]) == (
        "changed",
        "rule_status_events",
        "赵六",
    )


def test_what_is_refused_is_not_kept(database):
    assert code(keep, database, reason=" \n") == "rule_status.no_reason"
    assert code(keep, database, to="assisted") == "rule_status.same"
    assert code(keep, database, before="manual") == "rule_status.changed_meanwhile"
    keep(database)
    # Somebody who looked before it must look again.
    assert code(keep, database, to="manual") == "rule_status.changed_meanwhile"
    assert len(status_events(database)) == 1
    assert verify_chain(database).findings == ()


@pytest.mark.sqlite  # on PostgreSQL the server asks who is connected: tests/postgres/test_roles.py
def test_a_supervisor_decides_and_under_their_own_name(database, monkeypatch):
    grant(database, "zhao", "supervisor", name="赵六", reason="开始")
    monkeypatch.setattr(persons, "login", lambda: "zhao")
    grant(database, "li", "team_leader", name="李敏", reason="开始")
    assert code(keep, database, who="王芳") == "roles.not_you"
    monkeypatch.setattr(persons, "login", lambda: "li")
    assert code(keep, database, who="李敏") == "roles.not_allowed"
    monkeypatch.setattr(persons, "login", lambda: "zhao")
    assert keep(database).who == "赵六"


def event(number, item, rule, status, month):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    return StatusEvent(
        number, item, rule, "r", "1", "s", "assisted", status, False, {}, month, "因", "赵六", at
    )


def test_another_rule_starts_anew_and_the_former_one_comes_back_with_its_status():
    events = [event(1, "closing", "c1", "automatic", "2026-10")]
    assert statuses(events, {"closing": "c2"}) == {"closing": "assisted"}
    events.append(event(2, "closing", "c2", "manual", "2026-11"))
    assert statuses(events, {"closing": "c2"}) == {"closing": "manual"}
    assert statuses(events, {"closing": "c1"}) == {"closing": "automatic"}


def test_a_month_keeps_what_was_decided_for_it():
    events = [
        event(1, "closing", "c1", "automatic", "2026-10"),
        event(2, "closing", "c1", "manual", "2026-12"),
    ]
    found = {month: statuses(events, RULES, month)["closing"] for month in ("2026-09", "2026-10", "2026-12")}
    assert found == {"2026-09": "assisted", "2026-10": "automatic", "2026-12": "manual"}
    assert statuses(events, RULES)["closing"] == "manual"
    assert standing(events, RULES, "2026-11")["closing"].rule_status_event_id == 1


EVENTS = some.lists(
    some.tuples(
        some.sampled_from(("closing", "greeting", "gone")),
        some.sampled_from(("c1", "g1", "other")),
        some.sampled_from(STATUSES),
        some.sampled_from(("2026-10", "2026-11", "2026-12")),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(EVENTS, some.sampled_from((None, "2026-09", "2026-10", "2026-11", "2026-12")))
def test_replaying_the_events_gives_the_status(rows, month):
    events = [event(number, *row) for number, row in enumerate(rows, 1)]
    state = dict.fromkeys(RULES, START)
    for one in events:
        known = one.item in RULES and RULES[one.item] == one.rule_sha256
        if known and (month is None or one.from_month <= month):
            state[one.item] = one.status
    assert statuses(events, RULES, month) == state
    # Whatever is decided for later months leaves this one alone.
    later = [*events, event(99, "closing", "c1", "manual", "2027-01")]
    if month is not None:
        assert statuses(later, RULES, month) == state


@settings(deadline=None, max_examples=15)
@given(some.lists(some.sampled_from(STATUSES), max_size=6))
def test_the_table_replayed_gives_what_was_kept_last(tmp_path_factory, wanted):
    database = open_database(tmp_path_factory.mktemp("statuses") / "qa.db")
    held = START
    for to in wanted:
        if to != held:
            held = keep(database, before=held, to=to).status
        assert statuses(status_events(database), RULES)["closing"] == held
    assert verify_chain(database).findings == ()
    database.dispose()
