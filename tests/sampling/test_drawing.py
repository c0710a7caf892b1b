import hashlib
import math

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.sampling.design import Design
from qa_audit.sampling.drawing import TICKETS_SCHEMA, agent_shares, draw
from qa_audit.sampling.frame import make_frame
from tests.sampling.made_calls import calls_of, month_of_calls

SIX = calls_of(*({"call_id": f"A{n}", "score": 90.0} for n in range(1, 7)))


def test_a_draw_of_six_calls_written_out():
    drawn = draw(make_frame(SIX, "2026-10", Design(calls_per_agent=2)), "seed")
    assert drawn.schema == TICKETS_SCHEMA
    assert drawn.select("place", "call_id", pl.col("ticket").str.head(8), "drawn").rows() == [
        (1, "A3", "3f65220f", True),
        (2, "A5", "6caaa070", True),
        (3, "A2", "7362a912", False),
        (4, "A4", "a1348b6f", False),
        (5, "A1", "b5146c38", False),
        (6, "A6", "e822f081", False),
    ]
    assert set(drawn["inclusion"]) == {2 / 6}


def test_a_few_lines_of_hashlib_draw_the_same():
    frame = make_frame(month_of_calls(4, 50), "2026-10", Design())
    drawn = draw(frame, "0123abcd")
    for agent in range(4):
        calls = {f"10-{agent:02d}-{n:03d}": (n * 37 + agent * 11) % 100 for n in range(50)}
        by_score = sorted(calls, key=calls.__getitem__)
        wanted = set()
        for stratum, number in ((by_score[:10], 3), (by_score[10:], 5)):
            number_of = {call: hashlib.sha256(f"8:0123abcd9:{call}".encode()).hexdigest() for call in stratum}
            wanted |= set(sorted(stratum, key=number_of.__getitem__)[:number])
        got = drawn.filter("drawn", pl.col("agent") == f"person:a{agent}")
        assert set(got["call_id"]) == wanted


@given(st.integers(1, 60), st.integers(2, 30), st.integers(0, 50), st.integers(10, 30), st.booleans())
@settings(max_examples=40, deadline=None)
def test_probabilities_sum_to_the_calls_drawn(calls, wanted, percent, odds, scored):
    rows = month_of_calls(2, calls)
    if not scored:
        rows = rows.with_columns(score=pl.lit(None, pl.Float64))
    design = Design(calls_per_agent=wanted, flagged_share=str(percent / 100), oversampling=str(odds / 10))
    frame = make_frame(rows, "2026-10", design)
    drawn = draw(frame, "s")
    assert drawn.height == 2 * calls
    assert math.isclose(drawn["inclusion"].sum(), drawn["drawn"].sum())
    assert drawn["drawn"].sum() == 2 * min(wanted, calls)
    for (_, _), own in drawn.group_by("agent", "stratum"):
        assert own["drawn"].sum() == own["stratum_drawn"][0] >= min(2, own["stratum_calls"][0])
        assert own.height == own["stratum_calls"][0]
    rates = {key: own["inclusion"][0] for (_, key), own in drawn.group_by("agent", "stratum")}
    if "flagged" in rates:
        assert rates["flagged"] <= odds / 10 * rates["rest"] * (1 + 1e-12)


def test_over_many_seeds_each_call_is_drawn_as_often_as_its_probability_says():
    frame = make_frame(month_of_calls(1, 30), "2026-10", Design())
    seeds = 250
    counts: dict[str, int] = {}
    pairs = 0
    for seed in range(seeds):
        drawn = draw(frame, str(seed)).filter("drawn")
        for call in drawn["call_id"]:
            counts[call] = counts.get(call, 0) + 1
        pairs += {"10-00-000", "10-00-001"} <= set(drawn["call_id"])
    probability = dict(draw(frame, "0").select("call_id", "inclusion").iter_rows())
    assert sorted(set(probability.values())) == [5 / 24, 3 / 6]
    scores = [(counts[call] - seeds * p) / math.sqrt(seeds * p * (1 - p)) for call, p in probability.items()]
    assert max(map(abs, scores)) < 3.5  # one of 30 calls beyond it: once in 70 such draws of seeds
    assert 0.5 < math.fsum(z * z for z in scores) / 28 < 1.8  # two sums are fixed
    both = 3 / 6 * 5 / 24  # one flagged, one not: independent
    assert abs(pairs - seeds * both) < 3.5 * math.sqrt(seeds * both * (1 - both))


def test_an_agent_without_strata_is_drawn_from_one():
    equal = calls_of(*({"call_id": f"a{n}"} for n in range(12)))
    frame = make_frame(equal, "2026-10", Design())
    assert [one.stratum for one in agent_shares(frame)["person:P1"]] == ["rest"]
    few = make_frame(month_of_calls(1, 40), "2026-10", Design(calls_per_agent=4))
    assert [(one.stratum, one.drawn) for one in agent_shares(few)["person:a0"]] == [("all", 4)]
    assert draw(few, "s")["stratum"].unique().to_list() == ["all"]


def test_one_call_is_drawn_for_sure_and_no_call_gives_no_ticket():
    silent = {"call_id": "b", "person_id": "P2", "recording": None}
    frame = make_frame(calls_of({"call_id": "a"}, silent), "2026-10", Design())
    assert draw(frame, "s").select("call_id", "inclusion", "drawn").rows() == [("a", 1.0, True)]
    assert draw(make_frame(calls_of(silent), "2026-10", Design()), "s").height == 0
