"""The sample calls are what their README and labels say they are."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

SAMPLES = Path(__file__).parents[2] / "recordings_sample"
UNLISTED = "calls/20261029001.wav"
UNRECORDED = "20260925001"
ITEMS = [
    "greeting", "answer_promptly", "title", "honorific", "please", "hold_courtesy", "thanks_reply",
    "further_help", "readback", "closing", "no_blame_shifting", "no_blaming_customer", "no_harsh_language",
    "no_forbidden_words", "no_overpromise", "no_raised_voice", "no_interrupting", "no_dead_air",
    "speech_rate", "apology",
]  # fmt: skip
CALLS = json.loads((SAMPLES / "labels.json").read_text(encoding="utf-8"))
IDS = [call["id"] for call in CALLS]
BY_ID = {call["id"]: call for call in CALLS}


def table(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


ROWS = {row["通话编号"]: row for row in table("call_list.csv")}


@cache
def audio(file: str) -> tuple[np.ndarray, int]:
    return soundfile.read(SAMPLES / file, always_2d=True)


def said(call: dict, role: str) -> list[str]:
    return [turn["text"] for turn in call["truth"] if turn["role"] == role]


def seconds(call: dict, role: str) -> float:
    return sum(turn["end_s"] - turn["start_s"] for turn in call["truth"] if turn["role"] == role)


def level_db(samples: np.ndarray) -> float:
    return 10 * np.log10(np.mean(np.square(samples)) + 1e-12)


def with_label(item: str, verdict: bool | None) -> set[str]:
    return {call["id"] for call in CALLS if call["labels"][item] is verdict}


def test_counts():
    assert len(CALLS) == 28
    assert len(set(IDS)) == 28
    assert len(ROWS) == 29
    assert len(list((SAMPLES / "calls").glob("*.wav"))) == 29


def test_whole_folder_is_at_most_15_megabytes():
    size = sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file() and path.suffix != ".pyc")
    assert size <= 15_000_000


def test_codecs_and_channels():
    infos = [soundfile.info(SAMPLES / call["file"]) for call in CALLS]
    assert {info.samplerate for info in infos} == {8000}
    assert Counter((info.subtype, info.channels) for info in infos) == {
        ("ULAW", 2): 13,
        ("ALAW", 2): 5,
        ("PCM_16", 2): 1,
        ("ULAW", 1): 5,
        ("ALAW", 1): 3,
        ("PCM_16", 1): 1,
    }


@pytest.mark.parametrize("call_id", IDS)
def test_length_is_20_to_90_seconds(call_id):
    samples, rate_hz = audio(BY_ID[call_id]["file"])
    assert 20 <= len(samples) / rate_hz <= 90


@pytest.mark.parametrize("call_id", IDS)
def test_labels_hold_every_item(call_id):
    labels = BY_ID[call_id]["labels"]
    assert list(labels) == ITEMS
    assert {type(verdict) for verdict in labels.values()} <= {bool, type(None)}


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_has_calls_on_both_sides(item):
    assert with_label(item, True)
    assert with_label(item, False)


def test_number_of_faults_of_each_item():
    assert {item: len(with_label(item, False)) for item in ITEMS} == {
        "greeting": 3, "answer_promptly": 2, "title": 4, "honorific": 3, "please": 3, "hold_courtesy": 4,
        "thanks_reply": 2, "further_help": 4, "readback": 2, "closing": 4, "no_blame_shifting": 2,
        "no_blaming_customer": 4, "no_harsh_language": 2, "no_forbidden_words": 2, "no_overpromise": 2,
        "no_raised_voice": 2, "no_interrupting": 2, "no_dead_air": 2, "speech_rate": 1, "apology": 5,
    }  # fmt: skip


def test_calls_without_any_fault():
    assert [call["id"] for call in CALLS if False not in call["labels"].values()] == [
        "20260902001", "20260910001", "20260915001", "20260917001", "20260922001", "20261009001",
        "20261010001", "20261012001", "20261019001", "20261022001", "20261023001",
    ]  # fmt: skip


def test_situations():
    calls_of = {
        situation: [call["id"] for call in CALLS if situation in call["situations"]]
        for situation in {situation for call in CALLS for situation in call["situations"]}
    }
    assert calls_of == {
        "complaint": [
            "20260909001", "20260910001", "20260914001", "20260915001", "20261013001", "20261023001",
            "20261028001",
        ],
        "upset_caller": [
            "20260909001", "20260910001", "20260914001", "20260915001", "20260916001", "20261013001",
            "20261023001", "20261028001",
        ],
        "silent_call": ["20260922001"],
        "callback": ["20261009001"],
        "internal_call": ["20261022001"],
    }  # fmt: skip


@pytest.mark.parametrize("call_id", IDS)
def test_truth_lies_within_the_recording(call_id):
    call = BY_ID[call_id]
    samples, rate_hz = audio(call["file"])
    starts = [turn["start_s"] for turn in call["truth"]]
    assert starts == sorted(starts)
    for turn in call["truth"]:
        assert turn["role"] in {"agent", "customer", "system"}
        assert 0 <= turn["start_s"] < turn["end_s"] <= len(samples) / rate_hz
        assert not re.search(r"[0-9A-Za-z]", turn["text"])


@pytest.mark.parametrize("call_id", IDS)
def test_agent_speaks_on_the_left_and_customer_on_the_right(call_id):
    call = BY_ID[call_id]
    samples, rate_hz = audio(call["file"])
    if samples.shape[1] == 1:
        samples = np.repeat(samples, 2, axis=1)
    quiet_db = [
        min(level_db(part[:, side]) for part in quiet_parts(call, samples, rate_hz)) for side in (0, 1)
    ]
    for turn in call["truth"]:
        side = 1 if turn["role"] == "customer" else 0
        part = samples[int(turn["start_s"] * rate_hz) : int(turn["end_s"] * rate_hz), side]
        assert level_db(part) > quiet_db[side] + 12


def quiet_parts(call: dict, samples: np.ndarray, rate_hz: int) -> list[np.ndarray]:
    """The recording between the lines, 0.05 s from each."""
    ends = np.maximum.accumulate([0.0] + [turn["end_s"] for turn in call["truth"]])
    starts = [turn["start_s"] for turn in call["truth"]]
    spans = [(end + 0.05, start - 0.05) for end, start in zip(ends, starts, strict=False)]
    return [samples[int(a * rate_hz) : int(b * rate_hz)] for a, b in spans if b - a > 0.1]


@pytest.mark.parametrize("call_id", IDS)
def test_lines_start_and_end_within_50_ms_of_the_truth(call_id):
    call = BY_ID[call_id]
    samples, rate_hz = audio(call["file"])
    noise_db = min(level_db(part) for part in quiet_parts(call, samples, rate_hz))
    for turn in call["truth"]:
        side = 1 if turn["role"] == "customer" and samples.shape[1] == 2 else 0
        first = samples[int(turn["start_s"] * rate_hz) :, side][: int(0.05 * rate_hz)]
        last = samples[: int(turn["end_s"] * rate_hz), side][-int(0.05 * rate_hz) :]
        # 50 ms of noise alone strays by a third of a decibel; lines fade out into it on the noisy line.
        assert level_db(first) > noise_db + 1.5
        assert level_db(last) > noise_db + 1.5


def test_call_list_has_chinese_headings_and_a_byte_order_mark():
    raw = (SAMPLES / "call_list.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines()[0] == (
        "通话编号,录音文件,工号,姓名,班组,开始时间,呼叫方向,客户号码,振铃秒数,技能组,系统,挂断方,内部"
    )


def test_call_list_labels_and_files_agree_but_for_two():
    listed = {row["录音文件"] for row in ROWS.values()}
    present = {f"calls/{path.name}" for path in (SAMPLES / "calls").glob("*.wav")}
    assert present - listed == {UNLISTED}
    assert listed - present == {ROWS[UNRECORDED]["录音文件"]}
    assert set(ROWS) - set(IDS) == {UNRECORDED}
    assert all(ROWS[call["id"]]["录音文件"] == call["file"] for call in CALLS)


def test_call_list_values():
    assert all(re.fullmatch(r"2026-(09|10)-\d\d \d\d:\d\d:\d\d", row["开始时间"]) for row in ROWS.values())
    assert all(re.fullmatch(r"1[3-9]\d0000\d{4}|6035", row["客户号码"]) for row in ROWS.values())
    assert Counter(row["呼叫方向"] for row in ROWS.values()) == {"呼入": 28, "呼出": 1}
    assert [call for call, row in ROWS.items() if row["内部"] == "是"] == ["20261022001"]
    assert [call for call, row in ROWS.items() if row["挂断方"] == "客户"] == ["20261012001"]
    assert [call for call, row in ROWS.items() if row["振铃秒数"] == ""] == ["20260908001", "20261009001"]


def test_every_agent_has_calls_in_both_months():
    months = Counter(
        (row["姓名"], row["开始时间"][:7]) for row in ROWS.values() if row["通话编号"] != UNRECORDED
    )
    assert months == {
        ("陈静", "2026-09"): 3, ("陈静", "2026-10"): 2,
        ("王磊", "2026-09"): 3, ("王磊", "2026-10"): 2,
        ("刘晓燕", "2026-09"): 2, ("刘晓燕", "2026-10"): 3,
        ("赵志强", "2026-09"): 2, ("赵志强", "2026-10"): 3,
        ("孙雨欣", "2026-09"): 2, ("孙雨欣", "2026-10"): 2,
        ("周浩然", "2026-09"): 2, ("周浩然", "2026-10"): 2,
    }  # fmt: skip


def test_roster_maps_both_numbers_to_one_person_and_one_agent_changes_team():
    assert [tuple(row.values()) for row in table("roster.csv")] == [
        ("KF001", "陈静", "8011", "0217", "一班", "2025-03-01", ""),
        ("KF002", "王磊", "8012", "", "一班", "2025-06-16", ""),
        ("KF003", "刘晓燕", "8013", "", "一班", "2024-11-01", "2026-09-30"),
        ("KF003", "刘晓燕", "8013", "", "二班", "2026-10-01", ""),
        ("KF004", "赵志强", "8021", "", "二班", "2023-08-01", ""),
        ("KF005", "孙雨欣", "8022", "", "二班", "2026-07-01", ""),
        ("KF006", "周浩然", "8023", "", "二班", "2026-05-11", ""),
    ]


def test_numbers_and_teams_of_the_call_list_are_those_of_the_roster():
    new = {row["新系统工号"]: row["姓名"] for row in table("roster.csv")}
    old = {row["旧系统工号"]: row["姓名"] for row in table("roster.csv") if row["旧系统工号"]}
    for row in ROWS.values():
        assert {"新": new, "旧": old}[row["系统"]][row["工号"]] == row["姓名"]
    assert {(row["姓名"], row["系统"]) for row in ROWS.values() if row["姓名"] == "陈静"} == {
        ("陈静", "旧"),
        ("陈静", "新"),
    }
    teams = {(row["开始时间"][:7], row["班组"]) for row in ROWS.values() if row["姓名"] == "刘晓燕"}
    assert teams == {("2026-09", "一班"), ("2026-10", "二班")}


# The rules below are those of the rubric that plain text, times and the call list decide. They are written
# out here a second time, so that a slip in a label is found.


@pytest.mark.parametrize("call_id", IDS)
def test_labels_that_words_decide(call_id):
    call = BY_ID[call_id]
    labels, agent = call["labels"], said(call, "agent")
    everything = "".join(agent)
    if labels["title"] is not None:
        assert labels["title"] is bool(re.search("先生|女士|小姐", everything))
    if labels["honorific"] is not None:
        assert labels["honorific"] is ("你" not in everything)
    if labels["greeting"] is not None:
        assert labels["greeting"] is bool(
            re.search("您好.*(中心|客服部|号).*(为您服务|(请问|有)什么(可以|能)帮)", agent[0])
        )
    if labels["further_help"] is not None:
        assert labels["further_help"] is bool(re.search("还有(什么|其他|别的)", "".join(agent[-4:])))
    if labels["closing"] is not None:
        assert labels["closing"] is bool(re.search("(感谢|谢谢)您的来电.*再见", "".join(agent[-2:])))
    if labels["readback"] is not None:
        assert labels["readback"] is bool(re.search("请[您你]?确认|对吗|对吧|是吗", everything))
    if labels["apology"] is not None:
        assert labels["apology"] is bool(re.search("抱歉|对不起|理解您的心情", everything))
    assert labels["no_forbidden_words"] is not bool(
        re.search("我不知道|^不行|不清楚。", "\n".join(agent), re.M)
    )
    assert labels["no_overpromise"] is not bool(re.search("保证|绝对|百分之百|肯定能", everything))


@pytest.mark.parametrize("call_id", IDS)
def test_thanks_of_the_customer_are_answered_or_labelled(call_id):
    call = BY_ID[call_id]
    turns = call["truth"]
    replies = [
        next((later["text"] for later in turns[i + 1 :] if later["role"] == "agent"), "")
        for i, turn in enumerate(turns)
        if turn["role"] == "customer" and "谢谢" in turn["text"]
    ]
    verdict = call["labels"]["thanks_reply"]
    if call["situations"] != ["silent_call"]:
        assert (verdict is None) is (replies == [])
    if verdict is not None:
        assert verdict is all(re.search("不客气|不用客气|应该的", reply) for reply in replies)


@pytest.mark.parametrize("call_id", IDS)
def test_labels_that_the_call_list_decides(call_id):
    labels, row = BY_ID[call_id]["labels"], ROWS[call_id]
    prompt = int(row["振铃秒数"]) <= 15 if row["振铃秒数"] else None
    assert labels["answer_promptly"] is prompt
    if row["挂断方"] == "客户":
        assert labels["further_help"] is None
        assert labels["closing"] is None


@pytest.mark.parametrize("call_id", IDS)
def test_speech_rate_follows_from_the_times(call_id):
    call = BY_ID[call_id]
    rate = {
        role: len(re.sub(r"[^\u4e00-\u9fff]", "", "".join(said(call, role)))) / seconds(call, role)
        for role in ("agent", "customer")
        if said(call, role)
    }
    near = "customer" not in rate or abs(rate["agent"] - rate["customer"]) <= 2.5
    assert call["labels"]["speech_rate"] is (2.5 <= rate["agent"] <= 6.5 and near)


@pytest.mark.parametrize("call_id", IDS)
def test_dead_air_and_interruptions_follow_from_the_times(call_id):
    call = BY_ID[call_id]
    turns = [turn for turn in call["truth"] if turn["role"] != "system"]
    ends = np.maximum.accumulate([turn["end_s"] for turn in turns])
    longest_s = max(turn["start_s"] - end for turn, end in zip(turns[1:], ends, strict=False))
    interruptions = [
        turn
        for turn, before in zip(turns[1:], turns, strict=False)
        if turn["role"] == "agent" and before["end_s"] - turn["start_s"] > 0.8
    ]
    labels = call["labels"]
    if labels["no_dead_air"] is not None:
        assert labels["no_dead_air"] is bool(longest_s <= 15)
    if labels["no_interrupting"] is not None:
        assert labels["no_interrupting"] is (len(interruptions) < 2)


@pytest.mark.parametrize("call_id", sorted(with_label("no_raised_voice", False)))
def test_raised_voices_are_louder_by_more_than_6_db(call_id):
    call = BY_ID[call_id]
    samples, rate_hz = audio(call["file"])
    levels = [
        (
            turn["end_s"] - turn["start_s"],
            level_db(
                samples[int(turn["start_s"] * rate_hz) :, 0][
                    : int((turn["end_s"] - turn["start_s"]) * rate_hz)
                ]
            ),
        )
        for turn in call["truth"]
        if turn["role"] == "agent"
    ]
    median_db = float(np.median([level for _, level in levels]))
    assert sum(length_s for length_s, level in levels if level > median_db + 6) > 1.5


def test_raised_voice_is_not_judged_below_ten_seconds_of_agent_speech():
    assert [call["id"] for call in CALLS if seconds(call, "agent") < 10] == ["20261021001"]
    assert with_label("no_raised_voice", None) == {"20261021001"}


def test_traps_are_there():
    not_ours, harsh = BY_ID["20260915001"], BY_ID["20261023001"]
    assert any("不归我们管" in text and "不负责" in text for text in said(not_ours, "customer"))
    assert any("到底要我说几遍" in text for text in said(harsh, "customer"))
    assert any("废物" in text for text in said(harsh, "customer"))
    polite = "".join(said(BY_ID["20261019001"], "agent"))
    assert all(phrase in polite for phrase in ("不知道您", "行不行", "不行的话", "不清楚的地方"))
    assert said(BY_ID["20260910001"], "system") == [
        "为了保证服务质量，您的通话可能会被录音。零二幺七号，为您服务。"
    ]
    assert said(BY_ID["20260922001"], "customer") == []
