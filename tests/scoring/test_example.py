"""Lines of the short calls that test a rubric: which are lines at all, and what stands in them."""

import pytest
from pydantic import ValidationError

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import speaking
from qa_audit.scoring.example import EXAMPLE_LINE, SILENCE_LINE, Example, ExampleFacts


def example(*lines, expected="fault", **more):
    return Example.model_validate({"is": expected, "turns": lines, **more})


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("A: 您好。", ("A", None, None, None, None, "您好。")),
        ("C:你好", ("C", None, None, None, None, "你好")),
        ("S: 您的电话正在转接", ("S", None, None, None, None, "您的电话正在转接")),
        ("?: 喂", ("?", None, None, None, None, "喂")),
        ("A@4-7: 不行", ("A", "4", "7", None, None, "不行")),
        ("C@0.5-12.25: 我要报修", ("C", "0.5", "12.25", None, None, "我要报修")),
        ("A(+8dB): 不行", ("A", None, None, "+8", "dB", "不行")),
        ("C(-3.5st): 算了", ("C", None, None, "-3.5", "st", "算了")),
        ("A@4-7(+4st): 说了不行", ("A", "4", "7", "+4", "st", "说了不行")),
        ("A: 三点：两点半", ("A", None, None, None, None, "三点：两点半")),
        ("A: C: 你好", ("A", None, None, None, None, "C: 你好")),
    ],
)
def test_who_speaks_when_how_and_what(line, parts):
    said = EXAMPLE_LINE.fullmatch(line)
    assert said is not None
    assert said.groups() == parts
    assert example(line).turns == (line,)


def test_a_full_width_colon_after_who_speaks_is_read_as_a_half_width_one():
    assert example("C：这个：多少钱").turns == ("C:这个：多少钱",)


@pytest.mark.parametrize(
    ("line", "seconds"), [("... 12", "12"), ("...5", "5"), ("... 0.5", "0.5"), ("... 9.75", "9.75")]
)
def test_a_silence_has_its_seconds(line, seconds):
    silence = SILENCE_LINE.fullmatch(line)
    assert silence is not None
    assert silence[1] == seconds
    assert EXAMPLE_LINE.fullmatch(line) is None
    assert example("A: 请稍等", line).turns == ("A: 请稍等", line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "您好",
        "A:",
        "A: ",
        "A:  您好",
        "a: 您好",
        "B: 您好",
        "AC: 您好",
        " A: 您好",
        "A: 您好\nC: 你好",
        "A: 您好\n",
        "A@4: 您好",
        "A@-7: 您好",
        "A@4-7.: 您好",
        "A@7-4: 您好",
        "A@7-7: 您好",
        "A@４-７: 您好",
        "A(8dB): 您好",
        "A(+8): 您好",
        "A(+8db): 您好",
        "A(+8dB)@4-7: 您好",
        "...",
        "... ",
        "... -3",
        "... 3s",
        "...  3",
        "… 3",
        ".. 3",
    ],
)
def test_anything_else_is_refused(line):
    with pytest.raises(ValidationError):
        example(line)


def test_a_line_that_ends_before_it_begins_is_told_in_both_languages():
    with pytest.raises(ValidationError) as caught:
        example("A@5-3: 好")
    refused = caught.value.errors()[0]["ctx"]["error"]
    with speaking("zh"):
        told = "说完要晚于开始：5 秒开始，不能 3 秒说完。“A@4-7:”是从第 4 秒说到第 7 秒"
        assert str(refused) == told
    with speaking("en"):
        told = "a line that ends after it begins, not from 5 s to 3 s: A@4-7: is said from second 4 to 7"
        assert str(refused) == told


@pytest.mark.parametrize("expected", ["complies", "fault", "unclear", "not_applicable"])
def test_an_author_expects_one_of_four_things(expected):
    assert example("A: 您好", expected=expected).verdict == expected


@pytest.mark.parametrize("expected", ["pass", "fail", "uncertain", "", None])
def test_the_names_of_verdicts_are_not_what_an_author_writes(expected):
    with pytest.raises(ValidationError):
        example("A: 您好", expected=expected)


def test_an_example_has_a_line_and_says_what_it_expects():
    with pytest.raises(ValidationError):
        example()
    with pytest.raises(ValidationError):
        Example.model_validate({"turns": ["A: 您好"]})
    with pytest.raises(ValidationError):
        Example.model_validate({"verdict": "fault", "turns": ["A: 您好"]})


def test_one_bad_line_among_good_ones_is_enough():
    with pytest.raises(ValidationError) as caught:
        example("A: 您好", "B: 你好", "A: 请讲")
    assert [one["loc"] for one in caught.value.errors()] == [("turns", 1)]


def test_facts_are_not_known_unless_they_are_given():
    assert example("A: 您好").facts == ExampleFacts()
    assert ExampleFacts().model_dump() == {
        "direction": None,
        "ring_s": None,
        "internal": None,
        "hangup_by": None,
        "line": None,
        "team": None,
        "time": None,
        "date": None,
        "weekday": None,
        "columns": {},
    }
    assert ExampleFacts().as_facts() == CallFacts()
    given = {"direction": "outbound", "ring_s": 21, "internal": False, "hangup_by": "customer"}
    given |= {
        "line": "宽带",
        "team": "一班",
        "time": "21:35",
        "date": "2026-10-03",
        "weekday": "周六",
        "columns": {"业务 类型": "新装"},
    }
    known = example("A: 您好", facts=given).facts
    assert known.model_dump() == given
    assert known.as_facts() == CallFacts(
        "outbound",
        21,
        False,
        "customer",
        "宽带",
        "一班",
        "21:35",
        "2026-10-03",
        "周六",
        (("业务类型", "新装"),),
    )
    assert isinstance(hash(known), int)


@pytest.mark.parametrize(
    "facts",
    [
        {"direction": "in"},
        {"hangup_by": "system"},
        {"ring_s": "long"},
        {"ringing": 3},
        {"internal": "maybe"},
        {"time": "25:00"},
        {"date": "2026-02-30"},
        {"weekday": "工作日"},
        {"columns": {"年龄": 3}},
        {"columns": [["年龄", "3"]]},
    ],
)
def test_facts_that_no_call_can_have_are_refused(facts):
    with pytest.raises(ValidationError):
        example("A: 您好", facts=facts)


def test_no_other_keys_may_stand_in_an_example():
    with pytest.raises(ValidationError):
        example("A: 您好", note="一")


def test_an_example_does_not_change():
    with pytest.raises(ValidationError):
        example("A: 您好").verdict = "complies"
    with pytest.raises(ValidationError):
        ExampleFacts().ring_s = 3.0
