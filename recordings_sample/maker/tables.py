"""The files beside the recordings: call list, roster and labels."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from .scenario import Call, Cast, Speech
from .timeline import Placed

CALL_HEADINGS = (
    "通话编号", "录音文件", "工号", "姓名", "班组", "开始时间", "呼叫方向", "客户号码", "振铃秒数", "技能组",
    "系统", "挂断方", "内部",
)  # fmt: skip
ROSTER_HEADINGS = ("人员编号", "姓名", "新系统工号", "旧系统工号", "班组", "开始日期", "结束日期")


def call_row(call: Call) -> list[str]:
    """One row of the call list, as the centre's system would export it."""
    agent = call.agent
    return [
        call.call_id,
        call.file,
        agent.old_number if call.system == "旧" else agent.new_number,
        agent.name,
        agent.team_on(call.start.date()),
        call.start.strftime("%Y-%m-%d %H:%M:%S"),
        call.direction,
        call.customer_number,
        "" if call.ring_s is None else str(call.ring_s),
        call.skill_group,
        call.system,
        call.hung_up_by,
        "是" if call.internal else "否",
    ]


def roster_rows(cast: Cast) -> list[list[str]]:
    """One row for each person and team."""
    return [
        [a.person_id, a.name, a.new_number, a.old_number, team, str(first), "" if last is None else str(last)]
        for a in cast.agents.values()
        for team, first, last in a.teams
    ]


def write_csv(path: Path, headings: tuple[str, ...], rows: list[list[str]]) -> None:
    """Write a table as Chinese spreadsheets expect it: UTF-8 with a byte-order mark, CRLF."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)


def label_entry(call: Call, placed: list[Placed]) -> dict:
    """What is true of one recording: the verdicts and who said what when."""
    truth = [
        {"role": p.step.role, "start_s": round(p.start_s, 3), "end_s": round(p.end_s, 3), "text": p.step.text}
        for p in placed
        if isinstance(p.step, Speech)
    ]
    return {
        "id": call.call_id,
        "file": call.file,
        "situations": list(call.situations),
        "labels": call.labels(),
        "truth": truth,
    }


def write_tables(out: Path, cast: Cast, calls: list[Call], placed_by_id: dict[str, list[Placed]]) -> None:
    """Write call list, roster and labels; an unlisted recording gets neither a row nor labels."""
    listed = [call for call in calls if call.listed]
    write_csv(out / "call_list.csv", CALL_HEADINGS, [call_row(call) for call in listed])
    write_csv(out / "roster.csv", ROSTER_HEADINGS, roster_rows(cast))
    labels = [label_entry(call, placed_by_id[call.call_id]) for call in listed if call.recorded]
    text = json.dumps(labels, ensure_ascii=False, indent=1)
    (out / "labels.json").write_text(text + "\n", encoding="utf-8")
