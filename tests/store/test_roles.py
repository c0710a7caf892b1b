import os
import pwd
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest, WriteComment
from qa_audit.audit.appeal import appeals_of, read_appeal
from qa_audit.audit.appeals import Disputed, file_appeal
from qa_audit.audit.coaching import praise_call
from qa_audit.audit.complaints import complaints_of, open_complaint
from qa_audit.audit.events import append, events_of, events_of_calls, read_sheet
from qa_audit.audit.proof import SOURCES, verify_chain
from qa_audit.audit.settings import AppealSettings
from qa_audit.audit.vexatious import listings
from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError, catalogue
from qa_audit.retention.holds import add_hold, holds_frame, lift_hold
from qa_audit.scoring import load_rubric
from qa_audit.store import persons, schema
from qa_audit.store.database import open_database, writing
from qa_audit.store.rights import CHAINED, RIGHTS, ROLES
from qa_audit.store.roles import grant, own_name, revoke
from qa_audit.store.roles import persons as people
from tests.refusal import code_of

RUBRIC = load_rubric()
ITEMS = tuple(item.id for item in RUBRIC.items)
NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    with writing(engine) as connection:
        values = {"import_id": 1, "imported_at": NOW.replace(tzinfo=None), "who": "x", "counts": {}}
        connection.execute(insert(schema.imports).values(values))
        for call, number, name in (("c1", "8001", "张三"), ("c2", "8002", "李敏"), ("c3", "9002", "李 敏")):
            row = {"call_id": call, "agent_no": number, "agent_name": name, "extra": {}, "source": "list"}
            connection.execute(insert(schema.calls).values(**row, changed_in=1))
        connection.execute(
            insert(schema.roster).values(person_id="p2", new_no="8002", old_no="9002", added_in=1)
        )
    yield engine
    engine.dispose()


@pytest.fixture
def as_login(monkeypatch):
    """Become somebody else, as JupyterHub says it."""
    return lambda login: monkeypatch.setenv("JUPYTERHUB_USER", login)


@pytest.fixture
def team(database, as_login):
    as_login("zhao")
    given = {"reason": "开始使用", "now": NOW}
    grant(database, "zhao", "supervisor", name="赵六", **given)
    grant(database, "li", "inspector", name="李敏", agent="8002", **given)
    grant(database, "wang", "inspector", name="王芳", **given)
    grant(database, "zhang", "agent", name="张三", agent="8001", **given)
    grant(database, "cron", "batch", name="批处理", **given)
    return database


def _hand_in(database, call, who):
    for action in (GiveVerdict("closing", "fail"), PassRest(ITEMS), HandIn()):
        append(database, call, who, action, RUBRIC)


def test_every_table_has_rights_and_every_role_a_name():
    assert set(RIGHTS) == set(schema.metadata.tables)
    assert set(catalogue()) >= {f"roles.name.{role}" for role in ROLES}


def test_the_login_is_the_hubs_else_the_systems_whatever_the_environment_says(monkeypatch):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert persons.login() == pwd.getpwuid(os.getuid()).pw_name
    monkeypatch.setenv("JUPYTERHUB_USER", "limin")
    assert persons.login() == "limin"


def test_where_nobody_has_a_role_any_name_will_do(database, as_login, monkeypatch):
    as_login("limin")
    monkeypatch.delenv("QA_AUDIT_WHO", raising=False)
    assert own_name(database) == "limin"
    monkeypatch.setenv("QA_AUDIT_WHO", "李敏")
    assert (own_name(database), own_name(database, "王芳")) == ("李敏", "王芳")
    _hand_in(database, "c2", "李敏")
    assert len(events_of_calls(database)) == 3


def test_later_the_name_is_the_one_that_was_given_to_the_login(team, as_login, monkeypatch):
    monkeypatch.setenv("QA_AUDIT_WHO", "王芳")
    as_login("li")
    assert own_name(team) == own_name(team, "李敏") == "李敏"
    assert code_of(own_name, team, "王芳") == "roles.not_you"
    assert code_of(append, team, "c1", "王芳", WriteComment("好"), RUBRIC) == "roles.not_you"
    as_login("nobody-we-know")
    assert code_of(append, team, "c1", "李敏", WriteComment("好"), RUBRIC) == "roles.unknown_login"
    assert code_of(own_name, team) == "roles.unknown_login"


@pytest.mark.parametrize("call", ["c2", "c3"])  # by the new number and by the old one
def test_nobody_audits_their_own_call(team, as_login, call):
    as_login("li")
    assert code_of(append, team, call, "李敏", WriteComment("好"), RUBRIC) == "roles.own_call"
    append(team, "c1", "李敏", WriteComment("好"), RUBRIC)


@pytest.mark.parametrize("login", ["zhang", "cron"])
def test_agents_and_machines_judge_nothing(team, as_login, login):
    as_login(login)
    name = {"zhang": "张三", "cron": "批处理"}[login]
    assert code_of(append, team, "c2", name, WriteComment("好"), RUBRIC) == "roles.not_allowed"
    assert code_of(praise_call, team, "c2", at_s=None, text="好", who=name) == "roles.not_allowed"


def test_a_colleagues_verdict_is_seen_after_handing_in(team, as_login):
    as_login("wang")
    _hand_in(team, "c1", "王芳")
    as_login("li")
    for read in (lambda: events_of(team, "c1"), lambda: events_of_calls(team, ["c1"])):
        assert code_of(read) == "roles.blind"
    assert code_of(events_of_calls, team) == "roles.blind"
    assert code_of(events_of, team, "c1", "王芳") == "roles.blind"
    append(team, "c1", "李敏", GiveVerdict("closing", "pass"), RUBRIC)
    assert code_of(events_of, team, "c1") == "roles.blind"
    assert read_sheet(team, "c1", "李敏").verdicts == {"closing": "pass"}
    _hand_in(team, "c1", "李敏")
    assert {event.who for event in events_of(team, "c1")} == {"李敏", "王芳"}
    as_login("zhao")
    assert {event.who for event in events_of_calls(team)} == {"李敏", "王芳"}


def test_an_agent_sees_verdicts_on_own_calls_alone(team, as_login):
    as_login("wang")
    _hand_in(team, "c1", "王芳")
    _hand_in(team, "c2", "王芳")
    as_login("zhang")
    assert {event.who for event in events_of(team, "c1")} == {"王芳"}
    assert code_of(events_of, team, "c2") == "roles.blind"
    assert code_of(events_of_calls, team) == "roles.blind"


def test_only_batch_jobs_and_supervisors_import(team, as_login, tmp_path):
    as_login("li")
    assert code_of(import_calls, team, tmp_path) == "roles.not_allowed"
    as_login("cron")
    assert not import_calls(team, tmp_path).changed


def test_holds_are_a_supervisors(team, as_login):
    as_login("li")
    assert code_of(add_hold, team, ["c1"], "李敏", "投诉") == "roles.not_allowed"
    as_login("zhao")
    add_hold(team, ["c1"], "赵六", "投诉")
    as_login("cron")
    assert code_of(add_hold, team, ["c2"], "批处理", "投诉") == "roles.not_allowed"
    assert code_of(lift_hold, team, ["c1"], "批处理", "到期") == "roles.not_allowed"
    assert holds_frame(team)["call_id"].to_list() == ["c1"]


def test_roles_are_given_and_taken_by_supervisors_with_a_reason(database, as_login):
    as_login("zhao")
    assert code_of(grant, database, "li", "inspector", name="李敏", reason="x") == "roles.first_supervisor"
    grant(database, "zhao", "supervisor", name="赵六", reason="负责质检")
    assert code_of(grant, database, "li", "inspector", name="李敏", reason=" ") == "roles.no_reason"
    assert code_of(grant, database, "li", "inspector", reason="x") == "roles.no_name"
    assert code_of(grant, database, "li", "inspector", name="赵六", reason="x") == "roles.name_taken"
    assert code_of(grant, database, "li", "king", name="李敏", reason="x") == "roles.bad_role"
    assert code_of(grant, database, "li", "agent", name="李敏", reason="x") == "roles.no_agent"
    grant(database, "li", "inspector", name=" 李　敏 ", reason="入职")
    assert code_of(revoke, database, "zhao", "supervisor", reason="x") == "roles.last_supervisor"
    assert code_of(revoke, database, "li", "trainer", reason="x") == "roles.not_given"
    assert [(one.login, one.name, one.roles) for one in people(database)] == [
        ("li", "李 敏", {"inspector"}),
        ("zhao", "赵六", {"supervisor"}),
    ]
    as_login("li")
    assert code_of(grant, database, "li", "supervisor", reason="x") == "roles.not_allowed"
    as_login("zhao")
    assert revoke(database, "li", "inspector", reason="离职").roles == frozenset()
    as_login("li")
    assert code_of(append, database, "c1", "李 敏", WriteComment("好"), RUBRIC) == "roles.not_allowed"
    proof = verify_chain(database)
    assert (proof.findings, proof.counts) == ((), {"role_events": 3})


def _appeal(database, call, who):
    disputed = Disputed(call, "closing", machine_fails=True)
    return file_appeal(database, disputed, at_s=None, text="说了再见", who=who, terms=AppealSettings())


def test_an_agent_sees_calls_appeals_and_rulings_of_their_own_alone(team, as_login):
    made = {call: _appeal(team, call, "赵六") for call in ("c1", "c2")}
    open_complaint(team, text="没人管", who="赵六")
    assert calls_frame(team)["call_id"].to_list() == ["c1", "c2", "c3"]
    as_login("zhang")
    assert calls_frame(team)["call_id"].to_list() == ["c1"]
    assert calls_frame(team, call_id="c2").is_empty()
    assert [one.call_id for one in appeals_of(team)] == ["c1"]
    assert appeals_of(team, ["c2"]) == []
    for call, code in (("c1", None), ("c2", "appeals.unknown")):
        try:
            assert read_appeal(team, made[call].appeal_id).call_id == call
            found = None
        except QaError as error:
            found = error.code
        assert found == code
    for read in (complaints_of, listings):
        with pytest.raises(QaError) as error:
            read(team)
        assert error.value.code == "roles.not_allowed"


def test_who_takes_calls_and_has_another_role_too_sees_all(team, as_login):
    grant(team, "zhang", "inspector", reason="兼任", now=NOW)
    as_login("zhang")
    assert calls_frame(team).height == 3


def test_every_chained_table_is_known_with_its_number():
    assert {one.table.name: one.number.name for one in SOURCES} == dict(CHAINED)
