from collections import Counter

import numpy as np

from qa_audit.scoring.learned.features import NOTHING, hashed
from qa_audit.scoring.learned.rows import fit, minimise, rows_of

TEXTS = ["不归我们管", "找厂家去", "不归我们部门管", "请您稍等", "我帮您查一下", "马上给您处理"]
TARGETS = np.array([1.0, 1, 1, 0, 0, 0])


def test_products_agree_with_the_dense_matrix():
    rows, _ = rows_of(TEXTS)
    dense = rows.values.toarray()
    rng = np.random.default_rng(0)
    weights, residuals = rng.normal(size=rows.width), rng.normal(size=len(rows))
    np.testing.assert_allclose(rows.dot(weights), dense @ weights)
    np.testing.assert_allclose(rows.back(residuals), dense.T @ residuals)
    chosen = np.array([4, 1])
    np.testing.assert_allclose(rows.take(chosen).dot(weights), (dense @ weights)[chosen])


def grams_of(text):
    return Counter(one for one in hashed([text]).buckets.ravel().tolist() if one != NOTHING)


def test_rows_hold_the_n_grams_of_more_than_one_sentence_by_their_share_of_all():
    grams = [grams_of(text) for text in ("您好吗您好", "您好", "吗")]
    rows, buckets = rows_of(["您好吗您好", "您好", "吗"])
    shared = sorted(one for one in set().union(*grams) if sum(one in each for each in grams) > 1)
    assert 0 < len(shared) < len(grams[0])
    assert buckets.tolist() == shared
    wanted = [[each[one] / each.total() ** 0.1 for one in shared] for each in grams]
    np.testing.assert_allclose(rows.values.toarray(), wanted)


def test_a_sentence_and_its_copy_are_one_sentence():
    alone, twice = ["您好", "再见"], ["您好", "再见"] * 2
    _, of_one = rows_of(alone)
    _, of_copies = rows_of(twice, np.array([0, 1, 0, 1]))
    np.testing.assert_array_equal(of_one, of_copies)
    assert len(rows_of(twice)[1]) > len(of_one)


def test_a_fit_separates_what_can_be_separated_and_repeats_itself():
    rows, _ = rows_of(TEXTS)
    weights, bias = fit(rows, TARGETS, np.ones(6), 0.01)
    assert ((rows.dot(weights) + bias > 0) == (TARGETS > 0.5)).all()
    again, _ = fit(rows, TARGETS, np.ones(6), 0.01)
    assert (again == weights).all()


def test_sentences_without_weight_teach_nothing():
    rows, _ = rows_of(TEXTS)
    weight = np.array([1.0, 1, 0, 1, 1, 1])
    with_it, bias = fit(rows, TARGETS, weight, 0.1)
    turned, other = fit(rows, np.array([1.0, 1, 0, 0, 0, 0]), weight, 0.1)
    np.testing.assert_allclose(with_it, turned)
    assert bias == other


def test_minimise_finds_the_bottom_of_a_narrow_valley():
    scales = np.array([1.0, 100.0])

    def loss(x):
        return float((scales * (x - 2) ** 2).sum()), 2 * scales * (x - 2)

    np.testing.assert_allclose(minimise(loss, np.zeros(2), tolerance=1e-12), [2, 2], atol=1e-4)
