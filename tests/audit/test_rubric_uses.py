"""Standards that calls were scored by are events with the whole file, and nothing can be changed unseen."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from qa_audit.audit import rubric_uses
from qa_audit.audit.proof import verify_chain
from qa_audit.audit.rubric_uses import RubricUse, keep_rubric_use, rubric_uses_of
from qa_audit.scoring import load_rubric
from qa_audit.scoring.frames import PROGRAM_RULES
from qa_audit.scoring.rubric_file import built_in_rubric_text, parse_rubric
from qa_audit.store import persons
from qa_audit.store.database import open_database, writing
from qa_audit.store.roles import grant

RUBRIC = load_rubric()
CHANGED = parse_rubric(built_in_rubric_text().replace("weight = 8", "weight = 9", 1).encode(), "r.toml")
AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setattr(persons, "login", lambda: "zhao")
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def test_a_standard_is_kept_whole_and_chained(database):
    kept = keep_rubric_use(database, RUBRIC, "built-in", now=AT)
    assert rubric_uses_of(database) == [kept]
    assert kept == RubricUse(
        *(1, "scored", RUBRIC.id, RUBRIC.version, RUBRIC.sha256, RUBRIC.key, "built-in", PROGRAM_RULES),
        *(built_in_rubric_text(), "zhao", AT.replace(tzinfo=None)),
    )
    assert hashlib.sha256(kept.text.encode()).hexdigest() == kept.rubric_sha256
    proof = verify_chain(database)
    assert (proof.findings, proof.counts) == ((), {"rubric_uses": 1})


def test_only_what_differs_from_the_last_is_kept(database, monkeypatch):
    assert keep_rubric_use(database, RUBRIC, "built-in") is not None
    assert keep_rubric_use(database, RUBRIC, "built-in", "accepted") is None
    assert keep_rubric_use(database, CHANGED, "built-in") is not None
    assert keep_rubric_use(database, RUBRIC, "built-in") is not None
    assert keep_rubric_use(database, RUBRIC, "3f2a", "accepted") is not None
    monkeypatch.setattr(rubric_uses, "PROGRAM_RULES", PROGRAM_RULES + 1)
    assert keep_rubric_use(database, RUBRIC, "3f2a") is not None
    uses = rubric_uses_of(database)
    assert [(one.number, one.occasion, one.detector) for one in uses] == [
        (1, "scored", "built-in"),
        (2, "scored", "built-in"),
        (3, "scored", "built-in"),
        (4, "accepted", "3f2a"),
        (5, "scored", "3f2a"),
    ]
    assert [one.rubric_sha256 == RUBRIC.sha256 for one in uses] == [True, False, True, True, True]


@pytest.mark.sqlite  # where the login is the one the environment names
def test_it_bears_the_name_of_the_login_and_a_login_without_a_role_its_own(database, monkeypatch):
    grant(database, "zhao", "supervisor", name="赵六", reason="主管")
    assert keep_rubric_use(database, RUBRIC, "built-in").who == "赵六"
    monkeypatch.setattr(persons, "login", lambda: "cron")
    assert keep_rubric_use(database, CHANGED, "built-in").who == "cron"


def test_a_change_behind_the_program_s_back_shows(database):
    keep_rubric_use(database, RUBRIC, "built-in")
    with writing(database) as connection:
        connection.execute(text("UPDATE rubric_uses SET text = replace(text, 'weight', 'Weight')"))
    (found,) = verify_chain(database).findings
    assert (found.code, found.values["source"], found.values["who"]) == ("changed", "rubric_uses", "zhao")


def test_a_file_with_a_mark_at_its_beginning_and_windows_ends_of_lines_is_kept_byte_by_byte(database):
    content = "\ufeff".encode() + built_in_rubric_text().replace("\n", "\r\n").encode()
    kept = keep_rubric_use(database, parse_rubric(content, "r.toml"), "built-in")
    (read,) = rubric_uses_of(database)
    assert read == replace(kept, text=content.decode())
    assert read.text.encode() == content
