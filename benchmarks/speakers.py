"""How much of the speech on one channel gets the right role, and how sure the product is of it.

    python benchmarks/speakers.py recordings_sample
    python benchmarks/speakers.py recordings_sample benchmarks/calls --mixed

A folder holds `labels.json` (id, file, truth) and, if there are any, `scenarios/*.toml` that name the voices.
Recordings of one channel are measured as they are; with `--mixed` also those of two, mixed to one. What is
counted is time of agent and customer inside detected speech; the rest is told beside. Beside the product: the
state before it (no roles), and two clusters by pitch alone with the agent's found by scripted phrases.
"""

from __future__ import annotations

import json
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from qa_audit.transcribe.audio import open_recording, read_all
from qa_audit.transcribe.driver import Segment, decode_clips
from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.packing import cut
from qa_audit.transcribe.presets import preset
from qa_audit.transcribe.roles import assign_roles, guess_agent_channel
from qa_audit.transcribe.settings import TranscribeSettings
from qa_audit.transcribe.speech import Region, regions_of, split_long
from qa_audit.transcribe.survey import survey
from qa_audit.transcribe.voices import VoiceWindow, listening

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from qa_audit.transcribe.engine import Engine
    from qa_audit.transcribe.survey import Survey

Span = tuple[float, float, str]
"""Start, end, role."""
STEP_S = 0.01


@dataclass(slots=True)
class Tally:
    """Seconds of speech over calls."""

    right: float = 0.0
    judged: float = 0.0
    outside: float = 0.0
    sure_right: float = 0.0
    sure: float = 0.0

    def add(self, right: float, judged: float, outside: float, *, sure: bool) -> None:
        """Count a call; `sure`: it is scored by role."""
        self.right, self.judged, self.outside = (
            self.right + right,
            self.judged + judged,
            self.outside + outside,
        )
        if sure:
            self.sure_right, self.sure = self.sure_right + right, self.sure + judged


@dataclass(slots=True)
class Cost:
    """Processor seconds."""

    decoding: float = 0.0
    voices: float = 0.0
    audio_s: float = 0.0
    tallies: dict[str, Tally] = field(default_factory=dict)


def voices_by_call(folder: Path) -> dict[str, str]:
    """Agent and customer of every scenario beside the calls, by call id."""
    found = {}
    for path in sorted((folder / "scenarios").glob("*.toml")):
        scenario = tomllib.loads(path.read_text(encoding="utf-8"))
        if "id" in scenario:
            found[scenario["id"]] = f"{scenario.get('agent', '?')} / {scenario.get('customer', '?')}"
    return found


def right_seconds(
    truth: Iterable[Mapping[str, Any]], spans: Sequence[Span], regions: Sequence[Region]
) -> tuple[float, float, float]:
    """Seconds of agent and customer with the right role, inside detected speech, and outside it."""
    end_s = max([*(one["end_s"] for one in truth), *(one.end_s for one in regions)]) + 1
    inside = np.zeros(int(end_s / STEP_S) + 1, bool)
    roles = np.full(len(inside), "", dtype="U8")
    for region in regions:
        inside[round(region.start_s / STEP_S) : round(region.end_s / STEP_S)] = True
    for start_s, stop_s, role in spans:
        roles[round(start_s / STEP_S) : round(stop_s / STEP_S)] = role
    right = judged = outside = 0
    for line in truth:
        if line["role"] in ("agent", "customer"):
            span = slice(round(line["start_s"] / STEP_S), round(line["end_s"] / STEP_S))
            judged += int(inside[span].sum())
            outside += int((~inside[span]).sum())
            right += int(((roles[span] == line["role"]) & inside[span]).sum())
    return right * STEP_S, judged * STEP_S, outside * STEP_S


def by_pitch(windows: Sequence[VoiceWindow], segments: Sequence[Segment]) -> list[Span]:
    """Baseline: windows in two clusters of pitch, the agent's by the scripted phrases said in it."""
    pitch = np.array([one.vector[-1] for one in windows])
    known = pitch[~np.isnan(pitch)]
    if len(known) < 2:
        return []
    pitch = np.where(np.isnan(pitch), np.median(known), pitch)
    low, high = known.min(), known.max()
    for _ in range(20):
        higher = np.abs(pitch - high) < np.abs(pitch - low)
        if higher.any() and not higher.all():
            low, high = pitch[~higher].mean(), pitch[higher].mean()
    middles = np.array([(one.start_s + one.end_s) / 2 for one in windows])
    told: list[Segment] = []
    for segment in segments:
        for piece in segment.pieces:
            nearest = int(np.argmin(np.abs(middles - (piece.start_s + piece.end_s) / 2)))
            told.append(Segment(int(higher[nearest]), piece.start_s, piece.end_s, (piece,)))
    agent = guess_agent_channel(told).agent_channel
    return [
        (one.start_s, one.end_s, "agent" if int(is_higher) == agent else "customer")
        for one, is_higher in zip(windows, higher, strict=True)
    ]


def surveyed(path: Path) -> tuple[NDArray[np.float32], Survey]:
    """All channels of a recording mixed to one, shape (1, samples), and where speech is in it."""
    samples = read_all(open_recording(path)).mean(axis=0, keepdims=True)
    samples = samples - samples.mean()
    return samples, survey(iter([samples]), 1)


def measure(
    path: Path, truth: Sequence[Mapping[str, Any]], engine: Engine, settings: TranscribeSettings, cost: Cost
) -> tuple[float, dict[str, tuple[float, float, float]]]:
    """Confidence of the roles, and seconds right, judged and outside by method."""
    chosen = preset(settings.preset)
    samples, found = surveyed(path)
    longest_s = chosen.pack_s - chosen.tail_s - chosen.gap_s - 2 * settings.speech.pad_ms / 1000
    regions = [
        part
        for region in regions_of(found.speech[0], found.frame_s, settings.speech)
        for part in split_long(region, found.speech[0], found.frame_s, longest_s)
    ]
    windows: list[VoiceWindow] = []
    started = time.process_time()
    clips = list(listening(cut(regions, [samples], settings.speech.pad_ms / 1000), windows))
    heard = time.process_time()
    segments = list(decode_clips(clips, engine, chosen))
    decoded = time.process_time()
    roles, spoken = assign_roles(segments, 1, "auto", windows)
    cost.voices += heard - started + time.process_time() - decoded
    cost.decoding += decoded - heard
    cost.audio_s += found.duration_s
    spans = [(one.segment.start_s, one.segment.end_s, one.role) for one in spoken]
    methods = {
        "product": spans,
        "before (no roles)": [(start_s, end_s, "unknown") for start_s, end_s, _ in spans],
        "pitch alone": by_pitch(windows, segments),
    }
    return roles.confidence, {name: right_seconds(truth, own, regions) for name, own in methods.items()}


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--mixed", is_flag=True, help="Two-channel calls too, mixed to one channel.")
@click.option("--preset", "preset_name", default="balanced", show_default=True)
@click.option("--engine", "engine_name", default="openai-whisper", show_default=True)
@click.option(
    "--sure", default=0.75, show_default=True, help="Confidence from which a call is scored by role."
)
def main(folders: tuple[Path, ...], preset_name: str, engine_name: str, sure: float, *, mixed: bool) -> None:
    """Measure the roles on one channel against labelled calls."""
    settings = TranscribeSettings(engine=engine_name, preset=preset_name, threads=1)
    engine = load_engine(settings)
    for folder in folders:
        names = voices_by_call(folder)
        cost = Cost()
        kinds: dict[str, dict[str, Tally]] = {}
        click.echo(f"\n{folder}")
        click.echo(f"{'call':<14}{'kind':<7}{'right':>7}{'sure':>7}{'pitch':>7}{'outside':>9}  voices")
        for call in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
            path = folder / call["file"]
            channels = open_recording(path).channels
            if channels == 2 and not mixed:
                continue
            kind = "mono" if channels == 1 else "mixed"
            confidence, results = measure(path, call["truth"], engine, settings, cost)
            for name, (right, judged, outside) in results.items():
                tally = kinds.setdefault(kind, {}).setdefault(name, Tally())
                tally.add(right, judged, outside, sure=confidence >= sure)
            right, judged, outside = results["product"]
            pitch = results["pitch alone"][0] / max(judged, 1e-9)
            click.echo(
                f"{call['id']:<14}{kind:<7}{right / max(judged, 1e-9):>7.1%}{confidence:>7.2f}{pitch:>7.1%}"
                f"{outside:>7.1f} s  {names.get(call['id'], '')}"
            )
        for kind, tallies in kinds.items():
            for name, tally in tallies.items():
                share = tally.right / max(tally.judged, 1e-9)
                line = f"{kind}, {name}: {share:.1%} of {tally.judged:.0f} s right"
                if name == "product":
                    line += (
                        f"; {tally.sure / max(tally.judged, 1e-9):.1%} in calls sure from {sure}, of it"
                        f" {tally.sure_right / max(tally.sure, 1e-9):.1%} right;"
                        f" {tally.outside:.1f} s outside detected speech"
                    )
                click.echo(line)
        click.echo(
            f"processor time: roles {cost.voices:.2f} s, decoding {cost.decoding:.1f} s"
            f" ({cost.voices / max(cost.decoding, 1e-9):.1%}) for {cost.audio_s:.0f} s of audio"
        )


if __name__ == "__main__":
    main()
