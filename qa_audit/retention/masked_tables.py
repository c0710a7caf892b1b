"""Calls, findings and what people wrote as they may leave the department: customers' personal data masked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.retention.masking import MASK, mask_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.reports.figures import MonthFigures

_LEFT_BEFORE, _LEFT_AFTER = 3, 4
"""Digits of a customer's number that are left, so that people who know it recognise it."""
_LEAST = 11
"""A shorter number is masked whole."""
_WRITTEN = ("text", "words", "should_say", "comment", "reason", "reply")
"""Columns of registers with what was said or written."""
_OF_FILES = ("recording", "file_name")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def mask_findings(findings: pl.DataFrame, names: Iterable[str] = ()) -> pl.DataFrame:
    """Findings (`FINDINGS_SCHEMA`) with masked quotes; times and all else stay. `names` as in `mask_text`."""
    quotes = findings["evidence"].explode().drop_nulls().struct.field("quote").unique().drop_nulls()
    changed = _changed(quotes, names)
    if not changed:
        return findings
    quote = pl.element().struct.field("quote").replace(changed)
    return findings.with_columns(pl.col("evidence").list.eval(pl.element().struct.with_fields(quote=quote)))


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


def mask_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose `call_id`, made from names of files, holds no mobile number of a customer any more.

    >>> mask_ids(pl.DataFrame({"call_id": ["8001_13800138000", "c1"]}))["call_id"].to_list()
    ['8001_138****8000', 'c1']
    """
    if "call_id" not in frame.columns:
        return frame
    changed = {
        one: _MOBILE.sub(lambda found: _number(found[0]) or "", one)
        for one in frame["call_id"].drop_nulls().unique()
        if _MOBILE.search(one)
    }
    return frame.with_columns(pl.col("call_id").replace(changed)) if changed else frame


def mask_figures(figures: MonthFigures, names: Iterable[str] = ()) -> MonthFigures:
    """What people's hearing adds, with the words in it and the customers' numbers masked."""
    known = tuple(names)
    faults, appeals, callbacks = figures.faults, figures.appeals, figures.callbacks
    return replace(
        figures,
        faults=None if faults is None else mask_ids(mask_written(faults, known)),
        appeals=None if appeals is None else mask_ids(mask_written(appeals, known)),
        callbacks=None if callbacks is None else mask_ids(mask_calls(callbacks)),
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
    return _MOBILE.sub(lambda found: _number(found[0]) or "", known)
