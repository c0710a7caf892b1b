import numpy as np

from qa_audit.scoring.learned.rows import fit, minimise, rows_of

TEXTS = ["不归我们管", "找厂家去", "不归我们部门管", "请您稍等", "我帮您查一下", "马上给您处理"]
TARGETS = np.array([1.0, 1, 1, 0, 0, 0])


def test_products_agree_with_the_dense_matrix():
    rows, _ = rows_of(TEXTS)
    dense = np.zeros((len(rows), rows.width))
    for row in range(len(rows)):
        for place in range(rows.starts[row], rows.starts[row + 1]):
            dense[row, rows.columns[place]] += rows.values[place]
    rng = np.random.default_rng(0)
    weights, residuals = rng.normal(size=rows.width), rng.normal(size=len(rows))
    np.testing.assert_allclose(rows.dot(weights), dense @ weights)
    np.testing.assert_allclose(rows.back(residuals), dense.T @ residuals)
    chosen = np.array([4, 1])
    np.testing.assert_allclose(rows.take(chosen).dot(weights), (dense @ weights)[chosen])


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
