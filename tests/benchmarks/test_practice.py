"""The calls on which rules of scripted items are developed."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.practice.compose import FAULTS, HERE, compose, labels
from benchmarks.practice.compose import main as compose_all
from benchmarks.practice.voices import main as recast_all

ROOT = Path(__file__).parents[2]
WORDS = tomllib.loads((HERE / "wordings.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def calls():
    return [compose(WORDS, number) for number in range(64)]


def test_the_committed_labels_are_those_of_the_first_calls(calls):
    made = [labels(call, number) for number, call in enumerate(calls)]
    assert json.loads((HERE / "labels.json").read_text(encoding="utf-8")) == made


def test_every_fault_is_planted_and_left_out(calls):
    for item in FAULTS:
        assert any(item in call["faults"] for call in calls)
        assert any(item not in call["faults"] and item not in call["not_judged"] for call in calls)


def test_a_call_without_a_title_names_none(calls):
    for call in calls:
        said = "".join(step[1] for step in call["turns"] if step[0] == "A")
        assert ("title" in call["faults"]) == (not any(one in said for one in ("先生", "女士", "小姐")))


@pytest.mark.parametrize("folder", ["recordings_sample", "benchmarks/calls"])
def test_no_longer_line_is_that_of_another_set(calls, folder):
    rows = json.loads((ROOT / folder / "labels.json").read_text(encoding="utf-8"))
    other = {turn["text"] for row in rows for turn in row["truth"]}
    own = {step[1] for call in calls for step in call["turns"] if step[0] != "wait"}
    # Closing words stand in every call centre's script.
    assert not {line for line in own & other if len(line) > 14}


def test_every_recast_call_has_two_voices_of_its_own(tmp_path):
    CliRunner().invoke(compose_all, [str(tmp_path), "--calls", "3"], catch_exceptions=False)
    CliRunner().invoke(recast_all, [str(tmp_path)], catch_exceptions=False)
    people = tomllib.loads((tmp_path / "scenarios/people.toml").read_text(encoding="utf-8"))
    assert (
        len({str(one["voice"]) for one in people["agent"]} | {str(v) for v in people["customer"].values()})
        == 6
    )
    calls = [
        tomllib.loads(path.read_text(encoding="utf-8"))
        for path in sorted((tmp_path / "scenarios").glob("P*.toml"))
    ]
    assert [(call["agent"], call["customer"], call["line"]["channels"]) for call in calls] == [
        ("R000", "c0", 2),
        ("R001", "c1", 2),
        ("R002", "c2", 2),
    ]
