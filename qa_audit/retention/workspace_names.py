"""People whom a workspace knows: agents and customers by name, where the call list has it, and by number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, select

from qa_audit.store.database import reading, rows_in
from qa_audit.store.schema import calls, roster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine as Database

_PERSON = re.compile(
    r"(?:客户|顾客|用户|联系人|机主|户主|收件人|投保人|车主|业主|患者|customer|client)_?(?:姓名|名称?|name)?"
)
"""Headings of further columns of a call list under which a person is named."""
_NAME = re.compile(r"[一-鿿·]{2,12}|[A-Za-z][A-Za-z .'\-]{2,40}")


def names_known(database: Database, *, agents: bool = True) -> tuple[str, ...]:
    """Their names (of customers alone without `agents`), in order, without what is no name by its form."""
    found: set[str | None] = set()
    told = cast(calls.c.extra, Text) != "{}"
    with reading(database) as connection:
        for table in (calls, roster) if agents else ():
            found |= set(connection.execute(select(table.c.agent_name).distinct()).scalars())
        for further in connection.execute(select(calls.c.extra).where(told)).scalars():
            found |= {
                value for heading, value in further.items() if _PERSON.fullmatch(heading.strip().lower())
            }
    return tuple(sorted(name for name in found if isinstance(name, str) and _NAME.fullmatch(name)))


def numbers_of(database: Database, call_ids: Iterable[str]) -> dict[str, str]:
    """The customer's number of each of these calls that has one."""
    query = select(calls.c.call_id, calls.c.customer_no).where(calls.c.customer_no.is_not(None))
    with reading(database) as connection:
        return {row.call_id: row.customer_no for row in rows_in(connection, query, calls.c.call_id, call_ids)}
