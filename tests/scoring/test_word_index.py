import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.word_index import WordIndex
from qa_audit.text.joined import codes_of


def found(words, text):
    places, numbers = WordIndex(words).find(codes_of(text))
    return sorted(zip(places.tolist(), (words[number] for number in numbers.tolist()), strict=True))


@pytest.mark.parametrize(
    ("words", "text", "places"),
    [
        (
            ["再见", "见", "再见了"],
            "再见再见了",
            [(0, "再见"), (1, "见"), (2, "再见"), (2, "再见了"), (3, "见")],
        ),
        (["谢谢"], "谢谢谢", [(0, "谢谢"), (1, "谢谢")]),
        (["𠮷野"], "在𠮷野", [(1, "𠮷野")]),
        (["好"], "", []),
        ([], "好", []),
        (["你好吗"], "你好", []),
        (["好你"], "好\n你", []),
    ],
)
def test_places_of_words(words, text, places):
    assert found(words, text) == places


@given(
    st.lists(st.text("一二三四", min_size=1, max_size=5), unique=True, max_size=12),
    st.text("一二三四五\n", max_size=30),
)
def test_all_places_of_all_words_are_found(words, text):
    expected = sorted(
        (place, word) for word in words for place in range(len(text)) if text.startswith(word, place)
    )
    assert found(words, text) == expected
