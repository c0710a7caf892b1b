"""The corpus that the detectors learn from: agent sentences by families of wording, and as they are heard.

A file an item, tab separated: family, label, register, trade, sentence. A family is one way of committing the
fault, or one kind of courteous sentence that looks like it; `FAMILY~` is the courteous counterpart of
`FAMILY`. `neutral.tsv` holds what agents say otherwise, and `calls.tsv` all that agents say in whole clean
calls, its family being the call, `WRITER-TRADE-SUBJECT`. What is clean in any file is clean for every item; a
fault of one item says nothing of the others. `heard.tsv` has sentences of these as the recogniser wrote them
after they were spoken over a telephone band. `turns.tsv` has turns of several sentences, in which a refusal
goes with help or does not.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

from qa_audit.text.normalise import normalise, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

ITEMS = (
    "no_blame_shifting",
    "no_blaming_customer",
    "no_harsh_language",
    "no_forbidden_words",
    "no_overpromise",
)
CALLS = "calls"
Label = Literal["fault", "clean", "either"]
LABELS: tuple[Label, ...] = ("fault", "clean", "either")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the corpus."""

    item: str
    """The item whose file it stands in; `neutral` and `calls` for sentences of no item."""
    family: str
    """Unique with the item; of `calls` the call."""
    label: Label
    register: str
    trade: str
    text: str
    heard: bool = False
    """Whether this is what the recogniser wrote for a sentence of the corpus, not the sentence itself."""
    turn: str = ""
    """Of calls: the sentence with those before and after it in its turn, normalised; empty where none are."""

    @property
    def key(self) -> str:
        """What is held out together: item and family, of whole calls all that one writer wrote.

        >>> Sentence("calls", "a-bank-lost-card", "clean", "call", "bank", "您好。").key
        'calls/a'
        """
        family = self.family.partition("-")[0] if self.item == CALLS else self.family.removesuffix("~")
        return f"{self.item}/{family}"

    @property
    def plain(self) -> str:
        """Normalised."""
        return normalise(self.text).text


@cache
def corpus() -> tuple[Sentence, ...]:
    """All sentences, those as heard last.

    >>> sum(one.item == "no_overpromise" for one in corpus()) >= 600
    True
    """
    folder = _folder()
    said: list[Sentence] = []
    for name in (*ITEMS, "neutral"):
        said += [
            Sentence(name, row["family"], _label(row), row["register"], row["trade"], row["sentence"])
            for row in _rows(folder / f"{name}.tsv")
        ]
    known = {one.plain for one in said}
    for row in _rows(folder / f"{CALLS}.tsv"):
        cut = sentences([row["sentence"]])[0]
        for text, turn in zip(cut, in_turn(cut), strict=True):
            if text not in known:
                known.add(text)
                said.append(
                    Sentence(
                        CALLS, row["family"], _label(row), row["register"], row["trade"], text, turn=turn
                    )
                )
    by_text = {(one.item, one.text): one for one in said}
    heard = folder / "heard.tsv"
    if not heard.is_file():
        return tuple(said)
    for row in _rows(heard):
        one = by_text.get((row["item"], row["said"]))
        if one is not None and normalise(row["heard"]).text:
            said.append(
                Sentence(one.item, one.family, one.label, one.register, one.trade, row["heard"], heard=True)
            )
    return tuple(said)


def in_turn(cut: Sequence[str]) -> list[str]:
    """Each of a turn's sentences with those before and after it; empty where there are none.

    >>> in_turn(["办不了", "我帮您转", "请稍等"])
    ['办不了我帮您转', '办不了我帮您转请稍等', '我帮您转请稍等']
    >>> in_turn(["您好"])
    ['']
    """
    if len(cut) < 2:
        return [""] * len(cut)
    return ["".join(cut[max(place - 1, 0) : place + 2]) for place in range(len(cut))]


@cache
def turns() -> tuple[Sentence, ...]:
    """Turns of several sentences, each as one text.

    >>> {one.item for one in turns()}
    {'no_forbidden_words'}
    """
    return tuple(
        Sentence(row["item"], row["family"], _label(row), row["register"], row["trade"], row["sentence"])
        for row in _rows(_folder() / "turns.tsv")
    )


def corpus_sha256() -> str:
    """Hash of the files of the corpus, in hexadecimal."""
    total = hashlib.sha256()
    for path in sorted(_folder().iterdir(), key=lambda one: one.name):
        if path.name.endswith(".tsv"):
            total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _folder() -> Traversable:
    return resources.files("qa_audit.scoring.learned").joinpath("corpus")


def _rows(path: Traversable) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _label(row: dict[str, str]) -> Label:
    label = row["label"]
    assert label in LABELS, row
    return label
