import polars as pl
import pytest

from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.groups import (
    GROUP_ESTIMATES,
    beyond_teams,
    department_estimate,
    team_estimates,
)
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
    assert (row["low"], row["reason"]) == (None, "no_spread")  # one agent a team says nothing of others
    assert row["estimate"] == pytest.approx((240 + 50) / 4 + 1)


THREE_AGENTS = frame_of(
    *((f"{agent}{at}", agent, "rest", 60.0 + 10 * at) for agent in "123" for at in range(3))
)
HEARD = audits_of({"10": 62.0, "11": 74.0, "20": 70.0, "21": 82.0}, THREE_AGENTS)


def test_of_three_agents_the_third_may_differ_as_the_two_heard_ones_do():
    row = team_estimates(THREE_AGENTS, HEARD, dict.fromkeys("123", 1.0)).row(0, named=True)
    # Corrections 2 and 4, 10 and 12: means 3 and 11 differ by 32, calls by 2.
    assert (row["estimate"], row["unheard_share"]) == (77.0, pytest.approx(1 / 3))
    assert row["variance"] == pytest.approx(1 / 3 * 32 / 2 + 2 / 3 * 1 / 3 * 2 / 4)
    assert row["df"] == pytest.approx(row["variance"] ** 2 / ((1 / 6) ** 2 / 2 + (16 / 3) ** 2))
    assert (row["low"], row["high"]) == (pytest.approx(50.0086, abs=1e-4), 100.0)


def test_by_the_first_method_the_third_is_taken_to_be_just_like_them():
    row = team_estimates(THREE_AGENTS, HEARD, dict.fromkeys("123", 1.0), method=1).row(0, named=True)
    assert (row["estimate"], row["variance"], row["df"]) == (77.0, pytest.approx(1 / 6), 2.0)
    assert (row["low"], row["high"]) == (pytest.approx(75.243408), pytest.approx(78.756592))


def test_where_all_were_heard_both_methods_give_the_same_digits():
    frame = THREE_AGENTS.filter(pl.col("agent") != "3").with_columns(pl.col("score") / 7 + 50)
    frame = pl.concat([frame, TWO_TEAMS.with_columns(agent=pl.col("agent") + "0")])
    audits = pl.concat([HEARD, AUDITS])
    slopes = {"1": 0.7, "2": 0.61, "10": 0.59, "20": 0.73}
    for estimates in (team_estimates, department_estimate):
        first, second = (estimates(frame, audits, slopes, method=method) for method in (1, 2))
        assert first.equals(second)
        assert second["low"].null_count() == 0


def test_agents_whose_scores_are_believed_less_do_not_move_an_unheard_one():
    slopes = {"1": 1.0, "2": 1.0, "3": 0.5}
    first, second = (
        department_estimate(THREE_AGENTS, HEARD, slopes, method=method).row(0, named=True)["estimate"]
        for method in (1, 2)
    )
    # All three have a machine mean of 70 and people add 7 to it: the first method took 35 off the third.
    assert (first, second) == (pytest.approx(77 - 35 / 3), pytest.approx(77.0))


def test_a_team_with_one_heard_agent_learns_from_other_teams_how_agents_differ():
    calls = (("x", "8", "rest", 60.0), ("y", "8", "rest", 70.0), ("z", "9", "rest", 65.0))
    alone = frame_of(*calls, team="二班")
    frame = pl.concat([THREE_AGENTS, alone])
    audits = pl.concat([HEARD, audits_of({"x": 62.0}, alone)])
    slopes = dict.fromkeys("12389", 1.0)
    rows = {row["team"]: row for row in team_estimates(frame, audits, slopes).iter_rows(named=True)}
    assert rows["二班"]["reason"] == "no_spread"  # one call heard: how calls differ is learned from no other
    audits = pl.concat([HEARD, audits_of({"x": 62.0, "y": 76.0}, alone)])
    rows = {row["team"]: row for row in team_estimates(frame, audits, slopes).iter_rows(named=True)}
    # Of three calls two in one cell, heard whole: (1/3)² + (1/3)² of what is 32 less the noise of two calls.
    noise = 1 / 6 * (2 + 2 + 8) / 3
    assert rows["二班"]["variance"] == pytest.approx(2 / 9 * (32 - noise))


def test_teams_nobody_heard_and_months_without_calls_say_so():
    rows = team_estimates(TWO_TEAMS, AUDITS.head(0), SLOPES).rows(named=True)
    assert {row["reason"] for row in rows} == {"no_audits"}
    row = department_estimate(TWO_TEAMS.clear(), AUDITS.clear(), {}).row(0, named=True)
    assert (row["calls"], row["estimate"], row["reason"]) == (0, None, "no_audits")


def test_over_all_choices_of_who_goes_unheard_the_mean_is_right_though_a_cell_lies_beyond_100():
    frame = frame_of(*((one, one, "rest", score) for one, score in (("a", 90.0), ("b", 10.0), ("c", 95.0))))
    given = {"a": 95.0, "b": 90.0, "c": 90.0}
    found = []
    for unheard in given:
        audits = audits_of({one: score for one, score in given.items() if one != unheard}, frame)
        row = department_estimate(frame, audits, dict.fromkeys(given, 1.0)).row(0, named=True)
        found.append(row["machine_mean"] + row["bias"])
    # a heard by nobody is taken to be 90 + (80 − 5) / 2 = 127.5.
    assert found[0] == pytest.approx((127.5 + 90 + 90) / 3)
    assert sum(found) / 3 == pytest.approx(sum(given.values()) / 3)


def test_a_department_beyond_its_teams_is_told_from_one_among_them():
    teams = pl.DataFrame(
        [{"team": "一班", "estimate": 96.62}, {"team": "二班", "estimate": 93.84}], GROUP_ESTIMATES
    )
    assert beyond_teams(teams, {"estimate": 97.0, "unheard_share": 0.07})
    assert beyond_teams(teams, {"estimate": 93.0, "unheard_share": 0.07})
    assert not beyond_teams(teams, {"estimate": 96.624, "unheard_share": 0.07})
    assert not beyond_teams(teams, {"estimate": None, "unheard_share": 0.07})
    assert not beyond_teams(teams, {"estimate": 97.0, "unheard_share": 0.0})
    open_team = teams.with_columns(estimate=pl.when(pl.col("team") == "二班").then("estimate"))
    assert not beyond_teams(open_team, {"estimate": 97.0, "unheard_share": 0.07})
