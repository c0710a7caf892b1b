"""What the server itself refuses, whatever program somebody connects with."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, text

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest, WriteComment
from qa_audit.audit.appeals import Disputed, file_appeal
from qa_audit.audit.coaching import praise_call, praises_of
from qa_audit.audit.erasing import erase_decision_words, erase_words
from qa_audit.audit.events import append, events_of, events_of_calls, read_sheet
from qa_audit.audit.proof import verify_chain
from qa_audit.audit.rubric_uses import keep_rubric_use, rubric_uses_of
from qa_audit.audit.rule_statuses import keep_status, status_events
from qa_audit.audit.settings import AppealSettings
from qa_audit.messages import QaError
from qa_audit.sampling.heard import is_heard
from qa_audit.scoring import load_rubric
from qa_audit.store import schema
from qa_audit.store.chain import next_head
from qa_audit.store.database import open_database, reading, writing
from qa_audit.store.dispute_schema import appeals, praises
from qa_audit.store.roles import grant, own_name, revoke
from qa_audit.workspace import Workspace
from tests.closing.made_workspace import judge, make
from tests.postgres.cluster import OWNER
from tests.store.make_versions import load

pytestmark = pytest.mark.postgres
RUBRIC = load_rubric()
VERSIONS = Path(__file__).parents[1] / "store" / "versions"
ITEMS = tuple(item.id for item in RUBRIC.items)
LOGINS = (
    ("zhao", "supervisor", "赵六", None),
    ("li", "inspector", "李敏", "8002"),
    ("wang", "inspector", "王芳", None),
    ("sun", "team_leader", "孙七", None),
    ("zhang", "agent", "张三", "8001"),
    ("cron", "batch", "批处理", None),
)


@pytest.fixture(scope="module")
def made(cluster):
    """A department with calls, people and one call that 王芳 has handed in."""
    name = cluster.new_database()
    owner = open_database(cluster.url(name))
    with writing(owner) as connection:
        for line in (
            "INSERT INTO imports (import_id, imported_at, who, counts) VALUES (1, now(), 'x', '{}')",
            "INSERT INTO roster (person_id, new_no, old_no, added_in) VALUES ('p2', '8002', '9002', 1)",
        ):
            connection.execute(text(line))
        for call, number, agent in (("c1", "8001", "张三"), ("c2", "9002", "李敏"), ("c3", "8003", "张三")):
            row = {"call_id": call, "agent_no": number, "agent_name": agent, "extra": {}, "source": "list"}
            connection.execute(insert(schema.calls).values(**row, changed_in=1))
    for login, role, person, number in LOGINS:
        grant(owner, login, role, name=person, agent=number, reason="开始使用")
    owner.dispose()
    wang = open_database(cluster.url(name, "wang"))
    _hand_in(wang, "c1", "王芳")
    append(wang, "c3", "王芳", WriteComment("客户姓名"), RUBRIC)
    wang.dispose()
    zhao = open_database(cluster.url(name, "zhao"))
    for call in ("c1", "c3"):
        file_appeal(
            zhao,
            Disputed(call, "closing", ("王芳",)),
            at_s=None,
            text="说了再见",
            who="赵六",
            terms=AppealSettings(),
        )
    zhao.dispose()
    yield name
    cluster.drop([name])


@pytest.fixture
def become(cluster, made):
    """A connection of somebody, as `psql` would make it."""
    opened = []

    def connect(login):
        opened.append(psycopg.connect(f"host={cluster.folder} dbname={made} user={login}", autocommit=True))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


@pytest.fixture
def engine_of(cluster, made):
    opened = []

    def engine(login):
        opened.append(open_database(cluster.url(made, login)))
        return opened[-1]

    yield engine
    for one in opened:
        one.dispose()


def _hand_in(database, call, who):
    for action in (GiveVerdict("closing", "fail"), PassRest(ITEMS), HandIn()):
        append(database, call, who, action, RUBRIC)


def _code(call, *arguments, **options):
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    return error.value.code


def _event(who, call, *, at="timezone('UTC', now())"):
    return (
        "INSERT INTO audit_events"
        " (uuid, at, who, call_id, kind, payload, blind, rubric_sha256, rubric_version)"
        f" VALUES (md5(random()::text), {at}, '{who}', '{call}', 'undo', '{{}}', true, 'r', '1')"
    )


NOW = "timezone('UTC', now())"
RULE_EVENT = (
    "INSERT INTO rule_status_events (item, rule_sha256, rubric, rubric_version, rubric_sha256, before,"
    " status, overridden, figures, from_month, reason, who, at) VALUES ('closing', 'c1', 'r', '1', 's',"
    " 'assisted', 'manual', true, '{{}}', '2026-12', 'x', '{who}', {at})"
)
RUBRIC_USE = (
    "INSERT INTO rubric_uses (occasion, rubric, rubric_version, rubric_sha256, rubric_key, detector,"
    " program_rules, text, who, at) VALUES ('scored', 'r', '1', 's', 'k', 'built-in', 1, 'x', '{who}', {at})"
)

APPEND_ONLY = (
    *("audit_events", "chain", "role_events", "appeals", "appeal_steps", "rulings", "confirmations"),
    *("closings", "closing_files", "draws", "tickets", "erasures", "hold_events", "recording_events"),
    *("rule_status_events", "rubric_uses"),
)


@pytest.mark.parametrize("login", ["zhao", "sun", "li", "zhang", "cron"])
def test_nobody_changes_or_deletes_what_was_decided(become, login):
    connection = become(login)
    for table in APPEND_ONLY:
        column = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", (table,)
        ).fetchone()[0]
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"DROP TABLE {table}",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ):
            if (login, table, statement[:6]) == ("zhao", "closing_files", "DELETE"):
                continue  # words in months closed long ago may have to be deleted; the chain knows of it
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.parametrize(
    ("login", "statement"),
    [
        ("li", _event("王芳", "c1")),  # in another's name
        ("li", _event("李敏", "c2")),  # a call of one's own
        ("li", _event("李敏", "c1", at="timestamp '2026-11-01'")),  # as if it had been earlier
        ("zhang", _event("张三", "c3")),
        ("cron", _event("批处理", "c3")),
        ("li", "INSERT INTO chain VALUES (99, 'audit_events', 99, 'x', 'y')"),
        (
            "li",
            "INSERT INTO role_events (kind, login, name, role, reason, who, at)"
            " VALUES ('grant', 'li', '李敏', 'supervisor', 'x', '李敏', now())",
        ),
        ("li", "GRANT qa1_supervisor TO li"),
        ("li", "SET ROLE zhao"),
        ("li", "SET SESSION AUTHORIZATION zhao"),
        (
            "wang",
            "INSERT INTO appeal_steps (appeal_id, kind, who, at, text)"
            " VALUES (1, 'reply', '王芳', now(), '不对')",
        ),  # of an appeal against one's own verdict
        (
            "li",
            "INSERT INTO appeal_steps (appeal_id, kind, who, at, text, outcome)"
            " VALUES (1, 'decision', '李敏', now(), '对', 'upheld')",
        ),
        (
            "zhang",
            "INSERT INTO appeals"
            " (call_id, item, text, who, filed_at, first_inspectors, reply_by, decide_by)"
            " VALUES ('c3', 'closing', 'x', '张三', now(), '[]', now(), now())",
        ),  # another's call
        (
            "zhang",
            "INSERT INTO appeal_steps (appeal_id, kind, who, at, text)"
            " VALUES (1, 'reply', '张三', now(), '对')",
        ),
        (
            "sun",
            "INSERT INTO closings (month, version, kind, code_version, who, at)"
            " VALUES ('2026-10', 1, 'close', '1', '孙七', now())",
        ),
        ("sun", RULE_EVENT.format(who="孙七", at=NOW)),  # only supervisors decide what rules may do
        ("cron", RULE_EVENT.format(who="批处理", at=NOW)),
        (
            "cron",
            "INSERT INTO hold_events (call_id, kind, reason, who, at)"
            " VALUES ('c1', 'lift', 'x', '批处理', now())",
        ),  # only supervisors free a call
        ("zhao", RULE_EVENT.format(who="孙七", at=NOW)),
        ("zhao", RULE_EVENT.format(who="赵六", at="timestamp '2026-11-01'")),
        ("cron", RUBRIC_USE.format(who="赵六", at=NOW)),
        ("cron", RUBRIC_USE.format(who="批处理", at="timestamp '2026-11-01'")),
        ("zhang", RUBRIC_USE.format(who="张三", at=NOW)),
        ("zhang", "SELECT * FROM rubric_uses"),
        ("zhang", "SELECT * FROM closing_files"),
        ("zhang", "SELECT * FROM imports"),
        ("li", "UPDATE calls SET agent_no = '8003'"),
        ("li", "COPY audit_events TO '/tmp/x'"),
    ],
)
def test_the_server_refuses(become, login, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        become(login).execute(statement.replace("qa1_", f"{become('zhao').info.dbname}_"))
    assert refused.value.sqlstate == "42501"


def test_a_supervisor_decides_what_rules_may_do_and_everybody_sees_it(engine_of):
    zhao, zhang = engine_of("zhao"), engine_of("zhang")
    given = {"overridden": True, "figures": {"flags": 0}, "from_month": "2026-12", "reason": "错得多"}
    decided = {"before": "assisted", "to": "manual", "who": "赵六", **given}
    kept = keep_status(zhao, RUBRIC, {"closing": "c1"}, "closing", **decided)
    assert status_events(zhang) == [kept]
    assert verify_chain(zhao).findings == ()
    again = {**decided, "before": "manual", "to": "assisted", "who": "孙七"}
    assert _code(keep_status, engine_of("sun"), RUBRIC, {"closing": "c1"}, "closing", **again) == (
        "roles.not_allowed"
    )


def test_a_machine_that_scores_by_another_rubric_keeps_it_and_the_staff_sees_it(engine_of):
    cron = engine_of("cron")
    kept = keep_rubric_use(cron, RUBRIC, "built-in")
    assert (kept.who, kept.text) == ("批处理", RUBRIC.text)
    assert keep_rubric_use(cron, RUBRIC, "built-in") is None
    assert rubric_uses_of(engine_of("li")) == [kept]
    assert verify_chain(engine_of("zhao")).findings == ()


def test_verdicts_of_colleagues_are_not_there_before_the_own_ones(become, engine_of):
    count = "SELECT count(*) FROM audit_events WHERE call_id = 'c1' AND who = '王芳'"
    words = "SELECT count(*) FROM audit_words"
    li = become("li")
    assert li.execute(count).fetchone() == (0,)
    assert li.execute(words).fetchone() == (0,)
    assert become("zhao").execute(words).fetchone() == (1,)
    own = engine_of("li")
    assert _code(events_of, own, "c1") == "roles.blind"
    assert _code(events_of_calls, own) == "roles.blind"
    _hand_in(own, "c1", "李敏")
    assert read_sheet(own, "c1", "李敏").handed_in_at is not None
    assert li.execute(count).fetchone() == (3,)
    assert {event.who for event in events_of(own, "c1")} == {"李敏", "王芳"}
    assert li.execute("SELECT count(*) FROM audit_events WHERE call_id = 'c3'").fetchone() == (0,)


def test_a_call_that_a_colleague_has_handed_in_is_known_as_heard(engine_of):
    _hand_in(engine_of("wang"), "c9", "王芳")
    with reading(engine_of("li")) as connection:
        asked = [("c9", ["李敏", "王芳"]), ("c9", ["李敏"]), ("c9", []), ("c8", ["王芳"])]
        assert [is_heard(connection, *one) for one in asked] == [True, False, False, False]


def test_an_agent_sees_own_calls_verdicts_and_appeals_alone(become):
    zhang = become("zhang")
    for query in (
        "SELECT call_id FROM calls",
        "SELECT DISTINCT call_id FROM audit_events",
        "SELECT call_id FROM appeals",
    ):
        assert zhang.execute(query).fetchall() == [("c1",)]
    assert zhang.execute("SELECT count(*) FROM audit_events WHERE who <> '王芳'").fetchone()[0] in (0, 3)
    assert zhang.execute("SELECT DISTINCT login FROM role_events").fetchall() == [("zhang",)]


def test_an_agent_opens_the_workspace_and_finds_own_calls_in_it(cluster, tmp_path, monkeypatch):
    """The address names no user: the driver takes PGUSER, else the user of the operating system."""
    name = cluster.new_database()
    monkeypatch.setenv("PGUSER", OWNER)
    monkeypatch.setenv("PGHOST", str(cluster.folder))
    made = make(tmp_path, database_url=f"postgresql+psycopg:///{name}")
    hear_one = made.calls("2026-10").filter(agent_no="8001")["call_id"][0]
    for login, role, person, number in LOGINS:
        grant(made.database, login, role, name=person, agent=number, reason="开始使用")
    made.database.dispose()
    monkeypatch.setenv("PGUSER", "wang")
    wang = Workspace.open(made.folder)
    judge(wang, hear_one, wang.me(), ["closing"])
    wang.database.dispose()
    monkeypatch.setenv("PGUSER", "zhang")
    zhang = Workspace.open(made.folder)
    assert zhang.me() == "张三"
    assert zhang.calls()["agent_no"].unique().to_list() == ["8001"]
    filed = zhang.appeals.file(hear_one, "closing", text="我说了再见", who=zhang.me())
    assert (filed.first_inspectors, filed.state) == (("王芳",), "filed")
    assert [one.appeal_id for one in zhang.appeals.all()] == [filed.appeal_id]
    zhang.database.dispose()
    cluster.drop([name])


def test_the_name_is_the_one_that_the_server_knows(engine_of, monkeypatch):
    monkeypatch.setenv("QA_AUDIT_WHO", "赵六")
    monkeypatch.setenv("JUPYTERHUB_USER", "zhao")
    assert own_name(engine_of("li")) == "李敏"
    assert _code(append, engine_of("li"), "c3", "王芳", WriteComment("x"), RUBRIC) == "roles.not_you"


def test_the_chain_of_all_is_whole_and_a_supervisor_may_delete_words(engine_of):
    zhao = engine_of("zhao")
    assert verify_chain(zhao).findings == ()
    words = [event for event in events_of_calls(zhao) if event.action.kind == "comment"]
    assert len(words) == 1
    assert erase_words(zhao, range(1, 20), "赵六", "保存期满") == 1
    proof = verify_chain(zhao)
    assert (proof.findings, proof.erased) == ((), 1)
    assert _code(erase_words, engine_of("sun"), [1], "孙七", "x") == "roles.not_allowed"


def test_a_supervisor_empties_praise_and_can_write_nothing_else_in_its_place(engine_of, become):
    li, zhao = engine_of("li"), engine_of("zhao")
    made = praise_call(li, "c1", at_s=None, text="客户王小明很满意", who="李敏")
    told = [(praises, made.praise_id)], "保存期满"
    assert _code(erase_decision_words, li, told[0], "李敏", told[1]) == "roles.not_allowed"
    assert erase_decision_words(zhao, told[0], "赵六", told[1]) == 1
    assert [one.text for one in praises_of(zhao)] == ["…"]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        become("zhao").execute("UPDATE praises SET text = 'x'")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        become("zhao").execute("UPDATE praises SET who = 'x'")
    assert verify_chain(zhao).findings == ()


@pytest.mark.parametrize("login", ["li", "zhang"])
def test_who_does_not_see_all_rows_is_told_so_instead_of_a_broken_chain(engine_of, login):
    assert _code(verify_chain, engine_of(login)) == "proof.not_all"
    assert verify_chain(engine_of("cron")).findings == ()


def test_words_from_before_version_10_are_deleted_by_the_owner_alone(cluster):
    name = cluster.new_database()
    load(cluster.url(name), (VERSIONS / "09.postgres.sql").read_text(encoding="utf-8"))
    owner = open_database(cluster.url(name))
    grant(owner, "zhao", "supervisor", name="赵六", reason="开始使用")
    told = [(appeals, 3)], "赵六", "保存期满"
    zhao = open_database(cluster.url(name, "zhao"))
    assert _code(erase_decision_words, zhao, *told) == "proof.owner_erases"
    zhao.dispose()
    assert erase_decision_words(owner, *told) == 1
    proof = verify_chain(owner)
    assert (proof.findings, proof.erased) == ((), 1)
    owner.dispose()
    cluster.drop([name])


def test_a_table_that_an_upgrade_makes_gets_its_rights(cluster):
    name = cluster.new_database()
    owner = open_database(cluster.url(name))
    grant(owner, "zhao", "supervisor", name="赵六", reason="开始使用")
    with owner.begin() as connection:
        connection.execute(text("DROP TABLE praises"))  # as if this program's version had brought it
    owner.dispose()
    open_database(cluster.url(name)).dispose()
    with psycopg.connect(f"host={cluster.folder} dbname={name} user=zhao", autocommit=True) as zhao:
        zhao.execute(
            "INSERT INTO praises (call_id, text, who, praised_at) VALUES ('c1', '好', '赵六', now())"
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            zhao.execute("DELETE FROM praises")
    cluster.drop([name])


def test_a_role_that_was_taken_away_is_gone(cluster, made, become):
    owner = open_database(cluster.url(made))
    grant(owner, "zhou", "trainer", name="周八", reason="调入")
    zhou = become("zhou")
    assert zhou.execute("SELECT count(*) FROM calls").fetchone() == (3,)
    revoke(owner, "zhou", "trainer", reason="调出")
    owner.dispose()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        zhou.execute("SELECT count(*) FROM calls")


@pytest.mark.parametrize("named", ["[]", '["李敏"]'])
def test_an_appeal_by_hand_cannot_leave_out_who_failed_the_item(become, named):
    columns = "call_id, item, text, who, filed_at, first_inspectors, reply_by, decide_by"
    values = "'c1', 'closing', '', '张三', now(), %s, now(), now()"
    connection = become("zhang")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f"INSERT INTO appeals ({columns}) VALUES ({values})", (named,))
    with connection.transaction(force_rollback=True):
        connection.execute(
            f"INSERT INTO appeals ({columns}) VALUES ({values})", ('["王芳", "李敏", "赵六", "孙七"]',)
        )


@pytest.mark.parametrize("source", ["appeals", "audit_events", "pay"])
def test_nobody_adds_a_link_for_a_row_that_is_not_there(become, source):
    connection = become("zhao")
    place, before = connection.execute("SELECT place, head FROM chain ORDER BY place DESC LIMIT 1").fetchone()
    head = next_head(before, place + 1, source, 999, "ab" * 32)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(
            "INSERT INTO chain VALUES (%s, %s, 999, %s, %s)", (place + 1, source, "ab" * 32, head)
        )
