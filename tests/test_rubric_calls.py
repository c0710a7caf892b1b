"""Rubrics against the calls of a workspace: explained by id, and two rubrics compared call by call."""

import json

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from qa_audit.calls.query import calls_frame, month_of
from qa_audit.cli import cli
from qa_audit.pipeline import turns_key
from qa_audit.scoring.learned import learn
from qa_audit.scoring.learned.model import LinearDetector, Scale
from qa_audit.scoring.learned.semantic import built_in_detector
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.store.files import write_bytes
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript
from qa_audit.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    """A workspace with one transcribed call."""
    (tmp_path / "录音").mkdir()
    soundfile.write(tmp_path / "录音" / "20261001001.wav", np.zeros((8000, 2)), 8000)
    made = Workspace.create(tmp_path / "中心", recordings=tmp_path / "录音")
    made.import_calls()
    [call] = calls_frame(made.database).iter_rows(named=True)
    last = "A: 我打包票今晚一定给你修好，感谢您的来电，再见"
    turns = example_turns(["A: 早安，长风物业客服中心，很高兴为您服务", "C: 报修", last])
    key = turns_key(call, made.settings.transcribe, made.choices.digest)
    transcript = Transcript(call["sha256"], 12.0, 2, "e", "m", "p", turns)
    write_part(turns_frame(transcript), made.results, TURNS, month_of(call["start"]), key)
    return made


def ran(*arguments):
    return CliRunner().invoke(cli, ["rubric", *map(str, arguments)], standalone_mode=False)


@pytest.fixture
def own_detector(workspace):
    """A detector of the workspace's own, which finds no fault."""
    known = built_in_detector().linear
    scales = tuple(Scale(one.unit, one.bias, 1e9, 1e9) for one in known.scales)
    own = LinearDetector(known.items, known.buckets, known.weights, scales, known.made_from)
    version = own.sha256[: learn.NAME_DIGITS]
    write_bytes(workspace.folder / learn.FOLDER / f"{version}.npz", own.as_bytes())
    learn.accept(workspace.folder, version)
    return own


def explained(workspace, item):
    [call_id] = calls_frame(workspace.database)["call_id"]
    run = ran("explain", item, call_id, "--workspace", workspace.folder, "--json")
    return json.loads(run.output)["verdict"]


def turned(workspace, *rubrics):
    return json.loads(ran("diff", *rubrics, "--workspace", workspace.folder, "--json").output)


def test_the_packages_detector_explains_where_there_is_no_other(workspace):
    assert explained(workspace, "no_overpromise") == "fail"


def test_the_workspaces_own_detector_explains_and_compares(workspace, own_detector, tmp_path):
    assert explained(workspace, "no_overpromise") == "uncertain"
    new = tmp_path / "new.toml"
    lines = built_in_rubric_text().replace('detector = "no_overpromise"\n', "", 1)
    assert lines != built_in_rubric_text()
    new.write_text(lines, encoding="utf-8")
    assert turned(workspace, workspace.folder / "rubric.toml", new)["verdicts_changed"] == [
        {
            "call_id": "20261001001",
            "item": "no_overpromise",
            "old": "uncertain",
            "new": "fail",
            "aside": False,
        }
    ]


def test_what_people_judge_alone_is_told_and_changes_no_score(workspace, tmp_path):
    new = tmp_path / "new.toml"
    text = built_in_rubric_text().replace('phrases = ["您好"]', 'phrases = ["您好", "早安"]', 1)
    new.write_text(text, encoding="utf-8")
    assert turned(workspace, workspace.folder / "rubric.toml", new)["scores_changed"] == 1
    workspace.rule_status.change("greeting", "manual", who="主管", reason="测试", override=True)
    told = turned(workspace, workspace.folder / "rubric.toml", new)
    assert told["scores_changed"] == 0
    assert [(one["item"], one["aside"]) for one in told["verdicts_changed"]] == [("greeting", True)]


def test_a_call_is_explained_by_its_id(workspace):
    [call_id] = calls_frame(workspace.database)["call_id"]
    transcript, facts = workspace.transcript(call_id)
    assert (len(transcript.turns), transcript.duration_s, facts.ring_s) == (3, 12.0, None)
    run = ran("explain", "closing", call_id, "--workspace", workspace.folder, "--json")
    assert json.loads(run.output)["verdict"] == "pass"
    unknown = ran("explain", "closing", "nothing", "--workspace", workspace.folder)
    assert unknown.exception.code == "workspace.unknown_call"


def test_two_rubrics_are_compared_over_the_calls_and_nothing_is_stored(workspace, tmp_path):
    new = tmp_path / "new.toml"
    text = built_in_rubric_text().replace('phrases = ["您好"]', 'phrases = ["您好", "早安"]', 1)
    new.write_text(text, encoding="utf-8")
    before = sorted(path for path in workspace.results.rglob("*") if path.is_file())
    run = ran("diff", workspace.folder / "rubric.toml", new, "--workspace", workspace.folder, "--json")
    told = json.loads(run.output)
    assert told["calls"] == 1
    assert [(one["item"], one["old"], one["new"]) for one in told["verdicts_changed"]] == [
        ("greeting", "fail", "pass")
    ]
    assert sorted(path for path in workspace.results.rglob("*") if path.is_file()) == before
