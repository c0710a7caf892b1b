"""Sounds of a telephone in which no one speaks, made by arithmetic: the test set for invented text.

Shape (n,), float32, 8 kHz, mono; the same every time. `CASES` names each sound with its level; the single
functions make one sound of any length.

>>> [round(len(case.samples(2.0)) / RATE_HZ) for case in CASES[:2]]
[2, 2]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Samples = NDArray[np.float32]

RATE_HZ = 8_000
PHONE_BAND_HZ = (300.0, 3_400.0)  # ITU-T G.712
# Envelopes of voices are worked out once in so many samples.
_STEP = 16


@dataclass(frozen=True, slots=True)
class Case:
    """One sound of the test set."""

    name: str
    make: Callable[[float], Samples]
    """From seconds to samples."""
    level_db: float | None
    """Loudness of its louder parts relative to full scale (`at_level`); None leaves it as made."""

    def samples(self, seconds: float = 60.0) -> Samples:
        """The sound at its level."""
        made = self.make(seconds)
        return made if self.level_db is None else at_level(made, self.level_db)


def at_level(samples: Samples, level_db: float) -> Samples:
    """Scaled so that the louder parts (95th percentile of 50 ms) have this root mean square in dBFS.

    >>> float(np.abs(at_level(np.ones(8_000, np.float32), -20.0)).max().round(3))
    0.1
    """
    frame = RATE_HZ // 20
    whole = len(samples) // frame * frame
    if not whole:
        return samples
    power = (samples[:whole].astype(np.float64).reshape(-1, frame) ** 2).mean(axis=1)
    loud = float(np.quantile(power, 0.95)) or float(power.max())
    if not loud:
        return samples
    return np.clip(samples * (10 ** (level_db / 20) / np.sqrt(loud)), -1, 1).astype(np.float32)


# --- nothing, noise, tones of the exchange -------------------------------------------------------------


def silence(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def line_noise(seconds: float, level: float = 0.003, seed: int = 0) -> Samples:
    """White noise with this standard deviation."""
    return (level * np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))).astype(np.float32)


def ring_back(seconds: float) -> Samples:
    """450 Hz, 1 s on, 4 s off (GB/T 3380)."""
    time = _time(seconds)
    return (0.3 * np.sin(2 * np.pi * 450 * time) * (time % 5 < 1)).astype(np.float32)


def busy(seconds: float) -> Samples:
    """450 Hz, 0.35 s on, 0.35 s off (GB/T 3380)."""
    time = _time(seconds)
    return (0.3 * np.sin(2 * np.pi * 450 * time) * (time % 0.7 < 0.35)).astype(np.float32)


def keypad(digits: str) -> Samples:
    """Keys pressed one after the other, 0.15 s each with 0.1 s between (ITU-T Q.23)."""
    rows, columns, keys = (697, 770, 852, 941), (1209, 1336, 1477), "123456789*0#"
    time = _time(0.15)
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
        _lay(out, at, run)
        at += len(run) + round(rng.uniform(0.5, 3.0) * RATE_HZ)
    return out.astype(np.float32)


def fax(seconds: float) -> Samples:
    """The calling tone, then what a modem sounds like: phase jumps on a carrier."""
    time = _time(seconds)
    calling = 0.3 * np.sin(2 * np.pi * 1_100 * time) * (time % 3.5 < 0.5)
    symbols = np.repeat(np.random.default_rng(5).integers(0, 4, len(time) // 4 + 1), 4)[: len(time)]
    modem = 0.2 * np.sin(2 * np.pi * 1_700 * time + symbols * np.pi / 2)
    return np.where(time < seconds / 2, calling, modem).astype(np.float32)


def modem(seconds: float) -> Samples:
    """Answer tone of 2100 Hz with phase reversals, then 300 baud on 1080 ± 100 and 1750 ± 100 Hz (V.21)."""
    time = _time(seconds)
    answer = np.sin(2 * np.pi * 2_100 * time + np.pi * (time // 0.45 % 2))
    rng = np.random.default_rng(6)
    talk = np.zeros(len(time))
    for centre in (1_080, 1_750):
        bits = np.repeat(rng.choice([-100, 100], len(time) * 300 // RATE_HZ + 1), RATE_HZ // 300 + 1)
        talk += np.sin(2 * np.pi * np.cumsum(centre + bits[: len(time)]) / RATE_HZ)
    return np.where(time % 20 < 4, answer, 0.5 * talk).astype(np.float32)


def mains_hum(seconds: float) -> Samples:
    """50 Hz with harmonics, a little of it coming and going."""
    time = _time(seconds)
    tone = sum(np.sin(2 * np.pi * 50 * k * time + k) / k**0.7 for k in (1, 2, 3, 4, 5, 6, 7, 9, 11, 13))
    return (tone * (1 + 0.3 * np.sin(2 * np.pi * 0.2 * time))).astype(np.float32)


# --- hold music ----------------------------------------------------------------------------------------


def hold_music(seconds: float) -> Samples:
    """A slow melody over chords, with overtones and a beat."""
    scale = 220 * 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)
    rng = np.random.default_rng(3)
    out = np.zeros(round(seconds * RATE_HZ))
    note_s = 0.5
    time = _time(note_s)
    decay = np.exp(-3 * time)
    for place in range(int(seconds / note_s)):
        tone = sum(np.sin(2 * np.pi * scale[rng.integers(8)] * k * time) / k for k in (1, 2, 3))
        chord = sum(np.sin(2 * np.pi * scale[i] / 2 * time) for i in (0, 2, 4))
        _lay(out, round(place * note_s * RATE_HZ), decay * (0.15 * tone + 0.05 * chord))
    return out.astype(np.float32)


def pad_music(seconds: float) -> Samples:
    """Slow chords of detuned strings that swell and fade."""
    time = _time(seconds)
    out = np.zeros(len(time))
    for place, root in enumerate((220.0, 174.61, 196.0, 164.81)):
        swell = np.clip(np.sin(np.pi * ((time - 4 * place) % 16) / 5), 0, None) * (
            (time - 4 * place) % 16 < 5
        )
        for ratio in (1, 1.25, 1.5, 2):
            for detuned in (0.997, 1.0, 1.004):
                tone = sum(np.sin(2 * np.pi * root * ratio * detuned * k * time) / k for k in range(1, 6))
                out += swell * tone
    return _phone(out)


def drum_music(seconds: float) -> Samples:
    """Bass drum, snare and hi-hat at 100 beats a minute, with a bass line."""
    rng = np.random.default_rng(4)
    out = np.zeros(round(seconds * RATE_HZ))
    half_beat = 0.3
    time = _time(0.25)
    kick = np.sin(2 * np.pi * (60 * time + 12 * (1 - np.exp(-20 * time)))) * np.exp(-9 * time)
    for place in range(int(seconds / half_beat)):
        at = round(place * half_beat * RATE_HZ)
        noise = rng.standard_normal(len(time))
        _lay(out, at, 0.15 * noise * np.exp(-60 * time))
        if place % 4 == 0 or place % 8 == 3:
            _lay(out, at, 2.0 * kick)
        if place % 4 == 2:
            _lay(out, at, 0.6 * noise * np.exp(-14 * time))
        pitch = (110.0, 110.0, 130.81, 146.83)[place // 4 % 4]
        bass = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 9))
        _lay(out, at, 0.3 * bass * np.exp(-5 * time))
    return _phone(out)


def sung_music(seconds: float) -> Samples:
    """One voice that sings vowels without words, with vibrato, over soft chords."""
    rng = np.random.default_rng(7)
    count = round(seconds * RATE_HZ)
    scale = 196 * 2 ** (np.array([0, 2, 4, 7, 9, 12]) / 12)
    notes = int(seconds / 0.8) + 1
    pitch = np.repeat(scale[rng.integers(6, size=notes)], round(0.8 * RATE_HZ))[:count]
    time = _time(seconds)[: len(pitch)]
    pitch = _smooth(pitch, 0.06) * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 5.5 * time))
    swell = 0.4 + 0.6 * np.sin(np.pi * (time % 0.8) / 0.8) ** 0.5
    sung = _voice(pitch, rng.integers(len(_VOWELS), size=notes), 0.8, swell)
    chords = sum(np.sin(2 * np.pi * one * time) for one in (196.0, 246.94, 293.66))
    return _phone(sung / np.abs(sung).max() + 0.04 * chords)


# --- what a handset picks up ---------------------------------------------------------------------------


def crackle(seconds: float) -> Samples:
    """Clicks of all sizes at random times."""
    rng = np.random.default_rng(8)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    time = _time(0.02)
    for at in rng.integers(len(out), size=round(6 * seconds)):
        ring = np.sin(2 * np.pi * rng.uniform(400, 3_000) * time) * np.exp(-rng.uniform(150, 900) * time)
        _lay(out, int(at), rng.pareto(1.5) * 0.02 * ring)
    return _phone(np.clip(out, -1, 1))


def breathing(seconds: float) -> Samples:
    """Breath in and out into the mouthpiece, about sixteen times a minute."""
    rng = np.random.default_rng(9)
    time = _time(seconds)
    noise = rng.standard_normal(len(time))
    inward = np.clip(np.sin(2 * np.pi * time / 3.7), 0, None) ** 2 * _band(noise, 500, 2_600)
    outward = np.clip(np.sin(2 * np.pi * (time + 1.9) / 3.7), 0, None) ** 3 * _band(noise, 300, 1_400)
    return _phone(inward + 1.6 * outward + 0.01 * noise)


def wind(seconds: float) -> Samples:
    """Gusts over the microphone, and the handset rubbed against cloth."""
    rng = np.random.default_rng(10)
    count = round(seconds * RATE_HZ)
    gusts = np.abs(_smooth(rng.standard_normal(count), 0.4))
    rubs = np.abs(_smooth(rng.standard_normal(count), 0.05)) * (_smooth(rng.standard_normal(count), 1.0) > 0)
    low, broad = _band(rng.standard_normal(count), 50, 500), _band(rng.standard_normal(count), 300, 2_500)
    return _phone(low * gusts / gusts.max() + 0.5 * broad * rubs / rubs.max())


def barking(seconds: float) -> Samples:
    """A dog: harsh tones that fall in pitch, one to four in a row, then a pause."""
    rng = np.random.default_rng(12)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    at = 0
    while at < len(out):
        for _ in range(rng.integers(1, 5)):
            length_s = rng.uniform(0.12, 0.3)
            time = _time(length_s)
            pitch = rng.uniform(380, 620) * (1.25 - 0.6 * time / length_s)
            phase = 2 * np.pi * np.cumsum(pitch) / RATE_HZ
            tone = sum(np.sin(k * phase) / (1 + abs(k - 3)) for k in range(1, 7))
            rough = 1 + 0.6 * rng.standard_normal(len(time))
            _lay(out, at, tone * rough * np.sin(np.pi * time / length_s) ** 0.7)
            at += round((length_s + rng.uniform(0.1, 0.3)) * RATE_HZ)
        at += round(rng.uniform(0.6, 4.0) * RATE_HZ)
    return _phone(out)


def babble(seconds: float, voices: int = 10) -> Samples:
    """A far-off hall: many voices at once, each nothing but random vowels; no word can be made out."""
    rng = np.random.default_rng(13)
    time = _time(seconds)
    out = np.zeros(len(time))
    for _ in range(voices):
        syllable_s = rng.uniform(0.16, 0.26)
        count = int(seconds / syllable_s) + 2
        base = rng.choice([115.0, 205.0]) * rng.uniform(0.85, 1.2)
        places = np.arange(count) * syllable_s
        pitch = np.interp(time, places, base * 2 ** rng.uniform(-0.25, 0.25, count))
        loudness = np.interp(time, places, rng.choice([0.0, 0.3, 1.0], count, p=[0.3, 0.3, 0.4]))
        dips = 0.3 + 0.7 * np.abs(np.sin(np.pi * time / syllable_s))
        out += _voice(pitch, rng.integers(len(_VOWELS), size=count), syllable_s, loudness * dips)
    echo = out + 0.5 * np.roll(out, round(0.043 * RATE_HZ)) + 0.4 * np.roll(out, round(0.097 * RATE_HZ))
    return _phone(echo + 0.02 * np.abs(echo).max() * rng.standard_normal(len(echo)))


def coughing(seconds: float) -> Samples:
    """Coughs and a cleared throat: bursts of noise with a hoarse tone."""
    rng = np.random.default_rng(14)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    at = RATE_HZ // 2
    while at < len(out):
        for _ in range(rng.integers(1, 4)):
            length_s = rng.uniform(0.2, 0.45)
            time = _time(length_s)
            burst = _band(rng.standard_normal(len(time)), 400, 3_000) * np.exp(-rng.uniform(9, 20) * time)
            pitch = rng.uniform(120, 260) * (1.2 - 0.5 * time / length_s) + 15 * rng.standard_normal(
                len(time)
            )
            hoarse = _voice(pitch, np.array([2, 0]), length_s / 2, np.sin(np.pi * time / length_s))
            _lay(out, at, 2.5 * burst + 0.6 * hoarse)
            at += round((length_s + rng.uniform(0.05, 0.25)) * RATE_HZ)
        at += round(rng.uniform(1.5, 6.0) * RATE_HZ)
    return _phone(out)


def crying(seconds: float) -> Samples:
    """A baby: long rising and falling tones with harmonics, a breath between."""
    rng = np.random.default_rng(15)
    out = 0.0005 * rng.standard_normal(round(seconds * RATE_HZ))
    at = 0
    while at < len(out):
        length_s = rng.uniform(0.7, 1.6)
        time = _time(length_s)
        bend = np.sin(np.pi * time / length_s)
        pitch = rng.uniform(330, 450) * (1 + 0.35 * bend) * (1 + 0.02 * np.sin(2 * np.pi * 7 * time))
        cry = _voice(pitch, np.array([2, 0, 0, 2]), length_s / 4, bend**0.4)
        _lay(out, at, cry * (1 + 0.2 * rng.standard_normal(len(time))))
        at += round((length_s + rng.uniform(0.2, 0.6)) * RATE_HZ)
        at += round(rng.choice([0.0, 3.0]) * RATE_HZ)
    return _phone(out)


def humming(seconds: float) -> Samples:
    """Someone hums with closed lips, without words."""
    rng = np.random.default_rng(16)
    time = _time(seconds)
    notes = int(seconds / 0.6) + 2
    pitch = _smooth(140 * 2 ** (rng.integers(-3, 8, notes)[(time / 0.6).astype(int)] / 12), 0.12)
    hum = sum(np.sin(k * 2 * np.pi * np.cumsum(pitch) / RATE_HZ) / k**1.6 for k in range(1, 12))
    swell = 0.25 + 0.75 * np.abs(np.sin(np.pi * time / 0.6)) ** 0.3
    return _phone(hum * swell * (time % 7 < 5) + 0.003 * rng.standard_normal(len(time)))


def murmur(seconds: float) -> Samples:
    """One voice through a wall: syllables of random vowels with hisses and stops between; no language."""
    rng = np.random.default_rng(17)
    time = _time(seconds)
    out = np.zeros(len(time))
    count = int(seconds / 0.21) + 2
    places = np.arange(count) * 0.21
    pitch = np.interp(time, places, 150 * 2 ** rng.uniform(-0.35, 0.35, count))
    spoken = np.repeat(rng.random(count) < 0.75, round(0.21 * RATE_HZ))[: len(time)]
    dips = np.clip(np.sin(np.pi * (time % 0.21) / 0.21) * 1.6 - 0.3, 0, 1)
    out = _voice(pitch, rng.integers(len(_VOWELS), size=count), 0.21, spoken * dips)
    hiss = _band(rng.standard_normal(len(time)), 1_800, 3_400) * spoken * (time % 0.21 < 0.05)
    return _phone(out / np.abs(out).max() + 0.08 * hiss + 0.003 * rng.standard_normal(len(time)))


CASES: tuple[Case, ...] = (
    Case("silence", silence, None),
    Case("line noise -45 dB", line_noise, -45),
    Case("line noise -32 dB", lambda seconds: line_noise(seconds, seed=1), -32),
    Case("line noise -20 dB", lambda seconds: line_noise(seconds, seed=2), -20),
    Case("ring-back tone", ring_back, -14),
    Case("busy tone", busy, -14),
    Case("keypad", keying, -16),
    Case("fax", fax, -15),
    Case("modem", modem, -18),
    Case("mains hum", mains_hum, -30),
    *(
        Case(f"{name} {level_db} dB", make, level_db)
        for name, make in (
            ("hold music: melody", hold_music),
            ("hold music: slow chords", pad_music),
            ("hold music: drums", drum_music),
            ("hold music: sung vowels", sung_music),
        )
        for level_db in (-14, -35)
    ),
    Case("clicks and crackle", crackle, -30),
    Case("breathing", breathing, -28),
    Case("wind and rubbing", wind, -18),
    Case("dog", barking, -20),
    Case("coughs", coughing, -20),
    Case("baby", crying, -20),
    Case("humming", humming, -22),
    Case("murmur -20 dB", murmur, -20),
    Case("murmur -40 dB", murmur, -40),
    Case("babble -25 dB", babble, -25),
    Case("babble -42 dB", babble, -42),
)
"""The test set; one minute of each is what the benchmark uses."""

# First three formants of a, o, e, i, u, ü (Hz), and how broad each is.
_VOWELS = np.array(
    [
        (850, 1_250, 2_700),
        (550, 900, 2_600),
        (450, 1_200, 2_500),
        (290, 2_300, 3_100),
        (330, 720, 2_500),
        (300, 2_000, 2_500),
    ],
    np.float64,
)
_BREADTHS_HZ = (90.0, 120.0, 180.0)
_GAINS = (1.0, 0.6, 0.3)


def _voice(pitch_hz: Floats, vowels: NDArray[np.int64], vowel_s: float, loudness: Floats) -> Floats:
    """Harmonics of a pitch, each as loud as the vowel's formants make it; one vowel every `vowel_s`."""
    count = len(pitch_hz)
    steps = np.arange(0, count, _STEP)
    places = np.minimum((steps / RATE_HZ / vowel_s).astype(int), len(vowels) - 1)
    formants = np.stack([_smooth(_VOWELS[vowels[places], one], 0.05, RATE_HZ // _STEP) for one in range(3)])
    turning = np.exp(2j * np.pi * np.cumsum(pitch_hz) / RATE_HZ)
    harmonic = np.ones(count, np.complex128)
    out = np.zeros(count)
    for number in range(1, int(PHONE_BAND_HZ[1] / pitch_hz.min()) + 1):
        harmonic = harmonic * turning
        at_hz = number * pitch_hz[::_STEP]
        gain = sum(
            loud / (1 + ((at_hz - formant) / broad) ** 2)
            for loud, formant, broad in zip(_GAINS, formants, _BREADTHS_HZ, strict=True)
        )
        gain = gain * (at_hz < PHONE_BAND_HZ[1])
        out += np.repeat(gain, _STEP)[:count] * harmonic.imag
    return out * loudness


def _time(seconds: float) -> Floats:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def _lay(out: Floats, at: int, part: NDArray[np.floating]) -> None:
    """Add a part from sample `at` on, as far as it fits."""
    part = part[: max(0, len(out) - at)]
    out[at : at + len(part)] += part


def _band(samples: Floats, low_hz: float, high_hz: float) -> Floats:
    """Only what lies between two frequencies."""
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(len(samples), 1 / RATE_HZ)
    return np.fft.irfft(np.where((frequency >= low_hz) & (frequency <= high_hz), spectrum, 0), len(samples))


def _phone(samples: Floats) -> Samples:
    """What a telephone line lets through, with peaks at ±0.5."""
    passed = _band(samples, *PHONE_BAND_HZ)
    return (0.5 * passed / max(float(np.abs(passed).max()), 1e-9)).astype(np.float32)


def _smooth(samples: Floats, over_s: float, rate_hz: int = RATE_HZ) -> Floats:
    """Running mean over so many seconds."""
    width = max(1, min(round(over_s * rate_hz), len(samples)))
    summed = np.cumsum(np.concatenate([np.full(width, samples[0]), samples]))
    return (summed[width:] - summed[:-width]) / width
