"""Make the tables by which names are told from words, out of jieba's dictionary.

    python qa_audit/retention/name_tables/make_tables.py dict.txt

`dict.txt` is the one of jieba 0.42.1 (MIT, see README.md beside this file).
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).parent
CORPUS = FOLDER.parents[1] / "scoring" / "learned" / "corpus"
LEAST = 10
"""Words that the dictionary counts less often are left out."""
USUAL = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭"
    "曾肖田董袁潘蒋蔡余杜程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾"
)
"""Surnames with which the dictionary's names are mostly names of people."""
NAMED = frozenset((FOLDER / "no_words.txt").read_text(encoding="utf-8").split())
"""Names of people that the sentences hold, and what may as well be one."""


def read_dictionary(text: str) -> dict[str, tuple[int, str]]:
    """Count and part of speech by word."""
    rows = (line.split() for line in text.splitlines())
    return {word: (int(count), tag) for word, count, tag in rows}


def is_person(tag: str) -> bool:
    """Whether the dictionary takes a word for a person's name, as it also does with many that are none."""
    return tag.startswith("nr")


def given_names(known: dict[str, tuple[int, str]]) -> dict[str, Counter[str]]:
    """How many names have a character: alone (`one`), first (`first`) or last (`last`) in the given name."""
    found = {place: Counter() for place in ("one", "first", "last")}
    for name, (_, tag) in known.items():
        if not is_person(tag) or name[0] not in USUAL:
            continue
        if len(name) == 2:
            found["one"][name[1]] += 1
        elif len(name) == 3:
            found["first"][name[1]] += 1
            found["last"][name[2]] += 1
    return found


def words(known: dict[str, tuple[int, str]], said: str) -> dict[str, int]:
    """Words that are no names, and how often they are used.

    What the dictionary calls a name is a word where the sentences that call centres say have it.
    """
    here = Counter(said[at : at + length] for length in (2, 3, 4) for at in range(len(said) - length + 1))
    kept = {}
    for word, (count, tag) in known.items():
        if not all("一" <= sign <= "鿿" for sign in word) or len(word) > 4:
            continue
        if is_person(tag) and len(word) > 1:
            if word in here and word not in NAMED:
                kept[word] = max(LEAST, here[word] * 20)
        elif count >= LEAST:
            kept[word] = count
    return kept


def main() -> None:
    """Write `words.txt` and `given.tsv`."""
    known = read_dictionary(Path(sys.argv[1]).read_text(encoding="utf-8"))
    said = "\n".join(
        row["sentence"]
        for path in sorted(CORPUS.glob("*.tsv"))
        for row in csv.DictReader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    by_use: dict[int, list[str]] = {}
    for word, count in words(known, said).items():
        by_use.setdefault(round(2 * math.log2(count)), []).append(word)
    lines = [f"{use} {' '.join(sorted(own))}" for use, own in sorted(by_use.items())]
    (FOLDER / "words.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    signs = given_names(known)
    rows = ["\t".join(("character", *signs))]
    rows += [
        "\t".join((sign, *(str(counts[sign]) for counts in signs.values())))
        for sign in sorted({sign for counts in signs.values() for sign in counts})
    ]
    (FOLDER / "given.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
