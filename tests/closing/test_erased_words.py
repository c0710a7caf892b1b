"""Words of a closed month deleted: in the database alone, and in files closed before that sufficed."""

import pytest
from sqlalchemy import text

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append
from qa_audit.audit.rulings import rulings_frame, rulings_of
from qa_audit.audit.scores import events_frame
from qa_audit.closing.erased_words import erase_closed_words
from qa_audit.closing.recompute import recompute
from qa_audit.messages import speaking
from qa_audit.store.database import writing
from qa_audit.verified import verify_workspace

MONTH, SAID = "2026-10", "客户王小明的电话没记"


@pytest.fixture
def commented(heard):
    """A month that is heard, with a comment on a drawn call."""
    call, who = heard.samples.sample(MONTH)["call_id"][0], "李敏"
    append(heard.database, call, who, WriteComment(SAID), heard.rubric)
    return heard


@pytest.fixture(params=["apart", "own"])
def closed_month(commented, request, monkeypatch):
    """The same closed, as it is now and as it was when files held the words."""
    if request.param == "own":
        monkeypatch.setattr("qa_audit.months.sources.filed_events", events_frame)
        monkeypatch.setattr(
            "qa_audit.months.sources.filed_rulings", lambda *which: rulings_frame(rulings_of(*which))
        )
    commented.month_book.confirm(MONTH, None, "班长")
    commented.month_book.close(MONTH, "主管")
    return request.param, commented


def _files(workspace):
    ledger = workspace.month_book.ledger
    return ledger.files(ledger.closed(MONTH))


def test_words_go_and_receipt_figures_and_chain_stay(closed_month):
    kind, workspace = closed_month
    receipt, before = workspace.month_book.ledger.closed(MONTH).receipt, _files(workspace)
    assert (SAID.encode() in before["events.jsonl"]) == (kind == "own")
    with speaking("zh"):
        outcome = workspace.housekeeping.delete_words("主管", "期满", before="2027-01")
        told = str(verify_workspace(workspace.database, workspace.results))
    assert (outcome.words, outcome.closed) == (1, 1 if kind == "own" else 0)
    after = _files(workspace)
    assert SAID.encode() not in b"".join(after.values())
    assert "文字已按记录删除 1 条" in told
    assert f"关账月份 1 版，文件都与封存时一致；其中的文字已按记录删除 {outcome.closed} 条" in told
    found = recompute(after)
    assert (found.receipt, found.differences) == (receipt, ())
    assert workspace.housekeeping.delete_words("主管", "期满", before="2027-01").as_json() == {
        **{"words": 0, "plays": 0, "closed": 0},
        "kept": [],
        "complaints": [],
    }


def test_files_that_were_changed_without_a_record_are_named(closed_month):
    _, workspace = closed_month
    assert not verify_workspace(workspace.database, workspace.results).failed
    with writing(workspace.database) as connection:
        connection.execute(
            text(
                "UPDATE closing_files SET content = (SELECT content FROM closing_files WHERE name ="
                " 'findings.jsonl') WHERE name = 'events.jsonl'"
            )
        )
    with speaking("zh"):
        found = verify_workspace(workspace.database, workspace.results)
    assert found.failed
    assert "2026-10 第 1 版" in found.changed_months[0]
    assert "events.jsonl" in found.changed_months[0]


def test_a_forged_record_of_a_deletion_is_found_by_the_chain(closed_month):
    _, workspace = closed_month
    with writing(workspace.database) as connection:
        connection.execute(
            text(
                "INSERT INTO closing_erasures (closing_id, files, reason, who, erased_at) VALUES (1,"
                ' \'{"events.jsonl": {"sha256": "ab", "words": 1}}\', \'x\', \'y\','
                " '2026-11-03 09:00:00.000000')".replace(":", r"\:")
            )
        )
    assert [one.code for one in verify_workspace(workspace.database, workspace.results).proof.findings] == [
        "inserted"
    ]


def test_nothing_deleted_leaves_closed_months_as_they_are(closed_month):
    _, workspace = closed_month
    before = _files(workspace)
    assert erase_closed_words(workspace.database, "主管", "期满") == 0
    assert _files(workspace) == before
