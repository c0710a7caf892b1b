"""Which of two rubrics people agree with: verdicts that differ, on calls that they heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from qa_audit.estimation.rule_quality import JUDGED, rule_quality
from qa_audit.messages import say
from qa_audit.shown.audited import figure, interval, more_to_hear

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from qa_audit.scoring.rubric_diff import RubricDiff


class Compared(NamedTuple):
    """An item that the two judge otherwise on calls that people heard."""

    item: str
    heard: int
    """Calls on which people judged it."""
    better: int
    """Verdicts that are right now and were not; what is left to a person is neither right nor wrong."""
    worse: int
    old: Mapping[str, Any]
    """Row of `estimation.rule_quality.QUALITY`."""
    new: Mapping[str, Any]


def compared(diff: RubricDiff, judged: pl.DataFrame) -> list[Compared]:
    """The items of which `diff` has other verdicts on calls in `judged` (`rule_quality.JUDGED`)."""
    told = judged.filter(pl.col("person").is_not_null())
    keys = list(zip(told["call_id"], told["item"], strict=True))
    turned = {key[1] for key in keys if key in diff.pairs and diff.pairs[key][0] != diff.pairs[key][1]}
    found = []
    for item in (item for item in diff.names if item in turned):
        own = told.filter(pl.col("item") == item)
        pairs = [diff.pairs.get((call, item), (None, None)) for call in own["call_id"]]
        rows = [
            rule_quality(own.with_columns(machine=pl.Series(machine, dtype=pl.String)).select(JUDGED.names()))
            for machine in zip(*pairs, strict=True)
        ]
        kept = [_kept(*pair, person) for pair, person in zip(pairs, own["person"], strict=True)]
        old, new = (one.row(0, named=True) if len(one) else {} for one in rows)
        if old and new:
            found.append(Compared(item, own["call_id"].n_unique(), kept.count(1), kept.count(-1), old, new))
    return found


def _kept(old: str | None, new: str | None, person: str) -> int:
    """1 where the new verdict is right and the old one was not, −1 the other way round."""
    if person == "uncertain":
        return 0
    return _right(new, person) - _right(old, person)


def _right(machine: str | None, person: str) -> bool:
    """Whether a verdict agrees with a person's; one that is left to people does not."""
    return machine not in (None, "uncertain") and (machine == "fail") == (person == "fail")


def compared_lines(diff: RubricDiff, judged: pl.DataFrame) -> list[str]:
    """The same in words, one line an item; one line that says so where nothing can be said."""
    rows = compared(diff, judged)
    if not rows:
        return [say("rubric_compared.nothing")] if diff.turned else []
    lines = [say("rubric_compared.heading")]
    for one in rows:
        counts = {"heard": one.heard, "better": one.better, "worse": one.worse}
        lines.append("  " + say("rubric_compared.item", name=diff.named(one.item), **counts))
        lines += [
            "    " + say(f"rubric_compared.{key}", old=_told(one.old, key), new=_told(one.new, key))
            for key in ("precision", "recall")
        ]
        more = {"old": more_to_hear(one.old), "new": more_to_hear(one.new)}
        lines.append("    " + say("rubric_compared.more", **more))
    if without := max(one.new["unscored"] for one in rows):
        lines.append(say("rubric_compared.unscored", calls=without))
    return lines


def _told(row: Mapping[str, Any], key: str) -> str:
    if row[key] is None:
        return "–"
    between = interval(row[f"{key}_low"], row[f"{key}_high"], ".0%")
    return say("rubric_compared.figure", share=figure(row[key], ".0%"), interval=between)
