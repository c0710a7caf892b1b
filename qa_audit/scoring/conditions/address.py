"""您 and 你: which of the two the agent says to the customer, through a recogniser that confuses them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, failed, passed, uncertain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.rubric import Address

SURE_CONFIDENCE = 0.995
"""From here on the words are taken as they stand: a person wrote or corrected them."""
_SURE_RATE = 1e-4


class _Place(NamedTuple):
    match: Match
    informal: bool
    rate: float
    """Probability that a 您 here is written as 你."""
    set_phrase: bool


def judge_address(check: Address, case: Case) -> Judgement:
    """A fault when mishearing 您 can hardly explain the 你 in the agent's turns.

    Were every place a 您, each would be written as 你 with a known rate; when as many 你 as were found have a
    probability below `at_most_chance`, it is a fault. One or two 你 among many 您 can't be told from
    the words (in whole calls 8 % of the 您 were written as 你): only the sound tells.
    """
    call = case.call
    places = _places(check, case)
    if not places:
        return NOT_APPLICABLE
    informal = [place for place in places if place.informal]
    if not informal:
        return passed([call.evidence(places[0].match)])
    evidence = [call.evidence(place.match) for place in informal]
    if any(call.roles[place.match.turn] == "unknown" for place in informal):
        return uncertain(evidence)
    free = [place for place in places if not place.set_phrase]
    chance = min(_chance(places), _chance(free))
    return failed(evidence) if chance < check.at_most_chance else uncertain(evidence)


def _chance(places: Sequence[_Place]) -> float:
    count = sum(place.informal for place in places)
    return chance_of_at_least(count, [place.rate for place in places]) if count else 1.0


def chance_of_at_least(count: int, rates: Iterable[float]) -> float:
    """Probability of at least `count` events among independent ones with these probabilities.

    >>> round(chance_of_at_least(2, [0.08, 0.08]), 4)
    0.0064
    >>> chance_of_at_least(0, [])
    1.0
    """
    exactly = [1.0] + [0.0] * count
    for rate in rates:
        # The last entry gathers "count or more", so nothing leaves it.
        exactly[count] += exactly[count - 1] * rate if count else 0.0
        for events in range(count - 1, 0, -1):
            exactly[events] += exactly[events - 1] * rate - exactly[events] * rate
        if count:
            exactly[0] *= 1 - rate
    return exactly[count]


def _places(check: Address, case: Case) -> list[_Place]:
    call = case.call
    allowed = set(call.maybe_agent)
    quoted, set_phrases = _patterns(check.quoted), _patterns(check.set_phrases)
    places = []
    for found in re.finditer("[您你]", call.text):
        turn = call.turn_at(found.start())
        if turn not in allowed:
            continue
        first, last = call.bounds(turn)
        informal = found[0] == "你"
        if informal and _inside(quoted, call.text, first, last, found.start()):
            continue
        in_set_phrase = _inside(set_phrases, call.text, first, last, found.start())
        if call.turns[turn].confidence >= SURE_CONFIDENCE:
            rate = _SURE_RATE
        else:
            rate = check.misheard_rate_in_set_phrases if in_set_phrase else check.misheard_rate
        match = Match(turn, found.start(), found.end(), "exact")
        places.append(_Place(match, informal, rate, in_set_phrase))
    return places


@lru_cache(maxsize=256)
def _patterns(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern in which 你 also stands for 您, so that it finds the same places for both."""
    both = [re.sub(r"(?<!\[)你(?![^\[]*\])", "[你您]", pattern) for pattern in patterns]
    return re.compile("|".join(f"(?:{one})" for one in both), re.MULTILINE) if both else None


def _inside(pattern: re.Pattern[str] | None, text: str, first: int, last: int, place: int) -> bool:
    if pattern is None:
        return False
    # A pattern reaches a few characters round a place; no need to look at the whole turn.
    window = text[max(first, place - 12) : min(last, place + 12)]
    offset = place - max(first, place - 12)
    return any(match.start() <= offset < match.end() for match in pattern.finditer(window))
