import pytest

from qa_audit.retention.addresses import addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我住3栋2单元501", ["3栋2单元501"]),
        ("李家庄村五组", ["李家庄村五组"]),
        ("寄南山科技园B区6栋3楼", ["南山科技园B区6栋3楼"]),
        ("万科城市花园12-3-501", ["万科城市花园12-3-501"]),
        ("人民路和中山路交叉口", ["人民路和中山路交叉口"]),
        ("杭州市西湖区文三路478号3单元501室", ["杭州市西湖区文三路478号3单元501室"]),
        ("一号二号三号都行", []),
        ("热线400-666-8888", []),
        ("3栋的电梯坏了，1200元", []),
        ("华南区三组的同事", []),
    ],
)
def test_an_address_is_known_by_its_parts(text, found):
    assert [text[start:end] for start, end in addresses(text)] == found
