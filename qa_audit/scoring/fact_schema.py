"""What a rule may ask of the call list, and how: one of some values, a part of them, a span, a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    Field,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from qa_audit.calls.facts import WEEKDAYS
from qa_audit.calls.values import folded
from qa_audit.scoring.rule_fields import Name, Part, clock_text, day_text
from qa_audit.store.toml_choices import Choices
from qa_audit.store.toml_mistakes import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Mapping

DAYS = {**{day: (day,) for day in WEEKDAYS}, "工作日": WEEKDAYS[:5], "周末": WEEKDAYS[5:]}
"""What a rule may call a day of the week, and which days it means."""
_TEXTS = ("line", "team", "column")
"""Facts that are whatever the call list writes."""
_CHOICES: Mapping[str, tuple[bool | str, ...]] = {
    "direction": ("inbound", "outbound"),
    "internal": (True, False),
    "hangup_by": ("agent", "customer"),
    "weekday": tuple(DAYS),
    "first_speaker": ("agent", "customer"),
    "last_speaker": ("agent", "customer"),
}
_OWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "column": ("column", "contains", "at_least", "at_most"),
    "line": ("contains",),
    "team": ("contains",),
    "time": ("from", "until"),
    "date": ("from", "until"),
}
"""By fact the keys that others have not."""
_NEEDED: Mapping[str, tuple[str, ...]] = {"column": ("column",), "time": ("from", "until")}
_FactValue = Annotated[bool | str, PlainValidator(lambda got: got)]


class Fact(Part, frozen=True):
    """Something that the call list says, or who speaks first or last."""

    kind: Literal["fact"]
    name: Name
    fact: Literal[
        "direction",
        "internal",
        "hangup_by",
        "line",
        "team",
        "column",
        "weekday",
        "time",
        "date",
        "first_speaker",
        "last_speaker",
    ]
    column: str | None = Field(default=None, min_length=1)
    """Heading of a column of the call list that the program itself makes no use of."""
    equals: _FactValue | None = Field(default=None, alias="is")
    any_of: tuple[_FactValue, ...] | None = Field(default=None, min_length=1)
    contains: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Parts of the text, any of which will do."""
    at_least: float | None = Field(default=None, strict=True)
    """Of a column that holds a number."""
    at_most: float | None = Field(default=None, strict=True)
    since: str | None = Field(default=None, alias="from")
    """The first day, or the first minute of the time of day, when the call began."""
    until: str | None = None
    """The last day; of the time of day the first minute after it, of the next day where it is not after
    `from`."""

    @property
    def values(self) -> tuple[bool | str, ...]:
        """Of what the fact must be one."""
        return self.any_of or (() if self.equals is None else (self.equals,))

    @field_validator("since", "until", mode="before")
    @classmethod
    def _written_alike(cls, got: Any, known: ValidationInfo) -> str:
        return day_text(got) if known.data.get("fact") == "date" else clock_text(got)

    @field_validator("equals", "any_of")
    @classmethod
    def _days_written_alike(cls, got: Any, known: ValidationInfo) -> Any:
        if known.data.get("fact") != "date":
            return got
        return tuple(map(day_text, got)) if isinstance(got, tuple) else day_text(got)

    @model_validator(mode="after")
    def _allowed(self) -> Fact:
        own = {
            "column": self.column,
            "contains": self.contains,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "from": self.since,
            "until": self.until,
        }
        allowed = _OWN_KEYS.get(self.fact, ())
        if strange := [key for key, given in own.items() if given is not None and key not in allowed]:
            raise NotAllowedError("scoring.refused.fact_key", fact=self.fact, keys=", ".join(strange))
        if lacking := [key for key in _NEEDED.get(self.fact, ()) if own[key] is None]:
            raise NotAllowedError("scoring.refused.fact_lacks", fact=self.fact, keys=", ".join(lacking))
        if self.fact == "date":
            return self._in_the_year()
        if self.fact == "time":
            return self._in_the_day()
        self._one_question()
        return self._of_a_number() if self.fact == "column" else self._of_texts()

    def _one_question(self) -> None:
        """There are several ways to ask, of which one must be taken."""
        ways = [self.equals, self.any_of, self.contains]
        others = ["any_of"]
        if self.fact in _TEXTS:
            others.append("contains")
        if self.fact == "column":
            ways.append(self.at_most if self.at_least is None else self.at_least)
            others.append("at_least, at_most")
        if sum(way is not None for way in ways) != 1:
            raise NotAllowedError("scoring.refused.one_of", one="is", other=" | ".join(others))

    def _of_a_number(self) -> Fact:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise NotAllowedError("scoring.refused.limits")
        return self._of_texts()

    def _of_texts(self) -> Fact:
        if self.fact in _TEXTS:
            if not all(
                isinstance(one, str) and folded(one) for one in (*self.values, *(self.contains or ()))
            ):
                raise NotAllowedError("scoring.refused.fact_text", fact=self.fact)
            return self
        choices = _CHOICES[self.fact]
        if not all(type(got) in (bool, str) and got in choices for got in self.values):
            shown = [str(one).lower() if isinstance(one, bool) else f'"{one}"' for one in choices]
            raise NotAllowedError("scoring.refused.fact", fact=self.fact, allowed=Choices(tuple(shown)))
        return self

    def _in_the_day(self) -> Fact:
        if self.values:
            raise NotAllowedError("scoring.refused.fact_key", fact=self.fact, keys="is, any_of")
        if self.since == self.until:
            raise NotAllowedError("scoring.refused.no_time")
        return self

    def _in_the_year(self) -> Fact:
        ranged = self.since is not None or self.until is not None
        if [ranged, self.equals is not None, self.any_of is not None].count(True) != 1:
            raise NotAllowedError("scoring.refused.one_of", one="is", other="any_of | from, until")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise NotAllowedError("scoring.refused.days")
        return self

    @model_serializer(mode="wrap")
    def _as_given(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Hashes of rules hold what a condition says: keys that came later must not change them.
        return {key: value for key, value in handler(self).items() if value is not None}
