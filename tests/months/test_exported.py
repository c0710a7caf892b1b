"""A closed month's folder: sealed files, and the words beside them, masked for most."""

import json

import polars as pl
import pytest

from qa_audit.audit.actions import Fault, WriteComment
from qa_audit.audit.events import append
from qa_audit.audit.scores import events_frame
from qa_audit.closing.folder import read_folder
from qa_audit.closing.recompute import recompute
from qa_audit.messages import speaking
from qa_audit.months.closed_report import report_inputs
from qa_audit.months.registers import erased_told
from qa_audit.settings import PrivacySettings
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures

MONTH, SAID = "2026-10", "客户王小明的电话没记"


def _closed(workspace):
    call = workspace.samples.sample(MONTH)["call_id"][0]
    append(workspace.database, call, "李敏", WriteComment(SAID), workspace.rubric)
    workspace.month_book.confirm(MONTH, None, "班长")
    workspace.month_book.close(MONTH, "主管")


def _all_seen(workspace):
    settings = workspace.settings.model_copy(update={"privacy": PrivacySettings(mask_exports=False)})
    return Workspace(workspace.folder, settings, workspace.database)


def _words(files):
    return [json.loads(line) for line in files["words.jsonl"].splitlines()]


def test_words_lie_beside_the_sealed_files_masked_or_with_their_salts(heard, tmp_path):  # noqa: F811
    _closed(heard)
    heard.month_book.export(MONTH, tmp_path / "a")
    (masked,) = _words(read_folder(tmp_path / "a"))
    assert masked["words"] == {"text": "客户***的电话没记"}
    assert "salt" not in masked
    _all_seen(heard).month_book.export(MONTH, tmp_path / "b")
    (whole,) = _words(read_folder(tmp_path / "b"))
    assert whole["words"] == {"text": SAID}
    assert not recompute(read_folder(tmp_path / "a")).failed


@pytest.mark.parametrize("seen", [False, True])
def test_a_version_that_holds_words_leaves_without_them_unless_they_may_be_seen(
    heard,  # noqa: F811
    tmp_path,
    monkeypatch,
    seen,
):
    monkeypatch.setattr("qa_audit.months.sources.filed_events", events_frame)
    _closed(heard)
    (_all_seen(heard) if seen else heard).month_book.export(MONTH, tmp_path / "out")
    files = read_folder(tmp_path / "out")
    assert (SAID.encode() in b"".join(files.values()), "erased.json" in files) == (seen, not seen)
    assert not recompute(files).failed


def test_the_report_of_a_closed_month_says_that_words_were_deleted(heard):  # noqa: F811
    call = heard.samples.sample(MONTH)["call_id"][0]
    who = heard.samples.assignments(heard.samples.draws(MONTH)[0].draw_id)
    inspector = next(one.inspector for one in who if one.call_id == call)
    fault = Fault("a" * 32, "closing", "minor", 0.0, 2.0, "感谢来电", SAID)
    append(heard.database, call, inspector, fault, heard.rubric)
    heard.month_book.confirm(MONTH, None, "班长")
    heard.month_book.close(MONTH, "主管")
    with speaking("zh"):
        before = report_inputs(heard, MONTH).figures.faults
        heard.housekeeping.delete_words("主管", "期满", before="2027-01")
        after = report_inputs(heard, MONTH).figures.faults
    assert SAID in before["comment"].to_list()
    assert set(after.filter(pl.col("comment").is_not_null())["comment"]) == {"（已删除）"}
    written = ["comment", "should_say"]
    assert after.drop(written).equals(before.drop(written))


def test_rows_without_written_columns_stay():
    rows = pl.DataFrame({"call_id": ["c1"]})
    assert erased_told(rows).equals(rows)
