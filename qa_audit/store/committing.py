"""The last statements of a transaction and its commit as one message to a PostgreSQL server.

A lock that everybody needs, such as the chain's, is held from its statement to the commit. Sent one by one,
each statement in between would have to wait until a busy machine gives this process its turn; sent together,
the lock is held as long as the server itself needs. Nor does it wait for the disk: the commit releases its
locks at once, and a second, empty one waits until the disk has both, together with those of everybody else.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@contextmanager
def committing(connection: Connection) -> Iterator[None]:
    """Send the block's statements, from which nothing is read, together with the commit of the transaction.

    When the block has ended, everything is on the disk, as far as the server's `synchronous_commit` asks for
    it. Until then others may see what the disk does not have yet; what they then keep gets there after it.
    On SQLite, where every writer is alone, the statements run one by one and the caller's `writing` commits.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None  # a connection that is open
    with driver.pipeline():
        driver.execute("SET LOCAL synchronous_commit = off")
        yield
        driver.commit()
        # A message in the log that nobody reads: a commit of its own, which writes something, flushes what
        # lies before it.
        driver.execute("SELECT pg_logical_emit_message(true, 'qa-audit', '')")
