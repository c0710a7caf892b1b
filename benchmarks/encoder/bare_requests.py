"""Tune the reader of bare requests: `python -m benchmarks.encoder.bare_requests FOLDER`.

The folder is qa_audit/scoring/learned. The reader has the lower layers of the package's encoder, as they are,
and upper ones of its own, tuned to tell all the acts of `acts.tsv` and `bare_in_calls.tsv`; what it makes of
bare requests is kept. Writes `bare_reader.npz`, tuned on all sentences, and `bare_reader_held_out.npz`: what
readers that have seen nothing of a sentence's hand, nor of its call's, say of it, a third of the hands at a
time. Then make the detector of acts:

    python -m qa_audit.scoring.learned.act_training qa_audit/scoring/learned/acts.npz

What the lower layers make of the sentences is worked out once (1.7 GB on disk, removed at the end). Takes
about an hour on two cores and needs torch.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import numpy as np
import torch

from benchmarks.encoder.beginning import PLACES, of_package
from benchmarks.encoder.network import Network
from benchmarks.encoder.tune import COPIES, Material, batches, layer_groups, optimise, padded
from qa_audit.scoring.learned.act_training import act_sentences
from qa_audit.scoring.learned.acts import ACTS, BARE
from qa_audit.scoring.learned.bare_reader import LOWER, as_bytes
from qa_audit.scoring.learned.encoder import built_in_encoder
from qa_audit.scoring.learned.held_out import held_out_bytes
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.scoring.learned.pieces import of_texts
from qa_audit.scoring.learned.readings import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.scoring.learned.act_training import ActSentences

    Rows = np.ndarray[tuple[int], np.dtype[np.int64]]
    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

FOLDS = 3
WHOLE = -1
"""The number of what is tuned on everything."""
EPOCHS, RATE = 4, 2e-4
TOGETHER = 128
"""Sentences that the lower layers read at once."""


class Sentences(NamedTuple):
    """What is learned from, as ids of pieces."""

    said: ActSentences
    material: Material

    @property
    def flat(self) -> list[list[int]]:
        """The sentences, then their copies, one set after the other."""
        return [ids for part in self.material.ids for ids in part]


class States(NamedTuple):
    """What the lower layers made of each of the flat sentences."""

    values: Floats
    """(pieces of all, width)."""
    first: Rows
    """Where each begins, and the end of the last."""

    def padded(self, which: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """(sentences, pieces, width) and sizes."""
        sizes = [int(self.first[one + 1] - self.first[one]) for one in which]
        states = np.zeros((len(which), max(sizes), self.values.shape[1]), np.float32)
        for row, (one, size) in enumerate(zip(which, sizes, strict=True)):
            states[row, :size] = self.values[self.first[one] : self.first[one + 1]]
        return torch.from_numpy(states), torch.tensor(sizes)


def sentences() -> Sentences:
    """The sentences with copies as they might be misheard."""
    said, pieces = act_sentences(), built_in_encoder().pieces
    texts = (said.texts, *(misheard(said.texts, salt=str(copy)) for copy in range(COPIES)))
    ids = tuple(of_texts(pieces, part, PLACES) for part in texts)
    return Sentences(said, Material(ids, [], torch.from_numpy(said.labels.astype(np.float32))))


def network() -> Network:
    """The package's encoder with a new head, of which the lower layers stay as they are."""
    beginning = of_package()
    arrays = {name: values for name, values in beginning.arrays.items() if not name.startswith("head")}
    return Network(beginning._replace(arrays=arrays), len(ACTS))


def states_of(flat: Sequence[list[int]], path: Path) -> None:
    """Write what the lower layers make of these, half as exact as they say it."""
    lower, first = network().eval(), _firsts(flat)
    values = np.lib.format.open_memmap(path, "w+", np.float16, (int(first[-1]), lower.places.shape[1]))
    order = np.argsort([len(one) for one in flat], kind="stable")
    with torch.no_grad():
        for start in range(0, len(order), TOGETHER):
            rows = order[start : start + TOGETHER].tolist()
            ids, sizes = padded([flat[row] for row in rows])
            states = lower.through(lower.begun(ids), sizes, lower.layers[:LOWER])
            for place, row in enumerate(rows):
                values[first[row] : first[row + 1]] = states[place, : len(flat[row])].numpy()
    values.flush()


def _firsts(flat: Sequence[list[int]]) -> Rows:
    return np.concatenate([[0], np.cumsum([len(one) for one in flat])])


def upper(reader: Network, states: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """(sentences, acts) from what the lower layers made."""
    return reader.scored(reader.through(states, sizes, reader.layers[LOWER:]), sizes)


def tuned(name: str, states: States, material: Material, chosen: Rows) -> Network:
    """A reader tuned on the chosen sentences; prints how it goes on, under a name."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    reader = network()
    count = len(material.ids[0])

    def read(rows: Rows, copies: Rows) -> torch.Tensor:
        return upper(reader, *states.padded((copies * count + rows).tolist()))

    steps = [batch for _ in range(EPOCHS) for batch in batches(material, chosen, rng)]
    reader.train()
    optimise(name, layer_groups(reader, RATE, LOWER), steps, material.targets, read)
    return reader.eval()


def scores_of(reader: Network, states: States, rows: Rows) -> Floats:
    """(rows, acts) scores of sentences."""
    found = np.zeros((len(rows), len(ACTS)), np.float32)
    order = np.argsort(np.diff(states.first)[rows], kind="stable")
    with torch.no_grad():
        for start in range(0, len(order), TOGETHER):
            some = order[start : start + TOGETHER]
            found[some] = upper(reader, *states.padded(rows[some].tolist())).numpy()
    return found


def tune(number: int, path: Path, threads: int) -> bytes | tuple[Rows, Floats]:
    """Tune on all but a fold; its sentences and their scores as bare requests, of `WHOLE` the file."""
    torch.set_num_threads(threads)
    said, material = known = sentences()
    states = States(np.load(path, mmap_mode="r"), _firsts(known.flat))
    told = (said.labels >= 0).any(axis=1)
    if number == WHOLE:
        reader = tuned("all sentences", states, material, np.flatnonzero(told))
        return as_bytes(reader.stored(), BARE, built_in_encoder().sha256)
    hands = sorted(set(said.hands.tolist()))
    tested = np.isin(said.hands, hands[number::FOLDS])
    reader = tuned(f"all but fold {number + 1}", states, material, np.flatnonzero(told & ~tested))
    rows = np.flatnonzero(tested)
    return rows, scores_of(reader, states, rows)[:, BARE]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--processes", default=min(os.cpu_count() or 1, FOLDS + 1), help="Readers tuned at once.")
def main(folder: Path, processes: int) -> None:
    """Tune and write."""
    threads = max((os.cpu_count() or 1) // processes, 1)
    known = sentences()
    held_out, content = np.zeros(len(known.said), np.float32), b""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "states.npy"
        states_of(known.flat, path)
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            parts = [pool.submit(tune, one, path, threads) for one in (WHOLE, *range(FOLDS))]
            for done in as_completed(parts):
                found = done.result()
                if isinstance(found, bytes):
                    content = found
                else:
                    held_out[found[0]] = found[1]
    (folder / "bare_reader.npz").write_bytes(content)
    click.echo(f"bare_reader.npz: {len(content) / 2**20:.1f} MiB")
    stored = held_out_bytes(names_of(known.said.texts), held_out)
    (folder / "bare_reader_held_out.npz").write_bytes(stored)


if __name__ == "__main__":
    main()
