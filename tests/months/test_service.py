"""Service figures and 四个一样 of a workspace, with the complaints on record."""

from datetime import UTC, datetime

import polars as pl
import pytest
from sqlalchemy import insert, update

from qa_audit.audit.complaints import open_complaint
from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.months.service import complaints_of, sameness_of, service_of
from qa_audit.store import schema
from qa_audit.store.database import writing
from qa_audit.workspace import Workspace
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures

MONTH = "2026-10"


def complain(workspace, at, call=None, outcome=None):
    made = open_complaint(workspace.database, text="没人管", who="主管", now=at)
    if call is not None:
        workspace.complaints.add_call(made.complaint_id, call, who="主管", text="这通")
    if outcome is not None:
        place = (call, 2.0)
        workspace.complaints.heard(made.complaint_id, place, who="主管", text="听到了")
        workspace.complaints.decide(made.complaint_id, outcome, reason="听过", who="主管", evidence=[place])


def with_customers(workspace):
    """Each agent's first call comes in from a customer of their own; 8001 calls back two days later."""
    with writing(workspace.database) as connection:
        for agent in range(8001, 8005):
            for at in (0, 1):
                values = {"customer_no": f"1390000{agent}", "direction": "outbound" if at else "inbound"}
                if at and agent != 8001:
                    continue
                row = schema.calls.c.call_id == f"10-{agent}-{at:02d}"
                connection.execute(update(schema.calls).where(row).values(**values, ring_s=6.0 + 10 * at))


def test_without_a_register_there_are_no_complaints_and_not_nought(heard):  # noqa: F811
    assert complaints_of(heard, MONTH) is None
    assert service_of(heard, MONTH).figures["complaints"].to_list() == [None]


def test_complaints_count_in_their_month_by_the_centre_s_clock_and_the_team_of_their_call(heard):  # noqa: F811
    late, early = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 9, 30, 15, 59, tzinfo=UTC)
    complain(heard, early, "10-8001-00")  # still September in Shanghai
    complain(heard, late, "10-8001-00", "at_fault")
    complain(heard, late, "10-8001-01", "cannot_tell")
    complain(heard, late, "10-8003-00", "not_at_fault")
    complain(heard, late, "10-8003-01")
    complain(heard, late)
    assert complaints_of(heard, MONTH).rows() == [
        ("一班", True),
        ("一班", False),
        ("二班", False),
        ("二班", None),
        (None, None),
    ]
    figures = service_of(heard, MONTH).figures
    assert figures.select("team", "complaints", "decided", "justified", "justified_share").rows() == [
        ("一班", 2, 2, 1, 0.5),
        ("二班", 2, 1, 0, 0.0),
        ("未知", 1, 0, 0, None),
        (None, 5, 3, 1, 1 / 3),
    ]
    given = pl.DataFrame({"team": ["二班"], "justified": [True]})
    assert service_of(heard, MONTH, given).figures["complaints"].to_list() == [1, 1]


def test_callbacks_of_the_month_and_what_was_said_in_them(heard):  # noqa: F811
    with_customers(heard)
    found = service_of(heard, MONTH)
    assert found.callbacks.select("customer_no", "callback_id", "state", "said").sort(
        "customer_no"
    ).rows() == [
        ("13900008001", "10-8001-01", "in_time", "not_asked"),
        ("13900008002", None, "none", None),
        ("13900008003", None, "none", None),
        ("13900008004", None, "none", None),
    ]
    everyone = found.figures.row(-1, named=True)
    assert (everyone["inbound"], everyone["within_rings"], everyone["in_time_share"]) == (4, 4, 0.25)


def test_sameness_compares_what_the_workspace_knows(heard):  # noqa: F811
    found = sameness_of(heard, MONTH)
    everyone = {row["condition"]: row for row in found.filter(level="department").to_dicts()}
    assert list(everyone) == ["busy", "repeat", "sampled", "late", "upset"]
    assert everyone["repeat"]["said"] == "absent"  # no customer is known
    sampled = everyone["sampled"]
    assert sampled["calls"] + sampled["others"] == calls_frame(heard.database, MONTH).height == 56
    assert sampled["calls"] == 20


def test_days_of_a_repeat_are_looked_for_in_as_many_months_as_they_reach(heard):  # noqa: F811
    with_customers(heard)
    earlier = {"call_id": "08-1", "start": datetime(2026, 8, 1), "agent_no": "8001", "agent_name": "张三"}
    with writing(heard.database) as connection:
        connection.execute(insert(schema.calls).values(**earlier, extra={}, source="list", changed_in=1))
    file = heard.folder / "qa_audit.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count("# repeat_days = 7\n") == 1
    file.write_text(text.replace("# repeat_days = 7\n", "repeat_days = 60\n"), encoding="utf-8")
    opened = Workspace.open(heard.folder)
    opened.score()
    found = sameness_of(opened, MONTH).filter(level="agent", condition="repeat")
    opened.database.dispose()
    assert found.select("calls", "others").rows() == [(0, 1)] * 4  # the first of a customer each


@pytest.mark.parametrize("figures_of", [service_of, sameness_of])
def test_a_month_without_calls_is_refused(heard, figures_of):  # noqa: F811
    with pytest.raises(QaError) as refused:
        figures_of(heard, "2025-01")
    assert refused.value.code == "workspace.empty_month"
