import pytest
from pydantic import TypeAdapter, ValidationError

from qa_audit.scoring.rule_fields import (
    HowMany,
    Name,
    PatternText,
    Phrase,
    Similar,
    TakingBackText,
    TieredPhrase,
    WhichHit,
)
from qa_audit.store.toml_mistakes import NotAllowedError


def taken(kind, got):
    return TypeAdapter(kind).validate_python(got)


def refusal(kind, got):
    with pytest.raises((NotAllowedError, ValidationError)) as error:
        taken(kind, got)
    if isinstance(error.value, NotAllowedError):
        return error.value.code
    inner = error.value.errors()[0].get("ctx", {}).get("error")
    return inner.code if isinstance(inner, NotAllowedError) else error.value.errors()[0]["type"]


@pytest.mark.parametrize("name", ["甲", "问候_1", "greeting"])
def test_a_name_is_letters_digits_and_underscores(name):
    assert taken(Name, name) == name


@pytest.mark.parametrize(
    ("kind", "got", "code"),
    [
        (Name, "and", "scoring.refused.word"),
        (Name, "1甲", "scoring.refused.name"),
        (PatternText, " ", "scoring.refused.empty_pattern"),
        (PatternText, "(", "scoring.refused.pattern"),
        (PatternText, "好*", "scoring.refused.everywhere"),
        (TakingBackText, "[", "scoring.refused.pattern"),
        (Phrase, 7, "scoring.refused.no_text"),
        (Phrase, "？！", "scoring.refused.empty_phrase"),
        (Phrase, "啊？", "scoring.refused.only_fillers"),
        (PatternText, "，。", "scoring.refused.only_signs"),
        (PatternText, "(.{2000}){2000}", "scoring.refused.counts"),
        (WhichHit, 0, "scoring.refused.which_hit"),
        (WhichHit, True, "scoring.refused.which_hit"),
        (HowMany, "some", "scoring.refused.how_many"),
    ],
)
def test_what_no_rule_can_mean_is_refused(kind, got, code):
    assert refusal(kind, got) == code


@pytest.mark.parametrize("got", ["any", "each", "last", 1, 12])
def test_a_hit_is_named_by_a_word_or_its_number(got):
    assert taken(WhichHit, got) == got


def test_a_pattern_that_takes_hits_back_may_match_nothing():
    assert taken(TakingBackText, "好*") == "好*"


def test_a_phrase_is_text_or_text_with_a_tolerance():
    assert taken(Phrase, "您好") == TieredPhrase(text="您好", tolerance=None)
    assert taken(Phrase, {"text": "您好", "tolerance": "exact"}).tolerance == "exact"


def test_similar_needs_a_sentence_and_limits_in_order():
    assert Similar(to=("请稍等",)).at_least == 0.6
    assert refusal(Similar, {"to": []}) == "scoring.refused.no_sentence"
    assert refusal(Similar, {"to": ["请稍等"], "at_least": 0.9, "sure": 0.8}) == "scoring.refused.sure_below"
