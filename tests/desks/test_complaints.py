import pytest

from qa_audit.audit.complaints import Moment
from qa_audit.audit.scores import sheets_frame
from qa_audit.estimation.audited import assigned_calls, audit_rows
from qa_audit.messages import QaError, speaking
from qa_audit.shown.complaints import complaint_json, complaint_text, shown_complaints, shown_listings
from tests.made_audits import RUDE, hand_in


@pytest.fixture
def desk(scored):
    return scored.complaints


def test_a_complaint_with_its_call_in_words(desk):
    one = desk.open(text="态度不好", who="李娜", number="138", call_id=RUDE)
    desk.heard(one.complaint_id, Moment(RUDE, 4.5), text="打断客户", who="李娜")
    desk.decide(one.complaint_id, "at_fault", reason="打断", who="主管", evidence=[Moment(RUDE, 4.5)])
    desk.follow_up(one.complaint_id, text="已回电", who="李娜")
    closed = desk.close(one.complaint_id, text="接受致歉", who="李娜")
    with speaking("zh"):
        told = complaint_text(closed)
        assert "第 1 号投诉（号码 138）：已结案，坐席有责。态度不好" in told
        assert f"听到 {RUDE}@4.5 李娜：打断客户" in told
        assert shown_complaints([closed]).rows[0][2:5] == ("138", RUDE, "已结案，坐席有责")
    as_json = complaint_json(closed)
    assert (as_json["outcome"], as_json["calls"]) == ("at_fault", [RUDE])
    assert as_json["steps"][2]["evidence"] == [[RUDE, 4.5]]
    assert desk.all(open_only=True) == []
    assert desk.reopen(one.complaint_id, reason="又来电", who="李娜").state == "decided"
    assert [found.complaint_id for found in desk.all(open_only=True)] == [1]
    assert desk.get(1).state == "decided"


def test_an_unknown_call_is_refused_before_anything_is_kept(desk):
    with pytest.raises(QaError) as error:
        desk.open(text="态度不好", who="李娜", call_id="nobody")
    assert error.value.code == "workspace.unknown_call"
    assert desk.all() == []


def test_what_is_heard_for_a_complaint_enters_no_pay_figure(scored, desk):
    desk.open(text="态度不好", who="李娜", call_id=RUDE)
    scored.samples.choose([RUDE], "complaint", "李娜", "投诉")
    (draw,) = scored.samples.draws()
    scored.samples.hand_out(draw.draw_id, ["李娜"], "主管", twice="0")
    hand_in(scored, RUDE, "李娜", "greeting")
    assigned = assigned_calls(scored.samples, "2026-10")
    assert assigned.is_empty()
    assert audit_rows(assigned, sheets_frame(scored.database, scored.rubric)).is_empty()
    with pytest.raises(QaError) as error:
        scored.estimates("2026-10")
    assert error.value.code == "audited.no_draw"


def test_the_list_of_vexatious_callers(desk):
    desk.put_on_list("138", who="主管", reason="骚扰")
    with speaking("en"):
        shown = shown_listings(desk.vexatious())
    assert (shown.rows[0][0], shown.rows[0][2:]) == ("138", ("主管", "骚扰"))
    desk.take_off_list("138", who="主管", reason="换了主人")
    assert desk.vexatious() == []
