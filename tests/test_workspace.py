import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError
from qa_audit.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "录音").mkdir()
    return Workspace.create(tmp_path / "中心", recordings=tmp_path / "录音", department='"一"部')


def test_what_init_makes(workspace, tmp_path):
    assert sorted(path.name for path in workspace.folder.iterdir() if path.suffix == ".toml") == [
        "qa_audit.toml",
        "rubric.toml",
    ]
    assert workspace.settings.sources.recordings == str(tmp_path / "录音")
    assert workspace.settings.department.name == '"一"部'
    assert (workspace.choices.engine, workspace.choices.preset) == ("openai-whisper", "balanced")
    assert workspace.rubric.id == "zh_service"


def test_the_glossary_that_init_makes_is_empty_and_one_that_lies_there_is_kept(workspace, tmp_path):
    text = (workspace.folder / "glossary.txt").read_text(encoding="utf-8")
    assert text.startswith("# 词表")
    assert workspace.settings.transcribe.glossary.terms == ()
    own = tmp_path / "own"
    own.mkdir()
    (own / "glossary.txt").write_bytes("云岭宽带\n".encode("gbk"))
    made = Workspace.create(own)
    assert [term.text for term in made.settings.transcribe.glossary.terms] == ["云岭宽带"]
    assert (own / "glossary.txt").read_bytes() == "云岭宽带\n".encode("gbk")


def test_another_glossary_makes_other_turns_beside_the_old(workspace):
    def key():
        settings = Workspace.open(workspace.folder).settings.transcribe
        return settings.key("a" * 64, workspace.choices.digest)

    keys = [key()]
    file = workspace.folder / "glossary.txt"
    for text in ("云岭宽带\n", "云岭宽带\n张伟\n"):
        file.write_text(text, encoding="utf-8")
        keys.append(key())
    file.write_text("# 换了次序\n张伟\n云岭宽带\n", encoding="utf-8")
    assert key() == keys[-1]
    file.unlink()
    assert key() == keys[0]
    assert len(set(keys)) == 3


def test_a_glossary_is_held_against_the_workspace_s_own_rubric(workspace):
    file = workspace.folder / "glossary.txt"
    file.write_text("云\n有请贵客\n再见\n", encoding="utf-8")
    with pytest.raises(QaError) as error:
        Workspace.open(workspace.folder)
    told = error.value.text("en").splitlines()
    assert error.value.code == "glossary.invalid"
    assert [line.strip()[:6] for line in told[1:]] == ["line 1", "line 3"]
    rubric = workspace.folder / "rubric.toml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace('"应该的"', '"应该的", "有请贵客"', 1), encoding="utf-8")
    with pytest.raises(QaError) as error:
        Workspace.open(workspace.folder)
    assert [line.strip()[:6] for line in error.value.text("en").splitlines()[1:]] == [
        "line 1",
        "line 2",
        "line 3",
    ]


def test_an_empty_folder_of_recordings_is_no_month(workspace):
    outcome = workspace.run()
    assert not outcome.failed
    assert workspace.months() == []
    with pytest.raises(QaError) as error:
        workspace.month("2026-10")
    assert error.value.code == "workspace.empty_month"
    with pytest.raises(QaError) as error:
        workspace.turns("nobody")
    assert error.value.code == "workspace.unknown_call"


def test_status_says_how_far_a_workspace_is(workspace, tmp_path):
    (tmp_path / "录音" / "a.wav").write_bytes(bytes(32_000))
    workspace.import_calls()
    assert (workspace.status().total.waiting, workspace.status().total.left_s) == (1, 2.0)
    told = CliRunner().invoke(cli, ["status", "--workspace", str(workspace.folder), "--json"])
    assert (told.exit_code, json.loads(told.output)["months"]["undated"]["waiting"]) == (0, 1)


def test_a_script_that_scores_stored_turns_waits_for_no_heavy_library():
    code = (
        "import sys, qa_audit.workspace, qa_audit.months.glance; print(*({*sys.argv[1:]} & {*sys.modules}))"
    )
    heavy = ("torch", "matplotlib", "scipy", "typst", "xlsxwriter", "ipywidgets", "ctranslate2")
    told = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
