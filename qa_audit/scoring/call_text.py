"""A call made ready for judging: every turn normalised and spelt by sound once, joined into one text.

Wordings are looked for in the joined text, a turn a line, and what is found is given back by turn; so the
cost of a wording does not grow with the number of turns. Many calls are made ready together (`call_texts`),
and the words of the rubric are then found in all of them in one pass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.scoring.joined_calls import forms_of, join_calls, roles_of
from qa_audit.scoring.prefilter import keys_of
from qa_audit.scoring.ready import PATTERNS
from qa_audit.scoring.verdicts import Evidence
from qa_audit.scoring.vocabulary import vocabulary_of_one
from qa_audit.text.joined import codes_of
from qa_audit.text.latin import is_letter, spoken_syllables
from qa_audit.text.normalise import Normalised
from qa_audit.text.pinyin import sound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from qa_audit.scoring.joined_calls import JoinedCall, Pieces
    from qa_audit.scoring.ready import Ready
    from qa_audit.scoring.said import Wording
    from qa_audit.scoring.verdicts import Tier
    from qa_audit.scoring.vocabulary import Hits, Speaker, Vocabulary
    from qa_audit.transcribe.turns import Role, Turn

_QUOTED = re.compile('“[^”]*”|「[^」]*」|『[^』]*』|"[^"]*"')


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


class Form:
    """A text in one of its forms, and its characters and pairs of characters."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def keys(self) -> frozenset[str]:
        """All characters and pairs of neighbouring characters."""
        return keys_of(self.text)


class CallText:
    """The turns of a call and their joined, normalised text."""

    def __init__(
        self, turns: Sequence[Turn], *, roles_known: bool = True, joined: JoinedCall | None = None
    ) -> None:
        if joined is None:
            joined = join_calls([turns], None, [roles_known])[0]
        self.turns = tuple(turns)
        self.roles = tuple(roles_of(turns, known=roles_known))
        self.text = joined.text
        """Joined text, a turn a line, 您 and 你 told apart."""
        self.plain = joined.plain
        self.spelt = joined.spelt
        self._origins = joined.origins
        self._sentences, self._clauses = joined.sentences, joined.clauses
        self.lines = self.text.split("\n") if self.turns else []
        self.starts = [0, *accumulate([len(line) + 1 for line in self.lines])]
        """Where each turn begins in the joined text, and the end of all; a line end lies before the next."""
        self._folded = joined.folded
        # The vocabulary is kept as well: its wordings are known by identity, so none may go meanwhile.
        self._vocabulary, self._hits = joined.vocabulary, joined.hits
        self._known = joined.vocabulary.known_by_id if joined.vocabulary else {}
        self._by_line: dict[tuple[int, bool], Form] = {}
        self.agent = self._of("agent")
        self.customer = self._of("customer")
        self.unknown = self._of("unknown")
        self.maybe_agent = tuple(sorted((*self.agent, *self.unknown))) if self.unknown else self.agent
        """Turns that the agent says, or may say."""
        self.maybe_customer = (
            tuple(sorted((*self.customer, *self.unknown))) if self.unknown else self.customer
        )
        """Turns that the customer says, or may say."""
        own = (self.agent, self.customer, self.unknown, self.maybe_agent, self.maybe_customer)
        self._sets = {id(turns): frozenset(turns) for turns in own}
        self._own: dict[Speaker, AbstractSet[int]] = {
            "agent": self.set_of(self.maybe_agent),
            "customer": self.set_of(self.maybe_customer),
        }

    @cached_property
    def as_written(self) -> Form:
        """The joined text, 您 as 你."""
        return Form(self.plain)

    @cached_property
    def by_sound(self) -> Form:
        """Spelt by sound."""
        return Form(self.spelt)

    @cached_property
    def folded(self) -> Form:
        """Spelt by sound, with sounds that are easily confused made equal."""
        return Form(sound(self.plain, folded=True) if self._folded is None else self._folded)

    def line_form(self, turn: int, *, by_sound: bool) -> Form:
        """One turn of `by_sound` or `as_written`."""
        form = self._by_line.get((turn, by_sound))
        if form is None:
            first, last = self.bounds(turn)
            form = Form((self.spelt if by_sound else self.plain)[first:last])
            self._by_line[turn, by_sound] = form
        return form

    def hits(self, wording: Wording, turns: AbstractSet[int]) -> tuple[Ready, Hits, int]:
        """A wording made ready, and where its needles stand in these turns of the call (and maybe in others):
        from which of the `starts` on."""
        known = self._known.get(id(wording))
        if known is not None and self._hits is not None:
            ready, first, speaker, _ = known
            if speaker is None or turns is self._own[speaker] or turns <= self._own[speaker]:
                return ready, self._hits, first
        known_as, alone = vocabulary_of_one(wording)
        ready, first, *_ = alone.known_by_id[id(known_as)]
        return ready, self._hits_of(alone), first

    def agent_clauses_with(self, wording: Wording) -> Sequence[Said]:
        """Clauses that the agent says, or may say, and that hold a word of each pattern that could match; all
        of them where the vocabulary has not the wording, with its patterns `placed`."""
        known = self._known.get(id(wording))
        if known is None or self._hits is None or not known.placed or known.ready.always[PATTERNS]:
            return self.maybe_agent_clauses
        hits, group = self._hits, known.first + PATTERNS
        return self.agent_clauses_at(hits.places[hits.starts[group] : hits.starts[group + 1]])

    def agent_clauses_at(self, places: Iterable[int]) -> list[Said]:
        """Clauses that the agent says, or may say, in which these places of the joined text lie, in order."""
        turns, starts, ends = self._clauses
        own, found = self._own["agent"], set()
        for place in places:
            number = bisect_right(starts, place) - 1
            if number >= 0 and place < ends[number] and turns[number] in own:
                found.add(number)
        return [Said(turns[one], starts[one], ends[one]) for one in sorted(found)]

    def _hits_of(self, vocabulary: Vocabulary) -> Hits:
        plain = codes_of(self.plain + "\n")
        lines = np.array(self.starts, np.int64)
        return vocabulary.hits(forms_of(plain), lines, np.array([0, len(self.lines)]), {})[0]

    def _of(self, role: Role) -> tuple[int, ...]:
        lines, roles = self.lines, self.roles
        return tuple([turn for turn, line in enumerate(lines) if line and roles[turn] == role])

    @property
    def roles_known(self) -> bool:
        """Whether it is known of all speech who speaks."""
        return not self.unknown

    @cached_property
    def speech(self) -> tuple[int, ...]:
        """Turns with words, announcements left out."""
        return tuple(sorted((*self.agent, *self.customer, *self.unknown)))

    @cached_property
    def customer_there(self) -> bool:
        """Whether the customer says something, or may; 嗯 alone counts from twice on, once may be a noise."""
        if self.maybe_customer:
            return True
        fillers = [
            one for one, role in zip(self.turns, self.roles, strict=True) if role == "customer" and one.text
        ]
        return len(fillers) > 1

    @cached_property
    def one_channel(self) -> bool:
        """Whether both speak on one channel, so that words of one may stand in a turn of the other."""
        speech = self.speech
        return len(self.agent) < len(speech) and len({self.turns[one].channel for one in speech}) == 1

    @cached_property
    def cuts(self) -> frozenset[int]:
        """Where sentences begin."""
        return frozenset(self._sentences[1])

    @cached_property
    def maybe_agent_sentences(self) -> tuple[Said, ...]:
        """Sentences that the agent says, or may say, in order."""
        return self._agents(self._sentences)

    @cached_property
    def maybe_agent_clauses(self) -> tuple[Said, ...]:
        """The same cut further, where commas, colons and spaces stand."""
        return self._agents(self._clauses)

    def _agents(self, pieces: Pieces) -> tuple[Said, ...]:
        own = self.set_of(self.maybe_agent)
        return tuple([Said._make(one) for one in zip(*pieces, strict=True) if one[0] in own])

    def sentence_at(self, turn: int, place: int) -> tuple[int, int]:
        """Half-open span of the agent's sentence in which a place of the joined text lies."""
        number = self.sentence_number(place)
        if number is not None:
            one = self.maybe_agent_sentences[number]
            return one.start, one.end
        return self.bounds(turn)

    def sentence_number(self, place: int) -> int | None:
        """Which of the agent's sentences a place of the joined text lies in."""
        number = bisect_right(self._sentence_starts, place) - 1
        return number if number >= 0 and place < self.maybe_agent_sentences[number].end else None

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [one.start for one in self.maybe_agent_sentences]

    def set_of(self, turns: Collection[int]) -> AbstractSet[int]:
        """Turns as a set; of those that many ask for it is made once."""
        known = self._sets.get(id(turns))
        if known is not None:
            return known
        return turns if isinstance(turns, (set, frozenset)) else set(turns)

    def turn_at(self, place: int) -> int:
        """Turn that a place of the joined text lies in."""
        return bisect_right(self.starts, place, 0, len(self.lines)) - 1

    def bounds(self, turn: int) -> tuple[int, int]:
        """Half-open span of a turn in the joined text."""
        return self.starts[turn], self.starts[turn + 1] - 1

    def syllables(self, turn: int) -> int:
        """Syllables of a turn."""
        return spoken_syllables(self.lines[turn])

    def in_a_word(self, start: int, end: int) -> bool:
        """Whether a place begins or ends within a Latin word: SB in USB, APP in Apple."""
        plain, word = self.plain, self.plain[start:end]
        if plain.startswith(word, end) or plain.endswith(word, 0, start):
            return False  # byebye
        return (is_letter(plain[start]) and self._goes_on(start - 1)) or (
            is_letter(plain[end - 1]) and self._goes_on(end - 1)
        )

    def _goes_on(self, place: int) -> bool:
        """Whether a Latin word goes on from a place to the next: nothing stands between as it is written."""
        pair = self.plain[max(place, 0) : place + 2]
        if place < 0 or len(pair) < 2 or not all(map(is_letter, pair)):
            return False
        first, second = self._origins.item(place), self._origins.item(place + 1)
        return first >= 0 and second - first == 1

    def seconds(self, turn: int, place: int) -> float:
        """When a place of the joined text is said: by its character, else by its place inside the turn."""
        one = self.turns[turn]
        origin = self._origins.item(place) if place < self.starts[turn + 1] - 1 else -1
        if origin >= 0:
            return one.at_s(origin)
        share = (place - self.starts[turn]) / max(len(self.lines[turn]), 1)
        return one.start_s + share * (one.end_s - one.start_s)

    def in_quotation_marks(self, turn: int, place: int) -> bool:
        """Whether a place of the joined text stands between quotation marks of its turn."""
        text = self.turns[turn].text
        if _QUOTED.search(text) is None:
            return False
        first = self.starts[turn]
        start, _ = Normalised(text, self.lines[turn]).span(place - first, place - first + 1)
        return any(
            one.start() < start < one.end() and one.end() - one.start() < len(text)
            for one in _QUOTED.finditer(text)
        )

    def evidence(self, match: Match) -> Evidence:
        """Evidence for a match: its words as the turn has them, and when they are said."""
        turn = self.turns[match.turn]
        origins, place = self._origins, match.start
        start, end = origins.item(place), origins.item(match.end - 1) + 1
        if start < 0:
            first = self.starts[match.turn]
            line = Normalised(turn.text, self.lines[match.turn])
            start, end = line.span(match.start - first, match.end - first)
        return Evidence(
            match.turn,
            round(turn.at_s(start), 3),
            round(turn.at_s(end), 3),
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


def call_texts(
    calls: Sequence[Sequence[Turn]], vocabulary: Vocabulary, *, roles_known: Sequence[bool]
) -> list[CallText]:
    """Many calls made ready together, with the words of a rubric found in all of them.

    Judging is the same as of a `CallText` made alone, only quicker.
    """
    joined = join_calls(calls, vocabulary, roles_known)
    return [
        CallText(turns, roles_known=known, joined=one)
        for turns, known, one in zip(calls, roles_known, joined, strict=True)
    ]
