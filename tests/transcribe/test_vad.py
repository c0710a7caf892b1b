import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch

from qa_audit.messages import QaError
from qa_audit.transcribe import vad
from qa_audit.transcribe.vad import FRAME_SAMPLES, SpeechProbability


def babble(seconds):
    rng = np.random.default_rng(0)
    carrier = np.sign(np.sin(2 * np.pi * 140 * np.arange(round(seconds * 16_000)) / 16_000))
    envelope = np.repeat(rng.random(round(seconds * 8) + 1), 2_000)[: len(carrier)]
    return (0.2 * carrier * envelope + 0.01 * rng.standard_normal(len(carrier))).astype(np.float32)


def reference(samples):
    """Frame by frame through the wheel's own TorchScript."""
    folder = Path(find_spec("silero_vad").submodule_search_locations[0])
    model = torch.jit.load(str(folder / "data" / "silero_vad.jit"))
    out = []
    for start in range(0, len(samples), FRAME_SAMPLES):
        frame = torch.from_numpy(samples[start : start + FRAME_SAMPLES])
        frame = torch.nn.functional.pad(frame, (0, FRAME_SAMPLES - len(frame)))
        out.append(model(frame, 16_000).item())
    return np.array(out)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_probabilities_are_those_of_silero_whatever_the_blocks():
    samples = babble(3.1)
    detector = SpeechProbability()
    ours = [detector.feed(samples[at : at + 7_001]) for at in range(0, len(samples), 7_001)]
    ours = np.concatenate([*ours, detector.finish()])
    expected = reference(samples)
    assert expected.max() - expected.min() > 0.03
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_silence_is_no_speech():
    assert SpeechProbability().feed(np.zeros(32_000, np.float32)).max() < 0.1


def test_finish_twice_gives_nothing_more():
    detector = SpeechProbability()
    detector.feed(np.zeros(700, np.float32))
    assert (len(detector.finish()), len(detector.finish())) == (1, 0)


def test_the_package_is_not_imported_for_it_would_limit_torch_to_one_thread():
    assert "silero_vad" not in sys.modules


def test_without_the_package(monkeypatch):
    vad._weights.cache_clear()
    monkeypatch.setattr(vad, "find_spec", lambda _name: None)
    with pytest.raises(QaError) as caught:
        SpeechProbability()
    assert caught.value.code == "transcribe.vad_missing"
    vad._weights.cache_clear()
