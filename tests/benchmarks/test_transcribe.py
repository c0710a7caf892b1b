"""What the benchmark of transcription makes of its measurements; the measuring itself takes an hour."""

import json

import click
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.contenders import BATCHED, STOCK
from benchmarks.errors import comparable, edit_distance
from benchmarks.labelled import Channel, channels_of
from benchmarks.transcribe import Figures, before, cer_difference, plot, ratios, table

WORDS = st.text("您好再见请", max_size=8)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("一千二百零五元", "1205元"),
        ("两百", "200"),
        ("零七三幺", "0731"),
        ("十五号", "15号"),
        ("請稍等。", "请稍等"),
    ],
)
def test_one_form_for_numbers_script_and_signs(said, heard):
    assert comparable(said) == comparable(heard)


@given(WORDS, WORDS, WORDS)
def test_edit_distance_is_a_distance(a, b, c):
    assert (edit_distance(a, b) == 0) == (a == b)
    assert edit_distance(a, b) == edit_distance(b, a)
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)


def test_channels_keep_apart_who_is_who(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((8_000, 2), np.float32), 8_000)
    turns = [("customer", 0.6, 0.9, "我想问"), ("system", 0.0, 0.2, "工号"), ("agent", 0.3, 0.5, "您好")]
    truth = [{"role": r, "start_s": a, "end_s": b, "text": text} for r, a, b, text in turns]
    (tmp_path / "labels.json").write_text(json.dumps([{"id": "1", "file": "a.wav", "truth": truth}]))
    left, right = channels_of(tmp_path)
    assert (left.truth, right.truth) == ("工号您好", "我想问")
    assert (left.duration_s, len(left.samples)) == (1.0, 16_000)
    assert left.speech_s == pytest.approx(0.4)


def test_a_difference_is_told_with_an_interval_over_calls():
    gap, low, high = cer_difference([1, 0, 4], [2, 2, 4], [10, 10, 10], ["a", "a", "b"])
    assert gap == pytest.approx(-0.1)
    assert low == pytest.approx(-0.15)
    assert high == pytest.approx(0.0)


def test_ratios_are_of_rounds():
    ours, theirs = Figures("a", [], [1.0, 1.0], [1.0, 2.0]), Figures("b", [], [4.0, 4.0], [3.0, 10.0])
    assert ratios(ours, theirs) == (3.0, 4.0, 5.0)


def test_an_earlier_run_is_gone_on_from():
    channels = [
        Channel("a", np.zeros(16_000, np.float32), "您好", 0.5),
        Channel("b", np.zeros(8_000, np.float32), "好", 0.1),
    ]
    known = {
        "channels": [{"call_id": "a", "duration_s": 1.0, "characters": 2}],
        "contenders": [{"name": STOCK, "errors": [1], "spent_s": [2.0], "rounds_s": [9.0], "peak_mb": 5.0}],
    }
    assert before(known, channels, [STOCK]) == [Figures(STOCK, [1], [2.0], [], 5.0)]
    with pytest.raises(click.UsageError, match="other contenders"):
        before(known, channels, [BATCHED])
    with pytest.raises(click.UsageError, match="other channels"):
        before(known, channels[1:], [STOCK])


MEASURED = {
    "channels": [
        {"call_id": "a", "duration_s": 60.0, "characters": 100},
        {"call_id": "a", "duration_s": 60.0, "characters": 100},
    ],
    "contenders": [
        {"name": STOCK, "errors": [30, 20], "spent_s": [12.0, 12.0], "rounds_s": [], "peak_mb": 900.4},
        {"name": BATCHED, "errors": [10, 20], "spent_s": [6.0, 6.0], "rounds_s": [], "peak_mb": 500.0},
        {
            "name": "ctranslate2 balanced",
            "errors": [15, 15],
            "spent_s": [2.0, 1.0],
            "rounds_s": [],
            "peak_mb": 800.0,
        },
    ],
}


def test_the_table_of_the_page():
    assert table(MEASURED) == [
        "1 calls, 2 channel minutes, 200 characters, two threads:",
        "",
        "| contender | real-time factor | CER | times `whisper.transcribe` | times `faster-whisper batched` "
        "| peak memory |",
        "|---|---|---|---|---|---|",
        "| whisper.transcribe | 0.200 | 25.0 % | 1.0 | 0.5 | 900 MB |",
        "| faster-whisper batched | 0.100 | 15.0 % | 2.0 | 1.0 | 500 MB |",
        "| ctranslate2 balanced | 0.025 | 15.0 % | 8.0 | 4.0 | 800 MB |",
    ]


def test_the_plot_is_a_picture(tmp_path):
    plot(MEASURED, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
