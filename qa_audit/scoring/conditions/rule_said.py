"""Words: phrases, patterns, kinds of detail and similar sentences, found and counted."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome, all_of, any_of, counted
from qa_audit.scoring.conditions.rule_entities import ENTITIES
from qa_audit.scoring.conditions.rule_similar import most_alike, plain
from qa_audit.scoring.conditions.rule_where import nowhere, regions
from qa_audit.scoring.said import Wording
from qa_audit.scoring.verdicts import Evidence
from qa_audit.scoring.wording import SURE_TIERS, compiled, find_all, overlapped
from qa_audit.text.negation import says_the_same
from qa_audit.text.numbers import has_numeral

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.conditions.rule_where import Region
    from qa_audit.scoring.rule_schema import Said, Times, Where

_ROUNDING = 1e-9
"""So near to a whole number a product of minutes and times a minute is that number."""


def judge_said(one: Said, scene: Scene) -> Outcome:
    """Whether, where and how often it is said."""
    places = regions(one.where, one.who, scene)
    turns = sorted({turn for region in places for turn in region.turns})
    found = _hits(one, turns, scene)
    return placed(one.where, found, places, scene, lambda hits, region: _enough(one, hits, region, scene))


def placed(
    where: Where,
    found: Sequence[Hit],
    places: Sequence[Region],
    scene: Scene,
    judge: Callable[[list[Hit], Region], Belief],
) -> Outcome:
    """Judge hits region by region and join: any place of the other condition will do, or each must.

    `judge` takes the hits in a region, with their level there, and the region.
    """
    beliefs: list[Belief] = []
    kept: dict[Hit, None] = {}
    empty: list[Region] = []
    each = where.hit == "each"
    for region in places:
        inside = []
        for hit in found:
            level = region.level_of(hit)
            if level is not None:
                inside.append(hit._replace(level=level))
        belief = judge(inside, region)
        if belief < 0 and not region.turns and (where.after or where.around):
            belief = max(belief, Belief.HARDLY)  # the call ended before it could be said
        # Where each must have it, a place that may not be one asks for nothing.
        belief = max(belief, -region.anchor) if each else max(min(belief, region.anchor), region.floor)
        beliefs.append(belief)
        if belief < 0:
            empty.append(region)
        kept.update(dict.fromkeys(inside))
    if not places:
        return nowhere(where, scene)
    belief = all_of(beliefs) if each else any_of(beliefs)
    looked = {turn for region in (empty or places) for turn in region.turns}
    absent = scene.case.call.absence(looked, "") if belief < 0 else None
    return Outcome(belief, tuple(sorted(kept, key=lambda hit: (hit.start_s, hit.start))), absent)


def often_enough(times: Times | None, levels: Sequence[Belief], minutes: float, *, missed: bool) -> Belief:
    """Whether hits are as many as `times` says; at least one, when it says nothing."""
    if times is None:
        return counted(levels, 1, missed=missed)
    per = minutes if times.per_minute else 1.0
    beliefs = []
    if times.at_least is not None:
        beliefs.append(counted(levels, max(1, times.at_least * per - _ROUNDING), missed=missed))
    if times.at_most is not None:
        # More than at most: the next whole number.
        most = math.floor(times.at_most * per + _ROUNDING)
        beliefs.append(-counted(levels, most + 1, missed=missed))
    return all_of(beliefs)


def _enough(one: Said, hits: list[Hit], region: Region, scene: Scene) -> Belief:
    missed = region.unsure or scene.case.doubtful(region.turns)
    if one.every_turn:
        return all_of([_in_turn(one, turn, hits, region, scene) for turn in region.turns])
    groups = [hits]
    if one.same_turn:
        groups = [
            [hit for hit in hits if hit.turn == turn] for turn in sorted({hit.turn or 0 for hit in hits})
        ]
    beliefs = []
    for group in groups or [[]]:
        belief = often_enough(one.times, [hit.level for hit in group], scene.minutes, missed=missed)
        beliefs.append(min(belief, _different(one, group, missed=missed)))
    belief = any_of(beliefs)
    return -belief if one.need == "none" else belief


def _different(one: Said, hits: Sequence[Hit], *, missed: bool) -> Belief:
    """Whether as many different ones of what is listed are there as must be."""
    if not _separate(one):
        return Belief.YES
    best: dict[int, Belief] = {}
    for hit in hits:
        best[hit.element] = max(hit.level, best.get(hit.element, Belief.NO))
    listed = len(one.phrases) + len(one.patterns) + len(one.entities) + (one.similar is not None)
    return counted(best.values(), listed if one.need == "all" else int(one.need), missed=missed)


def _in_turn(one: Said, turn: int, hits: list[Hit], region: Region, scene: Scene) -> Belief:
    # Of a turn that may be the other's it is not asked for certain.
    missed = region.unsure or scene.level(Belief.YES, turn, one.who) < Belief.YES
    own = [hit for hit in hits if hit.turn == turn]
    return min(counted((hit.level for hit in own), 1, missed=missed), _different(one, own, missed=missed))


def _hits(one: Said, turns: Sequence[int], scene: Scene) -> list[Hit]:
    call = scene.case.call
    allowed = frozenset(turns)
    hits: list[Hit] = []
    for element, wording in _wordings(one):
        for match in find_all(wording, call, allowed):
            level = Belief.YES if match.tier in SURE_TIERS else Belief.LIKELY
            hits.append(_hit(match, scene.level(level, match.turn, one.who), element, scene))
    for element, match in _at_cuts(one, call, allowed):
        hits.append(_hit(match, scene.level(Belief.YES, match.turn, one.who), element, scene))
    if one.similar is not None:
        hits += _alike(one, allowed, scene)
    hits.sort(key=lambda hit: (-hit.level, hit.start))
    distinct: list[Hit] = []
    for hit in hits:
        overlapping = [other for other in distinct if hit.start < other.end and other.start < hit.end]
        if not overlapping or (_separate(one) and all(other.element != hit.element for other in overlapping)):
            distinct.append(hit)
    return distinct


def _at_cuts(one: Said, call: CallText, turns: frozenset[int]) -> Iterator[tuple[int, Match]]:
    """Details before and behind the end of a sentence between two numbers, which are one in the text."""
    if not one.entities:
        return
    first = len(one.phrases) + len(one.patterns)
    exceptions = compiled(one.unless)
    cuts = sorted(call.cuts)
    for before, cut, behind in zip(cuts, cuts[1:], [*cuts[2:], len(call.plain)], strict=False):
        turn = call.turn_at(cut)
        if turn not in turns or not all(map(has_numeral, call.plain[cut - 1 : cut + 1])):
            continue
        for element, each in enumerate(one.entities, first):
            for start, end in ((before, cut), (cut, behind)):
                for found in re.finditer(ENTITIES[each], call.plain[start:end].rstrip("\n")):
                    match = Match(turn, start + found.start(), start + found.end(), "regex")
                    if not (exceptions and overlapped(exceptions, call, match)):
                        yield element if _separate(one) else 0, match


def _separate(one: Said) -> bool:
    """Whether each of what is listed counts on its own, so that places may overlap."""
    return one.need not in ("any", "none")


@lru_cache(maxsize=2048)
def _wordings(one: Said) -> tuple[tuple[int, Wording], ...]:
    """What to look for, numbered: each phrase and pattern alone where they are counted, else together."""
    listed = [
        Wording(phrases=(each.text,), tolerance=each.tolerance or one.tolerance, unless=one.unless)
        for each in one.phrases
    ]
    listed += [
        Wording(
            patterns=(each,),
            tolerance=one.tolerance,
            patterns_by_sound=one.patterns_by_sound,
            unless=one.unless,
        )
        for each in one.patterns
    ]
    listed += [
        Wording(patterns=(ENTITIES[each],), tolerance="exact", patterns_by_sound=False, unless=one.unless)
        for each in one.entities
    ]
    if _separate(one):
        return tuple(enumerate(listed))
    together: dict[tuple[str, bool], Wording] = {}
    for each in listed:
        key = (each.tolerance, each.patterns_by_sound)
        known = together.get(key, Wording(tolerance=each.tolerance, unless=one.unless))
        together[key] = known.model_copy(
            update={
                "phrases": (*known.phrases, *each.phrases),
                "patterns": (*known.patterns, *each.patterns),
                "patterns_by_sound": each.patterns_by_sound,
            }
        )
    return tuple((0, each) for each in together.values())


def _alike(one: Said, turns: frozenset[int], scene: Scene) -> list[Hit]:
    call, wanted = scene.case.call, one.similar
    assert wanted is not None
    exceptions = compiled(one.unless) if one.unless else ()
    element = len(one.phrases) + len(one.patterns) + len(one.entities)
    hits = []
    for turn in sorted(turns):
        first, last = call.bounds(turn)
        line = call.plain[first:last]
        pieces = {
            piece: says_the_same(plain(sentence), line[piece.start : piece.end])
            for sentence in wanted.to
            if (piece := most_alike(sentence, line, wanted.at_least - wanted.margin))
        }
        if not pieces:
            continue
        best = max(pieces, key=lambda piece: (pieces[piece], piece.likeness))
        level = Belief.UNKNOWN
        if best.likeness >= wanted.at_least and pieces[best]:
            level = Belief.YES if best.likeness >= wanted.sure else Belief.LIKELY
        match = Match(turn, first + best.start, first + best.end, "similar")
        if not (exceptions and overlapped(exceptions, call, match)):
            hits.append(_hit(match, scene.level(level, turn, one.who), element, scene))
    return hits


def _hit(match: Match, level: Belief, element: int, scene: Scene) -> Hit:
    evidence: Evidence = scene.case.call.evidence(match)
    span = (match.start, match.end, evidence.start_s, evidence.end_s)
    return Hit(level, match.turn, *span, evidence, element)
