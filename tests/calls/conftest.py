import os

import pytest

from qa_audit.store.database import open_database
from qa_audit.store.schema import metadata

POSTGRES = os.environ.get("QA_AUDIT_TEST_POSTGRES")
"""URL of an empty PostgreSQL database; what needs a database is then tested on it as well."""


@pytest.fixture(params=["sqlite", *(["postgresql"] if POSTGRES else [])])
def engine(request, tmp_path):
    engine = open_database(POSTGRES if request.param == "postgresql" else tmp_path / "ws" / "qa.db")
    yield engine
    if request.param == "postgresql":
        metadata.drop_all(engine)
    engine.dispose()
