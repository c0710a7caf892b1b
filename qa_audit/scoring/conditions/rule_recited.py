"""A text that must be said as it stands: how much of it is, over several turns, whoever says 嗯 between."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome, counted
from qa_audit.scoring.conditions.rule_said import placed
from qa_audit.scoring.conditions.rule_similar import plain
from qa_audit.scoring.conditions.rule_where import regions
from qa_audit.text.joined import codes_of
from qa_audit.text.pinyin import sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.conditions.rule_where import Region
    from qa_audit.scoring.rule_schema import Recited

_ANOTHER, _LEFT_OUT, _PUT_IN = 1.0, 0.5, 0.5
"""What a syllable costs that is another, is left out, or is put in, beside 1 for one that is right."""
_MOST_LACKING = 5
"""Syllables in a row of which none is right; recognisers lose single ones, people leave out clauses."""


class Recital(NamedTuple):
    """The part of a text that comes nearest to a script: half-open span, and how much of it is there."""

    start: int
    end: int
    share: float
    """Of the script's syllables, in their order, by sound."""
    written: float
    """The same by writing."""
    lacking: int
    """Of the script's syllables the most in a row that it has not."""


def judge_recited(one: Recited, scene: Scene) -> Outcome:
    """Whether one of the scripts is said, as far as recognised words can tell."""
    places = regions(one.where, one.who, scene)
    found = dict.fromkeys(
        hit for region in places for script in one.to for hit in _recited(one, plain(script), region, scene)
    )

    def judge(inside: list[Hit], region: Region) -> Belief:
        missed = region.unsure or scene.case.doubtful(region.turns)
        return counted((hit.level for hit in inside), 1, missed=missed)

    return placed(one.where, [*found], places, scene, judge)


def _recited(one: Recited, script: str, region: Region, scene: Scene) -> Iterator[Hit]:
    """The place in a region that comes nearest to the script, if a person should hear it at least."""
    call = scene.case.call
    spans = [
        (max(first, region.start), min(last, region.end)) for first, last in map(call.bounds, region.turns)
    ]
    origins = [place for first, last in spans for place in range(first, last)]
    told = recital(script, "".join(call.plain[first:last] for first, last in spans if first < last))
    if told is None or told.share < one.at_least - one.margin:
        return
    start, end = origins[told.start], origins[told.end - 1] + 1
    turn = call.turn_at(start)
    # Words are shown of the turn in which it begins.
    match = Match(turn, start, min(end, call.bounds(turn)[1]), "similar")
    level = Belief.UNKNOWN
    if told.share >= one.at_least and told.lacking <= _MOST_LACKING:
        level = Belief.YES if told.written >= one.at_least else Belief.LIKELY
    evidence = call.evidence(match)
    evidence = replace(evidence, quote=f"{evidence.quote} ({told.share:.0%})")
    level = min(scene.level(level, call.turn_at(at), one.who) for at in (start, end - 1))
    yield Hit(level, turn, start, end, evidence.start_s, call.seconds(call.turn_at(end - 1), end), evidence)


def recital(script: str, text: str) -> Recital | None:
    """Where a text has a script, all of it or a part; None where it has nothing of it.

    >>> told = recital("投资有风险请您谨慎选择", "好的投资有风险请你谨慎")
    >>> told.start, told.end, round(told.share, 2), told.lacking
    (2, 11, 0.73, 2)
    """
    wanted, said = codes_of(sound(script)), codes_of(sound(text))
    if not len(wanted) or not len(said):
        return None
    table = _table(wanted, said)
    row, column = map(int, np.unravel_index(int(table.argmax()), table.shape))
    pairs: list[tuple[int, int]] = []
    while table[row, column] > 0:
        here = table[row, column]
        same = wanted[row - 1] == said[column - 1]
        if np.isclose(here, table[row - 1, column - 1] + (1.0 if same else -_ANOTHER)):
            row, column = row - 1, column - 1
            if same:
                pairs.append((row, column))
        elif np.isclose(here, table[row - 1, column] - _LEFT_OUT):
            row -= 1
        else:
            column -= 1
    if not pairs:
        return None
    written = sum(script[one] == text[other] for one, other in pairs)
    length = len(script)
    there = [-1, *(one for one, _ in reversed(pairs)), length]
    lacking = max(after - before - 1 for before, after in itertools.pairwise(there))
    return Recital(pairs[-1][1], pairs[0][1] + 1, len(pairs) / length, written / length, lacking)


def _table(wanted: NDArray[np.uint32], said: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Best scores of alignments that end at each pair of places (Smith and Waterman), from a row of zeros."""
    table = np.zeros((len(wanted) + 1, len(said) + 1), np.float32)
    put_in = _PUT_IN * np.arange(len(said) + 1, dtype=np.float32)
    for row, sign in enumerate(wanted, 1):
        above, here = table[row - 1], table[row]
        here[1:] = np.maximum(above[:-1] + np.where(said == sign, 1.0, -_ANOTHER), above[1:] - _LEFT_OUT)
        np.maximum(here, 0, out=here)
        # What is put in is taken off the best before it.
        here[:] = np.maximum.accumulate(here + put_in) - put_in
    return table
