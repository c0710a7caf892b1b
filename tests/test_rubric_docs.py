"""docs/rubric.zh-CN.md: each operator of its table hits and misses as it says; examples and commands run."""

import re
import shlex
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from qa_audit.calls.facts import CallFacts
from qa_audit.cli import cli
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.example import ExampleFacts
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_test import example_call, example_turns, run_examples
from qa_audit.scoring.rule_schema import Condition, Entity, Measure, Where

TEXT = (Path(__file__).parents[1] / "docs" / "rubric.zh-CN.md").read_text(encoding="utf-8")
_ROWS = [
    [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    for line in TEXT.splitlines()
    if line.startswith("| ") and "`kind = " in line and len(re.split(r"(?<!\\)\|", line)) == 7
]
READY_MADE = [row for row in _ROWS if re.search(r'`kind = "(parts|request|address|reply)"', row[2])]
"""Checks of the built-in rubric."""
ROWS = [row for row in _ROWS if row not in READY_MADE]

FRAME = """
id = "doc"
version = "1.0.0"
name_zh = "文"
name_en = "doc"
[[items]]
id = "one"
name_zh = "一"
name_en = "one"
source = "s"
weight = 1
[items.check]
kind = "rule"
pass_when = "甲"
[[items.check.conditions]]
name = "甲"
{condition}
[[items]]
id = "polite"
name_zh = "二"
name_en = "two"
source = "s"
weight = 1
[items.check]
kind = "rule"
fail_when = "烦"
[[items.check.conditions]]
name = "烦"
kind = "said"
phrases = ["烦死了"]
[[conditions]]
name = "谢谢"
kind = "said"
who = "customer"
phrases = ["谢谢"]
[[conditions]]
name = "号码"
kind = "said"
who = "customer"
entities = ["mobile_number"]
[[conditions]]
name = "抱歉"
kind = "said"
phrases = ["抱歉"]
[[situations]]
id = "angry"
name_zh = "客户生气"
name_en = "angry"
source = "s"
detect = {{ customer_says = {{ phrases = ["气死我了", "太过分了"] }} }}
"""


def condition_of(cell):
    return "\n".join(re.split(r"; (?=[a-z_]+ = )", cell.strip("`")))


def rubric_of(row):
    return Rubric.model_validate(tomllib.loads(FRAME.format(condition=condition_of(row[2]))))


def verdict_of(rules, talk):
    """Judge parts between `/`, as in examples, with facts in brackets at the end."""
    facts = {}
    if found := re.search(r"\(([a-z_]+ = .*)\)$", talk):
        facts, talk = tomllib.loads(found[1]), talk[: found.start()].strip()
    parts = [part.strip() for part in talk.split(" / ")]
    known = ExampleFacts.model_validate(facts).as_facts()
    return score_call(example_call(parts), known, rules).items[0].verdict


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_operator_hits_and_misses_as_the_table_says(row):
    rules = rubric_of(row)
    assert verdict_of(rules, row[3]) == "pass"
    assert verdict_of(rules, row[4]) == "fail"


@pytest.mark.parametrize("row", READY_MADE, ids=[row[0] for row in READY_MADE])
def test_each_option_of_a_ready_made_check_does_what_the_table_says(row):
    frame = {"id": "doc", "version": "1.0.0", "name_zh": "文", "name_en": "doc"}
    item = {"id": "one", "name_zh": "一", "name_en": "one", "source": "s", "weight": 1}
    rules = Rubric.model_validate(
        {**frame, "items": [{**item, "check": tomllib.loads(condition_of(row[2]))}]}
    )
    assert verdict_of(rules, row[3]) == "pass"
    assert verdict_of(rules, row[4]) == "fail"


def test_the_options_that_are_told():
    options = ["`not_first`", "`until_customer_says`", "`clauses`", "`chance_of_informal`"]
    assert [row[0] for row in READY_MADE] == options


def test_the_table_has_every_operator_of_the_language():
    conditions = [tomllib.loads(condition_of(row[2])) for row in ROWS]
    kinds = {model.model_fields["kind"].annotation.__args__[0] for model in Condition.__origin__.__args__}
    assert {one["kind"] for one in conditions} == kinds
    used = {key for one in conditions for key in one} | {
        f"where.{key}" for one in conditions for key in one.get("where", {})
    }
    assert {f"where.{key}" for key in Where.model_fields} <= used
    assert {"phrases", "patterns", "entities", "similar", "unless", "need", "same_turn", "every_turn"} <= used
    assert {one["of"] for one in conditions if one["kind"] == "measure"} == set(
        Measure.model_fields["of"].annotation.__args__
    )
    assert {one["fact"] for one in conditions if one["kind"] == "fact"} == set(
        Fact.model_fields["fact"].annotation.__args__
    )
    assert {"is", "any_of", "column", "from", "until"} <= used
    assert all(f"`{fact}`" in TEXT for fact in ExampleFacts.model_fields if fact != "columns")
    assert all(f"`{entity}`" in TEXT for entity in Entity.__args__)
    assert len({row[0] for row in ROWS}) == len(ROWS)


WORKED, SITUATION, RECIPES = re.findall(r"```toml\n(.*?)```", TEXT, re.S)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rubric.toml").write_text(WORKED, encoding="utf-8")
    (tmp_path / "旧标准.toml").write_text(WORKED.replace("快点决定", "赶快决定"), encoding="utf-8")
    return tmp_path


def test_the_worked_example_keeps_its_own_examples(folder):
    tested = run_examples(load_rubric(folder / "rubric.toml"))
    assert not tested.failed
    assert len(tested.results) == 4
    assert tested.without == ()


def test_the_worked_item_goes_at_the_end_of_the_built_in_rubric(tmp_path):
    own = files("qa_audit.scoring.rubrics").joinpath("zh_service.toml").read_text("utf-8")
    added = WORKED[WORKED.index("[[sections]]") :]
    (tmp_path / "rubric.toml").write_text(own + "\n" + added, encoding="utf-8")
    rubric = load_rubric(tmp_path / "rubric.toml")
    assert [one.id for one in rubric.items] == [*(one.id for one in load_rubric().items), "fee_first"]


def test_the_situation_that_is_told_can_be_written_in_a_file_of_ones_own(tmp_path):
    switched = WORKED.replace('applies_when = "客户问费用"', 'applies_when = "客户问费用 and not angry"')
    (tmp_path / "rubric.toml").write_text(switched + SITUATION, encoding="utf-8")
    rubric = load_rubric(tmp_path / "rubric.toml")
    turns = example_turns(["C: 太过分了，怎么收费？", "A: 帮您办理了，每月三十九元。"])
    assert score_call(turns, CallFacts(), rubric).items[0].verdict == "not_applicable"
    told = TEXT[: TEXT.index(SITUATION)].rpartition("内置标准有")[2]
    assert sorted(re.findall(r"`([a-z_]+)`", told)) == sorted(one.id for one in load_rubric().situations)


@pytest.mark.parametrize(
    ("item", "good", "bad", "idle"),
    [
        (
            "identity_first",
            ["A: 请报身份证后四位。", "C: 一二三四。", "A: 您的余额是五十元。"],
            ["A: 您的余额是五十元。", "A: 请报身份证后四位。"],
            ["C: 查余额。", "A: 您可以在手机上查。"],
        ),
        (
            "sell_after",
            ["A: 已经登记好了。", "C: 好。", "A: 给您推荐一个套餐。"],
            ["A: 给您推荐一个套餐。", "C: 好。", "A: 已经登记好了。"],
            None,
        ),
        ("sell_after", ["A: 已经登记好了。"], ["A: 现在有个优惠套餐。", "C: 不用。"], None),
        (
            "penalty_told",
            ["C: 有违约金吗？", "A: 我看看。", "C: 好。", "A: 没有违约金。"],
            ["C: 有违约金吗？", "A: 我看看。", "C: 好。", "A: 您稍等。", "C: 好。", "A: 没有违约金。"],
            ["C: 我要报修。", "A: 好的。"],
        ),
        ("no_promise", ["A: 我不能保证能办好。"], ["A: 我保证能办好。"], None),
        ("no_promise", ["C: 你保证能办好？", "A: 您刚才说保证能办好，是吗？"], ["A: 保证能办好。"], None),
    ],
)
def test_the_rules_to_copy_do_what_they_say(tmp_path, item, good, bad, idle):
    head = 'id = "mine"\nversion = "1.0.0"\nname_zh = "我"\nname_en = "m"\n'
    (tmp_path / "rubric.toml").write_text(head + RECIPES, encoding="utf-8")
    rubric = load_rubric(tmp_path / "rubric.toml")
    for talk, verdict in ((good, "pass"), (bad, "fail"), (idle, "not_applicable")):
        if talk is not None:
            found = score_call(example_call(talk), CallFacts(), rubric)
            assert {one.id: one.verdict for one in found.items}[item] == verdict


def test_an_example_takes_what_the_call_list_says_on_a_line_of_its_own(tmp_path):
    ring = FRAME.format(condition='kind = "measure"\nof = "ring_s"\nat_least = 15.1')
    assert "`facts = { ring_s = 20 }`" in TEXT
    said = '[[items.examples]]\nis = "complies"\nturns = ["A: 您好。"]\nfacts = { ring_s = 20 }\n'
    (tmp_path / "rubric.toml").write_text(
        ring.replace('[[items]]\nid = "polite"', said + '[[items]]\nid = "polite"'), "utf-8"
    )
    assert not run_examples(load_rubric(tmp_path / "rubric.toml")).failed


def test_every_command_runs(folder):
    lines = [
        line
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S)
        for line in block.splitlines()
        if line.startswith("qa-audit")
    ]
    told = {}
    for line in lines:
        run = CliRunner().invoke(cli, shlex.split(line)[1:], standalone_mode=False)
        assert run.exception is None, (line, run.output, run.exception)
        assert run.return_value == 0, (line, run.output)
        told[shlex.split(line)[2]] = run.output
    # Learning takes minutes, others need audited calls: tests of their own run them.
    audited = {"quality", "status", "promote", "demote", "history"}
    assert set(told) == set(cli.commands["rubric"].commands) - audited - {"learn"}
    assert "待人工判断" not in told["explain"]
    assert "催促：确定成立" in told["explain"]
    assert "先办" not in told["diff"]
    assert "增加 您快点决定" in told["diff"]
    assert (folder / "新标准.toml").read_bytes() == (folder / "rubric.toml").read_bytes()
