import pytest

from qa_audit.store.database import open_database


@pytest.fixture
def engine(tmp_path):
    engine = open_database(tmp_path / "ws" / "qa.db")
    yield engine
    engine.dispose()
