"""What an agent does with a sentence: offers service, asks to wait, asks for something without 请 …

The scripted items accept any courteous words, of which no list is ever complete, and recognisers mishear the
best known ones. n-grams of characters and sounds, learned from sentences of many hands (`acts.tsv`), tell
such acts in wordings that nobody has listed. Unlike faults, a sentence may do several things at once.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from qa_audit.scoring.learned.model import from_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.model import LinearDetector

Act = Literal["offer", "hold", "back", "confirm", "welcome", "further", "thanks", "bare"]
"""Offers service; asks courteously to wait; comes back from a wait; asks to confirm what was noted; answers
thanks; asks what else is needed; thanks for the call; asks for something without any courtesy."""
ACTS: tuple[Act, ...] = get_args(Act)
DONE, UNCLEAR, NOT_DONE = 1, 0, -1
_FILE = "acts.npz"


@cache
def built_in_acts() -> LinearDetector:
    """The package's detector of acts.

    >>> built_in_acts().items == ACTS
    True
    """
    file = resources.files("qa_audit.scoring.learned").joinpath(_FILE)
    return from_bytes(file.read_bytes(), _FILE)


def acts_of(detector: LinearDetector, sentences: Sequence[str]) -> NDArray[np.int8]:
    """(sentences, acts) of normalised sentences, none empty: `DONE`, `UNCLEAR` or `NOT_DONE`.

    >>> acts_of(built_in_acts(), ["你好请问有什么可以帮你"])[0, ACTS.index("offer")]
    np.int8(1)
    """
    scores = detector.scores(sentences)
    done = scores >= [one.fault for one in detector.scales]
    unclear = scores >= [one.uncertain for one in detector.scales]
    return np.where(done, DONE, np.where(unclear, UNCLEAR, NOT_DONE)).astype(np.int8)


def scores_of(act: Act, texts: Sequence[str], detector: LinearDetector) -> list[float]:
    """How far each normalised text does this: the detector's scores, whatever its thresholds.

    >>> polite, bare = scores_of("bare", ["麻烦你报一下单号", "单号报一下"], built_in_acts())
    >>> polite < bare
    True
    """
    return detector.scores(texts)[:, ACTS.index(act)].tolist()
