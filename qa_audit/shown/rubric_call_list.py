"""What a rubric asks of the call list and the workspace's calls never answer: such items judge nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qa_audit.calls.facts import EVERYTHING_ASKED
from qa_audit.calls.query import calls_frame, facts_of, further_columns
from qa_audit.calls.values import folded, says_nothing
from qa_audit.messages import say
from qa_audit.scoring.conditions.rule_facts import listed, number_in
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rule_schema import Measure, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.workspace import Workspace

_LOOKED_AT = 2000
"""Calls of the last month that are looked at: a column that has something has it there."""
_SHOWN = 12
"""Headings or values that are shown to choose from."""
_ANYWAY = frozenset(("first_speaker", "last_speaker", "time", "date", "weekday", "internal"))
"""Facts that no call list need have, or whose lack is told elsewhere."""


class Unanswered(NamedTuple):
    """A condition that the call list does not answer, and why."""

    condition: str
    code: str
    """Message `rubric_call_list.<code>`."""
    values: dict[str, object]

    def __str__(self) -> str:
        return say(f"rubric_call_list.{self.code}", condition=self.condition, **self.values)


class CallListCheck(NamedTuple):
    """What was looked at, and what is not answered."""

    month: str
    calls: int
    unanswered: tuple[Unanswered, ...]

    def as_json(self) -> dict[str, object]:
        """For scripts."""
        told = [
            {"condition": one.condition, "code": one.code, "message": str(one)} for one in self.unanswered
        ]
        return {"month": self.month, "calls": self.calls, "unanswered": told}

    def __str__(self) -> str:
        heading = say("rubric_call_list.heading", month=self.month, calls=self.calls)
        return "\n".join((heading, *(f"  {one}" for one in self.unanswered)))


def check_call_list(workspace: Workspace, rubric: Rubric) -> CallListCheck | None:
    """Look in the last month's calls for what the rubric asks; None without calls."""
    asking = list(_asking(rubric))
    months = workspace.months() if asking else []
    if not months:
        return None
    calls = calls_frame(workspace.database, months[-1]).head(_LOOKED_AT)
    cells = further_columns(workspace.database, calls["call_id"], EVERYTHING_ASKED)
    facts = [
        facts_of(row, EVERYTHING_ASKED, cells.get(row["call_id"], ())) for row in calls.iter_rows(named=True)
    ]
    found = [one for condition in asking if (one := _unanswered(condition, facts)) is not None]
    return CallListCheck(months[-1], len(facts), tuple(found))


def _asking(rubric: Rubric) -> Iterator[Fact | Measure]:
    """Conditions on the call list, in order."""
    own = (one for item in rubric.items if isinstance(item.check, Rule) for one in item.check.conditions)
    for one in (*rubric.conditions, *own):
        if (isinstance(one, Fact) and one.fact not in _ANYWAY) or (
            isinstance(one, Measure) and one.of in ("ring_s", "rings")
        ):
            yield one


def _unanswered(one: Fact | Measure, facts: Sequence[CallFacts]) -> Unanswered | None:
    if isinstance(one, Measure):
        none = all(fact.ring_s is None for fact in facts)
        return Unanswered(one.name, "no_ring", {}) if none else None
    cells = [str(got) for fact in facts if (got := listed(one, fact)) is not None]
    told = [cell for cell in cells if one.fact != "column" or not says_nothing(cell)]
    if not told:
        return _nothing_there(one, facts)
    if one.at_least is not None or one.at_most is not None:
        strange = [cell for cell in told if number_in(cell) is None]
        counts = {"column": one.column, "count": len(strange), "calls": len(told)}
        return Unanswered(one.name, "no_number", {**counts, "cell": strange[0]}) if strange else None
    if one.fact not in ("line", "team", "column") or _answered(one, told):
        return None
    there = list(dict.fromkeys(told))
    wanted = "、".join(map(str, one.contains or one.values))
    shown = say("rubric_call_list.there", values=_listed(there)) if len(there) <= _SHOWN else ""
    return Unanswered(one.name, "no_such_value", {"column": _asked(one), "wanted": wanted, "there": shown})


def _nothing_there(one: Fact, facts: Sequence[CallFacts]) -> Unanswered:
    headings = list(dict.fromkeys(heading for fact in facts for heading, _ in fact.columns))
    if one.column is None or folded(one.column) in headings:
        return Unanswered(one.name, "empty", {"column": _asked(one)})
    there = say("rubric_call_list.there", values=_listed(headings[:_SHOWN])) if headings else ""
    return Unanswered(one.name, "no_column", {"column": one.column, "there": there})


def _answered(one: Fact, cells: Sequence[str]) -> bool:
    """Whether any cell is what the condition asks for."""
    known = {folded(cell) for cell in cells}
    if one.contains is not None:
        return any(folded(part) in cell for part in one.contains for cell in known)
    return not known.isdisjoint(folded(str(value)) for value in one.values)


def _asked(one: Fact) -> str:
    return one.column or say(f"toml.means.{one.fact}")


def _listed(values: Sequence[str]) -> str:
    return say("run.list_comma").join(values)
