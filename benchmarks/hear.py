"""Transcribe a labelled folder once and keep what was heard, so that benchmarks need not do it again.

    python -m benchmarks.hear recordings_sample --engine ctranslate2 --out heard.jsonl
    python -m benchmarks.rubric recordings_sample --heard heard.jsonl

A line a call, as `qa-audit check --json` prints them, and besides what is stored with turns. Lines that the
file has already are kept.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from pathlib import Path

import click

from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.recording import transcribe_recording
from qa_audit.transcribe.settings import TranscribeSettings


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", default="ctranslate2", show_default=True)
@click.option("--model", default="base", show_default=True)
@click.option("--preset", default="balanced", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def main(*, folder: Path, engine: str, model: str, preset: str, out: Path) -> None:
    """Transcribe the labelled calls of a folder, one thread, as a worker does."""
    settings = TranscribeSettings(engine=engine, model=model, preset=preset, threads=1)
    loaded = load_engine(settings)
    calls = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    kept = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    done = {json.loads(line)["recording"] for line in kept}
    calls = [call for call in calls if call["file"] not in done]
    started, audio_s = time.monotonic(), 0.0
    with out.open("a", encoding="utf-8") as file:
        for call in calls:
            heard = transcribe_recording(folder / call["file"], loaded, settings)
            audio_s += heard.duration_s
            line = {"recording": call["file"], **asdict(heard), "notes": [str(one) for one in heard.notes]}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
    click.echo(f"{len(calls)} calls, {audio_s / 60:.1f} min of audio in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
