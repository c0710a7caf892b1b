"""Tune the package's encoder, in three quarters of an hour: `python -m benchmarks.encoder FOLDER`.

The folder is qa_audit/scoring/learned. Writes `encoder.npz`, tuned on the whole corpus, and
`encoder_held_out.npz`: what encoders tuned on two thirds of the families say of the last third, from which
thresholds are chosen. Then make the detector:

    python -m qa_audit.scoring.learned.built_in qa_audit/scoring/learned/weights.npz

Needs the extra `[semantic]` (its model is what tuning begins with) and torch. Sums in sixteen bits come out
otherwise on another processor: weights made again are as good, not the same.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from benchmarks.encoder.e5_file import read
from benchmarks.encoder.tune import material_of, scores_of, tuned
from qa_audit.scoring.learned.built_in import held_out_bytes
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.learned.encoder import as_bytes
from qa_audit.scoring.learned.train import built_in_training, folds_of

FOLDS = 3


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def main(folder: Path) -> None:
    """Tune and write."""
    training, file = built_in_training(), read()
    material = material_of(training, file)
    click.echo(f"{len(training)} sentences, {len(material.kept)} pieces")
    fold = folds_of(training, FOLDS)
    held_out = np.zeros((len(training), len(ITEMS)), np.float32)
    for one in range(FOLDS):
        click.echo(f"fold {one + 1} of {FOLDS}")
        network = tuned(file, material, np.flatnonzero(fold != one))
        tested = np.flatnonzero(fold == one)
        held_out[tested] = scores_of(network, [material.ids[0][row] for row in tested.tolist()])
        (folder / "encoder_held_out.npz").write_bytes(held_out_bytes(training.texts, held_out))
    click.echo("the whole corpus")
    network = tuned(file, material, np.arange(len(training)))
    content = as_bytes(material.pieces, network.stored(len(ITEMS)), file.shape.heads, file.epsilon)
    (folder / "encoder.npz").write_bytes(content)
    click.echo(f"encoder.npz: {len(content) / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
