import json

import openpyxl
import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.console import SpokenOption
from qa_audit.messages import QaError, catalogue, set_language
from qa_audit.scoring.rubric_file import built_in_rubric_text


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    yield
    set_language(None)


def ran(*arguments):
    return CliRunner().invoke(cli, ["rubric", *map(str, arguments)], standalone_mode=False)


COMMANDS = cli.commands["rubric"].commands


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_is_documented_in_both_languages(name, lang):
    told = CliRunner().invoke(cli, ["--lang", lang, "rubric", name, "--help"])
    assert catalogue()[f"cli.help.rubric_{name}"][lang].split("\n", 1)[0] in told.output
    assert all(type(one) is SpokenOption for one in COMMANDS[name].params if one.param_type_name == "option")


def test_the_commands_and_their_short_help():
    told = CliRunner().invoke(cli, ["rubric", "--help"]).output
    assert list(COMMANDS) == [
        "check",
        "test",
        "show",
        "explain",
        "diff",
        "export",
        "import",
        "learn",
        "quality",
        "status",
        "promote",
        "demote",
        "history",
    ]
    assert "检查评分标准文件，一次列出全部错误" in told
    assert "检查单个录音" not in told


def test_without_a_file_the_built_in_rubric_is_meant():
    run = ran("check", "--json")
    assert (run.return_value, json.loads(run.output)["ok"]) == (0, True)
    assert json.loads(ran("show", "--json").output)["id"] == "zh_service"


def test_mistakes_give_exit_code_2_and_json(tmp_path):
    file = tmp_path / "rubric.toml"
    file.write_text(built_in_rubric_text().replace("weight = 8", "weight = -8", 1), encoding="utf-8")
    run = ran("check", file, "--json")
    assert run.return_value == 2
    [mistake] = json.loads(run.output)["mistakes"]
    assert (mistake["line"], mistake["key"], mistake["code"]) == (19, "items.0.weight", "toml.bad_value")
    assert ran("check", tmp_path / "none.toml").exception.code == "toml.unreadable"


def test_examples_that_do_not_hold_give_exit_code_1(tmp_path):
    file = tmp_path / "rubric.toml"
    file.write_text(built_in_rubric_text().replace('is = "complies"', 'is = "fault"', 1), encoding="utf-8")
    run = ran("test", file)
    assert run.return_value == 1
    assert "greeting 第 1 个例子：应为“不合格”，得到“合格”" in run.output
    assert json.loads(ran("test", file, "--item", "closing", "--json").output)["failures"] == []
    assert ran("test", file, "--item", "nothing").exception.code == "scoring.no_item"


def test_one_item_is_shown_in_full():
    told = ran("show", "--item", "closing").output
    assert "项目：结束语 (closing)" in told
    assert "check.parts.1.said.phrases 再见：再见" in told
    assert "公共条件" not in told


def test_one_item_is_shown_with_the_shared_conditions_that_it_names(tmp_path):
    file = tmp_path / "rubric.toml"
    shared = '\n[[conditions]]\nname = "要投诉"\nkind = "said"\nwho = "customer"\nphrases = ["投诉"]\n'
    text = built_in_rubric_text().replace("weight = 8", 'weight = 8\napplies_when = "要投诉"', 1) + shared
    file.write_text(text, encoding="utf-8")
    told = ran("show", file, "--item", "greeting").output
    assert told.endswith('用到的公共条件：\n  要投诉：kind = "said"; who = "customer"; phrases = ["投诉"]\n')


def test_a_call_may_be_words_or_a_file(tmp_path):
    file = tmp_path / "call.txt"
    file.write_text("A: 再见\nC: 再见\n", encoding="utf-8")
    for call in ("A: 再见 / C: 再见", file):
        assert json.loads(ran("explain", "closing", call, "--json").output)["verdict"] == "fail"
    assert ran("explain", "closing", "12345").exception.code == "workspace.not_found"


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_call_in_another_encoding_is_told_with_its_line(tmp_path, encoding):
    file = tmp_path / "call.txt"
    file.write_text("A: 再见\nC: 再见\n", encoding=encoding)
    fault = ran("explain", "closing", file).exception
    assert (fault.code, fault.text("zh")) == (
        "toml.not_utf8",
        f"{file}：第 1 行不是 UTF-8 编码。请另存为 UTF-8。",
    )
    mine = tmp_path / "rubric.toml"
    mine.write_bytes(built_in_rubric_text().encode() + "\n# 标准".encode("gbk"))
    assert ran("export", tmp_path / "a.xlsx", "--rubric", mine).exception.code == "toml.not_utf8"


@pytest.mark.parametrize("call", ["okk.txt", "calls/ok", "D:\\通话\\一.txt"])
def test_a_file_that_is_not_there_is_told_as_such(tmp_path, call):
    fault = ran("explain", "closing", call).exception
    assert (fault.code, fault.text("zh")) == (
        "scoring.no_call_file",
        f"没有 {call} 这个文件，也没有这个编号的通话。请核对文件名（要写后缀，如 通话.txt）和所在的文件夹。",
    )


@pytest.mark.parametrize(
    "call", ["A@0-4: 再见", "A(+9dB)：再见", "S：再见", "... 3 / C: 再见", "再见 / C: 再见", "再见，" * 90]
)
def test_words_are_known_by_how_a_turn_is_written_and_by_their_length(call):
    run = ran("explain", "closing", call, "--json")
    assert (run.exception, run.return_value) == (None, 0)


def test_export_does_not_overwrite(tmp_path):
    file = tmp_path / "r.toml"
    file.write_text(built_in_rubric_text(), encoding="utf-8")
    assert ran("export", file, "--rubric", file).exception.code == "scoring.exists"
    assert file.read_text(encoding="utf-8") == built_in_rubric_text()


def test_import_does_not_overwrite(tmp_path):
    book, out = tmp_path / "a.xlsx", tmp_path / "b.toml"
    assert ran("export", book).return_value == 0
    assert ran("import", book, out).return_value == 0
    assert out.read_text(encoding="utf-8") == built_in_rubric_text()
    again = ran("import", book, out)
    assert isinstance(again.exception, QaError)
    assert again.exception.code == "scoring.exists"


def test_import_tells_what_it_made_of_a_list_and_what_it_left(tmp_path):
    book, out = tmp_path / "a.xlsx", tmp_path / "b.toml"
    made = openpyxl.Workbook()
    for row in (["项目", "分值", "话术", "备注"], ["开头语", 8, "我是XX号客服", "见附件"]):
        made.active.append(row)
    made.save(book)
    run = ran("import", book, out)
    assert run.return_value == 0
    assert run.output.splitlines()[1:4] == [
        "读的时候这样处理了（2 条，请核对）：",
        "  “Sheet”表第 1 行：没有读这些列：备注。里面有要评的内容，请并进认得的列。",
        "  “Sheet”表第 2 行 开头语：“我是XX号客服”里要填的字不限（最多 12 个字），"
        "写成正则式：我是.{1,12}号客服。",
    ]
