"""Sentences that people have judged, read from a table: item, label, sentence."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from qa_audit.messages import QaError, say
from qa_audit.scoring.learned.corpus import ITEMS, LABELS, Sentence
from qa_audit.text.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

HEADINGS = {
    "项目": "item",
    "判定": "label",
    "结论": "label",
    "句子": "sentence",
    "原话": "sentence",
    "说法": "family",
}
LABEL_WORDS = {
    "fault": "fault",
    "clean": "clean",
    "either": "either",
    "违规": "fault",
    "不合格": "fault",
    "合规": "clean",
    "合格": "clean",
    "两可": "either",
}
_MORE = "\0"
"""Key of the cells of a row that have no heading."""
ALIKE = 0.4
"""Share of common character triples from which two sentences count as one wording."""


def read_judged(path: Path, known: Sequence[Sentence] = ()) -> list[Sentence]:
    """Read a CSV or TSV: item, label, sentence and, if one likes, family (or 项目, 判定, 句子, 说法).

    Sentences without a family get one by likeness, with the sentences of former tables (`known`) too, so that
    near copies are never split in a test.

    Raises `QaError` `learned.unreadable` for no table, `learned.judged_mistakes` with every bad row: a
    sentence cut at its commas, and one that is judged in two ways, would teach what nobody said.
    """
    try:
        return with_families(_judged(path, _text(path)), known)
    except csv.Error as error:
        raise QaError("learned.unreadable", path=path, why=error) from error


def _judged(path: Path, text: str) -> list[Sentence]:
    dialect = csv.excel_tab if "\t" in text.split("\n", 1)[0] else csv.excel
    # Strictly: a quotation mark that is never closed would make the rest of the table one sentence.
    table = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect, restkey=_MORE, strict=True)
    columns = {HEADINGS.get(name.strip(), name.strip()): name for name in table.fieldnames or ()}
    missing = [name for name in ("item", "label", "sentence") if name not in columns]
    if missing:
        raise QaError(
            "learned.judged_columns", path=path, missing=", ".join(missing), got=", ".join(columns) or "–"
        )
    found: list[Sentence] = []
    mistakes: list[str] = []
    judged: dict[tuple[str, str], tuple[int, str]] = {}
    """Line and label of what was read, by item and sentence."""
    for row in table:
        number = table.line_num
        more = [one for one in (*row.pop(_MORE, ()), row.pop("", "") or "") if one.strip()]
        if not more and not any((cell or "").strip() for cell in row.values()):
            continue
        item = (row[columns["item"]] or "").strip()
        label = LABEL_WORDS.get((row[columns["label"]] or "").strip().lower())
        sentence = (row[columns["sentence"]] or "").strip()
        if item not in ITEMS:
            mistakes.append(f"  {number}. {item!r} ({' | '.join(ITEMS)})")
        elif label is None:
            mistakes.append(f"  {number}. {row[columns['label']]!r} ({' | '.join(LABEL_WORDS)})")
        elif not normalise(sentence).text:
            mistakes.append(f"  {number}. {sentence!r}")
        elif more:
            mistakes.append(say("learned.judged_cut", line=number, sentence=sentence, more=", ".join(more)))
        else:
            assert label in LABELS
            first, other = judged.setdefault((item, normalise(sentence).text), (number, label))
            if other != label:
                mistakes.append(
                    say("learned.judged_twice", line=number, label=label, first=first, other=other)
                )
            family = (row[columns["family"]] or "").strip() if "family" in columns else ""
            found.append(Sentence(item, family, label, "judged", "judged", sentence))
    if mistakes:
        raise QaError("learned.judged_mistakes", path=path, mistakes="\n".join(mistakes))
    if not found:
        raise QaError("learned.judged_empty", path=path)
    return found


def judged_text(sentences: Iterable[Sentence]) -> str:
    """The table that `read_judged` reads back."""
    file = io.StringIO()
    writer = csv.writer(file, dialect=csv.excel_tab, lineterminator="\n")
    writer.writerow(("item", "label", "family", "sentence"))
    writer.writerows((one.item, one.label, one.family, one.text) for one in sentences)
    return file.getvalue()


def with_families(sentences: Sequence[Sentence], known: Sequence[Sentence] = ()) -> list[Sentence]:
    """Sentences with a family each: given ones stay, others are grouped by likeness; doubles are left out.

    What is like a sentence that has a family, of these or of those `known`, joins it.

    >>> said = ("我保证明天到", "我保证明天到的")
    >>> two = [Sentence("no_overpromise", "", "fault", "", "", text) for text in said]
    >>> len({one.family for one in with_families(two)})
    1
    """
    groups = _Groups()
    for one in (*known, *sentences):
        if one.family:
            groups.add(one.family, triples(one.plain))
    kept: dict[tuple[str, str], Sentence] = {}
    for one in sentences:
        family = one.family
        if not family:
            grams = triples(one.plain)
            family = groups.like(grams) or f"judged_{zlib.crc32(one.plain.encode()):08x}"
            groups.add(family, grams)
        kept[one.item, one.plain] = Sentence(one.item, family, one.label, one.register, one.trade, one.text)
    return list(kept.values())


def triples(text: str) -> set[str]:
    """All triples of neighbouring characters; a shorter text is one itself."""
    return {text[place : place + 3] for place in range(max(len(text) - 2, 1))}


class _Groups:
    """Families of sentences, found by the triples that a sentence has in common with theirs."""

    def __init__(self) -> None:
        self._families: list[str] = []
        self._sizes: list[int] = []
        self._holders: dict[str, list[int]] = {}

    def add(self, family: str, grams: set[str]) -> None:
        """Add a sentence of a family."""
        for gram in grams:
            self._holders.setdefault(gram, []).append(len(self._sizes))
        self._families.append(family)
        self._sizes.append(len(grams))

    def like(self, grams: set[str]) -> str | None:
        """Family of the first sentence that has `ALIKE` of the triples of the shorter one."""
        common = Counter(chain.from_iterable(self._holders.get(gram, ()) for gram in grams))
        alike = (at for at, count in common.items() if count / min(len(grams), self._sizes[at]) >= ALIKE)
        first = min(alike, default=None)
        return None if first is None else self._families[first]


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise QaError("learned.unreadable", path=path, why=error.strerror or error) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise QaError("learned.unreadable", path=path, why="UTF-8 | GB18030")
