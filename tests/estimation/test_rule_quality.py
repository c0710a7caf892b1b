import polars as pl
import pytest

from qa_audit.estimation.rule_quality import (
    DELETED,
    JUDGED,
    audits_needed,
    exceeded,
    fixed_sequence,
    rule_quality,
    status_of,
    weighted_share,
)
from qa_audit.messages import QaError


def judged(
    *kinds: tuple[int, str | None, str, float], item: str = "title", purpose: str = "first"
) -> pl.DataFrame:
    """(how many calls, the machine's verdict, the person's, π)."""
    rows = [
        (f"{place}-{at}", item, machine, person, probability, purpose)
        for place, (count, machine, person, probability) in enumerate(kinds)
        for at in range(count)
    ]
    return pl.DataFrame(rows, schema=JUDGED, orient="row")


@pytest.mark.parametrize(("wrong", "needed"), [(0, 29), (1, 46), (2, 61)])
def test_so_many_audits_say_ninety_percent_with_confidence(wrong, needed):
    assert audits_needed(wrong) == needed
    assert exceeded(needed, wrong) >= 0.9 > exceeded(needed - 1, wrong)


@pytest.mark.parametrize(
    ("right", "wrong", "status", "more"),
    [
        (29, 0, "automatic", 0),
        (28, 0, "assisted", 1),
        (45, 1, "automatic", 0),
        (44, 1, "assisted", 1),
        (6, 0, "assisted", 23),
        (5, 0, "manual", 24),
    ],
)
def test_a_rule_rises_with_its_audits(right, wrong, status, more):
    calls = judged((right, "fail", "fail", 0.1), (wrong, "fail", "pass", 0.1), (20, "pass", "pass", 0.1))
    row = rule_quality(calls).row(0, named=True)
    assert (row["status"], row["more_if_flawless"]) == (status, more)
    assert (row["flags"], row["wrong"]) == (right + wrong, wrong)


def test_how_many_more_if_it_goes_on_as_it_did():
    row = rule_quality(judged((19, "fail", "fail", 0.1), (1, "fail", "pass", 0.1))).row(0, named=True)
    n = 20 + row["more_at_this_rate"]
    assert exceeded(n, 0.05 * n) >= 0.9 > exceeded(n - 1, 0.05 * (n - 1))
    never = rule_quality(judged((8, "fail", "fail", 0.1), (2, "fail", "pass", 0.1))).row(0, named=True)
    assert never["more_at_this_rate"] is None
    assert never["more_if_flawless"] > 0


def test_calls_are_weighted_by_how_they_were_drawn():
    # Six flagged calls stand for 2 each, two for 10 each; three faults that were not flagged for 10 each.
    calls = judged(
        (6, "fail", "fail", 0.5), (2, "fail", "pass", 0.1), (3, "pass", "fail", 0.1), (9, "pass", "pass", 0.1)
    )
    row = rule_quality(calls).row(0, named=True)
    assert row["precision"] == pytest.approx(12 / 32)
    assert row["recall"] == pytest.approx(12 / 42)
    assert row["precision_low"] < 12 / 32 < row["precision_high"]
    assert (row["faults"], row["missed"]) == (9, 3)
    # Kish: 32² / (6 · 4 + 2 · 100) = 4.6 calls; the interval is that of fewer than 8.
    assert row["precision_high"] - row["precision_low"] > 0.6


def test_one_more_wrong_flag_makes_no_rule_surer():
    # 5 flags that stand for 50 calls each and 32 for 5: Kish 410² / (5 · 50² + 32 · 5²) = 12.6 calls.
    right = ((5, "fail", "fail", 0.02), (32, "fail", "fail", 0.2))
    flawless = rule_quality(judged(*right)).row(0, named=True)
    # All of n right: precision exceeds .05^(1/n).
    assert flawless["sure_above"] == pytest.approx(0.05 ** (13_300 / 410**2))
    one_wrong = rule_quality(judged(*right, (1, "fail", "pass", 0.2))).row(0, named=True)
    assert one_wrong["sure_above"] == pytest.approx(0.774, abs=5e-4)
    assert one_wrong["status"] == "assisted"


def test_of_calls_with_different_weights_more_have_to_be_heard():
    # 8 flags of weight 20 and 12 of 6.7: Kish 240² / (8 · 20² + 12 · 6.67²) = 15.43 of 20, .77 each.
    row = rule_quality(judged((8, "fail", "fail", 0.05), (12, "fail", "fail", 0.15))).row(0, named=True)
    # It takes 28.43 of equal weight (.9^n = .05): 13.0 more, which 17 of .77 give and 16 do not.
    assert (row["more_if_flawless"], row["more_at_this_rate"]) == (17, 17)


def test_a_call_without_the_machine_s_verdict_is_no_miss_and_no_flag():
    known = judged((4, "fail", "fail", 0.1), (1, "fail", "pass", 0.1), (3, "pass", "fail", 0.1))
    unknown = judged((9, None, "fail", 0.1), (2, None, "pass", 0.1), (5, None, "uncertain", 0.1))
    deleted = judged((6, DELETED, "fail", 0.1), (1, DELETED, "pass", 0.1))
    alone, row = (rule_quality(calls).row(0) for calls in (known, pl.concat([known, unknown, deleted])))
    assert row[:-2] == alone[:-2]
    assert (alone[-2:], row[-2:]) == ((0, 0), (11, 7))
    none = rule_quality(unknown).row(0, named=True)
    assert (none["flags"], none["precision"], none["faults"], none["recall"]) == (0, None, 0, None)
    assert (none["unscored"], none["deleted"]) == (11, 0)


def test_equal_weights_are_counts():
    assert weighted_share([(7.0, True)] * 9 + [(7.0, False)]) == (pytest.approx(0.9), pytest.approx(10.0))
    assert weighted_share([]) == (None, 0.0)


def test_recall_needs_calls_that_the_rule_did_not_flag():
    row = rule_quality(judged((9, "fail", "fail", 0.1))).row(0, named=True)
    assert (row["recall"], row["recall_low"]) == (None, None)


def test_a_machine_that_could_not_tell_has_missed_the_fault():
    row = rule_quality(judged((3, "uncertain", "fail", 0.1), (1, "fail", "fail", 0.1))).row(0, named=True)
    assert (row["recall"], row["missed"]) == (0.25, 3)


def test_where_a_person_cannot_tell_or_calls_were_not_drawn_nothing_is_learned():
    calls = judged((5, "fail", "uncertain", 0.1))
    assert rule_quality(calls).is_empty()
    assert rule_quality(judged((5, "fail", "pass", 0.1), purpose="appeal")).is_empty()


def test_a_rule_that_never_flagged_anything_is_manual():
    row = rule_quality(judged((5, "pass", "pass", 0.1), (2, "not_applicable", "fail", 0.1))).row(
        0, named=True
    )
    assert (row["precision"], row["precision_low"], row["status"], row["more_if_flawless"]) == (
        None,
        None,
        "manual",
        29,
    )
    assert row["recall"] == 0.0


def test_each_item_has_a_row_and_the_order_of_rows_does_not_matter():
    calls = pl.concat(
        [judged((3, "fail", "fail", 0.3), item="title"), judged((2, "fail", "pass", 0.7), item="closing")]
    )
    rows = rule_quality(calls)
    assert rows["item"].to_list() == ["closing", "title"]
    assert rule_quality(calls.reverse()).equals(rows)


def test_a_later_claim_stands_only_on_the_earlier_ones():
    assert fixed_sequence([]) == 0
    assert fixed_sequence([False, True]) == 0
    assert [status_of(sure) for sure in (0.59, 0.60, 0.89, 0.90)] == [
        "manual",
        "assisted",
        "assisted",
        "automatic",
    ]


def test_probabilities_that_cannot_be_are_refused():
    with pytest.raises(QaError) as refused:
        rule_quality(judged((1, "fail", "fail", 0.0)))
    assert refused.value.code == "estimates.bad_probability"
