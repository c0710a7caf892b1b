"""The function behind each kind of condition of a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.scoring.conditions.rule_belief import Belief, Outcome
from qa_audit.scoring.conditions.rule_facts import judge_fact, judge_item, judge_measure
from qa_audit.scoring.conditions.rule_recited import judge_recited
from qa_audit.scoring.conditions.rule_repeats import judge_echo, judge_repeated
from qa_audit.scoring.conditions.rule_said import judge_said
from qa_audit.scoring.conditions.rule_timing import judge_overlap, judge_pause, judge_rate
from qa_audit.scoring.conditions.rule_voice import judge_voice
from qa_audit.scoring.rule_expression import parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.rule_schema import Combined, Condition


def judge_condition(condition: Condition, scene: Scene) -> Outcome:
    """What a condition says of the call."""
    return _KINDS[condition.kind](condition, scene)


def _judge_combined(one: Combined, scene: Scene) -> Outcome:
    """An expression under a name; its hits are those of the conditions that decide it."""
    expression = parse_expression(one.expression)
    belief = scene.belief(expression)
    outcomes = [scene.outcome(name) for name in scene.deciding(expression)]
    hits = tuple(hit for outcome in outcomes if outcome.belief >= 0 for hit in outcome.hits)
    absent = next((outcome.absent for outcome in outcomes if outcome.absent), None)
    return Outcome(
        belief,
        tuple(sorted(hits, key=lambda hit: hit.start_s)),
        absent,
        no_data=scene.lacks_data(expression),
        late=belief == Belief.UNKNOWN and any(outcome.late for outcome in outcomes),
    )


_KINDS: Mapping[str, Callable[[Any, Scene], Outcome]] = {
    "said": judge_said,
    "repeated": judge_repeated,
    "echo": judge_echo,
    "recited": judge_recited,
    "pause": judge_pause,
    "overlap": judge_overlap,
    "speech_rate": judge_rate,
    "voice": judge_voice,
    "measure": judge_measure,
    "fact": judge_fact,
    "combined": _judge_combined,
    "item": judge_item,
}
