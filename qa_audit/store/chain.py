"""Rows chained by hash: whoever changes, removes or inserts one must rewrite every link after it.

A link holds the digest of a row; its head is the SHA-256 of the head before it and of what the link holds, so
one head stands for all that was kept until then. A head that was written down elsewhere can't be rewritten:
without one, a person who may write to the database can make a whole new chain and nothing shows it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, insert, select, text

from qa_audit.messages import QaError
from qa_audit.store.committing import committing
from qa_audit.store.database import exclusive, reading
from qa_audit.store.proof_schema import chain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Insert
    from sqlalchemy import Engine as Database

FIRST = hashlib.sha256(b"qa-audit chain 1").hexdigest()
"""The head of an empty chain."""
_LOCK = 7141002  # any number that is the same in every process
_LINK = text(
    "INSERT INTO chain (place, source, row_id, digest, head)"
    " SELECT last.place + 1, :source, :row_id, :digest, encode(sha256(convert_to(concat_ws(E'\\n',"
    " last.head, last.place + 1, :source, :row_id, :digest), 'UTF8')), 'hex')"
    " FROM ((SELECT place, head FROM chain ORDER BY place DESC LIMIT 1)"
    " UNION ALL SELECT 0, :first ORDER BY place DESC LIMIT 1) last"
).bindparams(
    bindparam("source", type_=String),
    bindparam("digest", type_=String),
    bindparam("first", FIRST, type_=String),
)
"""`add_link` as PostgreSQL does it itself."""
_HEAD = re.compile(r"(?:(?P<length>\d{1,18})-)?(?P<sha256>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands for all that was kept until then. Its text is what people write down.

    >>> str(Head(0, FIRST))[:10]
    '0-de97e7a9'
    """

    length: int | None
    """Number of links; None where only the hash was written down."""
    sha256: str

    def __str__(self) -> str:
        return self.sha256 if self.length is None else f"{self.length}-{self.sha256}"


def parse_head(text: str) -> Head:
    """The head that somebody wrote down: `12-ab…`, or the 64 hexadecimal digits alone.

    Raises `QaError` `proof.bad_head`.
    """
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        raise QaError("proof.bad_head", got=ascii(text)[:200])
    return Head(None if found["length"] is None else int(found["length"]), found["sha256"])


def row_digest(values: Mapping[str, Any]) -> str:
    """SHA-256 of a row: of JSON with sorted keys, no blanks, everything beyond ASCII escaped.

    >>> row_digest({"b": 1, "a": "李"}) == hashlib.sha256(b'{"a":"\\\\u674e","b":1}').hexdigest()
    True
    """
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def next_head(before: str, place: int, source: str, row_id: int, digest: str) -> str:
    """The head after one more link: SHA-256 of the five in this order, with line feeds between them."""
    return hashlib.sha256(f"{before}\n{place}\n{source}\n{row_id}\n{digest}".encode()).hexdigest()


def lock_chain(connection: Connection) -> None:
    """Let no other writer add rows that are chained until this transaction ends."""
    exclusive(connection, _LOCK)


def add_link(connection: Connection, source: str, row_id: int, digest: str) -> Head:
    """Chain a row that was inserted in the same transaction, after `lock_chain`; the head from now on."""
    before = head_in(connection)
    place = (before.length or 0) + 1
    head = next_head(before.sha256, place, source, row_id, digest)
    values = {"place": place, "source": source, "row_id": row_id, "digest": digest, "head": head}
    connection.execute(insert(chain).values(values))
    return Head(place, head)


def commit_link(connection: Connection, source: str, row_id: int, digest: str, *with_it: Insert) -> None:
    """Chain a row, and insert what goes along with it, as the last thing of a transaction, which ends here.

    Unlike with `add_link`, on PostgreSQL the chain's lock is held only as long as the server needs for it.
    """
    with committing(connection):
        for one in with_it:
            connection.execute(one.inline())
        lock_chain(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(_LINK, {"source": source, "row_id": row_id, "digest": digest})
        else:
            add_link(connection, source, row_id, digest)


def head_in(connection: Connection) -> Head:
    """The head as a transaction sees it."""
    last = connection.execute(
        select(chain.c.place, chain.c.head).order_by(chain.c.place.desc()).limit(1)
    ).one_or_none()
    return Head(0, FIRST) if last is None else Head(last.place, last.head)


def read_head(database: Database) -> Head:
    """The present head, to be kept where those who may write to the database can't change it."""
    with reading(database) as connection:
        return head_in(connection)
