"""The table of rights agrees with the tables it is about, and with what nobody may ever do."""

import pytest

from qa_audit.store import database  # noqa: F401 - tables of `metadata`
from qa_audit.store.decision_rows import UNCHAINED_WORDS
from qa_audit.store.rights import CHAINED, RIGHTS, SEES_COLLEAGUES
from qa_audit.store.schema import metadata


def test_links_of_the_chain_are_never_changed_or_deleted():
    held = [table for table in (*CHAINED, "chain") if RIGHTS[table].change or RIGHTS[table].remove]
    assert held == []


def test_words_files_with_words_and_plays_may_be_deleted_and_by_supervisors_alone():
    removed = {table: set(rights.remove) for table, rights in RIGHTS.items() if rights.remove}
    assert set(removed) == {"audit_words", "decision_words", "closing_files", "plays"}
    assert all(roles == {"supervisor"} for roles in removed.values())


def test_supervisors_alone_empty_what_is_written_in_rows_outside_the_chain():
    emptied = {table: set(rights.empty) for table, rights in RIGHTS.items() if rights.empty}
    assert emptied == {"coachings": {"supervisor"}, "praises": {"supervisor"}}
    assert {table.name for table in UNCHAINED_WORDS} == set(emptied)
    assert set(CHAINED).isdisjoint(emptied)


def test_a_row_that_names_its_writer_must_bear_the_writers_own_name():
    naming = {table for table in RIGHTS if "who" in metadata.tables[table].c}
    # On an import the name is checked by Python alone.
    assert {table for table, rights in RIGHTS.items() if rights.named == "who"} == naming - {"imports"}
    assert [table for table in naming if metadata.tables[table].c.who.nullable] == []


@pytest.mark.parametrize("table", RIGHTS)
def test_whoever_adds_changes_or_deletes_may_read_it_back(table):
    rights = RIGHTS[table]
    assert rights.add | rights.change | rights.remove <= rights.read


@pytest.mark.parametrize("table", RIGHTS)
def test_a_condition_is_for_somebody_who_has_the_right(table):
    rights = RIGHTS[table]
    assert set(rights.seen) <= rights.read
    assert set(rights.added) <= rights.add | {""}


def test_what_agents_see_without_a_condition_names_no_person_and_no_call():
    assert {table for table, rights in RIGHTS.items() if "agent" in rights.read - set(rights.seen)} == {
        *("schema_version", "folders", "fixed"),
        "chain",  # digests
        "rule_status_events",
    }


def test_inspectors_do_not_read_where_pay_is_filed():
    assert {table for table, rights in RIGHTS.items() if "inspector" not in rights.read} == {"closing_files"}


def test_machines_import_and_keep_recordings_and_judge_nothing():
    assert {table for table, rights in RIGHTS.items() if "batch" in rights.add} == {
        *("imports", "call_changes", "folders", "recordings", "recording_files", "calls", "roster"),
        *("fixed", "jobs", "archives", "recording_events"),
        *("plays", "chain", "rubric_uses"),
    }


def test_only_a_supervisor_puts_calls_on_hold_and_lifts_it():
    assert set(RIGHTS["hold_events"].add) == {"supervisor"}
    assert "batch" in RIGHTS["hold_events"].read  # it must leave what is on hold


def test_whoever_judges_blind_is_not_among_those_who_see_all_verdicts():
    assert set(SEES_COLLEAGUES) == {"trainer", "team_leader", "supervisor", "batch"}
