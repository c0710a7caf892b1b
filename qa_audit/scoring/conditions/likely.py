"""Words that the text lacks but that were likely said, by what recognisers make of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import as_written
from qa_audit.scoring.learned.acts import ACTS, DONE, UNCLEAR
from qa_audit.scoring.pattern_bounds import bounded
from qa_audit.scoring.pattern_numbers import sought_pattern
from qa_audit.text.mishearing import best_fit, ratio_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from qa_audit.scoring.conditions.judgement import Case
    from qa_audit.scoring.hearing import Says
    from qa_audit.scoring.learned.acts import Act
    from qa_audit.scoring.pattern_bounds import SearchPattern
    from qa_audit.scoring.said import Likely
    from qa_audit.text.mishearing import Fit

TRIES = 3
"""So many places are looked at where others fit them as well."""
AROUND = 2
"""Characters on either side in which another phrase may fit the same place."""


class Likelihood(NamedTuple):
    """Whether something was said, and where."""

    says: Literal["yes", "unclear", "no"]
    match: Match | None = None
    phrase: str = ""
    """Which phrase stands there, where that is told from others that fit the call elsewhere."""
    turns: tuple[int, ...] = ()
    """Turns where this phrase may stand."""

    def left_open(self, audio: Says) -> Match | None:
        """Where it can't be told, if what the audio says to the phrases of the rule does not tell either.

        It says nothing of an act done in other words, and a single phrase in its place is hardly denied.
        """
        if self.says != "unclear" or self.match is None:
            return None
        other_words = self.match.tier == "similar"
        hardly = bool(self.phrase) and audio == "hardly"
        return self.match if audio == "unasked" or other_words or hardly else None


class _Place(NamedTuple):
    """Where a phrase fits, from `doubt_from` on."""

    ratio: float
    match: Match
    phrase: str = ""


UNLIKELY = Likelihood("no")


def likely_said(words: Likely, case: Case, turns: Iterable[int]) -> Likelihood:
    """Were the words said in one of these turns, or what they do done in others?"""
    wanted = _wanted(words, case, turns)
    done = UNLIKELY if words.act is None else act_done(words.act, case, wanted)
    if done.says == "yes":
        return done
    heard = words_likely(words, case, wanted)
    return done if heard.says == "no" else heard


def words_likely(
    words: Likely, case: Case, turns: Iterable[int], phrases: tuple[str, ...] = ()
) -> Likelihood:
    """Were the words said in one of these turns? `phrases` stand in for those of the rubric where given.

    What a person wrote was not misheard.
    """
    phrases = phrases or words.phrases
    if not phrases:
        return UNLIKELY
    search = _at_head if words.lead else _anywhere
    heard = sorted(turn for turn in _wanted(words, case, turns) if not as_written(turn, case.call))
    found = list(search(words, phrases, case, heard))
    if not found:
        return UNLIKELY
    best = max(found, key=lambda one: one.ratio)
    says = "yes" if best.ratio >= words.said_from else "unclear"
    if not best.phrase:
        return Likelihood(says, best.match)
    least = words.said_from if says == "yes" else words.doubt_from
    alike = {one.match.turn for one in found if one.phrase == best.phrase and one.ratio >= least}
    return Likelihood(says, best.match, best.phrase, tuple(sorted(alike)))


def _wanted(words: Likely, case: Case, turns: Iterable[int]) -> set[int]:
    opening = case.call.agent[:1] if words.not_opening and case.call.roles_known else ()
    return set(turns) - set(opening)


def act_done(act: Act, case: Case, turns: Collection[int]) -> Likelihood:
    """Whether the agent does this in a sentence of these turns: the first that surely, else perhaps, does."""
    unclear = UNLIKELY
    for match, is_sure in sentences_doing(act, case):
        if match.turn in turns:
            if is_sure:
                return Likelihood("yes", match)
            unclear = Likelihood("unclear", match) if unclear is UNLIKELY else unclear
    return unclear


def sentences_doing(act: Act, case: Case) -> Iterator[tuple[Match, bool]]:
    """The agent's sentences that do this, or perhaps do, by the detector of acts; and whether it is sure."""
    if case.acts is None:
        return
    column = case.acts[:, ACTS.index(act)]
    for place in np.flatnonzero(column >= UNCLEAR).tolist():
        yield Match(*case.call.maybe_agent_sentences[place], "similar"), bool(column[place] == DONE)


def likely_in(words: Likely, text: str) -> Literal["yes", "unclear", "no"]:
    """Were the words said in this short stretch of normalised text?"""
    fit = best_fit(words.phrases, text, floor=words.doubt_from) if words.phrases else None
    if fit is None or fit.ratio < words.doubt_from:
        return "no"
    if _fits_better(words.unlike, text, fit):
        return "no"
    return "yes" if fit.ratio >= words.said_from else "unclear"


def _anywhere(words: Likely, phrases: tuple[str, ...], case: Case, turns: Sequence[int]) -> Iterator[_Place]:
    call = case.call
    bounds = [call.bounds(turn) for turn in turns]
    text = "\n".join(call.plain[start:end] for start, end in bounds)
    for _ in range(TRIES):
        fit = best_fit(phrases, text, floor=words.doubt_from)
        if fit is None or fit.ratio < words.doubt_from:
            return
        near = text[max(0, fit.start - AROUND) : fit.end + AROUND]
        shift = min(fit.start, AROUND)
        if not _fits_better(words.unlike, near, fit._replace(start=shift)):
            yield _Place(fit.ratio, _match(case, turns, fit.start, fit.end))
            return
        text = text[: fit.start] + "\n" * (fit.end - fit.start) + text[fit.end :]


def _fits_better(unlike: tuple[str, ...], text: str, fit: Fit) -> bool:
    """Whether something else fits the text as well, from where the phrase begins or before."""
    other = best_fit(unlike, text, floor=fit.ratio)
    return other is not None and other.ratio >= fit.ratio and other.start <= fit.start


def _match(case: Case, turns: Sequence[int], start: int, end: int) -> Match:
    """A place of turns that stand a line each, as one of the call's text."""
    first = 0
    for turn in turns:
        begin, after = case.call.bounds(turn)
        if start < first + after - begin:
            return Match(turn, begin + start - first, min(begin + end - first, after), "near")
        first += after - begin + 1
    raise IndexError((start, end, first))


def _at_head(words: Likely, phrases: tuple[str, ...], case: Case, turns: Sequence[int]) -> Iterator[_Place]:
    call, wanted = case.call, set(turns)
    lead, follow = _compiled(words.lead, words.follow)
    for clause in call.maybe_agent_clauses:
        if clause.turn not in wanted:
            continue
        line = call.plain[clause.start : clause.end]
        for start in range(len(line) - 1):
            if not lead.fullmatch(line, 0, start):
                continue
            for phrase in phrases:
                end = start + len(phrase)
                heard = line[start:end]
                if len(heard) < len(phrase):
                    continue
                ratio = ratio_at(phrase, heard)
                if end < len(line) and not follow.match(line, end):
                    ratio -= words.unfollowed
                if ratio >= words.doubt_from and not any(
                    len(one) <= len(line) - start and ratio_at(one, line[start : start + len(one)]) >= ratio
                    for one in words.unlike
                ):
                    match = Match(clause.turn, clause.start + start, clause.start + end, "near")
                    yield _Place(ratio, match, phrase)


@lru_cache(maxsize=64)
def _compiled(lead: str, follow: str) -> tuple[SearchPattern, SearchPattern]:
    return bounded(sought_pattern(lead)), bounded(sought_pattern(follow) or "(?!)")
