"""Texts that are no TOML: every place at once, and nothing that only follows from another."""

import tomllib

import pytest

from qa_audit.messages import speaking
from qa_audit.store.toml_syntax import no_toml


def told(text):
    """Code, and the lines told in Chinese."""
    with pytest.raises(tomllib.TOMLDecodeError) as fault:
        tomllib.loads(text)
    error = no_toml("f.toml", text, fault.value)
    with speaking("zh"):
        return error.code, str(error).split("\n")[1:] or [str(error)]


SEVERAL = """id = mine
weight 5
开头语
where = { 开头秒 = 20 }
patterns = ["\\d"]
good = ["a",
  "b"]
good = 1
"""


def test_all_places_are_told_at_once():
    assert told(SEVERAL) == (
        "toml.not_toml_places",
        [
            "  第 1 行第 6 个字符：等号后面的值写得不对；文字要加英文引号，是否写 true 或 false",
            "  第 2 行第 8 个字符：键后面缺少 =",
            "  第 3 行第 1 个字符：这里应当是“键 = 值”或 [表名]",
            "  第 4 行第 11 个字符：键要写英文，没有“开头秒”这样的键",
            "  第 5 行第 16 个字符：双引号里的反斜杠要写两个（\\\\），或改用单引号",
            "  第 8 行第 9 个字符：同一个键或表写了两次",
        ],
    )
    with speaking("en"), pytest.raises(tomllib.TOMLDecodeError) as fault:
        tomllib.loads(SEVERAL)
    assert "not valid TOML in 6 places" in no_toml("f.toml", SEVERAL, fault.value).text("en")


@pytest.mark.parametrize(
    ("text", "told_first"),
    [
        ("a = [\n  1 2,\n  3 4,\n]\nb = x\n", "第 2 行第 5 个字符：方括号"),
        ("[a\nb = x\n", "第 1 行第 3 个字符：表名的方括号没有闭合"),
        ("[a]\n[a]\nb = x\n", "第 2 行第 3 个字符：同一个键或表写了两次"),
        ("a = [1,\nb = 2\n", "第 2 行第 1 个字符：方括号没有闭合"),
    ],
)
def test_what_may_follow_from_one_is_not_told(text, told_first):
    code, lines = told(text)
    assert code == "toml.not_toml"
    assert told_first in lines[0]
    assert "；第" not in lines[0]


def test_a_chinese_key_is_named():
    assert "没有“部分”这样的键" in told('部分 = "服务"\n')[1][0]
    assert "没有“开头_s”这样的键" in told("where = { 开头_s=2 }\n")[1][0]
    assert "这里应当是“键 = 值”" in told("= 2\n")[1][0]


def test_signs_of_a_chinese_keyboard_go_first():
    code, lines = told("a = “x”\nb = y\n")
    assert code == "toml.full_width"
    assert len(lines) == 2
