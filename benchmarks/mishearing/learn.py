"""Learn how a recogniser mishears, from labelled folders and what was heard of them.

    python -m benchmarks.hear recordings_sample --out sample.jsonl
    python -m benchmarks.mishearing.learn recordings_sample sample.jsonl --out benchmarks/mishearing/base.json

Takes pairs of a folder with `labels.json` and a file of `benchmarks.hear`. Never give it a folder that is
kept for acceptance: what is learnt there is lost as a measure.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import click

from benchmarks.mishearing.model import Mishearing
from benchmarks.mishearing.pairs import pairs_of
from benchmarks.rubric import transcripts_of


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def main(*, sources: tuple[Path, ...], out: Path) -> None:
    """Learn from folders and hearings, in turns: FOLDER HEARD FOLDER HEARD …"""
    if len(sources) % 2:
        raise click.UsageError("FOLDER HEARD, in pairs")
    model, told = Mishearing(), []
    engine = ""
    for folder, heard in zip(sources[::2], sources[1::2], strict=True):
        transcripts = transcripts_of(heard)
        calls = 0
        for call in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
            transcript = transcripts.get(Path(call["file"]).name)
            if transcript is not None:
                model.learn(pairs_of(call, transcript))
                engine = f"{transcript.engine} {transcript.model} {transcript.preset}"
                calls += 1
        digest = hashlib.sha256(heard.read_bytes()).hexdigest()[:16]
        told.append({"folder": folder.name, "calls": calls, "heard": digest, "by": engine})
    model.save(out, {"sources": told})
    share = sum(one.total() for one in model.outcomes.values()) / max(model.seen.total(), 1)
    click.echo(f"{len(model.turns)} turns, {model.seen.total()} characters, {share:.1%} of them wrong")


if __name__ == "__main__":
    main()
