"""What goes wrong around the player is said in it, nothing is lost, and the next call can be audited."""

import sqlite3

from tests.browser.lab_server import run_all
from tests.browser.test_audit_by_keyboard import text_of, wait_for_text, wait_for_time


def test_a_call_without_its_recording_is_said_and_the_next_one_plays(open_player, workspace, sheet_of):
    recordings = workspace.folder.parent / "workspace-recordings"
    gone = recordings / "20261013001.wav"
    hidden = gone.rename(gone.with_suffix(".away"))
    try:
        page = open_player("陈强", calls=["20261013001", "20261021001"])
        wait_for_text(page, ".qa-alert", "20261013001")
        page.keyboard.press("k")
        page.keyboard.press("1")
        wait_for_text(page, ".qa-title", "10-21")
        wait_for_time(page, 0.5)
        assert page.locator(".qa-alert").is_hidden()
        assert sheet_of("20261013001", "陈强").skipped == "no_audio"
    finally:
        hidden.rename(gone)


def test_what_a_locked_database_refuses_is_kept_and_saved_later(open_player, workspace, sheet_of):
    page = open_player("褚亮")
    lock = sqlite3.connect(workspace.folder / "qa_audit.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    page.keyboard.press("1")
    page.keyboard.press("2")
    wait_for_text(page, ".qa-alert", "占用")
    assert "2 项未保存" in text_of(page, ".qa-saved")
    assert text_of(page, ".qa-item:nth-child(2) .qa-chip") == "✗ 不合格"
    # The browser goes down meanwhile: what was done is in its storage.
    page = open_player_again(page)
    lock.execute("ROLLBACK")
    lock.close()
    page.keyboard.press("u")
    wait_for_text(page, ".qa-saved", "已保存")
    assert dict(sheet_of("20261009001", "褚亮").verdicts) == {"greeting": "pass", "answer_promptly": "fail"}


def open_player_again(page):
    page.reload()
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
    run_all(page)
    page.wait_for_selector(".qa-turn", timeout=60_000)
    return page


def test_two_inspectors_and_two_tabs_overwrite_nothing(open_player, browser, sheet_of):
    first = open_player("卫东")
    context = browser.new_context()
    try:
        second = open_player("卫东", on=context.new_page())
        first.keyboard.press("1")
        wait_for_text(first, ".qa-saved", "已保存")
        second.keyboard.press("ArrowDown")
        second.keyboard.press("2")
        wait_for_text(second, ".qa-saved", "已保存")
        second.wait_for_selector(".qa-item[data-verdict=pass]")
        other = open_player("蒋雯", on=context.new_page())
        assert other.locator(".qa-item[data-verdict=open]").count() == 20
    finally:
        context.close()
    assert dict(sheet_of("20261009001", "卫东").verdicts) == {"greeting": "pass", "answer_promptly": "fail"}


def test_after_a_kernel_restart_nothing_is_lost(open_player, sheet_of):
    page = open_player("沈岩")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    page.locator(".qa-player").focus()
    page.keyboard.press("1")
    run_all(page)
    page.wait_for_selector(".qa-item[data-verdict=pass]", timeout=60_000)
    page.wait_for_selector(".qa-saved[data-state=saved]", timeout=60_000)
    wait_for_text(page, ".qa-saved", "已保存")
    assert dict(sheet_of("20261009001", "沈岩").verdicts) == {"greeting": "pass"}
