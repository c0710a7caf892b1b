"""What is said, and where to look for it: the parts that checks of a rubric are made of.

Words are data of the rubric's file; how they are found is told in `qa_audit.scoring.wording`.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from qa_audit.scoring.learned.acts import Act
from qa_audit.scoring.pattern_cost import MOST_COUNTED, counts_too_far
from qa_audit.scoring.pattern_faults import open_set, pattern_fault
from qa_audit.scoring.pattern_numbers import sought_pattern
from qa_audit.store.toml_mistakes import NotAllowedError
from qa_audit.text.normalise import normalise
from qa_audit.text.search import MatchTier


class Part(BaseModel, frozen=True):
    """A table of the file, in which no other keys may stand."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def phrases_with_words(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases. Raises `NotAllowedError` for one without a word."""
    for one in phrases:
        has_words(one)
    return phrases


def has_words(text: str) -> str:
    """The phrase. Raises `NotAllowedError` where nothing of it would be looked for."""
    from qa_audit.text.phrases import phrase

    try:
        phrase(text)
    except ValueError:
        reason = "only_fillers" if normalise(text, fillers=False).text else "empty_phrase"
        raise NotAllowedError(f"scoring.refused.{reason}") from None
    return text


def patterns_that_compile(patterns: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """The patterns as they are written; they are made to fit the text where they are used.

    Raises `NotAllowedError` for what is no pattern, or counts too far.
    """
    for pattern in (patterns,) if isinstance(patterns, str) else patterns:
        compiles(pattern)
    return patterns


def compiles(pattern: str) -> str:
    """The pattern made to fit normalised text.

    Raises `NotAllowedError` for what is no pattern, or counts too far.
    """
    if fault := open_set(pattern):
        raise NotAllowedError("scoring.refused.pattern", pattern=pattern, reason=fault)
    tidied = sought_pattern(pattern)
    try:
        re.compile(tidied, re.MULTILINE)
        too_far = counts_too_far(tidied)
    except (re.error, OverflowError, RecursionError, MemoryError) as fault:
        reason = pattern_fault(pattern, fault)
        raise NotAllowedError("scoring.refused.pattern", pattern=pattern, reason=reason) from None
    if too_far:
        raise NotAllowedError("scoring.refused.counts", pattern=pattern, most=MOST_COUNTED)
    return tidied


class Wording(Part, frozen=True):
    """Ways of saying one thing, matched in normalised text: no punctuation, digits as numerals, 您 as 你."""

    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """Regular expressions over the normalised text; `^` and `$` are the ends of a turn."""
    misheard: tuple[str, ...] = ()
    """What recognisers write for it; counts as the tier `near`."""
    unless: tuple[str, ...] = ()
    """Patterns that take a hit back when they overlap it: negation, quotation, question, condition."""
    unlike: tuple[str, ...] = ()
    """Patterns of other words that merely sound like it: where they stand as written, a hit by sound is none.
    (An exception of `unless` holds by sound, too, where the hit does.)"""
    tolerance: MatchTier = "near"
    patterns_by_sound: bool = True
    """Whether the tolerance holds for patterns too: wide ones sound like too much."""
    folded: bool = False
    """Sounds that are easily confused count as equal (zh/z, n/l, ing/in …), as the tier `near`."""

    _has_words = field_validator("phrases", "misheard")(phrases_with_words)

    _compiles = field_validator("patterns", "unless", "unlike")(patterns_that_compile)

    @model_serializer(mode="wrap")
    def _as_before(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without `unlike` where nothing stands in it, so that the hashes of rules that lack it stay."""
        return {key: value for key, value in dump(self).items() if key != "unlike" or value}

    @property
    def empty(self) -> bool:
        """Whether nothing can ever be found."""
        return not (self.phrases or self.patterns or self.misheard)


class Likely(Part, frozen=True):
    """Words of which it is worked out how likely they were said, from what recognisers make of them.

    Asked where the text has nothing of a wording (`text.mishearing`). Ratios are natural logarithms: about
    4.5 for each syllable heard well, below 0 for one that sounds otherwise.
    """

    phrases: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    """What else is said there: a place that one of these fits as well does not count."""
    said_from: float = 9.0
    """From this ratio on it counts as said, as by tolerance."""
    doubt_from: float = 5.5
    """From this one on it can't be told."""
    lead: str = ""
    """Where set, only places at the head of a clause count; a pattern of what may stand before."""
    follow: str = ""
    """Pattern of what usually comes next there, unless the clause ends."""
    unfollowed: float = 3.0
    """What the ratio loses where neither is so."""
    not_opening: bool = False
    """Leave out the agent's first turn, where names stand."""
    act: Act | None = None
    """What is done with these words: sentences that the detector of acts finds do it as well."""

    _has_words = field_validator("phrases", "unlike")(phrases_with_words)

    _compiles = field_validator("lead", "follow")(patterns_that_compile)


class Window(Part, frozen=True):
    """Where in the agent's speech to look; None is no limit."""

    first_turns: int | None = Field(default=None, ge=1)
    last_turns: int | None = Field(default=None, ge=1)
    first_s: float | None = Field(default=None, gt=0)
    """Seconds of agent speech from the start."""
    last_unknown_s: float = Field(default=20, gt=0)
    """Seconds before the end of speech that stand for the last turns where roles are unknown."""
    not_first: bool = False
    """Leave out the opening, where roles are known: the agent's first turn."""
    until_customer_says: int | None = Field(default=None, ge=1)
    """The window ends where the customer, between two of the agent's turns, says so many syllables."""

    @property
    def narrow(self) -> bool:
        """Whether it is one end of the call."""
        return self.first_turns is not None or self.last_turns is not None

    @model_validator(mode="after")
    def _one_end(self) -> Window:
        if self.first_turns and self.last_turns:
            raise ValueError("first_turns and last_turns exclude each other")
        return self


class Clauses(Part, frozen=True):
    """What a clause is that makes a bare request: its verb stands first."""

    lead: str = ""
    """Pattern of words that may stand before it."""
    patterns: tuple[str, ...] = ()
    """Patterns over a clause, from where its lead ends; 您 as 你."""
    unless: tuple[str, ...] = ()
    """Patterns of clauses that are none, anywhere in them."""

    _compiles = field_validator("lead", "patterns", "unless")(patterns_that_compile)
