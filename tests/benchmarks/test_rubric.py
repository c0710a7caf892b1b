import math

import pytest

from benchmarks.rubric import Counts, count, interval, show, wilson

VERDICTS = [
    # verdict, label: False is a fault, None is not labelled
    *[("fail", False)] * 6,
    *[("uncertain", False)] * 2,
    *[("pass", False)] * 1,
    *[("not_applicable", False)] * 1,
    *[("fail", True)] * 2,
    *[("uncertain", True)] * 3,
    *[("pass", True)] * 5,
    *[("fail", None)] * 4,
]


def counted():
    calls = [
        ({"id": str(place), "labels": {"title": label}}, {"title": verdict})
        for place, (verdict, label) in enumerate(VERDICTS)
    ]
    return count(calls)["title"]


def test_an_uncertain_verdict_on_a_fault_counts_as_missed():
    found = counted()
    assert (found.hit, found.missed, found.false, found.uncertain, found.judged) == (6, 4, 2, 5, 20)
    assert (found.precision, found.recall) == (0.75, 0.6)
    assert found.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_each_verdict_other_than_the_label_is_told():
    assert sorted(counted().wrong, key=lambda line: int(line.split(":")[0])) == [
        *(f"{place}: uncertain, label False" for place in (6, 7)),
        "8: pass, label False",
        "9: not_applicable, label False",
        *(f"{place}: fail, label True" for place in (10, 11)),
        *(f"{place}: uncertain, label True" for place in (12, 13, 14)),
    ]


def test_without_faults_nothing_is_said_of_them(capsys):
    none = Counts()
    assert all(map(math.isnan, (none.precision, none.recall, none.f1)))
    show("none", {"title": none}, wrong=False)
    assert "–" in capsys.readouterr().out


@pytest.mark.parametrize(("hits", "of"), [(0, 1), (0, 10), (3, 7), (9, 10), (10, 10), (499, 500)])
def test_the_ends_of_an_interval_lie_196_standard_errors_from_the_share(hits, of):
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    for end in {low, high} - {0.0, 1.0}:
        assert abs(hits / of - end) == pytest.approx(1.96 * math.sqrt(end * (1 - end) / of))


def test_no_share_is_printed_below_nothing():
    assert interval(0, 10) == "0.00 (0.00–0.28)"
