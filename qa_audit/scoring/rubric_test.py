"""A rubric's own examples, run as tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import QaError, say
from qa_audit.scoring.example import EXAMPLE_LINE, SILENCE_LINE
from qa_audit.scoring.judge import score_call
from qa_audit.transcribe.turns import PROSODY_STEP_S, Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa_audit.scoring.example import Example
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import Verdict
    from qa_audit.transcribe.turns import Role

_ROLES: dict[str, Role] = {"A": "agent", "C": "customer", "S": "system", "?": "unknown"}
_EXPECTED: dict[str, Verdict] = {
    "complies": "pass",
    "fault": "fail",
    "unclear": "uncertain",
    "not_applicable": "not_applicable",
}
_LOUDNESS_DB, _PITCH_ST = -22.0, 86.0
_EXPLAINED = 10
"""Examples of which it is told how a verdict came about."""
_SYLLABLE_S = 0.22
_PAUSE_S = 0.4
_NAMED = {"坐席": "A", "客服": "A", "员工": "A", "客户": "C", "顾客": "C", "播报": "S", "系统": "S"}
"""Who speaks, as people write it."""
_NAMES = "|".join(_NAMED)
_SPOKEN_BY = re.compile(rf"({_NAMES})\s*[:：]")
_BETWEEN = re.compile(rf"\n|\s/\s|/\s*(?=[ACS?][:：@(]|\.\.\.|(?:{_NAMES})\s*[:：])")
"""Between the turns of a call typed by a person."""


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
    facts: CallFacts = field(default_factory=CallFacts)

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


@dataclass(frozen=True, slots=True)
class TestedRubric:
    """What the examples of a rubric gave."""

    __test__ = False  # no test of pytest's

    results: tuple[ExampleResult, ...]
    without: tuple[str, ...]
    """Items that lack an example that must be a fault, or one that must not."""

    @property
    def failed(self) -> bool:
        """Whether the rubric says of any example what its author does not expect."""
        return not all(result.ok for result in self.results)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "examples": len(self.results),
            "failures": [
                {
                    "id": one.id,
                    "example": one.place + 1,
                    "expected": one.expected,
                    "got": one.got,
                    "turns": list(one.turns),
                }
                for one in self.results
                if not one.ok
            ],
            "items_without_examples": list(self.without),
        }

    def __str__(self) -> str:
        return self._told(lambda _: [])

    def explained(self, rubric: Rubric) -> str:
        """The same in words, with what the rubric made of the first examples that it judges otherwise."""
        from qa_audit.scoring.rubric_explain import explain

        items = {item.id for item in rubric.items}
        first = [one for one in self.results if not one.ok and one.id in items][:_EXPLAINED]

        def why(one: ExampleResult) -> list[str]:
            if one not in first:
                return []
            told = str(explain(one.id, example_call(one.turns), one.facts, rubric))
            return told.splitlines()[1:]

        return self._told(why)

    def _told(self, why: Callable[[ExampleResult], list[str]]) -> str:
        bad = [result for result in self.results if not result.ok]
        code = "scoring.tested_bad" if bad else "scoring.tested_good"
        lines = [say(code, count=len(self.results), bad=len(bad))]
        for one in bad:
            lines += [f"  {one}", *(f"    {line}" for line in why(one))]
        if self.without:
            lines.append(say("scoring.tested_without", items=say("run.list_comma").join(self.without)))
        return "\n".join(lines)


def run_examples(rubric: Rubric, only: str | None = None) -> TestedRubric:
    """Run the examples of a rubric, or of one item or situation.

    Raises `QaError` for an item that the rubric lacks.
    """
    known = {one.id: one for one in (*rubric.items, *rubric.situations)}
    if only is not None and only not in known:
        raise QaError("scoring.no_item", item=only, allowed=", ".join(known))
    results = tuple(
        run_example(rubric, *each) for each in examples_of(rubric) if only is None or each[0] == only
    )
    without = [
        item.id
        for item in rubric.items
        if item.check.kind != "manual"
        and (only is None or item.id == only)
        and not {"complies", "fault"} <= {example.verdict for example in item.examples}
        and not item.bonus
    ]
    return TestedRubric(results, tuple(without))


def is_call_text(text: str) -> bool:
    """Whether a text is a call typed by a person: several turns, or one that says who speaks or is silence.

    >>> [is_call_text(one) for one in ("A：您好", "A@0-4: 您好", "... 3", "您好 / 你好", "20260909001")]
    [True, True, True, True, False]
    """
    return _as_example(text.strip()) is not None or _BETWEEN.search(text) is not None


def _as_example(typed: str) -> str | None:
    """A typed turn as a line of an example, empty where nothing is said; None if it says not who speaks.

    >>> _as_example("客户：你好"), _as_example("C:"), _as_example("... 3"), _as_example("你好")
    ('C: 你好', '', '... 3', None)
    """
    named = _SPOKEN_BY.match(typed)
    line = typed if named is None else f"{_NAMED[named[1]]}:{typed[named.end() :]}"
    line = line.replace("：", ":", 1)
    if line[:1] in _ROLES and line[1:2] == ":":
        words = line[2:].strip()
        return f"{line[0]}: {words}" if words else ""
    return line if EXAMPLE_LINE.fullmatch(line) or SILENCE_LINE.fullmatch(line) else None


def typed_call(text: str) -> Transcript:
    """A call typed by a person: lines, or parts between `/`, as in examples; `A:` if none is said.

    >>> [(turn.role, turn.text) for turn in typed_call("A：您好/C: 你好\\n再见\\n客户：再见").turns]
    [('agent', '您好'), ('customer', '你好'), ('agent', '再见'), ('customer', '再见')]

    Raises `QaError` for a text without words.
    """
    lines = []
    for part in _BETWEEN.split(text):
        if typed := part.strip():
            line = _as_example(typed)
            lines.append(f"A: {typed}" if line is None else line)
    lines = [line for line in lines if line]
    if all(map(SILENCE_LINE.fullmatch, lines)):
        raise QaError("scoring.no_words")
    return example_call(lines)


def example_call(lines: Sequence[str]) -> Transcript:
    """An example as a call that is over when its last line is; silence at its end makes it longer.

    >>> example_call(["A: 再见", "... 30"]).duration_s
    30.44
    """
    turns = example_turns(lines)
    words = [place for place, line in enumerate(lines) if not line.startswith("...")]
    last_s = turns[-1].end_s if turns else 0.0
    silent_s = sum(float(line[3:]) for line in lines[words[-1] + 1 if words else 0 :])
    end_s = max([last_s + silent_s, *(turn.end_s for turn in turns)])
    return Transcript("", round(end_s, 3), len({turn.channel for turn in turns}), "", "", "", turns)


def example_turns(lines: Sequence[str]) -> tuple[Turn, ...]:
    """Turns of an example, one after another at an ordinary rate of speech; `... 12` is a silence.

    `A@4-7:` is said from second 4 to 7; `A(+8dB):` is louder, `A(-3st):` lower than the voice that the other
    lines then have.

    >>> [(turn.role, turn.start_s, turn.text) for turn in example_turns(["A: 请稍等", "... 12", "C: 好"])]
    [('agent', 0.0, '请稍等'), ('customer', 13.06, '好')]
    """
    turns: list[Turn] = []
    now_s = 0.0
    voiced = any((said := EXAMPLE_LINE.fullmatch(line)) and said[4] for line in lines)
    for line in lines:
        if line.startswith("..."):
            now_s += float(line[3:])
            continue
        said = EXAMPLE_LINE.fullmatch(line)
        assert said is not None
        who, start_s, end_s, apart, unit, text = said.groups()
        begins_s = now_s if start_s is None else float(start_s)
        ends_s = begins_s + len(text) * _SYLLABLE_S if end_s is None else float(end_s)
        role = _ROLES[who]
        channel = int(role == "customer")
        turn = Turn(role, round(begins_s, 3), round(ends_s, 3), text, 1.0, channel, text)
        turns.append(_with_voice(turn, float(apart or 0), unit) if voiced else turn)
        now_s = ends_s + _PAUSE_S
    return tuple(turns)


def _with_voice(turn: Turn, apart: float, unit: str | None) -> Turn:
    """An ordinary voice, so much louder or higher."""
    steps = int((turn.end_s - turn.start_s) / PROSODY_STEP_S + 1e-6)
    loudness_db = _LOUDNESS_DB + (apart if unit == "dB" else 0)
    pitch_st = _PITCH_ST + (apart if unit == "st" else 0)
    return replace(turn, loudness_db=(loudness_db,) * steps, pitch_st=(pitch_st,) * steps)


def examples_of(rubric: Rubric) -> Iterator[tuple[str, int, Example]]:
    """Every example of the rubric with the id of its item or situation and its place there."""
    for one in (*rubric.items, *rubric.situations):
        for place, example in enumerate(one.examples):
            yield one.id, place, example


def run_example(rubric: Rubric, identifier: str, place: int, example: Example) -> ExampleResult:
    """Judge one example and compare; a situation that is not recognised is not applicable."""
    score = score_call(example_call(example.turns), example.facts.as_facts(), rubric)
    verdicts: dict[str, Verdict] = {one.id: one.verdict for one in (*score.items, *score.situations)}
    got = verdicts.get(identifier, "not_applicable")
    expected, facts = _EXPECTED[example.verdict], example.facts.as_facts()
    return ExampleResult(identifier, place, example.turns, expected, got, facts)


def failures(rubric: Rubric) -> list[ExampleResult]:
    """The examples on which the rubric does not say what its author expects; empty when all is well.

    >>> from qa_audit.scoring import load_rubric
    >>> failures(load_rubric())
    []
    """
    results = (run_example(rubric, *each) for each in examples_of(rubric))
    return [result for result in results if not result.ok]
