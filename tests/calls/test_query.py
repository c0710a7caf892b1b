from datetime import date, datetime

import polars as pl
import pytest

from qa_audit.calls.facts import EVERYTHING_ASKED, NOTHING_ASKED, AskedFacts, CallFacts
from qa_audit.calls.importing import import_calls
from qa_audit.calls.query import (
    CALLS_SCHEMA,
    RECORDINGS_SCHEMA,
    calls_frame,
    facts_of,
    first_days,
    further_columns,
    missing,
    month_bounds,
    months,
    recordings_frame,
)
from qa_audit.messages import QaError
from qa_audit.store.database import open_database

LIST = """通话编号,录音,工号,姓名,班组,开始时间,呼叫方向,客户号码,振铃,技能组,系统,挂断方,内部,时长,业务,备 注
A1,a1.wav,301,,,2026-10-31 23:59:59,呼入,13800138000,6,宽带,旧,客户,否,75,新装,急
A2,a2.wav,8001,,,2026-11-01 00:00:00,呼出,,,,新,,,,移机,
A3,,8009,王五,三班,,,,,,,,,,,
"""
ROSTER = """人员编号,姓名,新系统工号,旧系统工号,班组,开始日期,结束日期
P1,张三,8001,301,一班,2026-01-01,2026-10-31
P1,张三,8001,301,二班,2026-11-01,
"""


@pytest.fixture
def engine(engine, tmp_path):
    (tmp_path / "录音").mkdir()
    (tmp_path / "录音" / "a1.wav").write_text("one")
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    import_calls(engine, tmp_path / "录音", tmp_path / "list.csv", tmp_path / "roster.csv")
    return engine


def test_a_call_with_all_that_is_known(engine, tmp_path):
    row = calls_frame(engine, "2026-10").row(0, named=True)
    assert row == {
        "call_id": "A1",
        "recording": str(tmp_path / "录音" / "a1.wav"),
        "file_name": "a1.wav",
        "sha256": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        "start": datetime(2026, 10, 31, 23, 59, 59),
        "agent_no": "301",
        "person_id": "P1",
        "agent_name": "张三",
        "team": "一班",
        "direction": "inbound",
        "ring_s": 6.0,
        "internal": False,
        "hangup_by": "customer",
        "line": "宽带",
        "system": "old",
        "customer_no": "13800138000",
        "listed_duration_s": 75.0,
    }
    assert facts_of(row) == CallFacts("inbound", 6.0, False, "customer")


def test_a_call_has_of_what_a_rubric_may_ask_what_it_asks(engine):
    row = calls_frame(engine, "2026-10").row(0, named=True)
    columns = further_columns(engine, ["A1"], EVERYTHING_ASKED)["A1"]
    base = ("inbound", 6.0, False, "customer")
    assert facts_of(row, EVERYTHING_ASKED, columns) == CallFacts(
        *base, "宽带", "一班", "23:59", "2026-10-31", "周六", (("业务", "新装"), ("备注", "急"))
    )
    assert facts_of(row, AskedFacts(frozenset(["line", "time", "date"]))) == CallFacts(
        *base, line="宽带", time="23:59", date="2026-10-31"
    )
    assert facts_of(row, AskedFacts(frozenset(["team", "weekday"]))) == CallFacts(
        *base, team="一班", weekday="周六"
    )
    midnight = calls_frame(engine, "2026-11").row(0, named=True)
    assert facts_of(midnight, EVERYTHING_ASKED) == CallFacts(
        "outbound", team="二班", date="2026-11-01", weekday="周日"
    )
    undated = calls_frame(engine, "undated").row(0, named=True)
    assert facts_of(undated, EVERYTHING_ASKED) == CallFacts(team="三班")


def test_further_columns_are_those_that_are_asked(engine):
    def of(*headings):
        return further_columns(engine, ["A3", "A2", "A1", "A9"], AskedFacts(columns=frozenset(headings)))

    assert of("业务") == {"A1": (("业务", "新装"),), "A2": (("业务", "移机"),)}
    assert of("备注", "满意度") == {"A1": (("备注", "急"),)}
    assert of("技能组") == {}
    assert further_columns(engine, ["A1"], NOTHING_ASKED) == {}


def test_months_start_at_midnight_and_a_call_belongs_where_it_started(engine):
    assert calls_frame(engine, "2026-10")["call_id"].to_list() == ["A1"]
    assert calls_frame(engine, "2026-11").select("call_id", "team").rows() == [("A2", "二班")]
    assert calls_frame(engine, "undated")["call_id"].to_list() == ["A3"]
    assert calls_frame(engine)["call_id"].to_list() == ["A1", "A2", "A3"]
    assert calls_frame(engine, "2026-12").height == 0
    assert months(engine) == ["2026-10", "2026-11"]


def test_the_first_day_of_people_is_that_of_their_earliest_entry(engine):
    assert first_days(engine) == {"P1": date(2026, 1, 1)}


def test_schemas_stay_also_when_nothing_is_there(engine, tmp_path):
    empty = open_database(tmp_path / "empty.db")
    for database in (engine, empty):
        assert calls_frame(database).schema == CALLS_SCHEMA
        assert recordings_frame(database).schema == RECORDINGS_SCHEMA
        assert missing(database).schema["start"] == pl.Datetime("us")
    assert months(empty) == []
    empty.dispose()


def test_missing_recordings_are_listed_with_their_agent(engine, tmp_path):
    columns = ("call_id", "person_id", "team", "named_recording", "reason")
    assert missing(engine).select(columns).rows() == [
        ("A2", "P1", "二班", "a2.wav", "not_found"),
        ("A3", "8009", "三班", None, "not_found"),
    ]
    (tmp_path / "录音" / "a1.wav").unlink()
    # Another one stays: an empty folder may be a disk that is not mounted.
    (tmp_path / "录音" / "别的.wav").write_bytes(b"other")
    import_calls(engine, tmp_path / "录音")
    assert missing(engine, "2026-10").select(columns).rows() == [("A1", "P1", "一班", "a1.wav", "gone")]


def test_recordings_are_listed(engine, tmp_path):
    assert recordings_frame(engine).drop("sha256").rows() == [
        (str(tmp_path / "录音" / "a1.wav"), str(tmp_path / "录音"), "a1.wav", 3, True, 1)
    ]


@pytest.mark.parametrize("month", ["9999-12", "2026-13", "2026", "2026-1", "十月", "", "2026-10-01"])
def test_what_is_no_month_is_refused(engine, month):
    with pytest.raises(QaError) as raised:
        calls_frame(engine, month)
    assert raised.value.code == "calls.bad_month"


def test_bounds_of_december():
    assert month_bounds("2026-12") == (datetime(2026, 12, 1), datetime(2027, 1, 1))


def test_one_call_alone_is_the_same_row(engine):
    everything = calls_frame(engine)
    for call_id in ("A1", "A2", "A3"):
        one = calls_frame(engine, call_id=call_id)
        assert one.equals(everything.filter(pl.col("call_id") == call_id))
    assert calls_frame(engine, call_id="A9").is_empty()
