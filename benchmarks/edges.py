"""Greetings and farewells that the speech detector misses, and how many the second look brings back.

    python benchmarks/edges.py recordings_sample
    python benchmarks/edges.py recordings_sample --engine ctranslate2 --preset draft --calls 6

On every stereo call with a `labels.json` the agent's first 您好 or last 再见 is made hard to hear: fainter
while the line's noise stays, its first 100 ms cut off, or the whole channel fainter beside a loud tone.
`missed` counts those that no region covers, `found` those that the second look is sure of, `read` those that
stand in the text then. Last come sounds in which no one speaks, alone and before and after a call: no text is
the goal.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import soundfile
import soxr

# Run as a script, only this folder is on the path.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.sounds.exchange import busy, ring_back
from benchmarks.sounds.no_speech import CASES
from benchmarks.sounds.synthesis import RATE_HZ as SOUND_HZ
from qa_audit.console import table
from qa_audit.transcribe.audio import open_recording, read_blocks
from qa_audit.transcribe.edges import heard_again, stretches, sure_clips
from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.presets import preset as preset_of
from qa_audit.transcribe.recording import hear, regions_in, without_offset
from qa_audit.transcribe.settings import SpeechSettings, TranscribeSettings
from qa_audit.transcribe.speech import SAME_SIGNAL_CORRELATION
from qa_audit.transcribe.survey import survey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.packing import Clip
    from qa_audit.transcribe.presets import Preset
    from qa_audit.transcribe.speech import Region

    Floats = NDArray[np.float32]

RATE_HZ = 16_000
EXCERPT_S = 20.0
"""So much of a call's start or end is heard."""
SPEECH = SpeechSettings()
COVERED = 0.6
"""Share of a phrase inside padded regions from which it counts as heard."""
PHRASES = {"open": re.compile("[您你]好"), "close": re.compile("再[见見]")}
TONE_S = 4.0
TIMED_CALLS = 30


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of a call, shape (2, n), and where the agent's phrase lies in it."""

    call_id: str
    which: str
    samples: Floats
    start_s: float
    end_s: float


def edges_of(folder: Path, limit: int | None = None) -> Iterator[Edge]:
    """Both ends of every stereo call whose agent begins with 您好 and ends with 再见, a pause beside it."""
    rows = [
        row for row in json.loads((folder / "labels.json").read_text(encoding="utf-8")) if row.get("truth")
    ]
    for row in rows[:limit]:
        samples, rate = soundfile.read(folder / row["file"], dtype="float32", always_2d=True)
        if samples.shape[1] != 2:
            continue
        samples = np.ascontiguousarray(soxr.resample(samples, rate, RATE_HZ).T, np.float32)
        turns = sorted(
            (one for one in row["truth"] if one["role"] == "agent"), key=lambda one: one["start_s"]
        )
        long_s = samples.shape[1] / RATE_HZ
        for which, turn, hit in (
            ("open", turns[0], PHRASES["open"].match(turns[0]["text"])),
            ("close", turns[-1], turns[-1]["text"].endswith("再见。")),
        ):
            span = phrase_in(samples[0], turn["start_s"], turn["end_s"], which) if hit else None
            if span is None:
                continue
            low = max(0.0, span[0] - EXCERPT_S / 2) if which == "open" else max(0.0, long_s - EXCERPT_S)
            first = round(low * RATE_HZ)
            part = samples[:, first : first + round(EXCERPT_S * RATE_HZ)]
            yield Edge(row["id"], which, part, span[0] - low, span[1] - low)


def phrase_in(samples: Floats, start_s: float, end_s: float, which: str) -> tuple[float, float] | None:
    """The first or last phrase of a turn, up to its pause of at least 80 ms; None where it is unclear."""
    turn = samples[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    step = RATE_HZ // 100
    power = (turn[: len(turn) // step * step].reshape(-1, step) ** 2).mean(axis=1)
    level = 10 * np.log10(power + 1e-12)
    still = np.concatenate([[False], level < np.quantile(level, 0.9) - 22, [False]])
    changes: list[int] = np.flatnonzero(np.diff(still.astype(int))).tolist()
    pauses = [
        (first, last)
        for first, last in zip(changes[::2], changes[1::2], strict=True)
        if last - first >= 8 and first > 20 and last < len(level) - 20
    ]
    span = (start_s, end_s)
    if pauses and which == "open":
        span = (start_s, start_s + pauses[0][0] / 100)
    elif pauses:
        span = (start_s + pauses[-1][1] / 100, end_s)
    return span if 0.25 < span[1] - span[0] < 0.95 else None


def fainter(edge: Edge, by_db: float) -> Edge:
    """The phrase alone fainter; the line's noise stays as loud as it is elsewhere."""
    samples = edge.samples.copy()
    span = slice(round((edge.start_s - 0.02) * RATE_HZ), round((edge.end_s + 0.02) * RATE_HZ))
    samples[0, span] *= 10 ** (-by_db / 20)
    samples[0, span] += _line(edge, samples[0, span].size)
    return Edge(edge.call_id, edge.which, samples, edge.start_s, edge.end_s)


def clipped(edge: Edge, by_db: float) -> Edge:
    """The first 100 ms of the phrase cut off, the rest fainter."""
    samples = fainter(edge, by_db).samples
    span = slice(round((edge.start_s - 0.02) * RATE_HZ), round((edge.start_s + 0.1) * RATE_HZ))
    samples[0, span] = _line(edge, samples[0, span].size)
    return Edge(edge.call_id, edge.which, samples, edge.start_s, edge.end_s)


def beside_a_tone(edge: Edge, by_db: float) -> Edge:
    """The agent's whole channel fainter; a loud ring-back tone before it, or a busy tone after it."""
    samples = edge.samples * np.array([[10 ** (-by_db / 20)], [1.0]], np.float32)
    made = ring_back if edge.which == "open" else busy
    tone = soxr.resample(made(TONE_S), SOUND_HZ, RATE_HZ).astype(np.float32)
    tone = np.stack([tone, np.zeros_like(tone)])
    if edge.which == "close":
        return Edge(edge.call_id, "close", np.concatenate([samples, tone], axis=1), edge.start_s, edge.end_s)
    whole = np.concatenate([tone, samples], axis=1)
    return Edge(edge.call_id, "open", whole, edge.start_s + TONE_S, edge.end_s + TONE_S)


DAMAGES: tuple[tuple[str, Callable[[Edge, float], Edge], float], ...] = (
    *((f"phrase {by:.0f} dB fainter", fainter, by) for by in (0.0, 15.0, 20.0, 25.0, 28.0, 32.0)),
    *((f"cut by 100 ms, {by:.0f} dB fainter", clipped, by) for by in (0.0, 15.0, 25.0)),
    *((f"channel {by:.0f} dB fainter, tone", beside_a_tone, by) for by in (0.0, 15.0, 25.0)),
)


def looked_at(samples: Floats, chosen: Preset) -> tuple[list[Region], list[tuple[Clip, Clip]]]:
    """Regions of the first look, and the clips of the second that are surely speech."""
    found = survey(iter([samples]), 2)
    regions, longest_s = regions_in(found, SPEECH, chosen, mono=False, one_voice=False)
    again = stretches(found, regions, 2, SPEECH.pad_ms / 1000)
    return regions, sure_clips(again, regions, without_offset(iter([samples])), longest_s)


def covered(edge: Edge, regions: list[Region]) -> bool:
    """Does some region of the agent's channel hold most of the phrase?"""
    pad_s = SPEECH.pad_ms / 1000
    inside = sum(
        max(0.0, min(one.end_s + pad_s, edge.end_s) - max(one.start_s - pad_s, edge.start_s))
        for one in regions
        if one.channel == 0
    )
    return inside >= COVERED * (edge.end_s - edge.start_s)


def is_read(edge: Edge, engine: Engine, chosen: Preset) -> bool:
    """Does the phrase stand in what the agent's channel says about then?"""
    heard = hear(lambda: iter([edge.samples]), 2, engine, SPEECH, chosen)
    text = "".join(
        piece.text
        for segment in heard.segments
        for piece in segment.pieces
        if segment.channel == 0 and edge.start_s - 0.5 < piece.start_s < edge.end_s + 0.5
    )
    return bool(PHRASES[edge.which].search(text))


def invented(edge: Edge, engine: Engine, chosen: Preset) -> Iterator[tuple[str, int, str]]:
    """For each sound of `no_speech` before and after a call: stretches taken for speech, and their text."""
    speech = edge.samples
    for case in CASES:
        sound = soxr.resample(case.samples(EXCERPT_S), SOUND_HZ, RATE_HZ).astype(np.float32)
        sound = np.stack([sound, np.zeros_like(sound)])
        for whole, speech_s in (
            (np.concatenate([sound, speech, sound], axis=1), speech.shape[1] / RATE_HZ),
            (sound, 0.0),
        ):
            _, pairs = looked_at(whole, chosen)
            ends = EXCERPT_S - 0.1, EXCERPT_S + speech_s + 0.1
            pairs = [one for one in pairs if one[0].region.start_s < ends[0] or one[0].region.end_s > ends[1]]
            text = "".join(segment.raw_text for _, segment in heard_again(pairs, engine, chosen))
            yield case.name, len(pairs), text


def cost(folder: Path, limit: int, engine: Engine, chosen: Preset) -> tuple[float, float, int]:
    """CPU seconds for whole calls without the second look, for that look, and how many stretches it heard."""
    without = look = 0.0
    heard = 0
    rows = _labelled(folder)
    for row in rows[:limit]:
        recording = open_recording(folder / row["file"])
        channels = recording.channels
        started = time.process_time()
        hear(lambda held=recording: read_blocks(held), channels, engine, SPEECH, chosen, look_again=False)
        without += time.process_time() - started
        found = survey(read_blocks(recording), channels)
        mono = channels == 1 or abs(found.correlation) > SAME_SIGNAL_CORRELATION
        before, longest_s = regions_in(found, SPEECH, chosen, mono=mono, one_voice=False)
        started = time.process_time()
        again = stretches(found, before, 1 if mono else 2, SPEECH.pad_ms / 1000)
        heard += len(again)
        if again:
            blocks = without_offset(read_blocks(recording))
            heard_again(sure_clips(again, before, blocks, longest_s), engine, chosen)
        look += time.process_time() - started
    return without, look, heard


def _labelled(folder: Path) -> list[dict[str, Any]]:
    rows = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return [row for row in rows if row.get("truth")]


def _line(edge: Edge, size: int) -> Floats:
    """Noise as loud as the agent's line is where nothing is said."""
    level = survey(iter([edge.samples]), 2).level_db[0]
    loud = 10 ** (float(np.quantile(level, 0.2)) / 20)
    return (loud * np.random.default_rng(0).standard_normal(size)).astype(np.float32)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", default=TranscribeSettings().engine, show_default=True)
@click.option("--preset", default="draft", show_default=True)
@click.option("--calls", default=None, type=int, help="Only the first so many calls.")
@click.option("--threads", default=0, help="CPU threads; 0 leaves it to the engine.")
def main(*, folder: Path, engine: str, preset: str, calls: int | None, threads: int) -> None:
    """Print what the second look at both ends of a call brings back, invents and costs."""
    loaded = load_engine(TranscribeSettings(engine=engine, preset=preset, threads=threads))
    chosen = preset_of(preset, engine)
    edges = list(edges_of(folder, calls))
    rows = []
    for name, damage, by_db in DAMAGES:
        count: Counter[str] = Counter()
        for edge in edges:
            damaged = damage(edge, by_db)
            regions, pairs = looked_at(damaged.samples, chosen)
            if covered(damaged, regions):
                continue
            found = covered(damaged, [*regions, *(clip.region for clip, _ in pairs)])
            count.update(missed=1, found=int(found), read=int(found and is_read(damaged, loaded, chosen)))
        rows.append((name, len(edges), count["missed"], count["found"], count["read"]))
    click.echo(f"{loaded.name} {loaded.model} {preset}")
    click.echo(table(["您好 and 再见", "phrases", "missed", "found", "read"], rows, right=(1, 2, 3, 4)))
    made = list(invented(edges[0], loaded, chosen))
    taken, text = sum(number for _, number, _ in made), "".join(text for _, _, text in made)
    click.echo(f"{len(CASES)} sounds without speech: {taken} taken for speech, text: {text or 'none'}")
    without, look, heard = cost(folder, calls or TIMED_CALLS, loaded, chosen)
    click.echo(
        f"CPU {without:.1f} s, and {look:.2f} s ({look / without:.2%}) to hear {heard} stretches again"
    )


if __name__ == "__main__":
    main()
