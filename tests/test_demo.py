"""What the demo tells on its way, without a model; with one it is run in `tests/end_to_end/test_demo.py`."""

import shutil

import pytest

from qa_audit import run_steps
from qa_audit.demo import SAMPLES, run_demo
from qa_audit.transcribe.jobs import TranscribeOutcome
from qa_audit.transcribe.journal import tell
from qa_audit.workspace import Workspace


@pytest.fixture
def samples(tmp_path):
    """Two of the recordings, with the whole call list."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("call_list.csv", "roster.csv", "calls/20260902001.wav", "calls/20261009001.wav"):
        shutil.copy(SAMPLES / name, folder)
    return folder


def test_the_demo_imports_once_and_says_before_it_hears_how_many_it_will(samples, tmp_path, monkeypatch):
    imports, told = [], []
    import_calls = run_steps.import_calls

    def counted(*given, **options):
        imports.append(given)
        return import_calls(*given, **options)

    def heard(*_, **__):
        for _ in range(2):
            tell("recording.done")
        return TranscribeOutcome(2, 0, 0, 0)

    monkeypatch.setattr(run_steps, "import_calls", counted)
    monkeypatch.setattr(run_steps, "transcribe_pending", heard)
    monkeypatch.setattr(Workspace, "report", lambda *_, **__: ())
    lines = run_demo(tmp_path / "demo", samples, told.append)
    assert len(imports) == 1
    assert told == [
        f"导入、转写、评分：{tmp_path / 'demo'}",
        "已导入；要转写 2 个录音",
        "转写 1 / 2",
        "转写 2 / 2",
        "写 2026-09 的月报",
        "写 2026-10 的月报",
    ]
    assert "29 通" in lines[1]
    made = Workspace.open(tmp_path / "demo").settings
    assert (made.transcribe.engine, made.department.name) == ("openai-whisper", "示例客服中心")
    assert made.sources.roster == str(samples / "roster.csv")
