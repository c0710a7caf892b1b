import pytest

from qa_audit.reports.row_height import columns_of, height_for


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("1001", 4), ("得分", 4), ("（n）", 5), ("“请”", 6)])
def test_chinese_takes_two_columns(text: str, columns: int) -> None:
    assert columns_of(text) == columns


@pytest.mark.parametrize(
    ("text", "height"), [("", 16.0), ("得" * 10, 16.0), ("得" * 11, 32.0), ("一\n\n二", 48.0)]
)
def test_height_counts_lines(text: str, height: float) -> None:
    assert height_for(text, 20) == height
