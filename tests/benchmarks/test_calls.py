"""The held-out calls are what their README and labels say they are."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).parents[2]
HELD_OUT = ROOT / "benchmarks" / "calls"
SAMPLES = ROOT / "recordings_sample"
ITEMS = [
    "greeting", "answer_promptly", "title", "honorific", "please", "hold_courtesy", "thanks_reply",
    "further_help", "readback", "closing", "no_blame_shifting", "no_blaming_customer", "no_harsh_language",
    "no_forbidden_words", "no_overpromise", "no_raised_voice", "no_interrupting", "no_dead_air",
    "speech_rate", "apology",
]  # fmt: skip
CALLS = json.loads((HELD_OUT / "labels.json").read_text(encoding="utf-8"))
IDS = [call["id"] for call in CALLS]
BY_ID = {call["id"]: call for call in CALLS}
SCENARIOS = {
    scenario["id"]: scenario
    for path in (HELD_OUT / "scenarios").glob("*.toml")
    if path.name != "people.toml"
    for scenario in [tomllib.loads(path.read_text(encoding="utf-8"))]
}


def table(name: str) -> list[dict[str, str]]:
    with (HELD_OUT / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {row["通话编号"]: row for row in table("call_list.csv")}


@cache
def info(call_id: str) -> soundfile._SoundFileInfo:
    return soundfile.info(HELD_OUT / BY_ID[call_id]["file"])


@cache
def audio(call_id: str) -> np.ndarray:
    return soundfile.read(HELD_OUT / BY_ID[call_id]["file"], always_2d=True)[0]


def said(call: dict, role: str) -> list[str]:
    return [turn["text"] for turn in call["truth"] if turn["role"] == role]


def seconds(call: dict, role: str) -> float:
    return sum(turn["end_s"] - turn["start_s"] for turn in call["truth"] if turn["role"] == role)


def syllables(text: str) -> int:
    return len(re.sub(r"[^\u4e00-\u9fff]", "", text))


def level_db(samples: np.ndarray) -> float:
    return 10 * np.log10(np.mean(np.square(samples)) + 1e-12)


def test_forty_calls_of_more_than_32_minutes_in_all():
    assert len(CALLS) == len(set(IDS)) == len(ROWS) == len(SCENARIOS) == 40
    assert sum(info(call_id).duration for call_id in IDS) >= 1920
    assert all(30 <= info(call_id).duration <= 90 for call_id in IDS)


def test_two_thirds_have_two_channels():
    assert Counter(info(call_id).channels for call_id in IDS) == {2: 27, 1: 13}


def test_recordings_are_opus_at_8_khz_and_small():
    assert {(info(i).format, info(i).subtype, info(i).samplerate) for i in IDS} == {("OGG", "OPUS", 8000)}
    assert sum(path.stat().st_size for path in HELD_OUT.rglob("*") if path.is_file()) <= 12_000_000


def test_files_labels_and_call_list_agree():
    present = {f"calls/{path.name}" for path in (HELD_OUT / "calls").iterdir()}
    assert present == {call["file"] for call in CALLS} == {row["录音文件"] for row in ROWS.values()}
    assert set(ROWS) == set(IDS) == set(SCENARIOS)
    assert all(ROWS[call["id"]]["录音文件"] == call["file"] for call in CALLS)


@pytest.mark.parametrize("call_id", IDS)
def test_labels_are_those_of_the_scenario(call_id):
    call, scenario = BY_ID[call_id], SCENARIOS[call_id]
    faults, open_items = scenario.get("faults", []), scenario.get("not_judged", [])
    assert list(call["labels"]) == ITEMS
    assert [item for item in ITEMS if call["labels"][item] is False] == sorted(faults, key=ITEMS.index)
    assert [item for item in ITEMS if call["labels"][item] is None] == sorted(open_items, key=ITEMS.index)
    assert call["situations"] == scenario.get("situations", [])
    assert [turn["text"] for turn in call["truth"]] == [
        step[1] for step in scenario["turns"] if step[0] in ("A", "C", "S")
    ]


def test_number_of_faults_of_each_item():
    assert {item: sum(call["labels"][item] is False for call in CALLS) for item in ITEMS} == {
        "greeting": 4, "answer_promptly": 5, "title": 5, "honorific": 4, "please": 5, "hold_courtesy": 5,
        "thanks_reply": 4, "further_help": 4, "readback": 4, "closing": 5, "no_blame_shifting": 4,
        "no_blaming_customer": 5, "no_harsh_language": 4, "no_forbidden_words": 4, "no_overpromise": 4,
        "no_raised_voice": 3, "no_interrupting": 4, "no_dead_air": 3, "speech_rate": 2, "apology": 6,
    }  # fmt: skip


def test_seventeen_calls_are_clean_and_the_others_have_one_to_six_faults():
    faults = [sum(verdict is False for verdict in call["labels"].values()) for call in CALLS]
    assert faults.count(0) == 17
    assert max(faults) == 6


def test_situations():
    assert Counter(situation for call in CALLS for situation in call["situations"]) == {
        "upset_caller": 8, "complaint": 7, "silent_call": 2, "wrong_number": 2, "noisy_line": 2,
        "deferred_answer": 2, "callback": 2, "internal_call": 2,
    }  # fmt: skip


@pytest.mark.parametrize("call_id", IDS)
def test_truth_lies_within_the_recording(call_id):
    call = BY_ID[call_id]
    starts = [turn["start_s"] for turn in call["truth"]]
    assert starts == sorted(starts)
    for turn in call["truth"]:
        assert turn["role"] in {"agent", "customer", "system"}
        assert 0 <= turn["start_s"] < turn["end_s"] <= info(call_id).duration
        assert not re.search(r"[0-9A-Za-z]", turn["text"])


def test_no_line_is_a_line_of_the_samples():
    samples = json.loads((SAMPLES / "labels.json").read_text(encoding="utf-8"))
    known = {turn["text"] for call in samples for turn in call["truth"]}
    lines = {turn["text"] for call in CALLS for turn in call["truth"] if syllables(turn["text"]) > 6}
    assert len(lines) > 400
    assert lines & known == set()


def voices(folder: Path) -> list[dict[str, float]]:
    people = tomllib.loads((folder / "scenarios" / "people.toml").read_text(encoding="utf-8"))
    return [*(agent["voice"] for agent in people["agent"]), *people["customer"].values()]


def test_no_voice_is_near_one_of_the_samples():
    new, old = voices(HELD_OUT), voices(SAMPLES)
    assert (len(new), len(old)) == (17, 14)

    def shape(voice: dict[str, float]) -> tuple[float, ...]:
        # A step of 6 % in pitch, 3 % in the throat, 10 % in melody or 3 dB of tilt is heard.
        return (
            np.log(voice["pitch_ratio"]) / 0.06,
            np.log(voice["formant_ratio"]) / 0.03,
            np.log(voice.get("melody_ratio", 1.0)) / 0.1,
            voice.get("tilt_db", 0.0) / 3,
        )

    near = [min(np.linalg.norm(np.subtract(shape(a), shape(b))) for b in old) for a in new]
    assert min(near) > 1.3


def test_call_list_values():
    assert {row["开始时间"][:7] for row in ROWS.values()} == {"2026-11", "2026-12"}
    assert all(re.fullmatch(r"1[3-9]\d0000\d{4}|6\d{3}", row["客户号码"]) for row in ROWS.values())
    assert Counter(row["呼叫方向"] for row in ROWS.values()) == {"呼入": 38, "呼出": 2}
    assert {call for call, row in ROWS.items() if row["内部"] == "是"} == {
        call["id"] for call in CALLS if "internal_call" in call["situations"]
    }
    assert {call for call, row in ROWS.items() if row["呼叫方向"] == "呼出"} == {
        call["id"] for call in CALLS if "callback" in call["situations"]
    }
    numbers = {
        number: row["姓名"]
        for row in table("roster.csv")
        for number in (row["新系统工号"], row["旧系统工号"])
        if number
    }
    assert all(numbers[row["工号"]] == row["姓名"] for row in ROWS.values())


# The rules below are those of the rubric that plain text, times and the call list decide. They are written
# out here once more, so that a slip in a label is found.

FURTHER = "还有(没有|什么|其他|别的)|还有别的"
CONFIRM = "请[您你](确认|核对|听)|对吗|对吧|您看对|对不对|是这(个|里)|是您本人"


@pytest.mark.parametrize("call_id", IDS)
def test_labels_that_words_decide(call_id):
    call = BY_ID[call_id]
    labels, agent = call["labels"], said(call, "agent")
    everything = "".join(agent)
    expected = {
        "title": bool(re.search("先生|女士|小姐", everything)),
        "honorific": "你" not in everything,
        "greeting": bool(
            re.search(
                "^您好.*(中心|公司|热线|客服|银行|航空|平台|旅行社|医院|支持|号).*"
                "(为您服务|为您效劳|(请问|有)什么|您有什么需要)",
                agent[0],
            )
        ),
        "further_help": bool(re.search(FURTHER, "".join(agent[-4:]))),
        "closing": bool(re.search("(感谢|谢谢|多谢).*再见", agent[-1])),
        "readback": bool(re.search(CONFIRM, everything)),
        "apology": bool(re.search("抱歉|对不起|理解您", everything)),
        "no_forbidden_words": not re.search("不可能|不行(的|，都)|不能够|[也都]不(知道|清楚)", everything),
    }
    wrong = {item: labels[item] for item in expected if labels[item] not in (None, expected[item])}
    assert wrong == {}


@pytest.mark.parametrize("call_id", IDS)
def test_thanks_of_the_customer_are_answered_or_labelled(call_id):
    call = BY_ID[call_id]
    turns = call["truth"]
    replies = [
        next((later["text"] for later in turns[i + 1 :] if later["role"] == "agent"), "")
        for i, turn in enumerate(turns)
        if turn["role"] == "customer" and re.search("谢谢|多谢", turn["text"])
    ]
    verdict = call["labels"]["thanks_reply"]
    if "silent_call" not in call["situations"]:
        assert (verdict is None) is (replies == [])
    if verdict is not None:
        assert verdict is all(re.search("不客气|不用客气|不用谢|您客气了", reply) for reply in replies)


@pytest.mark.parametrize("call_id", IDS)
def test_labels_that_the_call_list_decides(call_id):
    labels, row = BY_ID[call_id]["labels"], ROWS[call_id]
    prompt = int(row["振铃秒数"]) <= 15 if row["振铃秒数"] else None
    assert labels["answer_promptly"] is prompt
    if row["挂断方"] == "客户":
        assert labels["further_help"] is labels["closing"] is None


@pytest.mark.parametrize("call_id", IDS)
def test_speech_rate_follows_from_the_times(call_id):
    call = BY_ID[call_id]
    rate = {
        role: syllables("".join(said(call, role))) / seconds(call, role)
        for role in ("agent", "customer")
        if said(call, role)
    }
    near = "customer" not in rate or abs(rate["agent"] - rate["customer"]) <= 2.5
    # Not judged: slow at heart, but inside the band and just near enough to the customer.
    expected = None if call_id == "20261217001" else 2.5 <= rate["agent"] <= 6.5 and near
    assert call["labels"]["speech_rate"] is expected


@pytest.mark.parametrize("call_id", IDS)
def test_waits_and_interruptions_follow_from_the_times(call_id):
    call = BY_ID[call_id]
    labels = call["labels"]
    turns = [turn for turn in call["truth"] if turn["role"] != "system"]
    ends = np.maximum.accumulate([turn["end_s"] for turn in turns])
    longest_s = max(turn["start_s"] - end for turn, end in zip(turns[1:], ends, strict=False))
    interruptions = [
        turn
        for turn, before in zip(turns[1:], turns, strict=False)
        if turn["role"] == "agent"
        and before["role"] == "customer"
        and before["end_s"] - turn["start_s"] > 0.8
    ]
    if labels["no_dead_air"] is not None:
        assert labels["no_dead_air"] is bool(longest_s <= 15)
    if labels["no_interrupting"] is not None:
        assert labels["no_interrupting"] is (len(interruptions) < 2)
    if "silent_call" not in call["situations"]:
        # Nobody announces a wait that does not come, and no long one passes unjudged.
        assert (labels["hold_courtesy"] is None) is bool(longest_s <= 10)
    if labels["hold_courtesy"] is not None:
        courteous = re.search("(请您|麻烦您)稍等", "".join(said(call, "agent")))
        assert labels["hold_courtesy"] is bool(courteous)
        assert bool(courteous) is ("久等了" in "".join(said(call, "agent")))


@pytest.mark.parametrize("call_id", IDS)
def test_raised_voices_are_louder_by_more_than_6_db(call_id):
    call = BY_ID[call_id]
    if call["labels"]["no_raised_voice"] is None:
        assert seconds(call, "agent") < 10
        return
    assert seconds(call, "agent") >= 10
    if info(call_id).channels == 1:
        assert call["labels"]["no_raised_voice"]
        return
    levels = [
        (turn["end_s"] - turn["start_s"], level_db(part))
        for turn in call["truth"]
        if turn["role"] == "agent"
        for part in [audio(call_id)[int(turn["start_s"] * 8000) : int(turn["end_s"] * 8000), 0]]
    ]
    median_db = float(np.median([level for _, level in levels]))
    raised_s = sum(length_s for length_s, level in levels if level > median_db + 6)
    assert call["labels"]["no_raised_voice"] is bool(raised_s < 1.5)


@pytest.mark.parametrize("call_id", IDS)
def test_everybody_is_heard_on_their_side_and_nothing_clips(call_id):
    call = BY_ID[call_id]
    samples = audio(call_id)
    assert np.abs(samples).max() < 1.0
    last = samples.shape[1] - 1
    busy = np.zeros(len(samples), bool)
    for turn in call["truth"]:
        busy[max(0, int((turn["start_s"] - 0.05) * 8000)) : int((turn["end_s"] + 0.05) * 8000)] = True
    for side in range(last + 1):
        # The quietest tenth of the stretches without speech: no music, no ringing.
        starts = [i for i in range(0, len(samples) - 800, 800) if not busy[i : i + 800].any()]
        quiet_db = np.quantile([level_db(samples[i : i + 800, side]) for i in starts], 0.1)
        for turn in call["truth"]:
            if (turn["role"] == "customer") == (side == 1) or last == 0:
                part = samples[int(turn["start_s"] * 8000) : int(turn["end_s"] * 8000), side]
                assert level_db(part) > quiet_db + 9
