import json

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.commands.sample import sample
from qa_audit.console import SpokenOption
from qa_audit.messages import catalogue
from qa_audit.sampling.book import SampleBook
from qa_audit.store.database import open_database
from tests.closing.conftest import heard, heard_folder  # noqa: F401 - fixtures
from tests.sampling.made_calls import month_of_calls

COMMANDS = sample.commands
WORDS = "一句别人猜不到的话，长一点"


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Runs `qa-audit sample …` on a database with a month of made-up calls."""
    engine = open_database(tmp_path / "qa.db")
    calls = month_of_calls()
    monkeypatch.setattr(
        "qa_audit.commands.sample._book", lambda _folder: SampleBook(engine, lambda _month: calls)
    )

    monkeypatch.setattr("qa_audit.commands.who.name_of", lambda _folder, who: who)

    def run(*arguments):
        return CliRunner().invoke(cli, ["sample", *map(str, arguments)], standalone_mode=False)

    yield run
    engine.dispose()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_is_documented_in_both_languages(name, lang):
    told = CliRunner().invoke(cli, ["--lang", lang, "sample", name, "--help"])
    key = f"cli.help.sample_{name.replace('-', '_')}"
    assert catalogue()[key][lang].split("\n", 1)[0] in told.output
    assert all(type(one) is SpokenOption for one in COMMANDS[name].params if one.param_type_name == "option")


def test_the_commands_in_the_order_of_the_work():
    order = ["plan", "commit", "freeze", "draw", "hand-out", "replace", "show", "verify", "board"]
    assert list(COMMANDS) == order


def test_a_plan_draws_nothing(ran):
    told = ran("plan", "--month", "2026-10").output
    assert "抽 24 通" in told
    assert "员工0" in told
    assert "3/8" in told
    plan = json.loads(ran("plan", "--month", "2026-10", "--team", "二班", "--sd", "10", "--json").output)
    assert (plan["drawn"], plan["residual_sd"], len(plan["agents"])) == (8, 10.0, 1)
    assert ran("show").output == "还没有抽样。\n"


def test_two_people_draw(ran):
    for who in ("王芳", "李强"):
        told = ran("commit", "--month", "2026-10", "--who", who, "--words", WORDS)
        assert WORDS in told.output
    frozen = json.loads(ran("freeze", "--month", "2026-10", "--who", "王芳", "--json").output)
    assert frozen["calls"] == 120
    words = [f"--words={who}={WORDS}" for who in ("王芳", "李强")]
    told = ran("draw", "--frame", frozen["frame"], "--who", "王芳", *words).output
    assert "第 1 次抽样：2026-10，24 通电话。" in told
    assert "事先交存的密语" in told


def test_one_person_draws_hands_out_replaces_shows_and_verifies(ran, tmp_path):
    drawn = json.loads(ran("draw", "--month", "2026-10", "--who", "王芳", "--json").output)
    assert drawn["alone"] is True
    told = ran("hand-out", 1, "--inspector", "甲", "--inspector", "乙", "--who", "王芳", "--lock").output
    assert "第 1 次抽样已锁定" in told
    call = drawn["tickets"][0]["call_id"]
    replaced = ran("replace", 1, call, "--why", "no_audio", "--who", "甲", "--json")
    assert json.loads(replaced.output)["replaced_by"] not in (None, call)
    shown = ran("show", 1).output
    assert "没有声音" in shown
    assert "person:" not in shown
    assert "agent:" not in shown
    assert "0.3750" in shown
    assert "2026-10" in ran("show").output
    assert len(json.loads(ran("show", "--json").output)["draws"]) == 1
    files = json.loads(ran("show", 1, "--out", tmp_path / "out", "--json").output)["files"]
    assert files[0].endswith("frame.csv")
    good = ran("verify")
    assert (good.return_value, good.output.splitlines()[0]) == (0, "第 1 次抽样：核对无误。")


def test_something_wrong_gives_exit_code_1(ran, tmp_path):
    import sqlite3

    ran("draw", "--month", "2026-10", "--who", "王芳")
    with sqlite3.connect(tmp_path / "qa.db") as plain:
        plain.execute("UPDATE tickets SET call_id = 'mine' WHERE rowid = 1")
    plain.close()
    bad = ran("verify", 1)
    assert bad.return_value == 1
    assert "通话 mine 没有抽中，却在样本里" in bad.output
    assert json.loads(ran("verify", "--json").output)["ok"] is False


def test_chosen_calls_by_id_or_of_an_agent(ran):
    told = ran("draw", "--kind", "complaint", "--call", "10-00-001", "--reason", "工单 88", "--who", "王芳")
    assert "没有抽中概率，不计入任何分数" in told.output
    kept = ran(
        *("draw", "--kind", "coaching", "--month", "2026-10", "--agent", "员工1"),
        *("--reason", "辅导", "--who", "王芳", "--json"),
    )
    assert len(json.loads(kept.output)["tickets"]) == 40


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["draw", "--who", "王芳", "--month", "2026-10", "--words", "王芳=x"], "sampling.freeze_first"),
        (["draw", "--who", "王芳", "--month", "2026-09"], "sampling.no_calls"),
        (["plan", "--month", "2026-10", "--calls-per-agent", "1"], "sampling.bad_design"),
        (["plan", "--month", "2026-10", "--team", "九班"], "sampling.no_team"),
        (["plan", "--month", "2026-10", "--days", "20-10"], "sampling.bad_days"),
        (["commit", "--month", "2026-10", "--who", "王芳", "--words", "短"], "sampling.short_nonce"),
        (["hand-out", "1", "--inspector", "甲", "--who", "王芳"], "sampling.no_draw"),
        (["show", "7"], "sampling.no_draw"),
        (["verify", "7"], "sampling.no_draw"),
    ],
)
def test_mistakes_are_told(ran, arguments, code):
    assert ran(*arguments).exception.code == code


@pytest.mark.parametrize(
    "arguments", [["draw", "--who", "王芳"], ["plan", "--month", "2026-10", "--days", "first"], ["plan"]]
)
def test_wrong_use_is_told(ran, arguments):
    assert type(ran(*arguments).exception).__name__ in ("MissingParameter", "BadParameter")


def test_the_board(heard):  # noqa: F811
    def run(*more):
        words = ["sample", "board", "--month", "2026-10", "--workspace", str(heard.folder), *more]
        return CliRunner().invoke(cli, words, standalone_mode=False).output

    told = json.loads(run("--json"))
    assert [one["inspector"] for one in told["inspectors"]] == ["李敏", "王芳", "陈静"]
    assert sum(one["handed_in"] for one in told["inspectors"]) == 20
    shown = run()
    assert "2026-10：分派 20 通，已提交 20 通，跳过 0 通，未完成 0 通" in shown
    assert "李敏" in shown
