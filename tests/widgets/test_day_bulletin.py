import pytest

from qa_audit.audit.actions import HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.messages import speaking
from qa_audit.widgets.day_bulletin import DayBulletin
from tests.browser.made_workspace import make_workspace

CALL = "20261010001"


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "workspace", (CALL,))


def test_where_nothing_was_handed_in_words_stand_alone(workspace):
    with speaking("zh"):
        panel = DayBulletin(workspace)
        assert "还没有交卷的听评" in panel.said.value
        assert panel.text.layout.display == "none"
        for action in (PassRest(tuple(item.id for item in workspace.rubric.items)), HandIn()):
            append(workspace.database, CALL, "王芳", action, workspace.rubric)
        panel.days.value = 2
    assert panel.text.value.startswith("每")
    assert panel.text.layout.display is None
