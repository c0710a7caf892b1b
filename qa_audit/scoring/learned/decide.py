"""From scores of sentences under test to the three answers: fault, uncertain, clean.

False faults come first. What they cost is counted a call: the share of the corpus' whole clean calls that
have one, all calls of a writer being judged by weights that have seen none of them, and of courteous
look-alikes so many as a call may have besides. All items share one budget of false faults, each taking of it
while it finds relatively more faults for it than the others would.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.scoring.learned.corpus import ITEMS
from qa_audit.scoring.learned.rows import minimise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.learned.train import Training

    Floats = NDArray[np.float64]

ALIKE = 0.1
"""Look-alikes of the corpus in a clean call besides what whole calls have of them."""
MIN_PRECISION = 0.92
"""Where a fault is said, among an item's own sentences, look-alikes counted as if there were as many."""
MAX_FALSE = 0.045
"""False faults a clean call, of all items together, as `share_over` counts them: more than there are, since
one sentence is a fault of one item alone and tails are taken to be long. With writers held out 4.1 % of clean
calls then have one, at most 1.6 % of any item; of the 600 of `benchmarks/fresh_wordings`, by whose totals
this was chosen among 0.02 to 0.055, 1.2 % and 0.3 %."""
MAX_UNCLEAR = 0.1
"""Clean calls in which an item is uncertain, counted in the same way: with writers held out 9 % are."""
TAIL = 30
"""Highest scores of clean sentences that tell how fast such scores thin out beyond the highest ones seen."""

NEVER = 1e9
"""A threshold that no score reaches."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Two thresholds and a calibration (Platt 1999: chance of a fault, as if half were faults)."""

    fault: float
    uncertain: float
    slope: float
    shift: float


class Choice(NamedTuple):
    """What each threshold of an item would bring; thresholds descend."""

    thresholds: Floats
    found: Floats
    """Share of the item's faults."""
    false: Floats
    """False faults a clean call."""
    allowed: NDArray[np.bool_]
    """Whether precision is enough."""


def decide(scores: Floats, training: Training, counted: NDArray[np.bool_]) -> tuple[Decision, ...]:
    """Thresholds and calibration of every item from scores (sentences, items) of families held out.

    Copies and unknown labels do not count.
    """
    counted = counted & ~training.copies & (training.weights > 0)
    choices = [_choice(scores[:, item], training, item, counted) for item in range(len(ITEMS))]
    decisions = []
    for item, (fault, choice) in enumerate(zip(shared_out(choices, MAX_FALSE), choices, strict=True)):
        uncertain = min(_lowest(choice.thresholds, choice.false <= MAX_UNCLEAR), fault)
        own = counted & (training.own == item) & (training.labels[:, item] >= 0)
        platt = _platt(scores[own, item], training.labels[own, item] == 1)
        decisions.append(Decision(fault, uncertain, *platt))
    return tuple(decisions)


def _choice(scores: Floats, training: Training, item: int, counted: NDArray[np.bool_]) -> Choice:
    known = counted & (training.labels[:, item] >= 0)
    faults = known & (training.labels[:, item] == 1)
    clean = known & ~faults
    steps = np.sort(scores[faults])[::-1]
    found = np.arange(1, len(steps) + 1) / max(len(steps), 1)
    alike = share_over(steps, scores[clean & (training.own == item)])
    false = false_a_call(steps, scores, training, item, clean)
    return Choice(steps, found, false, found / (found + alike) >= MIN_PRECISION)


def shared_out(choices: Sequence[Choice], budget: float) -> list[float]:
    """Thresholds that together find most (the product of the items' shares) within a budget of false faults.

    At a price of a false fault each item takes the threshold that is worth most to it; the price is the
    lowest at which all keep within the budget (Everett 1963). `NEVER` where nothing is allowed, and for all
    where nothing keeps within it.
    """

    def at(price: float) -> list[int]:
        places = []
        for one in choices:
            worth = np.where(one.allowed, np.log(one.found) - price * one.false, -np.inf)
            best = int(worth.argmax()) if len(worth) else -1
            places.append(best if best >= 0 and worth[best] > -np.inf else -1)
        return places

    def spent(places: Sequence[int]) -> float:
        return sum(float(one.false[place]) for one, place in zip(choices, places, strict=True) if place >= 0)

    low, high = -3.0, 9.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if spent(at(10**middle)) <= budget else (middle, high)
    chosen = at(10**high)
    if spent(chosen) > budget:
        return [NEVER] * len(choices)
    return [
        float(one.thresholds[place]) if place >= 0 else NEVER
        for one, place in zip(choices, chosen, strict=True)
    ]


def false_a_call(
    thresholds: Floats, scores: Floats, training: Training, item: int, clean: NDArray[np.bool_]
) -> Floats:
    """False faults a clean call at each threshold."""
    of_calls = clean & (training.calls >= 0)
    _, call = np.unique(training.calls[of_calls], return_inverse=True)
    highest = np.full(call.max(initial=-1) + 1, -np.inf)
    np.maximum.at(highest, call, scores[of_calls])
    own = clean & (training.own == item)
    others = clean & (training.own >= 0) & ~own
    alike = share_over(thresholds, scores[own]) / len(ITEMS)
    alike += share_over(thresholds, scores[others]) * (len(ITEMS) - 1) / len(ITEMS)
    return share_over(thresholds, highest) + ALIKE * alike


def share_over(thresholds: Floats, scores: Floats) -> Floats:
    """Share of the scores that reaches each threshold.

    Beyond the upper third of the `TAIL` highest the share falls as those do: the highest single score, which
    another draw of sentences would not have, decides nothing alone.

    >>> scores = np.arange(1000.0)
    >>> share_over(np.array([500.0, 1200.0]), scores).round(4).tolist()
    [0.5, 0.0]
    """
    if not len(scores):
        return np.zeros(len(thresholds))
    ordered = np.sort(scores)
    share = (len(ordered) - np.searchsorted(ordered, thresholds)) / len(ordered)
    tail = min(TAIL, len(ordered) // 4)
    if tail < 3:
        return share
    high = ordered[-tail:]
    scale = max(float((high - high[0]).mean()), 1e-9)
    beyond = thresholds > ordered[-(tail // 3)]
    return np.where(beyond, tail / len(ordered) * np.exp(-(thresholds - high[0]) / scale), share)


def _lowest(steps: Floats, allowed: NDArray[np.bool_]) -> float:
    """The lowest of the descending thresholds that is allowed; `NEVER` where none is."""
    places = np.flatnonzero(allowed)
    return float(steps[places[-1]]) if len(places) else NEVER


def _platt(scores: Floats, faults: NDArray[np.bool_]) -> tuple[float, float]:
    positive, negative = max(int(faults.sum()), 1), max(int((~faults).sum()), 1)
    target = np.where(faults, (positive + 1) / (positive + 2), 1 / (negative + 2))
    weight = np.where(faults, 0.5 / positive, 0.5 / negative)
    inputs = np.stack([scores, np.ones_like(scores)])

    def loss(point: Floats) -> tuple[float, Floats]:
        scores = point @ inputs
        chance = 1 / (1 + np.exp(-np.clip(scores, -40, 40)))
        value = float((weight * (np.logaddexp(0, scores) - target * scores)).sum())
        return value, inputs @ (weight * (chance - target))

    slope, shift = minimise(loss, np.array([1.0, 0.0]), tolerance=1e-9)
    return float(slope), float(shift)
