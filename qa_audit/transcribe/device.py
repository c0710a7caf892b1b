"""CPU or GPU, and what to do when a GPU's memory runs out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa_audit.messages import QaError, say

if TYPE_CHECKING:
    from qa_audit.transcribe.engine import BatchedEngine, Decoded

Device = Literal["cpu", "cuda"]
Samples = NDArray[np.float32]

Found = TypeVar("Found")

GPU_BATCH_S = 600.0
GPU_BATCH_CHUNKS = 64
SMALLEST_BATCH_S = 30.0
"""A batch of one chunk; with less nothing can be decoded at all."""


def choose_device(wanted: Literal["auto", "cpu", "cuda"], engine: str) -> Device:
    """Where an engine runs: `auto` takes a GPU that the engine can use, else the CPU.

    Raises `QaError("transcribe.no_gpu")` when a GPU is wanted and there is none.

    >>> choose_device("cpu", "openai-whisper")
    'cpu'
    """
    if wanted == "cpu":
        return "cpu"
    if _gpus(engine):
        return "cuda"
    if wanted == "cuda":
        raise QaError("transcribe.no_gpu", engine=engine)
    return "cpu"


def _gpus(engine: str) -> int:
    if engine == "ctranslate2":
        from qa_audit.transcribe.ct2_engine import installed

        if not installed():
            return 0
        import ctranslate2

        return ctranslate2.get_cuda_device_count()
    import torch

    return torch.cuda.device_count() if torch.cuda.is_available() else 0


class OnGpu:
    """An engine on a GPU that goes on when memory runs out: with smaller batches, then on the CPU.

    Every step is told on standard error, for the rest of the work is slower from then on.
    """

    def __init__(self, engine: BatchedEngine, on_cpu: Callable[[], BatchedEngine]) -> None:
        self._engine, self._on_cpu = engine, on_cpu
        self.name, self.model, self.digest = engine.name, engine.model, engine.digest

    @property
    def device(self) -> Device:
        """Where it runs now."""
        return self._engine.device

    def decode(self, chunks: Sequence[Samples], *, beam: int, no_repeat: int = 0) -> list[Decoded]:
        """See `Engine.decode`."""
        return self._within_memory(lambda: self._engine.decode(chunks, beam=beam, no_repeat=no_repeat))

    def score(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.score`."""
        return self._within_memory(lambda: self._engine.score(samples, texts))

    def fit(self, samples: Samples, texts: Sequence[str]) -> list[float]:
        """See `Engine.fit`."""
        return self._within_memory(lambda: self._engine.fit(samples, texts))

    def _within_memory(self, work: Callable[[], Found]) -> Found:
        while True:
            try:
                return work()
            except Exception as fault:
                if self.device == "cpu" or not out_of_memory(fault):
                    raise
            # Out of the handler, so that the fault no longer holds what fills the memory.
            self._shrink()

    def _shrink(self) -> None:
        if self._engine.batch_s / 2 >= SMALLEST_BATCH_S:
            self._engine.batch_s /= 2
            print(say("transcribe.gpu_smaller", seconds=self._engine.batch_s), file=sys.stderr)
            return
        print(say("transcribe.gpu_to_cpu", model=self.model), file=sys.stderr)
        self._engine = self._on_cpu()


def out_of_memory(fault: BaseException) -> bool:
    """Does an engine say that the GPU's memory is full? Torch has a class for it, CTranslate2 words.

    >>> out_of_memory(RuntimeError("CUDA failed with error out of memory")), out_of_memory(ValueError("no"))
    (True, False)
    """
    return isinstance(fault, RuntimeError) and "out of memory" in str(fault)
