"""What the audio says where a verdict hangs on words that the text lacks: questions, and reading the answers.

Scoring never touches audio. A condition asks (`Hearing.ask`); what has been answered before decides, the rest
is given back with the call's score as questions, for an engine to answer (`transcribe.answering`). How an
answer is read was learnt from labelled calls for each model (`benchmarks/acoustic.py`, `hearing.toml`); about
a model without such a reading nothing is asked.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, NamedTuple

from qa_audit.scoring.verdicts import Evidence
from qa_audit.transcribe.questions import Answer, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Says = Literal["yes", "unclear", "hardly", "no", "unasked"]
READINGS_FILE = "hearing.toml"
_NUMBERS = ("intercept", "gain", "lead", "distance", "yes", "doubt", "no")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a model's answers are read: log-odds that a phrase was said, and from where on they decide."""

    model: str
    intercept: float
    gain: float
    """Weights of what an answer measures a syllable."""
    lead: float
    distance: float
    yes: float
    """From these log-odds on it was said."""
    doubt: float
    """From these on it can't be told; below, what the text lacks is missing."""
    no: float
    """Below these it was not said, even if the text has something like it."""

    def log_odds(self, answer: Answer, turns: int = 1) -> float:
        """Natural logarithm of the odds that the phrase was said, when so many turns were asked for it.

        It was learnt of single turns; the more there are, the likelier one of them sounds a little like it.

        >>> reading = Reading("toy", -1.0, 2.0, 0.0, 0.0, yes=1.0, doubt=0.0, no=-1.0)
        >>> reading.log_odds(Answer("q", 0, "再见", "在建", 0.0, 1.0, 2, 0.0, gain=4.0, lead=9.0))
        3.0
        """
        each = max(answer.syllables, 1)
        return (
            self.intercept
            + self.gain * answer.gain / each
            + self.lead * answer.lead / each
            + self.distance * answer.distance
            - math.log(turns)
        )

    def says(self, answer: Answer, turns: int = 1) -> Says:
        """Was the phrase said in one of so many turns?"""
        odds = self.log_odds(answer, turns)
        if odds >= self.yes:
            return "yes"
        if odds >= self.doubt:
            return "unclear"
        return "no" if odds < self.no else "hardly"


class Heard(NamedTuple):
    """What the audio says to a question; `evidence` is there when it was answered."""

    says: Says
    question: Question | None = None
    evidence: Evidence | None = None

    @property
    def open(self) -> tuple[Question, ...]:
        """The question, if it still has to be answered."""
        return (self.question,) if self.says == "unasked" and self.question is not None else ()

    @property
    def shown(self) -> tuple[Evidence, ...]:
        """The evidence, if any."""
        return () if self.evidence is None else (self.evidence,)


NOT_HEARD = Heard("unasked")
"""Nothing was asked."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the audio of one call has answered so far."""

    reading: Reading | None = None
    """None: nothing is asked of this call."""
    answers: Mapping[str, Answer | None] = field(default_factory=dict)
    """By the id of the question; None where nothing could be heard."""

    def ask(self, turns: Iterable[int], phrases: Sequence[str]) -> Heard:
        """Was one of the phrases said in one of the turns?"""
        question = Question(tuple(turns), tuple(phrases))
        if self.reading is None or not question.turns or not question.phrases:
            return NOT_HEARD
        if not self.answers or question.id not in self.answers:
            return Heard("unasked", question)
        answer = self.answers[question.id]
        if answer is None:
            return NOT_HEARD
        odds = self.reading.log_odds(answer, len(question.turns))
        quote = f"{answer.phrase} ({odds:+.1f})"
        evidence = Evidence(answer.turn, answer.start_s, answer.end_s, quote, "acoustic")
        return Heard(self.reading.says(answer, len(question.turns)), question, evidence)


NOTHING_HEARD = Hearing()
"""Of a call without audio."""


@cache
def readings() -> Mapping[str, Reading]:
    """How the answers of each model are read, by its name, as learnt from labelled calls."""
    text = resources.files(__package__ or "").joinpath(READINGS_FILE).read_text("utf-8")
    return {
        name: Reading(name, **{key: float(row[key]) for key in _NUMBERS})
        for name, row in tomllib.loads(text).items()
    }


def answers_key(model: str, answers: Mapping[str, Answer | None]) -> str:
    """What findings depend on beside the turns: the answers and how they are read; empty without answers.

    >>> answers_key("base", {})
    ''
    """
    reading = readings().get(model)
    if not answers or reading is None:
        return ""
    said = sorted((question, answer and astuple(answer)) for question, answer in answers.items())
    return hashlib.sha256(repr((astuple(reading), said)).encode()).hexdigest()[:16]
