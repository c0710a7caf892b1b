"""No correction may put the script's words into a call, or take them out."""

import ast
import tomllib
from pathlib import Path

import pytest

import qa_audit.transcribe
from qa_audit.messages import QaError
from qa_audit.scoring import load_rubric
from qa_audit.scoring.glossary_check import read_checked_glossary, scripted_terms
from qa_audit.scoring.rubric import Rubric
from qa_audit.transcribe.glossary import Term


def wrong(*lines):
    terms = []
    for number, line in enumerate(lines, 1):
        text, _, rest = line.partition(":")
        terms.append(Term(text, (rest,) if rest else (), number))
    return [(one.code.removeprefix("glossary."), one.line) for one in scripted_terms(terms, load_rubric())]


@pytest.mark.parametrize(
    "name",
    [
        "云岭宽带客服中心",
        "中国工商银行",
        "长风燃气公司",
        "畅享融合套餐",
        "八零幺二号",
        "工号八零二三",
        "欧阳建业",
        "王志强",
        "谢霆锋",
        "垃圾分类",
        "申请单",
        "WiFi",
    ],
)
def test_names_that_people_list_are_fine(name):
    assert wrong(name) == []


@pytest.mark.parametrize(
    ("term", "phrase"),
    [
        ("再见", "再见"),
        ("在建", "再见"),  # a homophone
        ("很高兴为您服务", "您"),
        ("有什么可以帮", None),  # not a phrase of its own: 您 is what makes it one
        ("王小姐", "小姐"),
        ("李晓洁", "小姐"),  # li xiao jie: it would turn 李小姐 into a name
        ("头酥饼", "投诉"),  # tou su bing: 投诉并…
        ("好先生洗衣液", "先生"),
        ("绝对伏特加", "绝对"),  # banned by a pattern
        ("因你而变", "你"),
        ("感谢信", "感谢"),
    ],
)
def test_what_the_rubric_listens_for_is_refused(term, phrase):
    found = scripted_terms([Term(term, (), 7)], load_rubric())
    assert [(one.code, one.line, one.values["phrase"]) for one in found] == (
        [("glossary.scripted", 7, phrase)] if phrase else []
    )


def test_a_term_that_would_break_a_phrase_is_refused():
    (found,) = scripted_terms([Term("别克", (), 1)], load_rubric())
    assert found.code == "glossary.breaks_script"
    assert found.values == {"phrase": "别客气", "became": "别克气"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("云岭:云林", []),
        ("云岭宽带:云林款待", []),
        ("八零:巴林", []),
        ("八零幺二:巴林药儿", [("mishearing_scripted", 1)]),  # would be the agent's number in an opening
        ("云岭客服中心:云林", [("mishearing_scripted", 1)]),  # 中心 would make the opening's second part
        ("云岭:云林先生", [("mishearing_scripted", 1)]),  # 先生 would be lost
        ("云岭:您好", [("breaks_script", 1)]),
        ("云岭:绝对", [("breaks_script", 1)]),
        ("云岭:你说的", [("mishearing_scripted", 1)]),
    ],
)
def test_a_mishearing_may_not_change_what_the_rubric_hears(line, expected):
    assert wrong(line) == expected


def test_all_are_told_together_with_the_file_s_own_mistakes(tmp_path):
    file = tmp_path / "glossary.txt"
    file.write_text("云岭宽带\n再见\n云\n别克\n", encoding="utf-8")
    with pytest.raises(QaError) as error:
        read_checked_glossary(file, load_rubric)
    assert error.value.code == "glossary.invalid"
    told = error.value.text("en").splitlines()
    assert [line.split(",")[0].split(":")[0].strip() for line in told[1:]] == ["line 2", "line 3", "line 4"]
    assert "'再见', which the rubric listens for" in told[1]


def test_without_terms_the_rubric_is_not_read(tmp_path):
    file = tmp_path / "glossary.txt"
    file.write_text("# 空\n", encoding="utf-8")

    def rubric():
        raise AssertionError("no term, no rubric")

    assert read_checked_glossary(file, rubric).terms == ()


def test_transcription_knows_nothing_of_the_rubric():
    folder = Path(qa_audit.transcribe.__file__).parent
    imported = {
        name
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom | ast.Import)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
    }
    assert "qa_audit.transcribe.glossary" in imported
    assert not [name for name in imported if name.startswith("qa_audit.scoring")]


def test_what_a_supervisors_rule_listens_for_is_refused():
    rules = Rubric.model_validate(
        tomllib.loads(
            'id = "m"\nversion = "1.0.0"\nname_zh = "m"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "a"\n'
            'name_en = "a"\nsource = "s"\nweight = 1\n[items.check]\nkind = "rule"\npass_when = "甲"\n'
            '[[items.check.conditions]]\nname = "甲"\nkind = "said"\nphrases = ["云享服务"]\n'
            'patterns = ["星光.{0,2}计划"]\n'
        )
    )
    for term, phrase in (("云响服务", "云享服务"), ("云享服务部", "云享服务")):
        [found] = scripted_terms([Term(term, (), 1)], rules)
        assert (found.code, found.values["phrase"]) == ("glossary.scripted", phrase)
    assert scripted_terms([Term("张伟", (), 1)], rules) == []
