"""Invented text: what is written for sounds in which no one speaks, before and after clean-up. The goal is 0.

    python benchmarks/invented.py                              # the workspace's defaults
    python benchmarks/invented.py --engine ctranslate2 --preset draft --only music
    python benchmarks/invented.py --no-vad                     # the speech detector switched off

Each sound of `sounds.no_speech.CASES` is written as one channel of a telephone recording (μ-law, 8 kHz), with
faint line noise on the other, and transcribed as any recording is. `raw` counts what the model wrote, `text`
what is left of it in the turns: letters and digits per minute without speech.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
import soundfile

# Run as a script, only this folder is on the path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.sounds.exchange import line_noise
from benchmarks.sounds.no_speech import CASES, Case
from benchmarks.sounds.synthesis import RATE_HZ, at_level
from qa_audit.console import table
from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.invented import passages_in
from qa_audit.transcribe.recording import transcribe_recording
from qa_audit.transcribe.settings import SpeechSettings, TranscribeSettings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.turns import Transcript

OTHER_CHANNEL_DB = -50.0
# The detector lets nearly everything through at this threshold, so that the later guards show.
NO_VAD = SpeechSettings(threshold=0.005, min_speech_ms=0)


@dataclass(frozen=True, slots=True)
class Invented:
    """What was written for one sound."""

    name: str
    minutes: float
    raw: int
    """Letters and digits that the model wrote."""
    text: int
    """Those that are left in the turns."""
    passages: int
    """Passages that were removed, as the note counts them."""
    shown: str
    """What is left, or else what was removed."""


def letters(text: str) -> int:
    """How many letters and digits a text has; signs and spaces are no text.

    >>> letters("您好,8012。")
    6
    """
    return sum(character.isalnum() for character in text)


def counted(name: str, transcript: Transcript) -> Invented:
    """Count a transcript of a sound in which no one speaks."""
    removed = passages_in(transcript.notes)
    text = "".join(turn.text for turn in transcript.turns)
    # A turn's raw text holds what was removed from its own segments; the rest stands only in the note.
    raw = "".join(turn.raw_text for turn in transcript.turns)
    gone = sum(letters(one.text) for one in removed)
    shown = text or "、".join(one.text for one in removed)
    return Invented(
        name,
        transcript.duration_s / 60,
        max(letters(raw), letters(text) + gone),
        letters(text),
        len(removed),
        shown if len(shown) <= 30 else shown[:30] + "…",
    )


def write_case(path: Path, case: Case, seconds: float) -> None:
    """Write a sound as the left channel of a recording, line noise as the right one."""
    samples = case.samples(seconds)
    noise = at_level(line_noise(seconds, seed=99), OTHER_CHANNEL_DB)
    size = min(len(samples), len(noise))
    soundfile.write(path, np.stack([samples[:size], noise[:size]], axis=1), RATE_HZ, subtype="ULAW")


def measure(
    engine: Engine, settings: TranscribeSettings, cases: Iterable[Case], seconds: float
) -> Iterable[Invented]:
    """Transcribe each sound and count."""
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            path = Path(folder) / "sound.wav"
            write_case(path, case, seconds)
            yield counted(case.name, transcribe_recording(path, engine, settings))


def shown(results: list[Invented]) -> str:
    """The results as a table, sums last, characters per minute."""
    minutes = sum(one.minutes for one in results)
    rows = [
        (one.name, f"{one.raw / one.minutes:.1f}", f"{one.text / one.minutes:.1f}", one.passages, one.shown)
        for one in results
    ]
    raw, text = sum(one.raw for one in results), sum(one.text for one in results)
    passages = sum(one.passages for one in results)
    total = f"all, {minutes:.1f} min"
    rows.append((total, f"{raw / minutes:.2f}", f"{text / minutes:.2f}", passages, ""))
    return table(["sound", "raw/min", "text/min", "removed", "what"], rows, right=(1, 2, 3))


@click.command()
@click.option("--engine", default=TranscribeSettings().engine, show_default=True)
@click.option("--model", default=TranscribeSettings().model, show_default=True)
@click.option("--preset", default=TranscribeSettings().preset, show_default=True)
@click.option("--seconds", default=60.0, show_default=True, help="Length of each sound.")
@click.option("--only", default="", help="Only sounds whose name holds this.")
@click.option("--no-vad", is_flag=True, help="Switch the speech detector off, to see the later guards.")
@click.option("--threads", default=0, help="CPU threads; 0 leaves it to the engine.")
def main(
    *, engine: str, model: str, preset: str, seconds: float, only: str, no_vad: bool, threads: int
) -> None:
    """Print the characters invented per minute for each sound in which no one speaks."""
    settings = TranscribeSettings(
        engine=engine,
        model=model,
        preset=preset,
        threads=threads,
        speech=NO_VAD if no_vad else SpeechSettings(),
    )
    cases = [case for case in CASES if only in case.name]
    loaded = load_engine(settings)
    started = time.perf_counter()
    results = []
    with click.progressbar(measure(loaded, settings, cases, seconds), len(cases), file=sys.stderr) as bar:
        results += bar
    click.echo(f"{loaded.name} {loaded.model} {preset}{', no speech detector' if no_vad else ''}")
    click.echo(shown(results))
    click.echo(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
