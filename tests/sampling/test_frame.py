import hashlib
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.sampling.design import Design
from qa_audit.sampling.frame import FRAME_SCHEMA, Frame, home_teams, make_frame
from tests.sampling.made_calls import calls_of, month_of_calls

TWO = calls_of(
    {"call_id": "b", "score": None, "agent_name": '王"芳, 甲'},
    {"call_id": "a", "score": 72.5, "recording": None, "start": datetime(2026, 10, 31, 23, 59, 59)},
)
TEXT = (
    '# qa-audit frame 1 {"design":{"calls_per_agent":8,"flagged_share":"0.2","new_agent_calls":8,'
    '"oversampling":"3","team_at_least":0},"month":"2026-10"}\n'
    "call_id,agent,agent_no,agent_name,team,start,duration_s,recording,new_agent,score,excluded\n"
    f"a,person:P1,8001,王芳,一班,2026-10-31T23:59:59,60.0,{'ab' * 32},0,72.5,no_recording\n"
    f'b,person:P1,8001,"王""芳, 甲",一班,2026-10-05T09:00:00,60.0,{"ab" * 32},0,,\n'
)


def test_a_frame_as_text_and_its_hash():
    frame = make_frame(TWO, "2026-10", Design())
    assert frame.content.decode() == TEXT
    assert frame.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert frame.drawable["call_id"].to_list() == ["b"]


def test_a_frame_is_read_back_whole():
    frame = make_frame(month_of_calls(), "2026-10", Design(calls_per_agent=5))
    again = Frame.read(frame.content)
    assert again.calls.equals(frame.calls)
    assert (again.month, again.design, again.sha256) == (frame.month, frame.design, frame.sha256)


@given(st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_never_matters(chance):
    calls = month_of_calls(2, 12)
    order = list(range(calls.height))
    chance.shuffle(order)
    assert make_frame(calls[order], "2026-10", Design()).sha256 == _PLAIN


_PLAIN = make_frame(month_of_calls(2, 12), "2026-10", Design()).sha256


def test_an_agent_who_changes_team_is_drawn_once_with_all_calls():
    calls = calls_of(
        {"call_id": "a", "team": "一班", "start": datetime(2026, 10, 1)},
        {"call_id": "b", "team": "二班", "start": datetime(2026, 10, 9)},
        {"call_id": "c", "person_id": "P2", "team": "一班"},
    )
    assert make_frame(calls, "2026-10", Design(), teams=["二班"]).calls["call_id"].to_list() == ["a", "b"]
    assert make_frame(calls, "2026-10", Design(), teams=["一班"]).calls["call_id"].to_list() == ["c"]
    frame = make_frame(calls, "2026-10", Design())
    assert dict(home_teams(frame.calls).iter_rows()) == {"person:P1": "二班", "person:P2": "一班"}


def test_calls_without_agent_or_recording_are_kept_with_the_reason():
    nobody = {"person_id": None, "agent_no": " ", "agent_name": None}
    calls = calls_of(
        {"call_id": "a", "recording": None}, {"call_id": "b", **nobody}, {"call_id": "c", "sha256": None}
    )
    frame = make_frame(calls, "2026-10", Design())
    assert frame.calls.select("call_id", "excluded").rows() == [
        ("a", "no_recording"),
        ("b", "no_agent"),
        ("c", "no_recording"),
    ]


def test_days_of_the_month():
    calls = calls_of(
        {"call_id": "a", "start": datetime(2026, 10, 15, 23, 59)},
        {"call_id": "b", "start": datetime(2026, 10, 16)},
        {"call_id": "c", "start": datetime(2026, 11, 1)},
        {"call_id": "d", "start": None},
    )
    assert make_frame(calls, "2026-10", Design(), days=(1, 15)).calls["call_id"].to_list() == ["a"]
    assert make_frame(calls, "2026-10", Design()).calls["call_id"].to_list() == ["a", "b"]


def test_new_agents_are_those_who_came_of_late():
    calls = calls_of(
        {"call_id": "a"}, {"call_id": "b", "person_id": "P2"}, {"call_id": "c", "person_id": "P3"}
    )
    since = {"P1": date(2026, 8, 3), "P2": date(2026, 8, 2)}
    frame = make_frame(calls, "2026-10", Design(), first_days=since)
    assert frame.calls["new_agent"].to_list() == [True, False, False]


@pytest.mark.parametrize(
    ("calls", "choice", "code"),
    [
        (calls_of({"call_id": "a"}, {"call_id": "a"}), {}, "sampling.double_call"),
        (calls_of({"call_id": "a", "score": 100.5}), {}, "sampling.bad_score"),
        (calls_of({"call_id": "a", "score": float("nan")}), {}, "sampling.bad_score"),
        (calls_of({"call_id": "a", "start": datetime(2026, 9, 30)}), {}, "sampling.no_calls"),
        (calls_of(), {}, "sampling.no_calls"),
        (TWO, {"teams": ["九班"]}, "sampling.no_team"),
        (TWO, {"days": (9, 2)}, "sampling.bad_days"),
        (TWO, {"days": (1, 32)}, "sampling.bad_days"),
    ],
)
def test_what_cannot_be_a_frame(calls, choice, code):
    with pytest.raises(QaError) as error:
        make_frame(calls, "2026-10", Design(), **choice)
    assert error.value.code == code


def test_what_is_no_month():
    with pytest.raises(QaError) as error:
        make_frame(TWO, "2026-13", Design())
    assert error.value.code == "calls.bad_month"


@pytest.mark.parametrize(
    "content", [b"", b"\xff", TEXT[:200].encode(), TEXT.replace("frame 1", "frame 2").encode(), b"# x\na,b\n"]
)
def test_what_is_no_frame_says_so(content):
    with pytest.raises(QaError) as error:
        Frame.read(content)
    assert error.value.code == "sampling.bad_frame"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1),
            st.one_of(st.none(), st.text(st.characters(codec="utf-8"), min_size=1)),
            st.one_of(st.none(), st.floats(0, 100)),
        ),
        unique_by=lambda row: row[0],
        min_size=1,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_frame_is_read_back_whole(rows):
    calls = [
        (call, "name:x", None, name, None, datetime(2026, 10, 1, 0, 0, 0, 1), None, "00", False, score, None)
        for call, name, score in rows
    ]
    frame = Frame("2026-10", Design(), pl.DataFrame(calls, FRAME_SCHEMA, orient="row"))
    assert Frame.read(frame.content).calls.equals(frame.calls)
