import pytest
from pydantic import ValidationError

from qa_audit.scoring.said import Clauses, Likely, Window, Wording


def reasons(error):
    return [one["msg"] for one in error.value.errors()]


@pytest.mark.parametrize("field", ["phrases", "misheard"])
def test_a_phrase_without_a_word_is_refused(field):
    with pytest.raises(ValidationError) as error:
        Wording.model_validate({field: ["您好", "，。"]})
    assert reasons(error) == ["Value error, 话术里至少要有一个字或数字，不能只有标点"]


@pytest.mark.parametrize("field", ["phrases", "misheard"])
def test_a_phrase_of_fillers_alone_is_refused_as_such(field):
    with pytest.raises(ValidationError) as error:
        Wording.model_validate({field: ["啊？"]})
    assert reasons(error) == ["Value error, 话术里不能只有语气词（呃嗯啊哦噢诶欸唔呐），转写里不留它们"]


def test_patterns_stay_as_they_are_written_and_are_refused_where_they_count_too_far():
    assert Wording.model_validate({"patterns": ["（請|麻烦）\\d"]}).patterns == ("（請|麻烦）\\d",)
    with pytest.raises(ValidationError) as error:
        Wording.model_validate({"patterns": ["((好{1000}){1000}){1000}(.+)+再见"]})
    assert reasons(error)[0].startswith("Value error, 次数一层套一层，乘起来不能超过 10000")


@pytest.mark.parametrize(
    ("part", "field", "given"),
    [
        (Wording, "patterns", ["(请"]),
        (Wording, "unless", ["(请"]),
        (Likely, "lead", "(请"),
        (Likely, "follow", "(请"),
        (Clauses, "lead", "(请"),
        (Clauses, "patterns", ["(请"]),
        (Clauses, "unless", ["(请"]),
    ],
)
def test_what_is_no_pattern_is_refused_in_every_place(part, field, given):
    with pytest.raises(ValidationError) as error:
        part.model_validate({field: given})
    assert reasons(error)[0].startswith(
        "Value error, 有效的正则式（(请：第 1 个字处，左括号 ( 没有闭合，请补上 )）"
    )


def test_other_keys_are_refused():
    with pytest.raises(ValidationError) as error:
        Wording.model_validate({"phrase": ["您好"]})
    assert [one["type"] for one in error.value.errors()] == ["extra_forbidden"]


def test_a_wording_without_words_is_empty():
    assert Wording().empty
    assert Wording(unless=("吗",)).empty
    assert [Wording.model_validate({one: ["好"]}).empty for one in ("phrases", "patterns", "misheard")] == [
        False,
        False,
        False,
    ]


def test_a_window_is_one_end_of_the_call_at_most():
    assert [one.narrow for one in (Window(), Window(first_turns=2), Window(last_turns=1))] == [
        False,
        True,
        True,
    ]
    with pytest.raises(ValidationError) as error:
        Window(first_turns=1, last_turns=1)
    assert reasons(error) == ["Value error, first_turns and last_turns exclude each other"]


def test_what_sounds_alike_is_written_down_only_where_it_stands():
    assert "unlike" not in Wording(phrases=("再见",)).model_dump()
    assert Wording(phrases=("再见",), unlike=("再减.",)).model_dump()["unlike"] == ("再减.",)
