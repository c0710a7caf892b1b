import contextlib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.calls import values
from qa_audit.calls.values import (
    is_footer,
    parse_clock,
    parse_date,
    parse_direction,
    parse_flag,
    parse_identifier,
    parse_last_day,
    parse_party,
    parse_start,
    parse_system,
    plain,
    says_nothing,
)

NINE_FIFTEEN = datetime(2026, 10, 3, 9, 15, 7)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-03 09:15:07",
        "2026/10/3 9:15:07",
        "2026.10.03 9:15:07",
        "2026年10月3日 9:15:07",
        "2026年10月3日9时15分7秒",
        "2026-10-03T09:15:07",
        "2026-10-03T09:15:07+08:00",
        "2026-10-03T01:15:07Z",
        "2026-10-03 01:15:07 UTC",
        "2026-10-02T20:15:07-0500",
        "20261003091507",
        "20261003 091507",
        "20261003 09:15:07",
        "20261003T091507",
        "20261003T011507Z",
        "２０２６－１０－０３　０９：１５：０７",
        "'2026-10-03 09:15:07",
        "2026-10-03 上午 9:15:07",
        "2026-10-03 9:15:07 AM",
        "46298.385497685186",
        "1790990107",
        "1790990107000",
    ],
)
def test_every_way_to_write_one_moment(cell):
    assert parse_start(cell) == NINE_FIFTEEN


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-10-03 9:15", datetime(2026, 10, 3, 9, 15)),
        ("202610030915", datetime(2026, 10, 3, 9, 15)),
        ("20261003", datetime(2026, 10, 3)),
        ("2026-10-3", datetime(2026, 10, 3)),
        ("20261003091507123", datetime(2026, 10, 3, 9, 15, 7, 123_000)),
        ("2026-10-03 09:15:07.600", datetime(2026, 10, 3, 9, 15, 7, 600_000)),
        ("2026-10-03 下午3点05分", datetime(2026, 10, 3, 15, 5)),
        ("2026-10-03 下午15:05", datetime(2026, 10, 3, 15, 5)),
        ("2026-10-03 中午12:30", datetime(2026, 10, 3, 12, 30)),
        ("2026-10-03 中午1:30", datetime(2026, 10, 3, 13, 30)),
        ("2026-10-03 中午11:30", datetime(2026, 10, 3, 11, 30)),
        ("2026-10-03 12:05 am", datetime(2026, 10, 3, 0, 5)),
        ("2026-10-03 12:05 pm", datetime(2026, 10, 3, 12, 5)),
        ("2026-10-31 23:59:59", datetime(2026, 10, 31, 23, 59, 59)),
        ("2026-10-31T23:59:59Z", datetime(2026, 11, 1, 7, 59, 59)),
        ("46298", datetime(2026, 10, 3)),
    ],
)
def test_other_moments(cell, moment):
    assert parse_start(cell) == moment


@pytest.mark.parametrize(
    "cell",
    [
        "明天",
        "",
        "2026-13-03",
        "2026-02-30",
        "20261303091507",
        "03/10/2026 9:15",
        "26-10-03",
        "2026-10-03 25:00",
        "2026-10-03 9:60",
        "2026-10-312:00",
        "1926-10-03",
        "2126-10-03",
        "9:15",
        "12345",
        "2026-10/03",
        "2026-10-03 晚上12:30",
        "2026-10-03 上午15:00",
        "2026-10-03 上午9:15 pm",
        "2026-10-03T09:15:07+99:00",
        "٢٠٢٦-١٠-٠٣",
        "#N/A",
        "=NOW()",
        "2026100309",
    ],
)
def test_what_is_no_time_or_could_be_two_is_refused(cell):
    with pytest.raises(ValueError, match=r".*"):
        parse_start(cell)


@pytest.mark.parametrize(
    ("order", "moment"), [("dmy", datetime(2026, 10, 3)), ("mdy", datetime(2026, 3, 10))]
)
def test_a_year_at_the_end_needs_the_order(order, moment):
    assert parse_start("03/10/2026", order=order) == moment


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    )
)
def test_what_is_written_is_read_back(moment):
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y年%m月%d日%H时%M分%S秒"):
        assert parse_start(moment.strftime(form)) == moment
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert parse_start(f"{serial:.9f}") == moment


PARSERS = [
    parse_start,
    lambda cell: parse_start(cell, order="dmy"),
    parse_date,
    parse_clock,
    parse_direction,
    parse_party,
    parse_flag,
    parse_system,
    parse_identifier,
]
NEAR_VALID = st.text(alphabet="0123456789-/:. 年月日时分秒点上下午TZtz+eE='\"是否呼入出客户坐席", max_size=30)


@pytest.mark.parametrize("parse", PARSERS)
@given(cell=st.one_of(st.text(max_size=40), NEAR_VALID))
def test_a_parser_gives_a_value_or_a_value_error(parse, cell):
    with contextlib.suppress(ValueError):
        parse(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("8001", "8001"),
        ("0012", "0012"),
        ("８００１", "8001"),
        (" 8001\t", "8001"),
        ("\ufeff8001\u200b", "8001"),
        ("1001.0", "1001"),
        ("'0012", "0012"),
        ('="0012"', "0012"),
        ("A-17.0b", "A-17.0b"),
        ("12E5", "12E5"),
        ("=1+1", "=1+1"),
        ("-13800138000", "-13800138000"),
    ],
)
def test_identifiers_are_text(cell, number):
    assert parse_identifier(cell) == number


@pytest.mark.parametrize(
    "cell", ["1.23457E+17", "1E+15", "2.02610E17", "1.38E10", "1.0e11", "'", "  ", '=""']
)
def test_a_rounded_or_empty_identifier_is_refused(cell):
    with pytest.raises(ValueError, match=r".*"):
        parse_identifier(cell)


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (parse_direction, "呼入", "inbound"),
        (parse_direction, "来电", "inbound"),
        (parse_direction, "IN-BOUND", "inbound"),
        (parse_direction, "外呼", "outbound"),
        (parse_direction, " Outgoing ", "outbound"),
        (parse_party, "坐席", "agent"),
        (parse_party, "座席挂断", "agent"),
        (parse_party, "用户", "customer"),
        (parse_flag, "是", True),
        (parse_flag, "TRUE", True),
        (parse_flag, "1.0", True),
        (parse_flag, "否", False),
        (parse_flag, "0", False),
        (parse_system, "旧系统", "old"),
        (parse_system, "新", "new"),
        (parse_system, "Avaya 7", "Avaya 7"),
    ],
)
def test_words(parse, cell, value):
    assert parse(cell) == value


@pytest.mark.parametrize("parse", [parse_direction, parse_party, parse_flag])
@pytest.mark.parametrize("cell", ["也许", "2", "", "呼"])
def test_other_words_are_refused(parse, cell):
    with pytest.raises(ValueError, match=r".*"):
        parse(cell)


def test_no_word_has_two_meanings():
    assert values.INBOUND.isdisjoint(values.OUTBOUND)
    assert values.YES.isdisjoint(values.NO)
    assert values.AGENT.isdisjoint(values.CUSTOMER)
    assert values.NEW_SYSTEM.isdisjoint(values.OLD_SYSTEM)


def test_dates_and_clocks():
    assert parse_date("2026/10/3 23:59") == date(2026, 10, 3)
    assert parse_clock("09:15:07") == timedelta(hours=9, minutes=15, seconds=7)
    assert parse_clock("1899-12-31 09:15:00") == timedelta(hours=9, minutes=15)


def test_plain_folds_width_and_drops_what_is_not_seen():
    assert plain("\ufeff　ＡＢ\u200bc \n") == "ABc"


def test_a_day_may_lie_in_any_year_and_an_end_may_be_open():
    assert parse_date("1998/7/1") == date(1998, 7, 1)
    assert parse_date("9999-12-31") == date(9999, 12, 31)
    assert parse_last_day("2026/10/3") == date(2026, 10, 3)
    assert [parse_last_day(cell) for cell in ("至今", "长期", "在职", "9999-12-31", "20991231")] == [None] * 5
    with pytest.raises(ValueError, match="去年"):
        parse_last_day("去年")


def test_what_systems_write_for_nothing():
    assert all(
        says_nothing(cell) for cell in ("", " ", "-", "--", "/", "无", "NULL", r"\N", "N/A", "None", "－")
    )
    assert not any(says_nothing(cell) for cell in ("0", "否", "无名", "-1", "A1"))


def test_rows_below_a_list():
    assert all(
        is_footer(cell)
        for cell in ("合计", "合 计：", "总计", "小计", "导出时间：2026-11-01 09:00", "制表人：张三")
    )
    assert not any(is_footer(cell) for cell in ("A1", "", "1", "张合计"))
