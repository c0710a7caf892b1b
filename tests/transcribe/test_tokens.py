import pytest

from qa_audit.transcribe.engine import Piece
from qa_audit.transcribe.tokens import Tokens, max_tokens


@pytest.fixture(scope="module")
def tokens():
    return Tokens(51_865)


def test_the_text_begins_with_prompt_language_and_task(tokens):
    special = tokens.tokenizer.special_tokens
    names = {token: name for name, token in special.items()}
    assert names[tokens.start[0]] == "<|startofprev|>"
    assert [names[one] for one in tokens.start[tokens.sot_at :]] == [
        "<|startoftranscript|>",
        "<|zh|>",
        "<|transcribe|>",
        "<|notimestamps|>",
    ]
    assert tokens.decode(tokens.start[1 : tokens.sot_at]) == "以下是普通话的句子。"


def test_a_later_vocabulary_has_one_language_more():
    assert Tokens(51_866).eot == Tokens(51_865).eot == 50_257
    assert "<|yue|>" in Tokens(51_866).tokenizer.special_tokens


def test_tokens_of_one_character_are_joined(tokens):
    ids = tokens.encode("喆好")
    assert len(ids) > 2
    spans = [(0.1 * place, 0.1 * place + 0.1) for place in range(len(ids))]
    first, last = tokens.characters(ids, spans, [-0.5] * len(ids))
    assert first == Piece("喆", 0.0, pytest.approx(0.1 * first.tokens), -0.5 * first.tokens, len(ids) - 1)
    assert (last.text, last.tokens) == ("好", 1)


def test_tokens_without_a_time_are_left_out(tokens):
    ids = tokens.encode("您好")
    assert [one.text for one in tokens.characters(ids, [(0.0, 0.2)], [-0.1])] == ["您"]


@pytest.mark.parametrize(("seconds", "most"), [(0.5, 18), (4, 70), (30, 200)])
def test_the_limit_grows_with_the_audio(seconds, most):
    assert max_tokens(round(seconds * 16_000)) == most


def test_a_text_that_ends_inside_a_character_is_no_error(tokens):
    first, *rest = tokens.encode("喆")
    assert rest
    assert list(tokens.words([*tokens.encode("好"), first])) == [
        ("好", tokens.encode("好")),
        ("\ufffd", [first]),
    ]


def test_words_are_those_of_whisper_where_it_has_any(tokens):
    ids = tokens.encode("您好，喆先生，一共是128元。")
    words, groups = tokens.tokenizer.split_tokens_on_unicode(ids)
    assert [(word, group) for word, group in tokens.words(ids)] == list(zip(words, groups, strict=True))


def test_odds_stand_on_the_signs_of_address_only(tokens):
    ids = tokens.encode("您的") + tokens.encode("你")
    spans = [(0.0, 0.1)] * len(ids)
    odds = [1.5] * (len(ids) - 1) + [float("nan")]
    pieces = tokens.characters(ids, spans, [-0.1] * len(ids), odds)
    assert [(one.text, one.formal) for one in pieces] == [("您", 1.5), ("的", None), ("你", None)]
