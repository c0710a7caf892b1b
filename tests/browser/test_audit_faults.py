"""What goes wrong around the player is said in it, nothing is lost, and the next call can be audited."""

import sqlite3

from qa_audit.audit.events import read_sheet
from qa_audit.calls.query import calls_frame
from qa_audit.sampling.design import Design
from qa_audit.transcribe.turns import Note
from tests.browser.lab_server import open_notebook, run_all
from tests.browser.made_workspace import make_workspace, write_turns
from tests.browser.test_audit_by_keyboard import text_of, wait_for_text, wait_for_time


def test_a_call_without_its_recording_is_said_and_the_next_one_plays(open_player, workspace, sheet_of):
    recordings = workspace.folder.parent / "workspace-recordings"
    gone = recordings / "20261013001.wav"
    hidden = gone.rename(gone.with_suffix(".away"))
    try:
        page = open_player("陈强", calls=["20261013001", "20261021001"])
        wait_for_text(page, ".qa-alert", "20261013001")
        for key in ("k", "1", "Enter"):
            page.keyboard.press(key)
        wait_for_text(page, ".qa-title", "10-21")
        wait_for_time(page, 0.5)
        assert page.locator(".qa-alert").is_hidden()
        assert sheet_of("20261013001", "陈强").skipped == "no_audio"
    finally:
        hidden.rename(gone)


def test_a_call_that_cannot_be_opened_is_commented_on_and_skipped(open_player, sheet_of):
    page = open_player("魏明", calls=["20261009001", "20261019001"])
    page.keyboard.press("n")
    wait_for_text(page, ".qa-alert", "20261019001")
    page.keyboard.press("c")
    page.keyboard.insert_text("打不开")
    page.keyboard.press("Enter")
    wait_for_text(page, ".qa-saved", "已保存")
    page.keyboard.press("Shift+R")
    wait_for_text(page, ".qa-status", "这一步没有保存")
    for key in ("k", "1", "Enter"):
        page.keyboard.press(key)
    wait_for_text(page, ".qa-title", "刘晓燕")
    sheet = sheet_of("20261019001", "魏明")
    assert (sheet.comment, sheet.skipped) == ("打不开", "no_audio")


def test_what_is_odd_about_a_recording_is_said_above_it_and_of_that_call_alone(open_player, tmp_path):
    workspace = make_workspace(tmp_path / "noted", ("20261010001", "20261013001"))
    [call] = [one for one in calls_frame(workspace.database).to_dicts() if one["call_id"] == "20261013001"]
    said = [{"role": "agent", "start_s": 0.5, "end_s": 2.0, "text": "您好"}]
    cut_off = (("path", call["recording"]), ("expected_s", "90.0"), ("duration_s", "61.5"))
    silent = (("path", call["recording"]), ("channel", "2"))
    swapped = Note("audio.swapped_channels", silent)
    dead = Note("audio.dead_channel", silent)
    write_turns(workspace, call, said, (Note("audio.truncated", cut_off), dead, swapped))
    page = open_player("何静", folder=str(workspace.folder), calls=["20261013001", "20261010001"])
    noted = "录音提示：录音不完整：应有 90.0 秒，只有 61.5 秒。 第 2 声道没有声音。"
    doubt = " 声道可能接反了：听起来坐席在第 2 声道，说话人存疑。"
    assert text_of(page, ".qa-notes") == noted + doubt
    page.keyboard.press("Shift+R")
    wait_for_text(page, ".qa-saved", "已保存")
    assert text_of(page, ".qa-notes") == noted
    page.keyboard.press("z")
    wait_for_text(page, ".qa-notes", doubt)
    page.keyboard.press("n")
    wait_for_text(page, ".qa-title", "10-10")
    assert page.locator(".qa-notes").is_hidden()


def test_the_call_that_replaces_a_skipped_one_is_opened_next(open_player, tmp_path):
    titles = {
        "20261010001": "10-10 14:37　赵志强",
        "20261019001": "10-19 09:47　赵志强",
        "20261028001": "10-28 17:40　赵志强",
    }
    workspace = make_workspace(tmp_path / "drawn", tuple(titles))
    book = workspace.samples
    draw = book.draw(book.frame("2026-10", Design(calls_per_agent=2, flagged_share="0")), "主管")
    first, second = (
        one.call_id for one in book.hand_out(draw.draw_id, ["丁"], "主管", twice="0").assignments
    )
    page = open_player("丁", folder=str(workspace.folder))
    assert text_of(page, ".qa-progress") == "第 1 / 2 通 · 完成 0"
    skipped = text_of(page, ".qa-title")
    page.keyboard.press("k")
    # No reason is chosen beforehand, so that Enter alone skips nothing.
    page.keyboard.press("Enter")
    assert text_of(page, ".qa-warning").endswith("不能撤销，也不能再评。")
    assert page.locator(".qa-choice.qa-chosen").count() == 0
    page.keyboard.press("3")
    assert text_of(page, ".qa-choice.qa-chosen") == "3\n私人通话"
    page.keyboard.press("Enter")
    wait_for_text(page, ".qa-progress", "第 2 / 3 通 · 完成 1")
    (call_id,) = (one for one in (first, second) if titles[one] == skipped)
    assert read_sheet(workspace.database, call_id, "丁").skipped == "private_call"
    assert text_of(page, ".qa-title") in set(titles.values()) - {titles[first], titles[second]}
    page.keyboard.press("q")
    assert page.locator(".qa-calls .qa-choice").count() == 3
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    wait_for_text(page, ".qa-blind", "已跳过：私人通话")
    page.keyboard.press("1")
    wait_for_text(page, ".qa-alert", "由下一张签代替：不再评，也不能撤销。")
    assert "先撤销" not in text_of(page, ".qa-alert")
    page.keyboard.press("k")
    wait_for_text(page, ".qa-status", "已跳过：私人通话")
    assert page.locator(".qa-dialog").count() == 0


def test_what_is_refused_is_said_of_its_call_and_stays_to_be_read(open_player):
    page = open_player("蒋欣")
    for key in ("a", "h", "Enter"):
        page.keyboard.press(key)
    wait_for_text(page, ".qa-blind", "已提交")
    page.keyboard.press("k")
    wait_for_text(page, ".qa-status", "这通电话已提交，不能再跳过。")
    assert page.locator(".qa-dialog").count() == 0
    # On an item that the machine calls not applicable, a pass is no disagreement to look into first.
    slight = page.locator(".qa-item[data-verdict=pass] .qa-item-line", has_text="≠ 机器：– 不适用")
    assert slight.count() > 0
    assert slight.locator(".qa-differs").count() == 0
    page.keyboard.press("0")
    wait_for_text(page, ".qa-alert", "不能")
    assert text_of(page, ".qa-status") == ""
    page.keyboard.press("Escape")
    assert page.locator(".qa-alert").is_hidden()
    page.keyboard.press("0")
    page.keyboard.press("n")
    wait_for_text(page, ".qa-title", "赵志强")
    wait_for_time(page, 0.5)
    wait_for_text(page, ".qa-alert-text", "10-09 10:06　刘晓燕：")
    page.keyboard.press("b")
    wait_for_text(page, ".qa-title", "刘晓燕")
    # Nor does a call that is opened right after the refusal came take it away.
    page.keyboard.press("0")
    wait_for_text(page, ".qa-alert-text", "不能")
    page.keyboard.press("n")
    wait_for_text(page, ".qa-title", "赵志强")
    wait_for_text(page, ".qa-alert-text", "10-09 10:06　刘晓燕：")
    page.keyboard.press("Escape")
    assert page.locator(".qa-alert").is_hidden()


def test_what_a_locked_database_refuses_is_kept_and_saved_later(open_player, lab, workspace, sheet_of):
    page = open_player("褚亮")
    lock = sqlite3.connect(workspace.folder / "qa_audit.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    page.keyboard.press("1")
    page.keyboard.press("2")
    wait_for_text(page, ".qa-alert", "占用")
    assert "2 项未保存" in text_of(page, ".qa-saved")
    assert text_of(page, ".qa-item:nth-child(2) .qa-chip") == "✗ 不合格"
    # The browser goes down meanwhile: what was done is in its storage.
    open_notebook(page, lab, "audit_褚亮.ipynb")
    page.wait_for_selector(".qa-turn", timeout=60_000)
    lock.execute("ROLLBACK")
    lock.close()
    page.keyboard.press("u")
    wait_for_text(page, ".qa-saved", "已保存")
    assert dict(sheet_of("20261009001", "褚亮").verdicts) == {"greeting": "pass", "answer_promptly": "fail"}


def test_two_inspectors_and_two_tabs_overwrite_nothing(open_player, page, sheet_of):
    first = open_player("卫东")
    second = open_player("卫东", on=page)
    first.keyboard.press("1")
    wait_for_text(first, ".qa-saved", "已保存")
    second.keyboard.press("ArrowDown")
    second.keyboard.press("2")
    wait_for_text(second, ".qa-saved", "已保存")
    second.wait_for_selector(".qa-item[data-verdict=pass]")
    other = open_player("蒋雯")
    assert other.locator(".qa-item[data-verdict=open]:visible").count() == 20
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
