import shutil

import pytest

from qa_audit.workspace import Workspace
from tests.closing.made_workspace import draw, hear, make


@pytest.fixture(scope="session")
def heard_folder(tmp_path_factory):
    """A workspace of two months, both drawn and heard."""
    made = make(tmp_path_factory.mktemp("month"))
    for month in ("2026-09", "2026-10"):
        draw(made, month)
        hear(made, month)
    made.database.dispose()
    return made.folder


@pytest.fixture
def heard(heard_folder, tmp_path):
    """A copy of it: both months heard, nothing closed."""
    shutil.copytree(heard_folder, tmp_path / "中心")
    opened = Workspace.open(tmp_path / "中心")
    yield opened
    opened.database.dispose()


@pytest.fixture
def closed(heard):
    """The same with 2026-10 confirmed and closed."""
    heard.month_book.confirm("2026-10", None, "班长")
    heard.month_book.close("2026-10", "主管")
    return heard


@pytest.fixture
def export(closed, tmp_path):
    """The folder of its export."""
    closed.month_book.export("2026-10", tmp_path / "存档")
    return tmp_path / "存档"
