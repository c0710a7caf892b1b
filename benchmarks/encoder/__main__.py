"""Tune the package's encoder: `python -m benchmarks.encoder FOLDER`, or `--further`.

The folder is qa_audit/scoring/learned. Writes `encoder.npz`, tuned on the whole corpus, and
`encoder_held_out.npz`: what encoders tuned on two thirds of the families say of the last third, from which
thresholds are chosen. With `--further` the package's encoder is where tuning begins, and only sentences that
it has not seen are learned, with half as many again that it has; what is held out is a third of the new
families at a time. Then make the detector:

    python -m qa_audit.scoring.learned.built_in qa_audit/scoring/learned/weights.npz

and tune the reader of bare requests, whose lower layers are the encoder's (`bare_requests.py`).

Anew it takes about an hour on two cores that calculate in sixteen bits, three hours on others. Needs torch,
and anew the extra `[semantic]`, whose model is what tuning begins with. Sums in sixteen bits come out
otherwise on another processor: weights made again are as good, not the same. Those of the package were tuned
on the families up to ag and the calls of the writers up to ah, then further on all that came later.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np

from benchmarks.encoder.parts import FOLDS, WHOLE, tune
from qa_audit.scoring.learned.built_in import stored_held_out
from qa_audit.scoring.learned.held_out import held_out_bytes
from qa_audit.scoring.learned.readings import names_of


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--processes", default=min(os.cpu_count() or 1, FOLDS + 1), help="Networks tuned at once.")
@click.option("--further", is_flag=True, help="Begin with the package's encoder.")
def main(folder: Path, processes: int, *, further: bool) -> None:
    """Tune and write."""
    threads = max((os.cpu_count() or 1) // processes, 1)
    names, scores = ([one] for one in stored_held_out()) if further else ([], [])
    encoder = b""
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        parts = [pool.submit(tune, one, threads, further=further) for one in (WHOLE, *range(FOLDS))]
        for done in as_completed(parts):
            found = done.result()
            if isinstance(found, bytes):
                encoder = found
            else:
                names.append(names_of(found[0]))
                scores.append(found[1])
    # Not before all are done: further tuning begins with what is there.
    (folder / "encoder.npz").write_bytes(encoder)
    click.echo(f"encoder.npz: {len(encoder) / 2**20:.1f} MiB")
    held_out = held_out_bytes(np.concatenate(names), np.concatenate(scores))
    (folder / "encoder_held_out.npz").write_bytes(held_out)


if __name__ == "__main__":
    main()
