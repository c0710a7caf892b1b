"""What stands in a panel's place when a workspace can't be opened."""

import ipywidgets
import pytest

from qa_audit.messages import QaError, speaking
from qa_audit.widgets.panel import monthly_panel, or_said
from qa_audit.workspace import Workspace


def test_a_panel_that_can_be_made_is_shown():
    label = ipywidgets.Label("x")
    assert or_said(lambda: label) is label


def test_what_is_wrong_is_said_as_text():
    def fails():
        raise QaError("audited.no_draw", month="<b>")

    assert "&lt;b&gt;" in or_said(fails).value


@pytest.mark.parametrize("made", [False, True], ids=["no workspace", "no calls"])
def test_a_workspace_without_months_has_no_panel(tmp_path, made):
    if made:
        Workspace.create(tmp_path / "ws")
    with speaking("en"):
        shown = monthly_panel(tmp_path / "ws", lambda *_: pytest.fail("made"))
    assert isinstance(shown, ipywidgets.HTML)
