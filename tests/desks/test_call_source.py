import shutil

import numpy as np
import pytest
import soundfile

from qa_audit.calls.query import calls_frame
from qa_audit.messages import QaError
from qa_audit.pipeline import transcribe_jobs
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript, Turn
from qa_audit.workspace import Workspace

LIST = """通话编号,录音文件,工号,姓名,开始时间,通话时长,呼叫方向
A1,a.wav,8001,张三,2026-10-03 09:00:00,12,呼入
B1,b.wav,8002,李四,2026-11-04 10:00:00,13,呼入
B2,c.wav,8001,张三,2026-11-03 10:00:00,14,呼出
B3,d.wav,8001,,2026-11-05 10:00:00,15,呼出
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Four calls; all but B3 transcribed and scored."""
    tmp_path = tmp_path_factory.mktemp("first")
    recordings = tmp_path / "录音"
    recordings.mkdir()
    for number, name in enumerate("abcd"):
        soundfile.write(recordings / f"{name}.wav", np.full(800, 0.1 * number), 8_000)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    made = Workspace.create(tmp_path / "ws", recordings=recordings, call_list=tmp_path / "list.csv")
    made.import_calls()
    known = calls_frame(made.database)
    for job in _jobs(made, known.filter(known["call_id"] != "B3")):
        _transcribe(made, job)
    made.score()
    made.database.dispose()
    return made.folder


@pytest.fixture
def workspace(first, tmp_path):
    return Workspace.open(shutil.copytree(first, tmp_path / "ws"))


def _jobs(workspace, calls):
    return transcribe_jobs(calls, workspace.settings.transcribe, workspace.choices.digest)


def _transcribe(workspace, job):
    chosen = workspace.choices
    turns = (Turn("agent", 0.0, 0.1, "您好", 0.9),)
    made = Transcript(job.sha256, 0.1, 1, chosen.engine, chosen.model, chosen.preset, turns)
    write_part(turns_frame(made), workspace.results, TURNS, job.month, job.key)


def test_without_a_list_the_scored_calls_of_the_newest_month_are_queued(workspace):
    entries = workspace.desk("李敏").queue()
    assert [(one.call_id, one.agent, one.duration_s, one.state) for one in entries] == [
        ("B2", "张三", 0.1, "open"),
        ("B1", "李四", 0.1, "open"),
    ]


def test_a_list_of_calls_is_queued_in_its_order_also_across_months(workspace):
    desk = workspace.desk("李敏", ["B3", "A1", "B1", "A1"])
    assert [(one.call_id, one.agent, one.duration_s) for one in desk.queue()] == [
        ("B3", "8001", 15.0),
        ("A1", "张三", 0.1),
        ("B1", "李四", 0.1),
    ]
    with pytest.raises(QaError) as error:
        workspace.desk("李敏", ["B1", "Z9"])
    assert (error.value.code, error.value.values["call_id"]) == ("workspace.unknown_call", "Z9")


def test_a_call_is_opened_with_its_turns_and_what_the_list_says(workspace):
    desk = workspace.desk("李敏")
    shown = desk.open("B2")
    assert shown["title"] == {
        "start": "2026-11-03T10:00:00",
        "agent_no": "8001",
        "agent_name": "张三",
        "team": None,
        "direction": "outbound",
    }
    assert [turn["text"] for turn in shown["turns"]] == ["您好"]
    desk.act("B2", {"kind": "verdict", "item": "closing", "verdict": "fail"})
    assert workspace.desk("李敏").queue()[0].state == "begun"


def test_a_call_may_be_transcribed_while_the_desk_is_in_use(workspace):
    desk = workspace.desk("李敏", ["B3"])
    with pytest.raises(QaError) as error:
        desk.open("B3")
    assert error.value.code == "workspace.not_transcribed"
    known = calls_frame(workspace.database)
    _transcribe(workspace, _jobs(workspace, known.filter(known["call_id"] == "B3"))[0])
    assert desk.open("B3")["duration_s"] == 0.1


def test_a_desk_shows_the_machine_s_verdicts_as_they_are_scored(workspace):
    shown = workspace.desk("李敏", blind=False).open("B2")
    kept = workspace.findings("2026-11")
    kept = kept.filter((kept["call_id"] == "B2") & (kept["kind"] == "item"))
    assert {item["id"]: item["machine"]["verdict"] for item in shown["items"]} == dict(
        kept.select("item", "verdict").iter_rows()
    )
    assert shown["scores"]["machine"] == workspace.calls("2026-11").row(0, named=True)["score"]


def test_an_empty_workspace_has_an_empty_desk(tmp_path):
    assert Workspace.create(tmp_path / "ws").desk("李敏").queue() == ()
