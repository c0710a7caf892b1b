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
