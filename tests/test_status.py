import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from qa_audit.messages import QaError, speaking
from qa_audit.status import Status, read_status, speed_of
from qa_audit.store import schema
from qa_audit.store.database import insert_one, open_database, writing
from qa_audit.store.parts import part_path
from qa_audit.transcribe.job import Job, Result
from qa_audit.transcribe.job_table import Holder, claim, fail, finish
from qa_audit.transcribe.settings import RawFormat, TranscribeSettings

SETTINGS = TranscribeSettings()
SEPTEMBER, OCTOBER = datetime(2026, 9, 30, 23, 59), datetime(2026, 10, 1, 8)
CALLS = {
    # name: start, listed length in seconds, size in bytes, whether the file is there
    "done": (SEPTEMBER, 60.0, 1_000_000, True),
    "archived": (SEPTEMBER, 90.0, 1_000_000, False),
    "running": (OCTOBER, 120.0, 1_000_000, True),
    "bad": (OCTOBER, 30.0, 1_000_000, True),
    "new": (OCTOBER, None, 2_000_000, True),
    "gone": (OCTOBER, 30.0, 1_000_000, False),
    "undated": (None, 240.0, 1_000_000, True),
}


def _key(name):
    return SETTINGS.key(name, "model")


@pytest.fixture
def made(tmp_path):
    """A database and results in which each recording is what its name says."""
    database, results = open_database(tmp_path / "qa.db"), tmp_path / "results"
    with writing(database) as connection:
        when = {"imported_at": datetime(2026, 10, 2), "who": "test", "counts": {}}
        made_in = insert_one(connection, insert(schema.imports).values(**when))
        folder = insert_one(connection, insert(schema.folders).values(path="/录音"))
        for name, (start, listed_s, size, present) in CALLS.items():
            connection.execute(
                insert(schema.recordings).values(sha256=name, size_bytes=size, added_in=made_in)
            )
            file = {"folder_id": folder, "path": f"{name}.wav", "stem_key": name, "sha256": name}
            connection.execute(
                insert(schema.recording_files).values(**file, size_bytes=size, mtime_ns=0, present=present)
            )
            call = {"sha256": name, "start": start, "duration_s": listed_s, "extra": {}, "source": "list"}
            connection.execute(insert(schema.calls).values(call_id=name, changed_in=made_in, **call))
    for name in ("done", "archived"):
        part = part_path(results, "turns", "2026-09", _key(name))
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    return database, results


def _work(database, results):
    """Run the jobs that their names tell of: 100 s of audio done in 20 s, one failed, one in work."""
    jobs = {name: Job(_key(name), name, None, "2026-10") for name in ("done", "bad", "running")}
    holder = Holder.new()
    claim(database, list(jobs.values()), 3, holder, results)
    finish(database, Result(jobs["done"], 100.0, 20.0), holder)
    error = QaError("audio.channels", path="/录音/bad.wav", channels=3)
    fail(database, Result(jobs["bad"]), error, holder, certain=True)
    now = datetime.now(UTC).replace(tzinfo=None)
    times = {"started_at": now - timedelta(seconds=30), "finished_at": now - timedelta(seconds=10)}
    with writing(database) as connection:
        connection.execute(update(schema.jobs).where(schema.jobs.c.state == "done").values(**times))
    return holder


def test_recordings_by_state_and_month(made):
    holder = _work(*made)
    status = read_status(*made, SETTINGS, "model")
    counts = {month: (one.done, one.waiting, one.running, one.failed) for month, one in status.months.items()}
    assert counts == {"2026-09": (2, 0, 0, 0), "2026-10": (0, 1, 1, 1), "undated": (0, 1, 0, 0)}
    # As long as the recording was, else the list's length, else by the size: 100 s for 1,000,000 bytes.
    assert status.months["2026-09"].done_s == 100.0 + 90.0
    assert status.months["2026-10"].left_s == 120.0 + 200.0
    assert status.months["undated"].left_s == 240.0
    assert [(one.recording, one.host, one.pid) for one in status.in_work] == [
        ("/录音/running.wav", holder.host, holder.pid)
    ]
    assert [(one.recording, one.error.code, one.attempts) for one in status.failures] == [
        ("/录音/bad.wav", "audio.channels", 1)
    ]
    assert (status.speed, status.time_left_s) == (5.0, 560.0 / 5.0)


def test_for_scripts(made):
    holder = _work(*made)
    with speaking("en"):
        told = json.loads(json.dumps(read_status(*made, SETTINGS, "model").as_json()))
    (in_work,) = told.pop("in_work")
    assert datetime.fromisoformat(in_work.pop("since")).utcoffset() == timedelta(0)
    assert in_work == {"recording": "/录音/running.wav", "host": holder.host, "pid": holder.pid}
    assert told == {
        "done": 2,
        "waiting": 2,
        "running": 1,
        "failed": 1,
        "done_hours": 0.053,
        "left_hours": 0.156,
        "speed": 5.0,
        "time_left_hours": 0.031,
        "months": {
            "2026-09": {
                "done": 2,
                "waiting": 0,
                "running": 0,
                "failed": 0,
                "done_hours": 0.053,
                "left_hours": 0.0,
            },
            "2026-10": {
                "done": 0,
                "waiting": 1,
                "running": 1,
                "failed": 1,
                "done_hours": 0.0,
                "left_hours": 0.089,
            },
            "undated": {
                "done": 0,
                "waiting": 1,
                "running": 0,
                "failed": 0,
                "done_hours": 0.0,
                "left_hours": 0.067,
            },
        },
        "failures": [
            {
                "recording": "/录音/bad.wav",
                "code": "audio.channels",
                "message": "/录音/bad.wav: 3 channels; 1 or 2 are allowed. "
                "Export the agent's and the customer's channel.",
                "attempts": 1,
            }
        ],
    }


def test_in_words(made):
    _work(*made)
    with speaking("en"):
        lines = str(read_status(*made, SETTINGS, "model")).splitlines()
    assert lines[:9] == [
        "recordings: 2 done, 2 waiting, 1 in work, 1 failed",
        "audio: 0.1 h done, 0.2 h left",
        "speed: 5.0 s of audio a second over the last day; the rest takes about 0.0 h",
        "",
        "month    done  waiting  in work  failed  hours done  hours left",
        "-------  ----  -------  -------  ------  ----------  ----------",
        "2026-09     2        0        0       0         0.1         0.0",
        "2026-10     0        1        1       1         0.0         0.1",
        "undated     0        1        0       0         0.0         0.1",
    ]
    assert lines[10] == "In work:"
    assert lines[11].startswith("  /录音/running.wav (")
    assert lines[13] == "Failed (qa-audit run --retry-failed tries again):"


def test_a_job_of_a_dead_run_waits_and_a_row_without_its_part_too(made, monkeypatch):
    _work(*made)
    monkeypatch.setattr("qa_audit.transcribe.job_table.is_running", lambda _pid: False)
    part_path(made[1], "turns", "2026-09", _key("done")).unlink()
    status = read_status(*made, SETTINGS, "model")
    assert (status.total.done, status.total.waiting, status.total.running) == (1, 4, 0)
    assert status.in_work == ()


def test_nothing_was_transcribed_yet(tmp_path):
    status = read_status(open_database(tmp_path / "qa.db"), tmp_path / "results", SETTINGS, "model")
    assert status == Status()
    with speaking("en"):
        assert str(status).splitlines()[0] == "recordings: 0 done, 0 waiting, 0 in work, 0 failed"


def test_headerless_recordings_have_keys_with_their_format(made):
    raw = RawFormat(pattern="wav", encoding="alaw")
    settings = TranscribeSettings(raw_formats=(raw,))
    assert read_status(*made, settings, "model").total.done == 0
    part = part_path(made[1], "turns", "2026-09", settings.key("done", "model", raw))
    part.touch()
    assert read_status(*made, settings, "model").total.done == 1


def test_another_model_has_done_nothing(made):
    assert read_status(*made, SETTINGS, "other").total.done == 0


def _at(*minutes):
    return [datetime(2026, 10, 1, 8, minute) for minute in minutes]


@pytest.mark.parametrize(
    ("work", "speed"),
    [
        ([], None),
        ([(*_at(0, 10), 600.0)], 1.0),
        ([(*_at(0, 10), 600.0), (*_at(0, 10), 600.0)], 2.0),
        ([(*_at(0, 10), 600.0), (*_at(30, 40), 600.0)], 1.0),
        ([(*_at(0, 10), 600.0), (*_at(2, 4), 600.0), (*_at(5, 20), 1200.0)], 2.0),
        ([(*_at(3, 3), 600.0)], None),
    ],
)
def test_speed_counts_time_in_which_something_was_done_once(work, speed):
    assert speed_of(work) == speed
