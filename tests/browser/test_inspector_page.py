"""docs/inspector.zh-CN.md followed to the letter by somebody without a mouse, from the start page on."""

import getpass
import json
import os

import pytest

from qa_audit.lab import START_PAGE
from qa_audit.store.roles import NAME_VARIABLE
from tests.browser.lab_server import NOTEBOOKS, TOKEN
from tests.browser.test_audit_by_keyboard import Hands, wait_for_text, wait_for_time

MOST_TABS = 60
# Whether the cell runs, or the kernel is up and knows nothing of it.
HEARD = """() => {
    const {content, sessionContext} = window.jupyterapp.shell.currentWidget;
    const {executionState, executionCount} = content.activeCell.model;
    if (executionState === 'running' || executionCount) return 'heard';
    return sessionContext.session?.kernel?.status === 'idle' && 'lost';
}"""


def run_until_shown(page):
    """What is pressed before the kernel is up may be lost: as the page says, once more."""
    page.keyboard.press("Control+Enter")
    if page.wait_for_function(HEARD, timeout=60_000).json_value() == "lost":
        page.keyboard.press("Control+Enter")
    page.wait_for_selector(".qa-turn", timeout=60_000)


def test_the_first_call_is_audited_by_the_page_alone(page, lab, sheet_of):
    page.goto(f"{lab.address}/lab/tree/{START_PAGE}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-MarkdownViewer a:text-is('听评')", timeout=60_000)
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == "听评":
            break
    else:
        pytest.fail("Tab does not lead to the notebook")
    page.keyboard.press("Enter")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    page.wait_for_selector(".jp-Notebook.jp-mod-commandMode :focus")
    page.keyboard.press("Shift+Enter")
    run_until_shown(page)
    page.wait_for_selector(".qa-saved[data-state=saved]")

    hands = Hands(page)
    hands.press("Space")
    wait_for_time(page, 3.0)
    hands.press("f", "d")
    hands.type("您好")
    hands.press("Enter")
    wait_for_time(page, 4.5)
    hands.press("f", "e", "Enter")  # what should have been said may be left out
    hands.press("a", "h")
    wait_for_text(page, ".qa-dialog", "不合格 2 项")
    hands.press("Enter")
    wait_for_text(page, ".qa-blind", "已提交")
    hands.press("n")
    wait_for_text(page, ".qa-title", "赵志强")
    assert hands.presses <= 12

    sheet = sheet_of("20261009001", os.environ.get(NAME_VARIABLE) or getpass.getuser())
    assert [(fault.item, fault.should_say) for fault in sheet.faults] == [
        ("honorific", "您好"),
        ("please", ""),
    ]
    assert len(sheet.first_verdicts) == 20
    notebook = json.loads((NOTEBOOKS / "03_audit_calls.ipynb").read_text("utf-8"))
    assert page.locator(".jp-Notebook .jp-Cell").count() == len(notebook["cells"])
