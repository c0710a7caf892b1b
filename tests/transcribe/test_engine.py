"""Which engine is loaded, where, and with what: by the settings, before any weights are read."""

import numpy as np
import pytest
import torch

from qa_audit.messages import QaError
from qa_audit.transcribe import device as device_module
from qa_audit.transcribe.ct2_engine import CTranslate2Engine
from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.whisper_engine import WhisperEngine
from tests.refusal import code_of

SILENCE = np.zeros(16_000, np.float32)


class Toy:
    """A GPU has no room for it."""

    model, digest, batch_s = "base", "0" * 64, 30.0

    def __init__(self, name, device):
        self.name, self.device = name, device

    def decode(self, chunks, *, beam, no_repeat=0):
        if self.device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return [self.device for _ in chunks]


@pytest.fixture
def asked(monkeypatch):
    """What engines were asked to load: which, where and how precise, and the rest of the settings."""
    found = []

    def stand_in(name):
        def load(model, weights, *, threads, device, precision):
            found.append((name, device, precision, (model, weights, threads)))
            return Toy(name, device)

        return load

    for engine in (WhisperEngine, CTranslate2Engine):
        monkeypatch.setattr(engine, "load", stand_in(engine.name))
    return found


@pytest.fixture
def gpus(monkeypatch):
    """Sets how many there are."""
    return lambda count: monkeypatch.setattr(device_module, "_gpus", lambda _engine: count)


@pytest.mark.parametrize(
    ("engine", "preset", "precision"),
    [
        ("openai-whisper", "careful", "int8"),
        ("ctranslate2", "balanced", "int8"),
        ("ctranslate2", "careful", "float32"),
    ],
)
def test_the_preset_says_how_precise_the_weights_are(asked, gpus, engine, preset, precision):
    gpus(0)
    loaded = load_engine(TranscribeSettings(engine=engine, preset=preset))
    assert (loaded.name, [one[:3] for one in asked]) == (engine, [(engine, "cpu", precision)])


def test_model_weights_and_threads_are_those_of_the_settings(asked):
    load_engine(TranscribeSettings(model="large-v3", weights="/models/large.pt", threads=3, device="cpu"))
    assert [one[3] for one in asked] == [("large-v3", "/models/large.pt", 3)]


def test_the_cpu_is_taken_where_it_is_wanted_though_there_is_a_gpu(asked, gpus):
    gpus(2)
    load_engine(TranscribeSettings(device="cpu"))
    assert [one[1] for one in asked] == ["cpu"]


def test_a_gpu_without_room_gives_way_to_the_same_engine_on_the_cpu(asked, gpus, capsys):
    gpus(1)
    settings = TranscribeSettings(engine="ctranslate2", preset="careful", model="large-v3", threads=2)
    loaded = load_engine(settings)
    assert [one[1] for one in asked] == ["cuda"]  # the CPU's weights are not read before they are needed
    assert loaded.decode([SILENCE, SILENCE], beam=1) == ["cpu", "cpu"]
    rest = ("float32", ("large-v3", None, 2))
    assert asked == [("ctranslate2", where, *rest) for where in ("cuda", "cpu")]
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"engine": "telepathy"}, "transcribe.engine_unknown"),
        ({"preset": "hasty"}, "transcribe.preset_unknown"),
        ({"device": "cuda"}, "transcribe.no_gpu"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_loaded(asked, gpus, wrong, code):
    gpus(0)
    assert code_of(load_engine, TranscribeSettings(**wrong)) == code
    assert asked == []


def test_an_unknown_engine_is_told_with_those_there_are():
    with pytest.raises(QaError) as error:
        load_engine(TranscribeSettings(engine="telepathy"))
    assert error.value.values == {"engine": "telepathy", "allowed": "openai-whisper, ctranslate2"}


@pytest.mark.parametrize("engine", ["openai-whisper", "ctranslate2"])
def test_weights_that_are_not_there_are_told(tmp_path, engine):
    wrong = TranscribeSettings(engine=engine, weights=str(tmp_path / "gone.pt"), device="cpu")
    assert code_of(load_engine, wrong) == "transcribe.weights_path_missing"
