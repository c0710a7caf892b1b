import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.scoring.learned.readings import Readings, names_of


def lengths(said):
    return np.array([[len(one), 0.5] for one in said], np.float32)


def refuse(said):
    raise AssertionError(said)


def test_texts_have_names_of_their_own():
    names = names_of(["您好", "您好吗", "您好"])
    assert names[0] == names[2] != names[1]
    assert names.dtype == np.uint64


SAID = st.lists(st.text("您好请讲", min_size=1, max_size=4))


@given(SAID, SAID)
def test_readings_are_those_of_the_sentences_whatever_was_read_before(first, second):
    readings = Readings()
    readings.of(first, lengths)
    found = readings.of(second, lengths)
    assert found.tolist() == lengths(second).tolist()
    assert len(readings.made) == len({*first, *second})


def test_what_is_known_is_not_read():
    names = names_of(["请讲", "您好"])
    order = np.argsort(names)
    known = Readings(names[order], lengths(["请讲", "您好"])[order])
    assert known.of(["您好", "请讲", "您好"], refuse)[:, 0].tolist() == [2, 2, 2]
    assert known.made == {}
    assert known.of(["您好", "请"], lengths)[:, 0].tolist() == [2, 1]
    assert list(known.made) == names_of(["请"]).tolist()
