"""The parts of the maker that need no speech model."""

from __future__ import annotations

import csv
import datetime as dt
import json

import numpy as np
import pytest
import soundfile
from maker.band import gain, phone_band, rms, tilt, trim
from maker.mix import mix
from maker.scenario import Call, Line, Ring, ScenarioError, Speech, Wait, read_folder, read_step
from maker.store import through_codec, write_recording
from maker.tables import CALL_HEADINGS, label_entry, write_tables
from maker.timeline import Placed, place
from maker.tones import hold_music, line_noise, ringback

AGENT = Speech("agent", "您好。", "您好。", gap_s=0.5)
CUSTOMER = Speech("customer", "喂。", "喂。", gap_s=-0.25)


def sine(freq_hz: float, duration_s: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * freq_hz * np.arange(int(8000 * duration_s)) / 8000)


def seeded() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    ("freq_hz", "kept"), [(50, False), (150, False), (400, True), (1000, True), (3300, True), (3800, False)]
)
def test_phone_band_keeps_300_to_3400_hz(freq_hz, kept):
    level = rms(phone_band(sine(freq_hz))) / rms(sine(freq_hz))
    assert level > 0.9 if kept else level < 0.03


def test_phone_band_moves_nothing_in_time():
    click = np.zeros(2000)
    click[700] = 1.0
    out = phone_band(click)
    assert len(out) == 2000
    assert np.argmax(np.abs(out)) == 700


def test_tilt_raises_the_high_end_against_the_low_end():
    def change_db(freq_hz: float) -> float:
        return 20 * np.log10(rms(tilt(sine(freq_hz), 6.0)) / rms(sine(freq_hz)))

    assert change_db(300) == pytest.approx(-3, abs=0.2)
    assert change_db(3400) == pytest.approx(3, abs=0.2)


def test_trim_cuts_silence_at_both_ends():
    padded = np.concatenate([np.zeros(1600), sine(500), np.zeros(800)])
    assert len(trim(padded)) == 8000
    assert len(trim(np.zeros(0))) == 0


def test_gain():
    assert gain(20) == pytest.approx(10)
    assert gain(-6) == pytest.approx(0.501, abs=0.001)


def test_ringback_is_450_hz_one_second_on_four_off():
    tone = ringback(11.0)
    on = [
        rms(tone[int(a * 8000) : int(b * 8000)]) > 0.5 for a, b in [(0, 1), (1, 5), (5, 6), (6, 10), (10, 11)]
    ]
    assert on == [True, False, True, False, True]
    assert np.argmax(np.abs(np.fft.rfft(tone[:8000]))) == 450


def test_music_and_noise_have_unit_level():
    assert rms(hold_music(5.0)) == pytest.approx(1)
    assert rms(line_noise(8000, seeded())) == pytest.approx(1)


def test_place_lays_lines_one_after_the_other():
    steps = (AGENT, Wait(10, "silence"), CUSTOMER, Speech("agent", "好。", "好。"))
    placed, length_s = place(steps, [2.0, 1.0, 1.0], seeded())
    assert [(p.start_s, p.end_s) for p in placed[:3]] == [(0.9, 2.9), (2.9, 12.9), (12.65, 13.65)]
    assert 0.3 <= placed[3].start_s - 13.65 <= 0.65
    assert length_s == placed[3].end_s + 0.5


def test_a_line_begun_inside_another_does_not_shorten_the_call():
    short = Speech("agent", "嗯。", "嗯。", gap_s=-3.0)
    placed, length_s = place((AGENT, short), [5.0, 0.5], seeded())
    assert (placed[1].start_s, placed[1].end_s) == (pytest.approx(2.9), pytest.approx(3.4))
    assert length_s == pytest.approx(6.4)


def two_lines() -> tuple[list[Placed], list[np.ndarray]]:
    return [Placed(AGENT, 0.5, 1.5), Placed(CUSTOMER, 2.0, 3.0)], [sine(500), sine(700)]


def test_mix_puts_agent_left_and_customer_right():
    placed, speech = two_lines()
    out = mix(placed, speech, 4.0, Line("ULAW", 2, snr_db=40), seeded())
    assert out.shape == (32000, 2)
    assert rms(out[4000:12000, 0]) > 50 * rms(out[4000:12000, 1])
    assert rms(out[16000:24000, 1]) > 50 * rms(out[16000:24000, 0])


def test_mix_to_mono_holds_both():
    placed, speech = two_lines()
    out = mix(placed, speech, 4.0, Line("ULAW", 1, snr_db=40), seeded())
    assert out.shape == (32000, 1)
    assert rms(out[4000:12000]) > 20 * rms(out[:3000])
    assert rms(out[16000:24000]) > 20 * rms(out[:3000])


def test_noise_lies_so_far_under_speech():
    placed, speech = two_lines()
    out = mix(placed, speech, 4.0, Line("ULAW", 2, snr_db=20), seeded())
    assert 20 * np.log10(rms(out[4000:12000, 0]) / rms(out[16000:24000, 0])) == pytest.approx(20, abs=1.5)


def test_crosstalk_lets_the_other_side_through():
    placed, speech = two_lines()
    dry = mix(placed, speech, 4.0, Line("ULAW", 2, snr_db=60), seeded())
    wet = mix(placed, speech, 4.0, Line("ULAW", 2, snr_db=60, crosstalk_db=-30), seeded())
    through_db = 20 * np.log10(rms(wet[4400:12000, 1]) / rms(wet[4400:12000, 0]))
    assert through_db == pytest.approx(-30, abs=1)
    assert rms(dry[4400:12000, 1]) < 0.1 * rms(wet[4400:12000, 1])


def test_ring_and_music_lie_on_their_side():
    placed = [Placed(Ring(1.0, "customer"), 0.0, 1.0), Placed(Wait(3.0, "music"), 1.0, 4.0)]
    out = mix(placed, [], 5.0, Line("ULAW", 2, snr_db=40), seeded())
    assert rms(out[:8000, 1]) > 20 * rms(out[:8000, 0])
    assert rms(out[12000:28000, 0]) > 20 * rms(out[12000:28000, 1])


def test_mix_never_clips():
    placed, speech = two_lines()
    out = mix(placed, speech, 4.0, Line("ULAW", 2, agent_db=30), seeded())
    assert np.abs(out).max() <= 0.97


@pytest.mark.parametrize(("subtype", "bytes_a_second"), [("ULAW", 16000), ("ALAW", 16000), ("PCM_16", 32000)])
def test_codecs_are_written_and_read_back(tmp_path, subtype, bytes_a_second):
    placed, speech = two_lines()
    out = mix(placed, speech, 4.0, Line(subtype, 2, snr_db=40), seeded())
    path = tmp_path / "call.wav"
    write_recording(path, out, subtype)
    back, rate_hz = soundfile.read(path)
    assert rate_hz == 8000
    assert rms(back - out) < 0.02 * rms(out)
    assert path.stat().st_size == pytest.approx(4 * bytes_a_second, rel=0.01)


def speech_like() -> np.ndarray:
    """Two seconds on two channels: bursts of a tone with overtones left, the same a second later right."""
    burst = sum(sine(k * 180, 1.0) / k for k in range(2, 12)) * 0.15 * np.abs(sine(2, 1.0))
    silence = np.zeros(8000)
    return np.stack([np.concatenate([burst, silence]), np.concatenate([silence, burst])], axis=1)


@pytest.mark.parametrize("subtype", ["ULAW", "ALAW", "PCM_16"])
def test_flac_keeps_what_the_codec_has_left(tmp_path, subtype):
    write_recording(tmp_path / "call.wav", speech_like(), subtype)
    write_recording(tmp_path / "call.flac", speech_like(), subtype)
    info = soundfile.info(tmp_path / "call.flac")
    assert (info.format, info.samplerate, info.channels) == ("FLAC", 8000, 2)
    wav, flac = (soundfile.read(tmp_path / f"call.{store}")[0] for store in ("wav", "flac"))
    assert np.array_equal(wav, flac)


def test_opus_is_small_and_keeps_length_place_and_level(tmp_path):
    path = tmp_path / "call.opus"
    write_recording(path, speech_like(), "ULAW")
    info = soundfile.info(path)
    assert (info.format, info.subtype, info.samplerate, info.channels) == ("OGG", "OPUS", 8000, 2)
    back, _ = soundfile.read(path)
    heard = through_codec(speech_like(), "ULAW")
    assert back.shape == heard.shape
    assert path.stat().st_size < 2 * 2 * 32_000 / 8
    for side, on in ((0, slice(0, 8000)), (1, slice(8000, 16000))):
        assert 20 * np.log10(rms(back[on, side]) / rms(heard[on, side])) == pytest.approx(0, abs=0.5)
        assert rms(back[on, 1 - side]) < 0.05 * rms(back[on, side])
    left, shifts = heard[400:7600, 0], range(-40, 41)
    likeness = [float(np.dot(left, back[400 + shift : 7600 + shift, 0])) for shift in shifts]
    assert abs(shifts[int(np.argmax(likeness))]) <= 1


def test_opus_leaves_room_for_what_the_coder_adds(tmp_path):
    loud = speech_like() * (0.97 / np.abs(speech_like()).max())
    write_recording(tmp_path / "call.opus", loud, "PCM_16")
    assert 0.7 < np.abs(soundfile.read(tmp_path / "call.opus")[0]).max() < 1.0


def test_mu_law_leaves_at_most_256_values():
    assert len(np.unique(through_codec(speech_like(), "ULAW"))) <= 256


def test_read_step_refuses_what_it_does_not_know():
    assert read_step(["C", "喂", {"gap_s": -1.0}]) == Speech("customer", "喂", "喂", gap_s=-1.0)
    assert read_step(["wait", 5, "music"]) == Wait(5.0, "music")
    assert read_step(["ring", 6, "agent"]) == Ring(6.0, "agent")
    with pytest.raises(ScenarioError, match=r"unknown step \['wait', 5, 'jazz'\]"):
        read_step(["wait", 5, "jazz"])


PEOPLE = """
announcer = { pitch_ratio = 1, formant_ratio = 1, tempo_ratio = 1 }
[[agent]]
person_id = "P1"
name = "甲"
new_number = "9001"
old_number = "0001"
teams = [{ team = "早班", from = 2026-01-01, to = 2026-01-31 }, { team = "晚班", from = 2026-02-01 }]
voice = { pitch_ratio = 1, formant_ratio = 1, tempo_ratio = 1 }
[customer]
man = { pitch_ratio = 0.5, formant_ratio = 0.9, tempo_ratio = 1 }
"""
SCENARIO = """
id = "20260131001"
agent = "P1"
customer = "man"
start = 2026-01-31T09:00:00
customer_number = "13800000000"
ring_s = 4
skill_group = "咨询"
system = "旧"
faults = ["title"]
not_judged = ["apology"]
line = { subtype = "ALAW", channels = 1 }
turns = [["A", "您好。"], ["C", "喂。"]]
"""


def scenario_folder(tmp_path, scenario: str = SCENARIO):
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "call.toml").write_text(scenario, encoding="utf-8")
    return read_folder(tmp_path)


def only_call(tmp_path) -> Call:
    return scenario_folder(tmp_path)[1][0]


def test_labels_are_true_false_or_null(tmp_path):
    labels = only_call(tmp_path).labels()
    assert (labels["title"], labels["apology"], labels["greeting"]) == (False, None, True)
    assert len(labels) == 20


def test_suffix_of_the_recordings_follows_the_store(tmp_path):
    scenario_folder(tmp_path)
    assert [read_folder(tmp_path, store)[1][0].file for store in ("wav", "flac", "opus")] == [
        "calls/20260131001.wav",
        "calls/20260131001.flac",
        "calls/20260131001.opus",
    ]


def test_scenario_with_unknown_or_contradicting_labels_is_refused(tmp_path):
    wrong = SCENARIO.replace('["title"]', '["titel", "apology"]')
    with pytest.raises(
        ScenarioError, match=r"unknown items \['titel'\], both fault and not judged \['apology'\]"
    ):
        scenario_folder(tmp_path, wrong)


def test_same_id_twice_is_refused(tmp_path):
    (tmp_path / "again.toml").write_text(SCENARIO, encoding="utf-8")
    with pytest.raises(ScenarioError, match="20260131001"):
        scenario_folder(tmp_path)


def test_agent_without_team_on_a_day_is_told(tmp_path):
    agent = only_call(tmp_path).agent
    assert agent.team_on(dt.date(2026, 1, 31)) == "早班"
    assert agent.team_on(dt.date(2026, 2, 1)) == "晚班"
    with pytest.raises(ScenarioError, match="甲 has no team on 2025-12-31"):
        agent.team_on(dt.date(2025, 12, 31))


def test_tables(tmp_path):
    cast, calls = scenario_folder(tmp_path)
    placed = [Placed(calls[0].steps[0], 0.4, 1.2345), Placed(Wait(1, "silence"), 1.2345, 2.2345)]
    write_tables(tmp_path, cast, calls, {"20260131001": placed})
    with (tmp_path / "call_list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            list(CALL_HEADINGS),
            [
                "20260131001", "calls/20260131001.wav", "0001", "甲", "早班", "2026-01-31 09:00:00", "呼入",
                "13800000000", "4", "咨询", "旧", "坐席", "否",
            ],
        ]  # fmt: skip
    with (tmp_path / "roster.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [
            ["P1", "甲", "9001", "0001", "早班", "2026-01-01", "2026-01-31"],
            ["P1", "甲", "9001", "0001", "晚班", "2026-02-01", ""],
        ]
    entry = json.loads((tmp_path / "labels.json").read_text(encoding="utf-8"))[0]
    assert entry == label_entry(calls[0], placed)
    assert entry["truth"] == [{"role": "agent", "start_s": 0.4, "end_s": 1.234, "text": "您好。"}]
