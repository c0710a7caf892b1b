"""Words of which one must be written in a file: what each means, and which was probably meant."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from qa_audit.messages import catalogue, language, say

if TYPE_CHECKING:
    from collections.abc import Sequence


def meaning(word: str) -> str:
    """What a word of a file stands for, in the language in force; empty where it says so itself.

    >>> from qa_audit.messages import speaking
    >>> with speaking("zh"):
    ...     meaning("customer"), meaning("left")
    ('客户', '')
    """
    known = catalogue().get(f"toml.means.{word}")
    told = known[language()] if known else ""
    return "" if told == word else told


def near(word: str, allowed: Sequence[str]) -> str | None:
    """The word that was probably meant: one that is spelt alike, or whose meaning was written instead.

    >>> near("Cutsomer", ["agent", "customer"]), near("left", ["agent"])
    ('customer', None)
    """
    alike = get_close_matches(word.casefold(), allowed, 1, cutoff=0.7)
    if alike:
        return alike[0]
    meant = {meaning(one): one for one in allowed if meaning(one)}
    return next((meant[one] for one in get_close_matches(word, [*meant], 1, cutoff=0.5)), None)


@dataclass(frozen=True, slots=True)
class Likely:
    """Asks whether a word was meant, in the language in which it is read; nothing when none is near."""

    word: str
    allowed: tuple[str, ...]

    def __str__(self) -> str:
        meant = near(self.word, self.allowed)
        return "" if meant is None else say("toml.likely", value=meant)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


@dataclass(frozen=True, slots=True)
class Choices:
    """Words as they are written in a file, each with its meaning in the language in which they are read."""

    words: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(one + self._told(one) for one in self.words)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def _told(self, word: str) -> str:
        told = meaning(word.strip("'\""))
        return say("toml.means_in_brackets", told=told) if told else ""
