"""Saying the same again: one's own sentence, or what the other has said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.judgement import as_written
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome
from qa_audit.scoring.conditions.rule_details import (
    digits_again,
    digits_nearly,
    is_digits,
    place_of,
    ways_to_say,
)
from qa_audit.scoring.conditions.rule_said import often_enough, placed
from qa_audit.scoring.conditions.rule_similar import likeness, plain
from qa_audit.scoring.conditions.rule_where import regions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa_audit.scoring.call_text import CallText
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.conditions.rule_where import Region
    from qa_audit.scoring.rule_schema import Echo, Repeated

_SURE = 0.95


def judge_repeated(one: Repeated, scene: Scene) -> Outcome:
    """Turns that are nearly like one of the speaker's turns shortly before."""
    call = scene.case.call
    turns = scene.turns_of(one.who)
    excepted = {plain(phrase) for phrase in one.except_phrases}
    lines = {turn: call.plain[slice(*call.bounds(turn))] for turn in turns}
    said = [turn for turn in turns if len(lines[turn]) >= one.min_syllables and lines[turn] not in excepted]
    hits = []
    for place, turn in enumerate(said):
        own = [other for other in said[:place] if _may_be_one_speaker(other, turn, scene)]
        before = own[max(0, len(own) - one.within_turns) :]
        alike = max((likeness(lines[turn], lines[other]) for other in before), default=0.0)
        if alike >= one.at_least:
            level = Belief.YES if alike >= _SURE else Belief.LIKELY
            match = Match(turn, *call.bounds(turn), "similar")
            hits.append(_hit(match, scene.level(level, turn, one.who), scene))
    return _placed(one, hits, scene)


def judge_echo(one: Echo, scene: Scene) -> Outcome:
    """What another condition found, said by the speaker afterwards."""
    call, of, sources = scene.case.call, scene.outcome(one.of), scene.places(one.of)
    if of.belief == Belief.UNKNOWN and not sources:
        return Outcome(Belief.UNKNOWN, no_data=of.no_data, late=of.late)
    hits = []
    for source in sources:
        if source.start < 0 or source.start == source.end:
            continue
        later = [
            turn
            for turn in scene.turns_of(one.who)
            if call.bounds(turn)[0] >= source.end and turn != source.turn
        ]
        for match, level in _said_again(one, source, later, call):
            hits.append(_hit(match, scene.level(min(level, source.level), match.turn, one.who), scene))
    return _placed(one, hits, scene, missed=of.belief == Belief.HARDLY)


def _said_again(
    one: Echo, source: Hit, turns: Sequence[int], call: CallText
) -> Iterator[tuple[Match, Belief]]:
    """Where in these turns a detail is said again; if one digit may have been misheard it can't be told."""
    detail, spelt = (text[source.start : source.end] for text in (call.plain, call.spelt))
    if not is_digits(detail):
        ways = ways_to_say(detail, spelt, source.evidence.quote, one.min_syllables)
        for turn in turns:
            first, last = call.bounds(turn)
            line = call.plain[first:last], call.spelt[first:last]
            places = [place for way in ways if (place := place_of(way, *line))]
            if places:
                start, end = min(places)
                same = any(line[0][start:end] == way.plain for way in ways)
                yield Match(turn, first + start, first + end, "exact" if same else "pinyin"), Belief.YES
        return
    lines = [slice(*call.bounds(turn)) for turn in turns]
    said = [(call.plain[line], call.spelt[line]) for line in lines]
    found = list(digits_again(detail, spelt, said, one.min_syllables))
    level = Belief.YES
    if not found and one.min_syllables is None:
        nearly = digits_nearly(detail, [plain for plain, _ in said])
        found, level = [at for at in nearly if not as_written(turns[at.line], call)], Belief.UNKNOWN
    for at in found:
        first = lines[at.line].start
        start, end = first + at.start, first + at.end
        same = level == Belief.YES and call.plain[start:end] in detail
        yield Match(turns[at.line], start, end, "exact" if same else "pinyin"), level


def _may_be_one_speaker(first: int, second: int, scene: Scene) -> bool:
    roles, turns = scene.case.call.roles, scene.case.call.turns
    if "unknown" in (roles[first], roles[second]):
        return turns[first].channel == turns[second].channel
    return roles[first] == roles[second]


def _placed(one: Repeated | Echo, hits: list[Hit], scene: Scene, *, missed: bool = False) -> Outcome:
    places = regions(one.where, one.who, scene)

    def judge(inside: list[Hit], region: Region) -> Belief:
        unheard = missed or region.unsure or scene.case.doubtful(region.turns)
        return often_enough(one.times, [hit.level for hit in inside], scene.minutes, missed=unheard)

    return placed(one.where, hits, places, scene, judge)


def _hit(match: Match, level: Belief, scene: Scene) -> Hit:
    evidence = scene.case.call.evidence(match)
    return Hit(level, match.turn, match.start, match.end, evidence.start_s, evidence.end_s, evidence)
