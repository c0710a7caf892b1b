"""A month as it is now: its calls, what was drawn, the months before, what a closing writes down of it."""

import pytest

from qa_audit.messages import QaError
from qa_audit.months.sources import MonthSources, framed_calls
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures

MONTH = "2026-10"


def read(workspace, month=MONTH):
    return MonthSources.read(workspace, workspace.month_book.ledger, month)


def test_all_calls_of_the_frame_and_findings_of_the_drawn(heard):  # noqa: F811
    made = read(heard)
    assert framed_calls(heard.samples, MONTH).len() == made.inputs.calls.height == 56
    assert made.findings["call_id"].n_unique() == made.inputs.sheets["call_id"].n_unique() == 20
    assert made.scored.calls.height == 56
    assert made.inputs.calls["turns"].null_count() == 56


def test_the_month_before_is_computed_again(heard):  # noqa: F811
    made = read(heard)
    assert made.past.provenance == [{"month": "2026-09", "how": "recomputed"}]
    assert made.inputs.history["month"].unique().to_list() == ["2026-09"]


def test_what_is_filed_names_turns_and_findings_of_every_call(heard):  # noqa: F811
    filed = read(heard).filed()
    assert filed.calls.select("turns", "findings").null_count().row(0) == (0, 0)
    assert list(filed.draws) == [2]
    assert filed.rubric == (heard.folder / "rubric.toml").read_bytes()
    assert filed.events["call_id"].n_unique() == 20
    assert filed.rulings.is_empty()


def test_a_month_without_a_draw_is_refused(heard):  # noqa: F811
    with pytest.raises(QaError) as error:
        read(heard, "2026-11")
    assert error.value.code == "audited.no_draw"


def test_a_rubric_that_was_changed_since_it_was_read_is_not_filed(heard):  # noqa: F811
    made = read(heard)
    rubric = heard.folder / "rubric.toml"
    rubric.write_bytes(rubric.read_bytes() + b"\n# changed\n")
    with pytest.raises(QaError) as error:
        made.filed()
    assert (error.value.code, error.value.values["file"]) == ("closing.rubric_changed", rubric)


def test_a_new_glossary_does_not_make_another_machine(heard):  # noqa: F811
    before = read(heard).inputs.machine
    (heard.folder / "glossary.txt").write_text("云岭宽带\n", encoding="utf-8")
    assert read(Workspace.open(heard.folder)).inputs.machine == before
