from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from qa_audit.closing.folder import sealed
from qa_audit.closing.ledger import Ledger
from qa_audit.messages import QaError
from qa_audit.store import closing_schema
from qa_audit.store.database import open_database, writing

NOON = datetime(2026, 11, 28, 12)
FILES = sealed({"about.json": b"{}\n", "draws/1/frame.csv": b"\xe6\x9c\x88"})


@pytest.fixture
def ledger(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield Ledger(engine)
    engine.dispose()


def refused(code, call, *arguments, **options):
    with pytest.raises(QaError) as error:
        call(*arguments, **options)
    assert error.value.code == code
    return error.value.text("zh")


def test_a_month_is_closed_reopened_and_closed_again_as_the_next_version(ledger):
    assert ledger.closed("2026-10") is None
    first = ledger.close("2026-10", FILES, "主管", now=NOON)
    assert (first.version, first.kind, first.who, first.at) == (1, "close", "主管", NOON)
    assert ledger.closed("2026-10") == first
    assert ledger.files(first) == FILES
    told = refused("closing.closed", ledger.close, "2026-10", FILES, "主管")
    assert "第 1 版，主管，2026-11-28 12:00 UTC" in told
    refused("closing.no_reason", ledger.reopen, "2026-10", "主管", " ")
    ended = ledger.reopen("2026-10", "主管", "申诉改判", now=NOON + timedelta(hours=1))
    assert (ended.version, ended.kind, ended.reason) == (1, "reopen", "申诉改判")
    refused("closing.not_closed", ledger.reopen, "2026-10", "主管", "又")
    second = ledger.close("2026-10", FILES, "主管")
    assert second.version == 2
    assert [(one.version, one.kind) for one in ledger.history("2026-10")] == [
        (1, "close"),
        (1, "reopen"),
        (2, "close"),
    ]
    assert ledger.version("2026-10", 1) == first
    assert ledger.version("2026-10") == second
    refused("closing.not_closed", ledger.version, "2026-10", 3)
    assert ledger.history("2026-09") == []


def test_the_last_word_of_an_agent_holds(ledger):
    ledger.confirm("2026-10", {"person:a": "81.20", "person:b": "70.00"}, "班长", now=NOON)
    ledger.confirm("2026-10", {"person:b": "70.00"}, "班长", agreed=False, note=" 要再听 ")
    words = ledger.confirmations("2026-10")
    assert [(one.agent, one.agreed, one.figure, one.note) for one in words.values()] == [
        ("person:a", True, "81.20", None),
        ("person:b", False, "70.00", "要再听"),
    ]
    refused("calls.bad_month", ledger.confirm, "2026-13", {}, "班长")
    refused("sampling.no_name", ledger.confirm, "2026-10", {"person:a": "1.00"}, "")
    ledger.close("2026-10", FILES, "主管")
    refused("closing.closed", ledger.confirm, "2026-10", {"person:b": "70.00"}, "班长")


def test_files_changed_in_the_database_are_noticed(ledger):
    made = ledger.close("2026-10", FILES, "主管")
    table = closing_schema.closing_files
    with writing(ledger.database) as connection:
        connection.execute(update(table).where(table.c.name == "manifest.json").values(content=b"no zlib"))
    refused("closing.damaged", ledger.files, made)


def test_what_came_in_meanwhile_leaves_the_month_open(ledger):
    def check():
        raise QaError("closing.words_changed", month="2026-10")

    told = refused("closing.words_changed", ledger.close, "2026-10", FILES, "主管", check=check)
    assert told == "2026-10 关账的同时有员工确认或撤回确认，没有关账。请再关一次。"
    assert ledger.history("2026-10") == []
    assert ledger.close("2026-10", FILES, "主管", check=lambda: None).version == 1
