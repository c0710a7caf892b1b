from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from qa_audit.audit.actions import (
    CorrectRole,
    CorrectText,
    Fault,
    GiveVerdict,
    HandIn,
    PassRest,
    Redo,
    RemoveFault,
    ShowMachine,
    Skip,
    SwapRoles,
    Undo,
    WriteComment,
)
from qa_audit.audit.sheet import Sheet, fold, sheet_json, sheets
from tests.audit.made_actions import ACTIONS, CHANGES, NOON, event, events

A, B = "a" * 32, "b" * 32


def folded(*actions, **common):
    return fold(events(*actions, **common), "c1", "李敏")


def content(sheet):
    return replace(sheet, saved_at=None, revision=0, can_undo=False, can_redo=False, decided={})


def test_nothing_decided_is_an_empty_sheet():
    assert folded() == Sheet("c1", "李敏")


def test_verdicts_come_and_go():
    sheet = folded(
        GiveVerdict("greeting", "uncertain"),
        GiveVerdict("closing", "fail"),
        GiveVerdict("greeting", "pass"),
        GiveVerdict("closing", None),
    )
    assert sheet.verdicts == {"greeting": "pass"}
    assert sheet.decided["greeting"].at == NOON + timedelta(seconds=2)
    assert (sheet.revision, sheet.saved_at) == (4, NOON + timedelta(seconds=3))


def test_what_has_a_verdict_is_not_passed_with_the_rest():
    sheet = folded(GiveVerdict("closing", "fail"), PassRest(("closing", "greeting")))
    assert sheet.verdicts == {"closing": "fail", "greeting": "pass"}


def test_a_fault_fails_its_item_until_the_person_says_otherwise():
    mark = Fault(A, "closing", "minor", 1.0, 2.0)
    assert folded(mark).verdicts == {"closing": "fail"}
    assert folded(mark, GiveVerdict("closing", "uncertain")).verdicts == {"closing": "uncertain"}
    nudged = replace(mark, end_s=2.5)
    sheet = folded(mark, GiveVerdict("closing", "uncertain"), nudged)
    assert (sheet.verdicts, sheet.faults) == ({"closing": "uncertain"}, (nudged,))


def test_without_its_fault_an_item_that_nobody_failed_is_open_again():
    mark, other = Fault(A, "closing", "minor", 1.0, 2.0), Fault(B, "closing", "major", 3.0, 4.0)
    assert folded(mark, RemoveFault(A)).verdicts == {}
    assert folded(mark, other, RemoveFault(A)).verdicts == {"closing": "fail"}
    assert folded(GiveVerdict("closing", "fail"), mark, RemoveFault(A)).verdicts == {"closing": "fail"}
    moved = folded(mark, replace(mark, item="greeting"))
    assert moved.verdicts == {"greeting": "fail"}
    assert folded(mark, HandIn(), RemoveFault(A)).verdicts == {"closing": "fail"}


def test_faults_come_in_order_of_time():
    late, early = Fault(A, "closing", "minor", 9.0, 9.5), Fault(B, "closing", "minor", 1.0, 2.0)
    assert folded(late, early).faults == (early, late)


def test_corrections():
    sheet = folded(
        CorrectText(1, "您好"), CorrectRole((0, 1), "agent"), SwapRoles(), CorrectRole((2,), "agent")
    )
    assert sheet.texts == {1: "您好"}
    assert sheet.roles == {0: "customer", 1: "customer", 2: "agent"}
    assert sheet.roles_swapped
    assert not folded(SwapRoles(), SwapRoles()).roles_swapped


def test_corrections_of_another_transcript_are_about_other_turns():
    history = [
        event(0, CorrectText(1, "您好"), transcript_sha256="t1"),
        event(1, SwapRoles(), transcript_sha256="t1"),
        event(2, CorrectText(4, "再见"), transcript_sha256="t2"),
    ]
    sheet = fold(history, "c1", "李敏")
    assert (sheet.texts, sheet.roles_swapped, sheet.transcript_sha256) == ({4: "再见"}, False, "t2")


def test_what_was_handed_in_first_is_kept():
    mark = Fault(A, "closing", "minor", 1.0, 2.0)
    sheet = folded(mark, HandIn(), GiveVerdict("closing", "pass"), RemoveFault(A), HandIn())
    assert sheet.handed_in_at == NOON + timedelta(seconds=1)
    assert (sheet.first_verdicts, sheet.first_faults) == ({"closing": "fail"}, (mark,))
    assert (sheet.verdicts, sheet.faults) == ({"closing": "pass"}, ())


def test_undo_goes_back_to_the_hand_in_and_no_further():
    actions = (WriteComment("一"), HandIn(), WriteComment("二"), Undo())
    sheet = folded(*actions)
    assert (sheet.comment, sheet.can_undo, sheet.can_redo) == ("一", False, True)
    assert content(folded(*actions, Undo(), Undo())) == content(sheet)
    assert folded(*actions, Redo()).comment == "二"


def test_a_new_action_makes_an_undo_final():
    sheet = folded(WriteComment("一"), Undo(), WriteComment("二"), Redo())
    assert (sheet.comment, sheet.can_redo) == ("二", False)


def test_a_skip_can_be_taken_back():
    assert folded(Skip("no_audio")).skipped == "no_audio"
    assert folded(Skip("no_audio"), Undo()).skipped is None


def test_a_sheet_is_blind_unless_the_machine_was_shown_before_it_was_handed_in():
    assert folded(HandIn(), ShowMachine()).blind
    assert not folded(ShowMachine(), HandIn()).blind
    shown = folded(WriteComment("一"), ShowMachine(), Undo())
    assert (shown.blind, shown.comment, shown.can_redo) == (False, "", True)


def test_the_sheet_as_json_word_for_word():
    mark = Fault(A, "closing", "major", 1.5, 2.0, "感谢来电", "没说")
    assert sheet_json(folded(mark, CorrectText(10, "好"), CorrectRole((2,), "agent"), HandIn(), Undo())) == {
        "call_id": "c1",
        "who": "李敏",
        "verdicts": {"closing": "fail"},
        "faults": [
            {
                "fault": A,
                "item": "closing",
                "severity": "major",
                "start_s": 1.5,
                "end_s": 2.0,
                "should_say": "感谢来电",
                "comment": "没说",
            }
        ],
        "comment": "",
        "texts": {"10": "好"},
        "roles": {"2": "agent"},
        "roles_swapped": False,
        "skipped": None,
        "handed_in_at": "2026-11-27T12:00:03.000+00:00",
        "first_verdicts": {"closing": "fail"},
        "saved_at": "2026-11-27T12:00:04.000+00:00",
        "can_undo": False,
        "can_redo": False,
        "revision": 5,
    }


@given(st.lists(ACTIONS, max_size=12), CHANGES)
def test_undo_takes_back_and_redo_brings_back(before, change):
    assert content(folded(*before, change, Undo())) == content(folded(*before))
    again = folded(*before, change, Undo(), Redo())
    assert content(again) == content(folded(*before, change))
    assert (again.can_undo, again.can_redo) == (True, False)


@given(st.lists(CHANGES, max_size=8))
def test_everything_can_be_undone_and_redone(changes):
    undone = folded(*changes, *[Undo()] * len(changes))
    assert content(undone) == content(folded())
    assert not undone.can_undo
    redone = folded(*changes, *[Undo()] * len(changes), *[Redo()] * len(changes))
    assert content(redone) == content(folded(*changes))


@given(st.lists(ACTIONS, max_size=12), st.lists(CHANGES, max_size=8))
def test_nothing_changes_what_was_handed_in(before, after):
    handed_in = folded(*before, HandIn())
    later = folded(*before, HandIn(), *after, *[Undo()] * (len(after) + 3))
    assert (later.first_verdicts, later.handed_in_at) == (handed_in.first_verdicts, handed_in.handed_in_at)
    assert content(later) == content(handed_in)


@given(st.lists(ACTIONS, max_size=10), st.lists(ACTIONS, max_size=10), st.data())
def test_how_events_of_two_inspectors_interleave_makes_no_difference(mine, theirs, data):
    own, other = events(*mine), events(*theirs, who="王芳")
    left = [list(own), list(other)]
    mixed = []
    while left[0] or left[1]:
        turn = data.draw(st.sampled_from([one for one in (0, 1) if left[one]]))
        mixed.append(left[turn].pop(0))
    assert fold(mixed, "c1", "李敏") == fold(own, "c1", "李敏")
    assert fold(mixed, "c1", "王芳") == fold(other, "c1", "王芳")
    assert sheets(mixed) == sheets(own) | sheets(other)
