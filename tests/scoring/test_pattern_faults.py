"""Why a pattern is none, with its place, in both languages."""

import pytest

from qa_audit.messages import speaking
from qa_audit.scoring.said import compiles
from qa_audit.store.toml_mistakes import NotAllowedError


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(好", "第 1 个字处，左括号 ( 没有闭合，请补上 )"),
        ("您，（好", "第 3 个字处，左括号 ( 没有闭合，请补上 )"),
        ("好)的", "第 2 个字处，右括号 ) 前面没有左括号，请补上 ( 或删去 )"),
        ("[不没能办理", "第 1 个字处，左方括号 [ 没有闭合，请补上 ]"),
        ("您［不没能", "第 2 个字处，左方括号 [ 没有闭合，请补上 ]"),
        ("*好", "第 1 个字处，? * + 或次数前面没有可重复的字"),
        ("好**", "第 3 个字处，? * + 或次数连写了两个，只留一个，或给前面的加括号"),
        ("[9-0]元", "第 2 个字处，方括号里的范围前后颠倒，如 [9-0] 应为 [0-9]"),
        ("好{5,2}", "第 3 个字处，次数的下限大于上限，如 {5,2} 应为 {2,5}"),
        ("好{99999999999}", "次数太大"),
        ("(?<=好+)的", "(?<=…) 和 (?<!…) 里的长度必须固定，不能用 ? * + 或不同长度的几种写法"),
        ("(?*好)", "第 2 个字处，(? 后面写得不对；只分组不取名，写 (?:…)"),
        ("(好)\\2", "第 5 个字处，引用的组不存在，或还没有写完"),
        ("好(?i)", "第 2 个字处，(?i) 这样的开关只能写在最前面"),
    ],
)
def test_what_is_no_pattern_is_told_in_chinese_with_its_place(pattern, reason):
    with pytest.raises(NotAllowedError) as refused, speaking("zh"):
        compiles(pattern)
    with speaking("zh"):
        assert str(refused.value) == f"有效的正则式（{pattern}：{reason}）"
    with speaking("en"):
        told = str(refused.value)
    assert told.startswith(f"a valid pattern ({pattern}: ")
    assert told.removeprefix(f"a valid pattern ({pattern}: ").isascii() or "…" in told


@pytest.mark.parametrize("pattern", ["[不没]能", "\\[好", "好]的", "[[]好", "[^]]+好", "[\\]好]吗"])
def test_brackets_that_are_closed_or_meant_are_no_fault(pattern):
    assert compiles(pattern)
