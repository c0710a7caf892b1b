import ipywidgets
import pytest

from qa_audit.desks.board import read_board
from qa_audit.messages import speaking
from qa_audit.sampling.book import SampleBook
from qa_audit.settings import Settings
from qa_audit.store.database import open_database
from qa_audit.widgets.sample_calls import SampleCalls, sample_calls
from tests.sampling.made_calls import month_of_calls


class _Workspace:
    """Calls of one month beside a real database."""

    def __init__(self, database):
        self._calls = month_of_calls()
        self.samples = SampleBook(database, self.calls)

    def calls(self, _month=None):
        return self._calls

    def board(self, month):
        return read_board(self.samples.database, self.samples, Settings(), month)


@pytest.fixture
def panel(tmp_path):
    database = open_database(tmp_path / "qa.db")
    with speaking("zh"):
        panel = SampleCalls(_Workspace(database), ["2026-09", "2026-10"])
        panel.who.value = "王芳"
        yield panel
    database.dispose()


def test_a_missing_workspace_is_said_in_place_of_the_panel(tmp_path):
    with speaking("en"):
        said = sample_calls(tmp_path)
    assert isinstance(said, ipywidgets.HTML)
    assert "No workspace (qa_audit.toml)" in said.value


def test_every_choice_speaks_chinese(panel):
    words = [
        one.description
        for one in (panel.who, panel.month, panel.kind, panel.teams, panel.plan, panel.draw, panel.lock)
    ]
    assert words == ["您的姓名", "月份", "抽取方式", "班组（不选为全部）", "看计划", "抽样", "锁定"]
    assert panel.kind.label == "随机抽样，机器低分的多抽一些（推荐）"
    assert panel.teams.options == ("一班", "二班")


def test_the_plan_says_what_it_will_buy(panel):
    panel.teams.value = ["一班"]
    panel.plan.click()
    assert "2 名员工、80 通可抽的通话，抽 16 通" in panel.plan_view.value
    assert "区间约为 ±9.5 分" in panel.plan_view.value
    assert "<td>员工2</td>" in panel.plan_view.value
    assert panel.draws.options == ()


def test_one_person_draws_hands_out_and_locks(panel):
    panel.draw.click()
    assert "由 王芳 一人抽取" in panel.draw_view.value
    assert panel.draws.label == "第 1 次：随机抽样，24 通"
    assert "还没有分派" in panel.sample_view.value
    panel.inspectors.value = "甲\n乙\n"
    panel.hand_out.click()
    assert "第 1 次抽样已分派" in panel.hand_out_view.value
    assert "<td>乙</td>" in panel.sample_view.value
    panel.lock.click()
    assert "第 1 次抽样已锁定" in panel.hand_out_view.value
    panel.hand_out.click()
    assert "已经锁定，不能再改" in panel.hand_out_view.value
    panel.verify.click()
    assert "第 1 次抽样：核对无误。" in panel.hand_out_view.value


def test_drawing_twice_is_refused_in_words(panel):
    panel.draw.click()
    panel.draw.click()
    assert "一通电话只能抽一次" in panel.draw_view.value
    assert len(panel.draws.options) == 1
    assert not panel.draw.disabled


def test_what_two_people_need_is_opened_by_a_button(panel):
    hidden = panel.words.layout.display, panel._together.layout.display
    assert (hidden, panel.together.description[:7]) == ((None, "none"), "▸ 两人一起抽")
    panel.together.value = True
    assert (panel._together.layout.display, panel.together.description[:7]) == (None, "▾ 两人一起抽")


def test_a_button_has_the_focus_again_when_it_is_done(panel, monkeypatch):
    sent = []
    monkeypatch.setattr(panel.plan, "send", lambda content, *_: sent.append((content, panel.plan.disabled)))
    panel.plan.click()
    assert sent == [({"do": "focus"}, False)]


def test_two_people_draw_together(panel):
    words = {"王芳": "王芳的密语一共十二个字好记", "李强": "李强的密语一共十二个字好记"}
    for who, said in words.items():
        panel.who.value, panel.words.value = who, said
        panel.commit.click()
        assert f"{who} 已为 2026-10 交存密语的指纹" in panel.draw_view.value
        assert panel.words.value == ""
    panel.freeze.click()
    assert "清单 1 已冻结" in panel.draw_view.value
    panel.told_words.value = "\n".join(f"{who}={said}" for who, said in words.items())
    panel.draw.click()
    assert "种子由 王芳、李强 事先交存的密语" in panel.draw_view.value
    assert panel.told_words.value == ""


def test_a_frame_frozen_before_the_notebook_was_opened_is_drawn_from(panel):
    book = panel._workspace.samples
    words = "王芳的密语一共十二个字好记"
    book.commit("2026-10", "王芳", words)
    frozen = book.freeze(book.frame("2026-10"), "王芳")
    panel.told_words.value = f"王芳={words}"
    panel.draw.click()
    (made,) = book.draws("2026-10")
    assert made.frame_id == frozen.frame_id
    assert "一人抽取" in panel.draw_view.value
    assert book.open_frames("2026-10") == []


def test_chosen_calls_and_everything_of_one_agent(panel):
    panel.kind.value = "complaint"
    assert panel.plan.layout.display == panel.teams.layout.display == "none"
    assert panel.chosen.layout.display is None
    panel.chosen.value, panel.reason.value = "10-00-001，10-00-002", "工单 88"
    panel.draw.click()
    assert panel.draws.label == "第 1 次：投诉，2 通"
    panel.kind.value = "agent"
    assert panel.chosen.description == "姓名或工号"
    panel.chosen.value = "员工1"
    panel.draw.click()
    assert panel.draws.label == "第 2 次：辅导，40 通"
    assert panel.plan.layout.display == "none"
    panel.kind.value = "stratified"
    assert panel.plan.layout.display is None
    assert panel.chosen.layout.display == "none"


def test_new_agents_first_and_simple_draws(panel):
    panel.kind.value = "new_first"
    assert (panel.new_agent_calls.value, panel.calls_per_agent.value) == (12, 8)
    panel.kind.value = "simple"
    assert panel.new_agent_calls.value == 0
    panel.plan.click()
    assert '<td class="qa-right">8/40</td>' in panel.plan_view.value


@pytest.mark.parametrize("button", ["hand_out", "lock", "verify"])
def test_without_a_draw_each_step_says_so(panel, button):
    getattr(panel, button).click()
    assert "本月还没有抽样。请先抽样。" in panel.hand_out_view.value


def test_without_a_name_nothing_is_drawn(panel):
    panel.who.value = ""
    panel.draw.click()
    assert "请写明姓名" in panel.draw_view.value
    assert panel.draws.options == ()


def test_a_month_without_draws_shows_none(panel):
    panel.draw.click()
    panel.month.value = "2026-09"
    assert panel.draws.options == ()
    assert panel.draw_view.value == panel.sample_view.value == ""
    panel.month.value = "2026-10"
    assert len(panel.draws.options) == 1


def test_the_board_follows_what_is_handed_out(panel):
    assert "本月还没有分派" in panel.board_view.value
    assert "没有待办的申诉和投诉" in panel.board_view.value
    panel.draw.click()
    panel.inspectors.value = "甲\n乙"
    panel.hand_out.click()
    assert "未完成 26 通，其中逾期 0 通" in panel.board_view.value
    assert "<td>甲</td>" in panel.board_view.value
