"""Appeals of a workspace: from what somebody failed to the score that counts from then on."""

import polars as pl
import pytest

from qa_audit.audit.appeal import APPEALS_SCHEMA, open_appeals_of_month
from qa_audit.audit.scores import sheets_frame
from qa_audit.estimation.audited import audit_rows
from qa_audit.messages import speaking
from qa_audit.shown.appeals import appeal_json, appeal_text, shown_appeals
from tests.made_audits import HARSH, RUDE, hand_in
from tests.refusal import code_of


@pytest.fixture
def filed(scored):
    hand_in(scored, RUDE, "李敏", "greeting")
    return scored.appeals.file(RUDE, "greeting", text="说了您好", who="张三", at_s=1.0)


def overturn(workspace, appeal, **more):
    workspace.appeals.reply(appeal.appeal_id, text="有问候", who="王芳")
    return workspace.appeals.decide(appeal.appeal_id, "overturned", reason="3 秒有", who="主管", **more)


def test_the_first_inspector_the_agent_and_the_moment_are_looked_up(scored, filed):
    assert filed.first_inspectors == ("李敏",)
    assert filed.file_by is not None
    agent = scored.calls().filter(pl.col("call_id") == RUDE)["agent_no"][0]
    assert code_of(scored.appeals.reply, 1, text="好", who=agent) == "appeals.own_case"
    assert code_of(scored.appeals.reply, 1, text="好", who="李敏") == "appeals.own_verdict"
    assert code_of(scored.appeals.file, RUDE, "weather", text="错", who="张") == "audit.unknown_item"
    assert code_of(scored.appeals.file, "nobody", "greeting", text="错", who="张") == "workspace.unknown_call"
    late = {"text": "错", "who": "张", "at_s": 9_999.0}
    assert code_of(scored.appeals.file, RUDE, "greeting", **late) == "appeals.outside_call"


def test_what_only_the_machine_failed_may_be_appealed_and_what_nobody_failed_not(scored):
    findings = scored.call_findings(HARSH).filter(pl.col("kind") == "item")
    failed = findings.filter(pl.col("verdict") == "fail")["item"][0]
    passed = findings.filter(pl.col("verdict") == "pass")["item"][0]
    assert scored.appeals.file(HARSH, failed, text="听错了", who="张三").first_inspectors == ()
    assert code_of(scored.appeals.file, HARSH, passed, text="错", who="张三") == "appeals.nothing_lost"


def test_an_overturned_item_changes_the_score_that_estimates_use_and_is_marked(scored, filed):
    def row():
        return sheets_frame(scored.database, scored.rubric, scored.findings("2026-10")).row(0, named=True)

    before = row()
    done = overturn(scored, filed)
    after = row()
    assert after["first_score"] == before["first_score"] < after["ruled_score"]
    assert after["restated"] == ["greeting"]
    assert dict(done.decision.scores)["李敏"] == (before["ruled_score"], after["ruled_score"])
    assigned = pl.DataFrame(
        {"call_id": [RUDE], "inspector": ["李敏"], "purpose": ["first"], "probability": [0.1]}
    )
    sheets = sheets_frame(scored.database, scored.rubric, scored.findings("2026-10"))
    assert audit_rows(assigned, sheets)["score"].to_list() == [after["ruled_score"]]
    assert scored.gold_labels(["2026-10"]).select(
        "call_id", "item", "verdict", "source", "appeal"
    ).rows() == [(RUDE, "greeting", "pass", "appeal", 1)]
    assert scored.gold_labels(["2026-11"]).is_empty()


def test_two_decisions_on_a_call_add_up(scored):
    hand_in(scored, RUDE, "李敏", "greeting", "closing")
    first = overturn(scored, scored.appeals.file(RUDE, "greeting", text="错", who="张"))
    second = overturn(
        scored, scored.appeals.file(RUDE, "closing", text="错", who="张"), verdict="not_applicable"
    )
    assert dict(second.decision.scores)["李敏"].before == dict(first.decision.scores)["李敏"].after
    assert sheets_frame(scored.database, scored.rubric)["restated"].to_list() == [["closing", "greeting"]]


def test_partly_leaves_the_points_that_are_named(scored, filed):
    scored.appeals.reply(1, text="有一半", who="王芳")
    assert code_of(scored.appeals.decide, 1, "partly", reason="一半", who="主管") == "appeals.bad_decision"
    done = scored.appeals.decide(1, "partly", reason="一半", who="主管", points=4.0)
    change = dict(done.decision.scores)["李敏"]
    assert change.before < change.after < 100.0
    assert scored.gold_labels()["verdict"].to_list() == ["fail"]


def test_a_month_with_an_open_appeal_says_so(scored, filed):
    assert [one.appeal_id for one in open_appeals_of_month(scored.database, "2026-10")] == [1]
    assert open_appeals_of_month(scored.database, "2026-11") == []
    scored.appeals.withdraw(1, reason="认可", who="张三")
    assert open_appeals_of_month(scored.database, "2026-10") == []
    assert code_of(open_appeals_of_month, scored.database, "10月") == "calls.bad_month"
    assert scored.appeals.frame("2026-10").schema == APPEALS_SCHEMA
    assert len(scored.appeals.all("2026-10")) == 1
    assert scored.appeals.all(open_only=True) == []


def test_differences_are_settled_and_rules_are_measured_by_what_was_settled(scored, monkeypatch):
    hand_in(scored, RUDE, "李敏", "greeting")
    hand_in(scored, RUDE, "王芳")
    assert scored.appeals.differences()["item"].to_list() == ["greeting"]
    given = []
    monkeypatch.setattr(
        "qa_audit.months.audited_figures.judged_rows", lambda *args: given.append(args[3]) or _empty()
    )
    scored.appeals.settle(RUDE, "greeting", "pass", by=["李敏", "王芳"], reason="一起重听")
    scored.rule_quality(["2026-10"])
    assert given[0].select("item", "verdict").rows() == [("greeting", "pass")]
    found = scored.appeals.differences(["2026-10"])
    assert found.select("gold", "source").rows() == [("pass", "adjudication")]
    assert sheets_frame(scored.database, scored.rubric)["restated"].to_list() == [[], []]


def _empty():
    from qa_audit.estimation.rule_quality import JUDGED

    return pl.DataFrame(schema=JUDGED)


def test_appeals_in_words_and_as_json(scored, filed):
    with speaking("zh"):
        shown = shown_appeals([filed], scored.rubric, "zh")
        assert shown.headings[0] == "编号"
        assert shown.rows[0][:6] == (1, RUDE, "开头语", "00:01", "张三", "待答复")
        joined = scored.appeals.file(RUDE, "greeting", text="再看", who="赵")
        assert "已并入" in appeal_text(joined, scored.rubric)
        done = overturn(scored, joined)
        assert "李敏 的评分：" in appeal_text(done, scored.rubric)
        assert shown_appeals([done], scored.rubric, "zh").rows[0][5:7] == ("改判", "")
    told = appeal_json(done)
    assert (told["state"], told["open"], [step["kind"] for step in told["steps"]]) == (
        "overturned", False, ["added", "reply", "decision"],
    )  # fmt: skip
    assert list(told["steps"][2]["scores"]) == ["李敏"]
