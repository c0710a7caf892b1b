import polars as pl
import pytest

from qa_audit.messages import speaking
from qa_audit.sampling.design import Design
from qa_audit.sampling.frame import make_frame
from qa_audit.sampling.interval import half_width
from qa_audit.sampling.plan import PLAN_SCHEMA, Plan
from tests.sampling.made_calls import calls_of, month_of_calls


def _plan(calls, **design):
    return Plan(make_frame(calls, "2026-10", Design(**design)))


def test_every_agent_s_share_in_order_of_team():
    plan = _plan(month_of_calls())
    assert plan.agents.schema == PLAN_SCHEMA
    assert plan.agents["agent_name"].to_list() == ["员工0", "员工2", "员工1"]
    row = plan.agents.row(0, named=True)
    assert (row["calls"], row["flagged"], row["flagged_drawn"], row["rest"], row["rest_drawn"]) == (
        *(40, 8, 3, 32, 5),
    )
    assert row["half_width"] == pytest.approx(9.487, abs=0.001)
    assert plan.teams.select("team", "agents", "calls", "drawn").rows() == [
        ("一班", 2, 80, 16),
        ("二班", 1, 40, 8),
    ]
    assert plan.drawn == 24
    assert plan.listening_h == pytest.approx(24 * 60 / 3600)


def test_the_summary_names_what_will_be_known():
    plan = _plan(month_of_calls())
    assert plan.aims() == {5.0: 17, 3.0: 27}
    with speaking("zh"):
        told = plan.summary()
    assert told == (
        "2026-10：3 名员工、120 通可抽的通话，抽 24 通（听一遍约 0.4 小时）。听评之后，一名员工月度分数的 "
        "95% 区间约为 ±9.5 分（按剩余标准差 13.2 分估算）。要到 ±5 分，每人要听 17 通；±3 分要听 27 通。"
    )


def test_another_deviation_another_width():
    frame = make_frame(month_of_calls(), "2026-10", Design())
    assert Plan(frame, 6.6).agents["half_width"][0] == pytest.approx(Plan(frame).agents["half_width"][0] / 2)


def test_notes_on_what_is_unusual():
    rows = [{"call_id": f"u{n}", "score": None} for n in range(9)]
    rows += [{"call_id": "r", "recording": None}]
    rows += [{"call_id": "n", "person_id": None, "agent_no": None, "agent_name": None}]
    rows += [{"call_id": "one", "person_id": "P2"}]
    with speaking("en"):
        notes = _plan(calls_of(*rows)).notes()
    assert [note.split(" ", 1)[0] for note in notes] == ["1", "1", "9", "1", "1"]
    assert "no recording" in notes[0]
    assert "no known agent" in notes[1]
    assert "'rest'" in notes[2]
    assert "all of theirs are heard" in notes[3]
    assert "without strata" in notes[4]


def test_the_widths_are_those_of_the_shares():
    plan = _plan(month_of_calls(1, 40), calls_per_agent=4)
    row = plan.agents.row(0, named=True)
    assert (row["flagged"], row["rest"], row["rest_drawn"]) == (0, 40, 4)
    from qa_audit.sampling.allocation import Share

    assert row["half_width"] == half_width([Share("all", 40, 4)], prior_freedom=0)


def test_a_plan_of_nothing_is_empty():
    plan = _plan(calls_of({"call_id": "a", "recording": None}))
    assert plan.agents.height == plan.drawn == 0
    assert plan.listening_h is None
    assert _plan(calls_of({"call_id": "a", "duration_s": None})).listening_h is None
    with speaking("zh"):
        assert "抽 0 通（通话时长未知）" in plan.summary()
    assert isinstance(plan.teams, pl.DataFrame)
    assert plan.as_json()["agents"] == []
