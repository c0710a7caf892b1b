"""Rules that a supervisor writes: named conditions, and an expression over them that decides the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rule_fields import (
    Decibels,
    Entity,
    ExpressionText,
    HowMany,
    Name,
    Part,
    PatternText,
    Phrase,
    PhraseText,
    Seconds,
    Semitones,
    Similar,
    TakingBackText,
    Turns,
    WhichHit,
    Who,
    within,
)
from qa_audit.scoring.rule_fields import Rate as Speed
from qa_audit.scoring.verdicts import Verdict
from qa_audit.store.toml_mistakes import NotAllowedError
from qa_audit.text.search import MatchTier


class Where(Part, frozen=True):
    """Which part of the call; everything given must hold."""

    first_turns: Turns | None = Field(default=None, ge=1)
    """Turns of the speaker."""
    last_turns: Turns | None = Field(default=None, ge=1)
    first_s: Seconds | None = None
    """Seconds from the first word of customer or agent; announcements and silence before it don't count."""
    last_s: Seconds | None = None
    """Seconds before the end of their last word."""
    after: Name | None = None
    before: Name | None = None
    around: Name | None = None
    same_turn_as: Name | None = None
    hit: WhichHit = "any"
    """Which of its places the other condition means: any, each, last, or the Nth."""
    within_turns: Turns | None = Field(default=None, ge=0)
    within_s: Seconds | None = None

    @property
    def anchors(self) -> tuple[str, ...]:
        """Conditions that this one is placed by."""
        given = (self.after, self.before, self.around, self.same_turn_as)
        return tuple(one for one in given if one is not None)

    @model_validator(mode="after")
    def _possible(self) -> Where:
        if (self.first_turns or self.first_s) and (self.last_turns or self.last_s):
            raise NotAllowedError("scoring.refused.both_ends")
        anchors = self.anchors
        if (self.within_turns is not None or self.within_s is not None) and not anchors:
            raise NotAllowedError("scoring.refused.within")
        if self.hit != "any" and not anchors:
            raise NotAllowedError("scoring.refused.hit")
        if self.around and self.within_turns is None and self.within_s is None:
            raise NotAllowedError("scoring.refused.around")
        if len(anchors) != len(set(anchors)):
            raise NotAllowedError("scoring.refused.placed_twice")
        if self.same_turn_as and (self.within_turns is not None or self.within_s is not None):
            raise NotAllowedError("scoring.refused.same_turn")
        return self


class Times(Part, frozen=True):
    """How often; with `per_minute`, by minute of the call."""

    at_least: float | None = Field(default=None, gt=0)
    at_most: float | None = Field(default=None, ge=0)
    per_minute: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Times:
        if self.at_least is None and self.at_most is None:
            raise NotAllowedError("scoring.refused.no_limit")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise NotAllowedError("scoring.refused.limits")
        return self


class _Placed(Part, frozen=True):
    name: Name
    where: Where = Where()
    times: Times | None = None


class Said(_Placed, frozen=True):
    """Words, by phrases, patterns, similar sentences or kinds of detail."""

    kind: Literal["said"]
    who: Who = "agent"
    phrases: tuple[Phrase, ...] = ()
    patterns: tuple[PatternText, ...] = ()
    entities: tuple[Entity, ...] = ()
    similar: Similar | None = None
    unless: tuple[TakingBackText, ...] = ()
    """Patterns that take a hit back when they overlap it."""
    tolerance: MatchTier = "near"
    patterns_by_sound: bool = True
    need: HowMany = "any"
    """How many different ones of what is listed."""
    same_turn: bool = False
    """They must stand in one turn."""
    every_turn: bool = False
    """Every turn of the speaker in that part of the call must have it."""

    @model_validator(mode="after")
    def _possible(self) -> Said:
        count = len(self.phrases) + len(self.patterns) + len(self.entities) + (self.similar is not None)
        if not count:
            raise NotAllowedError("scoring.refused.nothing")
        if isinstance(self.need, int) and self.need > count:
            raise NotAllowedError("scoring.refused.need", need=self.need, listed=count)
        if self.every_turn and (self.times or self.need == "none"):
            raise NotAllowedError("scoring.refused.every_turn")
        if self.need == "none" and self.times:
            raise NotAllowedError("scoring.refused.none_times")
        return self


class Repeated(_Placed, frozen=True):
    """The speaker says nearly the same sentence again."""

    kind: Literal["repeated"]
    who: Who = "agent"
    at_least: float = Field(default=0.8, gt=0, le=1)
    """Similarity, as in `similar`."""
    within_turns: int = Field(default=5, ge=1)
    """Turns of the speaker to look back."""
    min_syllables: int = Field(default=5, ge=1)
    except_phrases: tuple[str, ...] = ()


class Echo(_Placed, frozen=True):
    """The speaker says again what another condition found: a number that was read back.

    A number must be said whole; an amount, a date or a time as well, with digits or numerals.
    """

    kind: Literal["echo"]
    who: Who = "agent"
    of: Name
    min_syllables: int | None = Field(default=None, ge=2)
    """So many of the last digits of a number, or of any syllables in a row of other words, are enough; None:
    all digits, four syllables."""


class Recited(Part, frozen=True):
    """A text is said as it stands, if need be over several turns; what recognisers lose is allowed for."""

    kind: Literal["recited"]
    name: Name
    where: Where = Where()
    times: ClassVar[None] = None
    who: Who = "agent"
    to: tuple[PhraseText, ...] = Field(min_length=1)
    """Texts, any of which will do."""
    at_least: float = Field(default=0.85, gt=0, le=1)
    """Share of its syllables, in their order."""
    margin: float = Field(default=0.35, ge=0, lt=1)
    """So much below `at_least` it can't be told."""


class Pause(_Placed, frozen=True):
    """A silence of both between two turns."""

    kind: Literal["pause"]
    who: Who = "either"
    """Who ends it."""
    after_who: Who = "either"
    """Who spoke before it."""
    longer_than_s: Seconds | None = None
    shorter_than_s: Seconds | None = None
    margin_s: float = Field(default=0.5, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Pause:
        return _one_given(self, "longer_than_s", "shorter_than_s")


class Overlap(_Placed, frozen=True):
    """The speaker starts during the other's speech, and both go on."""

    kind: Literal["overlap"]
    who: Who = "agent"
    longer_than_s: Seconds = 0.8
    margin_s: float = Field(default=0.3, ge=0)
    min_syllables: int = Field(default=3, ge=1)
    """Shorter turns (嗯, 好的) do not interrupt."""


class Rate(_Placed, frozen=True):
    """Syllables a second, of the whole call or turn by turn."""

    kind: Literal["speech_rate"]
    who: Who = "agent"
    faster_than: Speed | None = None
    slower_than: Speed | None = None
    by: Literal["call", "turn"] = "call"
    min_syllables: int = Field(default=8, ge=1)
    margin: float = Field(default=0.4, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Rate:
        if self.by == "call" and (self.times is not None or self.where.hit == "each"):
            key = "times" if self.times is not None else 'hit = "each"'
            raise NotAllowedError("scoring.refused.one_rate", key=key)
        return _one_given(self, "faster_than", "slower_than")


class Voice(_Placed, frozen=True):
    """The speaker's voice moves away from the speaker's own in this call for more than a moment."""

    kind: Literal["voice"]
    who: Who = "agent"
    louder_db: Decibels | None = None
    quieter_db: Decibels | None = None
    higher_st: Semitones | None = None
    lower_st: Semitones | None = None
    sustained_s: float = Field(default=1.5, gt=0)
    min_speech_s: float = Field(default=5, gt=0)
    """With less of the speaker's speech nothing is inferred."""
    margin: float = Field(default=0.5, ge=0)
    """Nearer to the limit it can't be told."""

    @model_validator(mode="after")
    def _one(self) -> Voice:
        given = (self.louder_db, self.quieter_db, self.higher_st, self.lower_st)
        if sum(one is not None for one in given) != 1:
            raise NotAllowedError("scoring.refused.one_voice")
        return self


_POSSIBLE: Mapping[str, tuple[float, float, str]] = {
    **dict.fromkeys(("talk_share", "silence_share"), (0, 1, "share")),
    **dict.fromkeys(("turns", "syllables", "rings"), (0, 100_000, "many")),
    "ring_s": (0, 3600, "seconds"),
    "loudness_db": (-120, 0, "loudness"),
    "louder_than_other_db": (-60, 60, "apart_db"),
}
"""By number of the call, the least and the most that it can be, and the message that tells its unit."""
_POSSIBLE_S = (0, 86_400, "seconds")


class Measure(Part, frozen=True):
    """A number of the whole call."""

    kind: Literal["measure"]
    name: Name
    of: Literal[
        "duration_s",
        "ring_s",
        "rings",
        "turns",
        "syllables",
        "talk_s",
        "talk_share",
        "silence_share",
        "longest_pause_s",
        "pauses_s",
        "first_word_s",
        "last_silence_s",
        "loudness_db",
        "louder_than_other_db",
    ]
    who: Who = "either"
    at_least: float | None = None
    at_most: float | None = None

    @field_validator("at_least", "at_most")
    @classmethod
    def _can_be(cls, got: float | None, known: ValidationInfo) -> float | None:
        of = known.data.get("of")
        return got if got is None or of is None else within(got, *_POSSIBLE.get(of, _POSSIBLE_S))

    @model_validator(mode="after")
    def _possible(self) -> Measure:
        if self.at_least is None and self.at_most is None:
            raise NotAllowedError("scoring.refused.no_limit")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise NotAllowedError("scoring.refused.limits")
        return self


class Combined(Part, frozen=True):
    """Other conditions joined under a name."""

    kind: Literal["combined"]
    name: Name
    expression: ExpressionText = Field(alias="is")


class ItemVerdict(Part, frozen=True):
    """What another item of the rubric was judged."""

    kind: Literal["item"]
    name: Name
    item: str
    verdict: tuple[Verdict, ...] = Field(default=("fail",), min_length=1)


Condition = Annotated[
    Said
    | Repeated
    | Echo
    | Recited
    | Pause
    | Overlap
    | Rate
    | Voice
    | Measure
    | Fact
    | Combined
    | ItemVerdict,
    Field(discriminator="kind"),
]


class Rule(Part, frozen=True):
    """Named conditions and what they decide."""

    kind: Literal["rule"]
    pass_when: ExpressionText | None = None
    fail_when: ExpressionText | None = None
    conditions: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _one(self) -> Rule:
        return _one_given(self, "pass_when", "fail_when")


class Manual(Part, frozen=True):
    """Judged by people alone."""

    kind: Literal["manual"]


class Section(Part, frozen=True):
    """A part of the standard, with the points that its items share and the most that it may cost."""

    name: str = Field(min_length=1)
    total: float | None = Field(default=None, gt=0, strict=True)
    """What the weights of its items must add up to; bonus items apart."""
    max_loss: float | None = Field(default=None, gt=0, strict=True)
    """Points of it that can be lost at most."""


def _one_given(part: Any, one: str, other: str) -> Any:
    if (getattr(part, one) is None) == (getattr(part, other) is None):
        raise NotAllowedError("scoring.refused.one_of", one=one, other=other)
    return part
