"""The statements that make PostgreSQL's rules: in text, and as the server understands them."""

import re

import pytest
from sqlalchemy import create_engine, text

from qa_audit.messages import QaError
from qa_audit.store.database import open_database, writing
from qa_audit.store.rights import RIGHTS, ROLES
from qa_audit.store.role_sql import group_of, membership, place_of, renew_rights, run, statements
from qa_audit.store.roles import grant
from qa_audit.store.salted import ERASED

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def of_table(table):
    """What is said of a table, without what only clears the way."""
    told = [one for one in statements("qa", "public") if re.search(rf" (ON|TABLE) {table} ", f"{one} ")]
    return [one for one in told if not one.startswith("DROP POLICY IF EXISTS ")]


def test_a_table_loses_all_rights_before_it_gets_its_own():
    assert of_table("closing_files") == [
        'REVOKE ALL ON closing_files FROM "qa_inspector", "qa_trainer", "qa_team_leader", "qa_supervisor",'
        ' "qa_agent", "qa_batch"',
        "ALTER TABLE closing_files ENABLE ROW LEVEL SECURITY",
        'GRANT SELECT ON closing_files TO "qa_batch", "qa_supervisor", "qa_team_leader"',
        'GRANT INSERT ON closing_files TO "qa_supervisor"',
        'GRANT DELETE ON closing_files TO "qa_supervisor"',
        'CREATE POLICY seen_team_leader ON closing_files FOR SELECT TO "qa_team_leader" USING (true)',
        'CREATE POLICY seen_supervisor ON closing_files FOR SELECT TO "qa_supervisor" USING (true)',
        'CREATE POLICY added_supervisor ON closing_files FOR INSERT TO "qa_supervisor" WITH CHECK (true)',
        'CREATE POLICY removed_supervisor ON closing_files FOR DELETE TO "qa_supervisor" USING (true)',
        'CREATE POLICY seen_batch ON closing_files FOR SELECT TO "qa_batch" USING (true)',
    ]


def test_a_database_name_by_which_groups_would_be_cut_is_refused():
    # Of 63 bytes _team_leader takes 12.
    assert group_of(51 * "q", "team_leader") == f'"{51 * "q"}_team_leader"'
    for name in (52 * "q", 17 * "质" + "q"):
        with pytest.raises(QaError) as refused:
            group_of(name, "agent")
        assert (refused.value.code, refused.value.values["most"]) == ("roles.long_database", 51)


def test_no_login_ends_the_statement_that_makes_it():
    made, _ = membership("qa", "a$qa$b$qaa$", "agent", given=True)
    assert made.startswith("DO $qaaa$ BEGIN ")
    assert made.endswith(" END $qaaa$")
    assert made.count("$qaaa$") == 2


def test_a_new_row_must_meet_every_condition_its_writers_name_among_them():
    added = [one for one in of_table("appeals") if "POLICY added_" in one]
    assert added[-1] == (
        'CREATE POLICY added_agent ON appeals FOR INSERT TO "qa_agent" WITH CHECK ((who = qa_me()) AND'
        " (NOT qa_left_out(call_id, item, first_inspectors::jsonb)) AND (qa_own_call(call_id)))"
    )


def test_every_old_policy_goes_before_a_new_one_of_its_name_comes():
    dropped = set()
    for one in statements("qa", "public"):
        if found := re.match(r"DROP POLICY IF EXISTS (\w+ ON \w+)$", one):
            dropped.add(found[1])
        elif found := re.match(r"CREATE POLICY (\w+ ON \w+) ", one):
            assert found[1] in dropped
    assert dropped


def test_a_function_is_made_before_anything_calls_it():
    made = set()
    for one in statements("qa", "public"):
        head = re.match(r"CREATE OR REPLACE FUNCTION (qa_\w+)\(", one)
        called = set(re.findall(r"\b(qa_\w+)\(", one)) - ({head[1]} if head else set())
        assert called <= made
        if head:
            made.add(head[1])
    assert "qa_me" in made


def test_names_of_databases_and_logins_are_quoted():
    assert group_of('w"e', "agent") == '"w""e_agent"'
    assert membership("qa", "o'neil", "batch", given=True) == (
        "DO $qa$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'o''neil')"
        ' THEN CREATE ROLE "o\'neil" LOGIN; END IF; END $qa$',
        'GRANT "qa_batch" TO "o\'neil"',
    )
    assert membership("qa", 'a"b', "batch", given=False) == ('REVOKE "qa_batch" FROM "a""b"',)


def test_a_file_knows_no_roles_and_is_left_alone():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        renew_rights(connection)
        run(connection, ["CREATE TABLE t (a)", "INSERT INTO t VALUES (7)"])
        assert connection.execute(text("SELECT a FROM t")).scalar_one() == 7
    engine.dispose()


@pytest.fixture(scope="module")
def given(cluster):
    """A database in which a supervisor was given, and the statements were run a second time."""
    name = cluster.new_database()
    engine = open_database(cluster.url(name))
    grant(engine, "zhao", "supervisor", name="赵六", reason="开始使用")
    with writing(engine) as connection:
        run(connection, statements(*place_of(connection)))
    yield engine
    engine.dispose()
    cluster.drop([name])


def rows(engine, query, **values):
    with engine.connect() as connection:
        return connection.execute(text(query), values).all()


@pytest.mark.postgres
@pytest.mark.parametrize("role", ROLES)
def test_the_server_grants_what_the_table_of_rights_says_and_nothing_besides(given, role):
    wanted = set()
    for table, rights in RIGHTS.items():
        changed, removed = role in rights.change, role in rights.change | rights.remove
        allowed = (role in rights.read, role in rights.add, changed, removed)
        wanted |= {(table, one) for one, may in zip(PRIVILEGES, allowed, strict=False) if may}
    found = rows(
        given,
        "SELECT tablename, privilege FROM pg_tables, unnest(CAST(:privileges AS text[])) AS privilege"
        " WHERE schemaname = current_schema() AND has_table_privilege(:who, tablename, privilege)",
        privileges=list(PRIVILEGES),
        who=f"{given.url.database}_{role}",
    )
    assert set(map(tuple, found)) == wanted


@pytest.mark.postgres
def test_every_table_limits_rows_and_every_right_has_one_policy(given):
    kinds = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}
    query = "SELECT c.relname, p.polcmd, r.rolname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
    found = rows(given, f"{query} JOIN pg_roles r ON r.oid = ANY (p.polroles)")
    policies = sorted((table, kinds[kind], role) for table, kind, role in found)
    granted = rows(
        given,
        "SELECT table_name, privilege_type, grantee FROM information_schema.role_table_grants"
        " WHERE grantee LIKE :groups",
        groups=f"{given.url.database}\\_%",
    )
    # Of a column alone: supervisors may empty it.
    emptied = [(table, "UPDATE", f"{given.url.database}_supervisor") for table in ("coachings", "praises")]
    assert policies == sorted([*map(tuple, granted), *emptied])
    unlimited = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND NOT rowsecurity"
    assert rows(given, unlimited) == []


@pytest.mark.postgres
def test_a_row_outside_the_chain_may_be_emptied_and_not_be_given_other_words(given):
    [(checked,)] = rows(
        given,
        "SELECT DISTINCT pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polname LIKE 'emptied%'",
    )
    assert checked == f"(text = '{ERASED}'::text)"
    columns = rows(
        given,
        "SELECT table_name, column_name FROM information_schema.column_privileges"
        " WHERE privilege_type = 'UPDATE' AND grantee = :who AND table_name IN ('coachings', 'praises')",
        who=f"{given.url.database}_supervisor",
    )
    assert sorted(map(tuple, columns)) == [("coachings", "text"), ("praises", "text")]


@pytest.mark.postgres
def test_whoever_has_no_role_can_call_none_of_the_functions(given):
    may = "has_function_privilege(:who, oid, 'EXECUTE')"
    query = f"SELECT proname FROM pg_proc WHERE proname LIKE 'qa\\_%' AND {may}"
    assert rows(given, query, who="public") == []
    assert len(rows(given, query, who=f"{given.url.database}_agent")) >= 5


@pytest.mark.postgres
@pytest.mark.parametrize("login", ["王 芳", "o'neil", "x%y", "a$qa$b", 'a"b', "a\\b", "c:d"])
def test_a_login_of_any_name_is_put_into_its_group_and_out_again(given, login):
    database, group = given.url.database, f"{given.url.database}_trainer"
    for wanted in (True, True, False):
        with writing(given) as connection:
            run(connection, membership(database, login, "trainer", given=wanted))
        [(found,)] = rows(given, "SELECT pg_has_role(:login, :group, 'MEMBER')", login=login, group=group)
        assert found is wanted


@pytest.mark.postgres
def test_where_nobody_was_given_a_role_none_is_made(postgres):
    engine = open_database(postgres)
    with writing(engine) as connection:
        renew_rights(connection)
    groups = f"{engine.url.database}\\_%"
    assert rows(engine, "SELECT rolname FROM pg_roles WHERE rolname LIKE :groups", groups=groups) == []
    engine.dispose()
