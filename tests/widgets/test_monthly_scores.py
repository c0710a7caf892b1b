"""The panels of monthly scores and of calibration."""

import ipywidgets
import pytest

from qa_audit.messages import QaError, speaking
from qa_audit.widgets.appeals import AppealsPanel
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
            'alt="漏斗图：4 人；在浅色带外的：没有人" src="data:image/png;base64,iVBOR' in panel.funnel.value
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


def overturn(workspace, panel=None):
    """Have 8001's failed greeting of a drawn call overturned, in `panel` or elsewhere."""
    made = workspace.appeals.file("10-8001-11", "greeting", text="说了", who="张三").appeal_id
    if panel is None:
        workspace.appeals.reply(made, text="有", who="王芳")
        workspace.appeals.decide(made, "overturned", reason="有", who="陈主管")
        return
    panel.month.value = "2026-09"
    panel.month.value = "2026-10"
    panel.who.value, panel.text.value = "王芳", "有"
    panel.reply.click()
    panel.who.value, panel.text.value, panel.outcome.value = "陈主管", "有", "overturned"
    panel.decide.click()


def test_a_ruling_in_the_panel_below_is_in_the_table_above(heard):  # noqa: F811
    with speaking("zh"):
        above, below = MonthlyScores(heard, heard.months()), AppealsPanel(heard, heard.months())
        assert "91.21" in above.table.value
        overturn(heard, below)
        assert "91.21" not in above.table.value
        assert "92.44" in above.table.value
        above.who.value = "班长"
        above.confirm.click()
        assert "已记录 4 名员工的确认" in above.said.value


def test_what_nobody_saw_is_shown_before_it_is_confirmed(heard):  # noqa: F811
    with speaking("zh"):
        panel = MonthlyScores(heard, heard.months())
        panel.who.value = "班长"
        overturn(heard)
        panel.confirm.click()
        assert "没有确认" in panel.said.value
        assert "8001 张三：91.21 → 92.44" in panel.said.value
        assert heard.month_book.ledger.confirmations("2026-10") == {}
        assert "92.44" in panel.table.value
        panel.confirm.click()
        assert "已记录 4 名员工的确认" in panel.said.value


def test_an_appeal_that_keeps_a_month_open_is_listed_below(heard):  # noqa: F811
    with speaking("zh"):
        above, below = MonthlyScores(heard, heard.months()), AppealsPanel(heard, heard.months())
        assert "没有申诉" in below.table.value
        heard.appeals.file("10-8001-11", "greeting", text="说了", who="张三")
        above.who.value = "主管"
        above.close.click()
        assert "还有 1 件申诉没有结论：#1 10-8001-11 开头语" in above.said.value
        assert "10-8001-11" in below.table.value
        assert below.chosen.options == (1,)
