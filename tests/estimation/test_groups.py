import polars as pl
import pytest

from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.groups import department_estimate, team_estimates
from tests.estimation.made_month import audits_of, frame_of

TWO_TEAMS = pl.concat(
    [
        frame_of(("a", "1", "rest", 60.0), ("b", "1", "rest", 70.0), ("c", "1", "rest", 80.0), team="十班"),
        frame_of(("d", "2", "rest", 90.0), ("e", "2", "rest", 80.0), ("f", "2", "rest", 70.0), team="二班"),
    ]
)
SLOPES = {"1": 1.0, "2": 1.0}
AUDITS = audits_of({"a": 64.0, "b": 78.0, "d": 90.0, "e": 82.0}, TWO_TEAMS)


def test_teams_stand_in_counting_order_with_their_own_figures():
    rows = team_estimates(TWO_TEAMS, AUDITS, SLOPES).rows(named=True)
    assert [row["team"] for row in rows] == ["二班", "十班"]
    # d = 0 and 2: mean 80 + 1, V = (1 − 2/3) · 2 / 2.
    assert (rows[0]["machine_mean"], rows[0]["estimate"], rows[0]["agents"]) == (80.0, 81.0, 1)
    assert (rows[0]["variance"], rows[0]["df"]) == (pytest.approx(1 / 3), 1.0)
    assert (rows[1]["machine_mean"], rows[1]["estimate"]) == (70.0, 76.0)


def test_the_department_is_the_mean_over_all_calls():
    row = department_estimate(TWO_TEAMS, AUDITS, SLOPES).row(0, named=True)
    assert (row["team"], row["agents"], row["calls"], row["heard"]) == (None, 2, 6, 4)
    assert row["estimate"] == pytest.approx(75 + 3.5)
    assert row["unheard_share"] == 0.0


def test_one_team_of_one_agent_has_that_agents_figure():
    frame = TWO_TEAMS.filter(pl.col("agent") == "1")
    audits = AUDITS.filter(pl.col("call_id").is_in(["a", "b"]))
    month = estimate_month(frame, audits)
    team = team_estimates(frame, audits, month.slopes).row(0, named=True)
    agent = month.agents.row(0, named=True)
    for name in ("estimate", "bias", "variance", "df", "low", "high"):
        assert team[name] == pytest.approx(agent[name])


def test_an_agent_who_changes_team_counts_for_each_with_the_calls_made_there():
    moved = TWO_TEAMS.with_columns(
        team=pl.when(pl.col("call_id") == "a").then(pl.lit("二班")).otherwise(pl.col("team"))
    )
    rows = team_estimates(moved, AUDITS, SLOPES).rows(named=True)
    assert [(row["team"], row["calls"], row["heard"]) for row in rows] == [("二班", 4, 3), ("十班", 2, 1)]
    assert rows[0]["estimate"] == pytest.approx((60 + 4 + 90 + 80 + 70 + 3 * 1) / 4)
    assert (rows[1]["estimate"], rows[1]["low"], rows[1]["reason"]) == (75.0 + 8.0, None, "no_spread")


def test_an_agent_nobody_heard_is_taken_to_be_like_the_team_and_counted():
    frame = pl.concat([TWO_TEAMS, frame_of(("g", "3", "rest", 50.0), team="二班")])
    row = team_estimates(frame, AUDITS, SLOPES | {"3": 1.0}).row(0, named=True)
    assert (row["agents"], row["unheard_share"]) == (2, 0.25)
    assert row["estimate"] == pytest.approx((240 + 50) / 4 + 1)


def test_teams_nobody_heard_and_months_without_calls_say_so():
    rows = team_estimates(TWO_TEAMS, AUDITS.head(0), SLOPES).rows(named=True)
    assert {row["reason"] for row in rows} == {"no_audits"}
    row = department_estimate(TWO_TEAMS.clear(), AUDITS.clear(), {}).row(0, named=True)
    assert (row["calls"], row["estimate"], row["reason"]) == (0, None, "no_audits")
