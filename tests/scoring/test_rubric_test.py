import pytest

from qa_audit.messages import speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.rubric import Example
from qa_audit.scoring.rubric_test import examples_of, failures, run_example

EXAMPLES = list(examples_of(load_rubric()))


@pytest.mark.parametrize(("item", "place", "example"), EXAMPLES, ids=[f"{i}-{p}" for i, p, _ in EXAMPLES])
def test_each_example_of_the_built_in_rubric(item, place, example):
    result = run_example(load_rubric(), item, place, example)
    assert result.ok, str(result)


def test_every_text_item_has_an_example_of_a_fault_and_of_none():
    shown = {item: {one.verdict for i, _, one in EXAMPLES if i == item} for item, _, _ in EXAMPLES}
    for item in load_rubric().items:
        if item.check.kind not in ("interrupting", "speech_rate", "raised_voice"):
            assert {"complies", "fault"} <= shown[item.id], item.id


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
