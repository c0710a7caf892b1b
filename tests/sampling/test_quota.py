from datetime import date

from qa_audit.sampling.design import Design
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.quota import Quota, quotas
from tests.sampling.made_calls import calls_of, month_of_calls


def _wanted(calls, **choice):
    first_days = choice.pop("first_days", {})
    frame = make_frame(calls, "2026-10", Design(**choice), first_days=first_days)
    return {one.agent: one.wanted for one in quotas(frame)}


def test_everyone_has_the_same_number_and_new_agents_theirs():
    calls = month_of_calls(3, 40)
    assert _wanted(calls) == {"person:a0": 8, "person:a1": 8, "person:a2": 8}
    new = {"a1": date(2026, 10, 9)}
    assert _wanted(calls, new_agent_calls=12, first_days=new)["person:a1"] == 12


def test_never_more_than_there_are():
    calls = calls_of(
        *({"call_id": f"a{n}"} for n in range(3)), {"call_id": "b", "person_id": "P2"},
        {"call_id": "c", "person_id": "P3", "recording": None},
    )  # fmt: skip
    assert _wanted(calls) == {"person:P1": 3, "person:P2": 1}


def test_a_team_that_falls_short_gets_more_of_each_in_turn():
    calls = month_of_calls(3, 40)  # a0 and a2 are in 一班, a1 alone in 二班
    assert _wanted(calls, team_at_least=19) == {"person:a0": 10, "person:a1": 19, "person:a2": 9}
    assert _wanted(calls, team_at_least=500) == {"person:a0": 40, "person:a1": 40, "person:a2": 40}


def test_people_without_a_team_are_a_team():
    calls = calls_of(*({"call_id": str(n), "team": None} for n in range(20)))
    (one,) = quotas(make_frame(calls, "2026-10", Design(team_at_least=11)))
    assert one == Quota("person:P1", None, False, 20, 11)
