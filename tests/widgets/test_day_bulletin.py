"""The panel of the bulletin: what was handed in on a day, to copy or to save."""

from datetime import date

from qa_audit.audit.actions import HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.messages import speaking
from qa_audit.widgets.day_bulletin import DayBulletin, day_bulletin
from tests.browser.made_workspace import make_workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures

CALL = "20261010001"


def test_the_latest_day_is_shown_and_another_says_that_nothing_was_handed_in(heard):  # noqa: F811
    latest = heard.bulletin()
    with speaking("zh"):
        panel = DayBulletin(heard)
        assert panel.text.value == heard.bulletin().text
        assert panel.text.value.startswith("每日质检情况\n")
        panel.days.value = 7
        assert panel.text.value.startswith("每周质检情况\n")
        panel.days.value = 1
        panel.day.value = date(2026, 9, 1)
        assert "没有交卷" in panel.text.value
        panel.day.value = latest.last
        assert panel.text.value == heard.bulletin().text


def test_it_is_saved_beside_the_reports(heard):  # noqa: F811
    with speaking("zh"):
        panel = DayBulletin(heard)
        panel.save.click()
    written = sorted(path.suffix for path in (heard.folder / "reports").rglob("*") if path.is_file())
    assert len(written) == 3
    assert ".pdf" in written
    assert str(heard.folder / "reports") in panel.said.value


def test_a_workspace_where_nobody_has_judged_says_so(scored):
    with speaking("zh"):
        panel = DayBulletin(scored)
    assert panel.text.value == ""
    assert "交卷" in panel.said.value
    panel.save.click()
    assert not (scored.folder / "reports").exists()


def test_a_folder_without_a_workspace_is_said_in_place_of_the_panel(tmp_path):
    with speaking("zh"):
        assert str(tmp_path) in day_bulletin(tmp_path).value


def test_where_nothing_was_handed_in_words_stand_alone(tmp_path):
    workspace = make_workspace(tmp_path / "workspace", (CALL,))
    with speaking("zh"):
        panel = DayBulletin(workspace)
        assert "还没有交卷的听评" in panel.said.value
        assert panel.text.layout.display == "none"
        for action in (PassRest(tuple(item.id for item in workspace.rubric.items)), HandIn()):
            append(workspace.database, CALL, "王芳", action, workspace.rubric)
        panel.days.value = 2
    assert panel.text.value.startswith("每")
    assert panel.text.layout.display is None
