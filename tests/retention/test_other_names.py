import pytest

from qa_audit.retention.other_names import answered_name, asks_name, other_names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我叫阿依古丽", ["阿依古丽"]),
        ("我叫扎西多吉，扎西的扎", ["扎西多吉"]),
        ("户主是乌云其其格", ["乌云其其格"]),
        ("收件人姓名是巴特尔", ["巴特尔"]),
        ("我叫约翰史密斯", ["约翰史密斯"]),
        ("姓名是Anna Smith", ["Anna Smith"]),
        ("您好，我姓逄", ["逄"]),
        ("请问是扎西多吉先生吗", ["扎西多吉"]),
        ("我叫你们经理来", []),
        ("名字写错咯", []),
        ("姓名加卡尾号", []),
        ("我叫护工陪您去", []),
        ("您这张是白金卡，首年免年费", []),
        ("方便留个姓吗", []),
        ("百姓里头", []),
        ("我是VIP会员", []),
    ],
)
def test_a_name_of_another_form_is_told_from_words(text, found):
    assert sorted({text[start:end] for start, end in other_names(text)}) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("扎西多吉", "扎西多吉"), ("嗯，王", "王"), ("我叫Anna", "Anna"), ("等一下啊", None), ("不方便", None)],
)
def test_an_answer_begins_with_the_name(text, found):
    place = answered_name(text)
    assert (place and text[slice(*place)]) == found


def test_who_asks_for_a_name():
    assert [asks_name(one) for one in ("您怎么称呼", "请问贵姓", "您稍等")] == [True, True, False]
