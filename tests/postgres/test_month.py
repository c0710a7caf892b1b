"""A small month from the call list to its closing: PostgreSQL gives the digits that SQLite gives."""

import pytest

from qa_audit.audit.scores import audit_frame
from qa_audit.closing.folder import read_folder
from qa_audit.closing.printed import printed
from qa_audit.closing.recompute import recompute
from qa_audit.sampling.design import Design
from qa_audit.verified import verify_workspace
from qa_audit.workspace import Workspace
from tests.closing.made_workspace import INSPECTORS, hear, make

pytestmark = pytest.mark.postgres
MONTH = "2026-10"


def _closed_month(folder, **choices):
    """Drawn by words known beforehand, heard, one verdict appealed against and overturned, closed."""
    made = make(folder, **choices)
    book = made.samples
    for month in ("2026-09", MONTH):
        book.commit(month, "主管", "海棠花开在窗前的那一年春天")
        frozen = book.freeze(book.frame(month, Design(calls_per_agent=5)), "主管")
        draw = book.draw(frozen.frame_id, "主管", words={"主管": "海棠花开在窗前的那一年春天"})
        book.hand_out(draw.draw_id, list(INSPECTORS), "主管", twice="0.2")
        book.lock(draw.draw_id, "主管")
        hear(made, month)
    failed = audit_frame(made.database).filter(item="closing", first_verdict="fail").sort("call_id")
    call = next(one for one in failed["call_id"] if one.startswith(MONTH[5:]))
    appeal = made.appeals.file(call, "closing", text="我说了再见", who="员工")
    made.appeals.reply(appeal.appeal_id, text="再听一遍", who="班长")
    made.appeals.decide(appeal.appeal_id, "overturned", reason="听得到再见", who="主管")
    made.month_book.confirm(MONTH, None, "班长")
    made.month_book.close(MONTH, "主管")
    made.month_book.export(MONTH, folder / "存档")
    return made


def test_a_month_has_the_same_figures_on_both(postgres, tmp_path):
    folders = tmp_path / "文件", tmp_path / "服务器"
    on_file, on_server = _closed_month(folders[0]), _closed_month(folders[1], database_url=postgres)
    assert (on_file.database.dialect.name, on_server.database.dialect.name) == ("sqlite", "postgresql")
    assert not (on_server.folder / "qa_audit.db").exists()
    figures = [printed(one.pay_figures(MONTH)) for one in (on_file, on_server)]
    assert figures[0]["agents"]
    assert figures[0] == figures[1]
    assert on_file.month(MONTH).agents.equals(on_server.month(MONTH).agents)
    assert on_file.agreement([MONTH]).equals(on_server.agreement([MONTH]))
    again = Workspace.open(on_server.folder)
    assert again.database.dialect.name == "postgresql"
    told = verify_workspace(again.database, again.results)
    assert not told.failed, str(told)
    assert all(not one.failed for one in again.samples.verify())
    for folder in folders:
        assert not recompute(read_folder(folder / "存档")).differences
    for opened in (on_file, on_server, again):
        opened.database.dispose()
