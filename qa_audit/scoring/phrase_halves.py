"""Halves of phrases that were found, and whether the other half may stand beside them.

In the tier `near` one half of a phrase must stand unharmed. Most halves that are found stand alone; they are
told from the others for many calls at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.scoring.ready import HEAD
from qa_audit.text.joined import codes_of
from qa_audit.text.search import MIN_NEAR_SYLLABLES, halves

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qa_audit.scoring.ready import FormName, Needle
    from qa_audit.text.phrases import Phrase


class Halves(NamedTuple):
    """The other half of the phrase of every needle that looks for one half (`text.search.halves`)."""

    known: NDArray[np.bool_]
    """Of which needles there is one."""
    other: NDArray[np.uint32]
    """(needles, syllables), 0 behind shorter ones."""
    shift: NDArray[np.int64]
    """From the place of a half to that of the other one."""
    need: NDArray[np.int64]
    """Syllables of it that must be heard right."""
    loose: NDArray[np.bool_]
    """Whether a syllable may be missing or added, so that those behind it are moved by one."""

    def may_be_whole(
        self,
        needles: NDArray[np.int64],
        places: NDArray[np.int64],
        codes: Callable[[FormName], NDArray[np.uint32]],
    ) -> NDArray[np.bool_]:
        """Which hits are no halves, or have beside them what may be the other half with one syllable off."""
        may = np.ones(len(needles), bool)
        at = self.known[needles].nonzero()[0]
        if not len(at):
            return may
        sounds, own = codes("by_sound"), needles[at]
        wanted = self.other[own]
        beside = (places[at] + self.shift[own])[:, None] + np.arange(wanted.shape[1])
        heard = sounds.take(beside - 1, mode="clip") == wanted
        heard |= sounds.take(beside + 1, mode="clip") == wanted
        heard &= self.loose[own][:, None]
        heard |= sounds.take(beside, mode="clip") == wanted
        may[at] = np.add.reduce(heard, axis=1) >= self.need[own]
        return may


def halves_of(needles: Sequence[Needle], phrases: Sequence[Phrase | None]) -> Halves:
    """The halves of needles; `phrases` gives for each the phrase that it looks for a half of, or None."""
    found: list[tuple[str, int, bool]] = []
    for needle, one in zip(needles, phrases, strict=True):
        both = None if one is None else halves(one)
        own = next(iter(needle.words[0]))
        # Of a half that overlaps itself an earlier place hides a later one, so none may be left out.
        if one is None or both is None or any(own.startswith(own[cut:]) for cut in range(1, len(own))):
            found.append(("", 0, False))
            continue
        other = both[1] if needle.spelling == HEAD else both[0]
        shift = len(both[0]) if needle.spelling == HEAD else -len(both[0])
        found.append((other, shift, len(one.spelt[0]) > MIN_NEAR_SYLLABLES))
    width = max((len(other) for other, *_ in found), default=0)
    syllables = np.zeros((len(found), width), np.uint32)
    for row, (other, *_) in zip(syllables, found, strict=True):
        row[: len(other)] = codes_of(other)
    lengths = np.array([len(other) for other, *_ in found], np.int64)
    return Halves(
        lengths > 0,
        syllables,
        np.array([shift for _, shift, _ in found], np.int64),
        lengths - 1,
        np.array([loose for *_, loose in found], bool),
    )
