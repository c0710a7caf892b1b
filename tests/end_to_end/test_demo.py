"""From recordings to a month, on the sample calls, with the real model."""

import json
import time

import openpyxl
import polars as pl
import pytest

import qa_audit as qa
from qa_audit.demo import run_demo

pytestmark = pytest.mark.slow


def test_every_listed_call_is_scored_but_the_one_without_recording(demo):
    calls = qa.open(demo).calls()
    assert calls.height == 29
    assert dict(calls["status"].value_counts().iter_rows()) == {"scored": 28, "no_recording": 1}
    assert calls.filter(pl.col("status") == "no_recording")["call_id"].to_list() == ["20260925001"]
    assert calls["score"].drop_nulls().is_between(0, 100).all()


def test_an_old_and_a_new_number_are_one_person(demo):
    calls = qa.open(demo).calls()
    chen = calls.filter(pl.col("agent_name") == "陈静")
    assert set(chen["agent_no"]) == {"0217", "8011"}
    assert set(chen["person_id"]) == {"KF001"}


def test_a_change_of_team_counts_from_its_day(demo):
    workspace = qa.open(demo)
    teams = {
        month: set(workspace.calls(month).filter(pl.col("person_id") == "KF003")["team"])
        for month in workspace.months()
    }
    assert teams == {"2026-09": {"一班"}, "2026-10": {"二班"}}


def test_the_month_is_frames(demo):
    month = qa.open(demo).month("2026-10")
    assert month.agents.height == 6
    assert month.teams["team"].to_list() == ["一班", "二班"]
    assert set(month.findings["verdict"]) <= {"pass", "fail", "not_applicable", "uncertain"}
    for frame in (month.calls, month.findings, month.agents, month.teams, month.items):
        assert isinstance(frame, pl.DataFrame)


def test_abuse_zeroes_the_call_and_is_listed(demo, samples):
    labels = json.loads((samples / "labels.json").read_text(encoding="utf-8"))
    calls = {row["call_id"]: row for row in qa.open(demo).calls().iter_rows(named=True)}
    critical = {call_id for call_id, row in calls.items() if row["critical"]}
    assert len(critical) == 1
    (call_id,) = critical
    assert calls[call_id]["score"] == 0.0
    assert next(call for call in labels if call["id"] == call_id)["labels"]["no_harsh_language"] is False


def test_a_second_run_does_nothing_twice_and_takes_seconds(own_demo):
    before = {path: path.stat().st_mtime_ns for path in own_demo.rglob("*.parquet")}
    assert before
    started = time.monotonic()
    outcome = qa.open(own_demo).run()
    assert time.monotonic() - started < 10
    assert (outcome.transcribed.done, outcome.transcribed.kept) == (0, 28)
    assert (outcome.scored.done, outcome.scored.kept, outcome.scored.waiting) == (0, 28, 0)
    assert {path: path.stat().st_mtime_ns for path in own_demo.rglob("*.parquet")} == before


def test_a_lost_part_is_made_again_alone(own_demo):
    lost = next(iter(sorted((own_demo / "results" / "turns").rglob("*.parquet"))))
    content = pl.read_parquet(lost)
    lost.unlink()
    outcome = qa.open(own_demo).transcribe()
    assert (outcome.done, outcome.kept) == (1, 27)
    assert pl.read_parquet(lost).equals(content)


def test_another_rubric_scores_beside_the_old_findings(own_demo):
    workspace = qa.open(own_demo)
    before = workspace.calls("2026-10")
    rubric = own_demo / "rubric.toml"
    text = rubric.read_text(encoding="utf-8")
    rubric.write_text(text.replace('version = "1.0.0"', 'version = "1.0.1"', 1), encoding="utf-8")
    changed = qa.open(own_demo)
    assert changed.calls("2026-10")["score"].null_count() == before.height
    assert changed.score().done == 28
    rubric.write_text(text, encoding="utf-8")
    assert qa.open(own_demo).calls("2026-10").equals(before)


def test_the_workbook_of_a_month(demo):
    book = openpyxl.load_workbook(demo / "reports" / "2026-10.xlsx")
    # 工差, 申诉 and 校准 come with what people decide, 外呼回访 and the like with calls of their kind.
    assert book.sheetnames[:4] == ["汇总", "班组", "员工", "项目"]
    assert {"明细", "问题清单", "方法", "说明"} < set(book.sheetnames)
    assert {"工差", "申诉", "校准"}.isdisjoint(book.sheetnames)
    agents = book["员工"]
    names = [row[2] for row in agents.iter_rows(min_row=2, values_only=True)]
    assert sorted(names) == sorted(["陈静", "王磊", "刘晓燕", "赵志强", "孙雨欣", "周浩然"])
    assert agents.freeze_panes == "D2"
    assert "机器评分" in "".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row)


def test_csv_and_charts_lie_beside_it(demo):
    written = {path.name for path in (demo / "reports").iterdir() if path.name.startswith("2026-10")}
    assert written > {"2026-10.xlsx", "2026-10.html", "2026-10.pdf", "2026-10-成绩单"}
    assert written > {f"2026-10-{name}.csv" for name in ("员工", "明细", "班组", "问题清单")}
    assert written > {"2026-10-员工.png", "2026-10-项目.png", "2026-10-agents.parquet"}
    assert (demo / "reports" / "2026-10-员工.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_demo_prints_where_things_are_and_the_scores(demo):
    printed = (demo / "printed.txt").read_text(encoding="utf-8")
    assert "2026-10 员工得分（机器评分，未经人工校正）" in printed
    assert "陈静" in printed
    assert f"个文件）在：{demo / 'reports'}\n接下来" in printed
    assert ".xlsx" not in printed


def test_the_demo_tells_each_stage_and_counts_as_it_goes(demo):
    told = (demo / "told.txt").read_text(encoding="utf-8").splitlines()
    assert told[:2] == [f"导入、转写、评分：{demo}", "已导入；要转写 28 个录音"]
    assert told[2:30] == [f"转写 {done} / 28" for done in range(1, 29)]
    assert told[30:] == ["写 2026-09 的月报", "写 2026-10 的月报"]


def test_the_demo_can_be_run_again(own_demo):
    assert any("28" in line for line in run_demo(own_demo))


def test_a_clip_of_a_moment_is_sound(demo):
    workspace = qa.open(demo)
    sound = workspace.clip("20260902001", 0.0, 5.0)
    assert 5_000 < len(sound) < 100_000
    turns = workspace.turns("20260902001")
    assert turns["role"][0] == "agent"
    assert turns["start_s"].is_sorted()
