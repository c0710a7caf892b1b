"""A rubric's own examples, run as tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import say
from qa_audit.scoring.judge import score_call
from qa_audit.transcribe.turns import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa_audit.scoring.rubric import Example, Rubric
    from qa_audit.scoring.verdicts import Verdict
    from qa_audit.transcribe.turns import Role

_ROLES: dict[str, Role] = {"A": "agent", "C": "customer", "S": "system", "?": "unknown"}
_EXPECTED: dict[str, Verdict] = {
    "complies": "pass",
    "fault": "fail",
    "unclear": "uncertain",
    "not_applicable": "not_applicable",
}
_SYLLABLE_S = 0.22
_PAUSE_S = 0.4


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What the rubric says of one of its examples."""

    id: str
    """Of the item or situation."""
    place: int
    """Which example of it, from 0."""
    turns: tuple[str, ...]
    expected: Verdict
    got: Verdict

    @property
    def ok(self) -> bool:
        """Whether the rubric says what its author expects."""
        return self.expected == self.got

    def __str__(self) -> str:
        return say(
            "scoring.example_result",
            id=self.id,
            number=self.place + 1,
            expected=say(f"verdict.{self.expected}"),
            got=say(f"verdict.{self.got}"),
            turns=" / ".join(self.turns),
        )


def example_turns(lines: Sequence[str]) -> tuple[Turn, ...]:
    """Turns of an example, one after another at an ordinary rate of speech; `... 12` is a silence.

    >>> [(turn.role, turn.start_s, turn.text) for turn in example_turns(["A: 请稍等", "... 12", "C: 好"])]
    [('agent', 0.0, '请稍等'), ('customer', 13.06, '好')]
    """
    turns: list[Turn] = []
    now_s = 0.0
    for line in lines:
        if line.startswith("..."):
            now_s += float(line[3:])
            continue
        text = line[2:].strip()
        end_s = now_s + len(text) * _SYLLABLE_S
        role = _ROLES[line[0]]
        turns.append(Turn(role, round(now_s, 3), round(end_s, 3), text, 1.0, int(role == "customer"), text))
        now_s = end_s + _PAUSE_S
    return tuple(turns)


def examples_of(rubric: Rubric) -> Iterator[tuple[str, int, Example]]:
    """Every example of the rubric with the id of its item or situation and its place there."""
    for one in (*rubric.items, *rubric.situations):
        for place, example in enumerate(one.examples):
            yield one.id, place, example


def run_example(rubric: Rubric, identifier: str, place: int, example: Example) -> ExampleResult:
    """Judge one example and compare; a situation that is not recognised is not applicable."""
    score = score_call(example_turns(example.turns), CallFacts(**example.facts.model_dump()), rubric)
    verdicts: dict[str, Verdict] = {one.id: one.verdict for one in (*score.items, *score.situations)}
    got = verdicts.get(identifier, "not_applicable")
    return ExampleResult(identifier, place, example.turns, _EXPECTED[example.verdict], got)


def failures(rubric: Rubric) -> list[ExampleResult]:
    """The examples on which the rubric does not say what its author expects; empty when all is well.

    >>> from qa_audit.scoring import load_rubric
    >>> failures(load_rubric())
    []
    """
    results = (run_example(rubric, *each) for each in examples_of(rubric))
    return [result for result in results if not result.ok]
