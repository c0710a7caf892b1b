import pytest
from sqlalchemy import select, update

from qa_audit.messages import QaError, speaking
from qa_audit.store.database import reading, writing
from qa_audit.store.parts import part_keys, part_path
from qa_audit.store.schema import jobs as table
from qa_audit.store.schema import recordings
from qa_audit.transcribe import ct2_engine, pool
from qa_audit.transcribe import jobs as jobs_module
from qa_audit.transcribe.job import Job
from qa_audit.transcribe.jobs import failures_by_key, in_batches, transcribe_pending, workers_for
from tests.transcribe.fake_transcribers import SETTINGS, load, load_another_model, make_jobs


def _run(made, **options):
    jobs, database, results = made
    return transcribe_pending(
        jobs, database, results, SETTINGS, "d", **{"load": load, "workers": 1} | options
    )


def _attempts(folder):
    return (folder / "log").read_text().split() if (folder / "log").exists() else []


def _rows(database):
    with reading(database) as connection:
        return {row.key: row for row in connection.execute(select(table))}


def test_a_recording_that_fails_is_noted_and_the_others_go_on(tmp_path):
    made = make_jobs(tmp_path, {"one": "x", "bad": "bad", "two": "x"})
    outcome = _run(made)
    assert (outcome.done, outcome.kept, outcome.audio_s, outcome.failed) == (2, 0, 25.0, True)
    assert part_keys(made[2], "turns") == {"k-one", "k-two"}
    noted = failures_by_key(made[1])
    assert list(noted) == ["k-bad"]
    assert (noted["k-bad"].code, noted["k-bad"].values["channels"]) == ("audio.channels", 3)
    assert noted["k-bad"].text("en") == outcome.failures[0][1].text("en")


def test_what_is_done_is_noted_with_length_and_time(tmp_path):
    made = make_jobs(tmp_path, {"one": "x"})
    _run(made)
    row = _rows(made[1])["k-one"]
    assert (row.state, row.attempts, row.audio_s, row.token, row.code) == ("done", 1, 12.5, None, None)
    assert row.spent_s < (row.finished_at - row.started_at).total_seconds() + 1


def test_what_is_done_is_kept_and_the_limit_counts_new_work(tmp_path):
    made = make_jobs(tmp_path, {"one": "x", "two": "x"})
    assert _run(made, limit=1).done == 1
    outcome = _run(made, limit=1)
    assert (outcome.done, outcome.kept) == (1, 1)
    assert _run(made).kept == 2


def test_the_part_is_the_truth_of_done(tmp_path):
    made = make_jobs(tmp_path, {"one": "x", "two": "x"})
    _run(made)
    part_path(made[2], "turns", "2026-10", "k-one").unlink()
    with writing(made[1]) as connection:
        connection.execute(table.delete().where(table.c.key == "k-two"))
    outcome = _run(made)
    assert (outcome.done, outcome.kept) == (1, 1)
    assert _attempts(tmp_path) == ["one", "two", "one"]
    assert _rows(made[1])["k-one"].attempts == 1


def test_what_is_odd_is_tried_three_times_after_the_others(tmp_path):
    made = make_jobs(tmp_path, {"one": "odd", "two": "x"})
    outcome = _run(made)
    assert _attempts(tmp_path) == ["one", "two", "one", "one"]
    assert outcome.failures[0][1].values["reason"] == "ValueError: odd"


def test_what_failed_is_left_alone_until_asked(tmp_path):
    made = make_jobs(tmp_path, {"one": "odd", "two": "bad"})
    _run(made)
    (tmp_path / "one.wav").write_text("x")
    (tmp_path / "two.wav").write_text("x")
    left = _run(made)
    assert (left.done, len(left.failures), left.not_retried) == (0, 2, 2)
    with speaking("en"):
        assert "2 of these failed before and were not tried again; --retry-failed does" in str(left)
    assert _run(made, retry_failed=True).done == 2
    assert failures_by_key(made[1]) == {}


def test_asked_for_a_failed_recording_has_all_its_attempts_again(tmp_path):
    made = make_jobs(tmp_path, {"one": "odd"})
    _run(made)
    _run(made, retry_failed=True)
    assert _attempts(tmp_path) == ["one"] * 6
    assert _rows(made[1])["k-one"].attempts == 3


def test_what_was_away_is_tried_again_when_it_can_be_opened(tmp_path, monkeypatch):
    made = make_jobs(tmp_path, {"one": "x"})

    def away(_settings):
        def transcribe(path):
            raise QaError("audio.missing", path=path)

        transcribe.digest = "d"
        return transcribe

    assert _run(made, load=away).failures[0][1].code == "audio.missing"
    unusable = _run(made)  # it is there, but no audio: seen without a model
    assert (unusable.failures[0][1].code, unusable.not_retried) == ("audio.headerless", 0)
    assert _attempts(tmp_path) == []
    monkeypatch.setattr(jobs_module, "_still_unusable", lambda _job, _settings: None)
    assert _run(made).done == 1


def test_a_file_changed_since_the_import_is_refused(tmp_path):
    (job,), database, results = make_jobs(tmp_path, {"one": "x"})
    with writing(database) as connection:
        connection.execute(update(recordings).where(recordings.c.sha256 == "one").values(sha256="other"))
    changed = Job(job.key, "other", job.path, job.month)
    outcome = _run(([changed], database, results))
    assert outcome.failures[0][1].code == "jobs.changed"
    assert part_keys(results, "turns") == set()


def test_another_model_than_the_fixed_one_is_refused(tmp_path):
    made = make_jobs(tmp_path, {"one": "x"})
    with pytest.raises(QaError) as error:
        _run(made, load=load_another_model)
    assert error.value.code == "jobs.other_model"
    assert _rows(made[1]) == {}


def test_nothing_to_do_loads_no_model(tmp_path):
    made = make_jobs(tmp_path, {"one": "x", "two": "bad"})
    _run(made)
    outcome = _run(made, load=lambda _settings: pytest.fail("loaded"))
    assert (outcome.done, outcome.kept, outcome.failed) == (0, 1, True)


def test_an_engine_that_is_not_installed_is_told_before_any_worker_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(ct2_engine, "installed", lambda: False)
    monkeypatch.setattr(pool, "started", None)
    jobs, database, results = make_jobs(tmp_path, {"a": "x", "b": "x"})
    settings = SETTINGS.model_copy(update={"engine": "ctranslate2"})
    with pytest.raises(QaError) as error:
        transcribe_pending(jobs, database, results, settings, "d", workers=2)
    assert error.value.code == "transcribe.engine_missing"
    assert 'pip install -e ".[weights,fast]" -c constraints.txt' in str(error.value)


def test_with_a_limit_what_failed_before_does_not_stand_in_the_way(tmp_path):
    made = make_jobs(tmp_path, {"bad": "bad", "one": "x"})
    assert _run(made, limit=1, retry_failed=True).failed
    assert _run(made, limit=1, retry_failed=True).done == 1


def test_an_interruption_gives_the_lease_back(tmp_path):
    made = make_jobs(tmp_path, {"one": "x"})

    def interrupted(_settings):
        def transcribe(_path):
            raise KeyboardInterrupt

        transcribe.digest = "d"
        return transcribe

    with pytest.raises(KeyboardInterrupt):
        _run(made, load=interrupted)
    row = _rows(made[1])["k-one"]
    assert (row.state, row.attempts, row.token) == ("waiting", 0, None)


def test_the_settings_say_how_many_workers_unless_told_otherwise(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        jobs_module, "workers_for", lambda _settings, wanted, _pending: asked.append(wanted) or 1
    )
    settings = SETTINGS.model_copy(update={"workers": 5})
    jobs, database, results = make_jobs(tmp_path, {"one": "x", "two": "x"})
    transcribe_pending(jobs[:1], database, results, settings, "d", load=load)
    transcribe_pending(jobs, database, results, settings, "d", load=load, workers=2)
    assert asked == [5, 2]
    assert workers_for(SETTINGS, 3, 2) == 2


def test_the_longest_go_first_in_each_batch_and_the_last_batch_is_full():
    lengths = {"a": 1.0, "b": 5.0, "c": 3.0, "d": 2.0, "e": 4.0}
    jobs = [Job(key, key, None, "2026-10") for key in lengths]
    assert [job.key for job in in_batches(jobs, lengths, 2)] == ["a", "b", "c", "e", "d"]
    assert [job.key for job in in_batches(jobs, lengths, 5)] == ["b", "e", "c", "d", "a"]
    assert [job.key for job in in_batches(jobs[:4], lengths, 2)] == ["b", "a", "c", "d"]
    assert in_batches([], {}, 2) == []


def test_recordings_are_handed_out_longest_first(tmp_path):
    jobs, database, results = make_jobs(tmp_path, {"a": "x", "b": "x", "c": "x"})
    listed = [
        Job(job.key, job.sha256, job.path, job.month, s)
        for job, s in zip(jobs, (5.0, 60.0, 9.0), strict=True)
    ]
    _run((listed, database, results))
    assert _attempts(tmp_path) == ["b", "c", "a"]
