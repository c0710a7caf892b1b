"""What the player is told of an opened call beyond what the desk's tests see."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.audit.corrections import transcript_digest
from qa_audit.audit.opened import CallMaterial, OpenedCall, finding_json, judged
from qa_audit.audit.sheet import Sheet
from qa_audit.calls.query import facts_of
from qa_audit.messages import speaking
from qa_audit.scoring import load_rubric
from qa_audit.scoring.verdicts import Evidence, Finding
from qa_audit.transcribe.turns import Note, Turn
from tests.audit.conftest import CALL, TRANSCRIPT

GREETING = "您好，客服中心8001号为您服务，请问有什么可以帮您？"
RUBRIC = load_rubric()


def opened(transcript=TRANSCRIPT, **call):
    return OpenedCall(CallMaterial({**CALL, "call_id": "c1", **call}, transcript), RUBRIC)


@pytest.fixture(scope="module")
def call():
    return opened()


def sheet(call, **values):
    return Sheet("c1", "李敏", transcript_sha256=call.digest, **values)


def test_a_call_whose_start_is_not_known_is_shown_without_one():
    assert opened(start=None).as_json(machine=False)["title"]["start"] is None


def test_an_action_may_name_the_rubric_s_items_the_turns_and_the_call_s_time(call):
    limits = call.limits
    assert limits.items == {item.id for item in RUBRIC.items}
    assert (limits.turns, limits.duration_s) == (4, 12.0)


def notes_of(*notes, **transcript):
    noted = [Note(code, (("path", "录音/13800138000.wav"), *values.items())) for code, values in notes]
    told = opened(replace(TRANSCRIPT, notes=tuple(noted), **transcript)).as_json(machine=False)
    return told["notes"], told["role_notes"]


@pytest.mark.parametrize(
    ("code", "values", "said"),
    [
        (
            "audio.truncated",
            {"expected_s": "90.0", "duration_s": "61.5"},
            "录音不完整：应有 90.0 秒，只有 61.5 秒。",
        ),
        ("audio.same_channels", {}, "两个声道是同一个信号，双方没有分开，说话人可能有错。"),
        ("audio.dead_channel", {"channel": "2"}, "第 2 声道没有声音。"),
        ("audio.shared_channel", {"channel": "1"}, "坐席和客户都录在第 1 声道，说话人可能有错。"),
        (
            "audio.maybe_shared_channel",
            {"channel": "2"},
            "只有第 2 声道有人说话，分不清是一个人还是双方都在里面，说话人存疑。",
        ),
        (
            "audio.swapped_channels",
            {"channel": "2"},
            "声道可能接反了：听起来坐席在第 2 声道，说话人存疑。",
        ),
    ],
)
def test_a_note_on_the_recording_is_told_without_its_path(code, values, said):
    of_roles = code == "audio.swapped_channels"
    assert notes_of((code, values)) == (([], [said]) if of_roles else ([said], []))


def test_notes_on_the_words_alone_are_not_told():
    values = {"count": "2", "shown": "谢谢观看", "raw": "[]"}
    assert notes_of(("transcribe.invented", values), ("transcribe.corrected", values)) == ([], [])
    assert notes_of() == ([], [])


def test_roles_less_sure_than_the_rubric_wants_are_told_once():
    unsure = "坐席和客户分得没有把握，说话人存疑。"
    assert notes_of(role_confidence=0.75) == ([], [])
    assert notes_of(role_confidence=0.74) == ([], [unsure])
    assert notes_of(role_confidence=0.0, turns=()) == ([], [])
    dead, shared = ("audio.dead_channel", {"channel": "2"}), {"channel": "1"}
    assert notes_of(dead, role_confidence=0.5) == (["第 2 声道没有声音。"], [unsure])
    of_recording, of_roles = notes_of(dead, ("audio.maybe_shared_channel", shared), role_confidence=0.5)
    assert (len(of_recording), of_roles) == (2, [])
    of_recording, of_roles = notes_of(("audio.swapped_channels", shared), role_confidence=0.5)
    assert (of_recording, len(of_roles)) == ([], 1)


def test_notes_speak_the_language_in_force():
    with speaking("en"):
        assert notes_of(("audio.dead_channel", {"channel": "2"}))[0] == ["Channel 2 is silent."]


def test_what_the_machine_found_stands_beside_each_item_only_where_it_may_be_seen(call):
    shown = {item["id"]: item["machine"] for item in call.as_json(machine=True)["items"]}
    assert shown == call.machine_json()
    assert shown["greeting"]["verdict"] == "fail"
    assert {item["machine"] for item in call.as_json(machine=False)["items"]} == {None}


def test_evidence_that_is_no_turn_says_so():
    found = Finding("answer_promptly", "fail", 1.0, 4.0, (Evidence(None, 0.0, 0.0, "20 s", "metadata"),))
    assert finding_json(found) == {
        "verdict": "fail",
        "points": 1.0,
        "evidence": [
            {
                "turn": None,
                "start_s": 0.0,
                "end_s": 0.0,
                "quote": "20 s",
                "tier": "metadata",
                "told": "20 秒",
            }
        ],
    }


def test_without_corrections_nothing_is_scored_anew(call):
    assert call.rescored(sheet(call)) is None
    assert call.rescored_json(sheet(call, texts={0: TRANSCRIPT.turns[0].text})) is None


def test_each_correction_is_scored_by_itself(call):
    def verdict(**corrections):
        return call.rescored_json(sheet(call, **corrections))["items"]["greeting"]["verdict"]

    assert verdict(texts={0: GREETING}) == "pass"
    assert verdict(texts={0: "喂，哪位？"}) == "fail"
    assert verdict(texts={0: GREETING}) == "pass"


def test_changed_are_those_items_alone_whose_verdict_is_another(call):
    told = call.rescored_json(sheet(call, texts={0: GREETING}))
    assert set(told["items"]) == {item.id for item in RUBRIC.items}
    # "喂，什么事？" was no greeting, and harsh; nothing else was said otherwise.
    assert {"greeting", "no_harsh_language"} <= set(told["changed"])
    assert not {"honorific", "closing", "no_blame_shifting", "no_dead_air"} & set(told["changed"])


def test_where_nobody_judged_anything_the_person_has_no_score(call):
    scores = call.scores_json(Sheet("c1", "李敏"))
    assert scores["person"] is None
    assert 0 < scores["machine"] < 100


def test_corrections_of_other_turns_go_and_verdicts_stay(call):
    found = Sheet(
        "c1",
        "李敏",
        {"closing": "fail"},
        texts={0: "您好"},
        roles={1: "agent"},
        roles_swapped=True,
        transcript_sha256="0" * 64,
    )
    told = call.sheet_json(found)
    assert (told["texts"], told["roles"], told["roles_swapped"]) == ({}, {}, False)
    assert (told["corrections_outdated"], told["verdicts"]) == (True, {"closing": "fail"})
    assert call.rescored(found) is None


def test_corrections_of_these_turns_and_none_at_all_are_not_outdated(call):
    told = call.sheet_json(sheet(call, texts={2: "我帮您报修"}, roles={1: "agent"}, roles_swapped=True))
    assert (told["texts"], told["roles"], told["roles_swapped"]) == (
        {"2": "我帮您报修"},
        {"1": "agent"},
        True,
    )
    assert told["corrections_outdated"] is False
    assert call.sheet_json(Sheet("c1", "李敏"))["corrections_outdated"] is False


def test_the_digest_names_the_turns_as_they_were_transcribed(call):
    call.rescored(sheet(call, texts={0: GREETING}))
    assert call.digest == transcript_digest(TRANSCRIPT)


def test_a_turn_with_times_of_some_characters_only_has_no_pieces():
    turn = Turn("agent", 1.0, 2.0, "您好", 0.9, char_start_ms=(1000,))
    [shown] = opened(replace(TRANSCRIPT, turns=(turn,))).as_json(machine=False)["turns"]
    assert "pieces" not in shown


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 3000), st.integers(0, 3000), st.lists(st.integers(0, 8000), min_size=1, max_size=6))
def test_whatever_times_characters_have_none_leaves_its_turn_or_ends_before_it_begins(start, length, times):
    text = "谢谢您的来电"[: len(times)]
    turn = Turn("agent", start / 1000, (start + length) / 1000, text, 0.9, char_start_ms=tuple(times))
    [shown] = opened(replace(TRANSCRIPT, turns=(turn,))).as_json(machine=False)["turns"]
    assert "".join(char for char, _, _ in shown["pieces"]) == text
    for _, start_s, end_s in shown["pieces"]:
        assert turn.start_s <= start_s <= end_s <= turn.end_s


def test_threads_have_calls_judged_one_after_the_other(monkeypatch):
    at_work, most = [], []

    def score_call(*_given):
        at_work.append(1)
        time.sleep(0.02)
        most.append(len(at_work))
        at_work.pop()

    monkeypatch.setattr("qa_audit.audit.opened.score_call", score_call)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: judged(TRANSCRIPT, facts_of(CALL), RUBRIC), range(8)))
    assert most == [1] * 8
