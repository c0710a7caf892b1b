"""What databases say, told to people: real errors of both drivers, and those of servers by their codes."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from sqlalchemy.engine import make_url

from qa_audit.store.database_errors import damaged, no_text, told

FILE = make_url("sqlite:////录音/qa.db")
SERVER = make_url("postgresql+psycopg://qa:geheim@host/qa")


def said_by(connect, *statements):
    """What SQLite raises."""

    def run():
        with closing(connect()) as plain:
            for statement in statements:
                plain.execute(statement).fetchall()

    with pytest.raises(sqlite3.Error) as error:
        run()
    return error.value


def test_what_sqlite_says_of_a_file_is_told(tmp_path):
    whole, text = tmp_path / "qa.db", tmp_path / "list.csv"
    sqlite3.connect(whole).execute("CREATE TABLE t (a)").connection.close()
    text.write_text("通话编号,工号\n" * 200, encoding="utf-8")
    errors = {
        "store.not_a_database": said_by(lambda: sqlite3.connect(text), "SELECT * FROM t"),
        "store.not_writable": said_by(
            lambda: sqlite3.connect(f"file:{whole}?mode=ro", uri=True), "INSERT INTO t VALUES (1)"
        ),
        "store.database_error": said_by(lambda: sqlite3.connect(whole), "SELECT * FROM nothing"),
        "store.disk_full": said_by(
            lambda: sqlite3.connect(whole),
            "PRAGMA max_page_count = 3",
            "INSERT INTO t VALUES (zeroblob(20000))",
        ),
    }
    assert [told(FILE, error, 0).code for error in errors.values()] == list(errors)


def test_damage_is_what_lies_in_the_file(tmp_path):
    whole, text = tmp_path / "qa.db", tmp_path / "list.csv"
    sqlite3.connect(whole).execute("CREATE TABLE t (a)").connection.close()
    text.write_text("通话编号,工号\n" * 200, encoding="utf-8")
    no_database = said_by(lambda: sqlite3.connect(text), "SELECT * FROM t")
    bad_text = said_by(lambda: sqlite3.connect(whole), "SELECT CAST(x'ff' AS TEXT)")
    bad_query = said_by(lambda: sqlite3.connect(whole), "SELECT * FROM nothing")
    asked = (no_database, bad_text, bad_query, psycopg.errors.lookup("XX001")("invalid page"), None)
    assert [damaged(one) for one in asked] == [True, True, False, False, False]
    assert [no_text(one) for one in asked] == [False, True, False, False, False]


def test_a_disk_that_fails_is_told_with_a_way_out():
    """A disk without a free byte: SQLite cannot begin the file in which readers share what is new."""
    error = sqlite3.OperationalError("disk I/O error")
    assert told(FILE, error, 0).code == "store.disk_fault"


def test_a_folder_that_is_gone_cannot_be_written(tmp_path):
    error = said_by(lambda: sqlite3.connect(tmp_path / "gone" / "qa.db"))
    assert told(FILE, error, 0).code == "store.not_writable"


def test_a_writer_that_another_one_holds_up_is_told_how_long_it_waited(tmp_path):
    holder = sqlite3.connect(tmp_path / "qa.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    error = said_by(lambda: sqlite3.connect(tmp_path / "qa.db", timeout=0), "BEGIN IMMEDIATE")
    holder.close()
    found = told(FILE, error, 30_999)
    assert (found.code, found.values["seconds"]) == ("store.locked", 30)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("25006", "store.not_writable"),  # read-only transaction
        ("40P01", "store.locked"),  # deadlock
        ("55P03", "store.locked"),  # lock not available
        ("42501", "store.not_allowed"),  # insufficient privilege
        ("53100", "store.disk_full"),
        ("08006", "store.no_server"),  # connection failure
        ("28P01", "store.no_server"),  # invalid password
        ("3D000", "store.no_server"),  # no such database
        ("57P01", "store.no_server"),  # shut down by its administrator
        ("57014", "store.database_error"),  # a query that was cancelled
        ("53200", "store.database_error"),  # out of memory
        ("23503", "store.database_error"),  # foreign key
    ],
)
def test_a_server_is_understood_by_its_codes(state, code):
    assert told(SERVER, psycopg.errors.lookup(state)("no words of the server's help"), 0).code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.OperationalError("connection failed"), "store.no_server"),
        (psycopg.ProgrammingError("the query has 1 placeholder but 2 parameters"), "store.database_error"),
        (psycopg.InterfaceError("connection already closed"), "store.database_error"),
    ],
)
def test_an_error_without_a_code_comes_from_the_driver_itself(error, code):
    assert told(SERVER, error, 0).code == code


def test_words_of_sqlite_mean_nothing_from_a_server():
    error = psycopg.errors.lookup("XX000")("relation is malformed, database is locked, disk is full")
    assert told(SERVER, error, 0).code == "store.database_error"


@pytest.mark.parametrize("state", ["25006", "40P01", "42501", "53100", "08006", "23503"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_message_names_the_database_and_never_its_password(state, lang):
    text = told(SERVER, psycopg.errors.lookup(state)(" why \n"), 5_000).text(lang)
    assert "postgresql+psycopg://qa:***@host/qa" in text
    assert "geheim" not in text


def test_the_reason_is_the_databases_own_without_blanks_around():
    found = told(SERVER, psycopg.errors.lookup("42501")("permission denied for table chain\n"), 0)
    assert found.values["reason"] == "permission denied for table chain"
