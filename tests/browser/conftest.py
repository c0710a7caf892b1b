"""A workspace, a JupyterLab and a browser for all browser tests; each test has an inspector of its own."""

import json
import os
from pathlib import Path

import pytest

from qa_audit.audit.events import read_sheet
from tests.browser.lab_server import (
    CHROMIUM,
    NOTEBOOKS,
    browser_of,
    new_context,
    open_notebook,
    running_lab,
)
from tests.browser.made_workspace import make_workspace
from tests.browser.open_lab import OpenLab
from tests.browser.watch import Watch


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    # Last of all: while Playwright runs, no other test in this process can run an event loop.
    items.sort(key=lambda item: here in item.path.parents)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("audited") / "workspace")


@pytest.fixture(scope="session")
def lab(tmp_path_factory, workspace):
    with running_lab(tmp_path_factory.mktemp("lab"), workspace.folder) as lab:
        yield lab


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("no Chromium on this machine (apt-get install chromium)")
    with browser_of(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def page(browser, lab):
    """A page in a profile of its own."""
    context = new_context(browser)
    watch = Watch(context, lab)
    yield context.new_page()
    context.close()
    watch.check()


@pytest.fixture(scope="session")
def kept():
    """The JupyterLab that the next test finds open, if there is one."""
    return []


@pytest.fixture
def open_lab(browser, lab, kept, request):
    """A JupyterLab in which nothing is open; one in which a test failed isn't used again."""
    failed = request.session.testsfailed
    open_lab = kept.pop() if kept else OpenLab(browser, lab)
    yield open_lab
    if request.session.testsfailed > failed:
        open_lab.close()
    else:
        open_lab.clear()
        kept.append(open_lab)


@pytest.fixture
def open_player(open_lab, lab):
    """Opens the notebook for an inspector and waits for the first call; `on` a page, JupyterLab is loaded."""

    def opened(who, on=None, **options):
        name = f"audit_{who}.ipynb"
        notebook = json.loads((NOTEBOOKS / "03_audit_calls.ipynb").read_text("utf-8"))
        arguments = ", ".join(f"{key}={value!r}" for key, value in {"who": who, **options}.items())
        source = notebook["cells"][-1]["source"]
        source[-1] = source[-1].replace("audit_calls()", f"audit_calls({arguments})")
        (lab.folder / name).write_text(json.dumps(notebook), "utf-8")
        if on:
            open_notebook(on, lab, name)
        page = on or open_lab.run(name)
        page.wait_for_selector(".qa-turn:visible", timeout=60_000)
        page.wait_for_selector(".qa-saved[data-state=saved]:visible")
        return page

    return opened


@pytest.fixture
def sheet_of(workspace):
    """What the database says that an inspector decided."""
    return lambda call_id, who: read_sheet(workspace.database, call_id, who)
