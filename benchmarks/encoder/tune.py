"""Tuning the network on the corpus: which pieces, which batches, which rate."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import numpy as np
import torch
from torch import nn

from benchmarks.encoder.beginning import PLACES
from benchmarks.encoder.network import Network
from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.learned.misheard import misheard
from qa_audit.scoring.learned.pieces import of_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.encoder.beginning import Beginning
    from qa_audit.scoring.learned.pieces import Pieces
    from qa_audit.scoring.learned.train import Training

    Rows = np.ndarray[tuple[int], np.dtype[np.int64]]

BATCH = 32
BELOW, HEAD = 0.9, 5
WARMING = 0.08
COPIES = 3
"""Copies of each sentence as it might be misheard."""
MISHEARD = 0.35
"""Chance that one of them stands in its sentence's place."""
LIKE_LONG = 40
"""So many batches are cut from sentences that are sorted by length together."""


class Passes(NamedTuple):
    """How often and how fast."""

    epochs: int
    rate: float
    """Of the last layer; of each layer below `BELOW` of the one above, of the head `HEAD` times as much."""


ANEW = Passes(4, 2e-4)
FURTHER = Passes(2, 1.5e-4)
"""Of an encoder that was tuned before."""


@dataclass(frozen=True)
class Material:
    """Sentences as ids of pieces, each set of copies in the same order."""

    ids: tuple[list[list[int]], ...]
    """The sentences, then the sets of copies."""
    turns: list[list[int]]
    """Of sentences of calls, those before and after in the turn too."""
    targets: torch.Tensor
    """(sentences, items and one for a fault of any): 1 fault, 0 clean, -1 not known."""


def texts_of(training: Training) -> list[Sequence[str]]:
    """The sentences and the sets of their copies as they might be misheard, each in the same order."""
    return [training.texts, *(misheard(training.texts, salt=str(copy)) for copy in range(COPIES))]


def material_of(training: Training, texts: Sequence[Sequence[str]], pieces: Pieces) -> Material:
    """Make ready a training and its `texts_of`."""
    *ids, turns = (of_texts(pieces, part, PLACES) for part in (*texts, training.turns))
    labels = training.labels.astype(np.float32)
    fault = (training.labels == 1).any(axis=1)
    targets = torch.from_numpy(np.column_stack([labels, fault]).astype(np.float32))
    return Material(tuple(ids), turns, targets)


def tuned(
    name: str, beginning: Beginning, material: Material, chosen: Rows, passes: Passes, *, seed: int = 0
) -> Network:
    """A network tuned on the chosen sentences; prints how it goes on, under a name."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Network(beginning, len(ITEMS) + 1)

    def read(rows: Rows, copies: Rows) -> torch.Tensor:
        with _rounding():
            return network(*padded([material.ids[copy][row] for row, copy in zip(rows, copies, strict=True)]))

    steps = [batch for _ in range(passes.epochs) for batch in batches(material, chosen, rng)]
    network.train()
    optimise(name, _groups(network, passes.rate), steps, material.targets, read)
    return network.eval()


def optimise(
    name: str,
    groups: Sequence[dict[str, Any]],
    steps: Sequence[tuple[Rows, Rows]],
    targets: torch.Tensor,
    read: Callable[[Rows, Rows], torch.Tensor],
) -> None:
    """Tune these groups of parameters, a step a batch (rows, and which copy of each); prints how it goes on.

    `read` makes scores of a batch; rates rise while warming and then fall.
    """
    optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    rates = [group["lr"] for group in groups]
    parameters = [part for group in groups for part in group["params"]]
    began, mean = time.monotonic(), 0.0
    for step, (rows, copies) in enumerate(steps):
        slope = min(1.0, (step + 1) / (WARMING * len(steps))) * (1 - step / len(steps))
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * slope
        wanted = targets[rows]
        loss = nn.functional.binary_cross_entropy_with_logits(
            read(rows, copies).float(), wanted.clamp(0), weight=(wanted >= 0).float(), reduction="sum"
        ) / len(rows)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        mean += (loss.item() - mean) * (0.02 if step else 1.0)
        if (step + 1) % 500 == 0:
            passed_s = time.monotonic() - began
            click.echo(f"{name}: step {step + 1} of {len(steps)}, loss {mean:.3f}, {passed_s:.0f} s")


def scores_of(network: Network, sentences: Sequence[list[int]]) -> np.ndarray:
    """(sentences, items and one for a fault of any) scores."""
    found = np.zeros((len(sentences), len(ITEMS) + 1), np.float32)
    order = np.argsort([len(one) for one in sentences], kind="stable")
    with torch.no_grad(), _rounding():
        for first in range(0, len(order), 4 * BATCH):
            rows = order[first : first + 4 * BATCH]
            scores = network(*padded([sentences[row] for row in rows.tolist()]))
            found[rows] = scores.float().numpy()
    return found


def _rounding() -> torch.autocast:
    """Sums in sixteen bits, where the processor has them: others take ten times as long for it."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _groups(network: Network, top: float) -> list[dict[str, Any]]:
    below = [network.places, *network.first.parameters()]
    rate = top * BELOW ** len(network.layers)
    return [*layer_groups(network, top), {"params": below, "lr": rate, "weight_decay": 0.0}]


def layer_groups(network: Network, top: float, lowest: int = 0) -> list[dict[str, Any]]:
    """Parameters of the layers from `lowest` on and of the head, with rates; `top` that of the last layer."""
    groups: list[dict[str, Any]] = []
    for number in range(lowest, len(network.layers)):
        rate = top * BELOW ** (len(network.layers) - 1 - number)
        groups += (
            {"params": [part], "lr": rate, "weight_decay": 0.01 if part.dim() > 1 else 0.0}
            for part in network.layers[number].parameters()
        )
    return [*groups, {"params": [*network.head.parameters()], "lr": top * HEAD, "weight_decay": 0.01}]


def batches(material: Material, chosen: Rows, rng: np.random.Generator) -> Iterator[tuple[Rows, Rows]]:
    """Rows of a batch and which copy of each, sentences of like length together, in no order."""
    rows = rng.permutation(chosen)
    copies = np.where(rng.random(len(rows)) < MISHEARD, rng.integers(1, COPIES + 1, len(rows)), 0)
    cut = []
    for first in range(0, len(rows), LIKE_LONG * BATCH):
        places = np.arange(first, min(first + LIKE_LONG * BATCH, len(rows)))
        sizes = [len(material.ids[copies[place]][rows[place]]) for place in places]
        places = places[np.argsort(sizes, kind="stable")]
        cut += [places[start : start + BATCH] for start in range(0, len(places), BATCH)]
    for number in rng.permutation(len(cut)):
        yield rows[cut[number]], copies[cut[number]]


def padded(sentences: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """(sentences, pieces) ids and the sizes."""
    longest = max(map(len, sentences))
    ids = torch.tensor([one + [0] * (longest - len(one)) for one in sentences])
    return ids, torch.tensor([len(one) for one in sentences])
