from datetime import UTC, datetime

import polars as pl

from qa_audit.audit.appeal import Appeal, AppealStep, ScoreChange
from qa_audit.audit.faults import FAULTS_SCHEMA
from qa_audit.audit.rulings import GOLD_SCHEMA
from qa_audit.audit.scores import SHEETS_SCHEMA
from qa_audit.estimation.audited import ASSIGNED
from qa_audit.months.registers import appeal_rows, counted_faults, fault_rows

NOON = datetime(2026, 10, 31, 4, tzinfo=UTC)  # 12:00 in Shanghai
CALLS = pl.DataFrame(
    {
        "call_id": ["c1"],
        "person_id": [None],
        "agent_no": ["8001"],
        "agent_name": ["张三"],
        "team": ["一班"],
        "start": [datetime(2026, 10, 30, 9)],
    },
    schema_overrides={"person_id": pl.String},
)


def appeal(*steps):
    return Appeal(3, "c1", "closing", 61.5, "我说了再见", "张三", NOON, ("李敏",), None, NOON, NOON, steps)


def test_an_appeal_from_open_to_decided():
    reply = AppealStep("reply", "王芳", NOON, "再听一遍")
    scores = {"陈静": ScoreChange(90.0, 90.0), "李敏": ScoreChange(80.0, 88.0)}
    ruled = AppealStep("decision", "主管", NOON, "听得到", None, "overturned", scores)
    waiting, decided = appeal_rows([appeal(), appeal(reply, ruled)], CALLS).to_dicts()
    at = datetime(2026, 10, 31, 12)
    assert waiting == {
        "appeal": 3,
        "call_id": "c1",
        "team": "一班",
        "agent_no": "8001",
        "agent_name": "张三",
        "item": "closing",
        "start_s": 61.5,
        "filed_at": at,
        "due_at": at,
        "reason": "我说了再见",
        **dict.fromkeys(("replied_by", "reply", "decision", "decided_by", "decided_at")),
        **dict.fromkeys(("score_before", "score_after")),
    }
    assert (decided["reply"], decided["decision"], decided["decided_by"]) == (
        "再听一遍",
        "overturned",
        "主管",
    )
    assert (decided["score_before"], decided["score_after"]) == (80.0, 88.0)


def test_an_appeal_that_was_taken_back_is_not_open():
    [row] = appeal_rows([appeal(AppealStep("withdrawal", "张三", NOON, "看错了"))], CALLS).to_dicts()
    assert (row["decision"], row["decided_by"]) == ("withdrawn", None)


def test_faults_with_the_words_said_there_and_those_that_appeals_struck():
    row = {
        **dict.fromkeys(FAULTS_SCHEMA),
        **{"call_id": "c1", "item": "closing", "start_s": 60.0, "end_s": 62.0, "nth": 2, "struck": False},
        **{"severity": "minor", "inspector": "李敏", "marked_at": NOON, "clip": "clips/ab.mp3"},
    }
    register = pl.DataFrame([row, row | {"struck": True}], {**FAULTS_SCHEMA, "clip": pl.String})
    shown, gone = fault_rows(register, lambda *place: repr(place)).to_dicts()
    assert (shown["struck"], gone["struck"]) == (False, True)
    assert shown["words"] == "('c1', 'closing', 60.0, 62.0)"
    assert (shown["times"], shown["at"], shown["clip"]) == (2, datetime(2026, 10, 31, 12), "clips/ab.mp3")


def listed(marked, *, drawn=(), settled=(), handed_in=("王芳", "李敏"), struck=()):
    """(inspector, item) of the faults that the report lists of call c1, in order of the register.

    Who is named first in `handed_in` handed in first; `drawn` has purposes by inspector.
    """
    rows = [
        dict.fromkeys(FAULTS_SCHEMA)
        | {"call_id": "c1", "inspector": who, "item": item, "struck": item in struck}
        for who, item in marked
    ]
    sheets = [
        {"call_id": "c1", "who": who, "handed_in_at": NOON.replace(minute=number)}
        for number, who in enumerate(handed_in)
    ]
    assigned = [{"call_id": "c1", "inspector": who, "purpose": purpose} for who, purpose in drawn]
    gold = [{"call_id": "c1", "item": item, "verdict": verdict} for item, verdict in settled]
    found = counted_faults(
        pl.DataFrame(rows, FAULTS_SCHEMA),
        pl.DataFrame(sheets, SHEETS_SCHEMA),
        pl.DataFrame(assigned, ASSIGNED),
        pl.DataFrame(gold, GOLD_SCHEMA),
    )
    assert found.schema == FAULTS_SCHEMA
    return found.select("inspector", "item").rows()


BOTH = [("李敏", "closing"), ("王芳", "closing"), ("王芳", "greeting")]


def test_of_a_call_heard_twice_the_faults_of_the_hearing_that_counts_are_listed():
    drawn = [("李敏", "first"), ("王芳", "second")]
    assert listed(BOTH, drawn=drawn) == [("李敏", "closing")]
    # Who was to hear it first has not handed in: the other's stand until then.
    assert listed(BOTH[1:], drawn=drawn, handed_in=["王芳"]) == BOTH[1:]


def test_of_a_call_that_was_not_drawn_the_first_handed_in_counts():
    assert listed(BOTH) == BOTH[1:]
    assert listed(BOTH, handed_in=["李敏", "王芳"]) == BOTH[:1]


def test_what_was_settled_goes_before_both():
    drawn = [("李敏", "first"), ("王芳", "second")]
    assert listed(BOTH, drawn=drawn, settled=[("closing", "pass")]) == []
    # A fault that only the second inspector marked is listed under their name where it was settled so.
    assert listed(BOTH, drawn=drawn, settled=[("greeting", "fail")]) == [
        ("李敏", "closing"),
        ("王芳", "greeting"),
    ]
    assert listed(BOTH, drawn=drawn, settled=[("closing", "fail")]) == [("李敏", "closing")]


def test_a_call_heard_once_keeps_all_its_faults():
    twice = [("李敏", "closing"), ("李敏", "closing")]
    assert listed(twice, drawn=[("李敏", "first")], handed_in=["李敏"]) == twice


def test_what_an_appeal_struck_stays_listed():
    drawn = [("李敏", "first"), ("王芳", "second")]
    ruled = {"settled": [("closing", "pass"), ("greeting", "pass")], "struck": ["closing", "greeting"]}
    assert listed(BOTH, drawn=drawn, **ruled) == [("李敏", "closing"), ("王芳", "greeting")]
