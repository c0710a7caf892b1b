from datetime import date, datetime

import pytest
from sqlalchemy import insert, select

from qa_audit.calls.roster import RosterFile, RosterRow
from qa_audit.calls.roster_changes import plan_roster, write_roster
from qa_audit.store import schema
from qa_audit.store.database import reading, writing

ONE = RosterRow("P1", "张三", "8001", None, "一班", date(2026, 1, 1), None, row=2)
TWO = RosterRow("P2", "李四", "8002", "302", "一班", row=3)
TWO_MOVED = RosterRow("P2", "李四", "8002", "302", "二班", row=3)


@pytest.fixture
def imported(engine):
    """A database whose roster has persons one and two."""
    with writing(engine) as connection:
        for number in (1, 2):
            values = {"import_id": number, "imported_at": datetime(2026, 10, 3), "who": "", "counts": {}}
            connection.execute(insert(schema.imports).values(**values))
        write_roster(connection, plan_roster(connection, RosterFile("r", (ONE, TWO), ())), 1)
    return engine


def plan(engine, *rows):
    with reading(engine) as connection:
        return plan_roster(connection, RosterFile("r.csv", rows, ()))


def test_the_same_roster_is_no_change(imported):
    found = plan(imported, ONE, TWO)
    assert (found.new, found.removed_ids, found.unchanged, found.rows.height) == ((), (), 2, 2)


def test_a_change_of_team_ends_one_row_and_starts_another(imported):
    with writing(imported) as connection:
        found = plan_roster(connection, RosterFile("r", (ONE, TWO_MOVED), ()))
        write_roster(connection, found, 2)
    assert [row["team"] for row in found.new] == ["二班"]
    table = schema.roster
    with reading(imported) as connection:
        query = select(table.c.team, table.c.added_in, table.c.removed_in).where(table.c.person_id == "P2")
        assert sorted(map(tuple, connection.execute(query))) == [("一班", 1, 2), ("二班", 2, None)]


def test_no_roster_or_an_empty_one_keeps_the_one_in_force(imported):
    assert plan(imported).rows["person_id"].to_list() == ["P1", "P2"]
    with reading(imported) as connection:
        assert plan_roster(connection, None).removed_ids == ()
