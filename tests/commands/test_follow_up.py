import json

import polars as pl
import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import QaError
from tests.made_audits import RUDE, hand_in


@pytest.fixture
def ran(scored):
    def run(*arguments):
        words = [*map(str, arguments), "--workspace", str(scored.folder)]
        return CliRunner().invoke(cli, words, standalone_mode=False)

    return run


def test_faults_are_listed_kept_and_exported(scored, ran, tmp_path):
    assert ran("faults", "list").output == "没有工差。\n"
    hand_in(scored, RUDE, "李敏", faults=[("greeting", 1.0, 3.0)])
    assert "开头语" in ran("faults", "list", "--month", "2026-10").output
    assert ran("faults", "list", "--repeated").output == "没有工差。\n"
    told = json.loads(ran("faults", "list", "--json").output)["faults"]
    assert (told[0]["call_id"], told[0]["nth"], told[0]["clip"]) == (RUDE, 1, None)
    assert "新存 1 段录音，原有 0 段。" in ran("faults", "clips").output
    out = tmp_path / "工差.xlsx"
    done = ran("faults", "export", out, "--json")
    assert json.loads(done.output) == {"file": str(out), "without_clip": {}}
    assert done.return_value == 0
    assert pl.read_excel(out)["通话编号"].to_list() == [RUDE]
    refused = ran("faults", "export", tmp_path / "工差.doc", "--no-clips")
    assert isinstance(refused.exception, QaError)


def test_coaching_and_its_effect(scored, ran):
    number = scored.calls().filter(pl.col("call_id") == RUDE)["agent_no"][0]
    assert ran("coach", "effect", number).exception.code == "follow_up.not_coached"
    told = ran(
        "coach",
        "note",
        number,
        "--item",
        "greeting",
        "--text",
        "练",
        "--who",
        "班长",
        "--when",
        "2026-10-15 09:00",
    ).output
    assert f"第 1 次辅导：{number}，2026-10-15 09:00:00。" in told
    told = ran("coach", "effect", number).output
    assert "通话太少，不能判断" in told
    assert "区间含 0 时不能说有变化" in told
    (one,) = json.loads(ran("coach", "effect", number, "--json").output)["coachings"]
    assert [row["source"] for row in one["effect"]] == ["machine", "machine", "people", "people"]


def test_praise(ran):
    assert ran("praise", RUDE, "--at", 3, "--text", "耐心", "--who", "王芳").output == f"已表扬：{RUDE}。\n"
    told = json.loads(ran("praise", RUDE, "--text", "又好", "--who", "王芳", "--json").output)
    assert (told["praise"], told["at_s"]) == (2, None)
