import pytest

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest, WriteComment
from qa_audit.audit.events import append
from qa_audit.messages import speaking
from qa_audit.widgets.calibrate import Calibration
from qa_audit.widgets.differences import Differences
from tests.browser.made_workspace import make_workspace

CALL = "20261010001"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    made = make_workspace(tmp_path_factory.mktemp("differ") / "workspace", (CALL,))
    items = tuple(item.id for item in made.rubric.items)
    fault = Fault("a" * 32, "closing", "minor", 30.0, 32.0, "感谢您的来电，再见", "太快")
    said = {
        "李强": (fault, PassRest(items), WriteComment("结尾<仓促>"), HandIn()),
        "王芳": (GiveVerdict("title", "fail"), PassRest(items), HandIn()),
    }
    for who, actions in said.items():
        for action in actions:
            append(made.database, CALL, who, action, made.rubric)
    return made


def test_a_click_shows_both_sides_and_plays_the_moment(workspace):
    told = []
    with speaking("zh"):
        panel = Differences(workspace, lambda *which: told.append(which))
        panel.show()
        assert panel.list.frame.rows() == [
            (CALL, "结束语", "李强：不合格　王芳：合格"),
            (CALL, "称呼", "李强：合格　王芳：不合格"),
        ]
        panel.list.chosen = 0
    assert told == [(CALL, "closing")]
    assert "00:30 – 00:32" in panel.sides.value
    assert "感谢您的来电，再见" in panel.sides.value
    assert "结尾&lt;仓促&gt;" in panel.sides.value
    assert "▶" in panel.words.value
    assert panel.player.value
    panel.list.chosen = 1  # nobody marked a place: the call is played from its start
    assert "▶" not in panel.words.value
    assert panel.player.value


def test_another_month_has_none_and_says_why(workspace):
    with speaking("zh"):
        panel = Differences(workspace)
        panel.show("2026-09")
    assert panel.list.frame.is_empty()
    assert "每个人都交卷之后" in panel.heading.value
    assert panel.list.widget.layout.display == "none"


def test_they_stand_in_the_panel_of_calibration(workspace):
    with speaking("zh"):
        panel = Calibration(workspace, workspace.months())
        assert panel.differences.list.frame.height == 2
        panel.month.value = "2026-09"
        assert panel.differences.list.frame.is_empty()
