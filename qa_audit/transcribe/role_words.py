"""How much a sentence sounds like an agent's or a customer's, by all its runs of one to three syllables.

Spelt by sound, so that a homophone costs nothing. Learned from written words, and from copies of them as a
recogniser mishears them, by `benchmarks/role_words.py`; never from the rubric. In 3,122 sentences heard in
223 spoken calls, their writers held out, an agent's are told from a customer's with an area under the curve
of 0.91; by lists of telling words and phrases it was 0.84.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_audit.text import sound, to_simplified

WEIGHTS = Path(__file__).with_name("role_words.npz")
BUCKETS = 1 << 15
LONGEST = 3
# The sentences of a call are about one matter and repeat each other: each counts for so much of what it says.
SHARE = 0.7
_SIGNS = re.compile(r"[\W_]+")


def leaning(text: str) -> float:
    """Above 0 the sentence sounds like an agent's, below like a customer's: natural logarithm of the odds.

    >>> leaning("请问有什么可以帮您？") > 2, leaning("我想问一下，我家宽带怎么回事") < -2
    (True, True)
    >>> leaning("未您付物") == leaning("为您服务"), leaning("……")
    (True, 0.0)
    """
    found = buckets(text)
    if not len(found):
        return 0.0
    weights, bias = _learned()
    return SHARE * (bias + float(weights[found].sum()) / len(found) ** 0.5)


def buckets(text: str) -> NDArray[np.int64]:
    """Numbers of the runs of syllables in a text, each once, below `BUCKETS`; its ends count as syllables.

    >>> len(buckets("再见")), len(buckets("再见再见"))
    (9, 12)
    """
    spelt = sound(_SIGNS.sub("", to_simplified(text)))
    if not spelt:
        return np.zeros(0, np.int64)
    whole = f"^{spelt}$"
    runs = {whole[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(whole) - size + 1)}
    return np.unique(np.array([zlib.crc32(run.encode()) % BUCKETS for run in runs], np.int64))


@cache
def _learned() -> tuple[NDArray[np.float64], float]:
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        return stored["weights"].astype(np.float64), float(stored["bias"])
