"""What may stand in the fields of a rule's conditions: names, phrases, patterns, expressions."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from qa_audit.scoring.rule_expression import WORDS, parse_expression
from qa_audit.scoring.said import compiles, has_words
from qa_audit.store.toml_mistakes import NotAllowedError
from qa_audit.text.search import MatchTier

Who = Literal["agent", "customer", "either", "system"]
Entity = Literal[
    "number", "mobile_number", "id_card", "money", "percent", "date", "time", "duration", "title"
]


class Part(BaseModel, frozen=True):
    """A piece of a rule; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def _named(name: Any) -> Any:
    if isinstance(name, str) and name.lower() in WORDS:
        raise NotAllowedError("scoring.refused.word", words=" ".join(sorted(WORDS)))
    if isinstance(name, str) and not re.fullmatch(r"[^\W\d]\w*", name):
        raise NotAllowedError("scoring.refused.name")
    return name


def _parses(text: Any) -> Any:
    if isinstance(text, str):
        parse_expression(text)
    return text


def _as_phrase(entry: Any) -> Any:
    if not isinstance(entry, str | dict | TieredPhrase):
        raise NotAllowedError("scoring.refused.no_text")
    return {"text": entry} if isinstance(entry, str) else entry


def _has_words(text: Any) -> str:
    if not isinstance(text, str):
        raise NotAllowedError("scoring.refused.no_text")
    return has_words(text)


def _compiles(pattern: Any) -> Any:
    if not isinstance(pattern, str):
        return pattern
    if not pattern.strip():
        raise NotAllowedError("scoring.refused.empty_pattern")
    tidied = compiles(pattern)
    if not any(one.isalnum() or one in ".^$\\[" for one in tidied):
        raise NotAllowedError("scoring.refused.only_signs", pattern=pattern)
    if re.fullmatch(tidied, "") is not None:
        raise NotAllowedError("scoring.refused.everywhere", pattern=pattern)
    return tidied


def _compiles_at_all(pattern: Any) -> Any:
    if not isinstance(pattern, str):
        return pattern
    return compiles(pattern)


def _which_hit(got: Any) -> Any:
    if got in ("any", "each", "last") or (type(got) is int and got >= 1):
        return got
    raise NotAllowedError("scoring.refused.which_hit")


def _how_many(got: Any) -> Any:
    if got in ("any", "all", "none") or (type(got) is int and got >= 1):
        return got
    raise NotAllowedError("scoring.refused.how_many")


def clock_text(got: Any) -> str:
    """A time of day as `ClockText` has it; raises `NotAllowedError` `scoring.refused.clock`.

    >>> clock_text("8:05")
    '08:05'
    """
    text = got.isoformat("minutes") if isinstance(got, time) and not got.second else got
    found = re.fullmatch(r"(\d\d?):(\d\d)", unicodedata.normalize("NFKC", str(text)).strip(), re.ASCII)
    if found is None or int(found[2]) > 59 or (int(found[1]), int(found[2])) > (24, 0):
        raise NotAllowedError("scoring.refused.clock")
    return f"{int(found[1]):02d}:{found[2]}"


def day_text(got: Any) -> str:
    """A day as `DateText` has it; raises `NotAllowedError` `scoring.refused.day`.

    >>> day_text("2026/11/1")
    '2026-11-01'
    """
    text = unicodedata.normalize("NFKC", str(got)).strip()
    if found := re.fullmatch(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)", text, re.ASCII):
        with suppress(ValueError):
            return date(*map(int, found.group(1, 3, 4))).isoformat()
    raise NotAllowedError("scoring.refused.day")


def within(got: float, least: float, most: float, code: str) -> float:
    """A number in its limits. Raises `NotAllowedError` `scoring.refused.<code>`, which tells its unit."""
    if not least <= got <= most:
        raise NotAllowedError(f"scoring.refused.{code}", least=f"{least:g}", most=f"{most:g}")
    return got


Name = Annotated[str, BeforeValidator(_named)]
ExpressionText = Annotated[str, BeforeValidator(_parses)]
PatternText = Annotated[str, BeforeValidator(_compiles)]
TakingBackText = Annotated[str, BeforeValidator(_compiles_at_all)]
"""A pattern that takes hits back; it may match nothing at all, or anything."""
PhraseText = Annotated[str, PlainValidator(_has_words)]
ClockText = Annotated[str, PlainValidator(clock_text)]
"""A time of day, "08:05"; "24:00" is the end of it."""
DateText = Annotated[str, PlainValidator(day_text)]
"""A day, "2026-11-01"."""
Seconds = Annotated[float, Field(gt=0), AfterValidator(lambda got: within(got, 0, 3600, "seconds"))]
"""A stretch of a call; mostly one that is longer is in milliseconds."""
Turns = Annotated[int, AfterValidator(lambda got: within(got, 0, 1000, "many"))]
Rate = Annotated[float, Field(gt=0), AfterValidator(lambda got: within(got, 0, 15, "rate"))]
"""Syllables a second: nobody says 15."""
Decibels = Annotated[float, Field(gt=0), AfterValidator(lambda got: within(got, 0, 60, "apart_db"))]
Semitones = Annotated[float, Field(gt=0), AfterValidator(lambda got: within(got, 0, 36, "apart_st"))]
WhichHit = Annotated[int | str, PlainValidator(_which_hit)]
"""any, each, last, or the Nth."""
HowMany = Annotated[int | str, PlainValidator(_how_many)]
"""any, all, none, or a number."""


class TieredPhrase(Part, frozen=True):
    """A phrase with how loosely it may be matched."""

    text: PhraseText
    tolerance: MatchTier | None = None
    """None: as the condition says."""


Phrase = Annotated[TieredPhrase, BeforeValidator(_as_phrase)]
"""A phrase as text, or with its tolerance."""


class Similar(Part, frozen=True):
    """Sentences of which one must be meant: cosine over characters and toneless syllables, 0 to 1."""

    to: tuple[PhraseText, ...]
    at_least: float = Field(default=0.6, gt=0, le=1)
    sure: float = Field(default=0.95, gt=0, le=1)
    """From here on it counts as the words themselves; below, a person decides before it costs a point."""
    margin: float = Field(default=0.08, ge=0, lt=1)
    """So much below `at_least` it can't be told."""

    @model_validator(mode="after")
    def _in_order(self) -> Similar:
        if not self.to:
            raise NotAllowedError("scoring.refused.no_sentence")
        if self.sure < self.at_least:
            raise NotAllowedError("scoring.refused.sure_below")
        return self
