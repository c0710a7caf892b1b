"""A workspace, a JupyterLab and a browser for all browser tests; each test has an inspector of its own."""

import json
import os
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from qa_audit.audit.events import read_sheet
from tests.browser.lab_server import CHROMIUM, NOTEBOOKS, browser_of, open_notebook, running_lab
from tests.browser.made_workspace import make_workspace


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("audited") / "workspace")


@pytest.fixture(scope="session")
def lab(tmp_path_factory, workspace):
    with running_lab(tmp_path_factory.mktemp("lab"), workspace.folder) as lab:
        yield lab


# Not for the whole session: while Playwright runs, no other test in this process can run an event loop.
@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with browser_of(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@contextmanager
def page_of(browser, lab):
    """A page in a profile of its own; at the end nothing may have been asked of another machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="zh-CN")
    asked, faults = [], []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")}
    assert hosts == {urlsplit(lab.address).netloc}
    assert faults == []


def player_in(tab, lab, who, **options):
    """Opens the notebook for an inspector and waits for the first call."""
    name = f"audit_{who}.ipynb"
    notebook = json.loads((NOTEBOOKS / "03_audit_calls.ipynb").read_text("utf-8"))
    arguments = ", ".join(f"{key}={value!r}" for key, value in {"who": who, **options}.items())
    source = notebook["cells"][-1]["source"]
    source[-1] = source[-1].replace("audit_calls()", f"audit_calls({arguments})")
    (lab.folder / name).write_text(json.dumps(notebook), "utf-8")
    open_notebook(tab, lab, name)
    tab.wait_for_selector(".qa-turn", timeout=60_000)
    tab.wait_for_selector(".qa-saved[data-state=saved]")
    return tab


@pytest.fixture
def page(browser, lab):
    """A new page."""
    with page_of(browser, lab) as page:
        yield page


@pytest.fixture
def open_player(lab, page):
    """Opens the notebook for an inspector, in the page or on another."""
    return lambda who, on=None, **options: player_in(on or page, lab, who, **options)


@pytest.fixture(scope="module")
def shown(browser, lab):
    """A player for tests that only look at it and play: opening one takes most of a test's time."""
    with page_of(browser, lab) as page:
        yield player_in(page, lab, "冯涛")


@pytest.fixture
def sheet_of(workspace):
    """What the database says that an inspector decided."""
    return lambda call_id, who: read_sheet(workspace.database, call_id, who)
