import pytest

from qa_audit.messages import QaError
from qa_audit.workspace import Workspace, find_workspace


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


def test_a_workspace_is_found_from_below(workspace):
    below = workspace.folder / "a" / "b"
    below.mkdir(parents=True)
    assert find_workspace(below) == workspace.folder
    with pytest.raises(QaError) as error:
        find_workspace(workspace.folder.parent)
    assert error.value.code == "workspace.not_found"


def test_a_rubric_that_lies_there_already_is_kept(tmp_path, workspace):
    own = tmp_path / "own"
    own.mkdir()
    text = (workspace.folder / "rubric.toml").read_text(encoding="utf-8")
    (own / "rubric.toml").write_text(text.replace('"1.0.0"', '"1.0.7"', 1), encoding="utf-8")
    assert Workspace.create(own).rubric.version == "1.0.7"


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"agent_channel": "middle"}, "toml.invalid"),
        ({"model": "huge"}, "transcribe.model_unknown"),
        ({"preset": "hasty"}, "transcribe.preset_unknown"),
    ],
)
def test_wrong_choices_leave_no_workspace_behind(tmp_path, choices, code):
    with pytest.raises(QaError) as error:
        Workspace.create(tmp_path / "ws", **choices)
    assert error.value.code == code
    assert not (tmp_path / "ws" / "qa_audit.toml").exists()
    Workspace.create(tmp_path / "ws")


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


def test_without_recordings_import_says_how_to_name_them(tmp_path):
    with pytest.raises(QaError) as error:
        Workspace.create(tmp_path / "ws").import_calls()
    assert error.value.code == "workspace.no_recordings"
