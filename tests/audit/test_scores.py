from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from qa_audit.audit.actions import Fault, GiveVerdict, HandIn, PassRest, ShowMachine, Skip
from qa_audit.audit.events import append
from qa_audit.audit.scores import (
    AUDIT_SCHEMA,
    EVENTS_SCHEMA,
    SHEETS_SCHEMA,
    audit_frame,
    event_of,
    events_frame,
    person_score,
    scored_sheets,
    sheets_frame,
)
from qa_audit.audit.sheet import Sheet, sheets
from qa_audit.scoring import load_rubric
from qa_audit.scoring.frames import findings_frame
from qa_audit.scoring.verdicts import CallScore, Finding

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
RUBRIC_TEXT = """
id = "test"
version = "2.0.0"
name_zh = "试"
name_en = "test"

[[sections]]
name = "礼貌"
max_loss = 6
""" + "".join(
    f"""
[[items]]
id = "{name}"
name_zh = "{name}"
name_en = "{name}"
source = "试"
weight = 10
{more}
check = {{ kind = "manual" }}
"""
    for name, more in {
        "greeting": "",
        "closing": 'section = "礼貌"',
        "please": 'section = "礼貌"',
        "rude": "critical = true",
        "each": "off_per_hit = 4",
        "praise": "bonus = true",
    }.items()
)
PASSED = dict.fromkeys(("greeting", "closing", "please", "rude", "each"), "pass") | {
    "praise": "not_applicable"
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("rubric") / "rubric.toml"
    path.write_text(RUBRIC_TEXT, encoding="utf-8")
    return load_rubric(path)


def _sheet(verdicts, *faults):
    return Sheet("c1", "李敏", {**PASSED, **verdicts}, faults)


def _fault(item, severity="minor", number=0):
    return Fault(f"{number:032x}", item, severity, 1.0, 2.0)


@pytest.mark.parametrize(
    ("verdicts", "score"),
    [
        ({}, 100.0),
        ({"greeting": "fail"}, 80.0),
        ({"greeting": "uncertain"}, 100.0),
        ({"greeting": "fail", "please": "not_applicable"}, 75.0),
        ({"closing": "fail", "please": "fail"}, 88.0),  # the section costs 6 of 50 at most
        ({"each": "fail"}, 92.0),
        ({"greeting": "fail", "praise": "pass"}, 100.0),
        ({"praise": "fail"}, 100.0),
        (dict.fromkeys(PASSED, "uncertain"), None),
    ],
)
def test_what_verdicts_come_to(small, verdicts, score):
    assert person_score(_sheet(verdicts), small).score == score


def test_an_item_without_a_verdict_is_uncertain(small):
    judged = person_score(Sheet("c1", "李敏", {"greeting": "pass"}), small)
    assert [finding.verdict for finding in judged.items] == ["pass", *["uncertain"] * 5]
    assert judged.score == 100.0


def test_each_marked_fault_costs_where_the_rubric_says_so(small):
    faults = [_fault("each", number=number) for number in range(3)]
    assert person_score(_sheet({"each": "fail"}, *faults[:2]), small).score == 84.0
    assert person_score(_sheet({"each": "fail"}, *faults), small).score == 80.0


def test_where_the_machine_agrees_its_count_of_what_was_kept_stands(small):
    partly = [Finding("greeting", "fail", 6.0, 10.0)]
    assert person_score(_sheet({"greeting": "fail"}), small, partly).score == 92.0
    assert person_score(_sheet({"greeting": "pass"}), small, partly).score == 100.0
    assert (
        person_score(_sheet({"greeting": "fail"}), small, [Finding("greeting", "pass", 10, 10)]).score == 80.0
    )


def test_where_nothing_is_marked_the_machine_s_count_of_the_faults_stands(small):
    thrice = [Finding("each", "fail", 0.0, 10.0)]
    assert person_score(_sheet({"each": "fail"}), small, thrice).items[4].points == 0.0
    assert person_score(_sheet({"each": "fail"}, _fault("each")), small, thrice).items[4].points == 6.0
    assert person_score(_sheet({"each": "fail"}, _fault("rude")), small, thrice).items[4].points == 0.0
    passed = [Finding("each", "pass", 10.0, 10.0)]
    assert person_score(_sheet({"each": "fail"}), small, passed).items[4].points == 6.0


def test_what_a_cap_made_of_a_fault_is_not_taken_for_its_own_cost(small):
    both = [Finding("closing", "fail", 7.0, 10.0), Finding("please", "fail", 7.0, 10.0)]
    assert person_score(_sheet({"closing": "fail"}), small, both).items[1].points == 4.0
    assert person_score(_sheet({"closing": "fail"}), small, both[:1]).items[1].points == 7.0


def test_a_call_is_zeroed_when_somebody_said_that_the_fault_is_critical(small):
    failed = {"rude": "fail"}
    machine = [Finding("rude", "fail", 0.0, 10.0, critical=True)]
    assert person_score(_sheet(failed), small).score == 80.0
    assert person_score(_sheet(failed, _fault("rude", "critical")), small).score == 0.0
    assert person_score(_sheet(failed), small, machine).critical == ("rude",)
    assert person_score(_sheet(failed, _fault("rude", "major")), small, machine).score == 80.0
    assert person_score(_sheet({}), small, machine).score == 100.0
    assert person_score(_sheet({"each": "fail"}, _fault("each", "critical")), small).critical == ()


def _write(database, rubric, who, call_id, *actions, minute=0):
    for number, action in enumerate(actions):
        at = NOON + timedelta(minutes=minute, seconds=number)
        append(database, call_id, who, action, rubric, now=at, ticket=None if minute else "0007")


def test_frames_of_everybody(database, small):
    rest = PassRest(tuple(name for name in PASSED if name != "praise"))
    verdicts = (GiveVerdict("greeting", "fail"), GiveVerdict("praise", "not_applicable"))
    _write(database, small, "李敏", "c1", *verdicts, rest, HandIn(), GiveVerdict("rude", "fail"))
    _write(database, small, "王芳", "c1", ShowMachine(), GiveVerdict("greeting", "uncertain"), minute=1)
    _write(database, small, "王芳", "c2", Skip("wrong_agent"), minute=1)
    machine = findings_frame("c1", CallScore((Finding("greeting", "fail", 5.0, 10.0),), (), (), None))
    found = audit_frame(database)
    assert found.schema == AUDIT_SCHEMA
    assert found.filter(pl.col("item").is_in(["greeting", "please", "rude"])).drop("rubric").rows() == [
        ("c1", "李敏", "greeting", "fail", "fail", NOON, True, "2.0.0"),
        ("c1", "李敏", "please", "pass", "pass", NOON + timedelta(seconds=2), True, "2.0.0"),
        ("c1", "李敏", "rude", "pass", "fail", NOON + timedelta(seconds=4), False, "2.0.0"),
        ("c1", "王芳", "greeting", None, "uncertain", NOON + timedelta(seconds=61), False, "2.0.0"),
    ]
    assert set(found["rubric"]) == {small.sha256}
    handed_in, saved = NOON + timedelta(seconds=3), NOON + timedelta(seconds=4)
    later, early = NOON + timedelta(seconds=61), NOON + timedelta(seconds=60)
    assert sheets_frame(database, small, machine).rows() == [
        ("c1", "李敏", 90.0, 90.0, [], 70.0, [], [], handed_in, saved, None, True, 0, "0007", []),
        ("c1", "王芳", None, None, [], None, [], [], None, later, None, False, 0, None, []),
        ("c2", "王芳", None, None, [], None, [], [], None, early, "wrong_agent", True, 0, None, []),
    ]
    again = sheets(map(event_of, events_frame(database).iter_rows(named=True)))
    assert_frame_equal(
        scored_sheets([again[key] for key in sorted(again)], small, machine),
        sheets_frame(database, small, machine),
    )
    assert audit_frame(database, ["c2"]).is_empty()
    assert_frame_equal(audit_frame(database, who="王芳"), found.filter(pl.col("who") == "王芳"))
    assert sheets_frame(database, small, call_ids=["c1"], who="李敏")["score"].to_list() == [60.0]


def test_a_sheet_names_the_items_that_came_after_it_was_handed_in(database, small):
    _write(database, small, "李敏", "c1", PassRest(tuple(PASSED)), HandIn())
    _write(database, small, "李敏", "c2", GiveVerdict("rude", "pass"))
    first, *rest = small.items
    later = small.model_copy(update={"items": (first.model_copy(update={"id": "new"}), *rest)})
    found = sheets_frame(database, later)
    assert found.select("call_id", "unjudged").rows() == [("c1", ["new"]), ("c2", [])]


def test_every_change_of_a_verdict_is_a_row(database, small):
    _write(database, small, "李敏", "c1", GiveVerdict("rude", "fail"), GiveVerdict("rude", "pass"))
    found = events_frame(database, ["c1"])
    assert found.schema == EVENTS_SCHEMA
    assert found.select("at", "who", "kind", "payload", "blind", "ticket").rows() == [
        (NOON, "李敏", "verdict", '{"item": "rude", "kind": "verdict", "verdict": "fail"}', True, "0007"),
        (
            NOON + timedelta(seconds=1),
            "李敏",
            "verdict",
            '{"item": "rude", "kind": "verdict", "verdict": "pass"}',
            True,
            "0007",
        ),
    ]
    assert found["uuid"].n_unique() == 2


def test_nobody_decided_anything(database, small):
    assert audit_frame(database).schema == AUDIT_SCHEMA
    empty = sheets_frame(database, small)
    assert (empty.schema, empty.height) == (SHEETS_SCHEMA, 0)
