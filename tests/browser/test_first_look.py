"""From an agent to the calls to the moment, in lists whose scripts lie here: the page asks nobody else."""

import shutil

import pytest

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


def _tab_to(page, found, most=60):
    """Press Tab until what has the focus is as `found`, a JavaScript condition on `here`, says."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"() => (here => {found})(document.activeElement)"):
            return
    pytest.fail(f"Tab does not lead to {found}")


def test_from_an_agent_to_the_moment_by_keys_alone(open_lab):
    page = open_lab.run("01_first_look.ipynb")
    page.wait_for_selector(ROWS, timeout=60_000)
    # The agents' list is not made anew any more.
    wait_for_text(page, ".jp-Notebook", "本月还没有抽听，所以没有估计")
    row = "here.matches('tbody tr') && here.closest('.dt-container') === {}"
    lists = [f"document.querySelectorAll('.dt-container')[{n}]" for n in range(4)]
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator("input[type=search]").first.focus()
    _tab_to(page, row.format(lists[0]))
    while "赵志强" not in page.evaluate("() => document.activeElement.innerText"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for_text(page, ".jp-Notebook", "赵志强 的通话")
    # The focus stays where it was, and one Tab leaves the rows.
    assert "赵志强" in page.evaluate("() => document.activeElement.innerText")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.matches('.dt-paging-button')")
    _tab_to(page, row.format(lists[2]))
    while "10-28" not in page.evaluate("() => document.activeElement.innerText"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.wait_for_selector(".qa-around-here")
    page.wait_for_function("() => document.querySelector('.jp-Notebook audio')?.duration > 5")
    _tab_to(page, "here.matches('audio')")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('.jp-Notebook audio').currentTime > 0.3")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_the_sample_is_planned_and_two_people_draw_by_keys_alone(open_lab):
    page = open_lab.run("02_sample_calls.ipynb")
    page.wait_for_selector("button:text-is('看计划')", timeout=60_000)
    page.locator("button:text-is('看计划')").focus()
    page.keyboard.press("Enter")
    wait_for_text(page, ".jp-Notebook", "听评之后，一名员工月度分数")
    page.wait_for_function("() => document.activeElement.textContent === '看计划'")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent").startswith("▸ 两人一起抽")
    page.keyboard.press("Enter")
    page.wait_for_selector("button:has-text('交存密语'):visible")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.type") == "password"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    page.wait_for_selector("button:has-text('交存密语')", state="hidden")


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
