import polars as pl

from tests.made_audits import RUDE, hand_in


def judged(workspace, call_id):
    people = workspace.people_judged("2026-10")
    own = people.items.filter(call_id=call_id)
    failed = own.filter(verdict="fail")["item"].to_list()
    return failed, people.calls.filter(call_id=call_id).select("score", "faults").rows()


def test_the_hearing_that_counts_is_told_with_the_faults_of_all(scored):
    hand_in(scored, RUDE, "李敏", "greeting")
    hand_in(scored, RUDE, "王芳", "closing", faults=[("closing", 1.0, 2.0)])
    failed, [(score, faults)] = judged(scored, RUDE)
    assert failed == ["greeting"]
    assert score == scored_by(scored, RUDE, "李敏") < 100
    assert faults == 1


def test_what_an_appeal_or_inspectors_settled_goes_first(scored):
    hand_in(scored, RUDE, "李敏", "greeting", "closing")
    hand_in(scored, RUDE, "王芳", "closing")
    scored.appeals.settle(RUDE, "greeting", "pass", by=["李敏", "王芳"], reason="听得到")
    assert judged(scored, RUDE)[0] == ["closing"]
    made = scored.appeals.file(RUDE, "closing", text="说了", who="张三").appeal_id
    scored.appeals.reply(made, text="有", who="陈静")
    scored.appeals.decide(made, "overturned", reason="有", who="陈主管")
    failed, [(score, _)] = judged(scored, RUDE)
    assert failed == []
    assert score == scored_by(scored, RUDE, "李敏", "ruled_score")


def test_a_month_that_nobody_heard(scored):
    people = scored.people_judged("2026-10")
    assert (people.items.height, people.calls.height) == (0, 0)


def scored_by(workspace, call_id, who, which="first_score"):
    from qa_audit.audit.scores import sheets_frame

    sheets = sheets_frame(workspace.database, workspace.rubric, workspace.findings("2026-10"))
    return sheets.filter((pl.col("call_id") == call_id) & (pl.col("who") == who))[which].item()
