"""A workspace of two small months with real files, turns, draws and audits, made once and copied."""

from datetime import datetime, timedelta

import numpy as np
import soundfile

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.calls.query import calls_frame, month_of
from qa_audit.estimation.audited import assigned_calls
from qa_audit.pipeline import turns_key
from qa_audit.sampling.design import Design
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.store.parts import write_part
from qa_audit.transcribe.frames import turns_frame
from qa_audit.transcribe.jobs import TURNS
from qa_audit.transcribe.turns import Transcript
from qa_audit.workspace import Workspace

AGENTS = (
    ("8001", "张三", "一班"),
    ("8002", "李四", "一班"),
    ("8003", "王五", "二班"),
    ("8004", "赵六", "二班"),
)
CALLS = 14
"""Calls of each agent and month."""
INSPECTORS = ("李敏", "王芳", "陈静")
GREETING, HOLD, CLOSING = (
    "您好，长风物业客服中心，很高兴为您服务",
    "请您稍等",
    "感谢您的来电，再见",
)


def words_of(agent, number):
    """What is said in a call; more is left out the higher agent and number are."""
    said = [GREETING] if (number + agent) % 3 else ["喂"]
    said += [HOLD] if number % 2 else ["等着"]
    said += [CLOSING] if (number * 5 + agent) % 4 else ["挂了"]
    return [f"A: {said[0]}", "C: 我家的水管坏了", f"A: {said[1]}", f"A: {said[2]}"]


def make(folder, **choices):
    """The workspace, with calls of 2026-09 and 2026-10; nothing is drawn yet."""
    recordings = folder / "录音"
    recordings.mkdir(parents=True)
    lines = ["呼叫流水号,开始时间,坐席工号,坐席姓名,班组,录音文件"]
    spoken = {}
    for month in (9, 10):
        for place, (number, name, team) in enumerate(AGENTS):
            for at in range(CALLS):
                call = f"{month:02d}-{number}-{at:02d}"
                start = datetime(2026, month, 1, 9) + timedelta(days=at * 2, minutes=place)
                where = "二班" if number == "8002" and month == 10 and at >= CALLS // 2 else team
                lines.append(f"{call},{start:%Y-%m-%d %H:%M:%S},{number},{name},{where},{call}.wav")
                sound = np.full((80, 2), (len(lines) % 30000) / 32768, np.float32)
                soundfile.write(recordings / f"{call}.wav", sound, 8000)
                spoken[call] = words_of(place, at)
    (folder / "话单.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sources = {"recordings": recordings, "call_list": folder / "话单.csv"}
    made = Workspace.create(folder / "中心", **sources, **choices)
    made.import_calls()
    for call in calls_frame(made.database).iter_rows(named=True):
        turns = example_turns(spoken[call["call_id"]])
        transcript = Transcript(call["sha256"], 12.0, 2, "e", "m", "p", turns)
        key = turns_key(call, made.settings.transcribe, made.choices.digest)
        write_part(turns_frame(transcript), made.results, TURNS, month_of(call["start"]), key)
    made.score()
    return made


def draw(workspace, month, calls=5, **options):
    """Draw and hand out a month, the same calls each time: by words that are told and not by new ones."""
    book = workspace.samples
    words = f"一二三四五六七八九十 {len(book.draws(month))}"
    book.commit(month, "主管", words)
    frozen = book.freeze(book.frame(month, Design(calls_per_agent=calls)), "主管")
    made = book.draw(frozen.frame_id, "主管", words={"主管": words}, **options)
    book.hand_out(made.draw_id, list(INSPECTORS), "主管", twice="0")
    return made


def hear(workspace, month, *, skip=0):
    """Judge what was drawn of a month, all but the last `skip` calls."""
    assigned = assigned_calls(workspace.samples, month).filter(purpose="first").sort("call_id")
    rows = assigned.select("call_id", "inspector").rows()
    for place, (call, who) in enumerate(rows[: len(rows) - skip]):
        judge(workspace, call, who, ["closing"] if place % 3 == 0 else ["greeting"] if place % 4 == 0 else [])


def judge(workspace, call, who, fails=()):
    """Hand in a call."""
    items = tuple(item.id for item in workspace.rubric.items)
    for action in (*(GiveVerdict(item, "fail") for item in fails), PassRest(items), HandIn()):
        append(workspace.database, call, who, action, workspace.rubric)
