"""Transcribe what `detector_speak.py` spoke, with qa-audit's own engine, into the corpus' `heard.tsv`.

    python benchmarks/detector_hear.py IN [--model base] [--preset balanced]

IN holds NNN.wav and NNN.json. Writes a line a sentence: item, what was said, what was heard (all turns that
overlap the sentence), the confidence of the recogniser. Sentences of which nothing was heard are left out.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import click

from qa_audit.transcribe.engine import load_engine
from qa_audit.transcribe.recording import transcribe_recording
from qa_audit.transcribe.settings import TranscribeSettings

HEARD = Path(__file__).resolve().parent.parent / "qa_audit" / "scoring" / "learned" / "corpus" / "heard.tsv"


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--model", default="base")
@click.option("--preset", default="balanced")
@click.option("--out", type=click.Path(path_type=Path), default=HEARD)
def main(folder: Path, model: str, preset: str, out: Path) -> None:
    """Transcribe what is there and write the table anew; what was transcribed before is kept beside IN."""
    settings = TranscribeSettings.model_validate(
        {"engine": "openai-whisper", "model": model, "preset": preset, "agent_channel": "left"}
    )
    engine = load_engine(settings)
    rows = []
    for index in sorted(folder.glob("[0-9]*.json")):
        done = index.with_suffix(f".{model}.heard")
        if not done.exists():
            transcript = transcribe_recording(str(index.with_suffix(".wav")), engine, settings)
            turns = [[turn.start_s, turn.end_s, turn.text, turn.confidence] for turn in transcript.turns]
            done.write_text(json.dumps(turns, ensure_ascii=False), encoding="utf-8")
            click.echo(index.stem)
        turns = json.loads(done.read_text(encoding="utf-8"))
        for one in json.loads(index.read_text(encoding="utf-8")):
            inside = [turn for turn in turns if one["start_s"] <= (turn[0] + turn[1]) / 2 <= one["end_s"]]
            text = "".join(turn[2] for turn in inside).replace("\t", " ").strip()
            if text:
                least = min(turn[3] for turn in inside)
                rows.append((one["item"], one["text"], text, f"{least:.2f}"))
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        writer.writerow(("item", "said", "heard", "confidence"))
        writer.writerows(sorted(rows))
    click.echo(f"{len(rows)} sentences in {out}")


if __name__ == "__main__":
    main()
