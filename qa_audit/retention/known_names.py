"""Names that are known: where a text has them, as they are written or, if they are long enough, by sound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from qa_audit.text.pinyin import sound

LEAST = 2
"""Shorter names are not looked for: a character alone is in too many words."""
LEAST_BY_SOUND = 3
"""Shorter names by sound are for `person_names` to weigh: 何平 sounds like 和平."""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """Names ready to be looked for."""

    by_sound: frozenset[str]
    """Spelt by sound (`text.sound`)."""
    _written: re.Pattern[str] | None
    _heard: re.Pattern[str] | None

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where they are, from and up to but without.

        >>> known_names(("晓东", "王小明")).places("晓东在吗？小东不在，汪晓鸣在")
        [(0, 2), (10, 13)]
        """
        found = [] if self._written is None else [one.span() for one in self._written.finditer(text)]
        if self._heard is not None:
            found += [one.span() for one in self._heard.finditer(sound(text))]
        return found


@lru_cache(maxsize=64)
def known_names(names: tuple[str, ...]) -> KnownNames:
    """The names of `LEAST` characters and more, made ready."""
    wanted = sorted({name for name in names if len(name) >= LEAST}, key=lambda one: (-len(one), one))
    spelt = [sound(name) for name in wanted if re.fullmatch("[一-鿿]+", name)]
    return KnownNames(
        frozenset(spelt), _any(wanted), _any([name for name in spelt if len(name) >= LEAST_BY_SOUND])
    )


def _any(names: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(map(re.escape, names))) if names else None
