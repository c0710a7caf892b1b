"""Moments as rows to choose from, and what stands where nothing is known."""

from datetime import datetime

import polars as pl
import pytest

from qa_audit.messages import Language, speaking
from qa_audit.reports.moments import MOMENTS
from qa_audit.widgets.moment_list import moment_list

ONE = {
    "kind": "fault",
    "item": "closing",
    "call_id": "c1",
    "team": "一班",
    "agent_no": "8001",
    "agent_name": "张三",
    "start": datetime(2026, 10, 9, 8, 5, 59),
    "start_s": 72.9,
    "end_s": 75.0,
    "quote": "感谢您的来电",
    "tier": "exact",
}


def listed(*rows, lang: Language = "zh", names=None):
    frame = pl.DataFrame([ONE | row for row in rows], MOMENTS)
    with speaking(lang):
        return moment_list(frame, {"closing": "结束语"} if names is None else names)


def test_a_row_says_who_when_where_in_the_call_which_item_and_what_was_heard():
    assert listed({}).to_dicts() == [
        {"员工": "张三", "时间": "10-09 08:05", "位置": "01:12", "项目": "结束语", "原话": "感谢您的来电"}
    ]


@pytest.mark.parametrize(
    ("known", "who"),
    [
        ({"agent_name": None}, "8001"),
        ({"agent_no": None}, "张三"),
        ({"agent_name": None, "agent_no": None}, "未知"),
    ],
)
def test_who_has_no_name_is_called_by_number_and_who_has_neither_is_unknown(known, who):
    assert listed(known)["员工"].to_list() == [who]


def test_a_call_without_a_start_has_a_dash():
    assert listed({"start": None})["时间"].to_list() == ["–"]


def test_words_that_were_not_heard_are_said_to_be_missing():
    assert listed({"tier": "absence", "quote": "先生/女士"}, {"tier": "absence", "quote": ""})[
        "原话"
    ].to_list() == ["没有听到：先生/女士", ""]


def test_an_item_without_a_name_is_called_by_its_id():
    assert listed({}, names={"greeting": "开头语"})["项目"].to_list() == ["closing"]


def test_places_beyond_an_hour_and_before_the_call_can_be_read():
    assert listed({"start_s": 3725.0}, {"start_s": -0.5})["位置"].to_list() == ["62:05", "00:00"]


def test_rows_stay_in_the_order_given():
    assert listed({"agent_name": "乙"}, {"agent_name": "甲"}, {"agent_name": "乙"})["员工"].to_list() == [
        *("乙", "甲", "乙")
    ]


def test_without_moments_the_headings_are_there_in_the_language_in_force():
    found = listed(lang="en")
    assert found.height == 0
    assert len(set(found.columns)) == 5
    assert all(heading.isascii() for heading in found.columns)
