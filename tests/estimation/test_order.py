import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.estimation.order import counting_key, counting_rank


def test_chinese_numerals_are_counted_up_to_ninety_nine() -> None:
    teams = ["二十一班", "十班", "九班", "二十班", "十二班", "一班"]
    assert sorted(teams, key=counting_key) == ["一班", "九班", "十班", "十二班", "二十班", "二十一班"]


def test_digits_are_counted_and_leading_zeros_kept_apart() -> None:
    assert sorted(["010", "9", "10", "B2"], key=counting_key) == ["9", "010", "10", "B2"]


@settings(deadline=None)
@given(st.lists(st.text("〇一二三十廿甲癸019A班²٣ ", max_size=6)))
def test_every_text_has_a_place_and_the_order_is_total(names: list[str]) -> None:
    assert sorted(sorted(names, key=counting_key, reverse=True), key=counting_key) == sorted(
        names, key=counting_key
    )
    assert len({counting_key(name) for name in names}) == len(set(names))


def test_rank_of_a_column_without_names_is_null() -> None:
    frame = pl.DataFrame({"team": [None, None]}, schema={"team": pl.String})
    assert frame.select(counting_rank(pl.col("team")))["team"].to_list() == [None, None]
