import os
from pathlib import Path

import pytest

from qa_audit.messages import QaError
from qa_audit.settings import Settings
from qa_audit.workspace import Workspace
from qa_audit.workspace_folder import database_address, find_workspace, rubric_of, source_path


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "录音").mkdir()
    return Workspace.create(tmp_path / "中心", recordings=tmp_path / "录音")


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


def test_paths_that_are_not_there_are_all_named_before_anything_is_made(tmp_path):
    with pytest.raises(QaError) as error:
        Workspace.create(tmp_path / "ws", recordings=tmp_path / "no", call_list=tmp_path / "list.xlsx")
    assert error.value.code == "workspace.sources_missing"
    assert error.value.text("zh") == (
        f"找不到：\n  --recordings {tmp_path / 'no'}\n  --call-list {tmp_path / 'list.xlsx'}\n"
        "请改正路径，或确认磁盘已挂载。没有建立工作区。"
    )
    assert not (tmp_path / "ws").exists()


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o750), (0o007, 0o770), (0o077, 0o700)])
def test_others_have_no_rights_in_a_folder_that_was_made(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        Workspace.create(tmp_path / "a" / "ws")
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "ws").stat().st_mode & 0o777 == mode


def test_a_folder_that_was_there_keeps_its_rights(tmp_path):
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws").chmod(0o755)
    Workspace.create(tmp_path / "ws")
    assert (tmp_path / "ws").stat().st_mode & 0o777 == 0o755


def test_a_folder_that_is_a_workspace_is_not_made_one_again(workspace):
    before = {path.name: path.read_bytes() for path in workspace.folder.iterdir() if path.suffix == ".toml"}
    with pytest.raises(QaError) as error:
        Workspace.create(workspace.folder, department="另一部")
    assert error.value.code == "workspace.exists"
    assert {path.name: path.read_bytes() for path in workspace.folder.glob("*.toml")} == before


def test_a_folder_without_a_rubric_has_the_built_in_one(tmp_path):
    assert (rubric_of(tmp_path).id, rubric_of(tmp_path).version) == ("zh_service", "1.0.0")


def test_the_database_lies_in_the_folder_unless_the_settings_name_a_server():
    folder = Path("/data/中心")
    assert database_address(folder, Settings()) == Path("/data/中心/qa_audit.db")
    server = Settings.model_validate({"database": {"url": "postgresql+psycopg://qa@db/qa"}})
    assert database_address(folder, server) == "postgresql+psycopg://qa@db/qa"


def test_a_source_is_the_one_given_else_the_noted_one_relative_to_the_workspace():
    folder = Path("/data/中心")
    assert source_path(folder, "/录音", "noted") == Path("/录音")
    assert source_path(folder, None, "录音") == Path("/data/中心/录音")
    assert source_path(folder, None, "/mnt/录音") == Path("/mnt/录音")
    assert source_path(folder, None, None) is None
