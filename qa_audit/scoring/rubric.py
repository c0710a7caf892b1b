"""What a rubric is: items with their checks, and situations; the schema of the TOML file.

What can be data (phrases, windows, weights, exceptions) stands in the file.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from qa_audit.calls.facts import FURTHER_FACTS, AskedFacts
from qa_audit.calls.values import folded
from qa_audit.scoring.checks import Banned, Check, names_act
from qa_audit.scoring.example import Example
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.learned.acts import built_in_acts
from qa_audit.scoring.rule_schema import Condition, ExpressionText, Rule, Section
from qa_audit.scoring.said import Part, Wording
from qa_audit.store.toml_mistakes import NotAllowedError

if TYPE_CHECKING:
    from qa_audit.scoring.learned.acts import ActDetector
    from qa_audit.scoring.learned.model import SentenceDetector


def _known_as(name: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise NotAllowedError("scoring.refused.id")
    return name


def _numbered(version: str) -> str:
    """A version, "1.0.0"."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version, re.ASCII):
        raise NotAllowedError("scoring.refused.version")
    return version


ItemId = Annotated[str, AfterValidator(_known_as)]


class Item(Part, frozen=True):
    """One rule: what is required, where it comes from, what it weighs."""

    id: ItemId
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    source: str = Field(min_length=1)
    weight: float = Field(ge=0, strict=True)
    """Maximum points; none of an item that only zeroes the call (一票否决)."""
    critical: bool = Field(default=False, strict=True)
    """A fault that the check marks as critical zeroes the call (一票否决)."""
    section: str | None = None
    """Name of the section of the standard that it belongs to."""
    applies_when: ExpressionText | None = None
    """Situations and conditions that switch the item on."""
    not_applicable_when: ExpressionText | None = None
    """Situations and conditions that switch it off."""
    bonus: bool = Field(default=False, strict=True)
    """Points to be gained (加分项): a pass adds them, anything else costs nothing."""
    off_per_hit: float | None = Field(default=None, gt=0, strict=True)
    """Points off for each place of a fault, down to none; without it a fault costs them all."""
    check: Check
    examples: tuple[Example, ...] = ()


class Faint(Part, frozen=True):
    """The customer can hardly be heard: both limits are passed by the medians of the measured speech."""

    below_db: float = Field(default=-40, lt=0)
    """Loudness relative to full scale."""
    below_agent_db: float = Field(default=12, gt=0)


class Detect(Part, frozen=True):
    """How a situation is recognised; everything given must hold."""

    agent_says: Wording | None = None
    customer_says: Wording | None = None
    customer_silent: bool = False
    customer_faint: Faint | None = None
    direction: Literal["inbound", "outbound"] | None = None
    internal: bool | None = None

    @model_validator(mode="after")
    def _not_empty(self) -> Detect:
        if not self.model_fields_set:
            raise ValueError("a situation needs a way to be recognised")
        return self


class ScriptPart(Part, frozen=True):
    """Something that the agent says in the situation."""

    name: str
    said: Wording
    times: int = Field(default=1, ge=1)
    when_agent_says: Wording | None = None
    """Needed only when the agent says this."""
    when_customer_says: Wording | None = None
    """Needed only when the customer says this."""


class Situation(Part, frozen=True):
    """A kind of call with a script of its own, which replaces some items."""

    id: ItemId
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    source: str = Field(min_length=1)
    detect: Detect
    script: tuple[ScriptPart, ...] = ()
    keeps: tuple[ItemId, ...] = ()
    """Items that must not fail in this situation."""
    replaces: tuple[ItemId, ...] = ()
    replaces_only_when: Wording | None = None
    """The items are replaced only when the agent says this."""
    examples: tuple[Example, ...] = ()


class Rubric(Part, frozen=True):
    """A rubric as read from its file."""

    id: ItemId
    version: Annotated[str, AfterValidator(_numbered)]
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    zero_on_critical: bool = True
    min_role_confidence: float = Field(default=0.75, ge=0, le=1)
    """Below it, who is the agent can't be told."""
    min_confidence: float = Field(default=0.4, ge=0, le=1)
    """Below it, a turn's words can't be relied upon."""
    sections: tuple[Section, ...] = ()
    conditions: tuple[Condition, ...] = ()
    """Conditions that all items may name."""
    items: tuple[Item, ...] = Field(min_length=1)
    situations: tuple[Situation, ...] = ()
    _sha256: str = PrivateAttr(default="")
    _text: str = PrivateAttr(default="")
    _detector: SentenceDetector | None = PrivateAttr(default=None)
    _acts: ActDetector | None = PrivateAttr(default=None)

    @property
    def sha256(self) -> str:
        """Hash of the bytes of the file that the rubric was read from, in hexadecimal."""
        return self._sha256

    @property
    def text(self) -> str:
        """The file that the rubric was read from, as it was."""
        return self._text

    @property
    def uses_detector(self) -> bool:
        """Whether some item looks for wordings beyond its lists."""
        return any(isinstance(item.check, Banned) and item.check.detector for item in self.items)

    @property
    def detector(self) -> SentenceDetector | None:
        """The detector of the items that name one: the one set by `with_detector`, else the package's."""
        if not self.uses_detector:
            return None
        if self._detector is None:
            from qa_audit.scoring.learned.semantic import built_in_detector

            return built_in_detector()
        return self._detector

    @property
    def acts(self) -> ActDetector | None:
        """The detector of acts, where some check asks one: that set by `with_acts`, else the package's."""
        if not any(names_act(item.check) for item in self.items):
            return None
        return self._acts or built_in_acts()

    @property
    def asked_facts(self) -> AskedFacts:
        """What its conditions ask of the call list beside what is always at hand."""
        own = (one for item in self.items if isinstance(item.check, Rule) for one in item.check.conditions)
        facts = [one for one in (*self.conditions, *own) if isinstance(one, Fact)]
        columns = frozenset(folded(one.column) for one in facts if one.column is not None)
        return AskedFacts(FURTHER_FACTS.intersection(one.fact for one in facts), columns)

    @property
    def key(self) -> str:
        """What findings depend on: hash of the file, and of the detectors that are used; in hexadecimal."""
        used = [one.sha256 for one in (self.detector, self.acts) if one is not None]
        if not used:
            return self._sha256
        return hashlib.sha256(" ".join((self._sha256, *used)).encode()).hexdigest()

    def with_detector(self, detector: SentenceDetector) -> Rubric:
        """The same rubric with another detector."""
        other = self.model_copy()
        # Pydantic allows private attributes of frozen models to be set; the type checker does not know it.
        other._detector = detector  # pyright: ignore[reportAttributeAccessIssue]
        return other

    def with_acts(self, acts: ActDetector) -> Rubric:
        """The same rubric with another detector of acts."""
        other = self.model_copy()
        other._acts = acts  # pyright: ignore[reportAttributeAccessIssue]
        return other

    def name_of(self, item: str, lang: str = "zh") -> str:
        """Name of an item or situation in Chinese or English; its id when the rubric lacks it."""
        for one in (*self.items, *self.situations):
            if one.id == item:
                return one.name_en if lang == "en" else one.name_zh
        return item
