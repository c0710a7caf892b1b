import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.calls.call_list import CallRow, read_call_list
from qa_audit.calls.settings import CallListSettings
from qa_audit.messages import QaError

HEADINGS = "通话编号,录音文件,工号,姓名,班组,开始时间,呼叫方向,客户号码,振铃秒数,技能组,系统,挂断方,内部"
GOOD = "A1,calls/A1.wav,8001,张三,一班,2026-10-03 09:15:07,呼入,13800138000,6,宽带报障,旧,坐席,否"


def read(tmp_path, *lines, encoding="utf-8", **options):
    file = tmp_path / "十月.csv"
    file.write_text("\n".join(lines), encoding=encoding)
    return read_call_list(file, CallListSettings(**options))


def told(calls):
    return [
        (p.code.removeprefix("calls."), p.row, p.column, p.values.get("got"), p.left_out)
        for p in calls.problems
    ]


def test_a_full_row(tmp_path):
    calls = read(tmp_path, HEADINGS, GOOD, encoding="gbk")
    assert calls.problems == ()
    assert calls.rows == (
        CallRow(
            call_id="A1",
            recording="calls/A1.wav",
            agent_no="8001",
            agent_name="张三",
            team="一班",
            start=datetime(2026, 10, 3, 9, 15, 7),
            direction="inbound",
            customer_no="13800138000",
            ring_s=6.0,
            internal=False,
            hangup_by="agent",
            line="宽带报障",
            system="old",
            row=2,
        ),
    )


def test_every_mistake_is_told_at_once_and_good_rows_go_on(tmp_path):
    calls = read(
        tmp_path,
        HEADINGS,
        ",,8001,,,2026-10-03 09:00,,,,,,,",
        "A2,,8001,,,昨天,,,,,,,",
        "A3,,8001,,,,,,,,,,",
        "A4,,8001,,,2026-10-03 09:00,内转,1.38E+10,很久,,,系统,也许",
        "1.23457E+17,,8001,,,2026-10-03 09:00,,,,,,,",
        "A6,,8001,,,2026-10-03 09:00,,,,,,,否,多余,还有",
        GOOD,
    )
    assert told(calls) == [
        ("no_id", 2, "通话编号", "", True),
        ("bad_start", 3, "开始时间", "昨天", True),
        ("no_start", 4, "开始时间", None, False),
        ("bad_number", 5, "客户号码", "1.38E+10", False),
        ("bad_direction", 5, "呼叫方向", "内转", False),
        ("bad_party", 5, "挂断方", "系统", False),
        ("bad_flag", 5, "内部", "也许", False),
        ("bad_seconds", 5, "振铃秒数", "很久", False),
        ("rounded_id", 6, "通话编号", "1.23457E+17", True),
        ("shifted_row", 7, None, 15, True),
    ]
    assert [row.call_id for row in calls.rows] == ["A3", "A4", "A1"]
    kept = calls.rows[1]
    assert (kept.direction, kept.customer_no, kept.ring_s, kept.hangup_by, kept.internal) == (None,) * 5
    assert "第 3 行“开始时间”：“昨天”" in calls.problems[1].text("zh")


def test_an_id_given_twice_keeps_the_first_and_ignores_an_identical_one(tmp_path):
    other = GOOD.replace("8001", "8002")
    calls = read(tmp_path, HEADINGS, GOOD, GOOD, other)
    assert [(row.call_id, row.agent_no) for row in calls.rows] == [("A1", "8001")]
    assert told(calls) == [("double_id", 4, "通话编号", "A1", True)]
    assert calls.problems[0].values["first_row"] == 2


def test_ids_alike_for_a_spreadsheet_kept_15_digits_are_told_as_such(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,工号,开始时间",
        "20261101000000000,8001,2026-11-01 9:15",
        "20261101000000000,8002,2026-11-01 9:20",
    )
    assert told(calls) == [("double_rounded_id", 3, "通话编号", "20261101000000000", True)]
    assert "Excel 只保留 15 位数字" in calls.problems[0].text("zh")


def test_a_date_whose_year_stands_last_names_the_setting(tmp_path):
    lines = (
        "通话编号,开始时间,结束时间",
        "A1,11/02/2026 9:30,",
        "A2,2026-11-02 9:30,11/02/2026 9:31",
        "A3,13/13/2026,",
    )
    calls = read(tmp_path, *lines)
    assert told(calls) == [
        ("bad_start_order", 2, "开始时间", "11/02/2026 9:30", True),
        ("bad_time_order", 3, "结束时间", "11/02/2026 9:31", False),
        ("bad_start", 4, "开始时间", "13/13/2026", True),
    ]
    assert 'date_order = "dmy"' in calls.problems[0].text("zh")


def test_a_call_that_has_not_come_yet_is_taken_and_told(tmp_path):
    soon = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=12)  # another machine's clock
    calls = read(tmp_path, "通话编号,开始时间", "A1,2062-10-03 9:15", f"A2,{soon:%Y-%m-%d %H:%M}")
    assert [row.call_id for row in calls.rows] == ["A1", "A2"]
    assert told(calls) == [("start_ahead", 2, "开始时间", datetime(2062, 10, 3, 9, 15), False)]
    assert "2062-10-03 09:15" in calls.problems[0].text("zh")


def test_without_an_id_the_recording_gives_one(tmp_path):
    calls = read(tmp_path, "录音文件,工号,开始时间", r"D:\rec\20261003\A7.wav,8001,2026-10-03 9:15")
    assert [(row.call_id, row.recording) for row in calls.rows] == [("A7", r"D:\rec\20261003\A7.wav")]


def test_a_list_that_tells_calls_not_apart_is_refused(tmp_path):
    with pytest.raises(QaError) as raised:
        read(tmp_path, "工号,开始时间", "8001,2026-10-03 9:15")
    assert raised.value.code == "calls.list_no_identity"


def test_a_list_without_starts_is_told_once(tmp_path):
    calls = read(tmp_path, "通话编号,工号,通话时间", "A1,8001,2026-10-03 9:15", "A2,8001,x")
    assert told(calls) == [("no_start_column", None, None, "通话时间", False)]
    assert 'qa_audit.toml 的 [calls.headings] 写 start = "列名"' in calls.problems[0].text("zh")
    assert [row.extra for row in calls.rows] == [(("通话时间", "2026-10-03 9:15"),), (("通话时间", "x"),)]


def test_date_and_time_in_two_columns(tmp_path):
    calls = read(
        tmp_path, "通话编号,日期,时间", "A1,2026/10/3,下午3:05", "A2,2026/10/3,", "A3,2026/10/3,晚了"
    )
    assert [row.start for row in calls.rows] == [datetime(2026, 10, 3, 15, 5), datetime(2026, 10, 3)]
    assert told(calls) == [("bad_start", 4, "时间", "晚了", True)]


def test_the_end_gives_the_length_when_there_is_no_length(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,开始时间,结束时间,通话时长",
        "A1,2026-10-31 23:59:00,2026-11-01 00:01:30,",
        "A2,2026-10-03 09:00,2026-10-03 09:10,2分钟",
        "A3,2026-10-03 09:00,2026-10-03 08:59,",
        "A4,2026-10-03 09:00,下班,",
    )
    assert [row.duration_s for row in calls.rows] == [150.0, 120.0, None, None]
    assert told(calls) == [
        ("end_before_start", 4, "结束时间", "2026-10-03 08:59", False),
        ("bad_time", 5, "结束时间", "下班", False),
    ]


def test_unknown_columns_are_kept_and_formulas_stay_text(tmp_path):
    calls = read(tmp_path, "通话编号,姓名,满意度,备注", 'A1,=HYPERLINK("http://x"),5,+1')
    assert calls.extra_headings == ("满意度", "备注")
    assert calls.rows[0].extra == (("满意度", "5"), ("备注", "+1"))
    assert calls.rows[0].agent_name == '=HYPERLINK("http://x")'


def test_own_headings_and_time_zone(tmp_path):
    calls = read(
        tmp_path,
        "编码,接通时刻",
        "A1,2026-10-03T00:00:00Z",
        headings={"call_id": "编码", "start": "接通时刻"},
        timezone="Asia/Urumqi",
    )
    assert [(row.call_id, row.start) for row in calls.rows] == [("A1", datetime(2026, 10, 3, 6))]


def test_fields_are_those_the_list_has_columns_for(tmp_path):
    calls = read(tmp_path, "通话编号,开始时间,结束时间", "A1,2026-10-03,2026-10-03 00:01")
    assert calls.fields == {"call_id", "start", "duration_s"}


def test_a_cell_that_swallowed_the_file_is_told(tmp_path):
    calls = read(tmp_path, "通话编号,开始时间,姓名", "A1,2026-10-03," + "长" * 1001)
    assert told(calls) == [("long_cell", 2, "姓名", 1001, False)]
    assert calls.rows[0].agent_name is None


BYTES = "\n".join([HEADINGS, GOOD, GOOD.replace("A1", "A2"), GOOD.replace("A1", "A3")]).encode()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), changes=st.integers(1, 20))
def test_a_mutated_list_is_read_or_refused(tmp_path, seed, changes):
    dice = random.Random(seed)
    content = bytearray(BYTES)
    for _ in range(changes):
        at = dice.randrange(len(content))
        if dice.random() < 0.5:
            content[at] = dice.choice(b',"\n\r\t;=0129-:\x00\xff\xef \xb0')
        else:
            del content[at : at + dice.randrange(6)]
    (tmp_path / "a.csv").write_bytes(content)
    try:
        calls = read_call_list(tmp_path / "a.csv")
    except QaError:
        return
    assert len({row.call_id for row in calls.rows}) == len(calls.rows)
    assert all(row.call_id for row in calls.rows)
    assert all(problem.text("zh") and problem.text("en") for problem in calls.problems)


def test_the_direction_tells_which_number_is_the_customers(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,开始时间,呼叫方向,主叫号码,被叫号码",
        "A1,2026-10-03 9:15,呼出,95598,13800138000",
        "A2,2026-10-03 9:16,呼入,13900139000,95598",
        "A3,2026-10-03 9:17,,13700137000,95598",
    )
    assert [(row.customer_no, row.extra) for row in calls.rows] == [
        ("13800138000", (("主叫号码", "95598"),)),
        ("13900139000", (("被叫号码", "95598"),)),
        (None, (("主叫号码", "13700137000"), ("被叫号码", "95598"))),
    ]
    assert "customer_no" in calls.fields
    assert calls.problems == ()


def test_two_numbers_without_a_direction_are_told_once(tmp_path):
    calls = read(
        tmp_path, "通话编号,开始时间,主叫号码,被叫号码", "A1,2026-10-03,95598,138", "A2,2026-10-03,95598,139"
    )
    assert told(calls) == [("no_direction_column", None, None, "主叫号码, 被叫号码", False)]
    assert [row.customer_no for row in calls.rows] == [None, None]
    assert "customer_no" not in calls.fields


def test_the_customers_own_column_goes_before_the_two_numbers(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,开始时间,呼叫方向,主叫号码,客户号码",
        "A1,2026-10-03,呼入,95598,138",
        "A2,2026-10-03,呼入,139,-",
    )
    assert [row.customer_no for row in calls.rows] == ["138", "139"]


def test_units_in_headings(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,开始时间,通话时长（分钟）,振铃时长(ms)",
        "A1,2026-10-03,5,6500",
        "A2,2026-10-03,0:01:15,",
    )
    assert [(row.duration_s, row.ring_s) for row in calls.rows] == [(300.0, 6.5), (75.0, None)]
    assert calls.problems == ()


def test_an_unknown_unit_is_told_once(tmp_path):
    calls = read(tmp_path, "通话编号,开始时间,通话时长（刻）", "A1,2026-10-03,5", "A2,2026-10-03,6")
    assert told(calls)[0][:3] == ("unknown_unit", None, None)
    assert "“通话时长（刻）”括号里的“刻”不是认得的单位" in calls.problems[0].text("zh")
    assert [row.duration_s for row in calls.rows] == [5.0, 6.0]


def test_sums_and_notes_below_the_list_are_no_calls(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,开始时间,工号,通话时长",
        "A1,2026-10-03 9:15,8001,75",
        "合计,,,75",
        "导出时间：2026-11-01 09:00,,,",
        "合计A,2026-10-03 9:15,8001,75",
    )
    assert [row.call_id for row in calls.rows] == ["A1", "合计A"]
    assert told(calls) == [
        ("footer", 3, None, "合计", False),
        ("footer", 4, None, "导出时间：2026-11-01 09:00", False),
    ]


def test_what_stands_for_nothing_is_nothing(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,录音文件,开始时间,工号,姓名,班组,客户号码,内部",
        "A1,无,2026-10-03,NULL,None,无,-,无",
        r"-,a2.wav,2026-10-03,\N,N/A,/,--,-",
    )
    assert [
        (r.call_id, r.recording, r.agent_no, r.agent_name, r.team, r.customer_no) for r in calls.rows
    ] == [
        ("A1", None, None, None, None, None),
        ("a2", "a2.wav", None, None, None, None),
    ]
    assert calls.rows[0].internal is False
    assert told(calls) == [("bad_flag", 3, "内部", "-", False)]


def test_a_day_beside_clocks(tmp_path):
    calls = read(
        tmp_path,
        "通话编号,日期,开始时间,结束时间",
        "A1,2026-10-03,09:15:07,09:16:07",
        "A2,2026-10-03,23:59:00,00:01:00",
        "A3,2026-10-03,09:15:07,09:15:00",
    )
    assert [(row.start, row.duration_s) for row in calls.rows] == [
        (datetime(2026, 10, 3, 9, 15, 7), 60.0),
        (datetime(2026, 10, 3, 23, 59), 120.0),
        (datetime(2026, 10, 3, 9, 15, 7), None),
    ]
    assert told(calls) == [("end_before_start", 4, "结束时间", "09:15:00", False)]


def test_further_columns_are_kept_apart_and_not_without_end(tmp_path):
    calls = read(
        tmp_path, "通话编号,开始时间,备注,备注", "A1,2026-10-03,甲,乙", "A2,2026-10-03,好," + "长" * 1001
    )
    assert [row.extra for row in calls.rows] == [(("备注", "甲"), ("备注 (2)", "乙")), (("备注", "好"),)]
    assert calls.extra_headings == ("备注", "备注 (2)")
    assert told(calls) == [("long_cell", 3, "备注 (2)", 1001, False)]
