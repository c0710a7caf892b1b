import pytest

from qa_audit.retention.same_number import bare_number


@pytest.mark.parametrize(
    "written",
    [
        "13800138000",
        "013800138000",
        "138 0013 8000",
        "+86 138-0013-8000",
        "008613800138000",
        "１３８００１３８０００",
    ],
)
def test_a_mobile_number_is_one_however_it_is_written(written):
    assert bare_number(written) == "13800138000"


@pytest.mark.parametrize(
    "written", ["0755-82345678", "+86 755 8234 5678", "86075582345678", "（0755）82345678"]
)
def test_a_landline_is_one_however_it_is_written(written):
    assert bare_number(written) == "75582345678"


@pytest.mark.parametrize("written", ["8612345", "86123456", "0000", "10086", "…", "匿名", "138****8000"])
def test_what_is_short_or_no_number_stays(written):
    assert bare_number(written) == written
