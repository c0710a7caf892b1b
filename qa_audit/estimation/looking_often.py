"""Looking at many differences at once: which to take for found, and intervals that allow for it.

Benjamini and Hochberg (1995): of the differences taken for found, at most a share `q` is found by chance on
average. Holm's correction would keep a single false one away, but with sixty agents and five conditions it
asks for p below 0.0002 and finds next to nothing; what is found here leads to a talk, not to pay, so that a
few false ones among many true ones are borne. The intervals are those of Benjamini and Yekutieli (2005): at
level 1 − R q / m, R of m being found, so that one leaves 0 out exactly where the difference is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FALSE_SHARE = 0.05
"""`q`: this share of what is found may be found by chance."""


def adjusted_p(values: Sequence[float]) -> NDArray[np.float64]:
    """P values times m / rank, made monotone: below `q` exactly where the difference is found.

    >>> adjusted_p([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    p = np.asarray(values, dtype=np.float64)
    if not p.size:
        return p
    order = np.argsort(p)
    scaled = p[order] * p.size / np.arange(1, p.size + 1)
    found = np.empty_like(p)
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return found


def interval_confidence(values: Sequence[float], q: float = FALSE_SHARE) -> float:
    """Level of all intervals: 1 − R q / m with R found, and with 1 where nothing was.

    >>> interval_confidence([0.001, 0.4, 0.3, 0.5]), interval_confidence([])
    (0.9875, 0.95)
    """
    if not len(values):
        return 1 - q
    found = int((adjusted_p(values) <= q).sum())
    return 1 - max(found, 1) * q / len(values)
