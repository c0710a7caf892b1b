import asyncio
import shutil

import ipywidgets
import polars as pl
import pytest

from qa_audit.messages import speaking
from qa_audit.widgets.first_look import FirstLook, first_look, summary
from tests.browser.made_workspace import CALLS, make_workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    # One call of the month before, so that there is a trend.
    return make_workspace(tmp_path_factory.mktemp("looked") / "workspace", (*CALLS, "20260915001"))


@pytest.fixture
def panel(workspace):
    with speaking("zh"):
        yield FirstLook(workspace, workspace.months())


def choose(listing, column, value):
    """Click the first row with that value."""
    listing.chosen = listing.frame[column].to_list().index(value)


def test_the_month_is_shown_with_agents_items_and_trend(panel):
    assert panel.summary.value == "<p>2026-10：14 通电话，5 通已评分，6 名员工。机器评分，未经人工校正。</p>"
    assert panel.agents.frame.columns == [
        *("工号", "姓名", "班组", "已评分", "机器平均", "抽听", "本月得分估计", "95 % 区间", "多见的问题")
    ]
    assert panel.agents.frame["姓名"].to_list().count("赵志强") == 1
    assert set(panel.agents.frame["95 % 区间"]) == {"–"}
    assert "还没有抽听" in panel.interval_note.value
    assert panel.items.frame.columns == ["项目", "不合格 %", "不合格", "评过", "待人工 %"]
    assert panel.items.frame["不合格 %"].drop_nulls().is_sorted(descending=True)
    for told in ("2026-09", "2026-10", "全部门", "<svg"):
        assert told in panel.trend.value
    assert panel.calls.frame.is_empty()
    assert panel.calls.widget.layout.display == "none"
    assert panel.player.value == b""


def test_from_an_agent_to_the_calls_and_to_the_moment(panel):
    choose(panel.agents, "姓名", "赵志强")
    assert "赵志强 的通话" in panel.calls_heading.value
    assert panel.calls.widget.layout.display is None
    assert panel.calls.frame["时间"].to_list() == ["10-10 14:37", "10-19 09:47", "10-28 17:40"]
    assert panel.calls.frame["状态"].to_list() == ["已评分", "无录音", "已评分"]
    assert "赵志强</td>" in panel.trend.value
    faults = panel.calls.frame["问题"][2].split("、")
    assert len(faults) > 1
    choose(panel.calls, "时间", "10-28 17:40")
    assert sorted(panel.moments.frame["项目"]) == sorted(faults)
    assert panel.moments.chosen == 0
    assert panel.player.value[:2] in (b"\xff\xfb", b"\xff\xf3", b"ID")
    assert "▶" in panel.words.value


def test_a_call_without_faults_is_played_from_its_start(panel):
    choose(panel.agents, "姓名", "赵志强")
    choose(panel.calls, "时间", "10-10 14:37")
    assert panel.moments.frame.is_empty()
    assert panel.player.value
    assert "坐席" in panel.words.value
    assert "▶" not in panel.words.value


def test_a_call_that_was_not_transcribed_says_so(panel):
    choose(panel.agents, "姓名", "赵志强")
    choose(panel.calls, "时间", "10-19 09:47")
    assert "20261019001" in panel.said.value
    assert (panel.player.value, panel.words.value) == (b"", "")


def test_an_item_lists_its_faults_and_a_team_limits_everything(panel):
    item = panel.items.frame["项目"][0]
    panel.items.chosen = 0
    assert set(panel.moments.frame["项目"]) == {item}
    panel.team.value = "二班"
    assert set(panel.agents.frame["班组"]) == {"二班"}
    assert "一班" not in panel.trend.value
    assert panel.calls.frame.is_empty()
    panel.team.value = ""
    choose(panel.agents, "姓名", "赵志强")
    panel.everything.click()
    assert panel.calls.frame.is_empty()
    assert len(set(panel.agents.frame["班组"])) == 2


def test_a_recording_that_is_gone_is_said_and_the_words_are_shown(panel, workspace):
    recordings = workspace.folder.parent / "workspace-recordings"
    away = shutil.move(recordings, recordings.with_name("away"))
    try:
        panel.moments.chosen = 0
        assert panel.player.value == b""
        assert "录音" in panel.said.value
        assert "▶" in panel.words.value
    finally:
        shutil.move(away, recordings)


def test_with_a_draw_each_agent_has_an_interval_or_the_reason_why_not(workspace, tmp_path):
    shutil.copytree(workspace.folder, tmp_path / "workspace")
    own = type(workspace).open(tmp_path / "workspace")
    book = own.samples
    book.draw(book.frame("2026-10"), "王芳")
    with speaking("zh"):
        panel = FirstLook(own, own.months())
    assert set(panel.agents.frame["95 % 区间"]) == {"–", "还没有抽听"}  # without a recording: a dash
    assert "95 % 区间说明" in panel.interval_note.value
    assert "机器评分，未经人工校正" in panel.summary.value


def test_the_machine_is_said_to_be_put_right_only_where_people_heard(panel):
    glance = panel._glance
    heard = pl.DataFrame({"estimate": [None, 88.5]})
    with speaking("zh"):
        assert summary(glance, None).endswith("机器评分，未经人工校正。")
        assert summary(glance, heard.head(1)).endswith("机器评分，未经人工校正。")
        assert summary(glance, heard).endswith("机器评分，经人工抽听校正。")


def test_the_month_is_shown_before_its_estimates(workspace, tmp_path):
    shutil.copytree(workspace.folder, tmp_path / "workspace")
    own = type(workspace).open(tmp_path / "workspace")
    own.samples.draw(own.samples.frame("2026-10"), "王芳")

    async def opened():
        panel = FirstLook(own, own.months())
        assert panel.summary.value == "<p>2026-10：14 通电话，5 通已评分，6 名员工。</p>"
        assert "正在计算" in panel.interval_note.value
        assert panel.agents.frame.height == 6
        while "正在计算" in panel.interval_note.value:
            await asyncio.sleep(0.01)
        return panel

    with speaking("zh"):
        panel = asyncio.run(opened())
    assert "还没有抽听" in panel.agents.frame["95 % 区间"].to_list()
    assert "未经人工校正" in panel.summary.value


def test_a_missing_workspace_is_said_in_place_of_the_panel(tmp_path):
    with speaking("en"):
        said = first_look(tmp_path)
    assert isinstance(said, ipywidgets.HTML)
    assert "No workspace (qa_audit.toml)" in said.value
