"""The kinds of check that an item may have; each `kind` is a function of `qa_audit.scoring.conditions`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from qa_audit.scoring.learned.acts import Act
from qa_audit.scoring.rule_schema import Manual, Rule
from qa_audit.scoring.said import Clauses, Likely, Part, Window, Wording, patterns_that_compile


def names_act(part: object) -> bool:
    """Whether a check, or any part of one, asks what the agent does with a sentence.

    One with a detector asks it of sentences that are in doubt.
    """
    if isinstance(part, tuple):
        return any(map(names_act, part))
    if not isinstance(part, Part):
        return False
    if isinstance(part, Banned) and part.detector:
        return True
    return getattr(part, "act", None) is not None or any(
        names_act(getattr(part, name)) for name in type(part).model_fields
    )


class RequiredPart(Part, frozen=True):
    """One thing that must be said; the parts' points share out the item's weight."""

    name: str
    points: float = Field(default=1, gt=0)
    said: Wording
    likely: Likely = Likely()
    doubtful: Wording = Wording()
    """What might be meant as this part: then it can't be told."""


class Parts(Part, frozen=True):
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


class Reply(Part, frozen=True):
    """When the customer says something, the next agent turn answers in the scripted way."""

    kind: Literal["reply"]
    to: Wording
    likely_to: Likely = Likely()
    """Beside `to`, in the last `short` syllables of the customer's turns."""
    short: int = Field(default=8, ge=1)
    said: Wording
    said_at_end: Wording = Wording()
    """Answers also accepted in reply to the last occasion."""
    after_goodbye: Wording = Wording()
    """An occasion after this was said by the agent needs no answer any more."""
    likely: Likely = Likely()
    """Beside `said`."""


class Address(Part, frozen=True):
    """The customer is addressed as 您, never as 你."""

    kind: Literal["address"]
    greetings: tuple[str, ...] = ("^.{0,3}你好",)
    """Patterns in which a recogniser hardly tells the two apart."""
    quoted: tuple[str, ...] = ()
    """Patterns whose 你 is not said to the customer; over text with 您 and 你 told apart."""
    quoted_clauses: tuple[str, ...] = ()
    """The same over clauses of what was recognised, cut where it has a comma or the end of a sentence; words
    that a person wrote are not looked for in them."""
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
    fail_above: float = Field(default=0.5, gt=0, lt=1)
    """There, a fault from this probability on that the agent says 你: of 153 spoken calls none without a
    fault has it, and three with one lie between it and 0.6."""
    pass_below: float = Field(default=0.2, gt=0, lt=1)
    """There, below it the call passes; between the two it can't be told."""

    _compiles = field_validator("greetings", "quoted", "quoted_clauses", "set_phrases")(patterns_that_compile)


class Request(Part, frozen=True):
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
    act: Act | None = None
    """What a sentence without courtesy does that asks for something in other words."""
    polite_requests: Wording = Wording()
    """What makes the item apply although nothing is wrong."""
    doubtful: Wording = Wording()

    _compiles = field_validator("not_requests")(patterns_that_compile)


class Hold(Part, frozen=True):
    """Before a wait 请稍等; after a long one 让您久等了."""

    kind: Literal["hold"]
    announced: Wording
    courteous: Wording
    welcome_back: Wording
    checking: Wording
    """Words that announce that the agent goes to look something up."""
    excused: Wording = Wording()
    """Words that ask for patience where the agent falls silent, and elsewhere announce no wait."""
    customer_waits: Wording
    """The customer asks for the wait: then it is not the agent's."""
    tasks: Wording = Wording()
    """What the agent asks the customer to do meanwhile: then the wait is not the agent's either."""
    asked_after: Wording = Wording()
    """What a customer says who waited for the agent all the same."""
    likely_courteous: Likely = Likely()
    likely_back: Likely = Likely()
    long_s: float = Field(default=10, gt=0)


class Answers(Part, frozen=True):
    """Details that are known by the question before: in the customer's next turn after it."""

    patterns: tuple[str, ...] = ()

    _compiles = field_validator("patterns")(patterns_that_compile)


class Readback(Part, frozen=True):
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


class Banned(Part, frozen=True):
    """Never said by the agent to the customer; every instance is evidence."""

    kind: Literal["banned"]
    said: Wording
    doubtful: Wording = Wording()
    """What may be a fault or not: a person decides."""
    abuse: Wording = Wording()
    """Critical faults (一票否决) where the item is critical."""
    ambiguous_abuse: Wording = Wording()
    """The same of words that others hold (有病 in 病历), where the detector does not clear the sentence."""
    unless: tuple[str, ...] = ()
    """Exceptions to all of them."""
    detector: str = ""
    """Item of the sentence detector that looks for other wordings, with its thresholds; empty for none."""

    @field_validator("detector")
    @classmethod
    def _known(cls, detector: str) -> str:
        from qa_audit.scoring.learned.corpus import ITEMS

        if detector and detector not in ITEMS:
            raise ValueError(f"{detector!r} ({' | '.join(ITEMS)})")
        return detector


class Soothing(Part, frozen=True):
    """After a complaint or an outburst of the customer: an apology or empathy in time."""

    kind: Literal["soothing"]
    trigger: Wording
    weak_trigger: Wording = Wording()
    """Signs of which several together count as a trigger."""
    weak_needed: int = Field(default=2, ge=1)
    said: Wording
    said_exactly: Wording = Wording()
    """Words for it that sound like many others."""
    likely: Likely = Likely()
    within_turns: int = Field(default=3, ge=1)


class RingTime(Part, frozen=True):
    """Answered in time, by the ring time of the call list."""

    kind: Literal["ring_time"]
    max_s: float = Field(default=15, gt=0)


class Interrupting(Part, frozen=True):
    """The agent does not start over the customer's speech beyond a short overlap."""

    kind: Literal["interrupting"]
    max_overlap_s: float = Field(default=0.8, gt=0)
    times: int = Field(default=2, ge=1)
    margin_s: float = Field(default=0.3, ge=0)
    """Overlaps this near the limit can't be told from recognised times."""
    backchannel_syllables: int = Field(default=2, ge=0)


class DeadAir(Part, frozen=True):
    """No silence beyond the limit, unless a hold phrase came before."""

    kind: Literal["dead_air"]
    hold: Wording
    max_s: float = Field(default=15, gt=0)
    max_on_hold_s: float = Field(default=60, gt=0)
    margin_s: float = Field(default=0.5, ge=0)


class SpeechRate(Part, frozen=True):
    """Syllables a second within the band and near the customer's."""

    kind: Literal["speech_rate"]
    slowest: float = Field(default=2.5, gt=0)
    fastest: float = Field(default=6.5, gt=0)
    max_difference: float = Field(default=2.5, gt=0)
    min_syllables: int = Field(default=20, ge=1)
    margin: float = Field(default=0.4, ge=0)


class RaisedVoice(Part, frozen=True):
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
