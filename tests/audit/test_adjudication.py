import pytest

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest
from qa_audit.audit.adjudication import DIFFERENCES_SCHEMA, differences, settle
from qa_audit.audit.appeal import ScoreChange
from qa_audit.audit.appeals import Disputed, decide, file_appeal, reply_to
from qa_audit.audit.events import append
from qa_audit.audit.rulings import Ruling, gold_frame, rulings_of
from qa_audit.audit.scores import audit_frame
from qa_audit.audit.settings import AppealSettings
from qa_audit.messages import QaError


@pytest.fixture
def heard_twice(database, rubric):
    """李敏 fails `greeting` of c1, 王芳 passes all; 赵 has not handed in."""
    items = tuple(item.id for item in rubric.items)
    for who, actions in {
        "李敏": (GiveVerdict("greeting", "fail"), PassRest(items), HandIn()),
        "王芳": (PassRest(items), HandIn()),
        "赵": (GiveVerdict("closing", "fail"),),
    }.items():
        for action in actions:
            append(database, "c1", who, action, rubric)
    return audit_frame(database)


def settled(database, verdicts, rubric, *by, item="greeting", verdict="pass", reason="一起重听"):
    settle(database, verdicts, "c1", item, verdict, by=by, reason=reason, rubric=rubric)
    return gold_frame(rulings_of(database))


def test_where_two_differ(heard_twice):
    found = differences(heard_twice)
    assert found.schema == DIFFERENCES_SCHEMA
    assert found.rows() == [("c1", "greeting", ["李敏", "王芳"], ["fail", "pass"], None, None)]
    assert differences(heard_twice.clear()).is_empty()


@pytest.mark.parametrize("by", [("孙",), ("李敏", "王芳"), ("王芳", "李敏", "孙")])
def test_a_third_person_or_both_together_settle_it(database, heard_twice, rubric, by):
    gold = settled(database, heard_twice, rubric, *by)
    assert gold.select("call_id", "item", "verdict", "source", "by").rows() == [
        ("c1", "greeting", "pass", "adjudication", list(by))
    ]
    assert differences(heard_twice, gold).select("gold", "source").rows() == [("pass", "adjudication")]


@pytest.mark.parametrize(
    ("by", "change", "code"),
    [
        (("李敏",), {}, "adjudication.who"),
        (("王芳", "孙"), {}, "adjudication.who"),
        ((), {}, "adjudication.who"),
        (("孙",), {"item": "closing"}, "adjudication.no_difference"),
        (("孙",), {"verdict": "maybe"}, "adjudication.verdict"),
        (("孙",), {"reason": ""}, "audit.bad_text"),
        (("",), {}, "audit.no_name"),
    ],
)
def test_what_settles_nothing_is_refused(database, heard_twice, rubric, *, by, change, code):
    with pytest.raises(QaError) as error:
        settled(database, heard_twice, rubric, *by, **change)
    assert error.value.code == code
    assert error.value.text("zh") != error.value.text("en")
    assert rulings_of(database) == []


def test_a_settlement_may_be_revised_but_not_an_appeal_s_decision(database, heard_twice, rubric):
    settled(database, heard_twice, rubric, "孙", verdict="fail")
    assert settled(database, heard_twice, rubric, "李敏", "王芳")["verdict"].to_list() == ["pass"]
    disputed = Disputed("c1", "greeting", ("李敏",))
    appeal = file_appeal(database, disputed, at_s=None, text="错", who="张", terms=AppealSettings())
    reply_to(database, appeal.appeal_id, text="好", who="孙")
    decide(
        database, appeal.appeal_id, "overturned", reason="对", who="孙", rubric=rubric,
        ruling=Ruling("not_applicable"), scores={"李敏": ScoreChange(None, None)},
    )  # fmt: skip
    with pytest.raises(QaError) as error:
        settled(database, heard_twice, rubric, "孙")
    assert error.value.code == "adjudication.appealed"
    assert gold_frame(rulings_of(database)).select("verdict", "source").rows() == [
        ("not_applicable", "appeal")
    ]
