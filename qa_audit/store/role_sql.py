"""PostgreSQL's own roles, grants and row policies, made from the one table of rights (`store.rights`).

A role of the database is a group of its logins, named after database and role (`qa_inspector`). Statements
may be run again and again. Who runs them owns the tables and may make roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from qa_audit.messages import QaError
from qa_audit.store.rights import CHAINED, RIGHTS, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from qa_audit.store.rights import Rights

NAME_BYTES = 63
"""PostgreSQL cuts longer names."""

_ROWS_THERE = " ".join(
    f"WHEN '{table}' THEN EXISTS (SELECT FROM {table} t WHERE t.{number} = $2)"
    for table, number in CHAINED.items()
)
"""Whether the row of a link is there, by its table."""

_FUNCTIONS = (
    (
        "qa_me() RETURNS text",
        "SELECT name FROM role_events WHERE login = session_user AND kind = 'grant'"
        " ORDER BY role_event_id DESC LIMIT 1",
    ),
    (
        "qa_numbers() RETURNS SETOF text",
        "WITH own AS (SELECT agent AS number FROM role_events WHERE login = session_user AND kind = 'grant'"
        " AND agent IS NOT NULL ORDER BY role_event_id DESC LIMIT 1)"
        " SELECT number FROM own"
        " UNION SELECT unnest(ARRAY[r.person_id, r.new_no, r.old_no]) FROM roster r, own"
        " WHERE r.removed_in IS NULL AND own.number IN (r.person_id, r.new_no, r.old_no)",
    ),
    (
        "qa_own_call(call text) RETURNS boolean",
        "SELECT EXISTS (SELECT FROM calls c WHERE c.call_id = call AND c.agent_no IN (SELECT qa_numbers()))",
    ),
    (
        "qa_took_call(call text) RETURNS boolean",
        "SELECT qa_own_call(call) OR EXISTS (SELECT FROM calls c WHERE c.call_id = call"
        " AND qa_me() IN (c.agent_name, c.agent_no))",
    ),
    (
        "qa_handed_in(call text, person text) RETURNS boolean",
        "SELECT EXISTS (SELECT FROM audit_events e WHERE e.call_id = call AND e.who = person"
        " AND e.kind = 'hand_in')",
    ),
    (
        "qa_failed(call text, item text) RETURNS boolean",
        "SELECT EXISTS (SELECT FROM audit_events e WHERE e.call_id = call AND e.who = qa_me()"
        " AND e.kind = 'verdict' AND e.payload::jsonb ->> 'item' = item"
        " AND e.payload::jsonb ->> 'verdict' = 'fail')",
    ),
    (
        "qa_left_out(call text, item text, named jsonb) RETURNS boolean",
        "SELECT EXISTS (SELECT FROM audit_events v WHERE v.call_id = call AND v.kind = 'verdict'"
        " AND v.payload::jsonb ->> 'item' = item AND v.payload::jsonb ->> 'verdict' = 'fail'"
        " AND NOT jsonb_exists(named, v.who) AND v.event_id = (SELECT max(e.event_id) FROM audit_events e"
        " WHERE e.call_id = call AND e.who = v.who AND e.kind = 'verdict'"
        " AND e.payload::jsonb ->> 'item' = item AND e.event_id < (SELECT min(h.event_id)"
        " FROM audit_events h WHERE h.call_id = call AND h.who = v.who AND h.kind = 'hand_in'))"
        " AND NOT EXISTS (SELECT FROM audit_events u WHERE u.call_id = call AND u.who = v.who"
        " AND u.kind IN ('undo', 'redo')))",
    ),
    (
        "qa_linked(source text, row_id integer) RETURNS boolean",
        f"SELECT CASE $1 {_ROWS_THERE} ELSE false END",
    ),
    (
        "qa_follows(place integer, head text, source text, row_id integer, digest text) RETURNS boolean",
        "SELECT $1 = coalesce((SELECT max(c.place) FROM chain c), 0) + 1 AND $2 = encode(sha256(convert_to("
        "coalesce((SELECT c.head FROM chain c ORDER BY c.place DESC LIMIT 1),"
        " encode(sha256('qa-audit chain 1'), 'hex')) || E'\\n' || $1 || E'\\n' || $3 || E'\\n' || $4"
        " || E'\\n' || $5, 'UTF8')), 'hex')",
    ),
)
"""Name with arguments, and body. They run as the owner, who sees all rows, and tell yes, no or one's own."""


def group_of(database: str, role: str) -> str:
    """The group role of a database, quoted.

    >>> group_of("qa", "inspector")
    '"qa_inspector"'

    Raises `QaError` `roles.long_database` where PostgreSQL would cut the name off, and so take one group for
    another.
    """
    most = NAME_BYTES - max(len(one) for one in ROLES) - 1
    if len(database.encode()) > most:
        raise QaError("roles.long_database", database=database, most=most)
    return _quoted(f"{database}_{role}")


def statements(database: str, schema: str) -> Iterator[str]:
    """All that brings a database to the table of rights."""
    place = _quoted(schema)
    for role in ROLES:
        yield _unless_there(f"{database}_{role}", "NOLOGIN")
    everybody = ", ".join(group_of(database, role) for role in ROLES)
    yield f"GRANT USAGE ON SCHEMA {place} TO {everybody}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {place} TO {everybody}"
    for head, body in _FUNCTIONS:
        yield (
            f"CREATE OR REPLACE FUNCTION {head} LANGUAGE sql STABLE SECURITY DEFINER"
            f" SET search_path = pg_catalog, {place} AS $qa${body}$qa$"
        )
        signature = head.split(" RETURNS ", maxsplit=1)[0]
        yield f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {signature} TO {everybody}"
    for table, rights in RIGHTS.items():
        yield from _of_table(table, rights, database, everybody)


def membership(database: str, login: str, role: str, *, given: bool) -> tuple[str, ...]:
    """Make a login, if need be, and put it into a group or take it out."""
    group, own = group_of(database, role), _quoted(login)
    if not given:
        return (f"REVOKE {group} FROM {own}",)
    return (_unless_there(login, "LOGIN"), f"GRANT {group} TO {own}")


def run(connection: Connection, wanted: Iterable[str]) -> None:
    """Run statements within the caller's transaction."""
    for one in wanted:
        connection.exec_driver_sql(one.replace("%", "%%"))  # to the driver % begins a parameter


def renew_rights(connection: Connection) -> None:
    """Bring grants and policies of a PostgreSQL database to the table of rights, where roles were given."""
    if connection.dialect.name != "postgresql":
        return
    if connection.execute(text("SELECT EXISTS (SELECT FROM role_events)")).scalar_one():
        run(connection, statements(*place_of(connection)))


def place_of(connection: Connection) -> tuple[str, str]:
    """Name of the database, and of the schema with its tables."""
    row = connection.execute(text("SELECT current_database(), current_schema()")).one()
    return row[0], row[1]


def _of_table(table: str, rights: Rights, database: str, everybody: str) -> Iterator[str]:
    def groups(roles: Iterable[str]) -> str:
        return ", ".join(group_of(database, role) for role in sorted(roles))

    yield f"REVOKE ALL ON {table} FROM {everybody}"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for roles, privileges in (
        (rights.read, "SELECT"),
        (rights.add, "INSERT"),
        (rights.change, "UPDATE, DELETE"),
        (rights.remove, "DELETE"),
        (rights.empty, "UPDATE (text)"),
    ):
        if roles:
            yield f"GRANT {privileges} ON {table} TO {groups(roles)}"
    for role in ROLES:
        group = group_of(database, role)
        for kind in ("seen", "added", "changed", "removed", "emptied"):
            yield f"DROP POLICY IF EXISTS {kind}_{role} ON {table}"
        if role in rights.read:
            rows = rights.seen.get(role, "true")
            yield f"CREATE POLICY seen_{role} ON {table} FOR SELECT TO {group} USING ({rows})"
        if role in rights.add:
            own = [f"{rights.named} = qa_me()"] if rights.named else []
            true = [one for one in (rights.added.get(""), rights.added.get(role)) if one]
            checks = " AND ".join(f"({one})" for one in (*own, *true)) or "true"
            yield f"CREATE POLICY added_{role} ON {table} FOR INSERT TO {group} WITH CHECK ({checks})"
        if role in rights.change:
            yield f"CREATE POLICY changed_{role} ON {table} FOR UPDATE TO {group} USING (true)"
        if role in rights.change | rights.remove:
            yield f"CREATE POLICY removed_{role} ON {table} FOR DELETE TO {group} USING (true)"
        if role in rights.empty:
            only = "USING (true) WITH CHECK (text = '…')"  # `salted.ERASED`
            yield f"CREATE POLICY emptied_{role} ON {table} FOR UPDATE TO {group} {only}"


def _unless_there(role: str, kind: str) -> str:
    name, mark = role.replace("'", "''"), "$qa$"
    while mark in role:
        mark = f"{mark[:-1]}a$"
    return (
        f"DO {mark} BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
        f" THEN CREATE ROLE {_quoted(role)} {kind}; END IF; END {mark}"
    )


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
