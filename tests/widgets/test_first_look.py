from datetime import datetime

import ipywidgets
import polars as pl

from qa_audit.estimation.frames import CALLS, FINDINGS
from qa_audit.estimation.month import agent_month, team_month
from qa_audit.messages import speaking
from qa_audit.reports.context import ReportContext
from qa_audit.transcribe.frames import TURNS_SCHEMA
from qa_audit.widgets import first_look as first_look_module
from qa_audit.widgets.first_look import fault_rows, first_look, summary
from qa_audit.workspace import Month


def _month():
    calls = pl.DataFrame(
        [
            {"call_id": "c1", "start": datetime(2026, 10, 3, 9, 5), "agent_name": "王磊", "agent_no": "8012",
             "team": "一班", "score": 80.0, "critical": [], "uncertain": 1, "status": "scored"},
            {"call_id": "c2", "start": datetime(2026, 10, 2, 8, 0), "agent_no": "8021", "team": "二班",
             "score": 60.0, "critical": [], "uncertain": 0, "status": "scored"},
            {"call_id": "c3", "start": datetime(2026, 10, 4, 8, 0), "critical": [], "status": "no_recording"},
        ],
        schema=CALLS,
    )  # fmt: skip
    place = {"turn": 0, "start_s": 75.2, "end_s": 77.0, "quote": "不归我们管", "tier": "exact"}
    common = {"kind": "item", "points": 0.0, "max_points": 8.0, "critical": False}
    findings = pl.DataFrame(
        [
            {"call_id": "c1", "item": "no_blame_shifting", "verdict": "fail", "evidence": [place], **common},
            {"call_id": "c1", "item": "closing", "verdict": "pass", "evidence": [place], **common},
            {"call_id": "c2", "item": "house_rule", "verdict": "fail", "evidence": [place, place], **common},
            {"call_id": "c2", "item": "title", "verdict": "fail", "evidence": [], **common},
        ],
        schema=FINDINGS,
    )
    agents = pl.DataFrame({"agent": ["8012", "8021"]})
    return Month("2026-10", calls, findings, agents, pl.DataFrame(), pl.DataFrame())


def test_every_fault_with_a_place_is_listed_in_order_of_team():
    rows = fault_rows(_month(), {"no_blame_shifting": "不推卸责任"})
    assert [moment for _, moment in rows] == [("c1", 75.2, 77.0), ("c2", 75.2, 77.0)]
    with speaking("zh"):
        assert [label for label, _ in fault_rows(_month(), {"no_blame_shifting": "不推卸责任"})] == [
            "王磊　10-03 09:05　01:15　不推卸责任　不归我们管",
            "8021　10-02 08:00　01:15　house_rule　不归我们管",
        ]


def test_one_team_alone():
    assert [moment[0] for _, moment in fault_rows(_month(), {}, team="二班")] == ["c2"]
    assert fault_rows(_month(), {}, team="三班") == []


def test_the_summary_counts_and_says_that_a_machine_did_it():
    with speaking("zh"):
        assert summary(_month()) == "2026-10：3 通电话，2 通已评分，2 名员工。机器评分，未经人工校正。"


def test_a_missing_workspace_is_said_in_place_of_the_panel(tmp_path):
    with speaking("en"):
        said = first_look(tmp_path)
    assert isinstance(said, ipywidgets.HTML)
    assert "No workspace (qa_audit.toml)" in said.value


class _Workspace:
    """One month in memory that counts the clips asked for."""

    def __init__(self):
        self.clips = []
        month = _month()
        agents, teams = (make(month.calls, month.findings) for make in (agent_month, team_month))
        self._month = Month("2026-10", month.calls, month.findings, agents, teams, pl.DataFrame())

    def months(self):
        return ["2026-10"]

    def month(self, _name):
        return self._month

    def report_context(self, month):
        items = (("no_blame_shifting", "不推卸责任", "No blame", 8, "REG"),)
        return ReportContext(
            month, "zh", "r", "1.0.0", "ab", items, "openai-whisper", "base", "balanced", "一部", "0"
        )

    def turns(self, _call_id):
        return pl.DataFrame(schema=TURNS_SCHEMA)

    def clip(self, call_id, _start_s, _end_s):
        self.clips.append(call_id)
        return b"sound"


def test_each_choice_cuts_one_clip(monkeypatch):
    workspace = _Workspace()
    monkeypatch.setattr("qa_audit.open", lambda _folder: workspace)
    panel = first_look_module.first_look()
    assert workspace.clips == ["c1"]
    team = panel.children[0].children[1]
    team.value = "二班"
    assert workspace.clips == ["c1", "c2"]
    team.value = ""
    assert workspace.clips == ["c1", "c2", "c1"]
