"""What earlier months tell of each agent: closed ones as they were closed, open ones from their audits."""

import pytest

from qa_audit.audit.actions import GiveVerdict
from qa_audit.audit.events import append
from qa_audit.estimation.audited import assigned_calls
from qa_audit.months.past import past_of
from qa_audit.months.sources import framed_calls, machine_of
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures
from tests.closing.made_workspace import judge

BEFORE, MONTH = "2026-09", "2026-10"


def past(workspace, month=MONTH):
    return past_of(workspace, workspace.month_book.ledger, month, machine_of(workspace, month)["name"])


def test_an_open_month_before_is_estimated_from_its_audits(heard):  # noqa: F811
    found = past(heard)
    assert found.provenance == [{"month": BEFORE, "how": "recomputed"}]
    assert found.history["agent"].to_list() == [f"person:800{n}" for n in (1, 2, 3, 4)]
    assert found.earlier["month"].unique().to_list() == [BEFORE]
    assert found.earlier["estimate"].to_list() == heard.estimates(BEFORE).agents["estimate"].to_list()


def test_a_closed_month_before_stays_as_it_was_closed(heard):  # noqa: F811
    closing = heard.month_book.close(BEFORE, "主管", without_word="试")
    kept = past(heard)
    assert kept.provenance == [{"month": BEFORE, "how": "closed", "version": 1, "receipt": closing.receipt}]
    first = assigned_calls(heard.samples, BEFORE).sort("call_id").row(0, named=True)
    append(heard.database, first["call_id"], first["inspector"], GiveVerdict("closing", "fail"), heard.rubric)
    judge(heard, first["call_id"], first["inspector"])
    again = past(heard)
    assert again.history.equals(kept.history)
    assert again.earlier.equals(kept.earlier)


def test_later_months_tell_nothing(heard):  # noqa: F811
    assert past(heard, BEFORE).history.is_empty()
    assert past(heard, BEFORE).provenance == []


def test_the_frame_is_all_calls_that_were_frozen(heard):  # noqa: F811
    assert framed_calls(heard.samples, MONTH).len() == 56
    assert framed_calls(heard.samples, "2026-08").is_empty()


@pytest.mark.parametrize("other", ['"1.0.0"', "weight = 8"])
def test_another_rubric_is_another_machine(heard, other):  # noqa: F811
    name = machine_of(heard, MONTH)["name"]
    file = heard.folder / "rubric.toml"
    text = file.read_text("utf-8")
    assert other in text
    file.write_text(text.replace(other, other.replace("8", "7").replace("1.0.0", "1.0.1"), 1), "utf-8")
    assert machine_of(type(heard).open(heard.folder), MONTH)["name"] != name
