"""Calls of a workspace found by what somebody remembers: number, time, agent, words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.looking import WITHIN_MINUTES, look_for
from qa_audit.calls.query import calls_frame
from qa_audit.pipeline import turns_key_maker
from qa_audit.text.search import TIERS
from qa_audit.transcribe.word_search import find_words, index_turns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from qa_audit.text.search import MatchTier
    from qa_audit.workspace import Workspace

FOUND_CALLS = pl.Schema(
    {
        "call_id": pl.String,
        "start": pl.Datetime("us"),
        "agent_no": pl.String,
        "agent_name": pl.String,
        "team": pl.String,
        "customer_no": pl.String,
        "recording": pl.String,
        "role": pl.String,
        "at_s": pl.Float64,
        "text": pl.String,
        "tier": pl.String,
    }
)
"""One row a call, and with words one a turn that holds some: who says it, where, what, and how strictly it
fits ("exact", "pinyin", "near"). Newest calls first, with words those written as asked before the others."""


def find_calls(
    workspace: Workspace,
    words: Sequence[str] = (),
    *,
    month: str | None = None,
    number: str | None = None,
    agent: str | None = None,
    at: datetime | None = None,
    within_minutes: float = WITHIN_MINUTES,
    tolerance: MatchTier = "pinyin",
) -> pl.DataFrame:
    """Calls (of a month) that fit all that is given (`FOUND_CALLS`); calls must hold all of `words`.

    The first search by words after new calls were transcribed puts them into an index. Raises `QaError` as
    `calls_frame` and `find_words`.
    """
    calls = look_for(
        calls_frame(workspace.database, month),
        number=number,
        agent=agent,
        at=at,
        within_minutes=within_minutes,
    )
    if not words:
        nothing = {name: pl.lit(None, FOUND_CALLS[name]) for name in ("role", "at_s", "text", "tier")}
        return calls.with_columns(**nothing).select(FOUND_CALLS.names()).reverse()
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    heard = calls.filter(pl.col("sha256").is_not_null())
    key_of = turns_key_maker(settings, digest)
    keys = [key_of(row) for row in heard.select("sha256", "file_name").iter_rows(named=True)]
    keyed = heard.with_columns(key=pl.Series(keys, dtype=pl.String))
    index_turns(workspace.results, keys)
    found = find_words(workspace.results, words, tolerance)
    strictness = pl.col("tier").replace_strict({name: place for place, name in enumerate(TIERS)})
    return (
        keyed.join(found.rename({"start_s": "at_s"}), on="key", how="inner")
        .sort(strictness, "start", "call_id", "at_s", descending=[False, True, False, False], nulls_last=True)
        .select(FOUND_CALLS.names())
    )
