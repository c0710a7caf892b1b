"""The panels of monthly scores and of calibration."""

import ipywidgets
import pytest

from qa_audit.messages import QaError, speaking
from qa_audit.widgets.calibrate import calibrate
from qa_audit.widgets.monthly_scores import MonthlyScores, monthly_scores
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures


class NotDrawn:
    """A workspace of a month from which nothing was drawn."""

    def __init__(self, folder):
        self.folder = folder

    @property
    def month_book(self):
        return self

    def told(self, month):
        raise QaError("audited.no_draw", month=month)

    def report(self, month, out):
        out.mkdir(parents=True)
        (out / f"{month}.xlsx").write_bytes(b"")
        return [out / f"{month}.xlsx"]


def test_a_month_without_a_draw_says_what_to_do_and_can_be_exported(tmp_path):
    with speaking("zh"):
        panel = MonthlyScores(NotDrawn(tmp_path), ["2026-09", "2026-10"])
        assert "2026-10 还没有抽样" in panel.table.value
        assert panel.close.disabled
        assert panel.reopen.disabled
        panel.month.value = "2026-09"
        assert "2026-09 还没有抽样" in panel.table.value
        panel.export.click()
    assert str(tmp_path / "reports" / "2026-09" / "2026-09.xlsx") in panel.said.value


def test_a_month_is_confirmed_closed_exported_and_reopened(heard):  # noqa: F811
    with speaking("zh"):
        panel = MonthlyScores(heard, heard.months())
        assert "8001 张三" in panel.table.value
        assert (
            'alt="漏斗图：4 人；在外线之外的：没有人" src="data:image/png;base64,iVBOR' in panel.funnel.value
        )
        panel.close.click()
        assert "请" in panel.said.value  # nobody has confirmed
        assert not panel.close.disabled
        panel.who.value = "主管"
        panel.confirm.click()
        assert "4 名员工" in panel.said.value
        assert panel.table.value.count("✓") == 4
        panel.close.click()
        assert "第 1 版，已关账" in panel.table.value
        assert (panel.close.disabled, panel.reopen.disabled) == (True, False)
        panel.files.click()
        assert (heard.folder / "reports" / "2026-10" / "closed-1" / "manifest.json").is_file()
        panel.reopen.click()
        assert "必须写明原因" in panel.said.value
        panel.reason.value = "申诉改判"
        panel.reopen.click()
        assert "已重新打开" in panel.said.value
        assert (panel.close.disabled, panel.reopen.disabled) == (False, True)


@pytest.mark.parametrize("panel", [monthly_scores, calibrate])
def test_a_missing_workspace_is_said_in_place_of_the_panel(panel, tmp_path):
    assert isinstance(panel(tmp_path), ipywidgets.HTML)


def test_nothing_audited_is_nothing_to_calibrate(tmp_path):
    Workspace.create(tmp_path / "ws")
    with speaking("zh"):
        panel = calibrate(tmp_path / "ws")
    assert "还没有两人盲评过" in panel.children[1].value
    assert "还没有抽中并交卷" in panel.children[-2].value
    assert "还没有升降过" in panel.children[-1].children[-1].value
