"""The page and the folder that a trainer plays in class."""

import base64
import re
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest

from qa_audit.messages import speaking
from qa_audit.reports.moments import Moment
from qa_audit.reports.playlist_page import Clip, write_folder, write_page
from qa_audit.transcribe.frames import TURNS_SCHEMA

MOMENT = Moment(
    "fault", "closing", "c1", "一班", "8012", "王磊", datetime(2026, 10, 3, 9, 5), 60.0, 10.0, 12.0,
    "再见", "absence",
)  # fmt: skip
TURNS = pl.DataFrame(
    [
        {"turn": 0, "role": "agent", "start_s": 0.0, "end_s": 3.0, "text": "太早的话"},
        {"turn": 1, "role": "customer", "start_s": 5.0, "end_s": 7.0, "text": "<b>好</b>"},
        {"turn": 2, "role": "agent", "start_s": 10.5, "end_s": 11.0, "text": "=行了"},
    ],
    schema=TURNS_SCHEMA,
)


@pytest.fixture
def clip():
    return Clip(MOMENT, "结束语", b"sound", TURNS)


def test_the_page_holds_sound_and_words_and_fetches_nothing(tmp_path, clip):
    with speaking("zh"):
        write_page(tmp_path / "a.html", "十月", [clip, replace(clip, item_name="称呼")])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.count(base64.b64encode(b"sound").decode()) == 2
    assert "1. 结束语　没有听到：再见" in page
    assert 'aria-label="1. 结束语　没有听到：再见"' in page
    assert "&lt;b&gt;好&lt;/b&gt;" in page
    assert "<b>" not in page
    assert "太早的话" not in page
    assert '<tr class="here"><td>00:10</td><td>坐席</td><td>=行了</td></tr>' in page
    assert not re.search(r"(src|href)=\"(?!data:)|url\(|https?:", page)


def test_agents_are_named_only_when_asked(tmp_path, clip):
    write_page(tmp_path / "a.html", "十月", [clip])
    write_page(tmp_path / "b.html", "十月", [clip], named=True)
    assert "王磊" not in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "一班 8012 王磊　2026-10-03 09:05　00:10" in (tmp_path / "b.html").read_text(encoding="utf-8")


def test_the_folder_has_clips_a_list_and_the_page(tmp_path, clip):
    with speaking("zh"):
        written = write_folder(tmp_path / "课", "十月", [clip])
    assert [path.name for path in written] == ["001.mp3", "clips.csv", "index.html"]
    assert (tmp_path / "课" / "001.mp3").read_bytes() == b"sound"
    listed = pl.read_csv(tmp_path / "课" / "clips.csv")
    assert listed.columns == ["文件", "类别", "项目", "原话", "通话编号", "位置", "员工", "前后对话"]
    assert listed.row(0) == (
        "001.mp3", "问题", "结束语", "没有听到：再见", "c1", "00:10", "", "客户：<b>好</b> / 坐席：=行了",
    )  # fmt: skip
