"""The acoustic benchmark: which questions have known answers, and how answers are learnt to be read."""

import random

import pytest

from benchmarks.acoustic import Known, area_under_curve, labelled, learnt, wordings
from qa_audit.scoring import load_rubric
from qa_audit.transcribe.questions import Answer
from qa_audit.transcribe.turns import Transcript, Turn

CALL = {
    "id": "1",
    "truth": [
        {"role": "agent", "start_s": 0.0, "end_s": 3.0, "text": "您好，请问有什么可以帮您？"},
        {"role": "customer", "start_s": 3.5, "end_s": 5.0, "text": "我查话费。"},
        {"role": "agent", "start_s": 6.0, "end_s": 9.0, "text": "感谢您的来电，再见。"},
    ],
}
HEARD = (
    Turn("agent", 0.1, 3.1, "您好，请问有什么可以帮您？", 0.9),
    Turn("customer", 3.5, 5.0, "我查话费。", 0.9, 1),
    Turn("agent", 6.1, 9.0, "干些你得爱点，在家。", 0.4),
)


def asked():
    call = Transcript("ab", 10.0, 2, "toy", "toy", "balanced", HEARD)
    return list(labelled(CALL, call, wordings(load_rubric()), ["我们这边", "明天上午"]))


def test_what_was_said_and_misheard_is_known():
    said = {(one.kind, one.question.turns) for one in asked() if one.said and one.kind != "piece"}
    assert said == {("closing: 感谢您的来电", (2,))}  # 再见 is heard by a listed mishearing
    assert not any(one.kind == "greeting: 您好" and one.question.turns == (0,) for one in asked())


def test_of_what_was_not_said_the_nearest_by_sound_are_asked():
    absent = [one for one in asked() if not one.said and one.question.turns == (0,)]
    assert len(absent) == 2
    assert {one.kind for one in absent}.isdisjoint({"greeting: 您好", "greeting: 为您服务"})


def known(said, gain, call):
    return Known(call, 2, "title", said, Answer("q", 0, "女士", "你是", 0, 1, 2, 0.5, gain, gain / 2))


def test_thresholds_keep_to_the_errors_that_answers_may_make():
    chosen = random.Random(5)
    rows = [known(True, chosen.gauss(0, 3), f"{place % 9}") for place in range(300)]
    rows += [known(False, chosen.gauss(-15, 3), f"{place % 9}") for place in range(300)]
    reading = learnt("toy", rows)
    assert reading.gain > 0
    assert reading.no <= reading.doubt <= reading.yes
    wrong = [reading.says(one.answer) for one in rows if not one.said]
    assert wrong.count("yes") <= 0.015 * len(wrong)
    assert wrong.count("unclear") <= 0.17 * len(wrong)
    denied = [reading.says(one.answer) for one in rows if one.said].count("no")
    assert denied <= 0.06 * 300


def test_area_under_the_curve():
    assert area_under_curve([3, 2], [1, 0]) == 1.0
    assert area_under_curve([0, 1], [0, 1]) == pytest.approx(0.5)
