"""Copies of sentences as a recogniser might mishear them, to learn from beside the sentences.

Each syllable is taken for others as often as the table of mishearings says (`qa_audit/text/misheard.tsv`)
and written with a character that the corpus has for that sound; some that are heard right are written with
another one too. The detectors learn not to hang on a single character.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.text.mishearing import counts_heard
from qa_audit.text.pinyin import syllables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HOMOPHONES = 0.04
"""Share of the syllables heard right that are written with another character."""
PRIOR = 8
"""So many observations of a syllable count as much as the mean of all."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """Things to draw from, each as often as it was seen."""

    things: tuple[str, ...]
    weights: tuple[int, ...]

    def drawn(self, chance: random.Random) -> str:
        return chance.choices(self.things, self.weights)[0]


def misheard(texts: Sequence[str], salt: str = "") -> list[str]:
    """One copy of each normalised text; the same texts give the same copies, another salt others.

    >>> copies = misheard(["宽带报装是市场部的活儿"] * 2 + ["理赔有理赔的部门"])
    >>> copies[0] == copies[1], len(copies)
    (True, 3)
    """
    characters = Counter(one for text in texts for one in text if "一" <= one <= "鿿")
    sounds = {one: syllables(one)[0] for one in characters}
    written: dict[str, dict[str, int]] = {}
    for one, times in sorted(characters.items()):
        written.setdefault(sounds[one], {})[one] = times
    spelt = {sound: _choice(by) for sound, by in written.items()}
    right: Counter[str] = Counter()
    wrong: dict[str, Counter[str]] = {}
    for (said, other), times in counts_heard().items():
        if said == other:
            right[said] += times
        elif said:
            wrong.setdefault(said, Counter())[other] += times
    any_wrong = sum(wrong.values(), Counter())
    share = any_wrong.total() / (any_wrong.total() + right.total())
    others = {said: _choice(by) for said, by in wrong.items()}
    anything = _choice(any_wrong)

    def heard(one: str, chance: random.Random) -> str:
        sound = sounds.get(one)
        if sound is None:
            return one
        mistaken = wrong[sound].total() if sound in wrong else 0
        times = right[sound] + mistaken
        if chance.random() < (mistaken + PRIOR * share) / (times + PRIOR):
            guessed = sound not in others or chance.random() < PRIOR / (PRIOR + times)
            other = (anything if guessed else others[sound]).drawn(chance)
            return spelt[other].drawn(chance) if other in spelt else one if other else ""
        return spelt[sound].drawn(chance) if chance.random() < HOMOPHONES else one

    copies = []
    for text in texts:
        chance = random.Random(salt + text)
        copies.append("".join(heard(one, chance) for one in text) or text)
    return copies


def _choice(by: Mapping[str, int]) -> _Choice:
    return _Choice(tuple(by), tuple(by.values()))
