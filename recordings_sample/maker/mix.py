"""Puts speech, tones and noise on the two sides of a line."""

from __future__ import annotations

import numpy as np

from .band import SAMPLE_RATE_HZ, gain, rms
from .scenario import Line, Ring, Speech
from .timeline import Placed
from .tones import hold_music, line_noise, ringback

SPEECH_DB = -23.0  # level of speech under full scale
LIVELINESS_DB = 1.2  # nobody says every line equally loud
MUSIC_DB, RING_DB = -30.0, -24.0
CROSSTALK_DELAY_S = 0.004
LEFT, RIGHT = 0, 1


def side_of(step: Speech | Ring) -> int:
    """The agent, and what the centre's machines play, are on the left; the customer is on the right."""
    who = step.role if isinstance(step, Speech) else step.channel
    return RIGHT if who == "customer" else LEFT


def add(track: np.ndarray, samples: np.ndarray, start_s: float) -> None:
    """Add samples to a track in place; what would run past the end is left out."""
    start = round(start_s * SAMPLE_RATE_HZ)
    part = samples[: max(0, len(track) - start)]
    track[start : start + len(part)] += part


def at_level(samples: np.ndarray, level_db: float) -> np.ndarray:
    """The samples with this root mean square under full scale."""
    return samples * (gain(level_db) / max(rms(samples), 1e-9))


def mix(
    placed: list[Placed], speech: list[np.ndarray], length_s: float, line: Line, rng: np.random.Generator
) -> np.ndarray:
    """The call as (samples, channels) at 8 kHz; `speech` holds the audio of each Speech, in order."""
    tracks = np.zeros((2, round(length_s * SAMPLE_RATE_HZ)))
    audio = iter(speech)
    for item in placed:
        step = item.step
        if isinstance(step, Speech):
            side = side_of(step)
            level_db = SPEECH_DB + step.gain_db + (line.agent_db, line.customer_db)[side]
            level_db += rng.uniform(-LIVELINESS_DB, LIVELINESS_DB)
            add(tracks[side], at_level(next(audio), level_db), item.start_s)
        elif isinstance(step, Ring):
            add(tracks[side_of(step)], ringback(step.duration_s) * gain(RING_DB), item.start_s)
        elif step.sound == "music":
            music = hold_music(step.duration_s - 0.6, int(rng.integers(-4, 5))) * gain(MUSIC_DB)
            add(tracks[LEFT], music, item.start_s + 0.3)
    if line.crosstalk_db is not None:
        tracks = tracks + _crosstalk(tracks) * gain(line.crosstalk_db)
    for side, side_db in ((LEFT, line.agent_db), (RIGHT, line.customer_db)):
        tracks[side] += line_noise(tracks.shape[1], rng) * gain(SPEECH_DB + side_db - line.snr_db)
    peak = np.abs(tracks).max()
    tracks = tracks * min(1.0, 0.97 / max(peak, 1e-9))
    return tracks.T if line.channels == 2 else tracks.mean(axis=0)[:, None]


def _crosstalk(tracks: np.ndarray) -> np.ndarray:
    delay = round(CROSSTALK_DELAY_S * SAMPLE_RATE_HZ)
    other = np.zeros_like(tracks)
    other[:, delay:] = tracks[::-1, : tracks.shape[1] - delay]
    return other
