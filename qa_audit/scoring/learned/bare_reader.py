"""Reading sentences for bare requests, by the encoder with upper layers of its own for that.

The lower layers are the package's encoder's as they are; the upper ones were tuned to tell what an agent does
with a sentence (`benchmarks/encoder/bare_requests.py`).
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.encoder import Linear, built_in_encoder, layers_in, stored_arrays
from qa_audit.scoring.learned.held_out import stored
from qa_audit.scoring.learned.model import DAMAGED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.encoder import Encoder

LOWER = 4
"""Layers of the encoder that it shares."""
_FILE = "bare_reader.npz"
_HELD_OUT = "bare_reader_held_out.npz"


def as_bytes(arrays: Mapping[str, NDArray[np.generic]], score: int, encoder_sha256: str) -> bytes:
    """The file of a reader from the arrays of a whole encoder (`encoder.as_bytes`) and the score it keeps."""
    upper = {name: values for name, values in arrays.items() if name[0].isdigit() and int(name[0]) >= LOWER}
    form = json.dumps({"encoder": encoder_sha256})
    head = {"head": arrays["head"][[score]], "head.bias": arrays["head.bias"][[score]]}
    file = io.BytesIO()
    np.savez_compressed(
        file, allow_pickle=False, form=np.frombuffer(form.encode(), np.uint8), **stored_arrays(upper | head)
    )
    return file.getvalue()


def from_bytes(content: bytes, path: str, encoder: Encoder) -> Encoder:
    """An encoder with the reader's upper layers and head; its hash is that of both files.

    Raises `QaError` `learned.unreadable`, also for a reader of another encoder.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            form = json.loads(arrays["form"].tobytes())
            if form["encoder"] != encoder.sha256:
                raise ValueError(f"encoder {form['encoder']}, not {encoder.sha256}")
            epsilon = encoder.first.epsilon
            own = layers_in(arrays, range(LOWER, len(encoder.layers)), epsilon)
            head = Linear(np.ascontiguousarray(arrays["head"].T), arrays["head.bias"])
    except DAMAGED as error:
        raise QaError("learned.unreadable", path=path, why=error) from error
    return replace(encoder, layers=(*encoder.layers[:LOWER], *own), head=head, sha256=sha256_of(content))


def sha256_of(content: bytes) -> str:
    """Hash of a reader's file, which names its encoder."""
    return hashlib.sha256(content).hexdigest()


@cache
def built_in_bare_reader() -> Encoder:
    """The package's reader, read at its first sentence: `scores` has one column.

    >>> ask, offer = built_in_bare_reader().scores(["把身份证号码报给我", "我帮你查一下"])[:, 0]
    >>> bool(ask > offer)
    True
    """
    return from_bytes(_content(_FILE), _FILE, built_in_encoder())


def built_in_sha256() -> str:
    """Hash of the package's reader, without loading it."""
    return sha256_of(_content(_FILE))


def stored_held_out() -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Names in order, and their scores: what readers that had not seen a sentence's hand made of it."""
    return stored(_HELD_OUT)


def _content(name: str) -> bytes:
    return resources.files("qa_audit.scoring.learned").joinpath(name).read_bytes()
