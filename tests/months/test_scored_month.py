import pytest

from qa_audit.messages import QaError
from qa_audit.months.scored_month import scored_month


def test_figures_follow_from_the_scores_of_the_month(scored):
    made = scored_month(scored, "2026-10")
    known = made.agents.filter(made.agents["scored"] > 0)
    assert known.select("agent_no", "scored").rows() == [("8013", 1), ("8021", 2), ("8023", 2)]
    assert known["mean"].to_list() == pytest.approx([100.0, 87.6471, 28.9773], abs=1e-4)
    assert made.teams["team"].to_list() == ["一班", "二班"]
    assert made.items.filter(item="apology").select("judged", "faults", "points_lost").rows() == [
        (2, 2, 10.0)
    ]


def test_scores_that_were_read_already_are_not_read_again(scored):
    read = scored.scored("2026-10")
    for part in (scored.results / "scores").rglob("*.parquet"):
        part.unlink()
    assert scored_month(scored, "2026-10", read).agents["scored"].sum() == 5


def test_a_month_without_calls_is_refused_with_those_there_are(scored):
    with pytest.raises(QaError) as error:
        scored_month(scored, "2026-11")
    assert (error.value.code, error.value.values["months"]) == ("workspace.empty_month", "2026-09, 2026-10")
