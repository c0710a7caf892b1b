"""What a condition says of a call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa_audit.scoring.hearing import NOTHING_HEARD, Hearing
from qa_audit.scoring.wording import SURE_TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.call_text import CallText, Match
    from qa_audit.scoring.learned.acts import ActDetector
    from qa_audit.scoring.learned.model import SentenceDetector
    from qa_audit.scoring.verdicts import Evidence, Verdict
    from qa_audit.transcribe.questions import Question
    from qa_audit.transcribe.turns import Role

SURE_CONFIDENCE = 0.995
"""Of a turn from here on a person wrote or corrected the words."""
POOR_SHARE = 0.3
"""With more of their syllables in turns that were recognised too poorly, nothing can be called absent."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its evidence; `share` of the points is earned, 0 to 1."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    share: float = 0.0
    critical: bool = False
    questions: tuple[Question, ...] = ()
    """What to ask the audio, for the verdict may become another."""
    hits: int | None = None
    """Places of the fault, of which evidence may show fewer, or more than one each; None: those it shows."""

    def asking(self, questions: Iterable[Question]) -> Judgement:
        """The same judgement with questions to the audio."""
        asked = tuple(dict.fromkeys(questions))
        return replace(self, questions=asked) if asked else self


@dataclass(frozen=True, slots=True)
class Case:
    """A call as conditions see it."""

    call: CallText
    facts: CallFacts
    min_confidence: float
    """Below it, a turn's words can't be relied upon."""
    duration_s: float | None = None
    """Length of the recording, where it is known."""
    detector: SentenceDetector | None = None
    """What knows the items that the rubric gives a detector."""
    answers: NDArray[np.int8] | None = None
    """Its answers to `call.maybe_agent_sentences`: (sentences, items)."""
    acts: NDArray[np.int8] | None = None
    """What the agent does in each of them, where the rubric asks it: (sentences, acts)."""
    hearing: Hearing = NOTHING_HEARD
    """What the audio has answered."""
    act_detector: ActDetector | None = None
    """What gave `acts`, for a condition that asks about other stretches."""

    def doubtful(self, turns: Iterable[int]) -> bool:
        """Whether any of these turns was recognised too poorly to say that something is missing."""
        said, least = self.call.turns, self.min_confidence
        # What is no number is not enough either.
        return any(not said[turn].confidence >= least for turn in turns)

    def mostly_doubtful(self, turns: Sequence[int]) -> bool:
        """Whether more than `POOR_SHARE` of the syllables of these turns were recognised too poorly."""
        lines = self.call.lines
        poor = sum(len(lines[turn]) for turn in turns if self.doubtful((turn,)))
        return poor > POOR_SHARE * sum(len(lines[turn]) for turn in turns)


NOT_APPLICABLE = Judgement("not_applicable")


def as_told(judgement: Judgement, *, bonus: bool) -> Judgement:
    """The judgement of an item as findings and other items have it: a bonus not earned is no fault.

    >>> as_told(failed(()), bonus=True).verdict, as_told(failed(()), bonus=False).verdict
    ('not_applicable', 'fail')
    """
    if not bonus or judgement.verdict != "fail":
        return judgement
    return replace(judgement, verdict="not_applicable", critical=False, hits=None)


def passed(evidence: Iterable[Evidence] = ()) -> Judgement:
    """A pass with all points."""
    return Judgement("pass", tuple(evidence), 1.0)


def failed(
    evidence: Iterable[Evidence], share: float = 0.0, *, critical: bool = False, hits: int | None = None
) -> Judgement:
    """A fault; `share` of the points may still be earned."""
    return Judgement("fail", tuple(evidence), share, critical, hits=hits)


def uncertain(evidence: Iterable[Evidence] = ()) -> Judgement:
    """It can't be told: a person decides."""
    return Judgement("uncertain", tuple(evidence))


def sure(match: Match, case: Case, speaker: Role = "agent") -> bool:
    """Whether a match stands for its words: not by tolerance, said by `speaker` for certain, heard well."""
    return match.tier in SURE_TIERS and surely_heard(match.turn, case, speaker)


def surely_heard(turn: int, case: Case, speaker: Role = "agent") -> bool:
    """Whether a turn is said by `speaker` for certain and heard well."""
    return case.call.roles[turn] == speaker and not case.doubtful((turn,))


def as_written(turn: int, call: CallText) -> bool:
    """Whether the words of a turn are taken as they stand: a person wrote or corrected them."""
    return call.turns[turn].confidence >= SURE_CONFIDENCE
