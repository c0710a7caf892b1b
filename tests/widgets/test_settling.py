import ipywidgets

from qa_audit.messages import speaking
from qa_audit.widgets.settling import Settling, settling
from tests.made_audits import RUDE, hand_in


def test_a_difference_is_settled_in_the_panel(scored):
    hand_in(scored, RUDE, "李敏", "greeting")
    hand_in(scored, RUDE, "王芳")
    with speaking("zh"):
        panel = Settling(scored)
        assert "李敏：不合格　王芳：合格" in panel.table.value
        panel.by.value, panel.reason.value, panel.verdict.value = "李敏", "重听", "pass"
        panel.settle.click()
        assert "由评过的人（李敏、王芳）一起裁定" in panel.said.value
        panel.by.value = "李敏、 王芳"
        panel.settle.click()
        assert "已裁定" in panel.said.value
    assert scored.gold_labels().select("item", "verdict").rows() == [("greeting", "pass")]


def test_what_is_clicked_in_the_list_of_differences_is_put_into_the_form(scored):
    for item in ("greeting", "closing"):
        hand_in(scored, RUDE, "李敏", item)
    hand_in(scored, RUDE, "王芳")
    panel = Settling(scored)
    last = panel.chosen.options[-1][1]
    panel.choose(*last)
    assert panel.chosen.value == last
    panel.choose("c0", "greeting")
    assert panel.chosen.value == last


def test_nothing_to_settle(scored):
    with speaking("en"):
        panel = Settling(scored)
        assert "Inspectors do not differ" in panel.table.value
        panel.settle.click()
    assert panel.said.value == ""


def test_a_missing_workspace_is_said_in_place_of_the_panel(tmp_path):
    assert isinstance(settling(tmp_path), ipywidgets.HTML)
