"""What an agent does with a sentence: offers service, asks to wait, asks for something without 请 …

The scripted items accept any courteous words, of which no list is ever complete, and recognisers mishear the
best known ones. n-grams of characters and sounds, learned from sentences of many hands (`acts.tsv`), tell
such acts in wordings that nobody has listed. Unlike faults, a sentence may do several things at once. Bare
requests are a fault themselves and come in the most shapes: where the n-grams do not rule one out, a reader
(`bare_reader`) is asked too, and what both say makes one score.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np

from qa_audit.messages import QaError
from qa_audit.scoring.learned.bare_reader import built_in_bare_reader, built_in_sha256
from qa_audit.scoring.learned.model import DAMAGED, LinearDetector, from_bytes
from qa_audit.scoring.learned.readings import Readings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Act = Literal["offer", "hold", "back", "confirm", "welcome", "further", "thanks", "bare"]
"""Offers service; asks courteously to wait; comes back from a wait; asks to confirm what was noted; answers
thanks; asks what else is needed; thanks for the call; asks for something without any courtesy."""
ACTS: tuple[Act, ...] = get_args(Act)
BARE = ACTS.index("bare")
DONE, UNCLEAR, NOT_DONE = 1, 0, -1
_FILE = "acts.npz"


class BareScale(NamedTuple):
    """How the scores of n-grams and reader for a bare request are joined, and what the sum must reach."""

    of_grams: float
    of_reader: float
    bias: float
    done: float
    unclear: float
    floor: float
    """Score of the n-grams below which the reader is not asked."""

    def joined(self, grams: NDArray[np.float64], read: NDArray[np.float64]) -> NDArray[np.float64]:
        """One score a sentence."""
        return self.of_grams * grams + self.of_reader * read + self.bias


@dataclass(frozen=True)
class ActDetector:
    """n-grams for all acts, and a reader for bare requests."""

    linear: LinearDetector
    """Its thresholds for `bare` are not used."""
    bare: BareScale
    reader_sha256: str
    readings: Readings = field(default_factory=Readings, compare=False)
    """What the reader has made of sentences before."""

    @cached_property
    def sha256(self) -> str:
        """Hash of n-grams, thresholds and reader."""
        return hashlib.sha256(f"{self.linear.sha256} {self.bare} {self.reader_sha256}".encode()).hexdigest()

    def as_bytes(self) -> bytes:
        """The file; the reader is one of its own."""
        file = io.BytesIO()
        np.savez_compressed(
            file,
            allow_pickle=False,
            linear=np.frombuffer(self.linear.as_bytes(), np.uint8),
            bare=np.array(self.bare),
            reader=np.frombuffer(bytes.fromhex(self.reader_sha256), np.uint8),
        )
        return file.getvalue()


def acts_from_bytes(content: bytes, path: str) -> ActDetector:
    """Read a detector of acts. Raises `QaError` `learned.unreadable`, also where its reader is another."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            linear = from_bytes(stored["linear"].tobytes(), path)
            bare, reader = BareScale(*stored["bare"].tolist()), stored["reader"].tobytes().hex()
        if reader != built_in_sha256():
            raise ValueError(f"reader {reader}, not {built_in_sha256()}")
    except DAMAGED as error:
        raise QaError("learned.unreadable", path=path, why=error) from error
    return ActDetector(linear, bare, reader)


@cache
def built_in_acts() -> ActDetector:
    """The package's detector of acts.

    >>> built_in_acts().linear.items == ACTS
    True
    """
    file = resources.files("qa_audit.scoring.learned").joinpath(_FILE)
    return acts_from_bytes(file.read_bytes(), _FILE)


def acts_of(detector: ActDetector, sentences: Sequence[str]) -> NDArray[np.int8]:
    """(sentences, acts) of normalised sentences, none empty: `DONE`, `UNCLEAR` or `NOT_DONE`.

    >>> acts_of(built_in_acts(), ["你好请问有什么可以帮你"])[0, ACTS.index("offer")]
    np.int8(1)
    """
    scores = detector.linear.scores(sentences)
    done = scores >= [one.fault for one in detector.linear.scales]
    unclear = scores >= [one.uncertain for one in detector.linear.scales]
    bare = bare_scores(detector, sentences, scores[:, BARE])
    done[:, BARE], unclear[:, BARE] = bare >= detector.bare.done, bare >= detector.bare.unclear
    return np.where(done, DONE, np.where(unclear, UNCLEAR, NOT_DONE)).astype(np.int8)


def bare_scores(
    detector: ActDetector, sentences: Sequence[str], grams: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(sentences,) from what n-grams say of bare requests, and what the reader says where it is asked."""
    scores = np.full(len(sentences), -np.inf)
    asked = np.flatnonzero(grams >= detector.bare.floor)
    if len(asked):
        read = detector.readings.of([sentences[place] for place in asked.tolist()], _read)
        scores[asked] = detector.bare.joined(grams[asked], read[:, 0].astype(np.float64))
    return scores


def _read(sentences: Sequence[str]) -> NDArray[np.float32]:
    return built_in_bare_reader().scores(sentences)


def scores_of(act: Act, texts: Sequence[str], detector: ActDetector) -> list[float]:
    """How far each normalised text does this by its n-grams, whatever the thresholds.

    >>> polite, bare = scores_of("bare", ["麻烦你报一下单号", "单号报一下"], built_in_acts())
    >>> polite < bare
    True
    """
    return detector.linear.scores(texts)[:, ACTS.index(act)].tolist()
