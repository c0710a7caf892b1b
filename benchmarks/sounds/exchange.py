"""Nothing, noise, and tones of the exchange and of machines on the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.sounds.synthesis import RATE_HZ, lay, times

if TYPE_CHECKING:
    from benchmarks.sounds.synthesis import Samples


def silence(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def line_noise(seconds: float, level: float = 0.003, seed: int = 0) -> Samples:
    """White noise with this standard deviation."""
    return (level * np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


def ring_back(seconds: float) -> Samples:
    """450 Hz, 1 s on, 4 s off (GB/T 3380)."""
    time = times(seconds)
    return (0.3 * np.sin(2 * np.pi * 450 * time) * (time % 5 < 1)).astype(np.float32)


def busy(seconds: float) -> Samples:
    """450 Hz, 0.35 s on, 0.35 s off (GB/T 3380)."""
    time = times(seconds)
    return (0.3 * np.sin(2 * np.pi * 450 * time) * (time % 0.7 < 0.35)).astype(np.float32)


def keypad(digits: str) -> Samples:
    """Keys pressed one after the other, 0.15 s each with 0.1 s between (ITU-T Q.23)."""
    rows, columns, keys = (697, 770, 852, 941), (1209, 1336, 1477), "123456789*0#"
    time = times(0.15)
    tones = []
    for digit in digits:
        row, column = divmod(keys.index(digit), 3)
        tones.append(
            0.2 * np.sin(2 * np.pi * rows[row] * time) + 0.2 * np.sin(2 * np.pi * columns[column] * time)
        )
        tones.append(np.zeros(RATE_HZ // 10))
    return np.concatenate(tones).astype(np.float32)


def keying(seconds: float) -> Samples:
    """Keys pressed in runs, with pauses."""
    rng = np.random.default_rng(11)
    out = np.zeros(round(seconds * RATE_HZ))
    at = 0
    while at < len(out):
        run = keypad("".join("1234567890*#"[place] for place in rng.integers(12, size=rng.integers(3, 12))))
        lay(out, at, run)
        at += len(run) + round(rng.uniform(0.5, 3.0) * RATE_HZ)
    return out.astype(np.float32)


def fax(seconds: float) -> Samples:
    """The calling tone, then what a modem sounds like: phase jumps on a carrier."""
    time = times(seconds)
    calling = 0.3 * np.sin(2 * np.pi * 1_100 * time) * (time % 3.5 < 0.5)
    symbols = np.repeat(np.random.default_rng(5).integers(0, 4, len(time) // 4 + 1), 4)[: len(time)]
    modem = 0.2 * np.sin(2 * np.pi * 1_700 * time + symbols * np.pi / 2)
    return np.where(time < seconds / 2, calling, modem).astype(np.float32)


def modem(seconds: float) -> Samples:
    """Answer tone of 2100 Hz with phase reversals, then 300 baud on 1080 ± 100 and 1750 ± 100 Hz (V.21)."""
    time = times(seconds)
    answer = np.sin(2 * np.pi * 2_100 * time + np.pi * (time // 0.45 % 2))
    rng = np.random.default_rng(6)
    talk = np.zeros(len(time))
    for centre in (1_080, 1_750):
        bits = np.repeat(rng.choice([-100, 100], len(time) * 300 // RATE_HZ + 1), RATE_HZ // 300 + 1)
        talk += np.sin(2 * np.pi * np.cumsum(centre + bits[: len(time)]) / RATE_HZ)
    return np.where(time % 20 < 4, answer, 0.5 * talk).astype(np.float32)


def mains_hum(seconds: float) -> Samples:
    """50 Hz with harmonics, a little of it coming and going."""
    time = times(seconds)
    tone = sum(np.sin(2 * np.pi * 50 * k * time + k) / k**0.7 for k in (1, 2, 3, 4, 5, 6, 7, 9, 11, 13))
    return (tone * (1 + 0.3 * np.sin(2 * np.pi * 0.2 * time))).astype(np.float32)
