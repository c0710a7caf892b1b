"""A call as rules see it: the conditions in reach by name, each judged once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_audit.scoring.conditions.rule_belief import Belief, Outcome, all_of, any_of
from qa_audit.scoring.rule_expression import parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa_audit.scoring.conditions.judgement import Case, Judgement
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

    def condition(self, name: str) -> Condition | None:
        """The condition of that name, here or among the shared ones."""
        found = self.conditions.get(name)
        return self._outer.condition(name) if found is None and self._outer else found

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
        if expression.op == "name":
            found = self.outcome(expression.name)
            return no_data if found.no_data else found.belief
        if expression.op == "not":
            # What is not known is not known either way, so it must not turn round with the negation.
            inner = self.belief(expression.parts[0], -no_data)
            return -inner
        parts = [self.belief(part, no_data) for part in expression.parts]
        return all_of(parts) if expression.op == "and" else any_of(parts)

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

    def gate(self, text: str) -> Belief:
        """How sure an expression is that switches an item on or off.

        What the call list does not say counts as not so: nothing is inferred from it.
        """
        return self._gate(parse_expression(text))

    def _gate(self, expression: Expression) -> Belief:
        if expression.op == "name":
            found = self.outcome(expression.name)
            return Belief.NO if found.no_data else found.belief
        parts = [self._gate(part) for part in expression.parts]
        if expression.op == "not":
            return -parts[0]
        return all_of(parts) if expression.op == "and" else any_of(parts)
