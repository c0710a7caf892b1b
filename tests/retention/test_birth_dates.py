import pytest

from qa_audit.retention.birth_dates import answered_birth_date, asks_birth_date, birth_dates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我一九八五年三月十二号生的", ["一九八五年三月十二号"]),
        ("出生日期是85年3月12", ["85年3月12"]),
        ("身份证上是 1985.3.12", ["1985.3.12"]),
        ("生日是腊月初八", ["腊月初八"]),
        ("她七九年出生", ["七九年"]),
        ("生日写的是2001年1月9日，其实是2000年12月9日", ["2001年1月9日", "2000年12月9日"]),
        ("一九八五年生产的", []),
        ("去年三月办的卡", []),
        ("十月一号生效", []),
        ("身份证有效期到2030年5月1号", []),
        ("您好，祝您生日快乐", []),
    ],
)
def test_a_date_of_birth_is_told_by_what_stands_beside_it(text, found):
    assert [text[start:end] for start, end in birth_dates(text)] == found


def test_an_answer_begins_with_the_date():
    assert asks_birth_date("请问您哪年生的")
    assert not asks_birth_date("几号生效")
    assert answered_birth_date("嗯，我是八五年三月") == (4, 9)
    assert answered_birth_date("我不知道，八五年吧") is None
