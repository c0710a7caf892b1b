"""From drawn calls and what people judged of them to estimates and the quality of rules."""

from datetime import datetime

import polars as pl
import pytest

from qa_audit.audit.actions import GiveVerdict, HandIn, PassRest, ShowMachine, Skip
from qa_audit.audit.events import append
from qa_audit.audit.rulings import GOLD_SCHEMA
from qa_audit.audit.scores import SHEETS_SCHEMA, audit_frame, sheets_frame
from qa_audit.estimation.agreement import RATINGS, item_agreement
from qa_audit.estimation.audited import (
    ASSIGNED,
    assigned_calls,
    audit_rows,
    critical_rows,
    estimation_frame,
    judged_rows,
    unjudged_items,
    verdict_rows,
)
from qa_audit.estimation.difference import estimate_month
from qa_audit.estimation.heard import AUDITS, FRAME
from qa_audit.estimation.rates import PERSON_VERDICTS
from qa_audit.estimation.rule_quality import JUDGED, rule_quality
from qa_audit.messages import speaking
from qa_audit.sampling.book import SampleBook
from qa_audit.sampling.design import Design
from qa_audit.scoring import load_rubric
from qa_audit.scoring.frames import FINDINGS_SCHEMA
from qa_audit.shown.audited import shown_agreement, shown_quality
from qa_audit.store.database import open_database
from tests.sampling.made_calls import month_of_calls

CALLS = month_of_calls()
RUBRIC = load_rubric()
ITEMS = tuple(item.id for item in RUBRIC.items)


@pytest.fixture
def book(tmp_path):
    engine = open_database(tmp_path / "qa.db")
    yield SampleBook(engine, lambda _month: CALLS)
    engine.dispose()


@pytest.fixture
def drawn(book):
    made = book.draw(book.frame("2026-10", Design(calls_per_agent=6)), "主管")
    book.hand_out(made.draw_id, ["李敏", "王芳"], "主管", twice="0.5")
    return made


def judge(book, call_id, who, *, fails=(), shown=False):
    """Hand in a call: `fails` fail, all else passes."""
    actions = [*([ShowMachine()] if shown else []), *(GiveVerdict(item, "fail") for item in fails)]
    for action in (*actions, PassRest(ITEMS), HandIn()):
        append(book.database, call_id, who, action, RUBRIC)


def sheets(book):
    return sheets_frame(book.database, RUBRIC)


def machine_fails(call_ids, item, passes=()):
    rows = [
        {"call_id": call, "kind": "item", "item": item, "verdict": verdict, "points": 0.0, "max_points": 8.0,
         "critical": False, "evidence": []}
        for calls, verdict in ((call_ids, "fail"), (passes, "pass"))
        for call in calls
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=FINDINGS_SCHEMA)


def test_each_drawn_call_has_one_first_hearing_and_its_probability(book, drawn):
    assigned = assigned_calls(book, "2026-10")
    assert assigned.schema == ASSIGNED
    first = assigned.filter(pl.col("purpose") == "first")
    assert sorted(first["call_id"]) == sorted(drawn.first_calls())
    assert assigned.filter(pl.col("purpose") == "second").height == 9
    assert first["probability"].pow(-1).sum() == pytest.approx(CALLS.height)


def test_a_replaced_call_gives_its_place_to_the_other(book, drawn):
    before = assigned_calls(book, "2026-10").filter(pl.col("purpose") == "first").sort("call_id")
    gone = before.row(0, named=True)
    following = book.replace(drawn.draw_id, gone["call_id"], "no_audio", gone["inspector"]).replaced_by
    after = assigned_calls(book, "2026-10").filter(pl.col("purpose") == "first")
    assert gone["call_id"] not in after["call_id"]
    row = after.filter(pl.col("call_id") == following).row(0, named=True)
    assert (row["inspector"], row["probability"]) == (gone["inspector"], gone["probability"])


def test_without_a_draw_there_is_nothing(book):
    assert assigned_calls(book, "2026-10").schema == ASSIGNED
    assert estimation_frame(book, "2026-10", CALLS).is_empty()


def test_the_frame_has_every_call_that_could_have_been_drawn(book, drawn):
    frame = estimation_frame(book, "2026-10", CALLS)
    assert dict(frame.schema) == dict(FRAME)
    assert sorted(frame["call_id"]) == sorted(CALLS["call_id"])
    assert set(frame["stratum"]) == {"flagged", "rest"}
    scores = dict(CALLS.select("call_id", "score").iter_rows())
    assert all(scores[call] == score for call, score in frame.select("call_id", "score").iter_rows())


def test_people_s_first_scores_of_their_own_calls_are_taken(book, drawn):
    assigned = assigned_calls(book, "2026-10")
    first = assigned.filter(pl.col("purpose") == "first").sort("call_id").rows()
    (one, inspector, *_), (two, other, *_) = first[:2]
    judge(book, one, inspector, fails=["closing"])
    append(
        book.database, one, inspector, GiveVerdict("closing", "pass"), RUBRIC
    )  # after the machine was seen
    judge(book, two, other, shown=True)
    judge(book, two, "路人")
    rows = audit_rows(assigned, sheets(book)).sort("call_id")
    assert dict(rows.schema) == dict(AUDITS)
    assert rows.select("call_id", "inspector", "purpose").rows() == [
        (one, inspector, "first"),
        (two, other, "shown"),
    ]
    assert rows["score"][0] < 100.0 == rows["score"][1]


def test_verdicts_on_items_are_those_that_made_the_scores(book, drawn):
    assigned = assigned_calls(book, "2026-10")
    first = assigned.filter(pl.col("purpose") == "first").sort("call_id").rows()
    (one, inspector, *_), (two, other, *_), (three, third, *_), (four, fourth, *_) = first[:4]
    judge(book, one, inspector, fails=["closing"])
    append(book.database, one, inspector, GiveVerdict("closing", "pass"), RUBRIC)
    judge(book, two, other, fails=["closing"], shown=True)
    judge(book, three, third, fails=["closing", "greeting"])
    append(book.database, four, fourth, GiveVerdict("closing", "fail"), RUBRIC)
    append(book.database, four, fourth, Skip("no_audio"), RUBRIC)
    judge(book, two, "路人", fails=["closing"])
    ruled = {"call_id": three, "item": "closing", "verdict": "pass", "source": "appeal"}
    appealed = pl.DataFrame([ruled], GOLD_SCHEMA)
    rows = verdict_rows(assigned, sheets(book), audit_frame(book.database), appealed)
    assert dict(rows.schema) == dict(PERSON_VERDICTS)
    told = rows.filter(pl.col("item").is_in(["closing", "greeting"])).sort("call_id", "item")
    assert told.select("call_id", "inspector", "item", "verdict", "purpose").rows() == [
        (one, inspector, "closing", "fail", "first"),
        (one, inspector, "greeting", "pass", "first"),
        (two, other, "closing", "fail", "shown"),
        (two, other, "greeting", "pass", "shown"),
        (three, third, "closing", "pass", "first"),
        (three, third, "greeting", "fail", "first"),
    ]


def test_a_call_on_which_nothing_could_be_judged_is_not_one_without_a_critical_fault(book, drawn):
    assigned = assigned_calls(book, "2026-10")
    first = assigned.filter(pl.col("purpose") == "first").sort("call_id").rows()
    (one, inspector, *_), (two, other, *_) = first[:2]
    judge(book, one, inspector)
    for item in ITEMS:
        append(book.database, two, other, GiveVerdict(item, "uncertain"), RUBRIC)
    append(book.database, two, other, HandIn(), RUBRIC)
    found = critical_rows(assigned, sheets(book))
    assert found.select("call_id", "verdict").rows() == [(one, "pass")]
    before = critical_rows(assigned, sheets(book), method=2)
    assert sorted(before.select("call_id", "verdict").rows()) == [(one, "pass"), (two, "pass")]


def test_items_that_came_into_the_rubric_later_are_told_with_the_calls_that_lack_them():
    assigned = pl.DataFrame(
        [
            ("a", "甲", "first", 0.5),
            ("b", "甲", "first", 0.5),
            ("c", "甲", "second", 0.5),
            ("d", "乙", "first", 0.5),
        ],
        ASSIGNED,
        orient="row",
    )
    done = {"who": "甲", "handed_in_at": datetime(2026, 10, 3), "blind": True}
    rows = [
        {**done, "call_id": "a", "unjudged": ["x", "y"]},
        {**done, "call_id": "b", "unjudged": ["y"]},
        {**done, "call_id": "c", "unjudged": ["z"]},
        {**done, "call_id": "d", "unjudged": ["z"]},
    ]
    assert unjudged_items(assigned, pl.DataFrame(rows, SHEETS_SCHEMA)) == {"x": 1, "y": 2}
    seen = [{**row, "blind": False} for row in rows]
    assert unjudged_items(assigned, pl.DataFrame(seen, SHEETS_SCHEMA)) == {}


def test_an_estimate_moves_the_machine_by_what_people_heard(book, drawn):
    assigned = assigned_calls(book, "2026-10")
    for call, inspector, *_ in assigned.filter(pl.col("purpose") == "first").rows():
        judge(book, call, inspector)
    found = estimate_month(estimation_frame(book, "2026-10", CALLS), audit_rows(assigned, sheets(book)))
    assert found.agents["heard"].to_list() == [6, 6, 6]
    assert found.agents["calls"].to_list() == [40, 40, 40]
    assert (found.agents["estimate"] > found.agents["machine_mean"]).all()


def test_a_rule_is_measured_by_blind_verdicts(book, drawn):
    assigned = assigned_calls(book, "2026-10").filter(pl.col("purpose") == "first").sort("call_id")
    calls = assigned.rows()[:8]
    for place, (call, inspector, *_) in enumerate(calls):
        judge(book, call, inspector, fails=["closing"] if place < 6 else [], shown=place == 5)
    findings = machine_fails(
        [call for call, *_ in (*calls[:4], calls[7])], "closing", [call for call, *_ in calls[4:6]]
    )
    rows = judged_rows(assigned, audit_frame(book.database), findings)
    assert dict(rows.schema) == dict(JUDGED)
    quality = rule_quality(rows)
    closing = quality.filter(pl.col("item") == "closing").row(0, named=True)
    assert (closing["flags"], closing["wrong"], closing["faults"], closing["missed"]) == (5, 1, 5, 1)
    # The machine said nothing of one of the eight, and one had been shown its verdicts.
    assert closing["unscored"] == 1
    with speaking("en"):
        shown = shown_quality(quality, RUBRIC)
    assert [row[0] for row in shown.rows] == [item.name_en for item in RUBRIC.items]
    [row] = [row for row in shown.rows if row[0] == "Closing"]
    assert (row[1], row[2], row[3], row[6], row[7]) == ("too few", 5, 1, "mend it first", "1/5")


def test_agreement_is_shown_with_more_than_one_figure():
    ratings = [
        (call, who, "closing", "fail" if (call, who) in (("a", "甲"), ("a", "乙"), ("b", "甲")) else "pass")
        for call in "abcd"
        for who in ("甲", "乙")
    ]
    found = item_agreement(pl.DataFrame(ratings, RATINGS, orient="row"))
    with speaking("en"):
        shown = shown_agreement(found, RUBRIC)
    [row] = shown.rows
    assert row[:5] == ("Closing", 4, "75%", "67%", "0.53")
    assert shown_agreement(found.clear(), RUBRIC).rows == []
