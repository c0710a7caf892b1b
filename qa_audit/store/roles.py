"""Giving and taking roles: chained events that are only added, and on PostgreSQL the server's own roles."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from qa_audit.messages import QaError
from qa_audit.store.database import exclusive, reading, writing
from qa_audit.store.decision_rows import keep_decision
from qa_audit.store.moments import stored_moment
from qa_audit.store.persons import folded, person_in, persons_in
from qa_audit.store.persons import login as own_login
from qa_audit.store.rights import ROLES
from qa_audit.store.role_schema import role_events
from qa_audit.store.role_sql import membership, place_of, run, statements

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy import Engine as Database

    from qa_audit.store.persons import Person

NAME_VARIABLE = "QA_AUDIT_WHO"
"""Name to decide under where nobody was given a role: for trying things out and for tests."""
_LOCK = 7141009  # any number that is the same in every process


def own_name(database: Database, who: str | None = None) -> str:
    """The name of whoever is logged in, as verdicts bear it.

    Where nobody was given a role it is `who`, else QA_AUDIT_WHO, else the login; later on the name that was
    given to the login, and no other is taken. Raises `QaError` `roles.unknown_login`, `roles.not_you`.
    """
    with reading(database) as connection:
        person = person_in(connection)
    if person is None:
        return who or os.environ.get(NAME_VARIABLE) or own_login()
    if who not in (None, person.name):
        raise QaError("roles.not_you", who=who, name=person.name, login=person.login)
    return person.name


def own_roles(database: Database) -> frozenset[str]:
    """Roles of whoever is logged in. Raises `QaError` `roles.unknown_login`."""
    with reading(database) as connection:
        person = person_in(connection)
    return frozenset() if person is None else person.roles


def persons(database: Database) -> list[Person]:
    """Everybody who has or had a role, in order of login."""
    with reading(database) as connection:
        return [one for _, one in sorted(persons_in(connection).items())]


def grant(
    database: Database,
    login: str,
    role: str,
    *,
    name: str | None = None,
    agent: str | None = None,
    reason: str,
    now: datetime | None = None,
) -> Person:
    """Give a login a role; the person as they are then. `agent` is their number, where they take calls.

    The first role ever given is a supervisor's: only a supervisor gives the others. On PostgreSQL whoever
    gives roles owns the database's tables and may make roles. Raises `QaError`: `roles.bad_role`,
    `roles.no_login`, `roles.no_reason`, `roles.no_name`, `roles.no_agent`, `roles.name_taken`,
    `roles.first_supervisor`, those of `persons.check_writer`, `store.not_allowed`.
    """
    if role not in ROLES:
        raise QaError("roles.bad_role", got=role, allowed=", ".join(ROLES))
    login, why = login.strip(), _reason(reason)
    if not login:
        raise QaError("roles.no_login")
    with writing(database) as connection:
        exclusive(connection, _LOCK)
        known = persons_in(connection)
        before = known.get(login)
        called = folded(name or (before.name if before else ""))
        number = agent or (before.agent if before else None)
        if not called:
            raise QaError("roles.no_name", login=login)
        if role == "agent" and not number:
            raise QaError("roles.no_agent", login=login)
        taken = [one.login for one in known.values() if one.name == called and one.login != login]
        if taken:
            raise QaError("roles.name_taken", name=called, login=taken[0])
        if not known and role != "supervisor":
            raise QaError("roles.first_supervisor")
        row = {"kind": "grant", "login": login, "name": called, "role": role, "agent": number}
        _keep(connection, row, why, now)
        if connection.dialect.name == "postgresql":
            database_name, schema = place_of(connection)
            run(connection, statements(database_name, schema))
            run(connection, membership(database_name, login, role, given=True))
        return persons_in(connection)[login]


def revoke(database: Database, login: str, role: str, *, reason: str, now: datetime | None = None) -> Person:
    """Take a role away; the person as they are then. The last supervisor stays.

    Raises `QaError`: `roles.not_given`, `roles.last_supervisor`, `roles.no_reason`, those of
    `persons.check_writer`, `store.not_allowed`.
    """
    why = _reason(reason)
    with writing(database) as connection:
        exclusive(connection, _LOCK)
        known = persons_in(connection)
        before = known.get(login)
        if before is None or role not in before.roles:
            raise QaError("roles.not_given", login=login, role=role)
        left = [one.login for one in known.values() if "supervisor" in one.roles]
        if role == "supervisor" and left == [login]:
            raise QaError("roles.last_supervisor")
        row = {"kind": "revoke", "login": login, "name": before.name, "role": role, "agent": before.agent}
        _keep(connection, row, why, now)
        if connection.dialect.name == "postgresql":
            run(connection, membership(place_of(connection)[0], login, role, given=False))
        return persons_in(connection)[login]


def _keep(connection: Connection, row: dict, reason: str, now: datetime | None) -> None:
    person = person_in(connection)
    who = person.name if person else os.environ.get(NAME_VARIABLE) or own_login()
    at = stored_moment(now)
    keep_decision(connection, role_events, {**row, "reason": reason, "who": who, "at": at})


def _reason(reason: str) -> str:
    why = " ".join(reason.split())
    if not why:
        raise QaError("roles.no_reason")
    return why
