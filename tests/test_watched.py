import json
from dataclasses import replace

import pytest

from qa_audit.messages import QaError
from qa_audit.settings import OperationsSettings
from qa_audit.watched import watched


def _watched(workspace):
    chosen = OperationsSettings(metrics="qa_audit.prom", log="qa_audit.log")
    return replace(workspace, settings=workspace.settings.model_copy(update={"operations": chosen}))


def _events(workspace):
    return [json.loads(line) for line in (workspace.folder / "qa_audit.log").read_text().splitlines()]


def test_a_run_leaves_a_log_and_metrics(scored):
    workspace = _watched(scored)
    workspace.run()
    told = _events(workspace)
    assert [one["event"] for one in told] == ["run.started", "run.ended"]
    assert (told[1]["done"], told[1]["kept"], told[1]["failed_recordings"]) == (0, 5, 0)
    assert 'qa_audit_recordings{state="done"} 5' in (workspace.folder / "qa_audit.prom").read_text()


def test_a_run_that_breaks_off_is_told_by_its_code_alone(scored):
    workspace = _watched(scored)
    with pytest.raises(QaError), watched(workspace):
        raise QaError("store.disk_full", path="/home/王芳")
    with pytest.raises(ValueError, match="王芳"), watched(workspace):
        raise ValueError("王芳")
    told = [one for one in _events(workspace) if one["event"] == "run.broken_off"]
    assert [one["code"] for one in told] == ["store.disk_full", "unforeseen"]
    assert "王芳" not in (workspace.folder / "qa_audit.log").read_text()
    assert (workspace.folder / "qa_audit.prom").is_file()


def test_nothing_is_left_unless_asked(scored):
    before = set(scored.folder.iterdir())
    with watched(scored):
        pass
    assert set(scored.folder.iterdir()) == before
