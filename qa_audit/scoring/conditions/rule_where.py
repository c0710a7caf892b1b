"""Where a condition is looked for: the parts of the call that its `where` takes in."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.rule_belief import Belief, Outcome, all_of
from qa_audit.scoring.conditions.windows import stretch_of
from qa_audit.scoring.said import Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa_audit.scoring.conditions.rule_belief import Hit
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.rule_schema import Where, Who

EDGE_S = 1.0
"""Words are placed inside a turn by their share of its text; so near to a limit it can't be told."""
_SAME_S = 0.05
"""Moments this near to one another are the same."""
_FURTHEST = 1 << 60


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a call."""

    turns: tuple[int, ...]
    start: int = -1
    """Words begin here or later in the joined text …"""
    end: int = _FURTHEST
    """… and end here or earlier."""
    start_s: float = -math.inf
    end_s: float = math.inf
    after_s: float = -math.inf
    before_s: float = math.inf
    """Seconds between which lies what is no words; words too, where the place measured from is none."""
    timed: bool = False
    """The place measured from is no words."""
    edges: bool = False
    """The seconds are limits of a rule, near which it can't be told."""
    unsure: bool = False
    """Which turns it takes in depends on who speaks, and that is not known."""
    perhaps: frozenset[int] = frozenset()
    """Turns that lie inside only if some before them are the other's."""
    anchor: Belief = Belief.YES
    """How sure the place is that it is measured from."""
    floor: Belief = Belief.NO
    """Not even a no is surer than this, where another place may be the last, or the Nth, instead."""

    @property
    def possible(self) -> bool:
        """Whether it ends no earlier than it begins."""
        return self.start <= self.end and not (self.timed and self.after_s > self.before_s + _SAME_S)

    def level_of(self, hit: Hit) -> Belief | None:
        """How sure a hit lies inside; None when it surely does not."""
        if hit.turn is not None and hit.turn not in self.turns:
            return None
        if hit.start >= 0 and not self.start <= hit.start < hit.end <= self.end:
            return None
        if (self.timed or hit.start < 0) and (
            hit.start_s < self.after_s - _SAME_S or hit.end_s > self.before_s + _SAME_S
        ):
            return None
        level = min(hit.level, Belief.LIKELY) if hit.turn in self.perhaps else hit.level
        outside_s = max(self.start_s - hit.start_s, hit.start_s - self.end_s)
        if outside_s <= 0:
            return level
        return Belief.UNKNOWN if self.edges and outside_s <= EDGE_S and level >= 0 else None


def regions(where: Where, who: Who, scene: Scene, *, silences: bool = False) -> list[Region]:
    """Parts of the call to look in: one, or one for each place of the other condition.

    Between two others, one for each pair that stands in this order; where each must have it, one from each
    place up to the next of the other. `silences`: they are looked for, and a turn stands for the silence
    before it. None when the other condition is nowhere; `nowhere` says what follows.
    """
    found = [_windowed(where, who, scene, silences=silences)]
    for name, side in (
        (where.after, "after"),
        (where.before, "before"),
        (where.around, "around"),
        (where.same_turn_as, "same"),
    ):
        if name is not None:
            next_only = where.hit == "each" and side == "before" and where.after is not None
            places = scene.places(name)
            beside = []
            for one in found:
                parts = [
                    _beside(
                        _measured(one, hit, where.hit, places), hit, side, where=where, who=who, scene=scene
                    )
                    for hit in _chosen(places, where.hit)
                ]
                possible = [part for part in parts if part.possible]
                beside += possible[:1] if next_only else possible
            found = beside
    return found


def nowhere(where: Where, scene: Scene) -> Outcome:
    """What it comes to that there is no part of the call to look in.

    The other condition, or its Nth place, is not there, was perhaps not heard, or can't be told; or both are
    there, and not in this order.
    """
    names = [name for name in where.anchors if not _chosen(scene.places(name), where.hit)]
    if not names:
        return Outcome(Belief.HARDLY if scene.case.doubtful(scene.case.call.speech) else Belief.NO)
    lacking = [scene.outcome(name) for name in names]
    belief = all_of([_perhaps_there(scene.outcome(name), scene.places(name)) for name in names])
    if belief != Belief.UNKNOWN:
        return Outcome(belief)
    no_data, late = any(one.no_data for one in lacking), any(one.late for one in lacking)
    return Outcome(belief, no_data=no_data, late=late)


def _perhaps_there(other: Outcome, places: tuple[Hit, ...]) -> Belief:
    """How sure it is that a condition has the place after all that was not found."""
    missed = other.belief == Belief.HARDLY or (other.belief == Belief.UNKNOWN and not places)
    return other.belief if missed else Belief.NO


def bounds_s(where: Where, scene: Scene) -> tuple[float, float]:
    """The seconds of the call that `first_s` and `last_s` take in."""
    call = scene.case.call
    start_s, end_s = -math.inf, math.inf
    if where.first_s and call.speech:
        end_s = min(call.turns[turn].start_s for turn in call.speech) + where.first_s
    if where.last_s and call.speech:
        start_s = max(call.turns[turn].end_s for turn in call.speech) - where.last_s
    return start_s, end_s


def _windowed(where: Where, who: Who, scene: Scene, *, silences: bool) -> Region:
    call = scene.case.call
    turns = scene.turns_of(who)
    region = Region(turns, unsure=False)
    if where.first_turns or where.last_turns:
        window = Window(first_turns=where.first_turns, last_turns=where.last_turns)
        unsure = who in ("agent", "customer") and not call.roles_known
        # Turns of anybody, and announcements, are counted whoever speaks.
        stretch = stretch_of(window, call, turns, counted=not unsure)
        region = replace(region, turns=stretch.turns, start_s=stretch.start_s, unsure=unsure)
        if unsure and where.first_turns:
            region = replace(region, turns=turns[: 2 * where.first_turns])
    if (where.first_s or where.last_s) and call.speech:
        start_s, end_s = bounds_s(where, scene)
        region = replace(region, start_s=max(region.start_s, start_s), end_s=end_s, edges=True)
        # Turns that lie outside altogether say nothing of what may have been missed inside.
        kept = [
            turn
            for turn in region.turns
            if (_quiet_from(turn, scene) if silences else call.turns[turn].start_s) <= region.end_s + EDGE_S
            and call.turns[turn].end_s >= region.start_s - EDGE_S
        ]
        region = replace(region, turns=tuple(kept))
    return region


def _quiet_from(turn: int, scene: Scene) -> float:
    """The end of the speech before a turn, or its own beginning if that is earlier."""
    call = scene.case.call
    before = [call.turns[other].end_s for other in call.speech if other < turn]
    return min(call.turns[turn].start_s, max(before, default=math.inf))


def _chosen(hits: tuple[Hit, ...], which: int | str) -> list[Hit]:
    """The places that are meant; the Nth is no surer than those that it is counted from."""
    ordered = sorted(hits, key=lambda hit: (hit.start_s, hit.start))
    if which == "last":
        return ordered[-1:]
    if isinstance(which, int):
        level = min((hit.level for hit in ordered[:which]), default=Belief.YES)
        return [hit._replace(level=level) for hit in ordered[which - 1 : which]]
    return ordered


def _measured(region: Region, hit: Hit, which: int | str, places: tuple[Hit, ...]) -> Region:
    """A region that is measured from a place of the other condition, which has these."""
    region = replace(region, anchor=min(region.anchor, hit.level))
    if which in ("any", "each") or len(places) <= (1 if which == "last" else int(which)):
        return region
    return replace(region, floor=max(region.floor, -hit.level))


def _beside(region: Region, hit: Hit, side: str, *, where: Where, who: Who, scene: Scene) -> Region:
    """The part of a region that lies beside a hit of the other condition."""
    if side == "same":
        return replace(region, turns=tuple(turn for turn in region.turns if turn == hit.turn))
    here = _turn_of(hit, scene)
    # A silence lies in no turn: the one that ends it is the first after it.
    own = None if hit.start < 0 and hit.evidence.turn is None else hit.turn
    same = [turn for turn in region.turns if turn == own]
    before = [turn for turn in reversed(region.turns) if turn < here and side != "after"]
    after = [turn for turn in region.turns if turn >= here and turn != own and side != "before"]
    count = where.within_turns
    if count is not None:
        before, after = _nearest(before, count, who, scene), _nearest(after, count, who, scene)
        perhaps = region.perhaps.union(before[count:], after[count:])
        unknown = not all(_surely(turn, who, scene) for turn in (*before, *after))
        region = replace(region, unsure=region.unsure or unknown, perhaps=perhaps)
    start, end, start_s, end_s = region.start, region.end, region.start_s, region.end_s
    after_s, before_s, edges = region.after_s, region.before_s, region.edges
    if side == "after":
        start, after_s = max(start, hit.end), max(after_s, hit.end_s)
        if where.within_s is not None:
            end_s, edges = min(end_s, hit.end_s + where.within_s), True
    elif side == "before":
        before_s = min(before_s, hit.start_s)
        if hit.start >= 0:
            end = min(end, hit.start)
        if where.within_s is not None:
            start_s, edges = max(start_s, hit.start_s - where.within_s), True
    elif where.within_s is not None:
        start_s = max(start_s, hit.start_s - where.within_s)
        end_s, edges = min(end_s, hit.end_s + where.within_s), True
    return replace(
        region,
        turns=(*reversed(before), *same, *after),
        start=start,
        end=end,
        start_s=start_s,
        end_s=end_s,
        after_s=after_s,
        before_s=before_s,
        timed=region.timed or hit.start < 0,
        edges=edges,
    )


def _nearest(turns: list[int], count: int, who: Who, scene: Scene) -> list[int]:
    """So many turns of the speaker from a place on; where some may be the other's, up to as many of each."""
    kept: list[int] = []
    for turn in turns[: 2 * count]:
        if sum(_surely(one, who, scene) for one in kept) >= count:
            break
        kept.append(turn)
    return kept


def _surely(turn: int, who: Who, scene: Scene) -> bool:
    return who not in ("agent", "customer") or scene.case.call.roles[turn] == who


def _turn_of(hit: Hit, scene: Scene) -> int:
    """The turn that a hit lies in; for a silence, the first turn after it."""
    if hit.turn is not None:
        return hit.turn
    later: Iterable[int] = (
        turn for turn, one in enumerate(scene.case.call.turns) if one.start_s >= hit.end_s - _SAME_S
    )
    return next(iter(later), len(scene.case.call.turns))
