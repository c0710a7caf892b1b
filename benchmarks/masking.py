"""How much personal data is masked, and how much else with it.

    python -m benchmarks.masking

`masking_set.txt` holds what callers and agents say, written for this project with the personal data marked:
numbers in groups, in the digits of the telephone (幺, 洞, 拐, 勾) and misheard, names, addresses, and turns
without any. The rules were mended by what it showed; `masking_held_out.txt` was written afterwards and
changed nothing. Recall is the share of marked characters (punctuation apart) that are masked, precision the
share of masked characters that are marked; "whole" counts the data of which no character is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from qa_audit.console import table
from qa_audit.retention.masking import personal_spans

SETS = tuple(Path(__file__).with_name(f"masking_{name}.txt") for name in ("set", "held_out"))
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
