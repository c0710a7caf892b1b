"""Why an item has its verdict on a call: each condition, how sure it is, and where it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import BaseModel

from qa_audit.messages import QaError, language, say
from qa_audit.scoring.conditions.rule import applies_to, scenes_of
from qa_audit.scoring.conditions.rule_belief import Belief
from qa_audit.scoring.judge import case_of, judge_plain, recognised_in, score_call
from qa_audit.scoring.rule_expression import parse_expression
from qa_audit.scoring.rule_schema import Rule
from qa_audit.scoring.said import Wording
from qa_audit.scoring.wording import find_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.conditions.judgement import Case
    from qa_audit.scoring.conditions.rule_scene import Scene
    from qa_audit.scoring.rubric import Item, Rubric
    from qa_audit.scoring.verdicts import Evidence, Finding
    from qa_audit.transcribe.questions import Answer
    from qa_audit.transcribe.turns import Transcript, Turn

_MOST = 5


class Part(NamedTuple):
    """A condition or wording, what it says, and where."""

    name: str
    belief: str
    """Key of a message `scoring.belief.<name>`."""
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict of an item on a call, and how it came about."""

    name: str
    finding: Finding
    reasons: tuple[str, ...]
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "item": self.finding.id,
            "verdict": self.finding.verdict,
            "points": self.finding.points,
            "max_points": self.finding.max_points,
            "critical": self.finding.critical,
            "reasons": list(self.reasons),
            "conditions": [
                {"name": one.name, "belief": one.belief, "evidence": list(map(_json, one.evidence))}
                for one in self.parts
            ],
        }

    def __str__(self) -> str:
        verdict = say(f"verdict.{self.finding.verdict}")
        points = f"{self.finding.points:g}/{self.finding.max_points:g}"
        lines = [say("scoring.explain_heading", name=self.name, verdict=verdict, points=points)]
        lines += [f"  {reason}" for reason in self.reasons]
        for one in self.parts:
            belief = say(f"scoring.belief.{one.belief}") if one.belief != "none" else ""
            lines.append(f"  {one.name}{say('scoring.colon')}{belief}".rstrip())
            lines += [f"      {_shown(piece)}" for piece in one.evidence]
        return "\n".join(lines)


def explain(
    item_id: str,
    call: Transcript | Sequence[Turn],
    facts: CallFacts,
    rubric: Rubric,
    *,
    answers: Mapping[str, Answer | None] | None = None,
) -> Explanation:
    """Explain the verdict of one item; `answers` of the call's audio by the id of the question.

    Raises `QaError` for an item that the rubric lacks.
    """
    item = next((one for one in rubric.items if one.id == item_id), None)
    if item is None:
        allowed = ", ".join(one.id for one in rubric.items)
        raise QaError("scoring.no_item", item=item_id, allowed=allowed)
    case = case_of(call, facts, rubric)
    finding = next(one for one in score_call(call, facts, rubric, answers).items if one.id == item_id)
    name = rubric.name_of(item_id, language())
    recognised = recognised_in(case, rubric)
    for known in recognised:
        if known.replaces and item_id in known.situation.replaces:
            situation = rubric.name_of(known.situation.id, language())
            part = Part(situation, "yes", known.signs[:_MOST])
            return Explanation(name, finding, (say("scoring.why_replaced", situation=situation),), (part,))
    scenes = scenes_of(rubric, case, recognised, {}, lambda one: judge_plain(one, case))
    scene = scenes.scene(item_id)
    reasons, parts = [], []
    for field in ("applies_when", "not_applicable_when"):
        text = getattr(item, field)
        if text is not None:
            reasons.append(_reason(field, text, scene.gate(text)))
            named = list(_named(text, scene))
            unknown = dict.fromkeys(one.name for one in named if one.belief == "no_data")
            reasons += [say("scoring.why_counts_as_no", name=one) for one in unknown]
            parts += named
    applies = applies_to(item, scene)
    if applies <= Belief.HARDLY:
        return Explanation(name, finding, (*reasons, say("scoring.why_off")), tuple(parts))
    if applies < Belief.YES:
        reasons.append(say("scoring.why_perhaps"))
    if isinstance(item.check, Rule):
        field = "pass_when" if item.check.pass_when is not None else "fail_when"
        text = getattr(item.check, field)
        reasons.append(_reason(field, text, scene.belief(parse_expression(text))))
        parts += _named(text, scene)
    else:
        parts += _wordings_heard(item, case)
    missed_bonus = item.bonus and finding.verdict == "not_applicable" and _known(parts, case)
    if isinstance(item.check, Rule) and finding.verdict == "not_applicable" and not missed_bonus:
        reasons.append(say("scoring.why_no_data"))
    reasons.append(say("scoring.why_no_bonus" if missed_bonus else f"scoring.why_{finding.verdict}"))
    told = Part(say("scoring.evidence"), "none", finding.evidence) if finding.evidence else None
    if told and not isinstance(item.check, Rule):
        parts.append(told)
    return Explanation(name, finding, tuple(reasons), tuple(dict.fromkeys(parts)))


def _known(parts: Sequence[Part], case: Case) -> bool:
    """Whether the agent said anything and no condition lacks its data."""
    return bool(case.call.maybe_agent) and all(one.belief != "no_data" for one in parts)


def _reason(field: str, text: str, belief: Belief) -> str:
    told = say(f"scoring.belief.{belief.name.lower()}")
    return say("scoring.why_expression", field=field, expression=text, belief=told)


def _named(text: str, scene: Scene) -> Iterator[Part]:
    """The conditions of an expression, those that they are made of after them."""
    for name in dict.fromkeys(parse_expression(text).names()):
        outcome = scene.outcome(name)
        belief = "late" if outcome.late else "no_data" if outcome.no_data else outcome.belief.name.lower()
        evidence = tuple(hit.evidence for hit in outcome.hits[:_MOST])
        if not evidence and outcome.absent is not None and outcome.absent.tier != "absence":
            evidence = (outcome.absent,)
        yield Part(name, belief, evidence)
        condition = scene.condition(name)
        if condition is not None and condition.kind == "combined":
            yield from _named(condition.expression, scene)
        where = getattr(condition, "where", None)
        for anchor in where.anchors if where is not None else ():
            yield from _named(anchor, scene)


def _wordings_heard(item: Item, case: Case) -> Iterator[Part]:
    """Wordings of an ordinary check that are anywhere in the call."""
    for name, wording in _all_wordings(item.check, ""):
        found = find_all(wording, case.call, case.call.speech)
        if found:
            yield Part(name, "heard", tuple(case.call.evidence(match) for match in found[:_MOST]))


def _all_wordings(part: BaseModel, name: str) -> Iterator[tuple[str, Wording]]:
    own = getattr(part, "name", None)
    for field in type(part).model_fields:
        value = getattr(part, field)
        label = " · ".join(one for one in (name, own if isinstance(own, str) else "", field) if one)
        if isinstance(value, Wording):
            yield label, value
        elif isinstance(value, BaseModel):
            yield from _all_wordings(value, label)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, BaseModel):
                    yield from _all_wordings(one, name)


def _shown(piece: Evidence) -> str:
    minutes, seconds = divmod(piece.start_s, 60)
    at = f"{int(minutes):02d}:{seconds:04.1f}"
    return f"{at}  {piece.quote}  [{say(f'scoring.tier.{piece.tier}')}]"


def _json(piece: Evidence) -> dict[str, object]:
    return {
        "turn": piece.turn,
        "start_s": piece.start_s,
        "end_s": piece.end_s,
        "quote": piece.quote,
        "tier": piece.tier,
    }
