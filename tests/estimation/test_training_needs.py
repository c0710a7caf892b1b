"""What teams should train: faults that chance explains badly, and whose they are."""

from datetime import datetime, timedelta
from math import comb

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.estimation.training_needs import NEEDS, as_many_by_chance, training_needs


def month_of(rows):
    """Calls and findings of (team, agent, day, item, verdict) rows, a call each."""
    calls, findings = [], []
    for number, (team, agent, day, item, verdict) in enumerate(rows):
        start = None if day is None else datetime(2026, 10, 1, 9) + timedelta(days=int(day))
        calls.append(
            {"call_id": str(number), "start": start, "agent_no": agent, "team": team, "critical": [],
             "uncertain": 0, "status": "scored"}
        )  # fmt: skip
        findings.append(
            {"call_id": str(number), "kind": "item", "item": item, "verdict": verdict, "points": 0.0,
             "max_points": 8.0, "critical": False, "evidence": []}
        )  # fmt: skip
    return pl.DataFrame(calls, schema=CALLS), pl.DataFrame(findings, schema=FINDINGS)


def team_rows(team, faults, judged, *, item="closing", agents=5, days=10):
    """Faults spread evenly over agents and days."""
    return [
        (team, f"{team}{number % agents}", number % days, item, "fail" if number < faults else "pass")
        for number in range(judged)
    ]


def needs_of(rows):
    return training_needs(*month_of(rows))


def test_more_faults_than_the_others_by_far():
    needs = needs_of(team_rows("二班", 30, 100) + team_rows("一班", 10, 200) + team_rows("十班", 10, 200))
    assert needs.drop("p_adjusted").rows() == [
        ("二班", "closing", 100, 30, 0.3, 0.05, []),
        (None, "closing", 500, 50, 0.1, None, []),
    ]
    assert needs["p_adjusted"][0] < 0.001
    assert needs.schema == NEEDS


def test_a_little_more_than_the_others_is_no_need():
    assert needs_of(team_rows("一班", 6, 100) + team_rows("二班", 4, 100)).is_empty()


def test_what_all_have_is_told_once():
    needs = needs_of(team_rows("十班", 24, 100) + team_rows("二班", 20, 100) + team_rows(None, 22, 100))
    assert needs.rows() == [(None, "closing", 300, 66, 0.22, None, None, [])]


def test_teams_come_in_counting_order_and_all_come_last():
    rows = team_rows("一班", 0, 400, days=20)
    for team in ("十班", None, "二班"):
        rows += team_rows(team, 40, 100)
    assert needs_of(rows)["team"].to_list() == ["二班", "十班", "未知", None]


def test_a_team_without_others_has_nothing_of_its_own():
    assert needs_of(team_rows("一班", 50, 100))["team"].to_list() == [None]


@pytest.mark.parametrize(("judged", "told"), [(9, False), (10, True)])
def test_judged_too_rarely(judged, told):
    assert needs_of(team_rows("一班", judged, judged)).is_empty() is not told


def test_nothing_judged():
    rows = [("一班", "1", 0, "closing", "uncertain"), ("一班", "1", 0, "closing", "not_applicable")]
    assert needs_of(rows).schema == NEEDS
    assert needs_of(rows).is_empty()


def test_three_of_a_team_and_three_of_all_at_most():
    rows = []
    for item, faults in (("a", 60), ("b", 50), ("c", 40), ("d", 30)):
        rows += team_rows("一班", faults, 100, item=item) + team_rows("二班", faults - 25, 100, item=item)
    rows += team_rows("一班", 20, 100, item="e") + team_rows("二班", 1, 100, item="e")
    needs = needs_of(rows).select("team", "item").rows()
    assert needs == [*(("一班", item) for item in "abc"), *((None, item) for item in "abc")]


def test_one_bad_day_is_not_the_team():
    bad_day = [("一班", str(number % 5), 3, "closing", "fail") for number in range(30)]
    rest = [("一班", str(number % 5), number % 20, "closing", "pass") for number in range(300)]
    spread = team_rows("一班", 30, 330, days=20)
    others = team_rows("二班", 10, 330, days=20)
    assert needs_of(spread + others)["team"].to_list() == ["一班"]
    assert needs_of(bad_day + rest + others).is_empty()


def test_the_one_who_has_them_all_is_named():
    rows = [
        ("一班", str(agent), day, "closing", "fail" if agent == 3 and day % 2 else "pass")
        for agent in range(6)
        for day in range(20)
    ]
    needs = needs_of(rows + team_rows("二班", 2, 200))
    assert needs.select("team", "agents").rows() == [("一班", ["3"])]


def test_who_stands_out_of_a_team_is_named_at_what_all_have_too():
    rows = [
        (team, f"{team}{agent}", day, "closing", "fail" if day % 5 == 0 or (agent == 3 and team) else "pass")
        for team in ("一班", "二班", None)
        for agent in range(6)
        for day in range(20)
    ]
    assert needs_of(rows).select("team", "agents").rows() == [(None, ["一班3", "二班3"])]


def test_calls_without_a_time_count_as_one_day():
    rows = [
        (team, agent, None, item, verdict) for team, agent, _, item, verdict in team_rows("一班", 30, 100)
    ]
    assert needs_of(rows + team_rows("二班", 10, 400))["team"].to_list() == ["一班"]


def test_by_chance_alone_little_is_found():
    """Teams alike, days better and worse for each: of 40 months with 5 teams and 6 items few have a find."""
    rng = np.random.default_rng(4)
    found = 0
    for _ in range(40):
        rows = []
        for team in range(5):
            for item in "abcdef":
                for day in range(22):
                    rate = rng.beta(1.5, 13.5)
                    rows += [
                        (str(team), str(number), day, item, "fail" if rng.random() < rate else "pass")
                        for number in range(4)
                    ]
        found += bool(needs_of(rows)["team"].is_not_null().any())
    assert found <= 4


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_the_exact_test_counts_all_ways(faults, clean, others, others_clean):
    judged, others_judged = faults + clean, others + others_clean
    total = faults + others
    ways = [comb(judged, here) * comb(others_judged, total - here) for here in range(total + 1)]
    expected = sum(ways[faults:]) / sum(ways)
    assert as_many_by_chance(faults, judged, others, others_judged) == pytest.approx(expected, rel=1e-9)
