import pytest
import torch

from qa_audit.messages import QaError, speaking
from qa_audit.transcribe import device as device_module
from qa_audit.transcribe.device import GPU_BATCH_S, OnGpu, choose_device
from qa_audit.transcribe.settings import TranscribeSettings


class Engine:
    """Needs `room_s` of a GPU's memory at most; says with which batches it worked."""

    name, model, digest = "openai-whisper", "large-v3", "0" * 64

    def __init__(self, device, room_s=float("inf"), fault=None):
        self.device, self.batch_s, self.room_s = device, GPU_BATCH_S, room_s
        self.fault = fault or torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    def decode(self, chunks, *, beam, no_repeat=0):
        if self.batch_s > self.room_s:
            raise self.fault
        return [(self.device, self.batch_s, beam, no_repeat) for _ in chunks]

    def score(self, samples, texts):
        if self.room_s < GPU_BATCH_S:
            raise self.fault
        return [self.batch_s]


def test_full_memory_means_smaller_batches_and_is_told(capsys):
    engine = OnGpu(Engine("cuda", room_s=200), lambda: pytest.fail("the CPU was not needed"))
    with speaking("en"):
        assert engine.decode([0], beam=3, no_repeat=6) == [("cuda", 150, 3, 6)]
    assert capsys.readouterr().err.splitlines() == [
        "The GPU's memory is full: going on with batches of 300 s.",
        "The GPU's memory is full: going on with batches of 150 s.",
    ]
    assert engine.decode([0], beam=3) == [("cuda", 150, 3, 0)]


def test_memory_too_small_for_any_batch_means_the_cpu(capsys):
    engine = OnGpu(Engine("cuda", room_s=1), lambda: Engine("cpu"))
    with speaking("en"):
        assert engine.decode([0], beam=1) == [("cpu", 600, 1, 0)]
    assert capsys.readouterr().err.splitlines()[-1] == (
        "The GPU's memory does not hold the model large-v3: the rest is transcribed on the CPU, more slowly."
    )
    assert engine.device == "cpu"


def test_scoring_falls_back_too():
    engine = OnGpu(
        Engine("cuda", room_s=1, fault=RuntimeError("CUDA failed: out of memory")), lambda: Engine("cpu")
    )
    assert engine.score(None, ["您好"]) == [600]


def test_other_faults_pass():
    engine = OnGpu(Engine("cuda", room_s=1, fault=ValueError("no")), lambda: pytest.fail("not for this"))
    with pytest.raises(ValueError, match="no"):
        engine.decode([0], beam=1)


@pytest.mark.parametrize(
    ("wanted", "gpus", "device"),
    [("auto", 0, "cpu"), ("auto", 1, "cuda"), ("cpu", 1, "cpu"), ("cuda", 2, "cuda")],
)
def test_the_choice(monkeypatch, wanted, gpus, device):
    monkeypatch.setattr(device_module, "_gpus", lambda _engine: gpus)
    assert choose_device(wanted, "openai-whisper") == device


def test_a_wanted_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(device_module, "_gpus", lambda _engine: 0)
    with pytest.raises(QaError) as error:
        choose_device("cuda", "ctranslate2")
    assert error.value.code == "transcribe.no_gpu"


def test_the_device_is_no_part_of_the_key():
    keys = {TranscribeSettings(device=one).key("a", "b") for one in ("auto", "cpu", "cuda")}
    assert len(keys) == 1
