"""The model of mishearing: pairs of what was said and heard, what is learnt from them, and what is drawn."""

import json
import random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.mishearing import learn, table
from benchmarks.mishearing.align import align
from benchmarks.mishearing.calls import misheard
from benchmarks.mishearing.model import Mishearing, load
from benchmarks.mishearing.pairs import kept, pairs_of
from benchmarks.practice.__main__ import MODEL
from qa_audit.transcribe.turns import Transcript, Turn

WORDS = st.text("您好请再见感谢的来电问零一", max_size=8)
CALL = {
    "id": "1",
    "file": "calls/1.wav",
    "channels": 2,
    "truth": [
        {"role": "agent", "start_s": 0.0, "end_s": 2.0, "text": "您好，请讲。"},
        {"role": "customer", "start_s": 2.2, "end_s": 4.0, "text": "我要报修。"},
        {"role": "agent", "start_s": 4.2, "end_s": 6.0, "text": "好的，再见。"},
    ],
}
HEARD = Transcript(
    "", 7.0, 2, "toy", "base", "balanced",
    (
        Turn("agent", 0.0, 2.0, "您好，请将。", 0.9, 0),
        Turn("customer", 2.2, 4.0, "我要抱", 0.7, 1),
        Turn("agent", 4.2, 6.0, "好的再一见", 0.8, 0),
    ),
    1.0,
)  # fmt: skip


def test_steps_lead_from_one_text_to_the_other():
    assert align("再见", "再见") == [(0, 0), (1, 1)]
    assert align("再见", "在") == [(0, 0), (1, None)]
    assert align("", "好") == [(None, 0)]


@given(WORDS, WORDS)
def test_every_character_is_in_one_step(said, heard):
    steps = align(said, heard)
    assert [one.said for one in steps if one.said is not None] == list(range(len(said)))
    assert [one.heard for one in steps if one.heard is not None] == list(range(len(heard)))


def test_marks_follow_their_characters():
    assert kept("呃，100号!") == kept("100号！")
    assert kept("好,的").marks == ("，", "")


def test_pairs_hold_what_was_written_for_each_character():
    first, last, customer = pairs_of(CALL, HEARD)
    assert (first.said.text, first.heard, first.confidence) == ("您好请讲", ("您", "好", "请", "将"), 0.9)
    assert customer.heard == ("我", "要", "抱", "")
    assert last.heard == ("好", "的", "再一", "见")
    assert first.heard_roles == {"agent"}
    assert not first.shared


def learnt():
    model = Mishearing()
    model.learn(pairs_of(CALL, HEARD))
    return model


def test_counts_are_those_of_the_pairs():
    model = learnt()
    assert model.seen["讲"] == 1
    assert model.outcomes["讲"] == {"将": 1}
    assert model.outcomes["再"] == {"再一": 1}
    assert model.pair_outcomes["请讲"] == {"将": 1}
    assert [(one.wrong, one.length) for one in model.turns] == [(1, 4), (1, 4), (2, 4)]


def test_what_is_saved_is_read_again(tmp_path):
    model = learnt()
    model.save(tmp_path / "model.json", {"sources": []})
    again = load(tmp_path / "model.json")
    for name in ("seen", "outcomes", "pairs_seen", "pair_outcomes", "marks", "turns", "cuts", "mixed"):
        assert getattr(again, name) == getattr(model, name)


def test_a_faultless_recogniser_mishears_nothing():
    said = HEARD.turns
    turns = tuple(
        Turn(one.role, one.start_s, one.end_s, truth["text"], 0.9, one.channel)
        for one, truth in zip(said, CALL["truth"], strict=True)
    )
    model = Mishearing()
    for _ in range(60):
        model.learn(pairs_of(CALL, Transcript("", 7.0, 2, "", "", "", turns, 1.0)))
    drawn = [misheard(CALL, model, seed) for seed in range(20)]
    right = sum([one.text for one in call.turns] == [one.text for one in turns] for call in drawn)
    assert right >= 15


def test_the_same_seed_draws_the_same():
    model = load(MODEL)
    assert misheard(CALL, model, 3) == misheard(CALL, model, 3)
    assert len({misheard(CALL, model, seed).turns for seed in range(12)}) > 6


def test_as_much_is_misheard_as_was_learnt():
    model = load(MODEL)
    text = kept("您好，请问有什么可以帮您？感谢您的来电，再见。")
    chance, drawer = random.Random(1), model.drawer()
    wrong = total = 0
    for _ in range(300):
        drawn = drawer.turn(text, chance)
        if drawn is None:
            continue
        heard = kept(drawn.text).text
        steps = align(text.text, heard)
        total += len(text.text)
        wrong += sum(
            one.heard is None or one.said is None or text.text[one.said] != heard[one.heard] for one in steps
        )
    assert 0.03 < wrong / total < 0.3


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "labels.json").write_text(json.dumps([CALL]), encoding="utf-8")
    turns = [
        {"role": one.role, "start_s": one.start_s, "end_s": one.end_s, "text": one.text,
         "confidence": one.confidence, "channel": one.channel}
        for one in HEARD.turns
    ]  # fmt: skip
    line = {"recording": "calls/1.wav", "channels": 2, "engine": "toy", "model": "base", "turns": turns}
    (tmp_path / "heard.jsonl").write_text(json.dumps(line), encoding="utf-8")
    return tmp_path


def test_the_commands_learn_from_a_folder(folder):
    sources = [str(folder / "set"), str(folder / "heard.jsonl")]
    done = CliRunner().invoke(learn.main, [*sources, "--out", str(folder / "model.json")])
    assert done.exit_code == 0, done.output
    assert load(folder / "model.json").outcomes["讲"] == {"将": 1}
    done = CliRunner().invoke(table.main, [*sources, "--out", str(folder / "table.tsv")])
    assert done.exit_code == 0, done.output
    lines = (folder / "table.tsv").read_text(encoding="utf-8").splitlines()
    assert "# set: 1 calls heard by toy base " in lines[2]
    assert "hao\thao\t2" in lines
    assert "\tyi\t1" in lines
    assert "xiu\t\t1" in lines


def test_sources_come_in_pairs(folder):
    done = CliRunner().invoke(learn.main, [str(folder / "set"), "--out", str(folder / "model.json")])
    assert done.exit_code == 2
