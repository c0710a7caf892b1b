import pytest

from qa_audit.sampling.book import SampleBook
from qa_audit.store.database import open_database
from tests.sampling.made_calls import month_of_calls


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield engine
    engine.dispose()


@pytest.fixture
def book(database):
    calls = month_of_calls()
    return SampleBook(database, lambda _month: calls)
