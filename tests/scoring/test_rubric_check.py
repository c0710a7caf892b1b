import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.messages import QaError, speaking
from qa_audit.scoring.rubric_check import check_rubric
from qa_audit.scoring.rubric_file import built_in_rubric_text, load_rubric
from qa_audit.scoring.rule_mistakes import rule_mistakes

BAD = """\
id = "mine"
version = "1.0.0"
name_zh = "我的"
name_en = "mine"

[[sections]]
name = "服务"
total = 20

[[items]]
id = "one"
name_zh = "一"
name_en = "one"
source = "s"
section = "服务"
weight = 8
applies_when = "投诉了"
[items.check]
kind = "rule"
pass_when = "甲 and (乙 or"
[[items.check.conditions]]
name = "甲"
kind = "said"
phrases = ["。。"]
where = { first_turns = 1, last_turns = 1 }
[[items.check.conditions]]
name = "乙"
kind = "said"
patterns = ["(哈|哈哈)+[完了]", "(未闭合"]
where = { within_s = 3 }
[[items.check.conditions]]
name = "not"
kind = "said"
phrase = ["再见"]

[[items]]
id = "one"
name_zh = "二"
name_en = "two"
source = "s"
section = "技能"
weight = 2
[items.check]
kind = "rule"
fail_when = "子"
[[items.check.conditions]]
name = "子"
kind = "combined"
is = "丑 or 寅"
[[items.check.conditions]]
name = "丑"
kind = "said"
phrases = ["好"]
where = { after = "子" }
times = { at_least = 3, at_most = 1 }
[[items.check.conditions]]
name = "丑"
kind = "measure"
of = "ring_s"
"""

RULE = """id = "mine"
version = "1.0.0"
name_zh = "我"
name_en = "m"
[[items]]
id = "a"
name_zh = "一"
name_en = "one"
source = "s"
weight = 2
[items.check]
kind = "rule"
fail_when = "子"
[[items.check.conditions]]
name = "子"
kind = "said"
XX
"""


def write(folder, text):
    path = folder / "rubric.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_mistakes_of_a_rule_at_once(tmp_path):
    checked = check_rubric(write(tmp_path, BAD))
    assert checked.failed
    assert [(one.line, one.key, one.code.split(".")[1].removeprefix("rubric_")) for one in checked.mistakes] == [  # noqa: E501
        (8, "sections.0.total", "section_total"),
        (17, "items.0.applies_when", "unknown_name"),
        (20, "items.0.check.pass_when", "bad_value"),
        (24, "items.0.check.conditions.0.phrases.0.text", "bad_value"),
        (25, "items.0.check.conditions.0.where", "bad_value"),
        (29, "items.0.check.conditions.1.patterns.1", "bad_value"),
        (29, "items.0.check.conditions.1.patterns", "explodes"),
        (30, "items.0.check.conditions.1.where", "bad_value"),
        (32, "items.0.check.conditions.2.name", "bad_value"),
        (34, "items.0.check.conditions.2.phrase", "unknown_key"),
        (37, "items.1.id", "double_id"),
        (41, "items.1.section", "unknown_section"),
        (47, "items.1.check.conditions.0.name", "circle"),
        (49, "items.1.check.conditions.0.is", "unknown_name"),
        (55, "items.1.check.conditions.1.times", "bad_value"),
        (56, "items.1.check.conditions.2", "bad_value"),
        (57, "items.1.check.conditions.2.name", "double_name"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name = "子"', 'name = "且"', "no name, but one of the words"),
        ('is = "丑"', 'is = "丑 and"', "after “丑 and” a name is missing"),
        ('is = "丑"', 'is = "子"', "references go in a circle: 子 → 子"),
        ('kind = "said"', 'kind = "sayed"', "'said', 'repeated'"),
        ('phrases = ["好"]', "", "nothing to look for"),
        ('phrases = ["好"]', 'phrases = ["好"]\nneed = 2', "impossible: need = 2, but only 1 are listed"),
        ('phrases = ["好"]', 'phrases = ["好"]\nneed = "some"', '"any", "all", "none" or a number from 1'),
        ('phrases = ["好"]', 'phrases = [3]', "a text, or { text = …"),
        ('phrases = ["好"]', 'patterns = [".*"]', "is found everywhere"),
        ('phrases = ["好"]', 'phrases = ["好"]\nwhere = { around = "子" }', "around needs within_turns or within_s"),  # noqa: E501
        ('phrases = ["好"]', 'phrases = ["好"]\nwhere = { after = "辰" }', "no condition or situation 辰. Known: 子, 丑"),  # noqa: E501
        ('phrases = ["好"]', 'phrases = ["好"]\nwhere = { after = "子", before = "子" }', "impossible window"),  # noqa: E501
        ('phrases = ["好"]', 'similar = { to = ["好"], at_least = 0.9, sure = 0.5 }', "sure must not be below"),  # noqa: E501
        ('fail_when = "子"', 'fail_when = "子"\npass_when = "丑"', "exactly one of pass_when and fail_when"),
        ('fail_when = "子"', "", "exactly one of pass_when and fail_when"),
        ('weight = 2', 'weight = 2\nsection = "技能"', "there is no section 技能. Known: –"),
    ],
)  # fmt: skip
def test_each_mistake_says_what_is_allowed(tmp_path, old, new, told):
    good = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "rule"\nfail_when = "子"\n'
        '[[items.check.conditions]]\nname = "子"\nkind = "combined"\nis = "丑"\n'
        '[[items.check.conditions]]\nname = "丑"\nkind = "said"\nphrases = ["好"]\n'
    )
    assert not check_rubric(write(tmp_path, good)).failed
    with speaking("en"):
        text = str(check_rubric(write(tmp_path, good.replace(old, new))))
    assert told in text


def test_the_built_in_rubric_has_neither_mistakes_nor_notes():
    checked = check_rubric()
    assert (checked.mistakes, checked.notes) == ((), ())


def test_notes_on_what_is_looked_for_otherwise(tmp_path):
    text = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "rule"\nfail_when = "甲"\n'
        '[[items.check.conditions]]\nname = "甲"\nkind = "said"\n'
        'phrases = ["請您稍等，好嗎？", { text = "ＶＩＰ客户" }, "再见"]\npatterns = ["尾号\\\\d{4}"]\n'
    )
    checked = check_rubric(write(tmp_path, text))
    assert not checked.failed
    assert [(one.line, one.values["written"], one.values["read"]) for one in checked.notes] == [
        (17, "請您稍等，好嗎？", "请您稍等好吗"),
        (17, "ＶＩＰ客户", "VIP客户"),
        (18, "尾号\\d{4}", "尾号[零一二三四五六七八九]{4}"),
    ]
    assert checked.as_json()["ok"] is True
    assert "实际按什么来找" in str(checked)


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("weight = 8", 'weight = "8"', 16, "items.0.weight"),
        ("weight = 8", "weight = true", 16, "items.0.weight"),
        ("weight = 8", 'weight = 8\nbonus = "no"', 17, "items.0.bonus"),
    ],
)
def test_quoted_numbers_and_booleans_are_told_at_their_own_line(tmp_path, old, new, line, key):
    checked = check_rubric(write(tmp_path, BAD.replace(old, new)))
    told = [(one.line, one.key) for one in checked.mistakes]
    assert (line, key) in told
    assert (8, "sections.0.total") not in told


def test_fillers_are_noted_in_every_check(tmp_path):
    text = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "banned"\n[items.check.said]\n'
        'phrases = ["好啊", "谢谢啊", "谢谢"]\npatterns = ["工号\\\\d+", "嗯|哦", "您好，请", "行啊?"]\n'
    )
    checked = check_rubric(write(tmp_path, text))
    assert not checked.failed
    assert [(one.code, one.line, *one.values.values()) for one in checked.notes] == [
        ("scoring.note_phrase", 14, "好啊", "好"),
        ("scoring.note_pattern", 15, "工号\\d+", "工号[零一二三四五六七八九]+"),
        ("scoring.note_filler", 15, "嗯|哦", "嗯"),
    ]


def test_a_pattern_with_an_open_bracket_is_refused_and_not_noted(tmp_path):
    text = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "banned"\n[items.check.said]\n'
        'phrases = ["好"]\npatterns = ["[不没能办理"]\n'
    )
    checked = check_rubric(write(tmp_path, text))
    assert [(one.code, one.line) for one in checked.mistakes] == [("toml.bad_value", 15)]
    assert checked.notes == ()


def test_numbers_that_are_found_only_digit_by_digit_are_noted(tmp_path):
    text = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "banned"\n[items.check.said]\n'
        'phrases = ["24小时内", "２个", "15%", "二十四小时", "工号8023号", "5元", "2026年", "2月"]\n'
        "patterns = ['\\d+个?(天|小时)', '[1-9]个', '[12]个', '\\d{4}号', '.{2,4}一点', '1[3-9]\\d{9}',"
        " '24小时', '2个|15%', '24?小时']\n"
        'misheard = ["24小时那"]\n'
    )
    checked = check_rubric(write(tmp_path, text))
    digits = "[零一二三四五六七八九]"
    assert [
        (one.line, *one.values.values()) for one in checked.notes if one.code == "scoring.note_number"
    ] == [
        *((15, r"\d+个?(天|小时)", f"{digits}+"), (15, "[1-9]个", "[一二三四五六七八九]")),
        *((15, "[12]个", "[一二]"), (15, r"\d{4}号", f"{digits}{{4}}")),
        *((15, "24?小时", "二四?"), (16, "24小时那", "二四")),
    ]
    assert "“[12]个”里的数只认一位一位念的（[一二]），说成“二十四”“两个”的找不到，会当作没说。" in str(
        checked
    )
    read = [one.values["read"] for one in checked.notes if one.code == "scoring.note_pattern"]
    assert read[-3:] == ["(二四|二十四)小时", "(二|两)个|(百分之一五|百分之十五|百分之一十五)", "二四?小时"]
    assert check_rubric().notes == ()


def test_a_phrase_that_is_nothing_but_you_is_noted(tmp_path):
    text = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "banned"\n[items.check.said]\n'
        'phrases = ["你", "你好"]\npatterns = ["您(?!们)", "您(贵姓|姓什么)"]\n'
    )
    notes = [(one.code, one.line, *one.values.values()) for one in check_rubric(write(tmp_path, text)).notes]
    assert notes == [("scoring.note_you", 14, "你"), ("scoring.note_you", 15, "您(?!们)")]
    assert check_rubric().notes == ()


def test_a_column_that_the_program_reads_itself_is_noted(tmp_path):
    text = (
        'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n[[items]]\nid = "a"\nname_zh = "一"\n'
        'name_en = "one"\nsource = "s"\nweight = 2\n[items.check]\nkind = "rule"\n'
        'pass_when = "甲 or 乙 or 丙 or 丁"\n'
    )
    for name, heading in zip("甲乙丙丁", ("业务类型", "技能组名称", "工号", "开始时间"), strict=True):
        text += f'[[items.check.conditions]]\nname = "{name}"\nkind = "fact"\nfact = "column"\n'
        text += f'column = "{heading}"\nis = "一"\n'
    checked = check_rubric(write(tmp_path, text))
    assert not checked.failed
    assert [(one.code, one.line, *one.values.values()) for one in checked.notes] == [
        ("scoring.note_column", 24, "技能组名称", "line", 'fact = "line"'),
        ("scoring.note_column_taken", 30, "工号", "agent_no"),
        ("scoring.note_column", 36, "开始时间", "start", 'fact = "time", fact = "date", fact = "weekday"'),
    ]


def test_what_is_no_toml_is_told(tmp_path):
    checked = check_rubric(write(tmp_path, "id = "))
    assert checked.failed
    assert checked.as_json()["error"]["code"] == "toml.not_toml"
    assert "不是有效的 TOML" in str(checked)


WHOLE = tomllib.loads(built_in_rubric_text())
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["name", "kind", "where", "after", "conditions", "is", "items", "patterns", "check", "id"]
            ),
            inner | st.sampled_from(["rule", "combined", "甲", "甲 or 乙", "said"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(table=st.dictionaries(st.sampled_from(["items", "conditions", "sections", "situations"]), VALUES))
def test_any_table_is_looked_through_without_a_crash(table):
    assert all(one.code.startswith("scoring.") for one in rule_mistakes(table, {}))


def test_long_circles_and_chains_are_found_without_running_long():
    chain = [{"name": f"c{n}", "kind": "combined", "is": f"c{n + 1}"} for n in range(3000)]
    chain.append({"name": "c3000", "kind": "combined", "is": "c0"})
    assert [one.code for one in rule_mistakes({"conditions": chain}, {})] == ["scoring.rubric_circle"]


@pytest.mark.parametrize("replaces", ['[["one"]]', '[{ id = "one" }]'])
def test_items_that_a_situation_replaces_are_named_by_texts(tmp_path, replaces):
    situation = (
        '[[situations]]\nid = "s"\nname_zh = "情"\nname_en = "s"\nsource = "x"\n'
        f"detect = {{ internal = true }}\nreplaces = {replaces}\n"
    )
    told = {one.key: one.code for one in check_rubric(write(tmp_path, BAD + situation)).mistakes}
    assert told["situations.0.replaces.0"] == "toml.bad_value"


def test_what_is_found_too_often_is_noted_of_rules(tmp_path):
    text = RULE.replace("XX", 'phrases = ["好", "好的", "不"]\npatterns = [".+", "[^不]", "请稍等|好"]')
    notes = [(one.code, one.values["written"]) for one in check_rubric(write(tmp_path, text)).notes]
    wide = [("scoring.note_wide", one) for one in (".+", "[^不]")]
    assert notes == [("scoring.note_short", "好"), ("scoring.note_short", "不"), *wide]


def test_long_phrases_of_rules_are_noted_and_recited_ones_are_not(tmp_path):
    long = "投资有风险过往业绩不代表未来表现"
    told = check_rubric(write(tmp_path, RULE.replace("XX", f'phrases = ["{long}", "{long[:15]}"]')))
    assert [(one.code, one.values["written"]) for one in told.notes] == [("scoring.note_long", long)]
    assert 'kind = "recited"' in str(told)
    recited = RULE.replace('kind = "said"', 'kind = "recited"').replace("XX", f'to = ["{long}"]')
    assert check_rubric(write(tmp_path, recited)).notes == ()


def test_a_table_of_another_name_is_told_with_its_line(tmp_path):
    text = RULE.replace("XX", 'phrases = ["您好"]') + '[[item]]\nid = "b"\n'
    [one] = check_rubric(write(tmp_path, text)).mistakes
    assert (one.line, one.key, one.code) == (text.count("\n") - 1, "item", "toml.unknown_key")


def test_a_version_and_a_workbook_are_told_plainly(tmp_path):
    text = RULE.replace("XX", 'phrases = ["您好"]').replace('"1.0.0"', '"1.0"')
    with speaking("zh"):
        assert '要求：三个数，用点隔开，写在英文引号里，如 "1.0.0"。' in str(
            check_rubric(write(tmp_path, text))
        )
    path = tmp_path / "标准.xlsx"
    path.write_bytes(b"PK\x03\x04...")
    with pytest.raises(QaError) as caught:
        load_rubric(path)
    assert caught.value.code == "toml.workbook"
