import ipywidgets

from qa_audit.messages import speaking
from qa_audit.widgets.appeals import AppealsPanel, appeals
from tests.made_audits import RUDE, hand_in


def test_an_appeal_is_answered_and_decided_in_the_panel(scored):
    hand_in(scored, RUDE, "李敏", "greeting")
    scored.appeals.file(RUDE, "greeting", text="<b>说了</b>您好", who="张三", at_s=1.0)
    with speaking("zh"):
        panel = AppealsPanel(scored, ["2026-10"])
        assert panel.chosen.options == (1,)
        assert "&lt;b&gt;说了&lt;/b&gt;您好" in panel.told.value
        panel.listen.click()
        assert len(panel.sound.value) > 1_000
        panel.who.value, panel.text.value = "李敏", "没有"
        panel.reply.click()
        assert "李敏 是最初的质检员" in panel.said.value
        assert panel.text.value == "没有", "what was written is not lost"
        panel.who.value = "王芳"
        panel.reply.click()
        assert "待裁决" in panel.said.value
        panel.text.value, panel.outcome.value, panel.points.value = "一半", "partly", "many"
        panel.decide.click()
        assert "部分改判要写保留多少分" in panel.said.value
        panel.points.value = "4"
        panel.decide.click()
        assert "李敏 的评分：" in panel.said.value
        assert panel.chosen.options == ()
        assert "部分改判" in panel.table.value
        panel.reply.click()
        panel.listen.click()


def test_a_month_without_appeals(scored):
    with speaking("zh"):
        panel = AppealsPanel(scored, ["2026-09", "2026-10"])
        assert "没有申诉" in panel.table.value
        panel.month.value = "2026-09"
        assert panel.told.value == ""


def test_a_missing_workspace_is_said_in_place_of_the_panel(tmp_path):
    assert isinstance(appeals(tmp_path), ipywidgets.HTML)
