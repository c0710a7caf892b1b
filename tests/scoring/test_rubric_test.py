import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.example import Example
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_explain import explain
from qa_audit.scoring.rubric_test import (
    example_call,
    example_turns,
    examples_of,
    failures,
    run_example,
    run_examples,
    typed_call,
)

EXAMPLES = list(examples_of(load_rubric()))


@pytest.mark.parametrize(("item", "place", "example"), EXAMPLES, ids=[f"{i}-{p}" for i, p, _ in EXAMPLES])
def test_each_example_of_the_built_in_rubric(item, place, example):
    result = run_example(load_rubric(), item, place, example)
    assert result.ok, str(result)


def test_every_item_has_an_example_of_a_fault_and_of_none():
    shown = {item: {one.verdict for i, _, one in EXAMPLES if i == item} for item, _, _ in EXAMPLES}
    for item in load_rubric().items:
        assert {"complies", "fault"} <= shown[item.id], item.id


def test_lines_with_times_and_voices():
    calm, loud, high = example_turns(["A: 您好请讲", "A@4-6(+8dB): 说了不行", "C(+4st): 你怎么这样"])
    assert (loud.start_s, loud.end_s, loud.loudness_db) == (4.0, 6.0, (-14.0,) * 4)
    assert (calm.loudness_db, calm.pitch_st, high.pitch_st) == ((-22.0,), (86.0,), (90.0, 90.0))
    assert example_turns(["A: 您好"])[0].loudness_db == ()


def test_a_call_is_read_as_people_type_it():
    typed = "客户：怎么收费？/坐席: 每月39元。/C: 行。/ ... 5 / 那帮您办理。"
    read = [(turn.role, turn.text) for turn in typed_call(typed).turns]
    assert read == [
        ("customer", "怎么收费？"),
        ("agent", "每月39元。"),
        ("customer", "行。"),
        ("agent", "那帮您办理。"),
    ]
    assert [turn.text for turn in typed_call("A: 1/2 的费用，7/C座").turns] == ["1/2 的费用，7/C座"]


def test_a_call_typed_by_a_person_may_say_times_and_voices():
    turns = typed_call("A@0-2：您好 / C(+6dB): 你好 / 再见").turns
    assert [(turn.role, turn.end_s, turn.text) for turn in turns] == [
        ("agent", 2.0, "您好"),
        ("customer", 2.84, "你好"),
        ("agent", 3.68, "再见"),
    ]


@pytest.mark.parametrize(
    ("lines", "duration_s"),
    [
        (("A: 再见。",), 0.66),
        (("A: 再见。", "... 30"), 30.66),
        (("A: 再见。", "... 30", "... 2.5"), 33.16),
        (("A@0-9: 您好", "C@2-3: 喂", "... 2"), 9.0),
        (("A@0-9: 您好", "C@2-3: 喂", "... 8"), 11.0),
        (("... 8",), 8.0),
    ],
)
def test_silence_at_the_end_makes_a_call_longer(lines, duration_s):
    assert example_call(lines).duration_s == duration_s
    assert example_call(lines).turns == example_turns(lines)


@pytest.mark.parametrize(("silence", "got"), [("... 30", "fail"), ("... 2", "pass")])
def test_silence_at_the_end_of_an_example_is_heard(silence, got):
    hung_up = {"kind": "measure", "name": "甲", "of": "last_silence_s", "at_least": 10}
    named = {"id": "x", "name_zh": "x", "name_en": "x", "source": "s"}
    item = {**named, "weight": 1, "check": {"kind": "rule", "fail_when": "甲", "conditions": [hung_up]}}
    rubric = Rubric.model_validate(
        {"id": "t", "version": "1.0.0", "name_zh": "t", "name_en": "t", "items": [item]}
    )
    example = Example.model_validate({"is": "fault", "turns": ["A: 再见。", silence]})
    assert run_example(rubric, "x", 0, example).got == got
    assert explain("x", typed_call(f"A: 再见。 / {silence}"), CallFacts(), rubric).finding.verdict == got


def test_a_wrong_expectation_is_reported():
    rubric = load_rubric()
    item = rubric.items[0].model_copy(
        update={"examples": (Example.model_validate({"is": "fault", "turns": ["A: 您好。"]}),)}
    )
    wrong = item.examples[0].model_copy(update={"verdict": "complies"})
    rubric = rubric.model_copy(
        update={"items": (item.model_copy(update={"examples": (wrong,)}),), "situations": ()}
    )
    [result] = failures(rubric)
    assert (result.id, result.expected, result.got) == ("greeting", "pass", "fail")
    with speaking("en"):
        assert str(result) == "greeting, example 1: expected pass, got fail: A: 您好。"


def test_an_example_that_is_judged_otherwise_is_explained_with_its_facts():
    example = {"is": "complies", "turns": ["A: 您好。"], "facts": {"ring_s": 40}}
    example = Example.model_validate(example)
    items = [one for one in load_rubric().items if one.id in ("greeting", "answer_promptly")]
    items = tuple(one.model_copy(update={"examples": (example,) * 6}) for one in items)
    rubric = load_rubric().model_copy(update={"items": items, "situations": ()})
    told = run_examples(rubric)
    with speaking("zh"):
        assert "有确定的依据" not in str(told)
        lines = told.explained(rubric).splitlines()
    assert sum("应为“合格”，得到“不合格”" in line for line in lines) == 12
    assert sum(line == "      不合格：有确定的依据。" for line in lines) == 10
    assert any("40" in line for line in lines)
