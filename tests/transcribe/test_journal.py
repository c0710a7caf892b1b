import json

import pytest

from qa_audit.messages import QaError
from qa_audit.transcribe.jobs import transcribe_pending
from qa_audit.transcribe.journal import keeping, tell
from tests.transcribe.fake_transcribers import SETTINGS, load, make_jobs


def _lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_recordings_are_told_by_hash_and_code_and_nothing_personal(tmp_path):
    jobs, database, results = make_jobs(tmp_path, {"13812345678-王芳": "x", "李敏": "bad", "odd": "odd"})
    for number, job in enumerate(jobs):
        object.__setattr__(job, "key", f"{number:016x}")
    with keeping(tmp_path / "log.jsonl"):
        transcribe_pending(jobs, database, results, SETTINGS, "d", workers=1, load=load)
    told = sorted(_lines(tmp_path / "log.jsonl"), key=lambda one: one["key"])
    assert [(one["event"], one["level"], one["key"][-1], one.get("code")) for one in told] == [
        ("recording.done", "info", "0", None),
        ("recording.failed", "warning", "1", "audio.channels"),
        ("recording.failed", "warning", "2", "transcribe.failed"),
        ("recording.failed", "warning", "2", "transcribe.failed"),
        ("recording.failed", "warning", "2", "transcribe.failed"),
    ]
    assert [one["attempt_again"] for one in told[1:]] == [False, True, True, False]
    assert all(one["at"].endswith("+00:00") for one in told)
    text = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
    assert not any(word in text for word in ("王芳", "李敏", "138", str(tmp_path), ".wav"))


def test_what_is_told_outside_is_kept_nowhere(tmp_path, capsys):
    with keeping(tmp_path / "log"):
        tell("run.started")
    tell("run.ended")
    with keeping(None):
        tell("run.ended")
    assert [one["event"] for one in _lines(tmp_path / "log")] == ["run.started"]
    assert capsys.readouterr() == ("", "")


def test_a_log_that_was_moved_away_begins_anew(tmp_path):
    with keeping(tmp_path / "log"):
        tell("run.started")
        (tmp_path / "log").rename(tmp_path / "log.1")
        tell("run.ended")
    assert [_lines(tmp_path / name)[0]["event"] for name in ("log.1", "log")] == ["run.started", "run.ended"]


def test_a_log_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(QaError) as error, keeping(tmp_path):
        tell("run.started")
    assert error.value.code.startswith("store.")
