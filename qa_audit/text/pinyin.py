"""Syllables of Chinese text, mostly toneless, and texts spelt by sound so that homophones become equal.

The readings lie in `readings.txt` beside this file, made from pypinyin's dictionary by `readings_table`
(GBK characters; a test compares the two), so that nothing heavy is loaded: reading the table takes a few
milliseconds where importing pypinyin with its phrases takes a third of a second.
"""

from __future__ import annotations

import itertools
from functools import cache
from importlib import resources
from typing import NamedTuple

Syllable = str


TonedSyllable = str
"""A syllable and its tone: 1 to 4, or 5 for none."""


class _Readings(NamedTuple):
    first: dict[str, TonedSyllable]
    others: dict[str, list[TonedSyllable]]


def readings_table() -> str:
    """Text of `readings.txt`, made anew from pypinyin: a line per syllable with tone (`zhong4`), then the
    characters that are usually read so, then those that may be."""
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert

    def toned(written: str) -> TonedSyllable:
        syllable = convert(written, Style.TONE3, strict=False)
        return syllable if syllable[-1].isdigit() else f"{syllable}5"

    first: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        if code not in PINYIN_DICT:
            continue
        usual, *more = dict.fromkeys(map(toned, PINYIN_DICT[code].split(",")))
        first.setdefault(usual, []).append(chr(code))
        for reading in more:
            others.setdefault(reading, []).append(chr(code))
    lines = [
        "\t".join((syllable, "".join(first.get(syllable, [])), "".join(others.get(syllable, []))))
        for syllable in sorted({*first, *others})
    ]
    return "\n".join(lines) + "\n"


@cache
def _readings() -> _Readings:
    first: dict[str, TonedSyllable] = {}
    others: dict[str, list[TonedSyllable]] = {}
    for line in resources.files(__package__ or "").joinpath("readings.txt").read_text("utf-8").splitlines():
        syllable, firsts, more = line.split("\t")
        first.update(dict.fromkeys(firsts, syllable))
        for character in more:
            others.setdefault(character, []).append(syllable)
    return _Readings(first, others)


@cache
def _usual() -> dict[str, Syllable]:
    """The usual toneless syllable of every character."""
    return {character: syllable[:-1] for character, syllable in _readings().first.items()}


def toned_readings(character: str) -> tuple[TonedSyllable, ...]:
    """Readings of one character with their tones, the usual one first; empty for other characters.

    >>> toned_readings("行"), toned_readings("吗")[0], toned_readings("A")
    (('xing2', 'hang2', 'hang4', 'heng2', 'xing4'), 'ma5', ())
    """
    table = _readings()
    if character not in table.first:
        return ()
    return (table.first[character], *table.others.get(character, ()))


def readings(character: str) -> tuple[Syllable, ...]:
    """Toneless readings of one character, the usual one first; empty for what is no Chinese character.

    >>> readings("行"), readings("您"), readings("A")
    (('xing', 'hang', 'heng'), ('nin',), ())
    """
    return tuple(dict.fromkeys(syllable[:-1] for syllable in toned_readings(character)))


def syllables(text: str) -> list[str]:
    """A toneless syllable for each character in its usual reading; other characters stand for themselves.

    >>> syllables("您好10086")
    ['nin', 'hao', '1', '0', '0', '8', '6']
    """
    first = _usual()
    return [first.get(character, character) for character in text]


_FOLDED_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("hu", "fu"))
_FOLDED_FINALS = (("ing", "in"), ("eng", "en"), ("ang", "an"))


def fold_syllable(syllable: Syllable) -> Syllable:
    """One spelling for syllables that speakers and recognisers confuse: zh/z, ch/c, sh/s, n/l, r/l, ing/in…

    >>> fold_syllable("zhang") == fold_syllable("zan"), fold_syllable("ning") == fold_syllable("lin")
    (True, True)
    """
    for written, folded in _FOLDED_INITIALS:
        if syllable.startswith(written):
            syllable = folded + syllable[len(written) :]
            break
    for written, folded in _FOLDED_FINALS:
        if syllable.endswith(written):
            return syllable[: -len(written)] + folded
    return syllable


@cache
def _sound_table(*, folded: bool) -> dict[int, int]:
    """Character → the character that stands for all of its sound, for `str.translate`."""
    stands_for: dict[str, str] = {}
    table: dict[int, int] = {}
    for character, syllable in _usual().items():
        key = fold_syllable(syllable) if folded else syllable
        table[ord(character)] = ord(stands_for.setdefault(key, character))
    return table


def sound(text: str, *, folded: bool = False) -> str:
    """The text spelt by sound: characters of one toneless syllable all become the same character.

    Same length as `text`, so spans carry over; a regular expression over characters may be spelt the same
    way. With `folded`, sounds that are easily confused become equal too (`fold_syllable`).

    >>> sound("为您服务") == sound("未您付物"), sound("再见") == sound("在建")
    (True, True)
    >>> sound("四十") == sound("事实"), sound("四十", folded=True) == sound("事实", folded=True)
    (False, True)
    """
    return text.translate(_sound_table(folded=folded))


def sounds_of_phrase(phrase: str, *, at_most: int = 8) -> tuple[str, ...]:
    """Spellings by sound of a phrase in all readings of its characters, the usual reading first.

    A text is spelt in usual readings; a phrase is looked for in every reading, so 重启 is found where the
    recogniser wrote 虫启.

    >>> len(sounds_of_phrase("重启")), sound("虫启") in sounds_of_phrase("重启")
    (3, True)
    """
    representative = _representatives()
    choices = [[representative[one] for one in readings(character)] or [character] for character in phrase]
    return tuple("".join(spelt) for spelt in itertools.islice(itertools.product(*choices), at_most))


@cache
def _representatives() -> dict[Syllable, str]:
    """Syllable → the character that `sound` writes for it; private ones for syllables only read otherwise."""
    found: dict[Syllable, str] = {}
    for character, syllable in _usual().items():
        found.setdefault(syllable, character)
    unusual = {one[:-1] for more in _readings().others.values() for one in more} - found.keys()
    return found | {syllable: chr(0xE000 + place) for place, syllable in enumerate(sorted(unusual))}
