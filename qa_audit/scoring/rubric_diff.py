"""What differs between two rubrics, and on which calls that changes a verdict."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from qa_audit.messages import language, say
from qa_audit.scoring.judge import score_call
from qa_audit.scoring.rubric_table import written
from qa_audit.scoring.verdicts import score_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from qa_audit.calls.facts import CallFacts
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.scoring.verdicts import CallScore, Verdict
    from qa_audit.transcribe.questions import Answer
    from qa_audit.transcribe.turns import Transcript


class Change(NamedTuple):
    """One difference: in which item or situation, at which key, from what to what."""

    of: str
    """Id of the item or situation; empty for what concerns the whole rubric."""
    key: str
    old: str
    new: str

    def __str__(self) -> str:
        place = f"{self.of} {self.key}".strip()
        if not self.old:
            return say("scoring.diff_added", place=place, new=self.new)
        if not self.new:
            return say("scoring.diff_removed", place=place, old=self.old)
        return say("scoring.diff_changed", place=place, old=self.old, new=self.new)


class KnownCall(NamedTuple):
    """A stored call with all that it can be judged by."""

    call_id: str
    transcript: Transcript
    facts: CallFacts
    answers: Mapping[str, Answer | None] | None = None
    """What its audio has answered, by the id of the question; what only the new rubric asks has no answer."""
    aside: Collection[str] = ()
    """Items that people judge alone in its month: the machine's verdicts count for nothing there."""


class Turned(NamedTuple):
    """A call on which an item or situation is judged otherwise."""

    call_id: str
    item: str
    old: Verdict | None
    """None where the old rubric has no such item or situation."""
    new: Verdict | None
    """None where the new one has none."""
    aside: bool = False
    """Whether people judge it alone, so that the verdict counts for nothing."""


@dataclass(frozen=True, slots=True)
class RubricDiff:
    """All differences; `turned` and `calls` only where calls were compared."""

    changes: tuple[Change, ...]
    turned: tuple[Turned, ...] = ()
    calls: int | None = None
    rescored: int = 0
    """Calls whose score differs."""
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Chinese and English name of each item and situation that is judged otherwise."""
    pairs: Mapping[tuple[str, str], tuple[Verdict | None, Verdict | None]] = field(default_factory=dict)
    """Old and new verdict by call and item, changed or not, of the calls they were wanted of."""

    failed = False

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        told: dict[str, Any] = {"changes": [one._asdict() for one in self.changes]}
        if self.calls is not None:
            told |= {"calls": self.calls, "scores_changed": self.rescored}
            told["verdicts_changed"] = [one._asdict() for one in self.turned]
        return told

    def __str__(self) -> str:
        lines = [
            say("scoring.diff_heading", count=len(self.changes)) if self.changes else say("scoring.diff_none")
        ]
        lines += [f"  {one}" for one in self.changes]
        if self.calls is not None:
            calls = len({one.call_id for one in self.turned})
            lines.append(say("scoring.diff_calls", calls=self.calls, turned=calls, rescored=self.rescored))
            lines += [f"  {one}" for one in self._by_item()]
            lines += [
                "  "
                + say(
                    "scoring.diff_turned_aside" if one.aside else "scoring.diff_turned",
                    call=one.call_id,
                    item=self.named(one.item),
                    old=_verdict(one.old),
                    new=_verdict(one.new, gone=True),
                )
                for one in self.turned
                if _worth_a_line(one)
            ]
        return "\n".join(lines)

    def _by_item(self) -> list[str]:
        """How many verdicts of each item turn from what to what."""
        told = []
        for item in self.names:
            turns = Counter((one.old, one.new) for one in self.turned if one.item == item)
            counts = [
                say("scoring.diff_count", old=_verdict(old), new=_verdict(new, gone=True), count=count)
                for (old, new), count in turns.most_common()
            ]
            shown = {"item": self.named(item), "counts": say("run.list_comma").join(counts)}
            told.append(say("scoring.diff_item", **shown))
        return told

    def named(self, item: str) -> str:
        """Id and name of an item or situation that is judged otherwise, in the language in force."""
        return f"{item} {self.names[item][language() == 'en']}" if item in self.names else item


def _verdict(verdict: str | None, *, gone: bool = False) -> str:
    if verdict is None:
        return say("scoring.diff_no_longer" if gone else "scoring.diff_not_there")
    return say(f"verdict.{verdict}")


def _worth_a_line(one: Turned) -> bool:
    """Whether a call is named: of a new item those with something to look at, of one that is gone none."""
    return one.new in ("fail", "uncertain") if one.old is None else one.new is not None


def diff_rubrics(
    old: Rubric,
    new: Rubric,
    calls: Iterable[KnownCall] | None = None,
    pairs_of: Collection[str] = (),
) -> RubricDiff:
    """Compare two rubrics key by key and, where calls are given, call by call.

    What is set aside for people in a call's month is left out of both of its scores. Of the calls `pairs_of`
    all verdicts by both are kept.
    """
    changes = tuple(_changes(old, new))
    if calls is None:
        return RubricDiff(changes)
    turned: list[Turned] = []
    pairs: dict[tuple[str, str], tuple[Verdict | None, Verdict | None]] = {}
    count = rescored = 0
    for call_id, transcript, facts, answers, aside in calls:
        before, after = (score_call(transcript, facts, rubric, answers) for rubric in (old, new))
        count += 1
        rescored += _counted(before, old, aside) != _counted(after, new, aside)
        was, now = _verdicts(before), _verdicts(after)
        for item in dict.fromkeys((*was, *now)):
            pair = (was.get(item), now.get(item))
            if call_id in pairs_of:
                pairs[call_id, item] = pair
            # What only one of the rubrics has, and does not apply there, turns nothing.
            if pair[0] != pair[1] and {*pair} != {None, "not_applicable"}:
                turned.append(Turned(call_id, item, *pair, item in aside))
    names = {
        one.id: (one.name_zh, one.name_en)
        for rubric in (old, new)
        for one in (*rubric.items, *rubric.situations)
    }
    names = {item: names[item] for item in dict.fromkeys(one.item for one in turned)}
    return RubricDiff(changes, tuple(turned), count, rescored, names, pairs)


def _counted(score: CallScore, rubric: Rubric, aside: Collection[str]) -> float | None:
    """The score without the items that are set aside."""
    own = [one for one in score.items if one.id not in aside]
    return score_of(own, zero_on_critical=rubric.zero_on_critical) if aside else score.score


def _verdicts(score: CallScore) -> dict[str, Verdict]:
    return {one.id: one.verdict for one in (*score.items, *score.situations)}


def _changes(old: Rubric, new: Rubric) -> Iterator[Change]:
    tables = [rubric.model_dump(mode="json", by_alias=True, exclude_defaults=True) for rubric in (old, new)]
    named = [
        {one["id"]: one for kind in ("items", "situations") for one in table.pop(kind, [])}
        for table in tables
    ]
    yield from _differences("", tables[0], tables[1], ())
    for identifier in dict.fromkeys((*named[0], *named[1])):
        before, after = named[0].get(identifier), named[1].get(identifier)
        if before is None or after is None:
            present = before or after or {}
            name = present.get("name_zh", identifier)
            yield Change(identifier, "", name if before else "", name if after else "")
        else:
            yield from _differences(identifier, before, after, ())


def _differences(of: str, old: Any, new: Any, path: tuple[str, ...]) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(of, old.get(key), new.get(key), (*path, key))
    elif _named_tables(old) and _named_tables(new):
        yield from _differences(of, _by_name(old), _by_name(new), path)
    elif isinstance(old or [], list) and isinstance(new or [], list):
        was, now = [list(map(_shown, one or ())) for one in (old, new)]
        key = ".".join(path)
        yield from (Change(of, key, one, "") for one in was if one not in now)
        yield from (Change(of, key, "", one) for one in now if one not in was)
    else:
        yield Change(of, ".".join(path), _shown(old), _shown(new))


def _named_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and "name" in one for one in value)


def _by_name(tables: Any) -> dict[str, Any]:
    return {one["name"]: {key: value for key, value in one.items() if key != "name"} for one in tables}


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and set(value) == {"text"}:
        return str(value["text"])
    return value if isinstance(value, str) else written(value)
