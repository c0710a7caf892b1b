from datetime import UTC, datetime, timedelta

import pytest

from qa_audit.audit.plays import PLAYS, Play, delete_plays, keep_plays, plays_frame
from qa_audit.store.database import open_database

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    keep_plays(
        engine,
        [
            Play("c1", "李敏", NOON, 0.0, 8.5, "player"),
            Play("c2", "王芳", NOON + timedelta(minutes=1), 3.0, 4.0, "export"),
            Play("c1", "王芳", NOON + timedelta(minutes=2), 1.0, 2.0, "panel"),
        ],
    )
    yield engine
    engine.dispose()


def test_stretches_come_back_in_their_order(database):
    found = plays_frame(database)
    assert dict(found.schema) == dict(PLAYS)
    assert found.row(0) == ("c1", "李敏", NOON, 0.0, 8.5, "player")
    assert found["call_id"].to_list() == ["c1", "c2", "c1"]


def test_by_call_and_by_person(database):
    assert plays_frame(database, call_ids=["c1"])["who"].to_list() == ["李敏", "王芳"]
    assert plays_frame(database, who="王芳")["call_id"].to_list() == ["c2", "c1"]
    assert plays_frame(database, call_ids=["c2"], who="李敏").is_empty()
    assert dict(plays_frame(database, call_ids=[]).schema) == dict(PLAYS)


def test_what_is_old_is_deleted(database):
    assert delete_plays(database, NOON + timedelta(minutes=1)) == 1
    assert plays_frame(database)["who"].to_list() == ["王芳", "王芳"]
