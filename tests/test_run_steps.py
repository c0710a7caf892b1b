import os

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError
from qa_audit.scoring.batch import ScoreOutcome
from qa_audit.transcribe.jobs import TranscribeOutcome
from qa_audit.workspace import Workspace
from tests.browser.made_workspace import CALLS


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "录音").mkdir()
    return Workspace.create(tmp_path / "中心", recordings=tmp_path / "录音")


def test_without_recordings_import_says_how_to_name_them(tmp_path):
    with pytest.raises(QaError) as error:
        Workspace.create(tmp_path / "ws").import_calls()
    assert error.value.code == "workspace.no_recordings"


def test_a_run_trusts_size_and_time_of_change_unless_told_to_rehash(workspace, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "qa_audit.run_steps.transcribe_pending", lambda *_, **__: TranscribeOutcome(0, 0, 0, 0)
    )
    file = tmp_path / "录音" / "a.wav"
    file.write_bytes(b"RIFF")
    assert workspace.run().imported.report.recordings_new == 1
    times = (file.stat().st_atime_ns, file.stat().st_mtime_ns)
    file.write_bytes(b"LIST")
    os.utime(file, ns=times)
    assert workspace.run().imported.report.recordings_new == 0
    assert workspace.run(rehash=True).imported.report.recordings_new == 1


def test_workers_and_retries_are_passed_on(workspace, tmp_path, monkeypatch):
    given = []

    def pending(*_, **options):
        given.append(options)
        return TranscribeOutcome(0, 0, 0, 0)

    monkeypatch.setattr("qa_audit.run_steps.transcribe_pending", pending)
    (tmp_path / "录音" / "a.wav").write_bytes(b"RIFF")
    command = ["--workspace", str(workspace.folder), "--workers", "3", "--retry-failed", "--limit", "2"]
    for name in ("run", "transcribe"):
        assert CliRunner().invoke(cli, [name, *command]).exit_code == 0
    assert given == [{"limit": 2, "workers": 3, "retry_failed": True, "on": "here"}] * 2


def test_calls_are_scored_once_and_those_without_turns_wait(scored):
    assert scored.score(month="2026-10") == ScoreOutcome(done=0, kept=5, waiting=0)
    key = scored.scored().made_from().filter(call_id=CALLS[0])["turns"][0]
    (scored.results / "turns" / "2026-10" / f"{key}.parquet").unlink()
    assert scored.score(month="2026-10") == ScoreOutcome(done=0, kept=4, waiting=1)
    assert scored.score(month="2026-09") == ScoreOutcome(done=0, kept=0, waiting=0)


def test_a_workspace_that_knows_no_call_and_no_source_has_nothing_to_run(tmp_path):
    with pytest.raises(QaError) as error:
        Workspace.create(tmp_path / "ws").run()
    assert error.value.code == "workspace.no_recordings"
