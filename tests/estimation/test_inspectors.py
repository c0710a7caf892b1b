import polars as pl
import pytest

from qa_audit.estimation.inspectors import SCORES, icc_agreement, inspector_offsets
from qa_audit.messages import QaError


def scores(*rows: tuple[str, str, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCORES, orient="row")


# Six targets, four judges: Shrout and Fleiss (1979), table 2; ICC(2,1) = .29.
JUDGES = {
    "1": (9, 2, 5, 8),
    "2": (6, 1, 3, 2),
    "3": (8, 4, 6, 8),
    "4": (7, 1, 2, 6),
    "5": (10, 5, 6, 9),
    "6": (6, 2, 4, 7),
}
PUBLISHED = scores(
    *(
        (call, who, float(one))
        for call, given in JUDGES.items()
        for who, one in zip("ABCD", given, strict=True)
    )
)


def test_the_published_icc_comes_out():
    figure, low, high = icc_agreement(PUBLISHED)
    # From its mean squares 11.24, 32.49 and 1.02.
    assert figure == pytest.approx(0.2898, abs=5e-5)
    assert low < figure < high


def test_a_missing_score_is_allowed_and_changes_little():
    figure, _, _ = icc_agreement(PUBLISHED[1:])
    assert 0.15 < figure < 0.45


def test_a_constant_difference_between_inspectors_lowers_agreement():
    same = scores(*((f"c{n}", who, 50.0 + 5 * n) for n in range(8) for who in "AB"))
    apart = scores(*((f"c{n}", who, 50.0 + 5 * n + 10 * (who == "B")) for n in range(8) for who in "AB"))
    assert icc_agreement(same)[0] == pytest.approx(1.0)
    # σ²_calls = 150, σ²_inspectors = 50.
    assert icc_agreement(apart)[0] == pytest.approx(0.75)


@pytest.mark.parametrize(
    "frame",
    [
        scores(),
        scores(("a", "A", 80.0)),
        scores(("a", "A", 80.0), ("b", "A", 90.0)),
        scores(("a", "A", 80.0), ("b", "B", 90.0)),
        scores(*((f"c{n}", who, 100.0) for n in range(5) for who in "AB")),
        scores(("a", "A", None), ("a", "B", None)),
    ],
)
def test_where_nothing_can_be_compared_it_is_not_defined(frame):
    assert icc_agreement(frame) == (None, None, None)


def test_offsets_are_signed_and_against_the_others_on_the_same_calls():
    frame = scores(
        ("a", "A", 90.0),
        ("a", "B", 80.0),
        ("a", "C", 70.0),
        ("b", "A", 60.0),
        ("b", "B", 54.0),
        ("c", "C", 10.0),
    )
    rows = {row["inspector"]: row for row in inspector_offsets(frame).iter_rows(named=True)}
    assert (rows["A"]["calls"], rows["A"]["offset"]) == (2, (15 + 6) / 2)
    assert rows["B"]["offset"] == (0 - 6) / 2
    assert (rows["C"]["calls"], rows["C"]["offset"], rows["C"]["low"]) == (1, -15.0, None)
    # Differences 15 and 6: SD 6.364, t with one degree of freedom 12.706.
    assert rows["A"]["high"] - rows["A"]["offset"] == pytest.approx(12.706 * 4.5, rel=1e-4)


def test_an_inspector_who_heard_alone_has_no_offset():
    assert inspector_offsets(scores(("a", "A", 90.0))).rows() == [("A", 0, None, None, None)]


def test_two_scores_of_one_inspector_are_refused():
    with pytest.raises(QaError) as refused:
        inspector_offsets(scores(("a", "A", 90.0), ("a", "A", 80.0)))
    assert refused.value.code == "estimates.double_score"
