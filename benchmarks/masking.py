"""How much personal data is masked, and how much else with it.

    python -m benchmarks.masking

`masking_set.txt` holds what callers and agents say, written for this project with the personal data marked:
numbers in groups, in the digits of the telephone (幺, 洞, 拐, 勾) and misheard, names, addresses, and turns
without any. The rules were mended by what it showed; `masking_held_out.txt` was written afterwards and
changed nothing. Recall is the share of marked characters (punctuation apart) that are masked, precision the
share of masked characters that are marked; "whole" counts the data of which no character is left.

`masking_names.txt` holds names without a word that says so, and what only looks like one. The finder's
constants were chosen on its odd turns; the even ones were only counted. The last line counts sentences in
which nobody is named (`wordings`, written by another hand) and of which something is masked as a name.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_audit.console import table
from qa_audit.retention.masking import personal_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

SETS = tuple(Path(__file__).with_name(f"masking_{name}.txt") for name in ("set", "held_out"))
NAMES = Path(__file__).with_name("masking_names.txt")
NAMELESS = tuple(Path(__file__).with_name("wordings") / f"{name}.tsv" for name in ("clean", "faults"))
KINDS = {"n": "numbers", "p": "names", "a": "addresses"}
_MARKED = re.compile(r"\[([npa]):([^\]]+)\]")
_COUNTS = re.compile(r"[^\s，,、.。·…\-]")


@dataclass(frozen=True, slots=True)
class Said:
    """A turn, and the places of personal data in it."""

    text: str
    marked: tuple[tuple[int, int, str], ...]
    """Start, end and kind."""


def read_set(text: str) -> list[Said]:
    """The turns of a set.

    >>> read_set("# …\\n我姓[p:王]")
    [Said(text='我姓王', marked=((2, 3, 'p'),))]
    """
    turns = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        said, marked, end = "", [], 0
        for one in _MARKED.finditer(line):
            said += line[end : one.start()]
            marked.append((len(said), len(said) + len(one[2]), one[1]))
            said, end = said + one[2], one.end()
        turns.append(Said((said + line[end:]).rstrip(), tuple(marked)))
    return turns


def measure(turns: list[Said]) -> dict[str, tuple[int, ...]]:
    """By kind: marked characters, those masked, data, those masked wholly; under "masked" also all masked."""
    found = {kind: [0, 0, 0, 0] for kind in KINDS}
    masked_in_all = right = 0
    for turn in turns:
        covered = {at for span in personal_spans(turn.text) for at in range(span.start, span.end)}
        covered = {at for at in covered if _COUNTS.match(turn.text[at])}
        wanted = {at for start, end, _ in turn.marked for at in range(start, end)}
        masked_in_all, right = masked_in_all + len(covered), right + len(covered & wanted)
        for start, end, kind in turn.marked:
            own = {at for at in range(start, end) if _COUNTS.match(turn.text[at])}
            found[kind][0] += len(own)
            found[kind][1] += len(own & covered)
            found[kind][2] += 1
            found[kind][3] += own <= covered
    return {kind: tuple(counts) for kind, counts in found.items()} | {"masked": (masked_in_all, right, 0, 0)}


@click.command()
@click.option("--missed", is_flag=True, help="Print the turns that are not masked as marked.")
def main(missed: bool) -> None:
    """Print recall by kind, and precision, of each set."""
    for path in SETS:
        click.echo(f"{path.name}:")
        _print(read_set(path.read_text(encoding="utf-8")), missed=missed)
    turns = read_set(NAMES.read_text(encoding="utf-8"))
    for half, own in (("odd", turns[0::2]), ("even", turns[1::2])):
        marked, masked, data, whole = measure(own)["p"]
        named = sum(1 for turn in own if not turn.marked and _named(turn.text))
        clean = sum(1 for turn in own if not turn.marked)
        click.echo(
            f"{NAMES.name}, {half} turns: names {data}, whole {whole / data:.0%},"
            f" recall {masked / marked:.1%}; {named} of {clean} turns without a name have one masked"
        )
    said = list(nameless())
    named = [_named(one) for one in said]
    click.echo(
        f"sentences without a name: {sum(1 for one in named if one)} of {len(said)} have one masked,"
        f" {sum(named) / sum(map(len, said)):.2%} of their characters"
    )


def nameless() -> Iterator[str]:
    """Sentences in which nobody is named."""
    for path in NAMELESS:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["sentence"]


def _named(text: str) -> int:
    """Characters that are masked as names."""
    return sum(span.end - span.start for span in personal_spans(text) if span.kind == "name")


def _print(turns: list[Said], *, missed: bool) -> None:
    counts = measure(turns)
    masked, right, *_ = counts.pop("masked")
    rows = [
        (KINDS[kind], data, f"{whole / data:.0%}", f"{got / marked:.1%}")
        for kind, (marked, got, data, whole) in counts.items()
    ]
    click.echo(table(["kind", "data", "whole", "recall"], rows, right=(1, 2, 3)))
    click.echo(f"precision {right / masked:.1%} over {len(turns)} turns")
    if missed:
        for turn in turns:
            covered = {at for span in personal_spans(turn.text) for at in range(span.start, span.end)}
            wanted = {at for start, end, _ in turn.marked for at in range(start, end)}
            if {at for at in covered ^ wanted if _COUNTS.match(turn.text[at])}:
                shown = "".join("*" if at in covered else sign for at, sign in enumerate(turn.text))
                click.echo(f"  {shown}  ←  {turn.text}")


if __name__ == "__main__":
    main()
