"""Scores of sentences by models that had not seen them, stored beside the weights, for thresholds."""

from __future__ import annotations

import io
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.scoring.learned.readings import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def held_out_bytes(names: NDArray[np.uint64], scores: NDArray[np.floating]) -> bytes:
    """A file of scores, one or more a sentence, by `names_of` the texts; of a text that stands twice the
    first."""
    names, order = np.unique(names, return_index=True)
    file = io.BytesIO()
    np.savez_compressed(file, names=names, scores=scores[order].astype(np.float16))
    return file.getvalue()


def stored(name: str) -> tuple[NDArray[np.uint64], Floats]:
    """Names in order, and their scores, of a file of this package."""
    file = resources.files("qa_audit.scoring.learned").joinpath(name)
    with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as found:
        return found["names"], found["scores"].astype(np.float64)


def scores_of(
    texts: Sequence[str],
    held_out: tuple[NDArray[np.uint64], Floats],
    read: Callable[[Sequence[str]], NDArray[np.floating]],
) -> Floats:
    """Scores of these texts as stored; of those that no model was tuned on, what `read` makes of them.

    >>> held_out = names_of(["请"]), np.array([2.0])
    >>> scores_of(["您", "请"], held_out, lambda new: np.zeros(len(new))).tolist()
    [0.0, 2.0]
    """
    known, scores = held_out
    names = names_of(texts)
    places = np.minimum(np.searchsorted(known, names), len(known) - 1)
    found = scores[places]
    new = np.flatnonzero(known[places] != names)
    if len(new):
        found[new] = read([texts[place] for place in new.tolist()])
    return found
