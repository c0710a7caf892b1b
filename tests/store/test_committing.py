"""What is sent together with the commit: kept, on the disk, or not kept at all."""

import pytest
from sqlalchemy import insert, text

from qa_audit.messages import QaError
from qa_audit.store.chain import FIRST, Head, commit_link, next_head, read_head
from qa_audit.store.committing import committing
from qa_audit.store.database import open_database, writing
from qa_audit.store.proof_schema import audit_words
from tests.postgres.cluster import running_cluster


@pytest.fixture
def opened(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


@pytest.fixture
def on_server(postgres):
    engine = open_database(postgres)
    yield engine
    engine.dispose()


def _link(database, number, *with_it):
    with writing(database) as connection:
        commit_link(connection, "audit_events", number, f"d{number}", *with_it)


def _two_links_follow_from_each_other(database):
    _link(database, 7)
    first = next_head(FIRST, 1, "audit_events", 7, "d7")
    assert read_head(database) == Head(1, first)
    _link(database, 9)
    assert read_head(database) == Head(2, next_head(first, 2, "audit_events", 9, "d9"))


def _nothing_is_kept_of_what_is_refused_and_the_next_is(database):
    words = insert(audit_words).values(event_id=404, salt="", words={})  # of no event
    with pytest.raises(QaError) as error:
        _link(database, 7, words)
    assert error.value.code == "store.database_error"
    assert read_head(database) == Head(0, FIRST)
    _link(database, 7)
    assert read_head(database).length == 1


def test_two_links(opened):
    _two_links_follow_from_each_other(opened)


@pytest.mark.postgres
def test_two_links_on_postgresql(on_server):
    _two_links_follow_from_each_other(on_server)


def test_what_is_refused(opened):
    _nothing_is_kept_of_what_is_refused_and_the_next_is(opened)


@pytest.mark.postgres
def test_what_is_refused_on_postgresql(on_server):
    _nothing_is_kept_of_what_is_refused_and_the_next_is(on_server)


@pytest.mark.postgres
def test_a_fault_of_the_block_keeps_nothing(on_server):
    def fails():
        with writing(on_server) as connection, committing(connection):
            connection.execute(text("INSERT INTO chain VALUES (1, 's', 1, 'd', 'h')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert read_head(on_server).length == 0


@pytest.mark.postgres
def test_what_was_confirmed_survives_a_crash_of_the_server(server, injected):
    # Nobody but the commit itself writes the log to the disk meanwhile.
    with running_cluster(server, durable=True, wal_writer_delay="10s", bgwriter_delay="10s") as cluster:
        url = cluster.url(cluster.new_database())
        for round_ in range(1, 4):
            database = open_database(url)
            _link(database, round_)
            cluster.crash()
            database.dispose()
            database = open_database(url)
            assert read_head(database).length == round_
            database.dispose()
    injected("PostgreSQL", 3, "crashes of the server right after a commit")
