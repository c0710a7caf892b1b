import pytest

from qa_audit.reports.anonymous import without_customer


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("王小明先生您好", "某先生您好"),
        ("欧阳女士，请讲", "某女士，请讲"),
        ("机主是李雷吗", "机主是某吗"),
        ("您的卡号是6222 0212 3456", "您的卡号是＊"),
        ("尾号一三八零零对吗", "尾号＊对吗"),
        ("先生，请稍等3分钟", "先生，请稍等3分钟"),
        ("这个不归我们管", "这个不归我们管"),
        ("", ""),
    ],
)
def test_customers_are_taken_out(said: str, shown: str) -> None:
    assert without_customer(said) == shown
