"""A database as any earlier version left it becomes like a new one, and keeps what was decided."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from qa_audit.audit.actions import WriteComment
from qa_audit.audit.events import append, events_of
from qa_audit.audit.proof import verify_chain
from qa_audit.scoring import load_rubric
from qa_audit.store.database import open_database, reading
from qa_audit.store.schema import SCHEMA_VERSION, jobs, metadata, schema_version
from tests.store.make_versions import load

DUMPS = sorted(Path(__file__).with_name("versions").glob("*.sql"))
RUBRIC = load_rubric()


@pytest.fixture
def upgraded(request, tmp_path):
    """The database of a dump, opened by this program; and a new one."""
    dump = request.param
    if "postgres" in dump.name:
        cluster = request.getfixturevalue("cluster")
        names = [cluster.new_database(), cluster.new_database()]
        old, new = map(cluster.url, names)
    else:
        old, new = str(tmp_path / "old.db"), str(tmp_path / "new.db")
    load(old, dump.read_text(encoding="utf-8"))
    engines = open_database(old), open_database(new)
    yield engines
    for engine in engines:
        engine.dispose()
    if "postgres" in dump.name:
        cluster.drop(names)


def _every(marked):
    marks = {True: [pytest.mark.postgres], False: [pytest.mark.sqlite]}
    return [pytest.param(one, id=one.name[:-4], marks=marks["postgres" in one.name]) for one in marked]


def _shape(engine):
    found = inspect(engine)
    return {
        table: (
            sorted(
                (one["name"], str(one["type"]), one["nullable"], bool(one["default"]))
                for one in found.get_columns(table)
            ),
            found.get_pk_constraint(table),
            sorted((one["name"], tuple(one["column_names"])) for one in found.get_indexes(table)),
            sorted((one["name"], one["referred_table"]) for one in found.get_foreign_keys(table)),
            sorted((one["name"], tuple(one["column_names"])) for one in found.get_unique_constraints(table)),
        )
        for table in found.get_table_names()
    }


def test_every_version_before_has_a_dump_for_both_databases():
    """But for the newest."""
    told = {tuple(one.name.split(".")[:2]) for one in DUMPS}
    wanted = range(1, SCHEMA_VERSION)
    assert told == {(f"{version:02d}", kind) for version in wanted for kind in ("sqlite", "postgres")}


@pytest.mark.parametrize("upgraded", _every(DUMPS), indirect=True)
def test_an_old_database_becomes_like_a_new_one_and_keeps_what_it_held(upgraded):
    old, new = upgraded
    shapes = _shape(old), _shape(new)
    assert set(shapes[0]) == set(metadata.tables)
    assert shapes[0] == shapes[1]
    with reading(old) as connection:
        versions = connection.execute(select(schema_version.c.version)).scalars().all()
        states = connection.execute(select(jobs.c.key, jobs.c.state)).all()
    assert sorted(versions) == list(range(1, SCHEMA_VERSION + 1))
    assert sorted(map(tuple, states)) == [("k1", "failed"), ("k2", "waiting")]
    proof = verify_chain(old)
    assert proof.findings == ()
    kept = events_of(old, "c1")
    assert [one.action.kind for one in kept] in ([], ["comment", "fault"])
    if kept:
        assert (kept[0].action.text, kept[1].action.should_say) == ("语速偏快", "感谢来电")
    append(old, "c1", "王芳", WriteComment("再听一遍"), RUBRIC)
    assert verify_chain(old).head.length == proof.head.length + 1
