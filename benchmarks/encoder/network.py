"""The encoder in torch, to be tuned, and its weights as the package stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from benchmarks.encoder.e5_file import E5File

LAYERS = 6
"""Of the twelve. All of them, tuned in as many minutes, told the faults apart less well and cost twice as
much."""
PLACES = 96
"""Longest sentence in pieces."""
DROPPED = 0.1
_DICE = 16_000_000


class Dropping(nn.Module):
    """Sets a share of the numbers to zero while training. A strip of drawn masks, read from anywhere: drawing
    anew took a twelfth of the time."""

    def __init__(self) -> None:
        super().__init__()
        self.masks = (torch.rand(_DICE) >= DROPPED).float() / (1 - DROPPED)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The inputs, thinned out."""
        if not self.training:
            return inputs
        first = int(torch.randint(0, _DICE - inputs.numel(), (1,)))
        return inputs * self.masks[first : first + inputs.numel()].view(inputs.shape).to(inputs.dtype)


class Layer(nn.Module):
    """One layer of a BERT (Devlin et al. 2019)."""

    def __init__(self, width: int, inner: int, heads: int, epsilon: float, dropping: Dropping) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)
        self.attended = nn.LayerNorm(width, epsilon)
        self.widen = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)
        self.normed = nn.LayerNorm(width, epsilon)
        self.heads = heads
        self.dropping = dropping

    def forward(self, states: torch.Tensor, outside: torch.Tensor) -> torch.Tensor:
        """(sentences, pieces, width) → the same. Attention by hand: torch's own took a third of the time for
        sentences so short."""
        sentences, pieces, width = states.shape
        joined = self.query_key_value(states).view(sentences, pieces, 3, self.heads, width // self.heads)
        query, key, value = joined.permute(2, 0, 3, 1, 4)
        weights = (query * (width // self.heads) ** -0.5) @ key.transpose(-1, -2)
        weights = (weights.float() + outside).softmax(-1).to(weights.dtype)
        seen = (weights @ value).transpose(1, 2).reshape(states.shape)
        states = self.attended(states + self.dropping(self.output(seen)).float())
        inner = nn.functional.gelu(self.widen(states), approximate="tanh")
        return self.normed(states + self.dropping(self.narrow(inner)).float())


class Network(nn.Module):
    """Words, places, layers, mean, head. The words stay as they are: the corpus has few of them."""

    def __init__(self, file: E5File, kept: NDArray[np.int64], scores: int) -> None:
        super().__init__()
        shape = file.shape
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(file.words[kept]), freeze=True)
        places = file.floats("emb.pos", shape.places * shape.width).reshape(-1, shape.width)[:PLACES]
        self.places = nn.Parameter(torch.from_numpy(places + file.floats("emb.type", shape.width)))
        self.dropping = Dropping()
        self.first = nn.LayerNorm(shape.width, file.epsilon)
        _put(self.first, file.floats("emb.ln.w", shape.width), file.floats("emb.ln.b", shape.width))
        self.layers = nn.ModuleList(self._layer(file, layer) for layer in range(LAYERS))
        self.head = nn.Linear(shape.width, scores)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def _layer(self, file: E5File, number: int) -> Layer:
        width, inner = file.shape.width, file.shape.inner
        layer = Layer(width, inner, file.shape.heads, file.epsilon, self.dropping)

        def linear(name: str, rows: int, columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
            name = f"l{number}.{name}"
            return file.matrix(f"{name}.w", rows, columns), file.floats(f"{name}.b", rows)

        parts = [linear(name, width, width) for name in ("q", "k", "v")]
        _put(layer.query_key_value, *(np.concatenate(part) for part in zip(*parts, strict=True)))
        _put(layer.output, *linear("ao", width, width))
        _put(layer.widen, *linear("fi", inner, width))
        _put(layer.narrow, *linear("fo", width, inner))
        for norm, name in ((layer.attended, "aln"), (layer.normed, "oln")):
            _put(norm, *(file.floats(f"l{number}.{name}.{part}", width) for part in "wb"))
        return layer

    def forward(self, ids: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
        """(sentences, scores) of padded ids."""
        pieces = ids.shape[1]
        inside = torch.arange(pieces)[None] < sizes[:, None]
        outside = torch.where(inside, 0.0, -1e4)[:, None, None, :]
        states = self.dropping(self.first(self.words(ids) + self.places[:pieces]))
        for layer in self.layers:
            states = layer(states, outside)
        vectors = (states * inside[..., None]).sum(1) / sizes[:, None]
        return self.head(self.dropping(vectors).float())

    def stored(self) -> Mapping[str, NDArray[np.float32]]:
        """The arrays of an encoder's file."""
        arrays = {"words": self.words.weight, "places": self.places}
        arrays |= {"first.scale": self.first.weight, "first.bias": self.first.bias}
        for number, layer in enumerate(self.layers):
            for name, part in layer.named_children():
                if isinstance(part, nn.Linear):
                    arrays[f"{number}.{name}"] = part.weight
                elif isinstance(part, nn.LayerNorm):
                    arrays[f"{number}.{name}.scale"] = part.weight
                if isinstance(part, nn.Linear | nn.LayerNorm):
                    arrays[f"{number}.{name}.bias"] = part.bias
        arrays |= {"head": self.head.weight, "head.bias": self.head.bias}
        return {name: values.detach().float().numpy() for name, values in arrays.items()}


def _put(module: nn.Linear | nn.LayerNorm, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> None:
    module.weight.data, module.bias.data = torch.from_numpy(weight), torch.from_numpy(bias)
