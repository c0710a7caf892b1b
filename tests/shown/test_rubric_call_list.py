"""What a rubric asks of the call list and no call answers."""

import tomllib

import pytest
from click.testing import CliRunner

from qa_audit.cli import cli
from qa_audit.messages import speaking
from qa_audit.scoring.rubric import Rubric
from qa_audit.shown.rubric_call_list import check_call_list
from qa_audit.workspace import Workspace

LISTED = """通话编号,开始时间,工号,班组,技能组,挂断方,金额,业务类型,备注
1,2026-09-01 09:00:00,8001,一班,宽带报障,,80000,新装,无
2,2026-10-01 09:00:00,8001,一班,宽带报障,,￥300元,新装,无
3,2026-10-02 09:00:00,8002,二班,电视报障,,8万,移机,-
"""
FRAME = """
id = "mine"
version = "1.0.0"
name_zh = "我的"
name_en = "mine"
[[items]]
id = "one"
name_zh = "一"
name_en = "one"
source = "s"
weight = 1
check = {{ kind = "rule", pass_when = "甲", conditions = [{{ name = "甲", {condition} }}] }}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Three calls, two of them of the last month."""
    folder = tmp_path_factory.mktemp("centre")
    (folder / "话单.csv").write_text(LISTED, encoding="utf-8")
    made = Workspace.create(folder / "中心", recordings=folder, call_list=folder / "话单.csv")
    made.import_calls()
    yield made
    made.database.dispose()


def told(workspace, condition):
    rubric = Rubric.model_validate(tomllib.loads(FRAME.format(condition=condition)))
    with speaking("zh"):
        return [str(one) for one in check_call_list(workspace, rubric).unanswered]


COLUMN = 'kind = "fact", fact = "column", column = '


@pytest.mark.parametrize(
    ("condition", "line"),
    [
        ('kind = "measure", of = "ring_s", at_most = 15', "没有一通有振铃秒数。"),
        ('kind = "fact", fact = "hangup_by", is = "agent"', "谁挂断一列都空着。"),
        ('kind = "fact", fact = "line", contains = ["VIP"]', "技能组一列没有“VIP”，有：宽带报障、电视报障。"),
        ('kind = "fact", fact = "team", any_of = ["三班"]', "班组一列没有“三班”，有：一班、二班。"),
        (f'{COLUMN}"保额", at_least = 1', "没有叫“保额”的列，有：业务类型、备注、金额。请照话单的表头写。"),
        (f'{COLUMN}"备注", is = "急"', "备注一列都空着。"),
        (f'{COLUMN}"业务类型", is = "拆机"', "业务类型一列没有“拆机”，有：新装、移机。"),
        (
            f'{COLUMN}"金额", at_least = 500',
            "“金额”一列有 2 格写了字，其中 1 格不是数（如“8万”），这些通话按没有数据算。",
        ),
    ],
)  # fmt: skip
def test_what_no_call_of_the_last_month_answers_is_told_with_what_there_is(workspace, condition, line):
    assert told(workspace, condition) == [f"条件“甲”：{line}"]


@pytest.mark.parametrize(
    "condition",
    [
        'kind = "fact", fact = "line", contains = ["报障"]',
        'kind = "fact", fact = "team", is = "二班"',
        f'{COLUMN}"业务 类型", is = "移机"',
        'kind = "fact", fact = "first_speaker", is = "agent"',
        'kind = "fact", fact = "internal", is = true',
        'kind = "measure", of = "duration_s", at_least = 9',
        'kind = "said", phrases = ["您好"]',
    ],
)
def test_what_calls_answer_or_need_not_is_not_told(workspace, condition):
    rubric = Rubric.model_validate(tomllib.loads(FRAME.format(condition=condition)))
    found = check_call_list(workspace, rubric)
    assert found is None or (found.calls, found.unanswered) == (2, ())


def test_check_tells_it_inside_a_workspace_alone(workspace, tmp_path, monkeypatch):
    path = tmp_path / "rubric.toml"
    path.write_text(FRAME.format(condition=f'{COLUMN}"保额", at_least = 1'), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(cli, ["rubric", "check", str(path)], standalone_mode=False)
    assert (run.return_value, "话单里查不到" in run.output) == (0, False)
    options = ["--workspace", str(workspace.folder)]
    run = CliRunner().invoke(cli, ["rubric", "check", str(path), *options], standalone_mode=False)
    assert run.return_value == 0
    assert "话单里查不到的（看了 2026-10 的 2 通；问不到，用到它的项目就不评）：" in run.output
    run = CliRunner().invoke(cli, ["rubric", "check", str(path), *options, "--json"], standalone_mode=False)
    assert '"code": "no_column"' in run.output
