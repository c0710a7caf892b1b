from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.calls.roster import RosterRow, read_roster
from qa_audit.messages import QaError

HEADINGS = "人员编号,姓名,新系统工号,旧系统工号,班组,开始日期,结束日期"


def read(tmp_path, *lines, headings=HEADINGS):
    file = tmp_path / "花名册.csv"
    file.write_text("\n".join((headings, *lines)), encoding="utf-8")
    return read_roster(file)


def told(roster):
    return [(p.code.removeprefix("calls."), p.row, p.column, p.values.get("got")) for p in roster.problems]


def test_a_change_of_team_and_numbers_of_two_systems(tmp_path):
    roster = read(tmp_path, "P1,张三,8001,301,一班,2026-01-01,2026-10-14", "P1,张三,8001,,二班,2026-10-15,")
    assert roster.problems == ()
    assert roster.rows == (
        RosterRow("P1", "张三", "8001", "301", "一班", date(2026, 1, 1), date(2026, 10, 14), 2),
        RosterRow("P1", "张三", "8001", None, "二班", date(2026, 10, 15), None, 3),
    )


def test_an_open_end_closes_the_day_before_the_next_row(tmp_path):
    roster = read(tmp_path, "P1,张三,8001,,一班,2026-01-01,", "P1,张三,8001,,二班,2026-10-15,")
    assert roster.problems == ()
    assert [row.end_date for row in roster.rows] == [date(2026, 10, 14), None]


def test_a_number_passes_to_another_person_when_the_first_has_left(tmp_path):
    roster = read(tmp_path, "P1,张三,8001,,一班,2026-01-01,2026-09-30", "P2,李四,8001,,一班,2026-10-01,")
    assert roster.problems == ()
    assert [row.person_id for row in roster.rows] == ["P1", "P2"]


def test_one_number_for_two_persons_at_once_is_told(tmp_path):
    roster = read(tmp_path, "P1,张三,8001,,一班,2026-01-01,", "P2,李四,8001,,一班,2026-10-01,")
    assert told(roster) == [("roster_number_twice", 3, None, "8001")]
    assert "P1" in roster.problems[0].text("zh")
    assert [row.person_id for row in roster.rows] == ["P1"]


def test_a_conflict_hidden_behind_an_own_row_is_found(tmp_path):
    roster = read(
        tmp_path,
        "P1,张三,8001,,一班,2026-01-01,2026-12-31",
        "P2,李四,8001,,一班,2027-01-01,",
        "P2,李四,8001,300,一班,2026-06-01,2027-06-01",
    )
    assert told(roster) == [("roster_number_twice", 4, None, "8001")]


def test_the_same_digits_in_old_and_new_system_are_two_numbers(tmp_path):
    roster = read(tmp_path, "P1,张三,8001,301,一班,,", "P2,李四,301,8001,一班,,")
    assert roster.problems == ()


def test_two_teams_at_once_are_told_and_a_repeated_row_is_not(tmp_path):
    line = "P1,张三,8001,,一班,2026-01-01,2026-10-31"
    roster = read(tmp_path, line, line, "P1,张三,8001,,二班,2026-10-15,2026-12-31")
    assert told(roster) == [("roster_overlap", 4, None, None)]
    assert [row.team for row in roster.rows] == ["一班"]


def test_bad_rows_are_told_and_good_ones_stay(tmp_path):
    roster = read(
        tmp_path,
        "P1,张三,,,一班,,",
        "P2,李四,8002,,一班,去年,",
        "P3,王五,8003,,一班,2026-10-02,2026-10-01",
        "P4,赵六,1.2E+10,,一班,,",
        "P5,钱七,8005,,一班,,,多",
        ",孙八,8006,,一班,,",
        "P7,周九,8007,,一班,11/02/2026,",
    )
    assert told(roster) == [
        ("roster_row_no_number", 2, None, None),
        ("roster_bad_date", 3, "开始日期", "去年"),
        ("roster_end_before_start", 4, "结束日期", date(2026, 10, 1)),
        ("roster_bad_number", 5, "新系统工号", "1.2E+10"),
        ("shifted_row", 6, None, 8),
        ("roster_bad_date_order", 8, "开始日期", "11/02/2026"),
    ]
    assert [(row.person_id, row.agent_name) for row in roster.rows] == [("8006", "孙八")]


def test_a_second_number_in_the_same_team_leaves_the_first_open(tmp_path):
    roster = read(
        tmp_path,
        "P1,张三,8001,,一班,2026-01-01,",
        "P1,张三,8101,,一班,2026-06-01,",
        "P1,张三,8101,,二班,2026-10-01,",
    )
    assert roster.problems == ()
    assert [row.end_date for row in roster.rows] == [date(2026, 9, 30), date(2026, 9, 30), None]


def test_a_roster_with_no_good_row_is_told(tmp_path):
    assert told(read(tmp_path)) == [("roster_no_rows", None, None, None)]


def test_a_roster_without_numbers_is_refused(tmp_path):
    with pytest.raises(QaError) as raised:
        read(tmp_path, "张三,一班", headings="姓名,班组")
    assert raised.value.code == "calls.roster_no_number"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["P1", "P2", "P3"]),
            st.sampled_from(["1", "2", ""]),
            st.sampled_from(["1", "2", ""]),
            st.sampled_from(["一班", "二班"]),
            st.integers(1, 9),
            st.integers(0, 9),
        ),
        max_size=8,
    )
)
def test_what_is_kept_never_contradicts_itself(tmp_path, lines):
    roster = read(
        tmp_path,
        *(
            f"{person},,{new},{old},{team},2026-10-0{first},{f'2026-10-0{last}' if last else ''}"
            for person, new, old, team, first, last in lines
        ),
    )
    for day in (date(2026, 10, number) for number in range(1, 10)):
        there = [row for row in roster.rows if row.first <= day <= row.last]
        for side in ("new_no", "old_no"):
            holders = {(getattr(row, side), row.person_id) for row in there if getattr(row, side)}
            assert len({number for number, _ in holders}) == len(holders)
        teams = {(row.person_id, row.team) for row in there}
        assert len({person for person, _ in teams}) == len(teams)


def test_old_entries_and_open_ends(tmp_path):
    roster = read(
        tmp_path,
        "P1,张三,8001,,一班,1998/7/1,",
        "P2,李四,8002,-,一班,2020/7/1,9999-12-31",
        "P3,王五,8003,无,一班,2020/7/1,至今",
        "P4,赵六,8004,/,一班,-,长期",
        headings="人员编号,姓名,工号,旧工号,班组,入职日期,离职日期",
    )
    assert roster.problems == ()
    assert [(row.new_no, row.old_no, row.start_date, row.end_date) for row in roster.rows] == [
        ("8001", None, date(1998, 7, 1), None),
        ("8002", None, date(2020, 7, 1), None),
        ("8003", None, date(2020, 7, 1), None),
        ("8004", None, None, None),
    ]


def test_a_sheet_for_each_team(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for team, number in (("一班", "8001"), ("二班", "8002")):
            sheet = book.add_worksheet(team)
            sheet.write_row(0, 0, ["人员编号", "工号", "班组"])
            sheet.write_row(1, 0, [f"P{number}", number, team])
            sheet.write_row(2, 0, [f"Q{number}", "8003", team])
    roster = read_roster(tmp_path / "a.xlsx")
    assert [(row.new_no, row.team) for row in roster.rows] == [
        ("8001", "一班"),
        ("8003", "一班"),
        ("8002", "二班"),
    ]
    assert [(p.code, p.sheet, p.row, p.values["first_row"]) for p in roster.problems] == [
        ("calls.roster_number_twice", "二班", 3, "一班!3")
    ]
