"""What people did and settled, to be kept for good without their words: these lie apart, by salted digests.

A closed month holds what `filed_events` and `filed_rulings` give. `words_apart` is what belongs to it for as
long as the words are there, each with the salt by which anyone can tell that they are the ones meant.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
from sqlalchemy import select

from qa_audit.audit.rulings import RULINGS_SCHEMA, rulings_frame, rulings_of
from qa_audit.audit.scores import EVENTS_SCHEMA, events_frame
from qa_audit.audit.words import parted
from qa_audit.store.database import reading, rows_in
from qa_audit.store.decision_rows import decisions
from qa_audit.store.dispute_schema import rulings
from qa_audit.store.proof_schema import audit_words
from qa_audit.store.salted import ERASED
from qa_audit.store.schema import audit_events

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Engine as Database
    from sqlalchemy import Table

_DIGEST = {"words_sha256": pl.String()}
FILED_EVENTS = pl.Schema({**EVENTS_SCHEMA, **_DIGEST})
"""Events whose `payload` has null in place of words; `words_sha256` is their salted digest, null without."""
FILED_RULINGS = pl.Schema({**RULINGS_SCHEMA, **_DIGEST})
"""Rulings with an empty `reason`."""


def filed_events(database: Database, call_ids: Collection[str]) -> pl.DataFrame:
    """All that people did on these calls (`FILED_EVENTS`), in the order in which it was kept."""
    found = events_frame(database, call_ids)
    apart = [without_words(payload)[0] for payload in found["payload"]]
    digests = _digests(database, audit_events, found["uuid"])
    return found.with_columns(pl.Series("payload", apart, pl.String), digests)


def filed_rulings(database: Database, call_ids: Collection[str]) -> pl.DataFrame:
    """What was settled on these calls (`FILED_RULINGS`), in the order in which it was."""
    found = rulings_frame(rulings_of(database, call_ids))
    digests = _digests(database, rulings, found["ruling_id"])
    return found.with_columns(pl.lit("").alias("reason"), digests)


def _digests(database: Database, table: Table, keys: pl.Series) -> pl.Series:
    """`words_sha256` of the rows of a table whose column, named as `keys` are, holds these."""
    key = table.c[keys.name]
    with reading(database) as connection:
        rows = rows_in(connection, select(key, table.c.words_sha256), key, keys.to_list())
        found = {row[0]: row.words_sha256 for row in rows}
    return pl.Series("words_sha256", [found[one] for one in keys], pl.String)


def without_words(payload: str) -> tuple[str, bool]:
    """An event's payload (JSON) with null in place of its words, and whether it had any not yet deleted.

    >>> without_words('{"kind": "comment", "text": "语速偏快"}')
    ('{"kind": "comment", "text": null}', True)
    """
    left, words = parted(json.loads(payload))
    told = any(one != ERASED for one in words.values())
    return json.dumps(left, ensure_ascii=False, sort_keys=True), told


def words_apart(
    database: Database, uuids: Collection[str], ruling_ids: Collection[int]
) -> Iterator[dict[str, Any]]:
    """The words of these events and rulings that are left, in this order: `of`, `id`, `salt`, `words`."""
    query = select(audit_events.c.uuid, audit_words.c.salt, audit_words.c.words).join(audit_words)
    with reading(database) as connection:
        said = {row.uuid: row for row in rows_in(connection, query, audit_events.c.uuid, uuids)}
        settled = rows_in(connection, decisions(rulings), rulings.c.ruling_id, ruling_ids)
        why = {row.ruling_id: row for row in settled if row.words is not None}
    for of, ids, found in (("event", uuids, said), ("ruling", ruling_ids, why)):
        for one in ids:
            if one in found:
                yield {"of": of, "id": one, "salt": found[one].salt, "words": found[one].words}
