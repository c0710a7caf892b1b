"""您 and 你: which of the two the agent says to the customer, through a recogniser that confuses them."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, as_written, failed, passed, uncertain
from qa_audit.scoring.pattern_bounds import bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.checks import Address
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.pattern_bounds import SearchPattern

_SURE_RATE = 1e-4
_SHARES = (0.25, 0.5, 0.75, 1.0)


_EITHER = re.compile("[您你]")
_GOES_ON = 8
"""Characters from one 你 of a quotation to the next in its clause: 说你不配合就冻结你的账户."""


class _Said(NamedTuple):
    turn: int
    start: int
    informal: bool


class _Place(NamedTuple):
    match: Match
    informal: bool
    rate: float
    """Probability that a 您 here is written as 你."""
    free: bool
    """Not in a greeting or set phrase."""
    odds: float | None
    """Log-odds that the sound is 您; None in a greeting, where it does not tell, and where unknown."""


def judge_address(check: Address, case: Case) -> Judgement:
    """A fault when the agent says 你, by the sound of all places together where it was measured.

    Where it was not, a fault when mishearing 您 can hardly explain the 你 in the agent's turns. Were every
    place a 您, each would be written as 你 with a known rate. When as many 你 as were found have a
    probability below `fail_below_chance`, it is a fault; above `pass_above_chance` they say nothing. Between
    the two only the sound tells: in whole calls 8 % of the 您 were written as 你.
    """
    call = case.call
    addressed = _addressed(check, case)
    if not addressed:
        return NOT_APPLICABLE
    measured = _measured(call, addressed)
    if not measured and not any(informal for _, _, informal in addressed):
        turn, start, _ = addressed[0]
        return passed([call.evidence(Match(turn, start, start + 1, "exact"))])
    places = _rated(check, case, addressed, measured)
    if measured:
        return _by_sound(check, case, places)
    informal = [place for place in places if place.informal]
    evidence = [call.evidence(place.match) for place in informal]
    if any(call.roles[place.match.turn] == "unknown" for place in informal):
        return uncertain(evidence)
    chance = min(_chance(places), _chance([place for place in places if place.free]))
    if chance < check.fail_below_chance:
        return failed(evidence)
    return passed(evidence) if chance > check.pass_above_chance else uncertain(evidence)


def _by_sound(check: Address, case: Case, places: Sequence[_Place]) -> Judgement:
    """Judge the call from all its places: how probable is an agent who says 你, now and then or always?

    A 你 that a person wrote needs no such reckoning.
    """
    call = case.call
    if written := [place for place in places if place.rate == _SURE_RATE and place.informal]:
        evidence = [call.evidence(place.match) for place in written]
        unknown = all(call.roles[place.match.turn] == "unknown" for place in written)
        return uncertain(evidence) if unknown else failed(evidence)
    weights = [(_weight(check, case, place), place) for place in places]
    spoken = chance_of_informal([weight for weight, _ in weights], check.usual_odds)
    heard = [place for weight, place in weights if weight > 0] or [max(weights, key=itemgetter(0))[1]]
    evidence = [call.evidence(place.match._replace(tier="acoustic")) for place in heard]
    if spoken < check.pass_below:
        return passed([call.evidence(places[0].match)])
    if spoken < check.fail_above or any(call.roles[place.match.turn] == "unknown" for place in heard):
        return uncertain(evidence)
    return failed(evidence)


def _weight(check: Address, case: Case, place: _Place) -> float:
    """How much more a place sounds like 你 than like 您: natural logarithm of the likelihood ratio."""
    if place.rate == _SURE_RATE or place.odds is None:
        return 0.0
    near = max(-check.sound_reach, min(check.sound_reach, -place.odds))
    ratio = math.exp(check.sound_slope * near + check.far_slope * (-place.odds - near))
    guessed = case.call.turns[place.match.turn].role
    if not case.call.one_channel or guessed == "unknown":
        return math.log(ratio)
    if guessed == "customer":
        return min(0.0, math.log(ratio))
    return math.log(ratio / (1 - check.leak + check.leak * ratio))


def chance_of_informal(weights: Sequence[float], usual_odds: float) -> float:
    """Probability that an agent says 你 at some of these places, by how much each sounds like it.

    An agent who does so may do it at a quarter of the places or at all (`_SHARES`, as likely each).
    `usual_odds` are the log-odds of an agent who never does.

    >>> chance_of_informal([4.0, 4.0, -3.0], 1.9) > 0.9 > 0.5 > chance_of_informal([3.0] + 9 * [-4.0], 1.9)
    True
    """
    ratios = [math.prod(1 + share * math.expm1(weight) for weight in weights) for share in _SHARES]
    ratio = sum(ratios) / len(ratios)
    return ratio / (ratio + math.exp(usual_odds))


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


def _addressed(check: Address, case: Case) -> list[_Said]:
    """Every 您 and 你 that the agent says to the customer."""
    call, quoted = case.call, _patterns(check.quoted)
    places = []
    for turn in call.maybe_agent:
        line, first = call.lines[turn], call.starts[turn]
        if "你" in line:
            not_said = _covered(quoted, line)
            clauses = () if as_written(turn, call) else check.quoted_clauses
            quoted_before = -_GOES_ON
            for found in _EITHER.finditer(line):
                place, informal = found.start(), found[0] == "你"
                if informal and (
                    _inside(place, not_said)
                    or _in_quoted_clause(clauses, call, first + place)
                    or call.in_quotation_marks(turn, first + place)
                    or _goes_on(call, first + quoted_before, first + place)
                ):
                    quoted_before = place
                else:
                    quoted_before = -_GOES_ON
                    places.append(_Said(turn, first + place, informal))
        elif "您" in line:
            places += [_Said(turn, first + found.start(), False) for found in _EITHER.finditer(line)]
    return places


def _goes_on(call: CallText, quoted: int, place: int) -> bool:
    """Whether a 你 stands soon after a quoted one, in the same clause."""
    if place - quoted >= _GOES_ON:
        return False
    return len(call.agent_clauses_at([quoted, place])) == 1


def _in_quoted_clause(clauses: tuple[str, ...], call: CallText, place: int) -> bool:
    """Whether the 你 in a place of the joined text stands in a clause that is not said to the customer."""
    quoted = _patterns(clauses)
    return any(
        _inside(place - one.start, _covered(quoted, call.text[one.start : one.end]))
        for one in (call.agent_clauses_at([place]) if quoted else ())
    )


def _rated(
    check: Address, case: Case, places: Iterable[_Said], measured: Mapping[int, float]
) -> list[_Place]:
    """The places with how often a 您 there is written as 你, by what stands around it and who wrote it, and
    how it sounds; a greeting's sound does not tell."""
    call = case.call
    greetings, set_phrases = _patterns(check.greetings), _patterns(check.set_phrases)
    rated = []
    for turn, each in groupby(places, key=itemgetter(0)):
        line, first = call.lines[turn], call.starts[turn]
        greeted, fixed = _covered(greetings, line), _covered(set_phrases, line)
        sure = as_written(turn, call)
        for _, start, informal in each:
            in_greeting = _inside(start - first, greeted)
            if in_greeting:
                rate = check.misheard_rate_in_greetings
            elif _inside(start - first, fixed):
                rate = check.misheard_rate_in_set_phrases
            else:
                rate = check.misheard_rate
            free = rate == check.misheard_rate
            odds = None if in_greeting else measured.get(start)
            match = Match(turn, start, start + 1, "exact")
            rated.append(_Place(match, informal, _SURE_RATE if sure else rate, free, odds))
    return rated


def _measured(call: CallText, places: Iterable[_Said]) -> dict[int, float]:
    """Log-odds by place of the joined text, where the recogniser said."""
    found: dict[int, float] = {}
    for number in {one.turn for one in places}:
        turn = call.turns[number]
        if turn.formal and any(odds is not None for odds in turn.formal):
            first, last = call.bounds(number)
            own = [place for place in range(first, last) if call.text[place] in "您你"]
            # Words that were put right may hold others: then it can't be told which is which.
            if len(own) == len(turn.formal):
                found |= {
                    place: odds for place, odds in zip(own, turn.formal, strict=True) if odds is not None
                }
    return found


@lru_cache(maxsize=256)
def _patterns(patterns: tuple[str, ...]) -> SearchPattern | None:
    """One pattern in which 你 also stands for 您, so that it finds the same places for both."""
    both = [re.sub(r"(?<!\[)你(?![^\[]*\])", "[你您]", pattern) for pattern in patterns]
    # Beginning with a character instead of a set lets `re` skip what can't match.
    both = [
        f"你{one[4:]}|您{one[4:]}" if one.startswith("[你您]") and "|" not in one else one for one in both
    ]
    return bounded("|".join(f"(?:{one})" for one in both)) if both else None


def _covered(pattern: SearchPattern | None, line: str) -> list[tuple[int, int]]:
    """Spans of the matches in a line."""
    return [] if pattern is None else [match.span() for match in pattern.finditer(line)]


def _inside(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)
