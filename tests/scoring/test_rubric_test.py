import pytest

from qa_audit.messages import speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.example import Example
from qa_audit.scoring.rubric_test import (
    call_text_turns,
    example_turns,
    examples_of,
    failures,
    run_example,
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
    read = [(turn.role, turn.text) for turn in call_text_turns(typed)]
    assert read == [
        ("customer", "怎么收费？"),
        ("agent", "每月39元。"),
        ("customer", "行。"),
        ("agent", "那帮您办理。"),
    ]
    assert [turn.text for turn in call_text_turns("A: 1/2 的费用，7/C座")] == ["1/2 的费用，7/C座"]


def test_a_call_typed_by_a_person_may_say_times_and_voices():
    turns = call_text_turns("A@0-2：您好 / C(+6dB): 你好 / 再见")
    assert [(turn.role, turn.end_s, turn.text) for turn in turns] == [
        ("agent", 2.0, "您好"),
        ("customer", 2.84, "你好"),
        ("agent", 3.68, "再见"),
    ]


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
