"""People whom a workspace knows by name: agents, and customers where the call list names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, select

from qa_audit.store.database import reading
from qa_audit.store.schema import calls, roster

if TYPE_CHECKING:
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
