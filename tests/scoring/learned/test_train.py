import numpy as np

from qa_audit.scoring.learned.corpus import ITEMS, Sentence, corpus, corpus_sha256
from qa_audit.scoring.learned.evaluate import figures, held_out
from qa_audit.scoring.learned.features import VERSION
from qa_audit.scoring.learned.rows import rows_of
from qa_audit.scoring.learned.semantic import built_in_detector
from qa_audit.scoring.learned.train import (
    COPY,
    fit_all,
    folds_of,
    held_out_scores,
    training_of,
    with_misheard,
)
from qa_audit.text.mishearing import mishearings_sha256

SMALL = [one for one in corpus() if one.item in ("no_overpromise", "neutral") and not one.heard][::8]


def test_a_fault_says_nothing_of_other_items_and_a_clean_sentence_is_clean_for_all():
    training = training_of(
        [
            Sentence("no_overpromise", "a", "fault", "", "", "我保证。"),
            Sentence("neutral", "b", "clean", "", "", "您好。"),
            Sentence("no_overpromise", "c", "either", "", "", "放心。"),
        ]
    )
    assert training.labels.tolist() == [[-1, -1, -1, -1, 1], [0, 0, 0, 0, 0]]
    assert training.own.tolist() == [ITEMS.index("no_overpromise"), -1]


def test_what_is_told_to_be_a_fault_of_one_item_is_not_learned_as_clean_for_it():
    training = training_of(
        [
            Sentence("no_blame_shifting", "a", "fault", "", "", "这不归我管。"),
            Sentence("no_harsh_language", "a", "clean", "", "", "这不归我管"),
            Sentence("calls", "al-gas", "clean", "call", "gas", "这不归我管"),
            Sentence("no_blame_shifting", "b", "clean", "", "", "这不归我管"),
        ]
    )
    assert training.labels.tolist() == [[1, -1, -1, -1, -1], [-1, 0, 0, 0, 0], [-1, 0, 0, 0, 0], [0] * 5]


def test_calls_in_which_the_customer_s_words_are_told_back_are_learned_and_not_counted():
    said = [Sentence("calls", f"{one}-gas", "clean", "call", "gas", "您好。") for one in ("ak", "al", "am")]
    training = training_of(said)
    assert training.labels.tolist() == [[0] * 5] * 3
    assert training.calls.tolist() == [0, -1, 1]
    assert training.own.tolist() == [-2, -1, -2]


def test_a_family_lies_in_one_fold():
    training = training_of(SMALL)
    fold = folds_of(training, 3)
    found = {}
    for family, one in zip(training.families, fold.tolist(), strict=True):
        found.setdefault(family, set()).add(one)
    assert {len(folds) for folds in found.values()} == {1}
    assert np.bincount(fold).min() > len(training) / 6


def test_copies_stand_behind_the_sentences_in_their_families_and_decide_nothing():
    training = training_of(SMALL[:3])
    both = with_misheard(training)
    assert both.texts[:3] == training.texts
    assert both.families == training.families * 2
    assert both.weights.tolist() == [1.0] * 3 + [COPY] * 3
    assert both.copies.tolist() == [False] * 3 + [True] * 3


def test_scores_are_of_the_sentences_and_no_column_is_of_one_sentence_and_its_copy_alone():
    training = training_of(SMALL[::4])
    scores, rows, _ = held_out_scores(training, 3)
    assert scores.shape == (len(training), len(ITEMS))
    assert len(rows) == 2 * len(training)
    said_by, columns = rows.values.nonzero()
    for column in np.unique(columns)[:200]:
        assert len(set((said_by[columns == column] % len(training)).tolist())) >= 2


def test_held_out_judges_every_sentence_and_finds_some_faults():
    training = training_of(SMALL)
    item = ITEMS.index("no_overpromise")
    answers = held_out(training, folds=3)[:, item]
    own = training.own == item
    found = figures(answers[own], training.labels[own, item] == 1)
    assert set(answers.tolist()) <= {-2, -1, 0, 1}
    assert found.faults + found.clean == own.sum()
    assert found.noticed > 0.1


def test_the_packages_detector_was_made_from_the_corpus_as_it_is():
    assert built_in_detector().linear.made_from == {
        "corpus": corpus_sha256(),
        "features": VERSION,
        "mishearings": mishearings_sha256(),
    }


def test_what_is_common_to_the_faults_of_all_items_helps_an_item():
    said = [
        Sentence("no_overpromise", "a", "fault", "", "", "我保证到账"),
        Sentence("no_overpromise", "b", "clean", "", "", "我帮您查账"),
        Sentence("no_harsh_language", "c", "fault", "", "", "吵死人"),
        Sentence("no_harsh_language", "d", "fault", "", "", "吵死我"),
        Sentence("neutral", "e", "clean", "", "", "请您稍等"),
        Sentence("neutral", "f", "clean", "", "", "请您慢走"),
    ]
    training = training_of(said)
    rows, _ = rows_of(training.texts)
    weights, _ = fit_all(rows, training, np.ones(len(said), bool))
    scores = rows.dot(weights[:, ITEMS.index("no_overpromise")])
    assert scores[0] > scores[2] > scores[4]
