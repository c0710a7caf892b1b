"""Finding words in what was said, also where a homophone was written: over an index of all turns.

A call's turns lie in a file of their own, and opening a hundred thousand of them takes minutes. So what was
said is kept a second time, spelt by sound, two thousand calls a file; a search first brings that up to date.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.messages import QaError
from qa_audit.store.parts import (
    collect_parts,
    listed_keys,
    part_months,
    read_part,
    read_parts,
    scan_part,
    write_part,
)
from qa_audit.text.joined import fold_honorific_codes, join_normalised, sound_codes, text_of
from qa_audit.text.phrases import phrase
from qa_audit.text.search import TIERS, find, halves
from qa_audit.transcribe.frames import TURNS_SCHEMA
from qa_audit.transcribe.jobs import TURNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from qa_audit.text.phrases import Phrase
    from qa_audit.text.search import MatchTier

SPOKEN = "spoken"
"""Kind of the parts of the index."""
CALLS_A_PART = 2_000

SPOKEN_SCHEMA = pl.Schema(
    {
        "key": pl.String,
        "turn": pl.Int32,
        "role": pl.String,
        "start_s": pl.Float64,
        "text": pl.String,
        "spelt": pl.String,
    }
)
"""One row a turn, and one with `turn` null for a recording in which nobody speaks: `key` of the turns' part,
`spelt` the words by sound (`text.pinyin.sound`), which homophones share."""

FOUND_SCHEMA = pl.Schema(
    {name: SPOKEN_SCHEMA[name] for name in ("key", "turn", "role", "start_s", "text")}
    | {"words": pl.String, "tier": pl.String}
)
"""One row a turn and phrase found: `words` as asked for, `tier` "exact", "pinyin" or "near"."""


def index_turns(results: Path, keys: Collection[str]) -> int:
    """Put turns that are there and not in the index yet into it; how many recordings.

    `keys` are those of the turns' parts (`TranscribeSettings.key`); keys without a part are passed over.
    """
    missing = set(keys) - indexed_keys(results)
    missing &= listed_keys(results, TURNS) if missing else set()
    if not missing:
        return 0
    places = [(month, key) for key, month in part_months(results, TURNS).items() if key in missing]
    places.sort()
    for start in range(0, len(places), CALLS_A_PART):
        chunk = places[start : start + CALLS_A_PART]
        turns = read_parts(results, TURNS, chunk, TURNS_SCHEMA)
        named = [key for (_, key), height in zip(chunk, turns.heights, strict=True) for _ in range(height)]
        spoken = spoken_frame(turns.frame.with_columns(key=pl.Series(named, dtype=pl.String)))
        digest = hashlib.sha256("\n".join(key for _, key in chunk).encode()).hexdigest()
        write_part(spoken, results, SPOKEN, chunk[-1][0], digest[:32])
    return len(places)


def spoken_frame(turns: pl.DataFrame) -> pl.DataFrame:
    """Turns with their `key` as rows of the index (`SPOKEN_SCHEMA`)."""
    joined = join_normalised(turns["text"].fill_null("").to_list())
    spelt = text_of(sound_codes(fold_honorific_codes(joined.codes)))
    starts = joined.starts.tolist()
    own = [spelt[start : end - 1] for start, end in pairwise(starts)]
    return turns.with_columns(spelt=pl.Series(own, dtype=pl.String)).select(SPOKEN_SCHEMA.names())


def indexed_keys(results: Path) -> set[str]:
    """Keys of the turns that the index has."""
    found = collect_parts(results, SPOKEN, None, pl.Schema({"key": pl.String}))
    return set(found["key"].unique())


def find_words(results: Path, words: Sequence[str], tolerance: MatchTier = "pinyin") -> pl.DataFrame:
    """Turns in which one of `words` was said (`FOUND_SCHEMA`), of recordings in which all of them were.

    Each is a phrase of any length, punctuation and script passed over; `tolerance` as in `text.search.find`.
    Raises `QaError` `find.no_words` where nothing is left of a phrase.
    """
    wanted = [_ready(one) for one in words]
    if not wanted:
        raise QaError("find.no_words", got="")
    needles = sorted({needle for one in wanted for needle in _needles(one, tolerance)})
    rows = [row for near in _near(results, needles) for row in _hits(near, wanted, tolerance)]
    # Two searches at once may have put the same turns into the index.
    found = pl.DataFrame(rows, FOUND_SCHEMA, orient="row").unique(
        ["key", "turn", "words"], keep="first", maintain_order=True
    )
    complete = (
        found.group_by("key")
        .agg(pl.col("words").n_unique())
        .filter(pl.col("words") == len({one.text for one in wanted}))
    )
    return found.join(complete, on="key", how="semi", maintain_order="left")


def _ready(words: str) -> Phrase:
    try:
        return phrase(words)
    except ValueError as error:
        raise QaError("find.no_words", got=words) from error


def _needles(wanted: Phrase, tolerance: MatchTier) -> Iterator[str]:
    """What a turn's spelling must hold, one of them at least, for the phrase to be found in it."""
    yield from wanted.spelt
    if tolerance == "near":
        yield from halves(wanted) or ()


def _near(results: Path, needles: Sequence[str]) -> Iterator[pl.DataFrame]:
    """Turns whose spelling holds a needle, a part at a time, so that memory does not grow with the index."""
    holds = pl.col("spelt").str.contains_any(list(needles))
    for key, month in sorted(part_months(results, SPOKEN).items()):
        try:
            yield scan_part(results, SPOKEN, month, key).filter(holds).collect()
        except pl.exceptions.PolarsError:
            yield read_part(results, SPOKEN, month, key).filter(holds)  # sets a damaged part aside


def _hits(near: pl.DataFrame, wanted: Sequence[Phrase], tolerance: MatchTier) -> Iterator[tuple]:
    for key, turn, role, start_s, text in near.select(FOUND_SCHEMA.names()[:5]).iter_rows():
        for one in wanted:
            hits = find(one.text, text, tolerance)
            if hits:
                tier = min((hit.tier for hit in hits), key=TIERS.index)
                yield key, turn, role, start_s, text, one.text, tier
