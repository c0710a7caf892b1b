import pytest

from qa_audit.messages import QaError
from qa_audit.store.database import open_database
from qa_audit.store.parts import part_keys
from qa_audit.transcribe import engine as engine_module
from qa_audit.transcribe import recording as recording_module
from qa_audit.transcribe.jobs import Job, failures_by_key, transcribe_pending
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.turns import Transcript

SETTINGS = TranscribeSettings()


class _Engine:
    digest = "d"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Results and database; recordings with "bad" in their name fail, the others give empty transcripts."""

    def transcribe(path, _engine, _settings):
        if "bad" in path.name:
            raise QaError("audio.channels", path=path, channels=3)
        return Transcript(path.stem, 12.5, 2, "openai-whisper", "base", "balanced", ())

    monkeypatch.setattr(engine_module, "load_engine", lambda _settings: _Engine())
    monkeypatch.setattr(recording_module, "transcribe_recording", transcribe)
    database = open_database(tmp_path / "qa.db")
    _know(database, "one", "two", "bad", "other")
    return tmp_path / "results", database


def _know(database, *digests):
    from datetime import datetime

    from sqlalchemy import insert

    from qa_audit.store.database import writing
    from qa_audit.store.schema import imports, recordings

    with writing(database) as connection:
        made = connection.execute(
            insert(imports).values(imported_at=datetime(2026, 10, 1), who="test", counts={})
        ).inserted_primary_key[0]
        for sha256 in digests:
            connection.execute(insert(recordings).values(sha256=sha256, size_bytes=1, added_in=made))


def _job(tmp_path, name, sha256=None):
    return Job(f"k-{name}", sha256 or name, tmp_path / f"{name}.wav", "2026-10")


def test_a_recording_that_fails_is_noted_and_the_others_go_on(place, tmp_path):
    results, database = place
    jobs = [_job(tmp_path, "one"), _job(tmp_path, "bad"), _job(tmp_path, "two")]
    outcome = transcribe_pending(jobs, database, results, SETTINGS, "d")
    assert (outcome.done, outcome.kept, outcome.audio_s, outcome.failed) == (2, 0, 25.0, True)
    assert part_keys(results, "turns") == {"k-one", "k-two"}
    noted = failures_by_key(database)
    assert list(noted) == ["k-bad"]
    assert (noted["k-bad"].code, noted["k-bad"].values["channels"]) == ("audio.channels", 3)
    assert noted["k-bad"].text("en") == outcome.failures[0][1].text("en")


def test_what_is_done_is_kept_and_the_limit_counts_new_work(place, tmp_path):
    results, database = place
    jobs = [_job(tmp_path, "one"), _job(tmp_path, "two")]
    assert transcribe_pending(jobs, database, results, SETTINGS, "d", limit=1).done == 1
    outcome = transcribe_pending(jobs, database, results, SETTINGS, "d", limit=1)
    assert (outcome.done, outcome.kept) == (1, 1)
    assert transcribe_pending(jobs, database, results, SETTINGS, "d").kept == 2


def test_a_file_changed_since_the_import_is_refused(place, tmp_path):
    results, database = place
    outcome = transcribe_pending([_job(tmp_path, "one", "other")], database, results, SETTINGS, "d")
    assert outcome.failures[0][1].code == "jobs.changed"
    assert part_keys(results, "turns") == set()


def test_success_forgets_an_earlier_failure(place, tmp_path):
    results, database = place
    transcribe_pending([_job(tmp_path, "one", "other")], database, results, SETTINGS, "d")
    transcribe_pending([_job(tmp_path, "one")], database, results, SETTINGS, "d")
    assert failures_by_key(database) == {}


def test_another_model_than_the_fixed_one_is_refused(place, tmp_path):
    results, database = place
    with pytest.raises(QaError) as error:
        transcribe_pending([_job(tmp_path, "one")], database, results, SETTINGS, "another")
    assert error.value.code == "jobs.other_model"


def test_nothing_to_do_loads_no_model(place, monkeypatch):
    results, database = place
    monkeypatch.setattr(engine_module, "load_engine", lambda _settings: pytest.fail("loaded"))
    assert transcribe_pending([], database, results, SETTINGS, "d").done == 0


def test_with_a_limit_what_failed_before_does_not_stand_in_the_way(place, tmp_path):
    results, database = place
    jobs = [_job(tmp_path, "bad"), _job(tmp_path, "one")]
    assert transcribe_pending(jobs, database, results, SETTINGS, "d", limit=1).failed
    assert transcribe_pending(jobs, database, results, SETTINGS, "d", limit=1).done == 1
