"""How much personal data is masked, and how much else with it.

    python -m benchmarks.masking

`masking_set.txt` holds what callers and agents say, written for this project with the personal data marked:
numbers in groups, in the digits of the telephone (幺, 洞, 拐, 勾) and misheard, names, addresses, and turns
without any. The rules were mended by what it showed; `masking_held_out.txt` was written afterwards and
changed nothing. Recall is the share of marked characters (punctuation apart) that are masked, precision the
share of masked characters that are marked; "whole" counts the data of which no character is left.

`masking_names.txt` holds names without a word that says so, and what only looks like one. The finder's
constants were chosen on its odd turns; the even ones were only counted. The line after it counts sentences
in which nobody is named (`wordings`, written by another hand) and of which something is masked as a name.

`masking_kinds.txt` holds what has rules of its own (birth dates, names of other forms, capital numerals,
numbers and answers over several turns) and what only looks like personal data. It was written before those
rules, by the same hand. The rule of other names was narrowed after a first count, by what practice sentences
showed, and then widened with what it missed here in view: its figure is no independent one. The other rules
are as they were first counted. Of what is to stay, "whole" counts what has no masked character.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qa_audit.console import table
from qa_audit.retention.masking import personal_spans, spans_of_turns
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

SETS = tuple(Path(__file__).with_name(f"masking_{name}.txt") for name in ("set", "held_out"))
NAMES = Path(__file__).with_name("masking_names.txt")
NAMELESS = tuple(Path(__file__).with_name("wordings") / f"{name}.tsv" for name in ("clean", "faults"))
KINDS = {"n": "numbers", "p": "names", "a": "addresses"}
OWN_KINDS = Path(__file__).with_name("masking_kinds.txt")
FORMS = Path(__file__).with_name("masking_forms.txt")
HIDDEN = {
    "b": "birth dates",
    "f": "other names",
    "c": "capital numerals",
    "t": "numbers over turns",
    "q": "answers to questions",
}
SHOWN = {
    "D": "other dates",
    "A": "amounts",
    "H": "hotlines",
    "N": "counted over turns",
    "W": "words where names stand",
}
OTHER_FORMS = {
    "m": "misheard digits",
    "s": "numbers told otherwise",
    "e": "mail and accounts",
    "l": "plates",
    "d": "other papers",
    "h": "other addresses",
    "v": "numbers among words",
}
LIKE_THEM = {
    "O": "models and standards",
    "P": "prices and counts",
    "Y": "years and times",
    "C": "choices and scores",
    "M": "words beside accounts",
}
_STAYS = frozenset((*SHOWN, *LIKE_THEM))
BETWEEN_TURNS = " / "
_MARKED = re.compile(r"\[([A-Za-z]):([^\]]+)\]")
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


def measure_kinds(text: str) -> dict[str, tuple[int, int, int, int]]:
    """By kind: marked characters, those masked, data, those masked wholly or, if to stay, not at all.

    >>> measure_kinds("我姓[f:王]\\n[N:一二]三 / 好")
    {'f': (1, 1, 1, 1), 'N': (2, 0, 1, 1)}
    """
    found: dict[str, list[int]] = {}
    for lines in (line.split(BETWEEN_TURNS) for line in text.splitlines() if not line.startswith("#")):
        call = [said for line in lines for said in read_set(line)]
        turns = [
            Turn(("customer", "agent")[place % 2], 2.0 * place, 2.0 * place + 1, one.text, 1.0)
            for place, one in enumerate(call)
        ]
        for one, spans in zip(call, spans_of_turns(turns), strict=True):
            covered = {at for span in spans for at in range(span.start, span.end)}
            for start, end, kind in one.marked:
                own = {at for at in range(start, end) if _COUNTS.match(one.text[at])}
                whole = not own & covered if kind in _STAYS else own <= covered
                counts = (len(own), len(own & covered), 1, int(whole))
                found[kind] = [a + b for a, b in zip(found.get(kind, [0] * 4), counts, strict=True)]
    return {kind: (marked, masked, data, whole) for kind, (marked, masked, data, whole) in found.items()}


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
    _print_kinds(missed=missed)
    for half, (masked, stays) in forms_by_half().items():
        click.echo(f"{FORMS.name}, {half} turns: {_counted(masked, 'masked')}; {_counted(stays, 'left')}")
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


def forms_by_half() -> dict[str, tuple[tuple[int, int, int, int], tuple[int, int, int, int]]]:
    """Of the odd and the even turns of `FORMS` the counts of what is to be masked and of what is to stay."""
    lines = [line for line in FORMS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = {}
    for half, own in (("odd", lines[0::2]), ("even", lines[1::2])):
        counts = measure_kinds("\n".join(own))
        masked, stays = (
            [counts[kind] for kind in kinds if kind in counts] for kinds in (OTHER_FORMS, LIKE_THEM)
        )
        found[half] = (_sum(masked), _sum(stays))
    return found


def _sum(counts: list[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    marked, masked, data, whole = (sum(column) for column in zip(*counts, strict=True))
    return marked, masked, data, whole


def _counted(counts: tuple[int, int, int, int], whole: str) -> str:
    marked, masked, data, own = counts
    return f"of {data} {own / data:.0%} {whole} wholly, {masked / marked:.1%} of characters masked"


def nameless() -> Iterator[str]:
    """Sentences in which nobody is named."""
    for path in NAMELESS:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["sentence"]


def _named(text: str) -> int:
    """Characters that are masked as names."""
    return sum(span.end - span.start for span in personal_spans(text) if span.kind == "name")


def _print_kinds(*, missed: bool) -> None:
    sets = ((OWN_KINDS, HIDDEN, SHOWN), (FORMS, OTHER_FORMS, LIKE_THEM))
    for path, hidden, shown in sets:
        _print_kinds_of(path, hidden, shown, missed=missed)


def _print_kinds_of(path: Path, hidden: dict[str, str], shown: dict[str, str], *, missed: bool) -> None:
    text = path.read_text(encoding="utf-8")
    found = measure_kinds(text)
    click.echo(f"{path.name}:")
    for kinds, share in ((hidden, "recall"), (shown, "masked")):
        rows = [
            (kinds[kind], data, f"{whole / data:.0%}", f"{masked / marked:.1%}")
            for kind, (marked, masked, data, whole) in found.items()
            if kind in kinds
        ]
        click.echo(table(["kind", "data", "whole", share], rows, right=(1, 2, 3)))
    for line in text.splitlines() if missed else ():
        if any(whole < data for *_, data, whole in measure_kinds(line).values()):
            click.echo(f"  {line}")


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
