"""From an agent to the calls to the moment, in lists whose scripts lie here: the page asks nobody else."""

import shutil

from tests.browser.lab_server import NOTEBOOKS, TOKEN
from tests.browser.test_audit_by_keyboard import wait_for_text

ROWS = "table.dataTable tbody tr"


def test_from_an_agent_to_the_moment(open_lab):
    page = open_lab.run("01_first_look.ipynb")
    page.wait_for_selector(ROWS, timeout=60_000)
    lists = page.locator("table.dataTable")
    lists.nth(0).locator("tbody tr", has_text="赵志强").click()
    wait_for_text(page, ".jp-Notebook", "赵志强 的通话")
    lists.nth(2).locator("tbody tr", has_text="10-28 17:40").click()
    page.wait_for_selector(".qa-around-here")
    # The first fault of the call is chosen, and its sound can be played.
    assert lists.nth(3).locator("tr.selected").count() == 1
    page.wait_for_function("() => document.querySelector('.jp-Notebook audio')?.duration > 5")
    assert page.locator(".jp-Notebook audio").get_attribute("aria-label") == "播放选中的片段"
    assert page.locator(".jp-Notebook audio").is_visible()
    # A second choice arrives as well, though the list was filled anew meanwhile.
    lists.nth(0).locator("tbody tr", has_text="陈静").click()
    wait_for_text(page, ".jp-Notebook", "陈静 的通话")


def test_a_list_is_searched_in_chinese(open_lab):
    page = open_lab.run("01_first_look.ipynb")
    page.wait_for_selector(ROWS, timeout=60_000)
    items = page.locator(".dt-container").nth(1)
    assert "查找" in items.inner_text()
    assert "共 20 条" in items.inner_text()
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    items.locator("input[type=search]").fill("结束语")
    page.wait_for_function(
        "() => document.querySelectorAll('.dt-container')[1].innerText.includes('共 1 条')"
    )
    items.locator("input[type=search]").press("b")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_one_click_runs_a_notebook_without_a_question(page, lab):
    # A copy, for which no kernel runs yet.
    shutil.copy(NOTEBOOKS / "01_first_look.ipynb", lab.folder / "one_click.ipynb")
    page.goto(f"{lab.address}/lab/tree/one_click.ipynb?token={TOKEN}&reset")
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=60_000,
    )
    page.click("[data-jp-item-name=restart-and-run]")
    page.wait_for_selector(ROWS, timeout=60_000)
    assert page.locator(".jp-Dialog").count() == 0
