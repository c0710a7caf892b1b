"""Callbacks, what was said in them, and the figures of a month, on calls written out one by one."""

from datetime import datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation.callbacks import CALLBACKS, ServiceSettings, callbacks
from qa_audit.estimation.satisfaction import said_satisfaction
from qa_audit.estimation.service import SERVICE, service_figures

FIRST, FOLLOWING = datetime(2026, 10, 1), datetime(2026, 11, 1)
COLUMNS = {
    "call_id": pl.String,
    "start": pl.Datetime("us"),
    "direction": pl.String,
    "internal": pl.Boolean,
    "customer_no": pl.String,
    "agent": pl.String,
    "team": pl.String,
    "duration_s": pl.Float64,
    "recording": pl.String,
    "ring_s": pl.Float64,
}


def _calls(*rows):
    return pl.DataFrame(rows, COLUMNS, orient="row")


def _in(call_id, day, hour, customer, *, team="一班", ring_s=6.0, agent="P1"):
    start = datetime(2026, 10, day, hour)
    return (call_id, start, "inbound", None, customer, agent, team, 60.0, "a.wav", ring_s)


def _out(call_id, start, customer, *, agent="P9", duration_s=40.0, recording="b.wav"):
    return (call_id, start, "outbound", False, customer, agent, "回访组", duration_s, recording, None)


MONTH = _calls(
    _in("in-time", 5, 10, "A"),
    _out("b1", datetime(2026, 10, 7, 10), "A"),
    _in("late", 6, 10, "B", team="二班", ring_s=20.0),
    _out("b2", datetime(2026, 10, 9, 12, 30), "B", agent=None, duration_s=0.0, recording=None),
    _in("never", 7, 10, "C", team="二班", ring_s=None),
    _in("first", 8, 9, "D"),
    _in("again", 9, 9, "D", ring_s=15.0),
    _out("before", datetime(2026, 10, 8, 10), "D"),
    _in("due-in-november", 31, 20, "E", team=None),
    _out("b5", datetime(2026, 11, 1, 8, 59), "E"),
    _in("still-open", 31, 21, "F"),
    (*_in("not-mine", 31, 22, "G")[:3], True, "G", "P1", "一班", 60.0, "a.wav", 6.0),
    _in("masked", 31, 22, None),
)


def test_who_was_called_back_how_soon_and_with_what_record():
    found = callbacks(MONTH, FIRST, FOLLOWING, said={"b1": "satisfied"})
    assert found.schema == CALLBACKS
    rows = found.select(
        "customer_no", "call_id", "callback_id", "delay_h", "state", "rest_hours", "lacking", "said"
    )
    assert rows.rows() == [
        ("A", "in-time", "b1", 48.0, "in_time", False, [], "satisfied"),
        ("B", "late", "b2", 74.5, "late", True, ["agent", "duration_s", "recording"], None),
        ("C", "never", None, None, "none", None, None, None),
        ("D", "again", None, None, "none", None, None, None),
        ("E", "due-in-november", "b5", pytest.approx(12.983, abs=1e-3), "in_time", True, [], None),
        ("F", "still-open", None, None, "open", None, None, None),
    ]


def test_hours_of_rest_and_days_are_the_centres_own():
    rules = ServiceSettings(callback_days=4, rest_hours=())
    found = callbacks(MONTH, FIRST, FOLLOWING, rules)
    assert found["state"].to_list()[:2] == ["in_time", "in_time"]
    assert found["rest_hours"].drop_nulls().any() is False


def test_the_figures_of_teams_and_of_all():
    asked = callbacks(
        MONTH, FIRST, FOLLOWING, said={"b1": "satisfied", "b2": "dissatisfied", "b5": "not_said"}
    )
    complaints = pl.DataFrame({"team": ["二班", "二班", None], "justified": [True, None, False]})
    figures = service_figures(MONTH, asked, FIRST, FOLLOWING, complaints=complaints)
    assert figures.schema == SERVICE
    assert figures["team"].to_list() == ["一班", "二班", "未知", None]
    names = (
        "inbound",
        "ring_known",
        "within_rings",
        "customers",
        "called_back",
        "in_time",
        "late",
        "none",
        "open",
    )
    assert figures.select(names).rows() == [
        (5, 5, 5, 3, 1, 1, 0, 1, 1),
        (2, 1, 0, 2, 1, 0, 1, 1, 0),
        (1, 1, 1, 1, 1, 1, 0, 0, 0),
        (8, 7, 6, 6, 3, 2, 1, 2, 1),
    ]
    everyone = figures.row(-1, named=True)
    assert everyone["within_rings_share"] == 6 / 7
    assert everyone["in_time_share"] == 2 / 5
    assert (everyone["complete"], everyone["in_rest_hours"]) == (2, 2)
    assert (everyone["asked"], everyone["satisfied_share"]) == (3, 0.5)
    assert (everyone["complaints"], everyone["decided"], everyone["justified_share"]) == (3, 2, 0.5)


def test_without_a_register_complaints_are_not_nought():
    figures = service_figures(MONTH, callbacks(MONTH, FIRST, FOLLOWING), FIRST, FOLLOWING)
    assert figures["complaints"].null_count() == figures.height


def test_a_month_without_calls():
    empty = MONTH.clear()
    asked = callbacks(empty, FIRST, FOLLOWING)
    assert (asked.height, asked.schema) == (0, CALLBACKS)
    figures = service_figures(empty, asked, FIRST, FOLLOWING)
    assert figures.select("team", "inbound", "within_rings_share").rows() == [(None, 0, None)]


def _asked(answer, question="请问您对这次服务满意吗？"):
    return said_satisfaction([("agent", question), ("customer", answer)])


@pytest.mark.parametrize(
    "answer", ["满意。", "挺好的，谢谢。", "还行吧", "没什么意见", "非常满意！", "好的。"]
)
def test_satisfied(answer):
    assert _asked(answer) == "satisfied"


@pytest.mark.parametrize(
    "answer", ["不满意", "不太满意。", "问题没解决", "太差了", "一般吧", "不怎么满意，但是还行"]
)
def test_dissatisfied(answer):
    assert _asked(answer) == "dissatisfied"


def test_only_an_answer_to_the_question_counts():
    assert said_satisfaction([("customer", "很满意"), ("agent", "再见")]) == "not_asked"
    assert _asked("你说什么？") == "not_said"
    late = [("agent", "您满意吗"), ("customer", "喂"), ("customer", "听不清"), ("customer", "满意")]
    assert said_satisfaction(late) == "not_said"
    again = [*late[:3], ("agent", "请问您满意吗"), ("customer", "满意")]
    assert said_satisfaction(again) == "satisfied"


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["agent", "customer", "system"]), st.text("满意不太好吗没，。 ", max_size=12)
        ),
        max_size=8,
    )
)
def test_any_turns_give_an_answer(turns):
    assert said_satisfaction(turns) in ("satisfied", "dissatisfied", "not_said", "not_asked")
