"""The encoder in torch, to be tuned, and its weights as the package stores them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from benchmarks.encoder.beginning import Beginning

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


def _inside(states: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    return torch.arange(states.shape[1])[None] < sizes[:, None]


class Network(nn.Module):
    """Words, places, layers, mean, head. The words stay as they are: the corpus has few of them."""

    def __init__(self, beginning: Beginning, scores: int) -> None:
        super().__init__()
        arrays = beginning.arrays
        width, inner = arrays["words"].shape[1], len(arrays["0.widen"])
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(arrays["words"]), freeze=True)
        self.places = nn.Parameter(torch.from_numpy(arrays["places"].copy()))
        self.dropping = Dropping()
        self.first = nn.LayerNorm(width, beginning.epsilon)
        self.layers = nn.ModuleList(
            Layer(width, inner, beginning.heads, beginning.epsilon, self.dropping)
            for _ in range(sum(name.endswith(".output") for name in arrays))
        )
        self.head = nn.Linear(width, scores)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)
        for name, part in self._parts():
            if f"{name}.bias" in arrays:
                weights = name if isinstance(part, nn.Linear) else f"{name}.scale"
                part.weight.data = torch.from_numpy(arrays[weights].copy())
                part.bias.data = torch.from_numpy(arrays[f"{name}.bias"].copy())

    def _parts(self) -> Iterator[tuple[str, nn.Linear | nn.LayerNorm]]:
        """Linear parts and norms, by their names in a file."""
        yield "first", self.first
        yield "head", self.head
        for number, layer in enumerate(self.layers):
            for name, part in layer.named_children():
                if isinstance(part, nn.Linear | nn.LayerNorm):
                    yield f"{number}.{name}", part

    def forward(self, ids: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
        """(sentences, scores) of padded ids."""
        return self.scored(self.through(self.begun(ids), sizes, self.layers), sizes)

    def begun(self, ids: torch.Tensor) -> torch.Tensor:
        """(sentences, pieces, width) of padded ids, before any layer."""
        return self.dropping(self.first(self.words(ids) + self.places[: ids.shape[1]]))

    @staticmethod
    def through(states: torch.Tensor, sizes: torch.Tensor, layers: Iterable[nn.Module]) -> torch.Tensor:
        """The same after these layers."""
        outside = torch.where(_inside(states, sizes), 0.0, -1e4)[:, None, None, :]
        for layer in layers:
            states = layer(states, outside)
        return states

    def scored(self, states: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
        """(sentences, scores) of the means of what the last layer made."""
        vectors = (states * _inside(states, sizes)[..., None]).sum(1) / sizes[:, None]
        return self.head(self.dropping(vectors).float())

    def stored(self) -> Mapping[str, NDArray[np.float32]]:
        """The arrays of an encoder's file."""
        arrays = {"words": self.words.weight, "places": self.places}
        for name, part in self._parts():
            arrays[name if isinstance(part, nn.Linear) else f"{name}.scale"] = part.weight
            arrays[f"{name}.bias"] = part.bias
        return {name: values.detach().float().numpy() for name, values in arrays.items()}
