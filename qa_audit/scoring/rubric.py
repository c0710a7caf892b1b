"""What a rubric is: items, their checks and wordings, and situations; the schema of the TOML file.

What can be data (phrases, windows, weights, exceptions) stands in the file; each `kind` of check is a small
function of `qa_audit.scoring.conditions`.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator, model_validator

from qa_audit.scoring.example import Example
from qa_audit.scoring.rule_schema import Condition, ExpressionText, Manual, Rule, Section
from qa_audit.text.search import MatchTier

if TYPE_CHECKING:
    from qa_audit.scoring.learned.model import SentenceDetector

ItemId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class _Part(BaseModel, frozen=True):
    model_config = ConfigDict(extra="forbid")


def _phrases_with_words(phrases: tuple[str, ...]) -> tuple[str, ...]:
    from qa_audit.text.search import phrase

    for one in phrases:
        try:
            phrase(one)
        except ValueError:
            raise ValueError(f"empty phrase {one!r}") from None
    return phrases


def _patterns_that_compile(patterns: str | tuple[str, ...]) -> str | tuple[str, ...]:
    for pattern in (patterns,) if isinstance(patterns, str) else patterns:
        try:
            re.compile(pattern)
        except re.error as fault:
            raise ValueError(f"{pattern!r}: {fault}") from None
    return patterns


class Wording(_Part, frozen=True):
    """Ways of saying one thing, matched in normalised text: no punctuation, digits as numerals, 您 as 你."""

    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """Regular expressions over the normalised text; `^` and `$` are the ends of a turn."""
    misheard: tuple[str, ...] = ()
    """What recognisers write for it; counts as the tier `near`."""
    unless: tuple[str, ...] = ()
    """Patterns that take a hit back when they overlap it: negation, quotation, question, condition."""
    tolerance: MatchTier = "near"
    patterns_by_sound: bool = True
    """Whether the tolerance holds for patterns too: wide ones sound like too much."""
    folded: bool = False
    """Sounds that are easily confused count as equal (zh/z, n/l, ing/in …), as the tier `near`."""

    _has_words = field_validator("phrases", "misheard")(_phrases_with_words)

    _compiles = field_validator("patterns", "unless")(_patterns_that_compile)

    @property
    def empty(self) -> bool:
        """Whether nothing can ever be found."""
        return not (self.phrases or self.patterns or self.misheard)


class Likely(_Part, frozen=True):
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

    _has_words = field_validator("phrases", "unlike")(_phrases_with_words)

    _compiles = field_validator("lead", "follow")(_patterns_that_compile)


class Window(_Part, frozen=True):
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


class RequiredPart(_Part, frozen=True):
    """One thing that must be said; the parts' points share out the item's weight."""

    name: str
    points: float = Field(default=1, gt=0)
    said: Wording
    likely: Likely = Likely()
    doubtful: Wording = Wording()
    """What might be meant as this part: then it can't be told."""


class Parts(_Part, frozen=True):
    """All parts must be said by the agent in the window."""

    kind: Literal["parts"]
    window: Window = Window()
    wider: Window | None = None
    """A part found only here can't be told: the recogniser may have cut the turns otherwise."""
    parts: tuple[RequiredPart, ...] = Field(min_length=1)
    min_agent_turns: int = Field(default=1, ge=1)
    min_unknown_syllables: int = Field(default=0, ge=0)
    """Where roles are unknown: with fewer syllables in the call, a part's absence can't be told."""
    least_s: float = Field(default=0, ge=0)
    """Nobody says all parts in less time: where the window's speech is shorter, however poorly it was heard,
    what the text lacks is missing."""
    lost_edge_s: float | None = Field(default=None, gt=0)
    """Where the other side speaks first (or last) and so much of the recording lies beyond it, a turn of the
    agent's may have been lost there: then it can't be told."""
    not_when_customer_hangs_up: bool = False
    not_outbound: bool = False
    without_customer: bool = False
    """Judged even when the customer says nothing."""


class Reply(_Part, frozen=True):
    """When the customer says something, the next agent turn answers in the scripted way."""

    kind: Literal["reply"]
    to: Wording
    likely_to: Likely = Likely()
    """Beside `to`, in turns of the customer of at most `short` syllables."""
    short: int = Field(default=8, ge=1)
    said: Wording
    said_at_end: Wording = Wording()
    """Answers also accepted in reply to the last occasion."""
    after_goodbye: Wording = Wording()
    """An occasion after this was said by the agent needs no answer any more."""
    likely: Likely = Likely()
    """Beside `said`."""


class Address(_Part, frozen=True):
    """The customer is addressed as 您, never as 你."""

    kind: Literal["address"]
    greetings: tuple[str, ...] = ("^.{0,3}你好",)
    """Patterns in which a recogniser hardly tells the two apart."""
    quoted: tuple[str, ...] = ()
    """Patterns whose 你 is not said to the customer; over text with 您 and 你 told apart."""
    set_phrases: tuple[str, ...] = ()
    """Patterns in which recognisers often write 你 for 您; a 你 there weighs less."""
    misheard_rate: float = Field(default=0.08, gt=0, lt=1)
    """Share of 您 that the recogniser writes as 你, outside set phrases."""
    misheard_rate_in_set_phrases: float = Field(default=0.2, gt=0, lt=1)
    misheard_rate_in_greetings: float = Field(default=0.5, gt=0, lt=1)
    fail_below_chance: float = Field(default=0.01, gt=0, lt=1)
    """A fault only when mishearing explains the 你 with less than this probability."""
    pass_above_chance: float = Field(default=0.4, gt=0, le=1)
    """With more than this probability the 你 say nothing: as many are expected where every one was a 您."""
    usual_odds: float = 1.9
    """Where the sound was measured: log-odds that an agent of whom nothing else is known always says 您."""
    sound_slope: float = Field(default=2.0, gt=0)
    """What a unit of measured log-odds weighs near 0, where the two are told apart (`far_slope` beyond)."""
    sound_reach: float = Field(default=1.3, gt=0)
    far_slope: float = Field(default=0.4, ge=0)
    leak: float = Field(default=0.08, ge=0, lt=1)
    """Share of the places in an agent's turns that the customer says, where both are on one channel."""
    fail_above: float = Field(default=0.6, gt=0, lt=1)
    """There, a fault from this probability on that the agent says 你."""
    pass_below: float = Field(default=0.2, gt=0, lt=1)
    """There, below it the call passes; between the two it can't be told."""

    _compiles = field_validator("greetings", "quoted", "set_phrases")(_patterns_that_compile)


class Clauses(_Part, frozen=True):
    """What a clause is that makes a bare request: its verb stands first."""

    lead: str = ""
    """Pattern of words that may stand before it."""
    patterns: tuple[str, ...] = ()
    """Patterns over a clause, from where its lead ends; 您 as 你."""
    unless: tuple[str, ...] = ()
    """Patterns of clauses that are none, anywhere in them."""

    _compiles = field_validator("lead", "patterns", "unless")(_patterns_that_compile)


class Request(_Part, frozen=True):
    """Requests to the customer are made with 请, 麻烦, 能否 and the like."""

    kind: Literal["request"]
    requests: Wording
    clauses: Clauses = Clauses()
    """More requests: clauses, cut where the text has a comma or the end of a sentence."""
    not_requests: tuple[str, ...] = ()
    """Patterns that take a request back where they overlap it in its sentence."""
    polite_before: Wording
    polite_after: Wording
    likely: Likely = Likely()
    """Courtesies right before a request that the text does not have."""
    reach_before: int = Field(default=20, ge=0)
    """Characters before a request in which a courtesy covers it."""
    reach_after: int = Field(default=12, ge=0)
    polite_requests: Wording = Wording()
    """What makes the item apply although nothing is wrong."""
    doubtful: Wording = Wording()

    _compiles = field_validator("not_requests")(_patterns_that_compile)


class Hold(_Part, frozen=True):
    """Before a wait 请稍等; after a long one 让您久等了."""

    kind: Literal["hold"]
    announced: Wording
    courteous: Wording
    welcome_back: Wording
    checking: Wording
    """Words that announce that the agent goes to look something up."""
    customer_waits: Wording
    """The customer asks for the wait: then it is not the agent's."""
    likely_courteous: Likely = Likely()
    likely_back: Likely = Likely()
    long_s: float = Field(default=10, gt=0)


class Answers(_Part, frozen=True):
    """Details that are known by the question before: in the customer's next turn after it."""

    patterns: tuple[str, ...] = ()

    _compiles = field_validator("patterns")(_patterns_that_compile)


class Readback(_Part, frozen=True):
    """Details that the customer gave are read back or confirmed."""

    kind: Literal["readback"]
    asked: Wording
    confirmed: Wording
    details: Wording
    not_details: Wording = Wording()
    answers: Answers = Answers()
    likely: Likely = Likely()
    """Beside `confirmed`; its ratios hold for a detail that is read back as well."""
    likely_asked: Likely = Likely()
    """Beside `asked`."""
    min_digits: int = Field(default=6, ge=2)
    min_repeated: int = Field(default=4, ge=2)


class Banned(_Part, frozen=True):
    """Never said by the agent to the customer; every instance is evidence."""

    kind: Literal["banned"]
    said: Wording
    doubtful: Wording = Wording()
    """What may be a fault or not: a person decides."""
    abuse: Wording = Wording()
    """Critical faults (一票否决) where the item is critical."""
    unless: tuple[str, ...] = ()
    """Exceptions to all three."""
    detector: str = ""
    """Item of the sentence detector that looks for other wordings, with its thresholds; empty for none."""

    @field_validator("detector")
    @classmethod
    def _known(cls, detector: str) -> str:
        from qa_audit.scoring.learned.corpus import ITEMS

        if detector and detector not in ITEMS:
            raise ValueError(f"{detector!r} ({' | '.join(ITEMS)})")
        return detector


class Soothing(_Part, frozen=True):
    """After a complaint or an outburst of the customer: an apology or empathy in time."""

    kind: Literal["soothing"]
    trigger: Wording
    weak_trigger: Wording = Wording()
    """Signs of which several together count as a trigger."""
    weak_needed: int = Field(default=2, ge=1)
    said: Wording
    likely: Likely = Likely()
    within_turns: int = Field(default=3, ge=1)


class RingTime(_Part, frozen=True):
    """Answered in time, by the ring time of the call list."""

    kind: Literal["ring_time"]
    max_s: float = Field(default=15, gt=0)


class Interrupting(_Part, frozen=True):
    """The agent does not start over the customer's speech beyond a short overlap."""

    kind: Literal["interrupting"]
    max_overlap_s: float = Field(default=0.8, gt=0)
    times: int = Field(default=2, ge=1)
    margin_s: float = Field(default=0.3, ge=0)
    """Overlaps this near the limit can't be told from recognised times."""
    backchannel_syllables: int = Field(default=2, ge=0)


class DeadAir(_Part, frozen=True):
    """No silence beyond the limit, unless a hold phrase came before."""

    kind: Literal["dead_air"]
    hold: Wording
    max_s: float = Field(default=15, gt=0)
    max_on_hold_s: float = Field(default=60, gt=0)
    margin_s: float = Field(default=0.5, ge=0)


class SpeechRate(_Part, frozen=True):
    """Syllables a second within the band and near the customer's."""

    kind: Literal["speech_rate"]
    slowest: float = Field(default=2.5, gt=0)
    fastest: float = Field(default=6.5, gt=0)
    max_difference: float = Field(default=2.5, gt=0)
    min_syllables: int = Field(default=20, ge=1)
    margin: float = Field(default=0.4, ge=0)


class RaisedVoice(_Part, frozen=True):
    """The agent's voice does not rise above the agent's own of this call for more than a moment."""

    kind: Literal["raised_voice"]
    louder_db: float = Field(default=6, gt=0)
    """Above the median loudness of the agent's speech."""
    higher_st: float = Field(default=4, gt=0)
    """Semitones above its median pitch."""
    with_louder_db: float = 2.0
    """A higher pitch counts only where the voice is louder by this as well."""
    sustained_s: float = Field(default=1.5, gt=0)
    min_speech_s: float = Field(default=10, gt=0)
    margin: float = Field(default=0.1, ge=0, lt=1)
    """Share of a limit by which it must be passed; nearer to it, it can't be told."""


Check = Annotated[
    Parts
    | Reply
    | Address
    | Request
    | Hold
    | Readback
    | Banned
    | Soothing
    | RingTime
    | Interrupting
    | DeadAir
    | SpeechRate
    | RaisedVoice
    | Rule
    | Manual,
    Field(discriminator="kind"),
]


class Item(_Part, frozen=True):
    """One rule: what is required, where it comes from, what it weighs."""

    id: ItemId
    name_zh: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    source: str = Field(min_length=1)
    weight: float = Field(gt=0)
    """Maximum points."""
    critical: bool = False
    """A fault that the check marks as critical zeroes the call (一票否决)."""
    section: str | None = None
    """Name of the section of the standard that it belongs to."""
    applies_when: ExpressionText | None = None
    """Situations and conditions that switch the item on."""
    not_applicable_when: ExpressionText | None = None
    """Situations and conditions that switch it off."""
    bonus: bool = False
    """Points to be gained (加分项): a pass adds them, anything else costs nothing."""
    off_per_hit: float | None = Field(default=None, gt=0)
    """Points off for each place of a fault, down to none; without it a fault costs them all."""
    check: Check
    examples: tuple[Example, ...] = ()


class Faint(_Part, frozen=True):
    """The customer can hardly be heard: both limits are passed by the medians of the measured speech."""

    below_db: float = Field(default=-40, lt=0)
    """Loudness relative to full scale."""
    below_agent_db: float = Field(default=12, gt=0)


class Detect(_Part, frozen=True):
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


class ScriptPart(_Part, frozen=True):
    """Something that the agent says in the situation."""

    name: str
    said: Wording
    times: int = Field(default=1, ge=1)
    when_agent_says: Wording | None = None
    """Needed only when the agent says this."""
    when_customer_says: Wording | None = None
    """Needed only when the customer says this."""


class Situation(_Part, frozen=True):
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


class Rubric(_Part, frozen=True):
    """A rubric as read from its file."""

    id: ItemId
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
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
    _detector: SentenceDetector | None = PrivateAttr(default=None)

    @property
    def sha256(self) -> str:
        """Hash of the bytes of the file that the rubric was read from, in hexadecimal."""
        return self._sha256

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
            from qa_audit.scoring.learned.model import built_in_detector

            return built_in_detector()
        return self._detector

    @property
    def key(self) -> str:
        """What findings depend on: the file's hash, and the detector's where one is used; in hexadecimal."""
        detector = self.detector
        if detector is None:
            return self._sha256
        return hashlib.sha256(f"{self._sha256} {detector.sha256}".encode()).hexdigest()

    def with_detector(self, detector: SentenceDetector) -> Rubric:
        """The same rubric with another detector."""
        other = self.model_copy()
        # Pydantic allows private attributes of frozen models to be set; the type checker does not know it.
        other._detector = detector  # pyright: ignore[reportAttributeAccessIssue]
        return other

    def name_of(self, item: str, lang: str = "zh") -> str:
        """Name of an item or situation in Chinese or English; its id when the rubric lacks it."""
        for one in (*self.items, *self.situations):
            if one.id == item:
                return one.name_en if lang == "en" else one.name_zh
        return item
