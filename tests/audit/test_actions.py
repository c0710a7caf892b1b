from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_audit.audit.actions import (
    CorrectRole,
    CorrectText,
    Fault,
    GiveVerdict,
    HandIn,
    Limits,
    PassRest,
    Redo,
    RemoveFault,
    ShowMachine,
    Skip,
    SwapRoles,
    Undo,
    WriteComment,
    check_within,
    from_json,
    from_payload,
    to_json,
)
from qa_audit.messages import QaError
from tests.audit.made_actions import ACTIONS

FID = "0123456789abcdef" * 2
FAULT = {
    "kind": "fault",
    "fault": FID,
    "item": "closing",
    "severity": "minor",
    "start_s": 1,
    "end_s": 2.5,
    "should_say": "感谢您的来电",
    "comment": "",
}
LIMITS = Limits(frozenset({"greeting", "closing"}), turns=3, duration_s=60.0)


@pytest.mark.parametrize(
    ("given", "action"),
    [
        ({"kind": "verdict", "item": "greeting", "verdict": "pass"}, GiveVerdict("greeting", "pass")),
        ({"kind": "verdict", "item": "greeting", "verdict": None}, GiveVerdict("greeting", None)),
        ({"kind": "pass_rest", "items": ["b", "a", "b"]}, PassRest(("a", "b"))),
        (FAULT, Fault(FID, "closing", "minor", 1.0, 2.5, "感谢您的来电", "")),
        ({"kind": "fault_removed", "fault": FID}, RemoveFault(FID)),
        ({"kind": "comment", "text": "语气好\n第二行"}, WriteComment("语气好\n第二行")),
        ({"kind": "text", "turn": 0, "text": " 您好\n请讲 "}, CorrectText(0, "您好 请讲")),
        ({"kind": "role", "turns": [2, 0], "role": "customer"}, CorrectRole((0, 2), "customer")),
        ({"kind": "roles_swapped"}, SwapRoles()),
        ({"kind": "skip", "reason": "private_call"}, Skip("private_call")),
        ({"kind": "hand_in"}, HandIn()),
        ({"kind": "undo"}, Undo()),
        ({"kind": "redo"}, Redo()),
    ],
)
def test_what_the_player_sends(given, action):
    assert from_json(given) == action


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "audit.not_an_action"),
        ([], "audit.not_an_action"),
        ({}, "audit.not_an_action"),
        ({"kind": ["undo"]}, "audit.not_an_action"),
        ({"kind": "machine_shown"}, "audit.not_an_action"),
        ({"kind": "undo", "times": 3}, "audit.keys"),
        ({"kind": "verdict", "item": "greeting"}, "audit.keys"),
        ({"kind": "verdict", "item": "greeting", "verdict": "good"}, "audit.choice"),
        ({"kind": "verdict", "item": "greeting", "verdict": True}, "audit.choice"),
        ({"kind": "verdict", "item": "", "verdict": "pass"}, "audit.bad_text"),
        ({**FAULT, "severity": "grave"}, "audit.choice"),
        ({**FAULT, "severity": None}, "audit.choice"),
        ({**FAULT, "fault": FID.upper()}, "audit.bad_id"),
        ({**FAULT, "end_s": 0.5}, "audit.end_before_start"),
        ({**FAULT, "start_s": -0.1}, "audit.bad_number"),
        ({**FAULT, "start_s": float("nan")}, "audit.bad_number"),
        ({**FAULT, "end_s": float("inf")}, "audit.bad_number"),
        ({**FAULT, "end_s": 10**5000}, "audit.bad_number"),
        ({**FAULT, "start_s": True}, "audit.bad_number"),
        ({**FAULT, "comment": "\ud800"}, "audit.bad_text"),
        ({**FAULT, "comment": "a\0b"}, "audit.bad_text"),
        ({"kind": "comment", "text": "长" * 10_001}, "audit.bad_text"),
        ({"kind": "pass_rest", "items": []}, "audit.bad_list"),
        ({"kind": "pass_rest", "items": "greeting"}, "audit.bad_list"),
        ({"kind": "role", "turns": [0, 1.0], "role": "agent"}, "audit.bad_number"),
        ({"kind": "role", "turns": [0], "role": "system"}, "audit.choice"),
        ({"kind": "text", "turn": -1, "text": ""}, "audit.bad_number"),
        ({"kind": "skip", "reason": "too long"}, "audit.choice"),
    ],
)
def test_anything_else_is_refused(given, code):
    with pytest.raises(QaError) as error:
        from_json(given)
    assert error.value.code == code
    for lang in ("zh", "en"):
        error.value.text(lang).encode()  # can be shown and logged whatever was sent


def test_a_refusal_says_what_is_allowed():
    with pytest.raises(QaError) as error:
        from_json({"kind": "verdict", "item": "greeting", "verdict": "good"})
    assert error.value.text("en") == (
        "verdict: 'good' cannot be used. Allowed: pass, fail, not_applicable, uncertain, null"
    )


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (GiveVerdict("politeness", "pass"), "audit.unknown_item"),
        (PassRest(("closing", "politeness")), "audit.unknown_item"),
        (Fault(FID, "politeness", "minor", 1, 2), "audit.unknown_item"),
        (Fault(FID, "closing", "minor", 1, 60.3), "audit.outside_call"),
        (CorrectText(3, "好"), "audit.unknown_turn"),
        (CorrectRole((0, 3), "agent"), "audit.unknown_turn"),
    ],
)
def test_what_the_call_does_not_have_is_refused(action, code):
    with pytest.raises(QaError) as error:
        check_within(action, LIMITS)
    assert error.value.code == code


def test_what_the_call_has_is_let_through_and_a_fault_ends_with_the_call():
    for action in (GiveVerdict("closing", None), PassRest(("greeting",)), CorrectText(2, ""), HandIn()):
        assert check_within(action, LIMITS) == action
    assert check_within(Fault(FID, "closing", "minor", 59, 60.2), LIMITS) == Fault(
        FID, "closing", "minor", 59, 60.0
    )


def test_only_stored_events_say_that_the_machine_was_shown():
    assert from_payload(to_json(ShowMachine())) == ShowMachine()
    assert from_payload({"kind": "undo"}) == Undo()


@given(ACTIONS)
def test_there_and_back(action):
    assert from_json(to_json(action)) == action


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
KEYS = st.sampled_from(
    sorted(
        field.name
        for action in (GiveVerdict, PassRest, Fault, CorrectText, CorrectRole, Skip)
        for field in fields(action)
    )
)
NEAR = st.builds(
    lambda action, changes: {**to_json(action), **changes}, ACTIONS, st.dictionaries(KEYS, JSON, max_size=2)
)


@given(JSON | NEAR)
def test_arbitrary_json_is_an_action_or_a_refusal(given):
    try:
        action = check_within(from_json(given), LIMITS)
    except QaError as error:
        error.text("en").encode()
    else:
        assert check_within(from_json(to_json(action)), LIMITS) == action
