"""A clip as it may leave the department: words masked, and a tone where personal data is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.reports.playlist_page import Clip
from qa_audit.retention.masked_tables import masked_id, own_words
from qa_audit.retention.masking import Stretch, mask_text, masked_turns, stretches_of_turns
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa_audit.reports.moments import Moment


def masked_clip(
    one: Moment,
    item_name: str,
    turns: pl.DataFrame,
    sound: Callable[[Sequence[Stretch]], bytes],
    names: Sequence[str] = (),
    *,
    number: str | None = None,
) -> Clip:
    """The clip of a moment; `turns` of its call (`TURNS_SCHEMA`), `sound` makes its MP3 with those beeped.

    `names` are people known by name, agents for instance; `number` is the customer's.
    """
    said = turns_of(turns)
    words = pl.Series("text", masked_turns(said, names), pl.String)
    shown = turns.with_columns(words, raw_text=words)
    own = not one.quote or own_words(one.quote, one.tier)
    quote = one.quote if own else mask_text(one.quote, names)
    told = replace(one, quote=quote, call_id=masked_id(one.call_id, number))
    return Clip(told, item_name, sound(stretches_of_turns(said, names)), shown)


def turns_of(turns: pl.DataFrame) -> list[Turn]:
    """The turns of a frame, as far as masking needs them."""
    columns = ("role", "start_s", "end_s", "text", "channel", "char_start_ms")
    return [
        Turn(role, start_s, end_s, text, 0.0, channel, char_start_ms=tuple(times or ()))
        for role, start_s, end_s, text, channel, times in turns.select(columns).iter_rows()
    ]
