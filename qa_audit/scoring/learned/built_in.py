"""Making the package's detector: n-grams learned from its corpus, its encoder's head, and what combines both.

    python -m qa_audit.scoring.learned.built_in FILE

takes a few minutes. Tuning the encoder itself takes an hour (`benchmarks/encoder`) and leaves, beside the
weights, what encoders that had not seen a sentence's family made of it: thresholds come from that.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.scoring.learned.encoder import built_in_encoder
from qa_audit.scoring.learned.held_out import scores_of, stored
from qa_audit.scoring.learned.semantic import Head, train_semantic
from qa_audit.scoring.learned.train import built_in_training, made_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.semantic import SemanticDetector
    from qa_audit.scoring.learned.train import Training

    Floats = NDArray[np.float64]

_FILE = "encoder_held_out.npz"


def built_in_head(training: Training) -> Head:
    """The encoder's head. Held-out scores of sentences that it was not tuned on are its own."""
    encoder = built_in_encoder()
    in_turn = np.zeros((len(training), len(encoder.head.bias)))
    heard = np.flatnonzero([bool(turn) for turn in training.turns])
    if len(heard):
        in_turn[heard] = _held_out([training.turns[row] for row in heard.tolist()])
    weights = encoder.head.weights.T.astype(np.float32)
    return Head(weights, encoder.head.bias.astype(np.float64), _held_out(training.texts), in_turn)


def _held_out(texts: Sequence[str]) -> Floats:
    return scores_of(texts, stored_held_out(), lambda new: built_in_encoder().scores(new))


def stored_held_out() -> tuple[NDArray[np.uint64], Floats]:
    """Names in order, and their scores: of all that the encoder was tuned on."""
    return stored(_FILE)


def train_built_in() -> SemanticDetector:
    """The package's detector, made anew from its corpus and its encoder."""
    training = built_in_training()
    return train_semantic(training, built_in_encoder(), built_in_head(training), made_from())


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(train_built_in().as_bytes())
