import re

import pytest

from qa_audit.text.surnames import COMPOUND_SURNAMES, SURNAMES, surname_pattern


def test_each_surname_is_one_or_two_characters_and_stands_once():
    assert len(set(SURNAMES)) == len(SURNAMES)
    assert {len(one) for one in COMPOUND_SURNAMES} == {2}
    assert len(set(COMPOUND_SURNAMES)) == len(COMPOUND_SURNAMES)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王先生", "王"),
        ("洪女士", "洪"),
        ("常经理", "常"),
        ("欧阳女士", "欧阳"),
        ("兰女士", None),
        ("我说", None),
    ],
)
def test_a_surname_is_found_at_the_beginning(text, found):
    match = re.match(surname_pattern(), text)
    assert (match and match[0]) == found


def test_further_surnames_may_be_named():
    pattern = surname_pattern(seldom="兰", compound=("南宫",))
    assert [re.match(pattern, one)[0] for one in ("兰女士", "南宫先生", "司马先生")] == ["兰", "南宫", "司马"]
