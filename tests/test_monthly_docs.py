"""docs/monthly.zh-CN.md: its commands are understood and its figures come out as written."""

import re
import shlex
from math import fsum
from pathlib import Path

import polars as pl
import pytest

from qa_audit.closing.printed import decimals
from qa_audit.closing.scale import PayScale
from qa_audit.commands.month import month
from qa_audit.estimation.bands import band_name, band_note
from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.heard import AUDITS, FRAME
from qa_audit.messages import say, speaking

TEXT = (Path(__file__).parents[1] / "docs" / "monthly.zh-CN.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^qa-audit month ([^\n]*)$", TEXT, flags=re.MULTILINE)
HEARD = [
    (stratum, float(machine), float(person))
    for stratum, machine, person, _ in re.findall(
        r"^\| (低分|其余) \| (\d+) \| (\d+) \| (\S+) \|$", TEXT, flags=re.MULTILINE
    )
]
CALLS = {"低分": 120, "其余": 480}

CASES = {
    "本月没有能抽的通话，或没有人听过": (
        "closing/test_figures.py",
        "test_every_agent_has_a_row_and_a_figure_or_the_reason_why_not",
    ),
    "只有一通电话而且听了": ("closing/test_figures.py", "test_one_call_that_was_heard_is_the_month_itself"),
    "听的几通得分全一样": ("closing/test_figures.py", "test_audits_that_all_agree_still_have_an_interval"),
    "电话跨零点、跨月": (
        "calls/test_query.py",
        "test_months_start_at_midnight_and_a_call_belongs_where_it_started",
    ),
    "抽签之后话单改了日期": ("months/test_book.py", "test_a_call_belongs_to_one_month"),
    "抽签之后才有花名册，或花名册改了人员编号、姓名、班组": (
        "months/test_frozen_people.py",
        "test_a_roster_after_the_draw_leaves_every_score_where_it_belongs",
    ),
    "月中换班组": (
        "months/test_book.py",
        "test_the_month_before_enters_and_who_changed_teams_is_one_person",
    ),
    "听您电话的质检员离职了": (
        "months/test_book.py",
        "test_an_inspector_who_left_keeps_what_they_judged_and_holds_up_what_they_did_not",
    ),
    "改判、补听、话单更新在关账之后": (
        "months/test_book.py",
        "test_a_label_after_closing_is_told_and_not_applied",
    ),
    "听评开始以后，评分标准里加了新项目": (
        "months/test_book.py",
        "test_a_month_is_not_closed_by_a_rubric_with_items_that_nobody_judged",
    ),
    "同一项目同时有两个申诉": (
        "audit/test_appeals.py",
        "test_a_second_appeal_on_an_open_item_joins_the_first",
    ),
    "抽签之前就有人知道种子": (
        "months/test_book.py",
        "test_words_told_after_the_frame_was_frozen_make_no_seed",
    ),
}
"""Every case of the page's table, with the test that shows it."""


def test_every_case_of_the_page_has_a_test():
    table = TEXT.split("## 常见情形")[1].split("\n## ")[0]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")]
    assert rows[1:] == list(CASES)
    for file, name in CASES.values():
        assert f"def {name}(" in (Path(__file__).parent / file).read_text("utf-8")


def test_every_command_of_the_group_is_explained():
    # Those of docs/sameness.zh-CN.md and of the service figures are no part of a score.
    assert {shlex.split(line)[0] for line in COMMANDS} == set(month.commands) - {"sameness", "service"}


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_is_understood(line):
    name, *arguments = shlex.split(line)
    with month.commands[name].make_context(name, arguments) as context:
        assert context.params


def worked_example():
    """600 calls whose machine mean is 70, eight of them heard as the page says."""
    frame, audits = [], []
    for stratum, calls in CALLS.items():
        heard = [(machine, person) for name, machine, person in HEARD if name == stratum]
        mean = 50.0 if stratum == "低分" else 75.0
        other = (mean * calls - fsum(machine for machine, _ in heard)) / (calls - len(heard))
        scores = [machine for machine, _ in heard] + [other] * (calls - len(heard))
        ids = [f"{stratum}{place:03d}" for place in range(calls)]
        frame += [(call, "a", "t", stratum, score, None) for call, score in zip(ids, scores, strict=True)]
        audits += [
            (call, f"i{stratum}{place}", person, len(heard) / calls, "first")
            for place, (call, (_, person)) in enumerate(zip(ids, heard, strict=False))
        ]
    return pl.DataFrame(frame, FRAME, orient="row"), pl.DataFrame(audits, AUDITS, orient="row")


def test_the_worked_example_comes_out_as_written():
    assert len(HEARD) == 8
    [found] = PayScale().graded(estimate_month(*worked_example()).agents).iter_rows(named=True)
    assert decimals(found["machine_mean"]) == "70.00"
    figures = [decimals(found[name]) for name in ("bias", "estimate", "half_width", "low", "high")]
    assert f"= **+{figures[0]}**" in TEXT
    assert f"70.00 + {figures[0]} = **{figures[1]}**" in TEXT
    assert f"**±{figures[2]}**" in TEXT
    assert f"**{figures[3]} 到 {figures[4]}**" in TEXT
    with speaking("zh"):
        assert f"等级：{band_name(found['grade'])}。" in TEXT
        assert f"“**{band_note(found['grade_open'])}**”" in TEXT
    for stratum, mean in (("低分", "+10.67"), ("其余", "+2.20")):
        gaps = [person - machine for name, machine, person in HEARD if name == stratum]
        assert f"+{decimals(fsum(gaps) / len(gaps))}" == mean
        assert f"{stratum}层平均相差 {mean}" in TEXT


def test_grades_and_amounts_are_the_default_ones():
    scale = PayScale()
    for name, limit in zip(scale.bands.names, (0, *scale.bands.limits), strict=True):
        assert f"| {say(f'grade.{name}', 'zh')} | {limit:g} | {scale.amount(name):g} |" in TEXT
    assert scale.bands.of(74.996) == "good"


def test_columns_and_files_are_those_there_are():
    for key in ("figure", "half", "grade", "pay", "critical", "outside", "signal"):
        assert say(f"closing.column.{key}", "zh") in TEXT
    for key in ("framed", "machine_mean", "calls", "mean"):
        assert f"【{say(f'report.heading.{key}', 'zh')}】" in TEXT
    for key in ("report.cut", "estimates.reason.no_calls"):
        assert f"“{say(key, 'zh')}”" in TEXT
    assert f"“{say('report.framed', 'zh', calls='…')}”" in TEXT


def test_what_it_links_is_there():
    for link in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (Path(__file__).parents[1] / "docs" / link).is_file()
