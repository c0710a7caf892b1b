"""The panels of monthly scores and of calibration."""

import ipywidgets
import pytest

from qa_audit.messages import QaError, speaking
from qa_audit.widgets.calibrate import calibrate
from qa_audit.widgets.monthly_scores import MonthlyScores, monthly_scores
from qa_audit.workspace import Workspace


class NotDrawn:
    """A workspace of a month from which nothing was drawn."""

    def __init__(self, folder):
        self.folder = folder

    def estimates(self, month):
        raise QaError("audited.no_draw", month=month)

    def report(self, month, out):
        out.mkdir(parents=True)
        (out / f"{month}.xlsx").write_bytes(b"")
        return [out / f"{month}.xlsx"]


def test_a_month_without_a_draw_says_what_to_do_and_can_be_exported(tmp_path):
    with speaking("zh"):
        panel = MonthlyScores(NotDrawn(tmp_path), ["2026-09", "2026-10"])
        assert "2026-10 还没有抽样" in panel.table.value
        panel.month.value = "2026-09"
        assert "2026-09 还没有抽样" in panel.table.value
        panel.export.click()
    assert str(tmp_path / "reports" / "2026-09" / "2026-09.xlsx") in panel.said.value


@pytest.mark.parametrize("panel", [monthly_scores, calibrate])
def test_a_missing_workspace_is_said_in_place_of_the_panel(panel, tmp_path):
    assert isinstance(panel(tmp_path), ipywidgets.HTML)


def test_nothing_audited_is_nothing_to_calibrate(tmp_path):
    Workspace.create(tmp_path / "ws")
    with speaking("zh"):
        panel = calibrate(tmp_path / "ws")
    assert "还没有两人盲评过" in panel.children[1].value
    assert "还没有抽中并交卷" in panel.children[2].value
