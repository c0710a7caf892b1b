import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.click_words import MODULES, translated
from qa_audit.messages import catalogue, set_language


@pytest.fixture(autouse=True)
def _chinese_again(monkeypatch):
    monkeypatch.delenv("QA_AUDIT_LANG", raising=False)
    set_language(None)
    yield
    set_language(None)


def _told(*arguments):
    return CliRunner().invoke(cli, arguments, prog_name="qa-audit").output


WRONG = [
    (["reprot"], "错误：没有“reprot”这个命令。 您要写的是不是 'report'？"),
    (["run", "--mnth", "2026-10"], "错误：没有“--mnth”这个选项。 您要写的是不是其中之一："),
    (["report", "--out", "月报"], "错误：缺少选项 '--month'."),
    (["complaint", "call"], "错误：缺少参数 "),
    (["run", "--limit", "0"], "错误：'--limit' 的值不对：0 不在允许的范围内：x>=1。"),
    (["run", "--limit", "many"], "错误：'--limit' 的值不对：“many”不是可用的数字。\n"),
    (["run", "--on", "mars"], "错误：'--on' 的值不对：不能用“mars”。可选：'here', 'ray'。"),
    (["run", "a", "b"], "错误：多出的参数：a b"),
    (["run", "--limit"], "错误：选项“--limit”后面要写一个值。"),
    (["run", "--json=1"], "错误：选项“--json”后面不能写值。"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_use_is_told_in_chinese(arguments, message):
    assert message in _told(*arguments)


def test_a_file_in_place_of_a_folder(tmp_path):
    (tmp_path / "a").write_text("")
    told = _told("report", "--month", "2026-10", "--out", str(tmp_path / "a"))
    assert f"错误：'--out' 的值不对：“{tmp_path / 'a'}”是文件，这里要写文件夹。\n" in told


def test_the_way_to_help_is_chinese():
    told = _told("report")
    assert told.startswith("用法: qa-audit report [OPTIONS]\n用法详见：qa-audit report --help\n")


def test_the_frame_of_help_is_of_the_language_asked_for():
    for _ in range(2):
        set_language(None)
        told = _told("report", "--help")
        assert told.startswith("用法: qa-audit report [OPTIONS]\n")
        assert "\n选项:\n" in told
        assert "[必填]" in told
        assert "显示本帮助并退出。" in told
        told = _told("report", "--help", "--lang", "en")
        assert told.startswith("Usage: qa-audit report [OPTIONS]\n")
        assert "\nOptions:\n" in told
        assert "[required]" in told
        assert "Show this message and exit." in told


@pytest.mark.parametrize(
    "arguments",
    [["--lang", "en", "run", "--mnth"], ["run", "--mnth", "--lang=en"], ["run", "--mnth", "--lang", "en"]],
)
def test_english_is_told_as_click_tells_it(arguments):
    assert "Error: No such option '--mnth'." in _told(*arguments)


def test_the_version():
    assert "显示版本并退出。" in _told("--help")
    assert _told("--version").startswith("qa-audit, version ")


def test_words_that_the_catalogue_lacks_stay():
    assert translated("Repeat for confirmation") == "Repeat for confirmation"


def test_every_message_is_one_of_clicks():
    said = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "ngettext")
            ):
                said.update(one.value for one in node.args if isinstance(one, ast.Constant))
    ours = {message["en"] for key, message in catalogue().items() if key.startswith("click.")}
    # The one that Click looks up by a variable.
    assert ours - said == {"required"}
