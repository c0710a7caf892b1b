"""Rules that a supervisor wrote, and the conditions under which an item is judged at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.judgement import (
    NOT_APPLICABLE,
    Judgement,
    as_told,
    failed,
    passed,
    uncertain,
)
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome
from qa_audit.scoring.conditions.rule_faults import fault_places, lacking
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rule_expression import parse_expression
from qa_audit.scoring.rule_schema import Combined, ItemVerdict, Measure, Rule, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa_audit.scoring.conditions.judgement import Case
    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.scoring.rule_expression import Expression
    from qa_audit.scoring.situations import Recognised
    from qa_audit.scoring.verdicts import Evidence

MOST_EVIDENCE = 5
"""Places shown of one condition."""


def ruled(item: Item) -> bool:
    """Whether an item uses the rule language at all."""
    return item.check.kind == "rule" or bool(item.applies_when or item.not_applicable_when)


def judge_ruled(
    rubric: Rubric,
    case: Case,
    recognised: Iterable[Recognised],
    plain: Mapping[str, Judgement],
    judge: Callable[[Item], Judgement],
) -> dict[str, Judgement]:
    """Judge the items that use the rule language; `plain` are the others, `judge` judges an ordinary check.

    Items may refer to one another; the rubric's check has made sure that they do not go in circles.
    """
    scenes = scenes_of(rubric, case, recognised, plain, judge)
    return {item.id: scenes.judged(item.id) for item in rubric.items if item.id not in plain}


class Scenes:
    """The scenes of all items of a rubric over one call."""

    def __init__(
        self,
        rubric: Rubric,
        shared: Callable[[Callable[[str], Judgement]], Scene],
        plain: Mapping[str, Judgement],
        judge: Callable[[Item], Judgement],
    ) -> None:
        self._items = {item.id: item for item in rubric.items}
        self._known = dict(plain)
        self._judge = judge
        self._shared = shared(self.judged)
        self._scenes: dict[str, Scene] = {}

    def scene(self, item: str) -> Scene:
        """The conditions that an item can name, over this call."""
        if item not in self._scenes:
            check = self._items[item].check
            own = {one.name: one for one in check.conditions} if isinstance(check, Rule) else {}
            shared = self._shared
            self._scenes[item] = Scene(shared.case, own, shared.situations, self.judged, shared)
        return self._scenes[item]

    def judged(self, item: str) -> Judgement:
        """The judgement of an item, as it is told."""
        if item not in self._known:
            one = self._items[item]
            self._known[item] = as_told(self._gated(one), bonus=one.bonus)
        return self._known[item]

    def _gated(self, item: Item) -> Judgement:
        scene = self.scene(item.id)
        applies = applies_to(item, scene)
        if applies <= Belief.HARDLY:
            return NOT_APPLICABLE
        check = item.check
        judgement = judge_rule(check, scene) if isinstance(check, Rule) else self._judge(item)
        if applies < Belief.YES and judgement.verdict in ("fail", "uncertain"):
            return uncertain(judgement.evidence)
        return judgement


def scenes_of(
    rubric: Rubric,
    case: Case,
    recognised: Iterable[Recognised],
    plain: Mapping[str, Judgement],
    judge: Callable[[Item], Judgement],
) -> Scenes:
    """The scenes of a rubric's items over a call."""
    situations = {one.id: Outcome(Belief.NO) for one in rubric.situations}
    for known in recognised:
        hits = tuple(
            Hit(Belief.YES, sign.turn, -1, -1, sign.start_s, sign.end_s, sign) for sign in known.signs
        )
        situations[known.situation.id] = Outcome(Belief.YES, hits)
    shared = {one.name: one for one in rubric.conditions}
    return Scenes(rubric, lambda judged: Scene(case, shared, situations, judged), plain, judge)


def applies_to(item: Item, scene: Scene) -> Belief:
    """How sure it is that an item is to be judged at all."""
    beliefs = [Belief.YES]
    if item.applies_when is not None:
        beliefs.append(scene.gate(item.applies_when))
    if item.not_applicable_when is not None:
        beliefs.append(-scene.gate(item.not_applicable_when))
    return min(beliefs)


def judge_rule(check: Rule, scene: Scene) -> Judgement:
    """The verdict of a rule.

    A fault only for what is sure: words found by tolerance, badly heard turns and speakers that are not known
    leave it to a person. What is found by tolerance where it is asked for passes. Without the data that it
    needs (a ring time, who hung up) the rule does not apply.
    """
    text = check.pass_when if check.pass_when is not None else check.fail_when
    expression = parse_expression(text or "")
    if not _enough_said(expression, scene):
        return NOT_APPLICABLE
    fails = check.pass_when is None
    value = -scene.belief(expression) if fails else scene.belief(expression)
    names = scene.deciding(expression)
    evidence = evidence_for(scene, names)
    if scene.lacks_data(expression):
        return NOT_APPLICABLE  # what it hangs on is not known of this call, and no listening will tell
    # A forbidden thing that was not found passes, however badly the turns were heard, as in every product:
    # a person can only be asked about what is there.
    if value >= Belief.LIKELY:
        return passed(evidence)
    if value > Belief.NO:
        return uncertain(evidence)
    return failed(evidence, critical=True, hits=fault_places(expression, scene, holds=fails))


def evidence_for(scene: Scene, names: Sequence[str]) -> list[Evidence]:
    """Places where these conditions hold, or where they were looked for in vain."""
    evidence: list[Evidence] = []
    for name in names:
        outcome = scene.outcome(name)
        if outcome.absent is not None and (missed := lacking(name, scene)):
            shown = (scene.case.call.absence(turns, "") for turns in missed[:MOST_EVIDENCE])
            evidence += [_named(absent, name, scene) for absent in shown]
        elif outcome.hits:
            evidence += [hit.evidence for hit in outcome.hits[:MOST_EVIDENCE]]
        elif outcome.absent is not None:
            evidence.append(_named(outcome.absent, name, scene))
    return list(dict.fromkeys(evidence))


def _named(absent: Evidence, name: str, scene: Scene) -> Evidence:
    """What is missing, by its first phrase or else by the name of the condition."""
    condition = scene.condition(name)
    phrases = condition.phrases if isinstance(condition, Said) else ()
    if absent.quote or absent.tier != "absence":
        return absent
    return replace(absent, quote=phrases[0].text if phrases else name)


def _enough_said(expression: Expression, scene: Scene) -> bool:
    """Whether the call has the speech without which the rule says nothing."""
    call = scene.case.call
    for condition in scene.made_of(expression):
        if isinstance(condition, (Measure, Fact, Combined, ItemVerdict)):
            continue
        if not call.speech or (condition.who == "agent" and not call.maybe_agent):
            return False
    return True
