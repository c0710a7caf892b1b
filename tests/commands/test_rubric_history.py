"""`qa-audit rubric history`, and when a standard comes on record."""

import hashlib
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError, set_language
from qa_audit.scoring.learned import learn as lessons
from qa_audit.workspace import Workspace
from tests.browser.made_workspace import make_workspace
from tests.scoring.learned.test_learn import other_detector

MANUAL = (Path(__file__).parents[2] / "docs" / "rubric.zh-CN.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _chinese(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """A workspace scored by three standards."""
    workspace = make_workspace(tmp_path_factory.mktemp("history") / "中心", ("20261013001",))
    workspace.score()
    file = workspace.folder / "rubric.toml"
    for before, after in (("weight = 8", "weight = 9"), ("weight = 9", "weight = 7")):
        file.write_text(file.read_text("utf-8").replace(before, after, 1), "utf-8")
        Workspace.open(workspace.folder).score()
    workspace.database.dispose()
    return workspace.folder


@pytest.fixture
def ran(scored):
    def run(*arguments):
        said = ["rubric", *arguments, "--workspace", str(scored)]
        return CliRunner().invoke(cli, said, standalone_mode=False)

    return run


def test_each_standard_by_which_calls_were_scored_is_listed_once(ran):
    told = ran("history").output.splitlines()
    assert [line.split()[0] for line in told[2:]] == ["3", "2", "1"]
    assert told[2].rstrip().endswith("1")
    kept = json.loads(ran("history", "--json").output)["uses"]
    assert [(one["number"], one["occasion"], one["detector"]) for one in kept] == [
        (1, "scored", "built-in"),
        (2, "scored", "built-in"),
        (3, "scored", "built-in"),
    ]


def test_a_number_is_told_in_words_or_word_for_word(ran, scored):
    assert ran("history", "--diff", "2").output == "差别 1 处：\n  greeting weight：8 → 9\n"
    assert ran("history", "--diff", "3").output == "差别 1 处：\n  greeting weight：9 → 7\n"
    present = (scored / "rubric.toml").read_bytes()
    assert ran("history", "--text", "3").output.encode() == present
    kept = json.loads(ran("history", "--json").output)["uses"]
    assert kept[2]["rubric_sha256"] == hashlib.sha256(present).hexdigest()
    assert ran("history", "--text", "1").output.encode() != present


@pytest.mark.parametrize(
    ("option", "number", "told"),
    [
        ("--text", "4", "没有第 4 号标准。现有 1 到 3 号，见 qa-audit rubric history。"),
        ("--diff", "4", "没有第 4 号标准。现有 1 到 3 号，见 qa-audit rubric history。"),
        ("--diff", "1", "第 1 号是记下的第一个标准，没有上一号可比。"),
    ],
)
def test_a_number_that_there_is_not_is_refused(ran, option, number, told):
    error = ran("history", option, number).exception
    assert isinstance(error, QaError)
    assert str(error) == told


def test_the_manual_s_commands_run(ran):
    lines = re.findall(r"^qa-audit rubric (history.*)$", MANUAL, re.MULTILINE)
    assert len(lines) == 3
    assert [ran(*shlex.split(line.partition(" > ")[0])).return_value for line in lines] == [0, 0, 0]


def test_a_workspace_without_scores_has_none(tmp_path):
    Workspace.create(tmp_path / "new").database.dispose()
    said = ["rubric", "history", "--workspace", str(tmp_path / "new")]
    assert CliRunner().invoke(cli, said).output == "还没有按任何评分标准评过分。\n"


def test_whoever_accepts_a_detector_is_on_record_before_anything_is_scored_by_it(tmp_path):
    workspace = make_workspace(tmp_path / "中心", ("20261013001",))
    workspace.database.dispose()
    detector = other_detector()
    version = detector.sha256[: lessons.NAME_DIGITS]
    (workspace.folder / lessons.FOLDER).mkdir()
    (workspace.folder / lessons.FOLDER / f"{version}.npz").write_bytes(detector.as_bytes())
    said = ["rubric", "learn", "--accept", version, "--workspace", str(workspace.folder)]
    assert CliRunner().invoke(cli, said).exit_code == 0
    listed = ["rubric", "history", "--json", "--workspace", str(workspace.folder)]
    kept = json.loads(CliRunner().invoke(cli, listed).output)["uses"]
    assert [(one["occasion"], one["detector"]) for one in kept] == [
        ("scored", "built-in"),
        ("accepted", version),
    ]
    assert kept[0]["rubric_sha256"] == kept[1]["rubric_sha256"]
    assert kept[0]["rubric_key"] != kept[1]["rubric_key"]
