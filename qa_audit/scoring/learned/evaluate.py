"""How right a detector is on wordings that it has not seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.scoring.learned.decide import decide
from qa_audit.scoring.learned.model import Scale, answers_of
from qa_audit.scoring.learned.semantic import asked_of, combined
from qa_audit.scoring.learned.train import FOLDS, folds_of, held_out_scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qa_audit.scoring.learned.semantic import Head
    from qa_audit.scoring.learned.train import Training


def held_out(training: Training, head: Head | None = None, *, folds: int = FOLDS) -> NDArray[np.int8]:
    """(sentences, items): answers (see `SentenceDetector`) of detectors that did not see the family.

    `head` is that of the model, of detectors that ask one. Weights of a fold are made from the other folds
    alone, its thresholds from the scores that the sentences of the other folds got in the same way.
    """
    fold = folds_of(training, folds)
    grams, _, _ = held_out_scores(training, folds)
    whole = grams if head is None else combined(training, grams, head, folds=folds)
    answers = np.zeros(grams.shape, np.int8)
    for one in range(folds):
        tested = fold == one
        scores = whole if head is None else asked_of(whole, grams, training, ~tested)[0]
        scales = [
            Scale(1.0, 0.0, one.fault, one.uncertain, one.slope, one.shift)
            for one in decide(scores, training, ~tested)
        ]
        answers[tested] = answers_of(scores[tested], scales)
    return answers


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of answers to sentences whose labels are known."""

    faults: int
    found: int
    unclear: int
    """Faults that are uncertain."""
    clean: int
    false: int
    """Clean sentences called a fault."""
    clean_unclear: int

    @property
    def precision(self) -> float:
        """Share of faults among what is called one."""
        return self.found / (self.found + self.false) if self.found + self.false else math.nan

    @property
    def recall(self) -> float:
        """Share of the faults that are called one."""
        return self.found / self.faults if self.faults else math.nan

    @property
    def noticed(self) -> float:
        """Share of the faults that are called one or uncertain."""
        return (self.found + self.unclear) / self.faults if self.faults else math.nan


def figures(answers: NDArray[np.int8], faults: NDArray[np.bool_]) -> Figures:
    """Count answers.

    >>> figures(np.array([1, 0, -1, 1], np.int8), np.array([True, True, True, False])).recall.__round__(2)
    0.33
    """
    return Figures(
        int(faults.sum()),
        int((answers[faults] == 1).sum()),
        int((answers[faults] == 0).sum()),
        int((~faults).sum()),
        int((answers[~faults] == 1).sum()),
        int((answers[~faults] == 0).sum()),
    )
