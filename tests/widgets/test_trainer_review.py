"""The trainer's panel: filters, the playlist, and what is exported."""

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import ipywidgets
import polars as pl
import pytest

from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.estimation.month import agent_month, item_month, team_month
from qa_audit.messages import QaError, speaking
from qa_audit.months.scored_month import Month
from qa_audit.reports.context import ReportContext
from qa_audit.reports.people_judged import NOBODY, PEOPLE_CALLS, PEOPLE_ITEMS, PeopleJudged
from qa_audit.settings import Settings
from qa_audit.transcribe.frames import TURNS_SCHEMA
from qa_audit.widgets.trainer_review import TrainerReview, trainer_review

PLACE = {"turn": 0, "start_s": 75.2, "end_s": 77.0, "quote": "不归我们管", "tier": "exact"}


class OneMonth:
    """A workspace of one month in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings()
        self.gone = False
        self.people = NOBODY
        self.sees_unmasked = False
        calls = pl.DataFrame(
            [
                {"call_id": "c1", "start": datetime(2026, 10, 3, 9, 5), "agent_name": "王磊",
                 "agent_no": "8012", "team": "一班", "score": 80.0, "critical": [],
                 "uncertain": 0, "status": "scored"},
                {"call_id": "c2", "start": datetime(2026, 10, 2, 8, 0), "agent_name": "李娜",
                 "agent_no": "8021", "team": "二班", "score": 100.0, "critical": [],
                 "uncertain": 0, "status": "scored"},
            ],
            schema=CALLS,
        )  # fmt: skip
        common = {"kind": "item", "points": 0.0, "max_points": 8.0, "critical": False, "evidence": [PLACE]}
        findings = pl.DataFrame(
            [
                {"call_id": "c1", "item": "closing", "verdict": "fail", **common},
                {"call_id": "c1", "item": "title", "verdict": "fail", **common},
                {"call_id": "c2", "item": "closing", "verdict": "pass", **common},
            ],
            schema=FINDINGS,
        )
        made = (agent_month(calls, findings), team_month(calls, findings), item_month(calls, findings))
        self._month = Month("2026-10", calls, findings, *made)

    def names_known(self, *, agents=True):
        return ("李娜", "王磊") if agents else ()

    def numbers_of(self, call_ids):
        return dict.fromkeys(call_ids, "02088886666")

    def people_judged(self, name):
        return self.people

    def month(self, name):
        if name == "2026-10":
            return self._month
        calls = self._month.calls.head(1).with_columns(call_id=pl.lit("b1"), start=datetime(2026, 9, 30, 9))
        findings = self._month.findings.head(1).with_columns(call_id=pl.lit("b1"))
        made = (agent_month(calls, findings), team_month(calls, findings), item_month(calls, findings))
        return Month(name, calls, findings, *made)

    def report_context(self, month):
        closing = "结束语" if month == "2026-10" else "旧结束语"
        items = (("closing", closing, "Closing", 8, "REG"), ("title", "称呼", "Title", 8, "REG"))
        return ReportContext(
            month, "zh", "r", "1", "ab", items, "openai-whisper", "base", "balanced", "部", "0"
        )

    def turns(self, _call_id):
        return pl.DataFrame(schema=TURNS_SCHEMA)

    def clip(self, call_id, _start_s, _end_s, *, beeps=(), place="panel"):
        if self.gone:
            raise QaError("workspace.recording_gone", call_id=call_id, path="x.wav")
        return call_id.encode()


@pytest.fixture
def panel(tmp_path):
    with speaking("zh"):
        yield TrainerReview(OneMonth(tmp_path), ["2026-10"])


def shown(panel):
    return [(one.kind, one.call_id, one.item) for one in panel.shown]


def test_faults_examples_and_pairs(panel):
    assert shown(panel) == [("fault", "c1", "closing"), ("fault", "c1", "title")]
    assert panel.player.value == b"c1"
    panel.kind.value = "exemplary"
    assert shown(panel) == [("exemplary", "c2", "closing")]
    panel.kind.value = "pairs"
    assert shown(panel) == [
        ("fault", "c1", "closing"),
        ("exemplary", "c2", "closing"),
        ("fault", "c1", "title"),
    ]


def test_the_list_says_what_is_heard_and_a_click_plays_it(panel):
    panel.kind.value = "pairs"
    assert panel.list.frame.rows()[:2] == [
        ("问题", "王磊", "10-03 09:05", "01:15", "结束语", "不归我们管"),
        ("示范", "李娜", "10-02 08:00", "01:15", "结束语", "不归我们管"),
    ]
    panel.list.chosen = 1
    assert panel.player.value == b"c2"


def test_filters(panel):
    assert panel.item.options == (("全部项目", ""), ("结束语（1）", "closing"), ("称呼（1）", "title"))
    panel.item.value = "title"
    assert shown(panel) == [("fault", "c1", "title")]
    panel.team.value = "二班"
    assert shown(panel) == []
    assert panel.player.value == b""
    assert "没有符合条件的片段" in panel.said.value


def test_the_playlist_takes_each_moment_once(panel):
    panel.buttons["add"].click()
    panel.buttons["add"].click()
    assert "1 段" in panel.chosen.value
    panel.buttons["add_all"].click()
    assert "2 段" in panel.chosen.value
    panel.buttons["clear"].click()
    assert panel.playlist == []


@pytest.mark.parametrize(("button", "name"), [("export_page", "*.html"), ("export_folder", "*/index.html")])
def test_the_playlist_is_exported_without_names(panel, tmp_path, button, name):
    panel.buttons["add_all"].click()
    panel.buttons[button].click()
    [page] = (tmp_path / "playlists").glob(name)
    text = page.read_text(encoding="utf-8")
    assert "2026-10 录音讲评" in text
    assert text.count("<audio") == 2
    assert "王磊" not in text
    assert "已导出" in panel.said.value


def test_a_playlist_is_kept_over_months_and_says_of_which_it_is(tmp_path):
    with speaking("zh"):
        panel = TrainerReview(OneMonth(tmp_path), ["2026-09", "2026-10"])
        panel.month.value = "2026-09"
        panel.buttons["add_all"].click()
        panel.month.value = "2026-10"
        panel.buttons["export_page"].click()
        (page,) = (tmp_path / "playlists").glob("2026-09-*.html")
        text = page.read_text("utf-8")
        assert "2026-09 录音讲评" in text
        assert "旧结束语" in text
        panel.buttons["add"].click()
        panel.buttons["export_page"].click()
    (page,) = (tmp_path / "playlists").glob("2026-09_2026-10-*.html")
    text = page.read_text("utf-8")
    assert "2026-09、2026-10 录音讲评" in text
    # Each of the two clips names its item twice, as its own month did.
    assert (text.count("旧结束语"), text.count("结束语")) == (2, 4)
    assert text.count("<audio") == 2


def test_what_cannot_be_exported_is_said(panel, tmp_path):
    panel.buttons["export_page"].click()
    assert "播放单是空的" in panel.said.value
    panel.buttons["add"].click()
    panel._workspace.gone = True
    panel.buttons["export_page"].click()
    assert "x.wav" in panel.said.value
    assert list((tmp_path / "playlists").iterdir()) == []


def test_a_missing_workspace_is_said_in_place_of_the_panel(tmp_path):
    said = trainer_review(tmp_path)
    assert isinstance(said, ipywidgets.HTML)


def test_people_s_verdicts_go_before_the_machine_s_and_a_call_with_a_fault_is_no_example(tmp_path):
    workspace = OneMonth(tmp_path)
    # The machine's fault of c1 was none, its example of c2 is one that a person failed.
    items = [
        {
            "call_id": "c1",
            "item": "title",
            "verdict": "pass",
            "points": 8.0,
            "max_points": 8.0,
            "critical": False,
        },
        {
            "call_id": "c2",
            "item": "closing",
            "verdict": "fail",
            "points": 0.0,
            "max_points": 8.0,
            "critical": False,
        },
    ]
    calls = [{"call_id": "c1", "score": 92.0, "faults": 0}, {"call_id": "c2", "score": 92.0, "faults": 0}]
    workspace.people = PeopleJudged(pl.DataFrame(items, PEOPLE_ITEMS), pl.DataFrame(calls, PEOPLE_CALLS))
    panel = TrainerReview(workspace, ["2026-10"])
    assert [(one.call_id, one.item) for one in panel.shown] == [("c1", "closing")]
    panel.kind.value = "exemplary"
    assert panel.shown == []
    workspace = OneMonth(tmp_path)
    calls = [{"call_id": "c2", "score": 98.0, "faults": 1}]
    workspace.people = PeopleJudged(NOBODY.items, pl.DataFrame(calls, PEOPLE_CALLS))
    panel = TrainerReview(workspace, ["2026-10"])
    panel.kind.value = "exemplary"
    assert panel.shown == []


def needs_shown(folder, faults_of):
    """What the panel says of 100 calls a team with so many faults of `closing`, without tags."""
    workspace, rows = OneMonth(folder), []
    for team, faults in faults_of.items():
        rows += [
            (f"{team}{n}", team, f"{team}{n % 5}", n % 20, "fail" if n < faults else "pass")
            for n in range(100)
        ]
    kept = workspace.month("2026-10")
    calls = pl.DataFrame(
        [
            {**kept.calls.row(0, named=True), "call_id": call, "team": team, "agent_no": agent,
             "agent_name": None, "start": datetime(2026, 10, 1 + day, 9)}
            for call, team, agent, day, _ in rows
        ],
        schema=CALLS,
    )  # fmt: skip
    findings = pl.DataFrame(
        [
            {**kept.findings.row(0, named=True), "call_id": call, "verdict": verdict}
            for call, *_, verdict in rows
        ],
        schema=FINDINGS,
    )
    workspace._month = replace(kept, calls=calls, findings=findings)
    with speaking("zh"):
        return re.sub("<[^>]+>", " ", TrainerReview(workspace, ["2026-10"]).needs.value).split()


@pytest.mark.parametrize(
    ("faults_of", "told"),
    [
        ({"一班": 2, "二班": 2}, ["没有突出的问题，或已评的通话还太少。"]),
        (
            {"一班": 20, "二班": 21},
            ["全部门都常见", "结束语：20%", "不合格（41/200）", "各班组之间没有明显的差别。"],
        ),
        ({"一班": 20}, ["全部门都常见", "结束语：20%", "不合格（20/100）"]),
        (
            {"一班": 2, "二班": 30, "三班": 3},
            ["全部门都常见", "结束语：12%", "不合格（35/300）", "二班", "结束语：30%",
             "不合格（30/100），其他班组", "2%，明显更多，不像是碰巧",
             "没有列出的班组，没有哪一项明显多于其他班组。"],
        ),
    ],
)  # fmt: skip
def test_what_to_train(tmp_path, faults_of, told):
    assert needs_shown(tmp_path, faults_of) == ["本月最该培训的项目", *told]
