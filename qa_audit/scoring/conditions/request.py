"""Requests to the customer: with 请 or another courtesy, or bare."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import (
    NOT_APPLICABLE,
    as_written,
    failed,
    passed,
    sure,
    surely_heard,
    uncertain,
)
from qa_audit.scoring.conditions.likely import likely_in, sentences_doing
from qa_audit.scoring.learned.acts import scores_of
from qa_audit.scoring.pattern_bounds import bounded
from qa_audit.scoring.pattern_numbers import sought_pattern
from qa_audit.scoring.vocabulary import wording_of_clauses
from qa_audit.scoring.wording import find_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.checks import Request
    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.pattern_bounds import SearchPattern
    from qa_audit.scoring.said import Clauses

ACROSS = 10
"""Characters between a courtesy and a request in the next sentence that it still covers: recognisers cut
sentences in two."""


NEAR_BEFORE, NEAR_INTO = 4, 3
"""Characters before a request, and of its own, in which a misheard courtesy is looked for."""
ASKED_BEFORE, ASKED_AFTER = 2, 4
"""Characters before and after a request with which the detector of acts reads it."""
ASKS_FROM, HARDLY_ASKS = -1.8, -4.0
"""Scores of that detector: from the first on, words found are a request for certain; below the second, none.

Patterns find requests in what recognisers make of other words, and in words that nobody thought of. Of six
parts of the practice calls, 7,200 as written and as misheard, with -1 instead of -3 53 instead of 92 have a
false fault, and 705 instead of 723 a true one; 说一下姓什么 has -1.75."""
SUBJECT = 1
"""Characters of a clause before 您, at most, where it is the clause's subject: 那您看看."""
LEAD = 6
"""Characters in which 您 stands before the verb of a request."""
_NUMBER = re.compile("([零一二三四五六七八九])[零一二三四五六七八九]+")
_POLITE_YOU = re.compile("您(?![的家那手这们]|放心|谅解|原谅|见谅|理解|体谅)")
_POLITE_YOU_FAR = re.compile("您[先再就]?把.{1,16}$")
_POLITE_YOU_FIRST = re.compile(
    "(?:那么?|好的?|嗯|可以的?|这样)?您(?:先|再|就)?(?![的家那手这们先再就是要想有没说讲什哪怎几名贵好稍别不刚已也都可还应确看放谅理原见体昨今跟对和])"
    "[^吗呢吧您我]{1,30}$"
)
"""A sentence that tells 您 what to do, up to a further step of it: 您用清水冲一下，晾干了再装回去."""

_ASKED_WHAT = re.compile(
    "([^是有为要说在到没干做的了问怎这那报念讲留填给我你他])[些点上好齐个]?(?:什么|啥|哪|谁|几|多少)"
)
"""What a customer asks for with the verb before it: 要带什么."""


def judge_request(check: Request, case: Case) -> Judgement:
    """A fault for a request without a courtesy near it; not applicable without any request.

    Requests are found by their words anywhere in a turn, and as clauses that begin with their verb. One that
    has 您 before the verb (您打开设置), but nothing else courteous, is neither bare nor with 请: it can't be
    told where a person wrote the words, and is no fault where they were recognised, for a 请 before 您 is
    often lost. 您的号码报一下 is bare, for there 您 is no subject.
    """
    call = case.call
    turns = call.maybe_agent
    requests = find_all(check.requests, call, turns)
    requests += [
        one for one in _clauses(check.clauses, call) if not any(_meet(one, other) for other in requests)
    ]
    requests = [
        one for one in requests if not _taken_back(check.not_requests, call, one) and not _answers(one, call)
    ]
    before = find_all(check.polite_before, call, turns) if requests else []
    bare = _uncovered(requests, before, check, call)
    after = find_all(check.polite_after, call, turns) if bare else []
    bare = [match for match in bare if not _covered_after(match, after, check)]
    chances = {match: _likely_polite(check, case, match) for match in bare}
    # A courtesy that was likely said covers what it stands before as one in the text does.
    courteous = [match for match in bare if chances[match] == "yes"]
    bare = [match for match in bare if not _covered_before(match, courteous, check, call)]
    softer = {one for one in bare if _with_polite_you(one, call) or _a_further_step(one, call)}
    # 您把单号告诉我，我调出来看看，可以吗: after 您 the question at the end is about the request too.
    bare = [one for one in bare if one not in softer or not _asked_at_end(one, after, call)]
    bare = [one for one in bare if one not in softer or as_written(one.turn, call)]
    asking = dict(zip(bare, _asking(check, case, bare), strict=True))
    # 您稍等, as a person wrote it, is a request whatever else it is.
    none = {one for one, score in asking.items() if score < HARDLY_ASKS and one not in softer}
    requests, bare = [[one for one in some if one not in none] for some in (requests, bare)]
    clear = [
        one
        for one in bare
        if chances[one] == "no" and sure(one, case) and one not in softer and asking[one] >= ASKS_FROM
    ]
    learned, perhaps = _learned(check, case, [*requests, *before]) if check.act else ([], [])
    clear += learned
    if clear:
        return failed(call.evidence(match) for match in clear)
    unclear = [*bare, *perhaps, *find_all(check.doubtful, call, turns)]
    if unclear:
        return uncertain(call.evidence(match) for match in unclear)
    polite = requests or find_all(check.polite_requests, call, turns)
    return passed(call.evidence(match) for match in polite[:3]) if polite else NOT_APPLICABLE


def _learned(check: Request, case: Case, known: list[Match]) -> tuple[list[Match], list[Match]]:
    """Sentences that surely, and perhaps, ask for something without courtesy, but those with a known request
    or courtesy."""
    call, surely, perhaps = case.call, [], []
    assert check.act is not None
    for match, is_sure in sentences_doing(check.act, case):
        if any(_meet(match, one) for one in known) or _after(check, match, call) or _told(check, match, call):
            continue
        if _answers(match, call):
            continue
        certain = is_sure and surely_heard(match.turn, case) and not _to_polite_you(match, call)
        (surely if certain else perhaps).append(match)
    return surely, perhaps


def _asking(check: Request, case: Case, requests: list[Match]) -> list[float]:
    """How far each request found by its words asks for something, by the detector of acts."""
    if check.act is None or case.act_detector is None:
        return [ASKS_FROM] * len(requests)
    return scores_of(check.act, [_around(one, case.call) for one in requests], case.act_detector)


def _around(request: Match, call: CallText) -> str:
    """A request as the detector of acts reads it."""
    first, last = call.bounds(request.turn)
    near = call.text[max(first, request.start - ASKED_BEFORE) : min(last, request.end + ASKED_AFTER)]
    # To the detector 你 is 您, and that is courteous; of a number it knows no more than of a digit.
    return _NUMBER.sub(r"\1", near.replace("你", "")) or near


def _told(check: Request, match: Match, call: CallText) -> bool:
    """Whether every clause of a sentence is one of those that ask for nothing."""
    _, unless = _compiled(check.clauses)
    clauses = [one for one in call.maybe_agent_clauses if match.start <= one.start < match.end]
    return all(unless.search(call.plain[one.start : one.end]) for one in clauses)


def _after(check: Request, match: Match, call: CallText) -> bool:
    """Whether a courtesy that follows a request stands in a sentence."""
    return any(_meet(match, one) for one in find_all(check.polite_after, call, [match.turn]))


def _answers(request: Match, call: CallText) -> bool:
    """Whether the words answer what the customer asked right before: 带身份证 after 要带什么."""
    before = next((turn for turn in reversed(call.speech) if turn < request.turn), None)
    if before is None or call.roles[before] != "customer":
        return False
    begun = call.plain[request.start : request.start + NEAR_INTO]
    return any(asked[1] in begun for asked in _ASKED_WHAT.finditer(call.lines[before]))


def _with_polite_you(request: Match, call: CallText) -> bool:
    """Whether 您 stands before the verb: in the request itself, or right before it as the subject."""
    first, _ = call.sentence_at(request.turn, request.start)
    near, last = max(first, request.start - NEAR_BEFORE), min(request.end, request.start + LEAD)
    if _POLITE_YOU_FAR.search(call.text[first : request.start]):
        return True
    places = [near + found.start() for found in _POLITE_YOU.finditer(call.text[near:last])]
    begun = [one.start for one in call.agent_clauses_at([request.start])]
    # 不收您费用，地址报一下: in another clause it is no subject but where the clause begins with it.
    return any(
        place >= max(begun, default=first)
        or any(place - one.start <= SUBJECT for one in call.agent_clauses_at([place]))
        for place in places
    )


def _asked_at_end(request: Match, courtesies: list[Match], call: CallText) -> bool:
    """Whether a sentence with a request ends with a courtesy."""
    _, last = call.sentence_at(request.turn, request.start)
    return any(
        one.turn == request.turn and request.start < one.start and one.end >= last - 1 for one in courtesies
    )


def _a_further_step(request: Match, call: CallText) -> bool:
    """Whether the sentence began with 您 for what to do: written words alone have its commas and its end."""
    first, _ = call.sentence_at(request.turn, request.start)
    return as_written(request.turn, call) and bool(
        _POLITE_YOU_FIRST.fullmatch(call.text, first, request.start)
    )


def _to_polite_you(match: Match, call: CallText) -> bool:
    """Whether a whole sentence tells 您 what to do."""
    return bool(_POLITE_YOU_FIRST.match(call.text, match.start, match.end))


def _likely_polite(check: Request, case: Case, request: Match) -> str:
    """Whether a courtesy was likely said right before a request, or at its beginning."""
    call = case.call
    first, _ = call.sentence_at(request.turn, request.start)
    start = max(first, request.start - NEAR_BEFORE)
    end = min(request.end, request.start + NEAR_INTO)
    return likely_in(check.likely, call.plain[start:end])


def _clauses(check: Clauses, call: CallText) -> Iterator[Match]:
    """Clauses that are nothing but a request."""
    if not check.patterns:
        return
    request, unless = _compiled(check)
    for clause in call.agent_clauses_with(wording_of_clauses(check)):
        line = call.plain[clause.start : clause.end]
        if request.match(line) and not unless.search(line):
            yield Match(clause.turn, clause.start, clause.end, "regex")


@lru_cache(maxsize=16)
def _compiled(check: Clauses) -> tuple[SearchPattern, SearchPattern]:
    request = sought_pattern(check.lead) + "(?:" + "|".join(map(sought_pattern, check.patterns)) + ")"
    return bounded(request), bounded("|".join(map(sought_pattern, check.unless or ("(?!)",))))


def _taken_back(patterns: tuple[str, ...], call: CallText, request: Match) -> bool:
    first, last = call.sentence_at(request.turn, request.start)
    start, end = request.start - first, request.end - first
    sentence = call.plain[first:last]
    return any(
        found.start() < end and start < found.end()
        for pattern in _exceptions(patterns)
        for found in pattern.finditer(sentence)
    )


@lru_cache(maxsize=16)
def _exceptions(patterns: tuple[str, ...]) -> tuple[SearchPattern, ...]:
    return tuple(bounded(sought_pattern(one)) for one in patterns)


def _meet(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def _uncovered(requests: list[Match], courtesies: list[Match], check: Request, call: CallText) -> list[Match]:
    """Requests without a courtesy before them; one that has it covers the next steps in its sentence."""
    bare: list[Match] = []
    courteous = call.agent_clauses_at(one.start for one in courtesies)
    ends = [(one.turn, one.end) for one in courteous]
    for request in sorted(requests, key=lambda one: one.start):
        first, _ = call.sentence_at(request.turn, request.start)
        from_here = max(first + 1, request.start - check.reach_before)
        if _covered_before(request, courtesies, check, call) or any(
            turn == request.turn and from_here <= end <= request.start for turn, end in ends
        ):
            ends.append((request.turn, request.end))
        else:
            bare.append(request)
    return bare


def _covered_before(request: Match, courtesies: list[Match], check: Request, call: CallText) -> bool:
    first, _ = call.sentence_at(request.turn, request.start)
    from_here = max(request.start - check.reach_before, min(first, request.start - ACROSS))
    return any(one.turn == request.turn and from_here <= one.start < request.end for one in courtesies)


def _covered_after(request: Match, courtesies: list[Match], check: Request) -> bool:
    return any(
        one.turn == request.turn and request.start <= one.start <= request.end + check.reach_after
        for one in courtesies
    )
