import json
import os
import re
import subprocess
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.lab import CONFIG, CONFIG_ZH, START_PAGE, config_paths, find_notebooks, lab_command
from qa_audit.messages import QaError, speaking


def test_jupyterlab_is_told_to_ask_no_outside_host(tmp_path):
    command = lab_command(tmp_path, ["--no-browser"])
    assert command[1:] == [
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={tmp_path}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LanguageServerManager.autodetect=False",
        "--no-browser",
    ]


def test_it_opens_on_the_start_page(tmp_path):
    (tmp_path / "README.md").write_text("#")
    assert "--LabApp.default_url=/lab/tree/README.md" in lab_command(tmp_path)


@pytest.mark.parametrize(
    ("lang", "expected"), [("zh", [CONFIG, CONFIG_ZH, "theirs"]), ("en", [CONFIG, "theirs"])]
)
def test_it_speaks_the_language_in_use(lang, expected):
    with speaking(lang):
        assert config_paths("theirs") == os.pathsep.join(map(str, expected))


def test_chinese_is_installed_with_it():
    overrides = json.loads((CONFIG_ZH / "labconfig" / "default_setting_overrides.json").read_text())
    assert overrides["@jupyterlab/translation-extension:plugin"] == {"locale": "zh_CN"}
    assert entry_points(group="jupyterlab.languagepack", name="zh_CN")


def test_a_notebook_is_run_without_a_question():
    overrides = json.loads((CONFIG / "labconfig" / "default_setting_overrides.json").read_text())
    (button,) = overrides["@jupyterlab/notebook-extension:panel"]["toolbar"]
    assert (button["name"], button["command"]) == ("restart-and-run", "notebook:run-all-cells")
    assert overrides["@jupyterlab/notebook-extension:tracker"] == {"autoStartDefaultKernel": True}


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Command lines that were run in place of JupyterLab, by root."""
    lines = []

    def run(command, **_):
        lines.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", run)
    return lines


def test_root_is_told_what_to_do_before_jupyterlab_starts(started, tmp_path):
    result = CliRunner().invoke(cli, ["lab", "--notebooks", str(tmp_path)])
    assert (result.exception.code, started) == ("lab.root", [])
    assert "请换普通用户再运行（runuser -u 用户名 -- qa-audit lab）" in result.exception.text("zh")
    assert "add --as-root" in result.exception.text("en")


@pytest.mark.parametrize("way", [["--as-root"], ["--", "--allow-root"]])
def test_root_may_start_it_if_asked_for(started, tmp_path, way):
    assert CliRunner().invoke(cli, ["lab", "--notebooks", str(tmp_path), *way]).exit_code == 0
    assert started[0][-1] == "--allow-root"


def test_who_is_not_root_starts_it_as_ever(started, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert CliRunner().invoke(cli, ["lab", "--notebooks", str(tmp_path)]).exit_code == 0
    assert "--allow-root" not in started[0]


def test_the_start_page_links_every_notebook_in_order():
    folder = find_notebooks(Path(__file__).parents[1])
    page = (folder / START_PAGE).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((\w+\.ipynb)\)", page)
    assert linked == [path.name for path in sorted(folder.glob("*.ipynb"))]


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
