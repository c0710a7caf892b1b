from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.sampling.assignment import CallToHear, assign

CALLS = [
    CallToHear(f"c{agent}-{n}", f"a{agent}", frozenset([f"员工{agent}", str(8000 + agent)]))
    for agent in range(10)
    for n in range(8)
]
THREE = ["甲", "乙", "丙"]


def test_calls_of_an_agent_go_to_different_inspectors_and_loads_are_even():
    handed = assign(CALLS, THREE, "seed", twice="0")
    assert sorted(one.call_id for one in handed) == sorted(call.call_id for call in CALLS)
    assert sorted(Counter(one.inspector for one in handed).values()) == [26, 27, 27]
    by_agent = Counter((one.call_id[:2], one.inspector) for one in handed)
    assert set(by_agent.values()) == {2, 3}
    assert {one.purpose for one in handed} == {"first"}


def test_nobody_hears_calls_of_their_own():
    handed = assign(CALLS, ["员工0", "8001", "甲"], "seed", common=3)
    assert not [
        one for one in handed if (one.inspector, one.call_id[:2]) in {("员工0", "c0"), ("8001", "c1")}
    ]
    with pytest.raises(QaError) as error:
        assign(CALLS, ["员工0"], "seed")
    assert error.value.code == "sampling.only_own_call"


def test_an_agent_is_known_by_any_blanks_in_the_name():
    calls = [CallToHear("a", "p1", frozenset({"王　芳"}))]
    assert [one.inspector for one in assign(calls, ["王 芳", "李敏"], "seed", twice="0")] == ["李敏"]


def test_a_share_is_heard_twice_and_some_by_all():
    handed = assign(CALLS, THREE, "seed", twice="0.1", common=4)
    purposes = Counter(one.purpose for one in handed)
    assert purposes == {"first": 80, "second": 8, "common": 8}  # 10 % of 76; 4 calls by two more
    hearers = Counter(one.call_id for one in handed)
    assert Counter(hearers.values()) == {1: 68, 2: 8, 3: 4}
    assert len({(one.inspector, one.call_id) for one in handed}) == len(handed)


def test_one_inspector_hears_nothing_twice():
    handed = assign(CALLS, ["甲"], "seed", twice="1", common=5)
    assert len(handed) == 80
    assert [one.place for one in handed] == list(range(1, 81))


def test_the_queue_tells_nothing_of_the_agent():
    queue = [one.call_id[:2] for one in assign(CALLS, ["甲"], "seed", twice="0")]
    runs = sum(one != other for one, other in pairwise(queue))
    assert runs > 60  # in order of agents it would change 9 times


@given(st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None)
def test_neither_the_order_of_calls_nor_of_inspectors_matters(chance):
    calls, names = list(CALLS), list(THREE)
    chance.shuffle(calls)
    chance.shuffle(names)
    assert assign(calls, names, "seed", common=2) == assign(CALLS, THREE, "seed", common=2)


def test_over_many_seeds_every_inspector_hears_every_call_as_often():
    counts = Counter(
        one.inspector
        for seed in range(300)
        for one in assign(CALLS[:20], THREE, str(seed), twice="0")
        if one.call_id == "c0-0"
    )
    assert all(70 < counts[name] < 130 for name in THREE)  # 100 each, SD 8


@pytest.mark.parametrize(
    ("inspectors", "choice", "code"),
    [
        ([], {}, "sampling.no_inspector"),
        (["甲", " "], {}, "sampling.no_inspector"),
        (["甲", "甲 "], {}, "sampling.inspector_twice"),
        (["甲"], {"twice": "1.5"}, "sampling.bad_hand_out"),
        (["甲"], {"twice": "some"}, "sampling.bad_hand_out"),
        (["甲"], {"common": -1}, "sampling.bad_hand_out"),
    ],
)
def test_what_cannot_be_handed_out(inspectors, choice, code):
    with pytest.raises(QaError) as error:
        assign(CALLS, inspectors, "seed", **choice)
    assert error.value.code == code


def test_no_calls_give_no_work():
    assert assign([], THREE, "seed") == ()
