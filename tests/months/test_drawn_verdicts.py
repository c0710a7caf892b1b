"""What rules said of drawn calls that start in another month since, or whose recordings were deleted."""

import pytest

from qa_audit.audit.scores import audit_frame
from qa_audit.estimation.audited import assigned_calls
from qa_audit.messages import speaking
from qa_audit.months.closed_report import report_inputs
from qa_audit.months.drawn_verdicts import drawn_verdicts
from qa_audit.shown.audited import left_out
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures
from tests.closing.made_workspace import draw, hear, make

BEFORE, MONTH = "2026-09", "2026-10"
FIGURES = ("flags", "wrong", "precision", "faults", "missed", "recall", "unscored", "deleted")


@pytest.fixture
def workspace(tmp_path):
    """Two months drawn and heard, with recordings that may be deleted."""
    made = make(tmp_path)
    for month in (BEFORE, MONTH):
        draw(made, month)
        hear(made, month)
    yield made
    made.database.dispose()


def with_rubric(workspace, text):
    """The same scored by another rubric."""
    (workspace.folder / "rubric.toml").write_text(text, "utf-8")
    opened = Workspace.open(workspace.folder)
    opened.score()
    return opened


def figures(workspace, months=None, item="closing"):
    return workspace.rule_quality(months).filter(item=item).select(FIGURES).row(0)


def test_verdicts_on_calls_put_into_another_month_are_found_there(heard, heard_folder, tmp_path):  # noqa: F811
    before, of_month = figures(heard), figures(heard, [MONTH])
    drawn = assigned_calls(heard.samples, MONTH)["call_id"].unique()
    failed = heard.findings(MONTH).filter(item="closing", verdict="fail")["call_id"]
    call = drawn.filter(drawn.is_in(failed.implode())).sort()[0]
    lines = (heard_folder.parent / "话单.csv").read_text("utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    moved = [[row[0], "2026-11-01 00:10:00", *row[2:]] if row[0] == call else row for row in rows]
    listed = tmp_path / "话单.csv"
    listed.write_text("".join(",".join(row) + "\n" for row in moved), "utf-8")
    heard.import_calls(heard_folder.parent / "录音", call_list=listed)
    assert heard.months()[-1] == "2026-11"
    assert (figures(heard), figures(heard, [MONTH])) == (before, of_month)
    heard.score()
    assert (figures(heard), figures(heard, [MONTH])) == (before, of_month)


def test_deleted_recordings_leave_a_rule_as_good_as_it_was(workspace):
    before = {item: figures(workspace, item=item) for item in ("closing", "greeting", "title")}
    of_month = figures(workspace, [MONTH])
    assert before["closing"][:2] == (10, 5)
    workspace.housekeeping.delete("主管", "到期", before=MONTH)
    workspace.score()
    drawn = assigned_calls(workspace.samples, BEFORE)["call_id"].unique()
    assert len(drawn_verdicts(workspace, BEFORE, drawn).gone) == 10
    assert {item: figures(workspace, item=item) for item in before} == before
    # The month was not closed, so of another version nobody knows what it would have said of them.
    text = (workspace.folder / "rubric.toml").read_text("utf-8")
    bumped = with_rubric(workspace, text.replace('version = "1.0.0"', 'version = "1.0.1"', 1))
    assert figures(bumped) == (*of_month[:-1], 20)
    with speaking("zh"):
        [told] = left_out(bumped.rule_quality().iter_rows(named=True))
    assert told.startswith("20 通没有计入：所在月份有抽听过的录音已经删除")


def test_a_closed_month_has_the_verdicts_of_rules_that_stayed(workspace):
    before = {item: figures(workspace, item=item) for item in ("closing", "hold_courtesy")}
    of_month = figures(workspace, [MONTH])
    workspace.month_book.close(BEFORE, "主管", without_word="试")
    workspace.housekeeping.delete("主管", "到期", before=MONTH)
    text = (workspace.folder / "rubric.toml").read_text("utf-8")
    bumped = with_rubric(workspace, text.replace('version = "1.0.0"', 'version = "1.0.1"', 1))
    assert {item: figures(bumped, item=item) for item in before} == before
    said = text.index('phrases = ["', text.index('id = "closing"')) + len('phrases = ["')
    other = with_rubric(workspace, text[:said] + '祝您安康", "' + text[said:])
    assert figures(other) == (*of_month[:-1], 20)
    assert figures(other, item="hold_courtesy") == before["hold_courtesy"]


def test_the_report_measures_rules_by_what_was_settled(heard):  # noqa: F811
    assigned = assigned_calls(heard.samples, MONTH)
    failed = heard.findings(MONTH).filter(item="closing", verdict="fail").select("call_id")
    verdicts = audit_frame(heard.database, assigned["call_id"]).filter(item="closing", first_verdict="fail")
    call = verdicts.join(failed, on="call_id")["call_id"].sort()[0]
    assert report_inputs(heard, MONTH).figures.quality.filter(item="closing")["wrong"].to_list() == [4]
    appeal = heard.appeals.file(call, "closing", text="申诉", who="张三")
    heard.appeals.reply(appeal.appeal_id, text="答", who="周班长")
    heard.appeals.decide(appeal.appeal_id, "overturned", reason="说了", who="主管")
    quality = report_inputs(heard, MONTH).figures.quality
    assert quality.filter(item="closing").select("flags", "wrong").rows() == [(6, 5)]
    assert quality.equals(heard.rule_quality([MONTH]))
