"""Saying the same again: one's own sentence, or what the other has said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome
from qa_audit.scoring.conditions.rule_said import often_enough, placed
from qa_audit.scoring.conditions.rule_similar import likeness, plain
from qa_audit.scoring.conditions.rule_where import regions

if TYPE_CHECKING:
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
    """Stretches of what another condition found that the speaker says afterwards, by sound."""
    call, of, sources = scene.case.call, scene.outcome(one.of), scene.places(one.of)
    if of.belief == Belief.UNKNOWN and not sources:
        return Outcome(Belief.UNKNOWN, no_data=of.no_data, late=of.late)
    hits = []
    for source in sources:
        detail = call.spelt[source.start : source.end] if source.start >= 0 else ""
        size = min(one.min_syllables, len(detail))
        if not size:
            continue
        parts = {detail[start : start + size] for start in range(len(detail) - size + 1)}
        for turn in scene.turns_of(one.who):
            first, last = call.bounds(turn)
            if first < source.end or (turn == source.turn):
                continue
            line = call.spelt[first:last]
            places = [line.find(part) for part in parts if part in line]
            if places:
                start = first + min(places)
                same = call.plain[start : start + size] in call.plain[source.start : source.end]
                match = Match(turn, start, start + size, "exact" if same else "pinyin")
                level = min(Belief.YES, source.level)
                hits.append(_hit(match, scene.level(level, turn, one.who), scene))
    return _placed(one, hits, scene, missed=of.belief == Belief.HARDLY)


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
