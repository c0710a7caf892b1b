"""Who sits at the keyboard, what they may do, and the checks of it before a row is added.

The name comes from JupyterHub or the operating system. On PostgreSQL the server itself enforces the rights
(`role_sql`); on SQLite whoever may write to the file can do anything with other programs, so these checks
guard against mistakes only. As long as nobody was given a role, nothing is refused.
"""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import literal_column, or_, select, true

from qa_audit.messages import QaError, say
from qa_audit.store.rights import RIGHTS, SEES_COLLEAGUES
from qa_audit.store.role_schema import role_events
from qa_audit.store.schema import calls, roster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Connection, Select, Table

HUB_VARIABLE = "JUPYTERHUB_USER"


def folded(name: str) -> str:
    """A person's name as it is kept and compared: no blanks around it, single ones inside.

    >>> folded(" 王　芳")
    '王 芳'
    """
    return " ".join(name.split())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was given a role."""

    login: str
    name: str
    roles: frozenset[str]
    agent: str | None = None
    """Their number, where they take calls."""


def login() -> str:
    """How JupyterHub, else the operating system, knows whoever runs this process.

    The user's number decides, not the variables LOGNAME and USER, which anybody can set.
    """
    hub = os.environ.get(HUB_VARIABLE)
    if hub:
        return hub
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser() if os.name == "nt" else f"uid {os.getuid()}"


def persons_in(connection: Connection) -> dict[str, Person]:
    """By login, everybody who has a role now or had one."""
    return _persons(connection, true())


def _persons(connection: Connection, whose: ColumnElement[bool]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    query = select(role_events).where(whose).order_by(role_events.c.role_event_id)
    for row in connection.execute(query):
        before = found.get(row.login) or Person(row.login, row.name, frozenset())
        roles = before.roles | {row.role} if row.kind == "grant" else before.roles - {row.role}
        found[row.login] = Person(row.login, row.name, roles, row.agent or before.agent)
    return found


def person_in(connection: Connection) -> Person | None:
    """Whoever is logged in; None where nobody was given a role yet, and for the owner of a database.

    Raises `QaError` `roles.unknown_login`.
    """
    if connection.dialect.name == "postgresql":
        known = _persons(connection, role_events.c.login == literal_column("session_user"))
        return next(iter(known.values()), None)  # the server refuses what it does not know
    own, known = login(), persons_in(connection)
    if own in known:
        return known[own]
    if not known:
        return None
    raise QaError("roles.unknown_login", login=own)


def name_or_login(connection: Connection) -> str:
    """Who runs this process, for what the program itself keeps: the name that goes with the login, else the
    login."""
    if connection.dialect.name == "postgresql":
        person = person_in(connection)
    else:
        person = persons_in(connection).get(login())
    return login() if person is None else person.name


def check_writer(connection: Connection, table: Table, *names: str, removes: bool = False) -> Person | None:
    """Refuse a row that this person may not add (`removes`: delete), or that names somebody else; the person.

    `names` are those that the row will bear; one of them must be the person's own, if there are any. Raises
    `QaError`: `roles.unknown_login`, `roles.not_allowed`, `roles.not_you`.
    """
    person = person_in(connection)
    if person is None:
        return None
    allowed = RIGHTS[table.name].remove if removes else RIGHTS[table.name].add
    if not person.roles & allowed:
        raise _refused(person, allowed)
    if names and person.name not in names:
        raise QaError("roles.not_you", who="、".join(names), name=person.name, login=person.login)
    return person


def _refused(person: Person, allowed: Iterable[str]) -> QaError:
    may, own = (
        "、".join(say(f"roles.name.{role}") for role in sorted(some)) for some in (allowed, person.roles)
    )
    return QaError("roles.not_allowed", who=person.name, roles=own or "–", allowed=may)


def check_not_own_call(connection: Connection, person: Person | None, call_id: str) -> None:
    """Raises `QaError` `roles.own_call` where the person took this call."""
    if person is None:
        return
    own = own_numbers(connection, person)
    query = select(calls.c.agent_no, calls.c.agent_name).where(calls.c.call_id == call_id)
    row = connection.execute(query).one_or_none()
    if row is not None and ({row.agent_no, row.agent_name} - {None}) & (own | {person.name}):
        raise QaError("roles.own_call", call_id=call_id, who=person.name)


def own_numbers(connection: Connection, person: Person) -> frozenset[str]:
    """All numbers of a person, old and new, by the roster."""
    if person.agent is None:
        return frozenset()
    number = person.agent
    query = select(roster.c.person_id, roster.c.new_no, roster.c.old_no).where(
        roster.c.removed_in.is_(None),
        or_(roster.c.person_id == number, roster.c.new_no == number, roster.c.old_no == number),
    )
    rows = connection.execute(query).all()
    return frozenset({number, *(one for row in rows for one in row if one is not None)})


def own_calls_alone(connection: Connection) -> Select | None:
    """Ids of the calls that whoever is logged in may see, where they are an agent and nothing else.

    None where no calls are kept from them; PostgreSQL keeps them away by itself. Raises `QaError` as
    `check_reader`.
    """
    if connection.dialect.name == "postgresql":
        return None
    person = check_reader(connection, calls)
    if person is None or person.roles != {"agent"}:
        return None
    return select(calls.c.call_id).where(calls.c.agent_no.in_(own_numbers(connection, person)))


def check_reader(connection: Connection, table: Table) -> Person | None:
    """Refuse what the table of rights keeps from all the roles that somebody has, as PostgreSQL does; the
    person.

    Raises `QaError` `roles.unknown_login`, `roles.not_allowed`.
    """
    person = person_in(connection)
    allowed = RIGHTS[table.name].read
    if person is not None and not person.roles & allowed:
        raise _refused(person, allowed)
    return person


def sees_colleagues(person: Person | None) -> bool:
    """Whether verdicts of others may be read before own ones were handed in."""
    return person is None or bool(person.roles & SEES_COLLEAGUES)
