import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.audit.actions import CorrectText, to_json
from qa_audit.audit.corrections import transcript_digest
from qa_audit.audit.desk import Desk
from qa_audit.audit.events import append, events_of
from qa_audit.audit.opened import CallMaterial, OpenedCall
from qa_audit.audit.queue import QueuedCall
from qa_audit.messages import QaError, speaking
from qa_audit.scoring import load_rubric
from qa_audit.transcribe.turns import Turn
from tests.audit.conftest import CALL, TRANSCRIPT
from tests.audit.made_actions import ACTIONS

FID = "a" * 32


@pytest.fixture
def desk(make_desk):
    return make_desk()


def _pass_all(desk, rubric, call_id="c1"):
    desk.act(call_id, {"kind": "pass_rest", "items": [item.id for item in rubric.items]})


def _hand_in(desk, rubric, call_id="c1"):
    _pass_all(desk, rubric, call_id)
    return desk.act(call_id, {"kind": "hand_in"})


def _code(act, *arguments):
    with pytest.raises(QaError) as error:
        act(*arguments)
    return error.value.code


def test_what_the_player_shows_of_a_call(desk, rubric):
    shown = json.loads(json.dumps(desk.open("c1"), allow_nan=False))
    assert shown["title"] == {
        "start": "2026-11-03T09:15:07",
        "agent_no": "8001",
        "agent_name": "张三",
        "team": "一班",
        "direction": "inbound",
    }
    assert (shown["call_id"], shown["duration_s"], shown["channels"], shown["blind"]) == ("c1", 12.0, 2, True)
    assert len(shown["turns"]) == 4
    assert shown["turns"][0] == {
        "n": 0,
        "start_s": 0.5,
        "end_s": 3.0,
        "role": "agent",
        "text": "喂，什么事？",
        "confidence": 0.912,
    }
    assert shown["zero_on_critical"] is True
    assert [item["id"] for item in shown["items"]] == [item.id for item in rubric.items]
    assert shown["items"][0] == {
        "id": "greeting",
        "name": rubric.items[0].name_zh,
        "weight": rubric.items[0].weight,
        "section": rubric.items[0].section,
        "critical": False,
        "bonus": False,
        "machine": None,
    }
    assert shown["sheet"]["verdicts"] == {}
    with speaking("en"):
        assert desk.open("c1")["items"][0]["name"] == rubric.items[0].name_en


def test_a_turn_whose_characters_have_times_has_pieces():
    turn = Turn("agent", 1.0, 2.0, "您好", 0.9, char_start_ms=(1000, 1300))
    transcript = replace(TRANSCRIPT, turns=(turn, replace(turn, char_start_ms=())))
    shown = OpenedCall(CallMaterial({**CALL, "call_id": "c1"}, transcript), load_rubric()).as_json(
        machine=False
    )
    assert shown["turns"][0]["pieces"] == [["您", 1.0, 1.3], ["好", 1.3, 2.0]]
    assert "pieces" not in shown["turns"][1]


def drawn_desk(database, rubric, replace_by):
    calls = [QueuedCall("c1", ticket="ab"), QueuedCall("c2", ticket="cd")]
    return Desk(database, rubric, "李敏", calls, lambda _: CallMaterial(CALL, TRANSCRIPT), replace=replace_by)


def test_a_drawn_call_that_is_skipped_is_replaced_for_good(database, rubric):
    asked = []

    def replace_by(_connection, call_id, reason):
        asked.append((call_id, reason))
        return QueuedCall("c9", ticket="ef")

    desk = drawn_desk(database, rubric, replace_by)
    assert desk.skip_stays("c1")
    desk.act("c1", {"kind": "skip", "reason": "private_call"})
    assert asked == [("c1", "private_call")]
    assert [(one.call_id, one.state) for one in desk.queue()] == [
        ("c1", "skipped"),
        ("c9", "open"),
        ("c2", "open"),
    ]
    assert _code(desk.act, "c1", {"kind": "undo"}) == "audit.skip_stays"
    with pytest.raises(QaError) as refused:
        desk.act("c1", {"kind": "verdict", "item": "closing", "verdict": "pass"})
    assert str(refused.value) == (
        "c1：抽中的通话，已跳过（私人通话），由下一张签代替：不再评，也不能撤销。如果跳错了，请告诉主管。"
    )
    desk.act("c9", {"kind": "verdict", "item": "closing", "verdict": "pass"})
    assert [event.ticket for one in ("c1", "c9") for event in events_of(database, one)] == ["ab", "ef"]


def test_a_drawn_call_without_a_successor_is_skipped_all_the_same(database, rubric):
    desk = drawn_desk(database, rubric, lambda *_: None)
    desk.act("c1", {"kind": "skip", "reason": "no_audio"})
    assert [one.state for one in desk.queue()] == ["skipped", "open"]


def test_nothing_of_the_machine_leaves_the_desk_before_the_call_is_handed_in(desk, rubric, monkeypatch):
    def judged(*_):
        raise AssertionError

    monkeypatch.setattr("qa_audit.audit.opened.score_call", judged)
    told = [desk.open("c1"), desk.act("c1", {"kind": "text", "turn": 0, "text": "您好"})]
    _pass_all(desk, rubric)
    told.append(desk.sheet("c1"))
    for one in told:
        assert (one["machine"], one["scores"], one["rescored"]) == (None, None, None)
    assert {item["machine"] for item in told[0]["items"]} == {None}


def test_once_handed_in_the_machine_is_shown_and_the_first_verdicts_stay(desk, database, rubric):
    told = _hand_in(desk, rubric)
    assert told["machine"]["greeting"]["verdict"] == "fail"
    assert told["machine"]["greeting"]["evidence"][0] == {
        "turn": 0,
        "start_s": 0.5,
        "end_s": 3.0,
        "quote": told["machine"]["greeting"]["evidence"][0]["quote"],
        "tier": "absence",
        "told": "没有听到：您好",
    }
    assert told["scores"]["person"] == 100.0
    assert told["scores"]["machine"] < 100.0
    assert told["rescored"] is None
    later = desk.act("c1", {"kind": "verdict", "item": "greeting", "verdict": "fail"})
    assert later["sheet"]["first_verdicts"]["greeting"] == "pass"
    assert later["scores"]["person"] < 100.0
    shown = desk.open("c1")
    assert shown["items"][0]["machine"] == told["machine"]["greeting"]
    assert [event.blind for event in events_of(database, "c1")] == [True, True, False]


def test_who_looks_at_the_machine_first_has_no_blind_sheet(make_desk, database, rubric):
    open_desk = make_desk(blind=False)
    assert open_desk.open("c1")["items"][0]["machine"]["verdict"] == "fail"
    assert open_desk.open("c1")["sheet"]["revision"] == 1
    blind_desk = make_desk()
    assert blind_desk.open("c1")["machine"] is None
    _hand_in(blind_desk, rubric)
    assert {event.blind for event in events_of(database, "c1") if event.action.kind == "hand_in"} == {False}


def test_corrected_words_are_scored_beside_what_was_transcribed(desk, rubric):
    _hand_in(desk, rubric)
    greeting = "您好，客服中心8001号为您服务，请问有什么可以帮您？"
    told = desk.act("c1", {"kind": "text", "turn": 0, "text": greeting})
    assert told["machine"]["greeting"]["verdict"] == "fail"
    assert told["rescored"]["items"]["greeting"]["verdict"] == "pass"
    assert "greeting" in told["rescored"]["changed"]
    assert told["rescored"]["score"] > told["scores"]["machine"]
    assert desk.open("c1")["rescored"] == told["rescored"]
    assert desk.act("c1", {"kind": "undo"})["rescored"] is None


def test_swapped_speakers_are_scored_as_such(desk, rubric):
    _hand_in(desk, rubric)
    told = desk.act("c1", {"kind": "roles_swapped"})
    assert told["sheet"]["roles_swapped"]
    assert told["rescored"] is not None
    assert desk.act("c1", {"kind": "role", "turns": [0], "role": "agent"})["sheet"]["roles"] == {"0": "agent"}


def test_corrections_of_an_earlier_transcript_are_not_shown_on_the_present_one(desk, database, rubric):
    append(database, "c1", "李敏", CorrectText(3, "好"), rubric, transcript_sha256="0" * 64)
    shown = desk.open("c1")["sheet"]
    assert (shown["texts"], shown["corrections_outdated"]) == ({}, True)
    shown = desk.act("c1", {"kind": "text", "turn": 1, "text": "报修"})["sheet"]
    assert (shown["texts"], shown["corrections_outdated"]) == ({"1": "报修"}, False)


def test_every_event_names_the_turns_that_were_on_show(desk, database):
    desk.act("c1", {"kind": "comment", "text": "一"})
    assert [event.transcript_sha256 for event in events_of(database, "c1")] == [transcript_digest(TRANSCRIPT)]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ({"kind": "verdict", "item": "politeness", "verdict": "pass"}, "audit.unknown_item"),
        ({"kind": "text", "turn": 4, "text": "好"}, "audit.unknown_turn"),
        ({"kind": "machine_shown"}, "audit.not_an_action"),
        ({"kind": "hand_in"}, "audit.items_open"),
        (
            {"kind": "fault", "fault": FID, "item": "closing", "severity": "minor", "start_s": 1}
            | {"end_s": 13, "should_say": "", "comment": ""},
            "audit.outside_call",
        ),
    ],
)
def test_what_is_refused_is_not_kept(desk, action, code):
    assert _code(desk.act, "c1", action) == code
    assert desk.sheet("c1")["sheet"]["revision"] == 0


def test_a_call_that_is_not_in_the_queue_is_not_opened(desk):
    for method, *rest in ((desk.open,), (desk.sheet,), (desk.next_after,), (desk.act, {"kind": "undo"})):
        assert _code(method, "c7", *rest) == "audit.not_in_queue"


def test_a_call_that_cannot_be_shown_is_skipped_and_work_goes_on(desk, rubric):
    assert _code(desk.open, "c3") == "workspace.not_transcribed"
    assert _code(desk.act, "c3", {"kind": "verdict", "item": "closing", "verdict": "pass"}) == (
        "workspace.not_transcribed"
    )
    told = desk.act("c3", {"kind": "skip", "reason": "no_audio"})
    assert (told["sheet"]["skipped"], told["machine"]) == ("no_audio", None)
    assert [(one.call_id, one.state) for one in desk.queue()] == [
        ("c1", "open"),
        ("c2", "open"),
        ("c3", "skipped"),
    ]
    _hand_in(desk, rubric)
    assert desk.next_after("c1") == "c2"
    _hand_in(desk, rubric, "c2")
    assert desk.next_after("c2") is None


def test_work_goes_on_where_it_was_left_on_another_desk(make_desk):
    make_desk().act("c1", {"kind": "verdict", "item": "closing", "verdict": "fail"})
    sheet = make_desk().open("c1")["sheet"]
    assert (sheet["verdicts"], sheet["can_undo"], sheet["revision"]) == ({"closing": "fail"}, True, 1)
    assert make_desk("王芳").open("c1")["sheet"]["verdicts"] == {}


def test_a_desk_needs_a_name(make_desk):
    with pytest.raises(QaError) as error:
        make_desk(" ")
    assert error.value.code == "audit.no_name"


def test_few_calls_are_kept_at_hand(desk, rubric):
    for _ in range(3):
        for call_id in ("c1", "c2"):
            desk.open(call_id)
    desk._by_id = {f"d{number}": QueuedCall(f"d{number}") for number in range(10)}
    for call_id in desk._by_id:
        desk.open(call_id)
    assert list(desk._opened) == ["d7", "d8", "d9"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.lists(ACTIONS, max_size=8))
def test_whatever_is_done_the_desk_answers_or_refuses(desk, actions):
    for action in actions:
        with suppress(QaError):
            json.dumps(desk.act("c1", to_json(action)), allow_nan=False).encode()
