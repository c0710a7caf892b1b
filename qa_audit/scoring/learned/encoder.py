"""The package's own model of sentences: a small transformer, tuned on the corpus, run by numpy alone.

It began as the lower half of multilingual-e5-small (Wang et al. 2024, MIT), a BERT (Devlin et al. 2019) that
knows Chinese from far more text than a corpus of faults can hold, and was tuned to tell the faults apart
(`benchmarks/encoder`). A vector is the mean of a sentence's last layer; the head that it was tuned
with makes an item's score of it. Weights are stored in eight bits, a scale a row.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.model import DAMAGED
from qa_audit.scoring.learned.pieces import Pieces, of_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

BUILT_IN = "qa-audit"
"""Stands for the package's encoder where a detector names its model."""
_FILE = "encoder.npz"
TOKENS = 1024
"""Pieces worked on at once: more would leave the processor's cache."""
_GELU = float(np.sqrt(2 / np.pi))


class Linear(NamedTuple):
    """x → x @ weights + bias."""

    weights: Floats
    """(in, out)."""
    bias: Floats

    def __call__(self, inputs: Floats) -> Floats:
        """(…, in) → (…, out)."""
        # As one matrix: numpy multiplies a stack of small ones one by one, which took a third longer.
        made = inputs.reshape(-1, inputs.shape[-1]) @ self.weights
        made += self.bias
        return made.reshape(*inputs.shape[:-1], -1)


class Norm(NamedTuple):
    """Each row to mean 0 and variance 1, then scaled and moved (Ba et al. 2016)."""

    scale: Floats
    bias: Floats
    epsilon: float

    def __call__(self, inputs: Floats) -> Floats:
        """The same shape."""
        inputs = inputs - inputs.mean(axis=-1, keepdims=True)
        variance = np.einsum("...i,...i->...", inputs, inputs)[..., None] / inputs.shape[-1]
        return inputs / np.sqrt(variance + np.float32(self.epsilon)) * self.scale + self.bias


class Layer(NamedTuple):
    """One layer of a BERT."""

    query_key_value: Linear
    output: Linear
    attended: Norm
    widen: Linear
    narrow: Linear
    normed: Norm

    def __call__(self, states: Floats, outside: Floats, heads: int) -> Floats:
        """(sentences, pieces, width) → the same; `outside` is added to attention, -inf on padding."""
        sentences, pieces, width = states.shape
        joined = self.query_key_value(states).reshape(sentences, pieces, 3, heads, width // heads)
        query, key, value = joined.transpose(2, 0, 3, 1, 4)
        weights = query @ key.swapaxes(-1, -2) * np.float32((width // heads) ** -0.5) + outside
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        seen = (weights @ value).transpose(0, 2, 1, 3).reshape(states.shape)
        states = self.attended(states + self.output(seen))
        return self.normed(states + self.narrow(_gelu(self.widen(states))))


def _gelu(inputs: Floats) -> Floats:
    """x Φ(x), by the approximation with tanh (Hendrycks and Gimpel 2016)."""
    # In place, and not by `**`: a power took two thirds of a sentence's time.
    made = inputs * inputs
    made *= np.float32(0.044715)
    made += 1
    made *= inputs
    made *= np.float32(_GELU)
    np.tanh(made, out=made)
    made += 1
    made *= inputs
    made *= np.float32(0.5)
    return made


@dataclass(frozen=True)
class Encoder:
    """An encoder in memory. See `Embedder`."""

    pieces: Pieces
    words: NDArray[np.int8]
    """(pieces, width)."""
    word_scales: Floats
    places: Floats
    """(most pieces of a sentence, width), what all words have in common in them."""
    first: Norm
    layers: tuple[Layer, ...]
    attention_heads: int
    head: Linear
    """Scores of the items, and of a fault of any."""
    sha256: str
    where: str = BUILT_IN

    @property
    def width(self) -> int:
        """Dimensions of a vector."""
        return self.words.shape[1]

    def vectors(self, sentences: Sequence[str]) -> Floats:
        """(sentences, width) of normalised sentences, none empty.

        A vector depends on its sentence alone, but for rounding in the seventh digit.
        """
        ids = of_texts(self.pieces, sentences, len(self.places))
        sizes = np.array([len(one) for one in ids], np.int64)
        vectors = np.zeros((len(ids), self.width), np.float32)
        order = np.argsort(sizes, kind="stable")
        first = 0
        while first < len(order):
            # As many as fit if all are as long as the longest of them.
            longest = sizes[order[first:]] * np.arange(1, len(order) - first + 1)
            last = first + max(int(np.searchsorted(longest, TOKENS, side="right")), 1)
            batch = order[first:last]
            vectors[batch] = self._batch([ids[place] for place in batch.tolist()], sizes[batch])
            first = last
        return vectors

    def scores(self, sentences: Sequence[str]) -> Floats:
        """(sentences, items and one more): logarithm of the odds that a sentence is a fault, as it was tuned;
        last of the odds that it is one of any item."""
        return self.head(self.vectors(sentences))

    def _batch(self, ids: Sequence[Sequence[int]], sizes: NDArray[np.int64]) -> Floats:
        pieces = int(sizes.max())
        padded = np.zeros((len(ids), pieces), np.int64)
        inside = np.arange(pieces) < sizes[:, None]
        padded[inside] = np.concatenate(ids)
        states = self.words[padded] * self.word_scales[padded][..., None] + self.places[:pieces]
        states = self.first(states)
        outside = np.where(inside, np.float32(0), np.float32(-np.inf))[:, None, None, :]
        for layer in self.layers:
            states = layer(states, outside, self.attention_heads)
        return np.einsum("spw,sp->sw", states, inside.astype(np.float32)) / sizes[:, None].astype(np.float32)


def rounded(weights: Floats) -> tuple[NDArray[np.int8], Floats]:
    """(rows, columns) in eight bits, and the scale of each row.

    >>> values, scales = rounded(np.array([[1.0, -2.0], [0.0, 0.0]], np.float32))
    >>> values.tolist(), [round(one, 4) for one in scales.tolist()]
    ([[64, -127], [0, 0]], [0.0157, 0.0])
    """
    scales = np.abs(weights).max(axis=1) / 127
    values = np.rint(weights / np.where(scales > 0, scales, 1)[:, None])
    return values.astype(np.int8), scales.astype(np.float32)


_WHOLE = ("places", "head")
"""Not rounded."""


def as_bytes(
    pieces: Pieces, arrays: Mapping[str, NDArray[np.generic]], attention_heads: int, epsilon: float
) -> bytes:
    """The file of an encoder; two-dimensional arrays are rounded to eight bits, but for `_WHOLE`.

    The names of `arrays` are those that `from_bytes` reads; matrices are (out, in).
    """
    form = {
        "attention_heads": attention_heads,
        "epsilon": epsilon,
        "layers": sum(one.endswith(".output") for one in arrays),
    }
    texts = json.dumps([form, pieces.texts], ensure_ascii=False)
    file = io.BytesIO()
    np.savez_compressed(
        file,
        allow_pickle=False,
        form=np.frombuffer(texts.encode(), np.uint8),
        scores=np.array(pieces.scores, np.float32),
        **stored_arrays(arrays),
    )
    return file.getvalue()


def stored_arrays(arrays: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.generic]]:
    """Arrays as a file holds them: matrices rounded to eight bits with their scales, but for `_WHOLE`."""
    stored: dict[str, NDArray[np.generic]] = {}
    for name, values in arrays.items():
        if values.ndim == 2 and name not in _WHOLE:
            stored[name], stored[f"{name}.scale"] = rounded(values.astype(np.float32))
        else:
            stored[name] = values.astype(np.float32)
    return stored


def layers_in(
    stored: Mapping[str, NDArray[np.generic]], numbers: Iterable[int], epsilon: float
) -> tuple[Layer, ...]:
    """The layers of these numbers from a file's arrays."""

    def linear(name: str) -> Linear:
        weights = stored[name].astype(np.float32) * stored[f"{name}.scale"].astype(np.float32)[:, None]
        return Linear(np.ascontiguousarray(weights.T), stored[f"{name}.bias"].astype(np.float32))

    return tuple(
        Layer(
            linear(f"{layer}.query_key_value"),
            linear(f"{layer}.output"),
            norm_in(stored, f"{layer}.attended", epsilon),
            linear(f"{layer}.widen"),
            linear(f"{layer}.narrow"),
            norm_in(stored, f"{layer}.normed", epsilon),
        )
        for layer in numbers
    )


def norm_in(stored: Mapping[str, NDArray[np.generic]], name: str, epsilon: float) -> Norm:
    """A norm from a file's arrays."""
    scale, bias = (stored[f"{name}.{part}"].astype(np.float32) for part in ("scale", "bias"))
    return Norm(scale, bias, epsilon)


def from_bytes(content: bytes, path: str) -> Encoder:
    """Read an encoder. Raises `QaError` `learned.unreadable`."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            form, texts = json.loads(stored["form"].tobytes())
            epsilon = float(form["epsilon"])
            return Encoder(
                Pieces(tuple(texts), tuple(stored["scores"].tolist())),
                stored["words"],
                stored["words.scale"],
                stored["places"],
                norm_in(stored, "first", epsilon),
                layers_in(stored, range(form["layers"]), epsilon),
                form["attention_heads"],
                Linear(np.ascontiguousarray(stored["head"].T), stored["head.bias"]),
                hashlib.sha256(content).hexdigest(),
            )
    except DAMAGED as error:
        raise QaError("learned.unreadable", path=path, why=error) from error


@cache
def built_in_encoder() -> Encoder:
    """The encoder of the package, read at its first sentence."""
    file = resources.files("qa_audit.scoring.learned").joinpath(_FILE)
    return from_bytes(file.read_bytes(), _FILE)
