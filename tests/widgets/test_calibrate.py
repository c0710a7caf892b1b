"""The panel of calibration as a whole: its parts show the same months and know of one another."""

import re
import shutil

import pytest

from qa_audit.messages import speaking
from qa_audit.widgets.calibrate import Calibration
from qa_audit.workspace import Workspace
from tests.made_audits import HARSH, RUDE, hand_in

NOTHING_TWICE = "还没有两人盲评过的同一通电话。"
NOTHING_DRAWN = "还没有抽中并交卷的通话，不能说规则有多准。"


@pytest.fixture(scope="module")
def differing(scored_folder, tmp_path_factory):
    """Two inspectors differ on two calls of October; not to be changed."""
    copied = shutil.copytree(scored_folder, tmp_path_factory.mktemp("differ") / "ws")
    workspace = Workspace.open(copied)
    for call, item in ((RUDE, "greeting"), (HARSH, "closing")):
        hand_in(workspace, call, "李敏", item)
        hand_in(workspace, call, "王芳")
    yield workspace
    workspace.database.dispose()


def panel_of(workspace, *months):
    with speaking("zh"):
        return Calibration(workspace, list(months))


def choose(panel, month):
    with speaking("zh"):
        panel.month.value = month


def rows(part):
    """Cells of a part's table, in text."""
    return [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in re.findall(r"<tr>(<td.*?)</tr>", part.value)]


def test_all_months_are_on_show_until_one_is_chosen(differing):
    panel = panel_of(differing, "2026-09", "2026-10")
    assert panel.month.options == (("全部月份", ""), ("2026-09", "2026-09"), ("2026-10", "2026-10"))
    assert panel.month.value == ""
    assert rows(panel.agreement)[0][:4] == ["开头语", "2", "50%", "0%"]


def test_a_month_narrows_every_part_and_all_months_bring_them_back(differing):
    panel = panel_of(differing, "2026-09", "2026-10")
    everything = panel.agreement.value
    choose(panel, "2026-09")
    assert panel.agreement.value == f"<h3>质检员之间有多一致</h3><p>{NOTHING_TWICE}</p>"
    assert panel.differences.list.frame.is_empty()
    choose(panel, "2026-10")
    assert panel.agreement.value == everything
    assert panel.differences.list.frame.height == 2
    choose(panel, "")
    assert panel.agreement.value == everything


def test_what_the_figures_mean_stands_below_them_and_only_there(differing):
    panel = panel_of(differing, "2026-09", "2026-10")
    note = "几乎都合格的项目，一致率高不说明什么"
    assert note in panel.agreement.value.split("</table>")[1]
    choose(panel, "2026-09")
    assert note not in panel.agreement.value


def test_rules_are_weighed_by_drawn_calls_that_were_handed_in(scored):
    panel = panel_of(scored, "2026-09", "2026-10")
    assert panel.quality.value == f"<h3>机器结论有多可信</h3><p>{NOTHING_DRAWN}</p>"
    book = scored.samples
    drawn = book.draw(book.frame("2026-10"), "主管")
    book.hand_out(drawn.draw_id, ["李敏"], "主管", twice="0")
    hand_in(scored, RUDE, "李敏")
    choose(panel, "2026-10")
    assert len(rows(panel.quality)) == len(scored.rubric.items)
    assert "按抽样概率加权" in panel.quality.value
    choose(panel, "2026-09")
    assert NOTHING_DRAWN in panel.quality.value


def test_a_difference_that_is_clicked_stands_in_the_form_for_settling_it(differing):
    panel = panel_of(differing, "2026-10")
    assert panel.settling.chosen.value == (HARSH, "closing")
    panel.differences.list.chosen = 1
    assert panel.settling.chosen.value == (RUDE, "greeting")
