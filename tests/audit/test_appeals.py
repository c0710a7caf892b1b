from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from qa_audit.audit.appeal import ScoreChange, open_appeals, read_appeal
from qa_audit.audit.appeals import Disputed, Parties, decide, file_appeal, reply_to, ruling_for, withdraw
from qa_audit.audit.rulings import Ruling, rulings_of
from qa_audit.audit.settings import AppealSettings
from qa_audit.store.database import reading
from qa_audit.store.dispute_schema import appeal_steps, appeals
from tests.refusal import code_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AUDITED = Disputed("c1", "greeting", ("李敏",), NOON - timedelta(days=2), duration_s=60.0)
PARTIES = Parties(frozenset({"后来者"}), frozenset({"张三", "8001"}))


@pytest.fixture
def filed(database):
    def make(disputed=AUDITED, *, who="张三", at_s=3.5, text="说了您好", now=NOON):
        return file_appeal(database, disputed, at_s=at_s, text=text, who=who, terms=AppealSettings(), now=now)

    return make


@pytest.fixture
def answered(database, filed):
    appeal = filed()
    return reply_to(
        database, appeal.appeal_id, text="已重听", who="王芳", parties=PARTIES, now=NOON + timedelta(days=1)
    )


def test_an_appeal_names_the_call_the_item_the_moment_and_who(filed, database):
    one = filed(who=" 张三 ")
    assert read_appeal(database, one.appeal_id) == one
    assert (one.call_id, one.item, one.at_s, one.text, one.who) == ("c1", "greeting", 3.5, "说了您好", "张三")
    assert (one.first_inspectors, one.state, one.is_open) == (("李敏",), "filed", True)
    assert (one.file_by, one.reply_by, one.decide_by) == (
        NOON + timedelta(days=5), NOON + timedelta(days=3), NOON + timedelta(days=7),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"disputed": Disputed("c1", "greeting")}, "appeals.nothing_lost"),
        ({"at_s": 61.0}, "appeals.outside_call"),
        ({"at_s": -1.0}, "appeals.outside_call"),
        ({"at_s": float("nan")}, "appeals.outside_call"),
        ({"text": "  "}, "audit.bad_text"),
        ({"who": ""}, "audit.no_name"),
    ],
)
def test_what_is_no_appeal_is_refused_and_leaves_nothing(filed, database, change, code):
    assert code_of(filed, **change) == code
    assert open_appeals(database) == []


def test_a_machine_s_verdict_may_be_appealed_without_a_moment_or_a_length(filed):
    one = filed(Disputed("c1", "greeting", machine_fails=True), at_s=None)
    assert (one.first_inspectors, one.file_by, one.at_s) == ((), None, None)
    assert filed(Disputed("c9", "closing", machine_fails=True), at_s=5000.0).at_s == 5000.0


def test_a_second_appeal_on_an_open_item_joins_the_first(filed, database):
    first = filed()
    joined = filed(who="赵班长", at_s=9.0, text="9 秒也有", now=NOON + timedelta(days=2))
    assert joined.appeal_id == first.appeal_id
    assert [(step.kind, step.who, step.at_s, step.text) for step in joined.steps] == [
        ("added", "赵班长", 9.0, "9 秒也有")
    ]
    assert joined.reply_by == first.reply_by, "nobody gains time by filing twice"
    other = filed(Disputed("c1", "closing", ("李敏",)))
    assert other.appeal_id != first.appeal_id
    assert [one.appeal_id for one in open_appeals(database, ["c1"])] == [first.appeal_id, other.appeal_id]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("李敏", "appeals.own_verdict"),
        ("后来者", "appeals.own_verdict"),
        ("张三", "appeals.own_case"),
        ("8001", "appeals.own_case"),
        ("赵", "appeals.own_case"),
    ],
)
def test_nobody_answers_or_decides_in_their_own_case(filed, database, rubric, who, code):
    appeal = filed()
    filed(who="赵")
    assert code_of(reply_to, database, appeal.appeal_id, text="好", who=who, parties=PARTIES) == code
    reply_to(database, appeal.appeal_id, text="好", who="王芳", parties=PARTIES)
    told = code_of(
        decide, database, appeal.appeal_id, "upheld", reason="对", who=who, rubric=rubric, parties=PARTIES
    )
    assert told == code


def test_a_decision_comes_after_a_reply_and_is_final(filed, database, rubric):
    appeal = filed()
    say = {"reason": "开头有问候", "who": "主管", "rubric": rubric}
    assert code_of(decide, database, appeal.appeal_id, "upheld", **say) == "appeals.no_reply"
    reply_to(database, appeal.appeal_id, text="已重听", who="王芳")
    scores = {"李敏": ScoreChange(92.0, 100.0)}
    done = decide(database, appeal.appeal_id, "overturned", ruling=Ruling("pass"), scores=scores, **say)
    assert (done.state, done.is_open) == ("overturned", False)
    assert dict(done.decision.scores) == scores
    (ruling,) = rulings_of(database)
    assert (ruling.call_id, ruling.item, ruling.ruling, ruling.by, ruling.appeal_id, ruling.reason) == (
        "c1", "greeting", Ruling("pass"), ("主管",), appeal.appeal_id, "开头有问候",
    )  # fmt: skip
    assert code_of(decide, database, appeal.appeal_id, "upheld", **say) == "appeals.closed"
    assert code_of(reply_to, database, appeal.appeal_id, text="好", who="王芳") == "appeals.closed"
    assert code_of(withdraw, database, appeal.appeal_id, reason="算了", who="张三") == "appeals.closed"
    assert code_of(filed) == "appeals.settled"
    assert open_appeals(database) == []


def test_an_upheld_verdict_makes_no_ruling(answered, database, rubric):
    done = decide(database, answered.appeal_id, "upheld", reason="没有", who="主管", rubric=rubric)
    assert done.state == "upheld"
    assert rulings_of(database) == []


def test_a_decision_that_cannot_be_kept_leaves_no_ruling(answered, database, rubric):
    assert code_of(
        decide, database, answered.appeal_id, "overturned", reason=" ", who="主管", rubric=rubric,
        ruling=Ruling("pass"),
    ) == "audit.bad_text"  # fmt: skip
    assert rulings_of(database) == []
    assert read_appeal(database, answered.appeal_id).state == "replied"


def test_who_filed_may_withdraw_and_file_again(filed, database):
    appeal = filed()
    assert code_of(withdraw, database, appeal.appeal_id, reason="算了", who="王芳") == "appeals.not_yours"
    gone = withdraw(database, appeal.appeal_id, reason="重听后认可", who="张三")
    assert (gone.state, gone.is_open) == ("withdrawn", False)
    assert filed().appeal_id != appeal.appeal_id
    assert code_of(withdraw, database, 99, reason="算了", who="张三") == "appeals.unknown"


def test_what_is_late_is_said_and_still_taken(filed, database, rubric):
    late = filed(now=NOON + timedelta(days=6))
    assert late.late(NOON + timedelta(days=6)) == ("filing",)
    assert late.late(NOON + timedelta(days=14)) == ("filing", "reply", "decision")
    replied = reply_to(database, late.appeal_id, text="好", who="王芳", now=NOON + timedelta(days=8))
    assert replied.late(NOON + timedelta(days=20)) == ("filing", "decision")
    done = decide(
        database,
        late.appeal_id,
        "upheld",
        reason="对",
        who="主管",
        rubric=rubric,
        now=NOON + timedelta(days=9),
    )
    assert done.late(NOON + timedelta(days=99)) == ("filing",)


def test_a_withdrawn_appeal_grows_no_later(filed, database):
    appeal = filed()
    gone = withdraw(database, appeal.appeal_id, reason="算了", who="张三", now=NOON + timedelta(days=1))
    assert gone.late(NOON + timedelta(days=99)) == ()


@pytest.mark.parametrize(
    ("outcome", "given", "ruling"),
    [
        ("upheld", {}, None),
        ("overturned", {}, Ruling("pass")),
        ("overturned", {"verdict": "not_applicable"}, Ruling("not_applicable")),
        ("partly", {"points": 2.0}, Ruling("fail", 2.0)),
        ("partly", {"critical": False}, Ruling("fail", None, False)),
        ("partly", {"points": 0.0, "critical": False}, Ruling("fail", 0.0, False)),
    ],
)
def test_what_decisions_make_of_an_item(rubric, outcome, given, ruling):
    assert ruling_for(outcome, rubric.items[0], **given) == ruling


@pytest.mark.parametrize(
    ("outcome", "given"),
    [
        ("rejected", {}),
        ("upheld", {"verdict": "pass"}),
        ("upheld", {"points": 1.0}),
        ("overturned", {"verdict": "fail"}),
        ("overturned", {"verdict": "maybe"}),
        ("overturned", {"points": 1.0}),
        ("partly", {}),
        ("partly", {"points": -1.0}),
        ("partly", {"points": float("nan")}),
        ("partly", {"points": 1e9}),
        ("partly", {"critical": True}),
        ("partly", {"points": 1.0, "critical": True}),
        ("partly", {"verdict": "pass", "points": 1.0}),
    ],
)
def test_decisions_that_say_too_little_or_too_much_are_refused(rubric, outcome, given):
    assert code_of(ruling_for, outcome, rubric.items[0], **given) == "appeals.bad_decision"


def test_nothing_is_ever_changed_only_added(filed, database, rubric):
    appeal = filed()
    filed(who="赵")
    reply_to(database, appeal.appeal_id, text="好", who="王芳")
    with reading(database) as connection:
        before = connection.execute(select(appeals)).all(), connection.execute(select(appeal_steps)).all()
    decide(database, appeal.appeal_id, "upheld", reason="对", who="主管", rubric=rubric)
    with reading(database) as connection:
        assert connection.execute(select(appeals)).all() == before[0]
        assert connection.execute(select(appeal_steps)).all()[:2] == before[1]
        assert connection.execute(select(func.count()).select_from(appeal_steps)).scalar_one() == 3
