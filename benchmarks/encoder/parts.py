"""What is tuned, each part in a process of its own: on all sentences, and on all but a third of them."""

from __future__ import annotations

import click
import numpy as np
import torch

from benchmarks.encoder.beginning import of_e5, of_package
from benchmarks.encoder.tune import ANEW, FURTHER, material_of, scores_of, texts_of, tuned
from qa_audit.scoring.learned.built_in import stored_held_out
from qa_audit.scoring.learned.corpus import Sentence, corpus, turns
from qa_audit.scoring.learned.encoder import as_bytes
from qa_audit.scoring.learned.readings import names_of
from qa_audit.scoring.learned.train import folds_of, training_of

FOLDS = 3
WHOLE = -1
"""The number of what is tuned on everything."""
AGAIN = 0.5
"""Sentences that were learned before, to those that are new, when an encoder is tuned further."""


def tune(number: int, threads: int, *, further: bool) -> bytes | tuple[list[str], np.ndarray]:
    """Tune on all but a fold; texts of the fold and their scores, of `WHOLE` the encoder's file.

    `further`: on the sentences that the package's encoder has not seen and on some that it has; only the
    former are scored.
    """
    torch.set_num_threads(threads)
    said, new = _chosen(further=further)
    training = training_of(said)
    texts = texts_of(training)
    passes = FURTHER if further else ANEW
    beginning = (
        of_package() if further else of_e5([*(one for part in texts for one in part), *training.turns])
    )
    material = material_of(training, texts, beginning.pieces)
    if number == WHOLE:
        click.echo(f"{len(training)} sentences, {len(beginning.pieces.texts)} pieces")
        network = tuned("all sentences", beginning, material, np.arange(len(training)), passes)
        return as_bytes(beginning.pieces, network.stored(), beginning.heads, beginning.epsilon)
    fold = folds_of(training, FOLDS)
    network = tuned(f"all but fold {number + 1}", beginning, material, np.flatnonzero(fold != number), passes)
    tested = np.flatnonzero((fold == number) & new).tolist()
    read = [(training.texts[row], material.ids[0][row]) for row in tested]
    read += [(training.turns[row], material.turns[row]) for row in tested if training.turns[row]]
    return [text for text, _ in read], scores_of(network, [ids for _, ids in read])


def _chosen(*, further: bool) -> tuple[list[Sentence], np.ndarray]:
    """Sentences to be learned, and which of them are new to the encoder."""
    said = [one for one in (*corpus(), *turns()) if one.label != "either"]
    if not further:
        return said, np.ones(len(said), bool)
    new = ~np.isin(names_of([one.plain for one in said]), stored_held_out()[0])
    seen = np.flatnonzero(~new)
    again = np.random.default_rng(0).choice(seen, min(int(AGAIN * new.sum()), len(seen)), replace=False)
    rows = np.sort(np.concatenate([np.flatnonzero(new), again]))
    return [said[row] for row in rows.tolist()], new[rows]
