"""The form is read by a parser written from the exposition format, and by that of Prometheus."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from prometheus_client.parser import text_string_to_metric_families

from qa_audit.backup import LAST_BACKUP_FILE, back_up
from qa_audit.calls.query import calls_frame
from qa_audit.cli import cli
from qa_audit.messages import QaError
from qa_audit.metrics import Metric, metrics_text, write_metrics
from qa_audit.pipeline import transcribe_jobs
from qa_audit.transcribe.job import Result
from qa_audit.transcribe.job_table import claim, fail, holding
from qa_audit.workspace import Workspace

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?[0-9.e+-]+|NaN|[+-]Inf)")
UNITS = ("_seconds", "_bytes", "_ratio", "_total", "_info", "_recordings", "_faults")


def _read(text):
    """{name: {labels: value}}; fails on what the exposition format does not allow."""
    found, kinds = {}, {}
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# "):
            word, name, rest = line[2:].split(" ", 2)
            assert word in ("HELP", "TYPE")
            assert name not in found
            if word == "TYPE":
                assert rest in ("counter", "gauge")
                kinds[name] = rest
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        name, labels, value = match.groups()
        assert name in kinds
        assert name.endswith(UNITS)
        assert (kinds[name] == "counter") == name.endswith("_total")
        values = found.setdefault(name, {})
        assert labels not in values
        values[labels] = float(value)
    return found


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "recordings").mkdir()
    for name in ("20261003_091500_8001_王芳", "20261003_101500_8001", "20261004_091500_8002"):
        (tmp_path / "recordings" / f"{name}.wav").write_text(name)
    made = Workspace.create(tmp_path / "ws", recordings=tmp_path / "recordings")
    made.import_calls()
    return made


def _fail_one(workspace):
    jobs = transcribe_jobs(
        calls_frame(workspace.database), workspace.settings.transcribe, workspace.choices.digest
    )
    with holding(workspace.database) as holder:
        (job,) = claim(workspace.database, jobs, 1, holder, workspace.results).mine
        error = QaError("audio.empty", path=job.path)
        fail(workspace.database, Result(job), error, holder, certain=True)


def test_what_is_measured(workspace, tmp_path):
    _fail_one(workspace)
    now = datetime.now(UTC) + timedelta(hours=2)
    back_up(workspace.folder, tmp_path / "backup", now=now - timedelta(days=3))
    found = _read(metrics_text(workspace, now=now))
    assert found["qa_audit_recordings"] == {
        'state="done"': 0,
        'state="waiting"': 2,
        'state="running"': 0,
        'state="failed"': 1,
    }
    assert found["qa_audit_faults"] == {'code="audio.empty"': 1}
    assert found["qa_audit_last_backup_age_seconds"][None] == pytest.approx(3 * 86400, abs=1)
    assert 7200 <= found["qa_audit_queue_oldest_age_seconds"][None] < 7300
    assert found["qa_audit_events_total"] == {None: 0}
    assert found["qa_audit_disk_free_bytes"]['of="workspace"'] > 0
    assert "qa_audit_transcription_real_time_factor_ratio" not in found
    assert len(list(text_string_to_metric_families(metrics_text(workspace)))) == len(found)


def test_nothing_personal_is_in_it(workspace):
    _fail_one(workspace)
    text = metrics_text(workspace)
    assert not any(word in text for word in ("王芳", "8001", "2026-10", ".wav", str(workspace.folder)))


def test_labels_are_escaped_and_what_has_no_value_is_left_out():
    metric = Metric("faults", "Help.", (({"code": 'a"b\\c\nd'}, 1.5),))
    found = _read(f"{metric}\n")
    assert found == {"qa_audit_faults": {'code="a\\"b\\\\c\\nd"': 1.5}}
    (family,) = text_string_to_metric_families(f"{metric}\n")
    assert family.samples[0].labels == {"code": 'a"b\\c\nd'}


def test_without_a_backup_its_age_is_absent(workspace):
    assert "backup" not in metrics_text(workspace)
    (workspace.folder / LAST_BACKUP_FILE).write_text("no json")
    assert "backup" not in metrics_text(workspace)


def test_the_command_and_the_file(workspace, tmp_path):
    words = ["metrics", "--workspace", str(workspace.folder)]
    shown = CliRunner().invoke(cli, words, standalone_mode=False).stdout
    path = tmp_path / "node" / "qa_audit.prom"
    CliRunner().invoke(cli, [*words, "--to", str(path)], standalone_mode=False, catch_exceptions=False)
    assert _read(path.read_text()).keys() == _read(shown).keys()
    assert path.stat().st_mode & 0o777 == 0o644
    told = json.loads(CliRunner().invoke(cli, [*words, "--json"], standalone_mode=False).stdout)
    assert {"state": "waiting", "value": 3} in told["qa_audit_recordings"]
    write_metrics(workspace, path)
    assert list(path.parent.iterdir()) == [path]
