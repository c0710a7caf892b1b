import shutil

import pytest

from qa_audit.workspace import Workspace
from tests.browser.made_workspace import make_workspace


@pytest.fixture(scope="session")
def scored_folder(tmp_path_factory):
    """A workspace of a few sample calls, scored by what was said in them; not to be changed."""
    folder = tmp_path_factory.mktemp("scored") / "ws"
    make_workspace(folder)
    return folder


@pytest.fixture
def scored(scored_folder, tmp_path):
    """A copy of that workspace that a test may change."""
    return Workspace.open(shutil.copytree(scored_folder, tmp_path / "ws"))
