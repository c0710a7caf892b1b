"""Loudness and pitch in rules: told against the speaker's own voice, silent where nothing was measured."""

import tomllib

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_test import example_turns

TALK = "A: 您好，很高兴为您服务，请问您今天想要办理什么业务呢。"
MINE = """
id = "mine"
version = "1.0.0"
name_zh = "我的"
name_en = "mine"
[[items]]
id = "one"
name_zh = "一"
name_en = "one"
source = "s"
weight = 10
[items.check]
kind = "rule"
fail_when = "甲"
[[items.check.conditions]]
name = "甲"
"""


def verdict(condition, *lines):
    rules = Rubric.model_validate(tomllib.loads(MINE + condition))
    return score_call(example_turns(lines), CallFacts(), rules).items[0].verdict


@pytest.mark.parametrize(
    ("louder", "expected"), [("+9dB", "fail"), ("+6.2dB", "uncertain"), ("+4dB", "pass"), ("+9st", "pass")]
)
def test_louder_than_the_speakers_own(louder, expected):
    assert verdict('kind = "voice"\nlouder_db = 6', TALK, f"A({louder}): 我都跟您说过多少遍了") == expected


def test_a_moment_is_not_enough():
    assert verdict('kind = "voice"\nlouder_db = 6', TALK, "A@10-11(+9dB): 喂") == "pass"


def test_the_other_speaker_does_not_count():
    assert verdict('kind = "voice"\nlouder_db = 6', TALK, "C(+9dB): 我都跟你说过多少遍了") == "pass"


def test_how_often_and_where():
    two = 'kind = "voice"\nlouder_db = 6\ntimes = { at_least = 2 }'
    loud = "A(+9dB): 我都跟您说过多少遍了"
    assert verdict(two, TALK, TALK, loud) == "pass"
    assert verdict(two, TALK, TALK, loud, "C: 好。", loud) == "fail"
    assert verdict('kind = "voice"\nlouder_db = 6\nwhere = { first_turns = 1 }', TALK, TALK, loud) == "pass"


@pytest.mark.parametrize("lines", [[TALK], ["A(+9dB): 我都跟您说过"]], ids=["not measured", "too short"])
def test_without_measured_speech_nothing_is_inferred(lines):
    assert verdict('kind = "voice"\nlouder_db = 6', *lines) == "not_applicable"


def test_an_octave_mistaken_in_the_pitch_is_none():
    assert verdict('kind = "voice"\nhigher_st = 4', TALK, "A(+12st): 我都跟您说过多少遍了") == "pass"


@pytest.mark.parametrize("given", ["", "louder_db = 6\nhigher_st = 4"])
def test_exactly_one_limit(given, tmp_path):
    file = tmp_path / "rubric.toml"
    file.write_text(MINE + f'kind = "voice"\n{given}\n', encoding="utf-8")
    with pytest.raises(QaError) as caught:
        load_rubric(file)
    assert "louder_db" in str(caught.value)
