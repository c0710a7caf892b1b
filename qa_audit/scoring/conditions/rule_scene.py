"""A call as rules see it: the conditions in reach by name, each judged once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.rule_belief import Belief, Outcome, all_of, any_of
from qa_audit.scoring.rule_expression import parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from qa_audit.scoring.conditions.judgement import Case, Judgement
    from qa_audit.scoring.conditions.rule_belief import Hit
    from qa_audit.scoring.rule_expression import Expression
    from qa_audit.scoring.rule_schema import Condition, Who


class Scene:
    """Conditions in reach, and their outcomes as they are asked for.

    `outer` holds the conditions that all items share; `situations` those recognised, by id, with their
    outcome; `judged` gives the judgement of another item.
    """

    def __init__(
        self,
        case: Case,
        conditions: Mapping[str, Condition],
        situations: Mapping[str, Outcome],
        judged: Callable[[str], Judgement],
        outer: Scene | None = None,
    ) -> None:
        self.case = case
        self.conditions = conditions
        self.situations = situations
        self.judged = judged
        self._outer = outer
        self._outcomes: dict[str, Outcome] = {}
        self._beliefs: dict[tuple[str, Belief, Belief], Belief] = {}
        self._places: dict[tuple[str, bool], tuple[Hit, ...]] = {}

    def condition(self, name: str) -> Condition | None:
        """The condition of that name, here or among the shared ones."""
        found = self.conditions.get(name)
        return self._outer.condition(name) if found is None and self._outer else found

    def _stands_for(self, name: str) -> tuple[Scene, Expression] | None:
        """The expression that a name stands for, and the scene that has its names in reach."""
        one = self.conditions.get(name)
        if one is None:
            return self._outer._stands_for(name) if self._outer else None
        return (self, parse_expression(one.expression)) if one.kind == "combined" else None

    def made_of(self, expression: Expression) -> Iterator[Condition]:
        """The conditions that an expression hangs on; of a name for another expression, those of that one."""
        meant: list[tuple[Scene, Expression]] = [(self, expression)]
        for there, each in meant:
            for name in each.names():
                inner = there._stands_for(name)
                condition = there.condition(name)
                if inner is None and condition is not None:
                    yield condition
                elif inner is not None and inner not in meant:
                    meant.append(inner)

    def outcome(self, name: str) -> Outcome:
        """What the condition or situation says of the call. Raises `KeyError` for a name not in reach."""
        if name not in self._outcomes:
            if name in self.conditions:
                from qa_audit.scoring.conditions.rule_kinds import judge_condition

                try:
                    found = judge_condition(self.conditions[name], self)
                except TimeoutError:
                    found = Outcome(Belief.UNKNOWN, late=True)
            elif self._outer is not None:
                found = self._outer.outcome(name)
            else:
                found = self.situations[name]
            self._outcomes[name] = found
        return self._outcomes[name]

    def belief(self, expression: Expression, no_data: Belief = Belief.UNKNOWN) -> Belief:
        """How sure an expression is; `no_data` stands for what cannot be known of this call."""
        # What is not known is not known either way, so it must not turn round with a negation.
        return self._belief(expression, no_data, -no_data)

    def gate(self, text: str) -> Belief:
        """How sure an expression is that switches an item on or off.

        What the call list does not say counts as not so: nothing is inferred from it.
        """
        return self._belief(parse_expression(text), Belief.NO, Belief.NO)

    def _belief(self, expression: Expression, no_data: Belief, negated: Belief) -> Belief:
        """`no_data` and, below a negation, `negated` stand for what cannot be known."""
        if expression.op == "name":
            return self._belief_of(expression.name, no_data, negated)
        if expression.op == "not":
            return -self._belief(expression.parts[0], negated, no_data)
        parts = [self._belief(part, no_data, negated) for part in expression.parts]
        return all_of(parts) if expression.op == "and" else any_of(parts)

    def _belief_of(self, name: str, no_data: Belief, negated: Belief) -> Belief:
        """The same of a name; what it stands for is as sure as where it is written out."""
        key = name, no_data, negated
        if key not in self._beliefs:
            meant = self._stands_for(name)
            if meant is not None:
                there, expression = meant
                self._beliefs[key] = there._belief(expression, no_data, negated)
            else:
                found = self.outcome(name)
                self._beliefs[key] = no_data if found.no_data else found.belief
        return self._beliefs[key]

    def lacks_data(self, expression: Expression) -> bool:
        """Whether an expression can't be told and hangs on what cannot be known of this call."""
        if self.belief(expression) != Belief.UNKNOWN:
            return False
        return self.belief(expression, Belief.YES) != self.belief(expression, Belief.NO)

    def deciding(self, expression: Expression) -> list[str]:
        """Names of the conditions that made the expression what it is, in order."""
        if expression.op == "name":
            return [expression.name]
        if expression.op == "not":
            return self.deciding(expression.parts[0])
        value = self.belief(expression)
        every = (expression.op == "and") == (value > 0)
        parts = [part for part in expression.parts if every or self.belief(part) == value]
        return list(dict.fromkeys(name for part in parts for name in self.deciding(part)))

    def places(self, name: str) -> tuple[Hit, ...]:
        """Where a condition holds that others are placed by, or say again; none where it does not hold.

        Other than the hits of its outcome these are no evidence against it. No place is surer than that the
        condition holds. Of a name for an expression they are those of every part that may hold and is not
        negated.
        """
        return self._places_of(name, negated=False)

    def _places_of(self, name: str, *, negated: bool) -> tuple[Hit, ...]:
        key = name, negated
        if key not in self._places:
            meant = self._stands_for(name)
            if meant is not None:
                there, expression = meant
                self._places[key] = there._places_in(expression, negated=negated)
            else:
                outcome = self.outcome(name)
                self._places[key] = () if negated else _no_surer(outcome.hits, outcome.belief)
        return self._places[key]

    def _places_in(self, expression: Expression, *, negated: bool) -> tuple[Hit, ...]:
        if expression.op == "name":
            return self._places_of(expression.name, negated=negated)
        if expression.op == "not":
            return self._places_in(expression.parts[0], negated=not negated)
        belief = self.belief(expression)
        found = [hit for part in expression.parts for hit in self._places_in(part, negated=negated)]
        return _no_surer(found, -belief if negated else belief)

    @cached_property
    def minutes(self) -> float:
        """From the beginning of the call to the end of its last turn."""
        return max((turn.end_s for turn in self.case.call.turns), default=0.0) / 60

    def turns_of(self, who: Who) -> tuple[int, ...]:
        """Turns that are, or may be, of the speaker."""
        call = self.case.call
        if who == "either":
            return call.speech
        if who == "system":
            return tuple(
                turn for turn, role in enumerate(call.roles) if role == "system" and call.lines[turn]
            )
        return call.maybe_agent if who == "agent" else call.maybe_customer

    def level(self, level: Belief, turn: int, who: Who) -> Belief:
        """How sure a hit in a turn is, given who must have said it and how well it was heard."""
        unsure = self.case.doubtful((turn,)) or (
            who in ("agent", "customer") and self.case.call.roles[turn] == "unknown"
        )
        return min(level, Belief.LIKELY) if unsure else level


def _no_surer(hits: Iterable[Hit], belief: Belief) -> tuple[Hit, ...]:
    """Each place once, as sure as where it is surest and no surer than a belief; none when that is a no."""
    if belief < 0:
        return ()
    surest = {hit[1:]: hit for hit in sorted(hits, key=lambda hit: hit.level)}
    found = [hit._replace(level=min(hit.level, belief)) for hit in surest.values()]
    return tuple(sorted(found, key=lambda hit: (hit.start_s, hit.start)))
