from datetime import UTC, datetime

import polars as pl
import pytest

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest
from qa_audit.audit.events import append
from qa_audit.audit.rulings import (
    GOLD_SCHEMA,
    Ruling,
    gold_frame,
    in_force,
    keep_ruling,
    restating,
    rulings_of,
    with_gold,
)
from qa_audit.audit.scores import person_score, sheets_frame
from qa_audit.audit.sheet import Sheet
from qa_audit.scoring.verdicts import Finding
from qa_audit.store.database import writing
from qa_audit.store.dispute_schema import appeals

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def rule(database, rubric):
    """Keeps a ruling on `c1`, or another call; one of an appeal has an appeal to name."""

    def keep(item, ruling, source="appeal", call_id="c1", by=("赵",)):
        with writing(database) as connection:
            appeal_id = None
            if source == "appeal":
                filed = {
                    "call_id": call_id,
                    "item": item,
                    "text": "错了",
                    "who": "张",
                    "first_inspectors": [],
                }
                due = dict.fromkeys(("filed_at", "reply_by", "decide_by"), NOON.replace(tzinfo=None))
                appeal_id = connection.execute(appeals.insert().values(**filed, **due)).inserted_primary_key[
                    0
                ]
            keep_ruling(
                connection, call_id, item, ruling, source=source, by=by, reason="听了", at=NOON,
                rubric=rubric, appeal_id=appeal_id,
            )  # fmt: skip

    return keep


def test_the_last_ruling_holds_and_only_those_of_appeals_restate(database, rule):
    rule("greeting", Ruling("pass"))
    rule("closing", Ruling("fail"), source="adjudication", by=("李", "王"))
    rule("closing", Ruling("pass"), source="adjudication")
    rule("greeting", Ruling("pass"), call_id="c2", source="adjudication")
    kept = rulings_of(database, ["c1"])
    assert [one.ruling.verdict for one in in_force(kept).values()] == ["pass", "pass"]
    assert restating(rulings_of(database)) == {"c1": {"greeting": Ruling("pass")}}
    assert kept[1].by == ("李", "王")


def test_gold_labels_say_what_who_why_and_by_which_rubric(database, rule, rubric):
    rule("greeting", Ruling("pass"))
    rule("closing", Ruling("fail"), source="adjudication")
    gold = gold_frame(rulings_of(database))
    assert gold.schema == GOLD_SCHEMA
    assert gold.select("call_id", "item", "verdict", "source", "by", "reason", "appeal").rows() == [
        ("c1", "closing", "fail", "adjudication", ["赵"], "听了", None),
        ("c1", "greeting", "pass", "appeal", ["赵"], "听了", 1),
    ]
    assert gold["rubric"].unique().to_list() == [rubric.sha256]
    assert gold_frame([]).schema == GOLD_SCHEMA


def test_gold_wins_over_a_first_verdict():
    verdicts = pl.DataFrame(
        [("c1", "a", "李", "fail"), ("c1", "a", "王", "pass"), ("c2", "a", "李", "fail")],
        ["call_id", "item", "who", "verdict"], orient="row",
    )  # fmt: skip
    gold = pl.DataFrame({"call_id": ["c1"], "item": ["a"], "verdict": ["pass"]})
    assert with_gold(verdicts, gold, "verdict")["verdict"].to_list() == ["pass", "pass", "fail"]
    assert with_gold(verdicts, pl.DataFrame(schema=GOLD_SCHEMA), "verdict").equals(verdicts)


def test_what_a_ruling_makes_of_a_score(rubric):
    passed = {item.id: "pass" for item in rubric.items}
    total = sum(item.weight for item in rubric.items)
    greeting = next(item for item in rubric.items if item.id == "greeting")
    sheet = Sheet("c1", "李", first_verdicts=passed | {"greeting": "fail"})

    def score(**rulings):
        return person_score(sheet, rubric, first=True, rulings=rulings).score

    assert score() == pytest.approx(100 * (total - greeting.weight) / total)
    assert score(greeting=Ruling("pass")) == 100.0
    assert score(greeting=Ruling("not_applicable")) == 100.0
    assert score(greeting=Ruling("fail", points=1.0)) == pytest.approx(
        100 * (total - greeting.weight + 1) / total
    )
    assert score(greeting=Ruling("fail", points=1e6)) == 100.0, "no item gives more than it is worth"
    assert score(greeting=Ruling("fail", critical=True)) == score(), (
        "only an item of the rubric's can be critical"
    )


def test_a_ruling_takes_a_critical_fault_off_the_whole_call(rubric):
    harsh = next(item for item in rubric.items if item.critical)
    passed = {item.id: "pass" for item in rubric.items}
    fault = Fault("0" * 32, harsh.id, "critical", 1.0, 2.0)
    sheet = Sheet("c1", "李", passed | {harsh.id: "fail"}, (fault,))
    assert person_score(sheet, rubric).score == 0.0
    spared = person_score(sheet, rubric, rulings={harsh.id: Ruling("fail", critical=False)})
    assert 0.0 < spared.score < 100.0
    machine = [Finding(harsh.id, "fail", 0.0, harsh.weight, critical=True)]
    unmarked = Sheet("c1", "李", passed | {harsh.id: "fail"})
    assert person_score(unmarked, rubric, machine).score == 0.0
    assert (
        person_score(unmarked, rubric, machine, rulings={harsh.id: Ruling("fail", critical=False)}).score > 0
    )


def test_sheets_keep_the_first_score_beside_the_one_that_an_appeal_made(database, rubric, rule):
    for action in (
        GiveVerdict("greeting", "fail"),
        PassRest(tuple(item.id for item in rubric.items)),
        HandIn(),
    ):
        append(database, "c1", "李敏", action, rubric, now=NOON)
    rule("closing", Ruling("fail"), source="adjudication")
    before = sheets_frame(database, rubric).row(0, named=True)
    assert before["ruled_score"] == before["first_score"] < 100.0
    assert before["restated"] == []
    rule("greeting", Ruling("pass"))
    after = sheets_frame(database, rubric).row(0, named=True)
    assert (after["first_score"], after["ruled_score"], after["restated"]) == (
        before["first_score"], 100.0, ["greeting"],
    )  # fmt: skip
    assert after["score"] == before["score"], "the inspector's own sheet is theirs"
