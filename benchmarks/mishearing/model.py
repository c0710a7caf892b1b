"""A model of how a recogniser mishears: what it writes for what is said, learnt from pairs and drawn from.

Turns differ more than characters do: some come through whole and some are in ruins. So a turn's share of
wrong characters is drawn first, as turns have it, and then each character is heard right, as another, not at
all, or with something added, as it was before: by itself and the one before it, else by its sound, else by
the halves of its sound.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from qa_audit.text.nearest import halves_of_syllable
from qa_audit.text.pinyin import syllables

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from benchmarks.mishearing.pairs import Kept, Pair

Found = TypeVar("Found")
PRIOR = 6.0
"""So many characters of the same sound count as much as all that was seen of a character."""
MIN_EDGE = 2
"""From so many characters on, what is lost at the edge of a turn is a cut and no slip."""
_MOST_ODDS = 9.0


@dataclass(frozen=True, slots=True)
class Turned:
    """How a turn fared: wrong characters by all, and the recogniser's confidence."""

    wrong: int
    length: int
    confidence: float


@dataclass(slots=True)
class Mishearing:
    """Counts of what was heard for what was said."""

    seen: Counter[str] = field(default_factory=Counter)
    """How often each character was said outside cut edges."""
    outcomes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By character what was written for it when it was wrong; "" where it was lost."""
    pairs_seen: Counter[str] = field(default_factory=Counter)
    pair_outcomes: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """The same by a character with the one before it."""
    marks: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By the mark that should stand, which one does."""
    turns: list[Turned] = field(default_factory=list)
    lost: Counter[int] = field(default_factory=Counter)
    """Turns of which nothing was written, by length up to 9."""
    lengths: Counter[int] = field(default_factory=Counter)
    cuts: dict[str, Counter[int]] = field(default_factory=lambda: {"head": Counter(), "tail": Counter()})
    """How many characters were lost at the edge of turns; 0 for none."""
    mixed: dict[int, Counter[bool]] = field(default_factory=lambda: {1: Counter(), 2: Counter()})
    """By channels, whether a turn was written (in part) as said by the other side."""

    def learn(self, pairs: Iterable[Pair]) -> None:
        """Count pairs."""
        for pair in pairs:
            text, size = pair.said.text, len(pair.said.text)
            if not size:
                continue
            self.lengths[min(size, 9)] += 1
            if not any(pair.heard):
                self.lost[min(size, 9)] += 1
                continue
            head, tail = _edges(pair.heard)
            self.mixed[pair.channels][bool(pair.heard_roles - {pair.role})] += 1
            self.cuts["head"][head] += 1
            self.cuts["tail"][tail] += 1
            wrong = 0
            for place in range(head, size - tail):
                said, heard, before = text[place], pair.heard[place], text[place - 1] if place else "^"
                self.seen[said] += 1
                self.pairs_seen[before + said] += 1
                if heard != said:
                    wrong += 1
                    self.outcomes[said][heard] += 1
                    self.pair_outcomes[before + said][heard] += 1
                if (mark := pair.marks[place]) is not None:
                    self.marks[pair.said.marks[place]][mark] += 1
            self.turns.append(Turned(wrong, size - head - tail, pair.confidence or 0.0))

    def drawer(self) -> Drawer:
        """What draws from the counts."""
        return Drawer(self)

    def save(self, path: Path, provenance: Mapping[str, Any]) -> None:
        """Write the counts, and what they were learnt from."""
        raw = {
            "provenance": dict(provenance),
            "seen": dict(sorted(self.seen.items())),
            "outcomes": {key: dict(sorted(one.items())) for key, one in sorted(self.outcomes.items())},
            "pairs_seen": dict(sorted(self.pairs_seen.items())),
            "pair_outcomes": {
                key: dict(sorted(one.items())) for key, one in sorted(self.pair_outcomes.items())
            },
            "marks": {key: dict(sorted(one.items())) for key, one in sorted(self.marks.items())},
            "turns": [[one.wrong, one.length, round(one.confidence, 3)] for one in self.turns],
            "lost": dict(sorted(self.lost.items())),
            "lengths": dict(sorted(self.lengths.items())),
            "cuts": {key: dict(sorted(one.items())) for key, one in self.cuts.items()},
            "mixed": {key: [one[False], one[True]] for key, one in self.mixed.items()},
        }
        text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
        path.write_text(text.replace("},", "},\n") + "\n", encoding="utf-8")


def load(path: Path) -> Mishearing:
    """Read what `Mishearing.save` wrote."""
    raw = json.loads(path.read_text(encoding="utf-8"))

    def numbered(name: str) -> Counter[int]:
        return Counter({int(key): count for key, count in raw[name].items()})

    def grouped(name: str) -> defaultdict[str, Counter[str]]:
        return defaultdict(Counter, {key: Counter(one) for key, one in raw[name].items()})

    return Mishearing(
        Counter(raw["seen"]),
        grouped("outcomes"),
        Counter(raw["pairs_seen"]),
        grouped("pair_outcomes"),
        grouped("marks"),
        [Turned(*one) for one in raw["turns"]],
        numbered("lost"),
        numbered("lengths"),
        {key: Counter({int(size): count for size, count in one.items()}) for key, one in raw["cuts"].items()},
        {int(key): Counter({False: one[0], True: one[1]}) for key, one in raw["mixed"].items()},
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is heard of a turn."""

    text: str
    confidence: float


class Drawer:
    """Draws what is heard."""

    def __init__(self, model: Mishearing) -> None:
        self.model = model
        self.mean = sum(one.total() for one in model.outcomes.values()) / max(model.seen.total(), 1)
        self.by_sound: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.sound_seen: Counter[str] = Counter()
        self.by_half: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        self.written: Counter[str] = Counter(model.seen)
        for said, count in model.seen.items():
            self.sound_seen[syllables(said)[0]] += count
        for said, found in model.outcomes.items():
            sound = syllables(said)[0]
            for heard, count in found.items():
                self.by_sound[sound][heard] += count
                self.written[heard[:1]] += count
                for half, part in enumerate(halves_of_syllable(sound)):
                    self.by_half[half, part][heard] += count

    def turn(self, said: Kept, chance: random.Random) -> Drawn | None:
        """What is heard of a turn; None when all of it is lost.

        The same `chance` in the same state draws the same.
        """
        model, size = self.model, len(said.text)
        bucket = min(size, 9)
        if not size or chance.random() * (model.lengths[bucket] + 2) < model.lost[bucket]:
            return None
        fared = chance.choice([one for one in model.turns if one.length >= min(size, 4)] or model.turns)
        odds = _odds((fared.wrong + self.mean) / (fared.length + 1)) / _odds(self.mean)
        head, tail = (_draw(model.cuts[edge], chance) for edge in ("head", "tail"))
        if head + tail >= size:
            head = tail = 0
        characters = []
        for place in range(head, size - tail):
            before = said.text[place - 1] if place else "^"
            heard = self._character(said.text[place], before, min(odds, _MOST_ODDS), chance)
            mark = said.marks[place]
            found = model.marks.get(mark)
            characters.append(heard + (_draw(found, chance) if found else mark))
        text = "".join(characters)
        return Drawn(text, fared.confidence) if text else None

    def _character(self, said: str, before: str, odds: float, chance: random.Random) -> str:
        model, sound = self.model, syllables(said)[0]
        sound_rate = (self.by_sound[sound].total() + PRIOR * self.mean) / (self.sound_seen[sound] + PRIOR)
        own = (model.outcomes[said].total() if said in model.outcomes else 0) + PRIOR * sound_rate
        rate = own / (model.seen[said] + PRIOR)
        both = before + said
        if seen := model.pairs_seen[both]:
            wrong = model.pair_outcomes[both].total() if both in model.pair_outcomes else 0
            rate = (wrong + PRIOR * rate) / (seen + PRIOR)
        here = _odds(rate) * odds
        if chance.random() * (1 + here) >= here:
            return said
        return self._instead(said, both, sound, chance)

    def _instead(self, said: str, both: str, sound: str, chance: random.Random) -> str:
        model = self.model
        for found in (model.pair_outcomes.get(both), model.outcomes.get(said), self.by_sound.get(sound)):
            if found and chance.random() < found.total() / (found.total() + 1):
                return _draw(found, chance)
        half = chance.randrange(2)
        if found := self.by_half.get((half, halves_of_syllable(sound)[half])):
            return _draw(found, chance)
        return ""


def _edges(heard: Sequence[str]) -> tuple[int, int]:
    head = next(place for place, one in enumerate(heard) if one)
    tail = next(place for place, one in enumerate(reversed(heard)) if one)
    return (head if head >= MIN_EDGE else 0), (tail if tail >= MIN_EDGE else 0)


def _draw(counts: Counter[Found], chance: random.Random) -> Found:
    return chance.choices(list(counts), list(counts.values()))[0]


def _odds(share: float) -> float:
    share = min(max(share, 1e-4), 0.9)
    return share / (1 - share)
