import pytest

from qa_audit.retention.public_numbers import date_at, is_amount, is_service


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-10-12下单", 10),
        ("2026.1.2", 8),
        ("1985-03-12", None),
        ("2026-10-12-000123", None),
        ("2026-13-12", None),
        ("2026-10/12", None),
        ("2026-10-123", None),
    ],
)
def test_a_date_of_these_years_is_no_number(text, end):
    assert date_at(text, 0) == end


@pytest.mark.parametrize(
    ("number", "behind", "amount"),
    [
        ("1250000", "元", True),
        ("12,500,000", "元整", True),
        ("1680000.50", "块", True),
        ("1250000", "号", False),
        ("1250000", "元旦", False),
        ("13800138000", "元", False),
        ("62220212", "", False),
    ],
)
def test_an_amount_is_told_by_its_unit(number, behind, amount):
    assert is_amount(number + behind, 0, len(number)) == amount


@pytest.mark.parametrize(
    ("before", "number", "service"),
    [
        ("拨打", "10086", True),
        ("客服电话", "九五五八八", True),
        ("号码是", "400-820-8820", True),
        ("热线", "4008208820", True),
        ("户号", "4008208820", False),
        ("", "4008208820", False),
        ("手机尾号", "95588", False),
        ("会员号码是", "10012", False),
        ("电话", "13800138000", False),
        ("电话", "83456", False),
    ],
)
def test_the_number_of_a_service_is_nobodys(before, number, service):
    assert is_service(before + number, len(before), len(before + number)) == service
