import pytest

from qa_audit.lab import find_notebooks, lab_command
from qa_audit.messages import QaError


def test_jupyterlab_is_told_to_ask_no_outside_host(tmp_path):
    command = lab_command(tmp_path, ["--no-browser"])
    assert command[1:] == [
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--no-browser",
    ]


def test_notebooks_are_found_from_a_folder_below(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01.ipynb").write_text("{}")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_notebooks(tmp_path / "a" / "b") == tmp_path / "notebooks"


def test_no_notebooks_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("qa_audit.lab.__file__", str(tmp_path / "qa_audit" / "lab.py"))
    with pytest.raises(QaError) as error:
        find_notebooks(tmp_path)
    assert error.value.code == "lab.no_notebooks"
