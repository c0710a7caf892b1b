import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.messages import QaError
from qa_audit.store.chain import (
    FIRST,
    Head,
    add_link,
    lock_chain,
    next_head,
    parse_head,
    read_head,
    row_digest,
)
from qa_audit.store.database import open_database, writing


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


def test_every_link_follows_from_the_one_before(database):
    assert read_head(database) == Head(0, FIRST)
    with writing(database) as connection:
        lock_chain(connection)
        first = add_link(connection, "audit_events", 7, "d1")
        second = add_link(connection, "erasures", 1, "d2")
    assert first == Head(1, next_head(FIRST, 1, "audit_events", 7, "d1"))
    assert second == read_head(database) == Head(2, next_head(first.sha256, 2, "erasures", 1, "d2"))


def test_the_hash_of_a_link_as_sha256sum_prints_it():
    # printf 'a\n1\nt\n2\nb' | sha256sum
    assert (
        next_head("a", 1, "t", 2, "b") == "f59c6994df55fca8f33acbd3df036ae6a7fda8f937271d6a25a321fef8a523c3"
    )


def test_a_row_that_is_chained_twice_is_refused(database):
    def twice():
        with writing(database) as connection:
            add_link(connection, "audit_events", 7, "d1")
            add_link(connection, "audit_events", 7, "d1")

    with pytest.raises(QaError) as error:
        twice()
    assert error.value.code == "store.database_error"
    assert read_head(database).length == 0


def test_a_transaction_that_fails_leaves_no_link(database):
    def fails():
        with writing(database) as connection:
            add_link(connection, "audit_events", 1, "d1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert read_head(database).length == 0


@given(st.integers(0, 10**17), st.integers(0, 2**256 - 1))
def test_a_head_is_read_as_it_is_printed(length, number):
    head = Head(length, f"{number:064x}")
    assert parse_head(str(head)) == head


def test_the_order_of_columns_does_not_matter():
    assert row_digest({"a": 1.5, "b": None}) == row_digest({"b": None, "a": 1.5})
    assert row_digest({"a": 1.5}) != row_digest({"a": "1.5"})
