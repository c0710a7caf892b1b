import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation.agreement import (
    RATINGS,
    ac1,
    alpha,
    counts_of,
    item_agreement,
    jackknife,
    raw_agreement,
)
from qa_audit.messages import QaError


def table(both_pass: int, pass_fail: int, fail_pass: int, both_fail: int) -> pl.DataFrame:
    """Two inspectors' ratings of one item, as a table of two by two."""
    pairs = [("pass", "pass")] * both_pass + [("pass", "fail")] * pass_fail
    pairs += [("fail", "pass")] * fail_pass + [("fail", "fail")] * both_fail
    rows = [
        (f"c{at:03d}", inspector, "title", verdict)
        for at, pair in enumerate(pairs)
        for inspector, verdict in zip("AB", pair, strict=True)
    ]
    return pl.DataFrame(rows, schema=RATINGS, orient="row")


# Both tables agree in 94 of 100; Cohen's kappa would be .37 and .88.
@pytest.mark.parametrize(
    ("cells", "on_faults", "gwet", "krippendorff"),
    [((92, 3, 3, 2), 0.40, 0.93, 0.37), ((47, 3, 3, 47), 0.94, 0.88, 0.88)],
)
def test_equal_raw_agreement_can_mean_different_things(cells, on_faults, gwet, krippendorff):
    row = item_agreement(table(*cells)).row(0, named=True)
    assert (row["calls"], row["ratings"], row["inspectors"]) == (100, 200, 2)
    assert row["raw"] == 0.94
    assert row["on_faults"] == pytest.approx(on_faults)
    assert row["ac1"] == pytest.approx(gwet, abs=0.005)
    assert row["alpha"] == pytest.approx(krippendorff, abs=0.005)
    for figure in ("raw", "on_faults", "ac1", "alpha"):
        assert row[f"{figure}_low"] < row[figure] < row[f"{figure}_high"] <= 1


# Four observers, twelve units, some missing: Krippendorff (2011), section C; AC1 as Gwet publishes for it.
PUBLISHED = ["123321412...", "1233224125.3", ".3332342251.", "12332441251."]


def published_counts() -> np.ndarray:
    return np.array(
        [[sum(rater[unit] == str(one) for rater in PUBLISHED) for one in range(1, 6)] for unit in range(12)]
    )


def test_published_figures_with_missing_ratings_come_out():
    counts = published_counts()
    assert alpha(counts) == pytest.approx(0.743, abs=5e-4)
    assert ac1(counts) == pytest.approx(0.77544, abs=5e-6)
    assert raw_agreement(counts) == pytest.approx(0.81818, abs=5e-6)


def test_all_equal_ratings_agree_and_alpha_is_not_defined():
    row = item_agreement(table(20, 0, 0, 0)).row(0, named=True)
    assert (row["raw"], row["ac1"], row["ac1_high"]) == (1.0, 1.0, 1.0)
    assert (row["on_faults"], row["alpha"], row["alpha_low"]) == (None, None, None)
    faults = item_agreement(table(0, 0, 0, 20)).row(0, named=True)
    assert (faults["on_faults"], faults["ac1"], faults["alpha"]) == (1.0, 1.0, None)


@pytest.mark.parametrize(("passed", "failed"), [(3, 0), (9, 1), (36, 4), (270, 30)])
def test_few_calls_without_a_difference_prove_little_and_many_much(passed, failed):
    row = item_agreement(table(passed, 0, 0, failed)).row(0, named=True)
    # Were two inspectors to differ in more of all calls, so many without a difference would be one in forty.
    differing = 1 - 0.025 ** (1 / (passed + failed))
    at_fault = failed / (passed + failed) * (1 - differing)
    share = at_fault + differing / 2
    chance = 2 * share * (1 - share)
    lows = {
        "raw": 1 - differing,
        "on_faults": 2 * at_fault / (2 * at_fault + differing) if failed else None,
        "ac1": (1 - differing - chance) / (1 - chance),
        "alpha": 1 - differing / chance if failed else None,
    }
    assert {name: row[f"{name}_low"] for name in lows} == pytest.approx(lows, abs=1e-3)
    assert {row[f"{name}_high"] for name in lows} == ({1.0} if failed else {1.0, None})


def test_below_three_calls_there_is_no_interval():
    row = item_agreement(table(1, 0, 0, 1)).row(0, named=True)
    assert (row["raw"], row["raw_low"], row["ac1_low"], row["alpha_low"]) == (1.0, None, None, None)


def test_one_inspector_agrees_with_nobody():
    row = item_agreement(table(5, 0, 0, 5).filter(pl.col("inspector") == "A")).row(0, named=True)
    assert (row["calls"], row["ratings"], row["inspectors"]) == (0, 0, 1)
    assert [row[name] for name in ("raw", "on_faults", "ac1", "alpha", "raw_low")] == [None] * 5


def test_an_inspector_who_cannot_tell_has_not_rated():
    ratings = table(5, 1, 0, 5).with_columns(
        verdict=pl.when(pl.col("call_id") == "c005", pl.col("inspector") == "B")
        .then(pl.lit("uncertain"))
        .otherwise("verdict")
    )
    row = item_agreement(ratings).row(0, named=True)
    assert (row["calls"], row["raw"]) == (10, 1.0)


def test_items_stand_apart_and_an_empty_frame_has_none():
    both = pl.concat([table(3, 1, 1, 3), table(5, 0, 0, 5).with_columns(item=pl.lit("closing"))])
    assert item_agreement(both)["item"].to_list() == ["closing", "title"]
    assert item_agreement(both.clear()).is_empty()


def test_two_verdicts_of_one_inspector_are_refused():
    with pytest.raises(QaError) as refused:
        item_agreement(pl.concat([table(3, 1, 1, 3)] * 2))
    assert refused.value.code == "estimates.double_rating"


def test_the_jackknife_leaves_each_call_out():
    counts = published_counts()
    left = [ac1(np.delete(counts, place, axis=0)) for place in range(12)]
    error = np.sqrt(11 / 12 * ((np.array(left) - np.mean(left)) ** 2).sum())
    figure, low, high = jackknife(ac1, counts)
    assert figure == ac1(counts)
    # t with 11 degrees of freedom: 2.201
    assert figure - low == pytest.approx(2.201 * error, rel=1e-4)
    assert high == 1.0 < figure + 2.201 * error


VERDICTS = st.sampled_from(["pass", "fail", "not_applicable", "uncertain", None])


@given(
    st.dictionaries(st.tuples(st.integers(0, 6), st.sampled_from("ABC")), VERDICTS, max_size=18), st.randoms()
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_rated_figures_lie_in_their_range(given_ratings, chance):
    rows = [(f"c{call}", who, "title", verdict) for (call, who), verdict in given_ratings.items()]
    ratings = pl.DataFrame(rows, schema=RATINGS, orient="row")
    result = item_agreement(ratings)
    for row in result.iter_rows(named=True):
        for figure in ("raw", "on_faults"):
            assert row[figure] is None or 0 <= row[figure] <= 1
        for figure in ("ac1", "alpha"):
            assert row[figure] is None or -1 <= row[figure] <= 1 + 1e-12
    chance.shuffle(rows)
    assert item_agreement(pl.DataFrame(rows, schema=RATINGS, orient="row")).equals(result)


def test_counts_name_their_categories():
    counts, categories = counts_of(table(1, 1, 0, 0))
    assert categories == ("pass", "fail")
    assert counts.tolist() == [[2, 0], [1, 1]]
