"""What can be pressed or filled in has a name that a screen reader says, and in English it is English."""

import re

import pytest

from tests.browser.lab_server import NOTEBOOKS, open_notebook, running_lab

pytestmark = pytest.mark.slow

ROLES = ("button", "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "slider")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OF_THE_RUBRIC = ("您", "请")
"""Words that the English names of items quote."""


@pytest.fixture(scope="module")
def english_lab(tmp_path_factory, workspace):
    folder = tmp_path_factory.mktemp("english")
    with running_lab(folder, workspace.folder, QA_AUDIT_LANG="en", QA_AUDIT_WHO="Li Min") as lab:
        yield lab


def named(page):
    """(role, name) of every control and picture in the outputs of a notebook, as Chromium tells them."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    outputs = page.locator(".jp-OutputArea-output").count()
    found = []
    for place in range(outputs):
        expression = f"document.querySelectorAll('.jp-OutputArea-output')[{place}]"
        root = session.send("Runtime.evaluate", {"expression": expression})["result"]["objectId"]
        for role in (*ROLES, "image"):
            told = session.send("Accessibility.queryAXTree", {"objectId": root, "role": role})
            found += [
                (role, node.get("name", {}).get("value", ""))
                for node in told["nodes"]
                if not node.get("ignored")
            ]
    return found


@pytest.mark.parametrize("notebook", sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")))
def test_every_control_has_a_name_in_english(browser, english_lab, notebook):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-US")
    page = context.new_page()
    open_notebook(page, english_lab, notebook)
    page.wait_for_selector(".jp-OutputArea-output :is(button, select, input, textarea)", timeout=90_000)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'",
        timeout=90_000,
    )
    found = named(page)
    context.close()
    assert found
    assert [one for one in found if not one[1].strip()] == []
    strange = [one for one in found if CHINESE.search(re.sub("|".join(OF_THE_RUBRIC), "", one[1]))]
    assert strange == []
