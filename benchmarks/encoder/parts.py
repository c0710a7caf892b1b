"""What is tuned, each part in a process of its own: on the whole corpus, and on all but a third of it."""

from __future__ import annotations

import click
import numpy as np
import torch

from benchmarks.encoder.e5_file import read
from benchmarks.encoder.tune import material_of, scores_of, tuned
from qa_audit.scoring.learned.corpus import corpus, turns
from qa_audit.scoring.learned.encoder import as_bytes
from qa_audit.scoring.learned.train import folds_of, training_of

FOLDS = 3
WHOLE = -1
"""The number of what is tuned on everything."""


def tune(number: int, threads: int) -> bytes | tuple[list[str], np.ndarray]:
    """Tune on all but a fold; texts of the fold and their scores, of `WHOLE` the encoder's file."""
    torch.set_num_threads(threads)
    training, file = training_of((*corpus(), *turns())), read()
    material = material_of(training, file)
    if number == WHOLE:
        click.echo(f"{len(training)} sentences, {len(material.kept)} pieces")
        network = tuned("the whole corpus", file, material, np.arange(len(training)))
        return as_bytes(material.pieces, network.stored(), file.shape.heads, file.epsilon)
    fold = folds_of(training, FOLDS)
    network = tuned(f"all but fold {number + 1}", file, material, np.flatnonzero(fold != number))
    tested = np.flatnonzero(fold == number).tolist()
    said = [(training.texts[row], material.ids[0][row]) for row in tested]
    said += [(training.turns[row], material.turns[row]) for row in tested if training.turns[row]]
    return [text for text, _ in said], scores_of(network, [ids for _, ids in said])
