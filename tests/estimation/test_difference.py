import math
from itertools import combinations, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation.cells import cells_of
from qa_audit.estimation.difference import estimate_cells, estimate_month, past_biases
from qa_audit.estimation.heard import AUDITS, checked_frame, heard_calls
from qa_audit.estimation.intervals import t_quantile
from tests.estimation.made_month import audits_of, frame_of

STRATA = {"flagged": 4, "rest": 6}


def month(seed: int, agents: int = 3, drawn: tuple[int, int] = (2, 3)):
    """(frame, true scores by call, audits) of agents with ten calls each."""
    rng = np.random.default_rng(seed)
    calls, truth, heard = [], {}, {}
    for agent in range(agents):
        for stratum, number in zip(STRATA, drawn, strict=True):
            for place in range(STRATA[stratum]):
                call = f"{agent}{stratum}{place}"
                truth[call] = float(rng.uniform(40, 95))
                machine = truth[call] - 5 * (agent % 2) + float(rng.normal(0, 2))
                calls.append((call, f"10{agent:02d}", stratum, machine))
                if place < number:
                    heard[call] = truth[call]
    frame = frame_of(*calls)
    return frame, truth, audits_of(heard, frame)


def test_one_agent_by_hand():
    frame = frame_of(*((f"c{n}", "1001", "rest", score) for n, score in enumerate((60.0, 70.0, 80.0, 90.0))))
    row = estimate_month(frame, audits_of({"c0": 66.0, "c3": 92.0}, frame)).agents.row(0, named=True)
    # Nobody else: λ = 1, d = 6 and 2, θ̂ = 75 + 4; V = (1 − 2/4) · 8 / 2 with one degree of freedom.
    assert row["slope"] == 1.0
    assert row["machine_mean"] == 75.0
    assert (row["estimate"], row["bias"], row["variance"], row["df"]) == (79.0, 4.0, 2.0, 1.0)
    assert row["half_width"] == pytest.approx(12.7062 * math.sqrt(2.0), rel=1e-4)
    assert (row["low"], row["high"]) == (pytest.approx(61.03, abs=0.01), pytest.approx(96.97, abs=0.01))
    assert row["reason"] is None


def test_over_all_draws_the_estimate_is_right_on_average_and_so_is_its_variance():
    frame, truth, _ = month(1, agents=1)
    flagged, rest = ([call for call in truth if stratum in call] for stratum in STRATA)
    found = []
    for some, others in product(combinations(flagged, 2), combinations(rest, 3)):
        audits = audits_of({call: truth[call] for call in (*some, *others)}, frame)
        found.append(estimate_month(frame, audits).agents.row(0, named=True))
    estimates = [row["unclipped"] for row in found]
    assert len(found) == 6 * 20
    assert np.mean(estimates) == pytest.approx(np.mean(list(truth.values())), abs=1e-9)
    assert np.mean([row["variance"] for row in found]) == pytest.approx(np.var(estimates), rel=1e-9)


def test_with_others_slope_it_is_still_right_on_average():
    frame, truth, audits = month(2, agents=8)
    mine = [call for call in truth if call.startswith("0")]
    others = audits.filter(~pl.col("call_id").is_in(mine))
    flagged, rest = ([call for call in mine if stratum in call] for stratum in STRATA)
    found = []
    for some, more in product(combinations(flagged, 2), combinations(rest, 1)):
        own = audits_of({call: truth[call] for call in (*some, *more)}, frame)
        found.append(estimate_month(frame, pl.concat([others, own])).agents.row(0, named=True))
    assert len({row["slope"] for row in found}) == 1
    assert found[0]["slope"] != 1.0
    assert np.mean([row["unclipped"] for row in found]) == pytest.approx(
        np.mean([truth[call] for call in mine]), abs=1e-9
    )


def test_the_slope_is_learned_from_all_others_weighted_by_how_calls_were_drawn():
    frame, truth, audits = month(3, agents=9, drawn=(2, 2))
    got = estimate_month(frame, audits).slopes
    machine = dict(frame.select("call_id", "score").rows())
    for left_out in got:
        above = below = 0.0
        for agent in set(got) - {left_out}:
            calls = [call for call in audits["call_id"] if f"10{call[0]:0>2}" == agent]
            w = np.array([2.0 if "flagged" in call else 3.0 for call in calls])
            y, m = (np.array([scores[call] for call in calls]) for scores in (truth, machine))
            y, m = y - np.average(y, weights=w), m - np.average(m, weights=w)
            above, below = above + (w * y * m).sum(), below + (w * m * m).sum()
        assert got[left_out] == pytest.approx(above / below, rel=1e-9)


def test_variances_are_steadied_by_those_of_all_agents():
    frame, _, audits = month(4, agents=12)
    result = estimate_month(frame, audits)
    assert result.prior.df > 0
    for agent, row in zip(result.slopes, result.agents.iter_rows(named=True), strict=True):
        parts = []
        for cell in result.cells:
            if cell.agent == agent:
                s2 = float(np.var(cell.residuals(row["slope"]), ddof=1))
                d0, n = result.prior.df, cell.heard
                single = (d0 * result.prior.variance(cell.stratum, 0.9) + (n - 1) * s2) / (d0 + n - 1)
                share = (cell.calls / 10) ** 2 * (1 - n / cell.calls) / n
                parts.append((share * single, min(d0 + n - 1, result.prior.total_df)))
        variance = sum(part for part, _ in parts)
        df = variance**2 / sum(part**2 / df for part, df in parts)
        assert row["variance"] == pytest.approx(variance, rel=1e-9)
        assert row["df"] == pytest.approx(df, rel=1e-9)
        assert row["half_width"] == pytest.approx(t_quantile(df) * math.sqrt(variance), rel=1e-9)


def test_agents_without_audits_have_no_estimate_and_say_why():
    frame, truth, _ = month(5, agents=2)
    audits = audits_of({call: truth[call] for call in ("0flagged0", "0flagged1", "0rest0", "0rest1")}, frame)
    rows = estimate_month(frame, audits).agents.rows(named=True)
    assert rows[0]["reason"] is None
    assert (rows[1]["reason"], rows[1]["estimate"], rows[1]["calls"]) == ("no_audits", None, 10)
    flagged_only = audits_of({"0flagged0": 80.0, "0flagged1": 70.0}, frame)
    row = estimate_month(frame, flagged_only).agents.row(0, named=True)
    assert (row["reason"], row["estimate"], row["heard"]) == ("stratum_unheard", None, 2)


def test_an_agent_with_one_call_that_was_heard_is_known_exactly():
    frame = frame_of(("c", "1001", "rest", 60.0))
    row = estimate_month(frame, audits_of({"c": 88.0}, frame)).agents.row(0, named=True)
    assert (row["estimate"], row["low"], row["high"], row["variance"]) == (88.0, 88.0, 88.0, 0.0)


def test_one_audit_of_many_calls_gives_an_estimate_without_an_interval():
    frame = frame_of(("c", "1001", "rest", 60.0), ("d", "1001", "rest", 70.0))
    row = estimate_month(frame, audits_of({"c": 70.0}, frame)).agents.row(0, named=True)
    assert (row["estimate"], row["low"], row["reason"]) == (75.0, None, "no_spread")


def test_equal_audits_of_a_lone_agent_show_no_spread():
    frame = frame_of(*((f"c{n}", "1001", "rest", 100.0) for n in range(9)))
    row = estimate_month(frame, audits_of({"c1": 100.0, "c2": 100.0}, frame)).agents.row(0, named=True)
    assert (row["estimate"], row["low"], row["reason"]) == (100.0, None, "no_spread")


def test_equal_audits_of_a_lone_agent_show_no_spread_whatever_rounding_leaves():
    """The mean of three equal scores may be another float than they are."""
    gaps = {n / 7: n / 7 - 50 for n in range(1, 700)}
    equal = next(one for one, gap in gaps.items() if math.fsum([gap] * 3) / 3 != gap)
    frame = frame_of(*((f"c{n}", "1001", "rest", 50.0) for n in range(9)))
    audits = audits_of(dict.fromkeys(("c1", "c2", "c3"), equal), frame)
    row = estimate_month(frame, audits).agents.row(0, named=True)
    assert (row["low"], row["half_width"], row["reason"]) == (None, None, "no_spread")
    assert estimate_month(frame, audits, method=2).agents["half_width"][0] < 1e-9


def agreeing(agents: int, rng: np.random.Generator):
    """(cells, true means): few of an agent's hundred calls have a fault, fewer a false one of the machine."""
    calls, heard, truth = [], {}, {}
    for agent in range(agents):
        person = np.where(rng.random(100) < 0.08, 60.0, 100.0)
        machine = np.where(rng.random(100) < 0.05, person - 20, person)
        truth[f"{agent:02d}"] = float(person.mean())
        drawn = set(rng.permutation(100)[:6].tolist())
        for place in range(100):
            call = f"{agent:02d}-{place:02d}"
            calls.append((call, f"{agent:02d}", "rest", float(machine[place])))
            if place in drawn:
                heard[call] = float(person[place])
    frame = checked_frame(frame_of(*calls))
    return cells_of(frame, heard_calls(frame, audits_of(heard, frame))), truth


def test_intervals_hold_the_truth_where_machine_and_people_mostly_agree():
    rng = np.random.default_rng(1)
    covered = {2: 0, 3: 0}
    for _ in range(20):
        cells, truth = agreeing(20, rng)
        for method in covered:
            for row in estimate_cells(cells, method=method).agents.iter_rows(named=True):
                covered[method] += row["low"] <= truth[row["agent"]] <= row["high"]
                assert method == 2 or row["half_width"] > 0.1
    assert covered[2] / 400 < 0.6
    assert covered[3] / 400 > 0.93


def test_a_month_without_calls_has_no_rows():
    frame, _, audits = month(1)
    assert estimate_month(frame.clear(), audits.clear()).agents.is_empty()


def test_figures_stay_within_0_and_100():
    frame = frame_of(*((f"c{n}", "1001", "rest", 90.0 + n) for n in range(9)))
    row = estimate_month(frame, audits_of({"c0": 100.0, "c1": 100.0, "c2": 99.0}, frame)).agents.row(
        0, named=True
    )
    assert row["unclipped"] > 100
    assert (row["estimate"], row["high"]) == (100.0, 100.0)


def test_a_past_month_needs_scores_of_its_audited_calls_only():
    frame, _, audits = month(6, agents=3)
    whole = estimate_cells(
        cells_of(checked_frame(frame), heard_calls(checked_frame(frame), audits)), slope=1.0
    )
    heard = pl.when(pl.col("call_id").is_in(audits["call_id"].implode())).then("score")
    part = past_biases(frame.with_columns(score=heard), audits)
    assert part["machine_mean"].null_count() == part["estimate"].null_count() == 3
    assert part["bias"].to_list() == pytest.approx(whole.agents["bias"].to_list(), abs=1e-12)
    assert part["variance"].to_list() == whole.agents["variance"].to_list()


def test_calls_without_a_machine_score_are_part_of_the_month():
    frame = frame_of(*((f"c{n}", "1001", "rest", score) for n, score in enumerate((60.0, 70.0, 80.0, 90.0))))
    frame = frame.with_columns(score=pl.when(pl.col("call_id") != "c3").then("score"))
    row = estimate_month(frame, audits_of({"c0": 64.0, "c3": 76.0}, frame)).agents.row(0, named=True)
    # 70 stands for c3: d = 4 and 6.
    assert (row["calls"], row["machine_mean"], row["estimate"]) == (4, 70.0, 75.0)


@given(st.randoms(use_true_random=False), st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_changes_no_digit(chance, seed):
    frame, _, audits = month(seed, agents=8)
    first = estimate_month(frame, audits)
    rows, other_rows = list(range(len(frame))), list(range(len(audits)))
    chance.shuffle(rows)
    chance.shuffle(other_rows)
    again = estimate_month(frame[rows], audits[other_rows])
    assert again.agents.equals(first.agents)
    assert again.prior == first.prior
    assert again.slopes == first.slopes


@given(
    st.lists(
        st.tuples(
            st.integers(0, 4), st.sampled_from(["flagged", "rest"]), st.integers(0, 100), st.booleans()
        ),
        max_size=40,
    )
)
@settings(max_examples=60, deadline=None)
def test_whatever_was_heard_an_interval_holds_its_estimate(calls):
    rows = [
        (f"c{n}", f"{agent}", stratum, float(score)) for n, (agent, stratum, score, _) in enumerate(calls)
    ]
    frame = frame_of(*rows)
    heard = {f"c{n}": float((score * 7) % 101) for n, (_, _, score, drawn) in enumerate(calls) if drawn}
    audits = audits_of(heard, frame) if heard else pl.DataFrame(schema=AUDITS)
    agents = estimate_month(frame, audits).agents
    assert agents["agent"].to_list() == sorted({row[1] for row in rows})
    for row in agents.iter_rows(named=True):
        if row["low"] is not None:
            assert 0 <= row["low"] <= row["estimate"] <= row["high"] <= 100
        else:
            assert row["reason"] in {"no_audits", "stratum_unheard", "no_spread"}
