from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import soundfile

from qa_audit.desks.follow_up import EFFECT_BY_SOURCE
from qa_audit.messages import QaError, speaking
from qa_audit.shown.follow_up import shown_effect, shown_faults, shown_repeats
from tests.browser.made_workspace import CALLS
from tests.made_audits import HARSH, RUDE, hand_in


def agent_no(workspace, call_id):
    return workspace.calls().filter(pl.col("call_id") == call_id)["agent_no"][0]


def test_the_clips_of_the_register_lie_in_the_workspace(scored):
    hand_in(scored, RUDE, "李敏", faults=[("greeting", 3.0, 5.0)])
    assert scored.faults("2026-10")["clip"].to_list() == [None]
    done = scored.follow_up.keep_clips("2026-10")
    assert (done.kept, dict(done.failed)) == (1, {})
    clip = Path(scored.faults()["clip"][0])
    assert clip.is_relative_to(scored.folder / "clips")
    assert soundfile.info(clip).duration == pytest.approx(6.0, abs=0.2)
    again = scored.follow_up.keep_clips()
    assert (again.kept, again.there) == (0, 1)
    assert scored.faults("2026-11").is_empty()


def test_the_register_is_written_for_people(scored, tmp_path):
    hand_in(scored, RUDE, "李敏", faults=[("greeting", 1.0, 3.0)])
    with speaking("zh"):
        written = scored.follow_up.export(tmp_path / "工差.csv")
        shown = shown_faults(scored.faults(), scored.rubric, "zh")
    head, row, *_ = written.read_text("utf-8-sig").splitlines()
    assert head.startswith("通话时间,班组,工号,姓名,通话编号,位置,项目")
    assert f"{RUDE},00:01–00:03,开头语,一般,您好,开头没问候,李敏" in row
    assert shown.rows[0][3:9] == (RUDE, "00:01", "开头语", "一般", "李敏", 1)


def test_repeated_faults(scored):
    mine = scored.calls().filter(pl.col("agent_no") == agent_no(scored, RUDE))["call_id"].to_list()
    for call_id in CALLS:
        hand_in(scored, call_id, "李敏", faults=[("greeting", 1.0, 3.0)])
    repeated = scored.follow_up.repeated()
    found = {row["agent_no"]: row["calls"] for row in repeated.iter_rows(named=True)}
    expected = len(set(mine) & set(CALLS))
    assert found.get(agent_no(scored, RUDE), 1) == expected
    shown_repeats(repeated, scored.rubric, "en")


def test_coaching_is_noted_for_a_person_found_by_number(scored):
    number = agent_no(scored, RUDE)
    noted = scored.follow_up.coach(number, ["greeting"], text="练开头语", who="班长")
    assert scored.follow_up.coachings(number) == [noted]
    assert noted.agent == scored.follow_up.agent_of(noted.agent)
    in_china = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8)
    assert abs(noted.coached_at - in_china) < timedelta(minutes=10)
    with pytest.raises(QaError) as error:
        scored.follow_up.coach("nobody", ["greeting"], text="练", who="班长")
    assert error.value.code == "follow_up.no_agent"


def test_the_effect_by_machine_and_by_people(scored):
    noted = scored.follow_up.coach(
        agent_no(scored, RUDE), ["greeting"], text="练", who="班长", coached_at=datetime(2026, 10, 15)
    )
    effect = scored.follow_up.effect(noted)
    assert dict(effect.schema) == dict(EFFECT_BY_SOURCE)
    assert effect.select("source", "measure", "item").rows() == [
        ("machine", "faults", "greeting"), ("machine", "score", None),
        ("people", "faults", "greeting"), ("people", "score", None),
    ]  # fmt: skip
    assert set(effect["says"]) == {"too_few"}
    assert effect["calls_after"][1] > 0
    with speaking("zh"):
        rows = shown_effect(effect, scored.rubric, "zh").rows
    assert (rows[0][0], rows[0][1], rows[0][-1]) == ("机器（全部通话）", "开头语", "通话太少，不能判断")


def test_faults_before_and_after_coaching_stand_in_the_report_of_that_month_and_the_next(scored):
    when = datetime(2026, 10, 15)
    number = agent_no(scored, RUDE)
    scored.follow_up.coach(number, ["greeting", "closing"], text="练", who="班长", coached_at=when)
    found = scored.follow_up.before_after("2026-10")
    assert found.select("agent_no", "item", "coached_at").rows() == [
        (number, "greeting", when),
        (number, "closing", when),
    ]
    effect = scored.follow_up.effect(scored.follow_up.coachings(number)[0]).filter(source="machine")
    sides = ("calls_before", "calls_after")
    assert found.select(sides).row(0) == effect.select(sides).row(0)
    assert found["rate_after"][0] == effect["after"][0]
    assert scored.follow_up.before_after("2026-11")["item"].to_list() == ["greeting", "closing"]
    assert scored.follow_up.before_after("2026-12").is_empty()
    assert scored.follow_up.before_after("2026-09").is_empty()


def test_praise(scored):
    scored.follow_up.praise(HARSH, text="耐心", who="王芳", at_s=3.0)
    assert [one.call_id for one in scored.follow_up.praises("2026-10")] == [HARSH]
    assert scored.follow_up.praises("2026-11") == []
    with pytest.raises(QaError) as error:
        scored.follow_up.praise("nobody", text="好", who="王芳")
    assert error.value.code == "workspace.unknown_call"
