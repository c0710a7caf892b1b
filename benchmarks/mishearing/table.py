"""Learn the table of misheard syllables that the product carries (`qa_audit/text/misheard.tsv`).

    python -m benchmarks.mishearing.table recordings_sample sample.jsonl

Takes pairs of a labelled folder and what `benchmarks.hear` made of it, as `benchmarks.mishearing.learn` does.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from importlib import resources
from pathlib import Path

import click

from benchmarks.mishearing.pairs import pairs_of
from benchmarks.rubric import transcripts_of
from qa_audit.text.phrases import fold_honorific
from qa_audit.text.pinyin import syllables

OUT = Path(str(resources.files("qa_audit.text").joinpath("misheard.tsv")))


def counted(folder: Path, heard: Path) -> tuple[Counter[tuple[str, str]], str]:
    """How often each syllable was heard as which, and where that comes from.

    What was lost is heard as nothing, and what was put in was said as nothing.
    """
    found: Counter[tuple[str, str]] = Counter()
    transcripts, calls, engine = transcripts_of(heard), 0, ""
    for call in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
        transcript = transcripts.get(Path(call["file"]).name)
        if transcript is None:
            continue
        calls, engine = calls + 1, f"{transcript.engine} {transcript.model} {transcript.preset}"
        for pair in pairs_of(call, transcript):
            if not any(pair.heard):
                continue
            for said, written in zip(pair.said.text, pair.heard, strict=True):
                (one,) = syllables(fold_honorific(said))
                first, *more = syllables(fold_honorific(written)) or [""]
                found[one, first] += 1
                found.update(("", other) for other in more)
    digest = hashlib.sha256(heard.read_bytes()).hexdigest()[:16]
    return found, f"{folder.name}: {calls} calls heard by {engine} ({digest})"


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", default=OUT, show_default=True, type=click.Path(dir_okay=False, path_type=Path))
def main(*, sources: tuple[Path, ...], out: Path) -> None:
    """Learn from folders and hearings, in turns: FOLDER HEARD FOLDER HEARD …"""
    if len(sources) % 2:
        raise click.UsageError("FOLDER HEARD, in pairs")
    total: Counter[tuple[str, str]] = Counter()
    lines = [
        "# What recognisers write for what is said, by syllable: said, heard, how often.",
        "# An empty side stands for nothing. Learnt by `python -m benchmarks.mishearing.table` from",
    ]
    for folder, heard in zip(sources[::2], sources[1::2], strict=True):
        found, told = counted(folder, heard)
        total += found
        lines.append(f"# {told}")
    lines += [f"{said}\t{heard}\t{count}" for (said, heard), count in sorted(total.items())]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrong = sum(count for (said, heard), count in total.items() if said != heard)
    click.echo(f"{total.total()} syllables, {wrong / total.total():.1%} heard otherwise")


if __name__ == "__main__":
    main()
