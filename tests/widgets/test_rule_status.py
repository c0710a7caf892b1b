"""The rule laboratory in the notebook: nothing changes but by the button, and everything is seen."""

import pytest

from qa_audit.messages import speaking
from qa_audit.widgets.calibrate import Calibration
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures


@pytest.fixture
def panel(heard, monkeypatch):  # noqa: F811
    monkeypatch.setenv("QA_AUDIT_WHO", "主管")
    with speaking("zh"):
        yield Calibration(heard, heard.months()).statuses


def test_the_figures_proposal_stands_in_the_form_and_nothing_is_done(panel, heard):  # noqa: F811
    assert "机器的结论怎么算数" in panel.table.value
    assert "降为“人工”" in panel.table.value
    assert "还没有升降过" in panel.history.value
    assert panel.who.value == "主管"
    panel.item.value = "title"
    assert panel.to.value == "manual"
    panel.item.value = "closing"
    assert panel.to.value is None
    panel.save.click()
    assert "请先选" in panel.said.value
    assert heard.rule_status.events() == []


def test_a_decision_is_kept_and_shown(panel, heard):  # noqa: F811
    panel.item.value = "title"
    panel.save.click()
    assert "请写明理由" in panel.said.value
    panel.reason.value = "<40> 条都不对"
    panel.save.click()
    assert "从“辅助”改为“人工”" in panel.said.value
    assert "&lt;40&gt; 条都不对" in panel.history.value
    assert "辅助 → 人工" in panel.history.value
    assert (panel.reason.value, panel.item.value) == ("", "title")
    (kept,) = heard.rule_status.events()
    assert (kept.who, kept.overridden) == ("主管", False)


def test_against_the_figures_it_takes_a_tick(panel, heard):  # noqa: F811
    panel.item.value, panel.to.value, panel.reason.value = "closing", "automatic", "快些"
    panel.save.click()
    assert "数据不支持" in panel.said.value
    assert heard.rule_status.events() == []
    panel.override.value = True
    panel.save.click()
    assert "注明是人的决定" in panel.said.value
    assert panel.override.value is False
    assert "人的决定（数据不支持）" in panel.history.value
