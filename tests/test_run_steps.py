import os
import shutil

import polars as pl
import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError
from qa_audit.scoring import hearing, judge
from qa_audit.scoring.batch import ScoreOutcome
from qa_audit.scoring.hearing import Reading
from qa_audit.store.parts import write_part
from qa_audit.transcribe.answer_parts import ANSWERS, ANSWERS_SCHEMA
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


def test_what_the_settings_name_and_is_not_there_is_told_with_file_and_key(tmp_path):
    (tmp_path / "录音").mkdir()
    for name in ("list.csv", "roster.csv"):
        (tmp_path / name).write_text("")
    workspace = Workspace.create(
        tmp_path / "中心",
        recordings=tmp_path / "录音",
        call_list=tmp_path / "list.csv",
        roster=tmp_path / "roster.csv",
    )
    for name in ("list.csv", "roster.csv"):
        (tmp_path / name).unlink()
    with pytest.raises(QaError) as error:
        workspace.run()
    assert error.value.code == "workspace.noted_missing"
    assert error.value.text("zh") == (
        f"{tmp_path / '中心' / 'qa_audit.toml'} 的 [sources] 中写明的，这里找不到：\n"
        f"  call_list = {tmp_path / 'list.csv'}\n  roster = {tmp_path / 'roster.csv'}\n"
        "请改正该文件，或确认磁盘已挂载。没有导入任何内容。"
    )
    with pytest.raises(QaError) as error:
        workspace.import_calls(call_list=tmp_path / "list.csv", roster=tmp_path / "roster.csv")
    assert error.value.code == "calls.list_missing"


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


def test_calls_whose_findings_were_damaged_are_scored_again(scored):
    before = scored.scored().findings()
    for part in (scored.results / "findings").glob("*/*.parquet"):
        part.write_bytes(part.read_bytes()[:-3])
    assert scored.score() == ScoreOutcome(done=5, kept=0, waiting=0)
    assert scored.scored().findings().equals(before)
    assert scored.score() == ScoreOutcome(done=0, kept=5, waiting=0)


def test_a_new_rubric_that_asks_what_was_answered_before_is_scored_with_the_answers_at_once(
    scored, monkeypatch
):
    model = scored.transcript(CALLS[0])[0].model
    for module in (judge, hearing):
        monkeypatch.setattr(module, "readings", lambda: {model: Reading(model, 0, 1, 0, 0, 1, 0, -1)})
    shutil.rmtree(scored.results / "scores")
    scored.score()
    known, results = scored.calls("2026-10"), scored.call_results
    asked = results.asked(known)
    rows = [
        {"turns_key": job.turns_key, "question": one.id}
        for job in results.score_jobs(known)
        for one in asked.get(job.asked_by, ())
    ]
    assert rows
    write_part(pl.DataFrame(rows, ANSWERS_SCHEMA), scored.results, ANSWERS, "2026-10", "a")
    rules = scored.folder / "rubric.toml"
    rules.write_text(rules.read_text("utf-8").replace("weight = 8", "weight = 9", 1), "utf-8")
    anew = Workspace.open(scored.folder)
    assert anew.score() == ScoreOutcome(done=5, kept=0, waiting=0)
    assert anew.calls("2026-10").filter(status="scored")["call_id"].to_list() == list(CALLS)
    assert anew.score() == ScoreOutcome(done=0, kept=5, waiting=0)


def test_a_workspace_that_knows_no_call_and_no_source_has_nothing_to_run(tmp_path):
    with pytest.raises(QaError) as error:
        Workspace.create(tmp_path / "ws").run()
    assert error.value.code == "workspace.no_recordings"
