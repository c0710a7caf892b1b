import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.learned.pieces import END, FIRST, START, UNKNOWN, Pieces, of_texts

TEXTS = (START, END, UNKNOWN, FIRST, FIRST + "您", "您", "好", "您好", "好吗", "吗")
PIECES = Pieces(TEXTS, (0.0, 0.0, 0.0, -3.0, -4.0, -5.0, -5.0, -6.5, -7.0, -6.0))


def cut(sentence):
    return [TEXTS[one] for one in PIECES.ids(sentence)]


def test_the_likeliest_way_wins():
    assert cut("您好") == [START, FIRST + "您", "好", END]
    assert cut("好您好") == [START, FIRST, "好", "您好", END]
    assert cut("您好吗") == [START, FIRST + "您", "好吗", END]


def test_what_is_not_known_is_one_piece_a_character():
    assert cut("您x好") == [START, FIRST + "您", UNKNOWN, "好", END]
    assert cut("xy") == [START, FIRST, UNKNOWN, UNKNOWN, END]


def ways(text):
    """Every way to cut a text, and how likely it is."""
    if not text:
        yield [], 0.0
    for last in range(1, len(text) + 1):
        known = text[:last] in TEXTS[3:]
        if known or last == 1:
            cost = PIECES.scores[TEXTS.index(text[:last])] if known else min(PIECES.scores) - 10
            for rest, more in ways(text[last:]):
                yield [text[:last] if known else UNKNOWN, *rest], cost + more


@given(st.text("您好吗x", min_size=1, max_size=7))
def test_no_other_way_is_likelier(sentence):
    best = max(cost for _, cost in ways(FIRST + sentence))
    found = sum(
        PIECES.scores[one] if TEXTS[one] != UNKNOWN else min(PIECES.scores) - 10
        for one in PIECES.ids(sentence)[1:-1]
    )
    assert math.isclose(found, best)


@pytest.mark.parametrize(("most", "kept"), [(9, 5), (5, 5), (4, 4)])
def test_long_sentences_keep_their_end_mark(most, kept):
    (ids,) = of_texts(PIECES, ["xx"], most)
    assert len(ids) == kept
    assert (TEXTS[ids[0]], TEXTS[ids[-1]]) == (START, END)
