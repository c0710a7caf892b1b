"""All words of many wordings, and where they stand in many calls: found in one pass over all of them."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from pydantic import BaseModel

from qa_audit.scoring.phrase_halves import halves_of
from qa_audit.scoring.ready import FORMS, GROUPS, UNLESS, make_ready
from qa_audit.scoring.rubric_file import RUBRICS_KEPT
from qa_audit.scoring.said import Clauses, Wording
from qa_audit.scoring.word_index import WordIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from qa_audit.scoring.ready import FormName, Needle, Ready
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.text.phrases import Phrase

Speaker = Literal["agent", "customer"]


class Hits(NamedTuple):
    """Where the needles of all wordings stand in one call, in order of wordings, groups, owners and places.

    Columns of many calls at once; those of a group of a wording go from `starts[GROUPS * wording + group]` to
    the next.
    """

    owners: list[int]
    """Which phrase or pattern of its group."""
    spellings: list[int]
    """Which spelling of a phrase, or `HEAD` or `TAIL`."""
    places: list[int]
    """Place in the call's text; of the whole line for a needle that is found `by_line`."""
    turns: list[int]
    """The turn in which the place lies."""
    starts: list[int]


class Known(NamedTuple):
    """A wording of a vocabulary."""

    ready: Ready
    first: int
    """Where its hits are counted from in `Hits.starts`."""
    speaker: Speaker | None
    """Whose turns alone it is found in; None for all."""
    placed: bool
    """Whether hits of its patterns are places of their words instead of lines."""


class _Owners(NamedTuple):
    """What each word of an index belongs to: `owners` from `starts[word]` to `starts[word + 1]`."""

    starts: NDArray[np.int64]
    owners: NDArray[np.int64]

    def of(self, words: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """All owners of these words, and for each owner which of the words it comes from."""
        starts = self.starts[words]
        counts = self.starts[words + 1] - starts
        ends = np.cumsum(counts)
        within = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
        return self.owners[within], np.repeat(np.arange(len(words)), counts)


class _Words(NamedTuple):
    """The words of one form: the needles that look for each, and the further sets that hold it."""

    trie: WordIndex
    needles: _Owners
    sets: _Owners


class Vocabulary:
    """Wordings made ready, known by identity, and the words of all of them.

    `speakers` may say of a wording (in their order) whose turns alone it is looked for in: it is then found
    only in these, for half the work. Of patterns that are `placed` the places of their first words are
    wanted, not the lines.
    """

    def __init__(
        self,
        wordings: Sequence[Wording],
        speakers: Sequence[Speaker | None] | None = None,
        placed: Sequence[Wording] = (),
    ) -> None:
        said_by: dict[int, tuple[Wording, set[Speaker | None]]] = {}
        for one, speaker in zip(wordings, speakers or [None] * len(wordings), strict=True):
            said_by.setdefault(id(one), (one, set()))[1].add(speaker)
        self._wordings = tuple(one for one, _ in said_by.values())
        self.known_by_id: dict[int, Known] = {}
        needles: list[Needle] = []
        groups: list[int] = []
        by_line: list[bool] = []
        phrases: list[Phrase | None] = []
        by_place = set(map(id, placed))
        of_needles: list[Speaker | None] = []
        for number, (one, whose) in enumerate(said_by.values()):
            ready = make_ready(one)
            speaker: Speaker | None = whose.pop() if len(whose) == 1 else None
            self.known_by_id[id(one)] = Known(ready, GROUPS * number, speaker, id(one) in by_place)
            needles += ready.needles
            groups += [GROUPS * number + needle.group for needle in ready.needles]
            of_needles.extend(speaker for _ in ready.needles)
            phrases += [
                ready.phrases[needle.owner] if needle.spelling < 0 else None for needle in ready.needles
            ]
            by_line += [needle.by_line and id(one) not in by_place for needle in ready.needles]
        self._count = len(needles)
        self._groups = np.array(groups, np.int64)
        self._owners = np.array([one.owner for one in needles], np.int64)
        self._spellings = np.array([one.spelling for one in needles], np.int64)
        self._by_line = np.array(by_line, bool)
        self._halves = halves_of(needles, phrases)
        self._is_exception = np.array([one.group >= UNLESS for one in needles], bool)
        self._everywhere = np.array([known.ready.everywhere for known in self.known_by_id.values()], bool)
        # Many patterns share what they need besides (a number, a question), so each such set is kept once.
        sets: dict[tuple[FormName, frozenset[str]], int] = {}
        further = [
            [sets.setdefault((one.form, words), len(sets)) for words in one.words[1:]] for one in needles
        ]
        self._sets = len(sets)
        """The last one, after all, stands for a set that every line fulfils."""
        width = max(map(len, further), default=0)
        padded = [[*each, *[self._sets] * (width - len(each))] for each in further]
        self._further = np.array(padded, np.int64).reshape(len(needles), width)
        self._words: list[tuple[Speaker | None, FormName, _Words]] = []
        for speaker in dict.fromkeys(of_needles):
            own = {number: one for number, one in enumerate(needles) if of_needles[number] == speaker}
            needed = {number for each in own for number in further[each]}
            besides = {number: key for key, number in sets.items() if number in needed}
            for form in FORMS:
                if words := _words_of(own, besides, form):
                    self._words.append((speaker, form, words))

    def hits(
        self,
        codes: Callable[[FormName], NDArray[np.uint32]],
        lines: NDArray[np.int64],
        calls: NDArray[np.int64],
        said_by: Mapping[Speaker, NDArray[np.bool_]],
    ) -> list[Hits]:
        """Where the needles stand in each of many calls.

        `codes` gives their joined text in a form, a line end after each line; `lines` where each line begins
        in it, and the end of all; `calls` which line each call begins with, and the number of lines;
        `said_by` which lines each speaker says or may say. Exceptions are left out where nothing stands that
        they could take back.
        """
        wide = int(lines[-1]) + 1
        lengths = np.diff(lines)
        line_at = np.repeat(np.arange(len(lines) - 1), lengths)
        call_at = np.repeat(np.arange(len(calls) - 1), np.diff(calls))
        at_of = {whose: np.flatnonzero(np.repeat(own, lengths)) for whose, own in said_by.items()}
        there = np.zeros((len(lines) - 1, self._sets + 1), bool)
        there[:, self._sets] = True
        looked_for = []
        for speaker, form, words in self._words:
            if speaker is None:
                places, found = words.trie.find(codes(form))
            else:
                places, found = words.trie.find(codes(form).take(at_of[speaker]))
                places = at_of[speaker][places]
            line = line_at[places]
            owners, which = words.sets.of(found)
            there[line[which], owners] = True
            owners, which = words.needles.of(found)
            looked_for.append((owners, places[which], line[which]))
        groups = GROUPS * len(self._wordings)
        if not looked_for:
            return [Hits([], [], [], [], [0] * (groups + 1)) for _ in calls[1:]]
        needles, places, line = map(np.concatenate, zip(*looked_for, strict=True))
        for further in self._further.T:
            left = there[line, further[needles]]
            needles, places, line = needles[left], places[left], line[left]
        left = self._of_use(needles, line, len(lines) - 1)
        left &= self._halves.may_be_whole(needles, places, codes)
        needles, places, line = needles[left], places[left], line[left]
        call = call_at[line]
        places = np.where(self._by_line[needles], lines[line], places)
        # One number for call, needle and place sorts quicker than three.
        keys = np.sort((call * self._count + needles) * wide + places)
        keys = keys[np.diff(keys, prepend=-1) > 0]
        places = keys % wide
        keys //= wide
        call = keys // self._count
        needles = keys - call * self._count
        line = line_at[places] - calls[call]
        places -= lines[calls[call]]
        counts = np.bincount(call * groups + self._groups[needles], minlength=groups * (len(calls) - 1))
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))).tolist()
        columns = self._owners[needles], self._spellings[needles], places, line
        owners, spellings, at, turns = (column.tolist() for column in columns)
        return [
            Hits(owners, spellings, at, turns, starts[first : first + groups + 1])
            for first in range(0, groups * (len(calls) - 1), groups)
        ]

    def _of_use(self, needles: NDArray[np.int64], line: NDArray[np.int64], lines: int) -> NDArray[np.bool_]:
        """Which hits are no exceptions, or stand in a line with something that they could take back."""
        wordings = self._groups[needles] // GROUPS
        exception = self._is_exception[needles]
        said = np.zeros((lines, len(self._wordings)), bool)
        said[:, self._everywhere] = True
        said[line[~exception], wordings[~exception]] = True
        return said[line, wordings]


def vocabulary_of(rubric: Rubric) -> Vocabulary:
    """The vocabulary of all wordings of a rubric; made once, whatever the detector."""
    parts = rubric.items, rubric.conditions, rubric.situations
    known = _recent.get(tuple(map(id, parts)))
    if known is None:
        wordings, speakers, placed = [], [], []
        for one in _asked_of(rubric):
            wordings.append(one.wording)
            speakers.append(one.speaker)
            if one.placed:
                placed.append(one.wording)
        known = _recent[tuple(map(id, parts))] = parts, Vocabulary(wordings, speakers, placed)
        while len(_recent) > RUBRICS_KEPT:
            _recent.popitem(last=False)
    return known[1]


_recent: OrderedDict[tuple[int, ...], tuple[tuple[object, ...], Vocabulary]] = OrderedDict()
"""By the identity of a rubric's parts, which are held so that nothing else gets the same one."""


@lru_cache(maxsize=64)
def wording_of_clauses(clauses: Clauses) -> Wording:
    """What clauses are looked for by: where the words of one stand at all (`CallText.agent_clauses_with`)."""
    return Wording(patterns=clauses.patterns, tolerance="exact")


@lru_cache(maxsize=4096)
def vocabulary_of_one(wording: Wording) -> tuple[Wording, Vocabulary]:
    """The vocabulary of one wording alone, and the wording that it knows."""
    return wording, Vocabulary([wording])


def wordings_of(part: Any) -> Iterator[Wording]:
    """All wordings of a rubric or of a part of one, in order."""
    return (one.wording for one in _asked_of(part) if not one.placed)


class _Asked(NamedTuple):
    """A wording of a rubric, or what one of its clauses is looked for by (`placed`)."""

    wording: Wording
    speaker: Speaker
    """Whose turns the checks look for it in."""
    placed: bool


def _asked_of(part: Any, speaker: Speaker = "agent") -> Iterator[_Asked]:
    """All wordings and clauses of a rubric or of a part of one, in order."""
    if isinstance(part, Wording):
        yield _Asked(part, speaker, placed=False)
    elif isinstance(part, Clauses):
        yield _Asked(wording_of_clauses(part), speaker, placed=True)
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _asked_of(getattr(part, name), "customer" if name in _OF_CUSTOMER else speaker)
    elif isinstance(part, (tuple, list, dict)):
        for one in part.values() if isinstance(part, dict) else part:
            yield from _asked_of(one, speaker)


_OF_CUSTOMER = frozenset(
    (
        "to",
        "customer_waits",
        "asked_after",
        "details",
        "not_details",
        "trigger",
        "weak_trigger",
        "customer_says",
        "when_customer_says",
    )
)
"""Fields of a rubric with wordings that only the customer is asked about; all others are the agent's. (One
that is looked for elsewhere all the same is found, only slower.)"""


def _words_of(
    needles: Mapping[int, Needle], sets: Mapping[int, tuple[FormName, frozenset[str]]], form: FormName
) -> _Words | None:
    looked_for: dict[str, list[int]] = {}
    for number, needle in needles.items():
        if needle.form == form:
            for word in needle.words[0]:
                looked_for.setdefault(word, []).append(number)
    besides: dict[str, list[int]] = {}
    for number, (of_form, words) in sets.items():
        if of_form == form:
            for word in words:
                besides.setdefault(word, []).append(number)
    words = [*dict.fromkeys((*looked_for, *besides))]
    if not words:
        return None
    return _Words(WordIndex(words), _owners(words, looked_for), _owners(words, besides))


def _owners(words: Sequence[str], by_word: Mapping[str, Sequence[int]]) -> _Owners:
    each = [by_word.get(word, ()) for word in words]
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum([len(one) for one in each])))
    return _Owners(starts, np.array([number for one in each for number in one], np.int64))
