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
    free: bool
    """Not in a greeting or set phrase."""


def judge_address(check: Address, case: Case) -> Judgement:
    """A fault when mishearing 您 can hardly explain the 你 in the agent's turns.

    Were every place a 您, each would be written as 你 with a known rate. When as many 你 as were found have a
    probability below `fail_below_chance`, it is a fault; above `pass_above_chance` they say nothing. Between
    the two only the sound tells: in whole calls 8 % of the 您 were written as 你.
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
    chance = min(_chance(places), _chance([place for place in places if place.free]))
    if chance < check.fail_below_chance:
        return failed(evidence)
    return passed(evidence) if chance > check.pass_above_chance else uncertain(evidence)


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
    quoted, greetings = _patterns(check.quoted), _patterns(check.greetings)
    set_phrases = _patterns(check.set_phrases)
    places = []
    for found in re.finditer("[您你]", call.text):
        turn = call.turn_at(found.start())
        if turn not in allowed:
            continue
        first, last = call.bounds(turn)
        informal = found[0] == "你"
        if informal and _inside(quoted, call.text, first, last, found.start()):
            continue
        if _inside(greetings, call.text, first, last, found.start()):
            rate = check.misheard_rate_in_greetings
        elif _inside(set_phrases, call.text, first, last, found.start()):
            rate = check.misheard_rate_in_set_phrases
        else:
            rate = check.misheard_rate
        free = rate == check.misheard_rate
        if call.turns[turn].confidence >= SURE_CONFIDENCE:
            rate = _SURE_RATE
        places.append(_Place(Match(turn, found.start(), found.end(), "exact"), informal, rate, free))
    return places


@lru_cache(maxsize=256)
def _patterns(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern in which 你 also stands for 您, so that it finds the same places for both."""
    both = [re.sub(r"(?<!\[)你(?![^\[]*\])", "[你您]", pattern) for pattern in patterns]
    return re.compile("|".join(f"(?:{one})" for one in both), re.MULTILINE) if both else None


def _inside(pattern: re.Pattern[str] | None, text: str, first: int, last: int, place: int) -> bool:
    if pattern is None:
        return False
    line, offset = text[first:last], place - first
    return any(match.start() <= offset < match.end() for match in pattern.finditer(line))
