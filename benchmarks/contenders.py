"""Who is compared in `benchmarks/transcribe.py`, each warm in a process of its own.

Everyone gets the same weights, one channel at a time (float32, mono, 16 kHz), Mandarin, the same neutral
prompt and the same number of CPU threads, and everything else as its makers set it.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, is_dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Hear = Callable[[Samples], str]

MODEL = "base"
STOCK, SEQUENTIAL, BATCHED = "whisper.transcribe", "faster-whisper", "faster-whisper batched"
OTHERS = (STOCK, SEQUENTIAL, BATCHED)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a contender made of one channel."""

    text: str
    spent_s: float


class Contender:
    """A contender in its process; `hear` waits for the answer."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        os.environ["OMP_NUM_THREADS"] = str(threads)  # inherited by the process
        self._process = context.Process(target=_serve, args=(theirs, name, threads), daemon=True)
        self._process.start()
        self._ask("warm", np.zeros(16_000, np.float32))

    def hear(self, samples: Samples) -> Heard:
        """Transcribe one channel."""
        return self._ask("hear", samples)

    def peak_mb(self) -> float:
        """Largest resident memory of the process so far, in MB."""
        return self._ask("memory", None)

    def close(self) -> None:
        """End the process."""
        self._pipe.send(("end", None))
        self._process.join()

    def _ask(self, what: str, given: Any) -> Any:
        self._pipe.send((what, given))
        answer = self._pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer


def _serve(pipe: Connection, name: str, threads: int) -> None:
    hear = load(name, threads)
    while True:
        what, given = pipe.recv()
        try:
            if what == "end":
                return
            if what == "memory":
                # Kilobytes on Linux, bytes on macOS.
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                pipe.send(peak / (1e6 if sys.platform == "darwin" else 1e3))
                continue
            started = time.perf_counter()
            text = hear(given)
            pipe.send(Heard(text, time.perf_counter() - started))
        except Exception as fault:
            pipe.send(fault)


def load(name: str, threads: int) -> Hear:
    """The contender called `name` with its model loaded.

    `whisper.transcribe`, `faster-whisper`, `faster-whisper batched`, or `ENGINE PRESET` of ours, which may
    be followed by parameters of the preset: `ctranslate2 balanced beam=4 pack_s=12`.
    """
    if name == STOCK:
        return _stock(threads)
    if name in (SEQUENTIAL, BATCHED):
        return _faster_whisper(threads, batched=name == BATCHED)
    engine, preset, *changes = name.split()
    return _ours(engine, preset, dict(one.split("=") for one in changes), threads)


def _stock(threads: int) -> Hear:
    import torch

    from qa_audit.transcribe.presets import PROMPT
    from qa_audit.transcribe.weights import build_model, load_weights

    torch.set_num_threads(threads)
    weights = load_weights(MODEL)
    model = build_model(weights)
    return lambda samples: model.transcribe(samples, language="zh", initial_prompt=PROMPT, fp16=False)["text"]


def _faster_whisper(threads: int, *, batched: bool) -> Hear:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from qa_audit.transcribe.presets import PROMPT

    with tempfile.TemporaryDirectory() as folder:
        _write_folder(Path(folder))
        model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads)
    pipeline = BatchedInferencePipeline(model) if batched else model

    def hear(samples: Samples) -> str:
        segments, _ = pipeline.transcribe(samples, language="zh", initial_prompt=PROMPT)
        return "".join(one.text for one in segments)

    return hear


def _write_folder(folder: Path) -> None:
    """The weights package as the folder that faster-whisper wants."""
    from qa_audit.transcribe.weights import package_files

    parts = package_files(MODEL)
    with (folder / "model.bin").open("wb") as file:
        for part in parts:
            file.write(part.read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_bytes((parts[-1].parent / name).read_bytes())


def _changed(settings: Any, changes: dict[str, str]) -> Any:
    """Settings with those changes that name a field of theirs."""
    known = {key: value for key, value in changes.items() if hasattr(settings, key)}
    converted = {key: type(getattr(settings, key))(value) for key, value in known.items()}
    if is_dataclass(settings):
        return replace(settings, **converted)
    return settings.model_copy(update=converted)


def _ours(engine: str, preset: str, changes: dict[str, str], threads: int) -> Hear:
    import torch

    from qa_audit.transcribe import presets, recording
    from qa_audit.transcribe.cleanup import cleaned
    from qa_audit.transcribe.engine import load_engine
    from qa_audit.transcribe.settings import TranscribeSettings

    torch.set_num_threads(threads)
    settings = TranscribeSettings(engine=engine, preset=preset, model=MODEL, threads=threads)
    loaded = load_engine(settings)
    chosen = _changed(presets.preset(preset, engine), changes)
    speech = _changed(settings.speech, changes)

    def hear(samples: Samples) -> str:
        blocks = [samples[None, at : at + 480_000] for at in range(0, len(samples), 480_000)]
        heard = recording.hear(lambda: iter(blocks), 1, loaded, speech, chosen, one_voice=True)
        return "".join(cleaned(segment.raw_text) for segment in heard.segments)

    return hear
