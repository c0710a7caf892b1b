import pytest

from qa_audit.retention.contacts import contacts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("limei一二六小老鼠一二六点com就行", ["limei一二六小老鼠一二六点com"]),
        ("zhangsan2008 at qq点com", ["zhangsan2008 at qq点com"]),
        ("li_mei@163点com", ["li_mei@163点com"]),
        ("抖音号dy8866321x", ["dy8866321x"]),
        ("微信就是zhang_san88", ["zhang_san88"]),
        ("飞书账号wangfang.ops。", ["wangfang.ops"]),
        ("京 N 8 8 K 6 6", ["京 N 8 8 K 6 6"]),
        ("皖A1234学", ["皖A1234学"]),
        ("浙A的8K三六六", ["浙A的8K三六六"]),
        ("微信登不上去，微信小程序", []),
        ("at是什么意思", []),
        ("京东A1店", []),
    ],
)
def test_accounts_and_plates_are_found_as_they_are_read_out(text, found):
    assert [text[start:end] for start, end in contacts(text)] == found
