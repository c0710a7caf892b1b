from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from qa_audit.sampling.design import Design
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.strata import flagged_calls, lowest
from tests.sampling.made_calls import calls_of

FIFTH = Fraction(1, 5)


def _flagged(rows, **design):
    calls = flagged_calls(make_frame(calls_of(*rows), "2026-10", Design(**design)))
    return calls.filter("flagged")["call_id"].to_list()


def test_the_lowest_fifth_of_each_agent_rounded_up():
    rows = [{"call_id": f"a{n}", "score": 10.0 * n} for n in range(6)]
    rows += [{"call_id": f"b{n}", "score": 90.0 + n, "person_id": "P2"} for n in range(5)]
    assert _flagged(rows) == ["a0", "a1", "b0"]
    assert _flagged(rows, flagged_share="0") == []


def test_between_equal_scores_the_hash_of_the_id_decides():
    # printf '%s' '2:A2' | sha256sum is the smallest (871d…), then A5 (9b37…), A4, A1, A3.
    scored = [(f"A{n}", 50.0) for n in range(1, 6)] + [("B", 99.0)]
    assert lowest(scored, Fraction(2, 6)) == ["A2", "A5"]
    assert lowest(scored[::-1], Fraction(2, 6)) == ["A2", "A5"]


def test_equal_scores_flag_nothing_and_the_highest_is_never_flagged():
    assert lowest([(str(n), 100.0) for n in range(9)], FIFTH) == []
    assert lowest([("a", 10.0), *((str(n), 100.0) for n in range(9))], Fraction(1, 2)) == ["a"]
    assert lowest([("a", 10.0)], FIFTH) == []
    assert lowest([], FIFTH) == []


def test_calls_without_a_score_are_never_flagged_and_do_not_count():
    rows = [{"call_id": f"a{n}", "score": 10.0 * n} for n in range(5)]
    rows += [{"call_id": f"u{n}", "score": None} for n in range(20)]
    assert _flagged(rows) == ["a0"]


@given(st.lists(st.floats(0, 100), max_size=40), st.integers(0, 50))
def test_flagged_are_lower_than_the_others_and_no_more_than_the_share(scores, percent):
    share = Fraction(percent, 100)
    scored = [(str(n), score) for n, score in enumerate(scores)]
    low = lowest(scored, share)
    assert len(low) <= -(-share.numerator * len(scores) // share.denominator)
    by_id = dict(scored)
    others = [score for call, score in scored if call not in low]
    if low:
        assert max(by_id[call] for call in low) <= min(others)
        assert max(by_id[call] for call in low) < max(others)
