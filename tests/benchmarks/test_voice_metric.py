import numpy as np
import pytest

from benchmarks.voice_metric import by_speaker, metric_of
from qa_audit.transcribe.voices import VoiceWindow

TRUTH = [
    {"role": "agent", "start_s": 0.0, "end_s": 2.0},
    {"role": "customer", "start_s": 2.5, "end_s": 4.0},
    {"role": "system", "start_s": 4.0, "end_s": 6.0},
]


def window(start_s, end_s, *vector):
    return VoiceWindow(0, start_s, end_s, np.array(vector, np.float32))


def test_a_window_belongs_to_whoever_speaks_for_most_of_it():
    windows = [
        window(0.0, 1.0, 1, 7.0),
        window(1.5, 2.75, 2, 8.0),
        window(2.6, 3.6, 3, np.nan),
        window(5, 6, 4, 9.0),
    ]
    agent, customer = by_speaker(windows, TRUTH)
    assert agent.tolist() == [[1, 7.0]]
    assert customer.tolist() == [[3, 8.0]]  # an unknown pitch is the call's median


def test_one_voice_varies_alike_where_voices_differ_and_less_elsewhere():
    chance = np.random.default_rng(2)
    spread = np.array([2.0, 0.5, 1.0])
    calls = [
        (chance.normal((side, 0, 0), spread, (2000, 3)), chance.normal((-side, 0, 0), spread, (2000, 3)))
        for side in (20.0, -20.0)
    ]
    metric = metric_of(calls)
    own = (calls[0][0] - calls[0][0].mean(axis=0)) @ metric
    assert sorted(own.std(axis=0)) == pytest.approx([0.71, 0.71, 1.0], abs=0.03)
    apart = (calls[0][0].mean(axis=0) - calls[0][1].mean(axis=0)) @ metric
    assert np.linalg.norm(apart) == pytest.approx(20.0, rel=0.05)
