"""Rules that ask the call list for queue, team, time and columns of its own: import, score, correct."""

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from qa_audit.calls.query import calls_frame
from qa_audit.cli import cli
from qa_audit.pipeline import transcribe_jobs
from qa_audit.scoring.batch import ScoreOutcome
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript
from qa_audit.workspace import Workspace

HEADINGS = "通话编号,录音文件,工号,班组,开始时间,技能组,业务类型,备注"
CALLS = {
    "A1": "a1.wav,8001,一班,2026-10-03 22:15,宽带,新装,",
    "A2": "a2.wav,8001,一班,2026-10-05 09:00,宽带,移机,急",
    "A3": "a3.wav,8002,二班,2026-10-05 10:00,电视,新装,",
    "A4": "a4.wav,8002,二班,2026-10-06 11:00,电视,,",
}
ITEM = """
[[items]]
id = "{name}"
name_zh = "{name}"
name_en = "{name}"
source = "规定"
weight = 10
applies_when = "{when}"
check = {{ kind = "rule", pass_when = "谢", conditions = [
  {{ name = "谢", kind = "said", who = "agent", phrases = ["感谢来电"] }} ] }}
"""
HEAD = 'id = "centre"\nversion = "1.0.0"\nname_zh = "标准"\nname_en = "Standard"\n'
NEW = '[[conditions]]\nname = "新装"\nkind = "fact"\nfact = "column"\ncolumn = "业务类型"\nis = "新装"\n'
NIGHT = '[[conditions]]\nname = "夜间"\nkind = "fact"\nfact = "time"\nfrom = "21:00"\nuntil = "8:00"\n'
LINE = '[[conditions]]\nname = "宽带"\nkind = "fact"\nfact = "line"\nis = "宽带"\n'
TEAM = '[[conditions]]\nname = "二班"\nkind = "fact"\nfact = "team"\nis = "二班"\n'


def rubric(conditions, **items):
    return HEAD + "".join(ITEM.format(name=name, when=when) for name, when in items.items()) + conditions


ASKING = rubric(NEW + NIGHT, installed="新装", at_night="夜间")


def listed(folder, **changed):
    file = folder / "话单.csv"
    lines = [f"{call},{cells}" for call, cells in {**CALLS, **changed}.items()]
    file.write_text("\n".join((HEADINGS, *lines)), encoding="utf-8")
    return file


@pytest.fixture
def workspace(tmp_path):
    """Four transcribed calls in which nobody thanks for the call, and a rubric of the centre's own."""
    (tmp_path / "录音").mkdir()
    for number in range(4):
        soundfile.write(tmp_path / "录音" / f"a{number + 1}.wav", np.full(800, 0.1 * number), 8_000)
    made = Workspace.create(tmp_path / "中心", recordings=tmp_path / "录音", call_list=listed(tmp_path))
    made.import_calls()
    chosen = made.choices
    turns = example_turns(["A: 您好，请讲", "C: 我要报修", "A: 好的，再见"])
    for job in transcribe_jobs(calls_frame(made.database), made.settings.transcribe, chosen.digest):
        said = Transcript(job.sha256, 9.0, 2, chosen.engine, chosen.model, chosen.preset, turns)
        write_part(turns_frame(said), made.results, TURNS, job.month, job.key)
    return with_rubric(made, ASKING)


def with_rubric(workspace, text):
    workspace.database.dispose()
    (workspace.folder / "rubric.toml").write_text(text, encoding="utf-8")
    return Workspace.open(workspace.folder)


def verdicts(workspace, item):
    found = workspace.findings("2026-10").filter(item=item)
    return dict(found.select("call_id", "verdict").iter_rows())


def imported(workspace, tmp_path, **changed):
    workspace.import_calls(call_list=listed(tmp_path, **changed))
    return workspace.score()


def test_a_correction_of_the_list_scores_the_calls_anew_of_which_the_rubric_asks_it(workspace, tmp_path):
    assert workspace.score() == ScoreOutcome(done=4, kept=0, waiting=0)
    applies, off = "fail", "not_applicable"
    assert verdicts(workspace, "installed") == {"A1": applies, "A2": off, "A3": applies, "A4": off}
    assert verdicts(workspace, "at_night") == {"A1": applies, "A2": off, "A3": off, "A4": off}
    # Neither queue, team nor remark are asked.
    nothing = {"A2": "a2.wav,8001,三班,2026-10-05 09:00,缴费,移机,不急"}
    assert imported(workspace, tmp_path, **nothing) == ScoreOutcome(done=0, kept=4, waiting=0)
    kind = {"A3": "a3.wav,8002,二班,2026-10-05 10:00,电视,移机,"}
    assert imported(workspace, tmp_path, **kind) == ScoreOutcome(done=1, kept=3, waiting=0)
    assert verdicts(workspace, "installed") == {"A1": applies, "A2": off, "A3": off, "A4": off}
    emptied = {**kind, "A1": "a1.wav,8001,一班,2026-10-03 22:15,宽带,,"}
    assert imported(workspace, tmp_path, **emptied) == ScoreOutcome(done=1, kept=3, waiting=0)
    assert verdicts(workspace, "installed") == dict.fromkeys(CALLS, off)
    earlier = {**emptied, "A1": "a1.wav,8001,一班,2026-10-03 20:15,宽带,,"}
    assert imported(workspace, tmp_path, **earlier) == ScoreOutcome(done=1, kept=3, waiting=0)
    assert verdicts(workspace, "at_night") == dict.fromkeys(CALLS, off)
    # What was scored before is found again.
    assert imported(workspace, tmp_path) == ScoreOutcome(done=0, kept=4, waiting=0)
    assert verdicts(workspace, "installed") == {"A1": applies, "A2": off, "A3": applies, "A4": off}


def test_queue_and_team_as_the_roster_has_it(workspace, tmp_path):
    workspace = with_rubric(workspace, rubric(LINE + TEAM, broadband="宽带", second="二班"))
    assert workspace.score() == ScoreOutcome(done=4, kept=0, waiting=0)
    applies, off = "fail", "not_applicable"
    assert verdicts(workspace, "broadband") == {"A1": applies, "A2": applies, "A3": off, "A4": off}
    assert verdicts(workspace, "second") == {"A1": off, "A2": off, "A3": applies, "A4": applies}
    roster = tmp_path / "花名册.csv"
    lines = [
        "人员编号,工号,班组,开始日期,结束日期",
        "P1,8001,一班,2026-01-01,2026-10-04",
        "P1,8001,二班,2026-10-05,",
    ]
    roster.write_text("\n".join(lines), encoding="utf-8")
    workspace.import_calls(roster=roster)
    assert workspace.score() == ScoreOutcome(done=1, kept=3, waiting=0)
    assert verdicts(workspace, "second") == {"A1": off, "A2": applies, "A3": applies, "A4": applies}


def test_the_machine_says_the_same_to_an_inspector_and_in_an_explanation(workspace):
    workspace.score()
    desk = workspace.desk("李敏", ["A1", "A2"], blind=False)
    shown = [desk.open(call)["items"] for call in ("A1", "A2")]
    assert [[item["machine"]["verdict"] for item in items] for items in shown] == [
        ["fail", "fail"],
        ["not_applicable", "not_applicable"],
    ]
    command = ["rubric", "explain", "installed", "A2", "--workspace", str(workspace.folder)]
    told = CliRunner().invoke(cli, command).output
    assert "业务类型 = 移机  [话单]" in told


def test_two_rubrics_are_compared_by_what_only_the_new_one_asks(workspace, tmp_path):
    old, new = (tmp_path / name for name in ("旧.toml", "新.toml"))
    old.write_text(rubric(NEW, installed="新装"), encoding="utf-8")
    new.write_text(rubric(NEW + LINE, installed="新装 and 宽带"), encoding="utf-8")
    command = ["rubric", "diff", str(old), str(new), "--workspace", str(workspace.folder), "--json"]
    run = CliRunner().invoke(cli, command)
    assert '"calls": 4' in run.output
    turned = '{"call_id": "A3", "item": "installed", "old": "fail", "new": "not_applicable", "aside": false}'
    assert run.output.count('"call_id"') == run.output.count(turned) == 1
