"""A call made ready for judging: every turn normalised and spelt by sound once, joined into one text.

Wordings are looked for in the joined text, a turn a line, and what is found is given back by turn; so the
cost of a wording does not grow with the number of turns.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.prefilter import keys_of
from qa_audit.scoring.verdicts import Evidence
from qa_audit.text.normalise import normalise, sentences
from qa_audit.text.pinyin import sound
from qa_audit.text.search import fold_honorific

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.scoring.verdicts import Tier
    from qa_audit.transcribe.turns import Role, Turn


class Match(NamedTuple):
    """A place in the joined text of a call."""

    turn: int
    start: int
    end: int
    """Half-open span in the joined text."""
    tier: Tier


class Said(NamedTuple):
    """A sentence of a turn: half-open span in the joined text."""

    turn: int
    start: int
    end: int


class Form(NamedTuple):
    """The joined text in one of its forms, and its characters and pairs of characters."""

    text: str
    keys: frozenset[str]


class CallText:
    """The turns of a call and their joined, normalised text."""

    def __init__(self, turns: Sequence[Turn], *, roles_known: bool = True) -> None:
        self.turns = tuple(turns)
        self.roles: tuple[Role, ...] = tuple(
            turn.role if roles_known or turn.role == "system" else "unknown" for turn in self.turns
        )
        self._normalised = [normalise(turn.text) for turn in self.turns]
        self.lines = [one.text for one in self._normalised]
        self._starts: list[int] = []
        place = 0
        for line in self.lines:
            self._starts.append(place)
            place += len(line) + 1
        self.text = "\n".join(self.lines)
        """Joined text, a turn a line, 您 and 你 told apart."""
        self.plain = fold_honorific(self.text)
        self.spelt = sound(self.plain)
        self.as_written = Form(self.plain, keys_of(self.plain))
        self.by_sound = Form(self.spelt, keys_of(self.spelt))
        self.agent = self._of("agent")
        self.customer = self._of("customer")
        self.unknown = self._of("unknown")

    @cached_property
    def folded(self) -> Form:
        """Spelt by sound, with sounds that are easily confused made equal."""
        text = sound(self.plain, folded=True)
        return Form(text, keys_of(text))

    def _of(self, role: Role) -> tuple[int, ...]:
        return tuple(turn for turn, line in enumerate(self.lines) if line and self.roles[turn] == role)

    @property
    def roles_known(self) -> bool:
        """Whether it is known of all speech who speaks."""
        return not self.unknown

    @cached_property
    def speech(self) -> tuple[int, ...]:
        """Turns with words, announcements left out."""
        return tuple(sorted((*self.agent, *self.customer, *self.unknown)))

    @cached_property
    def maybe_agent(self) -> tuple[int, ...]:
        """Turns that the agent says, or may say."""
        return tuple(sorted((*self.agent, *self.unknown)))

    @cached_property
    def maybe_agent_sentences(self) -> tuple[Said, ...]:
        """Sentences that the agent says, or may say, in order."""
        found = []
        pieces = sentences([self.turns[turn].text for turn in self.maybe_agent])
        for turn, cut in zip(self.maybe_agent, pieces, strict=True):
            place = self._starts[turn]
            for one in cut:
                found.append(Said(turn, place, place + len(one)))
                place += len(one)
        return tuple(found)

    @cached_property
    def maybe_customer(self) -> tuple[int, ...]:
        """Turns that the customer says, or may say."""
        return tuple(sorted((*self.customer, *self.unknown)))

    def turn_at(self, place: int) -> int:
        """Turn that a place of the joined text lies in."""
        return bisect_right(self._starts, place) - 1

    def bounds(self, turn: int) -> tuple[int, int]:
        """Half-open span of a turn in the joined text."""
        return self._starts[turn], self._starts[turn] + len(self.lines[turn])

    def seconds(self, turn: int, place: int) -> float:
        """When a place of the joined text is said, by its place inside the turn."""
        one = self.turns[turn]
        share = (place - self._starts[turn]) / max(len(self.lines[turn]), 1)
        return one.start_s + share * (one.end_s - one.start_s)

    def evidence(self, match: Match) -> Evidence:
        """Evidence for a match: its words as the turn has them, its seconds by place inside the turn."""
        turn = self.turns[match.turn]
        first = self._starts[match.turn]
        start, end = self._normalised[match.turn].span(match.start - first, match.end - first)
        per_character = max(turn.end_s - turn.start_s, 0.0) / max(len(turn.text), 1)
        return Evidence(
            match.turn,
            round(turn.start_s + start * per_character, 3),
            round(min(turn.start_s + end * per_character, turn.end_s), 3),
            turn.text[start:end],
            match.tier,
        )

    def absence(self, turns: Iterable[int], wanted: str) -> Evidence:
        """Evidence that `wanted` was looked for in these turns and not found."""
        looked = sorted(turns)
        if not looked:
            return Evidence(None, 0.0, 0.0, wanted, "absence")
        start = self.turns[looked[0]].start_s
        return Evidence(looked[0], start, max(self.turns[turn].end_s for turn in looked), wanted, "absence")

    def whole_turn(self, turn: int, tier: Tier) -> Evidence:
        """A turn as evidence."""
        one = self.turns[turn]
        return Evidence(turn, one.start_s, one.end_s, one.text, tier)

    def confidence(self, turns: Iterable[int]) -> float:
        """Lowest confidence of these turns; 1 where there are none."""
        return min((self.turns[turn].confidence for turn in turns), default=1.0)
