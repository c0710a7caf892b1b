from dataclasses import replace

import numpy as np

from qa_audit.scoring.learned.combine import Combiner, fitted, inputs_of, out_of_fold
from qa_audit.scoring.learned.corpus import ITEMS, Sentence
from qa_audit.scoring.learned.train import training_of

ITEM = ITEMS.index("no_overpromise")
RNG = np.random.default_rng(3)
SAID = [
    Sentence("no_overpromise", f"f{number % 20}", "fault" if number % 2 else "clean", "", "", "好" * 9)
    for number in range(400)
]
TRAINING = training_of(SAID)
FAULT = TRAINING.labels[:, ITEM] == 1


def scores_where(faults):
    """Either score tells nothing alone, both together do: a fault is where one is high and the other low."""
    grams, read = RNG.normal(size=(2, len(faults), len(ITEMS)))
    side = RNG.choice([-2.0, 2.0], len(faults))
    grams[:, ITEM], read[:, ITEM] = side, np.where(faults, -side, side)
    return grams, read


def test_it_finds_what_no_sum_would():
    grams, read = scores_where(FAULT)
    one = fitted(grams, read, TRAINING, np.ones(len(TRAINING), bool))
    scores = one(grams, read, TRAINING.lengths)[:, ITEM]
    assert scores[FAULT].min() > scores[~FAULT].max()
    again = fitted(grams, read, TRAINING, np.ones(len(TRAINING), bool))
    np.testing.assert_array_equal(again(grams, read, TRAINING.lengths)[:, ITEM], scores)


def test_copies_and_unknown_labels_do_not_count():
    grams, read = scores_where(FAULT)
    wrong = np.arange(len(TRAINING)) % 4 == 0
    grams[wrong] *= -1
    weighed = replace(TRAINING, weights=np.where(wrong, 0.0, 1.0))
    chosen = fitted(grams, read, TRAINING, ~wrong)
    left_out = fitted(grams, read, weighed, np.ones(len(TRAINING), bool))
    for one, other in zip(chosen, left_out, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_fold_s_combiner_has_not_seen_it():
    grams, read = scores_where(FAULT)
    fold = np.arange(len(TRAINING)) % 3
    first, *_ = out_of_fold(grams, read, TRAINING, fold)
    grams[fold == 0] = 99.0
    again, *others = out_of_fold(grams, read, TRAINING, fold)
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(others) == 2


def test_long_sentences_are_as_long_as_one_is_judged():
    grams, read = np.zeros((2, 2, 5))
    inputs = inputs_of(grams, read, np.array([40, 90]))
    assert inputs.shape == (2, 11)
    np.testing.assert_array_equal(inputs[0], inputs[1])


def test_the_mean_of_its_networks():
    one = Combiner(
        np.zeros(11),
        np.ones(11),
        np.zeros((2, 11, 3)),
        np.zeros((2, 3)),
        np.zeros((2, 3, 5)),
        np.stack([np.full(5, 1.0), np.full(5, 4.0)]),
    )
    assert one(np.ones((2, 5)), np.ones((2, 5)), np.array([3, 9])).tolist() == [[2.5] * 5] * 2
