import numpy as np
import pytest

from qa_audit.scoring.learned.corpus import ITEMS, Label, Sentence
from qa_audit.scoring.learned.decide import (
    MAX_FALSE,
    MAX_UNCLEAR,
    NEVER,
    Choice,
    decide,
    false_a_call,
    share_over,
    shared_out,
)
from qa_audit.scoring.learned.train import training_of

ITEM = ITEMS.index("no_overpromise")
KINDS: tuple[tuple[str, Label], ...] = (
    ("no_overpromise", "fault"),
    ("no_overpromise", "clean"),
    ("neutral", "clean"),
)
SAID = [
    Sentence(item, f"{label}{place}", label, "", "", chr(0x4E00 + place))
    for item, label in KINDS
    for place in range(400)
]
TRAINING = training_of(SAID)
FAULTS = TRAINING.labels[:, ITEM] == 1
ALL = np.ones(len(SAID), bool)


def scores(apart):
    judged = np.random.default_rng(1).normal(size=(len(SAID), len(ITEMS)))
    judged[FAULTS, ITEM] += apart
    return judged


@pytest.mark.parametrize("apart", [1.0, 3.0, 6.0])
def test_false_faults_and_doubts_a_call_stay_below_what_is_allowed(apart):
    judged = scores(apart)
    decision = decide(judged, TRAINING, ALL)[ITEM]
    thresholds = np.array([decision.fault, decision.uncertain])
    rates = false_a_call(thresholds, judged[:, ITEM], TRAINING, ITEM, ALL & ~FAULTS)
    assert rates[0] <= MAX_FALSE
    assert rates[1] <= MAX_UNCLEAR
    assert decision.uncertain <= decision.fault
    assert decision.slope > 0


def test_the_further_apart_the_more_is_found():
    found = [
        (scores(apart)[FAULTS, ITEM] >= decide(scores(apart), TRAINING, ALL)[ITEM].fault).mean()
        for apart in (1.0, 3.0, 6.0)
    ]
    assert found[0] < found[1] < found[2]
    assert found[2] > 0.95


def test_what_is_not_counted_changes_nothing():
    judged = scores(3.0)
    half = np.arange(len(SAID)) % 2 == 0
    other = np.where(half[:, None], judged, 99.0)
    assert decide(judged, TRAINING, half) == decide(other, TRAINING, half)


def test_an_item_without_faults_is_never_one():
    others = [one.fault for item, one in enumerate(decide(scores(3.0), TRAINING, ALL)) if item != ITEM]
    assert others == [NEVER] * (len(ITEMS) - 1)


def choice(found, false, allowed=None):
    steps = np.arange(len(found), 0, -1, dtype=float)
    allowed = np.ones(len(found), bool) if allowed is None else np.array(allowed)
    return Choice(steps, np.array(found), np.array(false), allowed)


def test_the_budget_goes_where_it_finds_most():
    dear = choice([0.1, 0.2, 0.3], [0.001, 0.004, 0.009])
    cheap = choice([0.1, 0.5, 0.9], [0.001, 0.002, 0.003])
    assert shared_out([dear, cheap], 0.0042) == [3.0, 1.0]
    assert shared_out([dear, cheap], 0.02) == [1.0, 1.0]
    assert shared_out([dear, cheap], 0.002) == [3.0, 3.0]
    assert shared_out([dear, cheap], 0.0005) == [NEVER, NEVER]


def test_what_precision_forbids_is_not_taken():
    assert shared_out([choice([0.4, 0.8], [0.0, 0.0], [True, False])], 0.005) == [2.0]


def test_a_share_falls_with_the_threshold_and_is_never_nought_just_above_the_highest_score():
    drawn = np.sort(np.random.default_rng(2).normal(size=500))
    steps = np.linspace(drawn[0], drawn[-1] + 1, 50)
    shares = share_over(steps, drawn)
    assert shares[0] == 1
    assert (np.diff(shares) <= 1e-3).all()
    assert 0 < share_over(np.array([drawn[-1] + 0.01]), drawn)[0] < 0.01


def test_without_scores_nothing_reaches_a_threshold():
    assert share_over(np.array([0.0]), np.array([])).tolist() == [0.0]
