"""The commands of the housekeeping, of 四个一样 and of service figures, on a workspace without any model."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from qa_audit.audit.plays import Play, keep_plays
from qa_audit.cli import cli
from qa_audit.console import SpokenOption
from qa_audit.messages import QaError, catalogue
from qa_audit.retention.journal import FileTask
from qa_audit.retention.steps import note_gone
from qa_audit.workspace import Workspace

GROUPS = ("archive", "retention", "hold")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A month of calls of two agents, a recording for most, and calls of July that are to be archived."""
    home = tmp_path_factory.mktemp("centre")
    audio = home / "录音"
    audio.mkdir()
    lines = ["通话编号,工号,班组,开始时间,呼叫方向,客户号码,振铃秒数,通话时长,录音文件"]

    def call(number, agent, start, *, direction="呼入", ring=6):
        name = f"c{number}.wav"
        if number != 3:
            (audio / name).write_bytes(f"call {number}".encode() * 50)
        lines.append(
            f"c{number},{agent},一班,{start:%Y-%m-%d %H:%M:%S},{direction},13800000001,{ring},60,{name}"
        )

    for number in range(2):
        call(number, "8001", datetime(2026, 7, 3, 9) + timedelta(hours=number))
    for number in range(2, 12):
        call(
            number,
            f"800{number % 2 + 1}",
            datetime(2026, 10, 5, 9) + timedelta(hours=number),
            ring=number * 2,
        )
    call(12, "8009", datetime(2026, 10, 7, 15), direction="呼出")
    (home / "list.csv").write_text("\n".join(lines), encoding="utf-8")
    roster = "人员编号,姓名,新系统工号,班组\nP1,张三,8001,一班\nP2,李四,8002,一班\nP3,王五,8003,一班\n"
    (home / "roster.csv").write_text(roster, encoding="utf-8")
    workspace = Workspace.create(
        home / "ws", recordings=audio, call_list=home / "list.csv", roster=home / "roster.csv"
    )
    workspace.import_calls()
    (home / "disk").mkdir()
    return home


@pytest.fixture
def ran(made):
    def run(*words, as_json=True):
        extra = ["--json"] if as_json else []
        told = CliRunner().invoke(
            cli, [*words, "--workspace", str(made / "ws"), *extra], standalone_mode=False
        )
        if told.exception is not None:
            raise told.exception
        return told.return_value, (json.loads(told.stdout) if as_json else told.stdout)

    return run


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_commands_are_documented_in_both_languages(group, lang):
    for name, command in cli.commands[group].commands.items():
        told = CliRunner().invoke(cli, ["--lang", lang, group, name, "--help"])
        assert catalogue()[f"cli.help.{group}_{name}"][lang].split("\n", 1)[0] in told.output
        assert all(isinstance(one, SpokenOption) for one in command.params if one.param_type_name == "option")


def test_missing_recordings_are_listed_by_shift(ran):
    code, told = ran("check-recordings", "--month", "2026-10")
    assert code == 1
    [shift] = told["shifts"]
    assert (shift["person_id"], shift["calls"], shift["missing"], shift["call_ids"]) == ("P2", 5, 1, ["c3"])
    days = [(row["day"], row["person_id"]) for row in told["days"]]
    assert ("2026-10-05", "P3") in days
    assert ("2026-10-05", "P1") not in days
    assert "缺录音的班次：1" in ran("check-recordings", "--month", "2026-10", as_json=False)[1]


def test_service_figures(ran):
    code, told = ran("month", "service", "--month", "2026-10")
    assert code == 0
    everyone = told["teams"][-1]
    assert (everyone["inbound"], everyone["within_rings"], everyone["customers"]) == (10, 6, 1)
    assert (everyone["in_time"], everyone["in_time_share"]) == (1, 1.0)
    [customer] = told["callbacks"]
    assert (customer["callback_id"], customer["state"], customer["said"]) == ("c12", "in_time", None)
    shown = ran("month", "service", "--month", "2026-10", as_json=False)[1]
    assert "三声接听率" in shown
    assert "60.0%" in shown


def test_sameness_of_a_month_without_scores_says_so(ran, tmp_path):
    code, told = ran("month", "sameness", "--month", "2026-10", "--chart", str(tmp_path / "a.png"))
    assert (code, told["sameness"]) == (0, [])
    assert (tmp_path / "a.png").stat().st_size > 1000
    with pytest.raises(QaError):
        ran("month", "sameness", "--month", "2025-01")


def test_from_hold_to_archive_to_deletion(ran, made):
    assert ran("hold", "add", "c0", "--who", "李敏", "--reason", "法院调取")[1] == {"count": 1}
    assert [row["call_id"] for row in ran("hold", "list")[1]["holds"]] == ["c0"]
    plan = ran("archive", "plan", "--before", "2026-09", as_json=False)[1]
    assert "2026-09 之前的录音：可动 1 个" in plan
    assert "封存 1" in plan
    code, moved = ran("archive", "move", "--to", str(made / "disk"), "--before", "2026-09", "--who", "李敏")
    assert (code, moved["done"]) == (0, 1)
    assert Workspace.open(made / "ws").recording  # opens with the new table
    assert ran("archive", "verify", "--who", "李敏")[1]["done"] == 1
    assert ran("archive", "restore", "c1", "--who", "李敏")[1]["done"] == 1
    assert (made / "录音" / "c1.wav").exists()
    assert ran("hold", "lift", "c0", "--who", "李敏", "--reason", "结案")[1] == {"count": 1}
    assert len(ran("retention", "plan", "--before", "2026-09")[1]["files"]) == 2
    words = ["retention", "apply", "--before", "2026-09", "--who", "王主任", "--reason", "期满"]
    assert ran(*words)[1]["done"] == 2
    assert not (made / "录音" / "c1.wav").exists()
    deleted = ran("retention", "log")[1]["deleted"]
    assert [(row["who"], row["reason"], row["call_ids"]) for row in deleted] == [
        ("王主任", "期满", ["c0"]),
        ("王主任", "期满", ["c1"]),
    ]


def test_the_log_says_which_recording_was_gone_before(ran, made):
    workspace = Workspace.open(made / "ws")
    task = FileTask("0" * 64, 0, str(made / "录音"), "c9.wav", ("c9",), "王主任", reason="期满")
    note_gone(workspace.database, [task])
    workspace.database.dispose()
    assert "c9.wav（早已不在）" in ran("retention", "log", as_json=False)[1]
    assert ran("retention", "log")[1]["deleted"][-1]["kind"] == "gone"


def test_who_listened_is_told_by_call_by_person_and_by_agent(ran, made):
    assert "没有收听记录" in ran("listened", "--call", "c3", as_json=False)[1]
    at = datetime(2026, 10, 8, 1, tzinfo=UTC)
    workspace = Workspace.open(made / "ws")
    keep_plays(workspace.database, [Play("c2", "李敏", at, 0.0, 65.0, "player")])
    keep_plays(workspace.database, [Play("c4", "王芳", at, 3.0, 4.0, "export")])
    workspace.database.dispose()
    row = {"call_id": "c2", "who": "李敏", "at": "2026-10-08T01:00:00+00:00", "place": "player"}
    for words in (["--call", "c2"], ["--by", "李敏"], ["--agent", "8001", "--call", "c2"]):
        assert ran("listened", *words)[1] == {"plays": [{**row, "start_s": 0.0, "end_s": 65.0}]}
    assert [one["call_id"] for one in ran("listened", "--agent", "张三")[1]["plays"]] == ["c2", "c4"]
    shown = ran("listened", "--by", "李敏", as_json=False)[1]
    assert "2026-10-08 01:00:00  李敏  播放器  c2" in shown
    words = ["retention", "words", "--before", "2026-11", "--who", "主管", "--reason", "期满"]
    assert ran(*words)[1] == {"words": 0, "plays": 2, "closed": 0, "kept": [], "complaints": []}
    assert ran("listened")[1] == {"plays": []}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["archive", "plan"], "archive.no_age"),
        (["listened", "--call", "nobody"], "workspace.unknown_call"),
        (["listened", "--agent", "nobody"], "listened.unknown_agent"),
        (["retention", "words", "--who", "李敏", "--reason", "x"], "archive.no_age"),
        (["retention", "words", "--months", "3", "--who", "李敏", "--reason", ""], "proof.no_reason"),
        (["archive", "move", "--who", "李敏", "--months", "3"], "archive.no_target"),
        (["hold", "add", "--who", "李敏", "--reason", "x"], "hold.no_calls"),
        (["hold", "add", "c2", "--who", "李敏", "--reason", " "], "hold.no_reason"),
        (["hold", "add", "nobody", "--who", "李敏", "--reason", "x"], "workspace.unknown_call"),
        (["hold", "lift", "c2", "--who", "李敏", "--reason", "x"], "hold.not_held"),
        (
            ["retention", "apply", "--before", "2020-01", "--who", "李敏", "--reason", " "],
            "retention.no_reason",
        ),
    ],
)
def test_what_is_refused_says_why(ran, words, code):
    with pytest.raises(QaError) as error:
        ran(*words)
    assert error.value.code == code
