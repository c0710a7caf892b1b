"""Where a rule is broken: the places of a fault, each of which may cost points, and what was missed where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

from qa_audit.scoring.conditions.rule_belief import Belief
from qa_audit.scoring.conditions.rule_where import regions
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rule_expression import parse_expression
from qa_audit.scoring.rule_schema import (
    Combined,
    Echo,
    ItemVerdict,
    Measure,
    Overlap,
    Pause,
    Rate,
    Recited,
    Repeated,
    Said,
    Voice,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from qa_audit.scoring.conditions.rule_belief import Hit
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.conditions.rule_where import Region
    from qa_audit.scoring.rule_expression import Expression
    from qa_audit.scoring.rule_schema import Condition

_Placed = Said | Repeated | Echo | Recited | Pause | Overlap | Rate | Voice
_DONE, _MISSED, _AROUND = range(3)
"""What is done wrong, what is missing, and what it happens under: the first that a fault has is counted."""


class _Places(NamedTuple):
    rank: int
    found: frozenset[Hashable]


def fault_places(expression: Expression, scene: Scene, *, holds: bool) -> int:
    """How many places a sure fault has, one at least: an expression that holds, or does not.

    Only what is sure is counted. A fault that needs several things together is there as often as the rarest
    that is done wrong; what the customer says, what the call list tells and the like are no faults.
    """
    return max(1, len(_places(expression, scene, holds=holds).found))


def lacking(name: str, scene: Scene) -> list[Sequence[int]]:
    """The turns of each place that lacks what each place, or every turn, must have.

    Empty for a condition that holds, and for one of which one place is enough.
    """
    condition, outcome = scene.condition(name), scene.outcome(name)
    if outcome.belief >= 0 or not _each_must_have(condition):
        return []
    return _lacking(condition, outcome.hits, scene, sure=False)


def _places(expression: Expression, scene: Scene, *, holds: bool) -> _Places:
    if expression.op == "name":
        return _of_name(expression.name, scene, holds=holds)
    if expression.op == "not":
        return _places(expression.parts[0], scene, holds=not holds)
    wanted = Belief.YES if holds else Belief.NO
    meant = [one for one in expression.parts if scene.belief(one) == wanted]
    parts = [_places(one, scene, holds=holds) for one in meant]
    rank = min((one.rank for one in parts), default=_AROUND)
    if (expression.op == "and") == holds:
        found = [
            part.found
            for part, one in zip(parts, meant, strict=True)
            if part.rank == rank or _makes_up_for(one, meant, scene)
        ]
        return _Places(rank, min(found, key=len, default=frozenset()))
    return _Places(rank, frozenset(place for one in parts for place in one.found))


def _makes_up_for(part: Expression, parts: Sequence[Expression], scene: Scene) -> bool:
    """Whether a part is what must follow each place of another part: those that have it are no faults."""
    while part.op == "not":
        part = part.parts[0]
    condition = scene.condition(part.name) if part.op == "name" else None
    if not _each_must_have(condition) or condition.where.hit != "each":
        return False
    others = {name for one in parts for name in one.names() if name != part.name}
    return not others.isdisjoint(condition.where.anchors)


def _of_name(name: str, scene: Scene, *, holds: bool) -> _Places:
    condition = scene.condition(name)
    if isinstance(condition, Combined):
        return _places(parse_expression(condition.expression), scene, holds=holds)
    once = frozenset([name])
    if condition is None or isinstance(condition, (Fact, Measure)):
        return _Places(_AROUND, once)
    if isinstance(condition, ItemVerdict):
        hits = scene.judged(condition.item).hits if holds else None
        return _Places(_DONE, frozenset((name, place) for place in range(hits or 1)))
    hits = scene.outcome(name).hits
    context = condition.who in ("customer", "system")
    if _found_wrong(condition, hits, scene, holds=holds):
        sure = frozenset(hit.evidence for hit in hits if hit.level == Belief.YES)
        return _Places(_AROUND if context else _DONE, sure)
    rank = _AROUND if context else _MISSED
    if not holds and _each_must_have(condition):
        return _Places(rank, frozenset((name, one) for one in _lacking(condition, hits, scene, sure=True)))
    return _Places(rank, once)


def _found_wrong(condition: _Placed, hits: Sequence[Hit], scene: Scene, *, holds: bool) -> bool:
    """Whether the fault lies in what is found, and not in what is missing."""
    times = condition.times
    if isinstance(condition, Said) and condition.need == "none":
        return not holds
    if times is None or times.at_most is None:
        return holds
    per = scene.minutes if times.per_minute else 1.0
    too_few = times.at_least is not None and len(hits) < times.at_least * per
    return times.at_least is not None if holds else not too_few


def _each_must_have(condition: Condition | None) -> TypeGuard[_Placed]:
    if not isinstance(condition, _Placed):
        return False
    if isinstance(condition, Said) and (condition.every_turn or condition.need == "none"):
        return condition.every_turn
    return condition.where.hit == "each" and (condition.times is None or condition.times.at_most is None)


def _lacking(condition: _Placed, hits: Sequence[Hit], scene: Scene, *, sure: bool) -> list[Sequence[int]]:
    """The turns of each place without what it must have; `sure`: only where it can't have been missed."""
    places = regions(condition.where, condition.who, scene)
    found = [list(_lacking_in(one, condition, hits, scene, sure=sure)) for one in places]
    if condition.where.hit != "each":
        found = sorted(found, key=len)[:1]  # one place that has it in every turn would do
    return list(dict.fromkeys(turns for each in found for turns in each))


def _lacking_in(
    region: Region, condition: _Placed, hits: Sequence[Hit], scene: Scene, *, sure: bool
) -> Iterator[Sequence[int]]:
    if sure and (region.unsure or region.anchor < Belief.YES):
        return
    inside = [hit for hit in hits if region.level_of(hit) is not None]
    if isinstance(condition, Said) and condition.every_turn:
        for turn in region.turns:
            told = not sure or scene.level(Belief.YES, turn, condition.who) == Belief.YES
            if told and _short([hit for hit in inside if hit.turn == turn], condition, scene):
                yield (turn,)
        return
    told = not sure or not scene.case.doubtful(region.turns)
    if told and region.turns and _short(inside, condition, scene):
        yield region.turns


def _short(hits: Sequence[Hit], condition: _Placed, scene: Scene) -> bool:
    """Whether these are fewer than there must be, or not of as many kinds."""
    times, least = condition.times, 1.0
    if times is not None and times.at_least is not None:
        least = max(1.0, times.at_least * (scene.minutes if times.per_minute else 1.0))
    kinds = 1
    if isinstance(condition, Said) and condition.need not in ("any", "none"):
        listed = len(condition.phrases) + len(condition.patterns) + len(condition.entities)
        kinds = listed + (condition.similar is not None) if condition.need == "all" else int(condition.need)
    return len({hit[1:] for hit in hits}) < least or len({hit.element for hit in hits}) < kinds
