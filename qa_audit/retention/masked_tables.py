"""Calls, findings and what people wrote as they may leave the department: customers' personal data masked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.retention.masking import LONG_NUMBER, MASK, mask_text
from qa_audit.retention.same_number import bare_number
from qa_audit.sampling.export import MOBILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_audit.reports.figures import MonthFigures

_LEFT_BEFORE, _LEFT_AFTER = 3, 4
"""Digits of a customer's number that are left, so that people who know it recognise it."""
_LEAST = 11
"""A shorter number is masked whole."""
_WRITTEN = ("text", "words", "should_say", "comment", "reason", "reply")
"""Columns of registers with what was said or written."""
_OF_FILES = ("recording", "file_name")
_MISSED, _BY_SOUND = "absence", "acoustic"
"""Tiers of a phrase that was not heard, and of one that the audio was asked for."""
_ASKED = r" \([+-]\d+\.\d\)$"
"""How a phrase ends that the audio was asked for, with the odds that it was said."""
_IDS = ("call_id", "callback_id")
_BEFORE_NUMBER = r"(?:(?<!\d)(?:(?:00|\+)?86)?0?)?"
"""What exchanges put before a number that the call list has without it."""


def mask_findings(findings: pl.DataFrame, names: Iterable[str] = ()) -> pl.DataFrame:
    """Findings (`FINDINGS_SCHEMA`) with masked quotes; times and all else stay. `names` as in `mask_text`.

    What is the rubric's own (`own_words`) names no customer and stays.
    """
    quotes = findings["evidence"].explode().drop_nulls().struct.field("quote").unique().drop_nulls()
    changed = _changed(quotes, names)
    if not changed:
        return findings
    place = pl.element().struct
    asked = place.field("tier").eq_missing(_BY_SOUND) & place.field("quote").str.contains(_ASKED)
    said = place.field("tier").ne_missing(_MISSED) & ~asked
    quote = pl.when(said).then(place.field("quote").replace(changed)).otherwise(place.field("quote"))
    return findings.with_columns(pl.col("evidence").list.eval(pl.element().struct.with_fields(quote=quote)))


def own_words(quote: str, tier: str) -> bool:
    """Whether an evidence is no words of the call: a phrase of the rubric, missed or asked for by its sound.

    >>> own_words("先生/女士/小姐", "absence"), own_words("女士 (+0.8)", "acoustic")
    (True, True)
    >>> own_words("李女士", "exact")
    False
    """
    return tier == _MISSED or (tier == _BY_SOUND and re.search(_ASKED, quote) is not None)


def mask_written(rows: pl.DataFrame, names: Iterable[str] = ()) -> pl.DataFrame:
    """A register of faults or appeals with what was said and written masked."""
    texts = [name for name in _WRITTEN if name in rows.columns and rows.schema[name] == pl.String]
    known = tuple(names)
    masked = (pl.col(name).replace(_changed(rows[name].drop_nulls().unique(), known)) for name in texts)
    return rows.with_columns(*masked)


def mask_calls(calls: pl.DataFrame) -> pl.DataFrame:
    """Calls with the customer's number masked, there and in names of files, in which any mobile number is.

    >>> one = {"customer_no": ["13800138000"], "recording": ["/a/8_13800138000.wav"]}
    >>> mask_calls(pl.DataFrame(one)).row(0)
    ('138****8000', '/a/8_138****8000.wav')
    >>> grouped = {"customer_no": ["020-88886666"], "recording": ["/a/02088886666.wav"]}
    >>> mask_calls(pl.DataFrame(grouped))["recording"][0]
    '/a/020****6666.wav'
    """
    if "customer_no" not in calls.columns:
        return calls
    numbers = calls["customer_no"].to_list()
    masked = [_number(one) for one in numbers]
    columns = [pl.Series("customer_no", masked, pl.String)]
    for name in _OF_FILES:
        if name in calls.columns:
            rows = zip(calls[name], numbers, masked, strict=True)
            columns.append(pl.Series(name, [_named(*row) for row in rows], pl.String))
    return calls.with_columns(columns)


def mask_ids(frame: pl.DataFrame, numbers: Mapping[str, str] | None = None) -> pl.DataFrame:
    """A frame whose ids of calls, made from names of files, hold no customer's number any more.

    `numbers` of customers by call id (`workspace_names.numbers_of`); without them mobile numbers alone are
    known, as they are by their form.

    >>> ids = pl.DataFrame({"call_id": ["8001_13800138000", "8001_02088886666", "c1"]})
    >>> mask_ids(ids, {"8001_02088886666": "020-88886666"})["call_id"].to_list()
    ['8001_138****8000', '8001_020****6666', 'c1']
    """
    known = numbers or {}
    changed = {one: masked for one in ids_in(frame) if (masked := masked_id(one, known.get(one))) != one}
    there = [pl.col(name).replace(changed) for name in _IDS if name in frame.columns]
    return frame.with_columns(there) if changed else frame


def masked_id(call_id: str, number: str | None = None) -> str:
    """The id of a call without the number of its customer, in whichever form it is written there."""
    bare = "" if number is None else bare_number(number)
    if bare.isdecimal() and len(bare) >= LONG_NUMBER:
        call_id = re.sub(_BEFORE_NUMBER + bare, _hidden, call_id)
    return MOBILE.sub(_hidden, call_id)


def ids_in(*frames: pl.DataFrame | None) -> set[str]:
    """The ids of calls that frames name."""
    there = [frame[name] for frame in frames if frame is not None for name in _IDS if name in frame.columns]
    return {one for ids in there for one in ids.drop_nulls().unique()}


def mask_figures(
    figures: MonthFigures, names: Iterable[str] = (), numbers: Mapping[str, str] | None = None
) -> MonthFigures:
    """What people's hearing adds, with the words in it and the customers' numbers masked."""
    known = tuple(names)
    faults, appeals, callbacks = figures.faults, figures.appeals, figures.callbacks
    items, calls = figures.people_items, figures.people_calls
    return replace(
        figures,
        faults=None if faults is None else mask_ids(mask_written(faults, known), numbers),
        appeals=None if appeals is None else mask_ids(mask_written(appeals, known), numbers),
        people_items=None if items is None else mask_ids(items, numbers),
        people_calls=None if calls is None else mask_ids(calls, numbers),
        callbacks=None if callbacks is None else mask_ids(mask_calls(callbacks), numbers),
    )


def _changed(texts: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """Masked texts by the text, of those in which there is anything to mask."""
    known = tuple(names)
    return {text: masked for text in texts if (masked := mask_text(text, known)) != text}


def _number(number: str | None) -> str | None:
    if number is None or len(number) < _LEAST:
        return number and MASK * len(number)
    hidden = MASK * (len(number) - _LEFT_BEFORE - _LEFT_AFTER)
    return f"{number[:_LEFT_BEFORE]}{hidden}{number[-_LEFT_AFTER:]}"


def _named(path: str | None, number: str | None, masked: str | None) -> str | None:
    if path is None:
        return None
    known = path.replace(number, masked) if number and masked else path
    return masked_id(known, number)


def _hidden(found: re.Match[str]) -> str:
    return _number(found[0]) or ""
