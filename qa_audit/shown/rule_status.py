"""What rules may do in words: headings and rows for a terminal or a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa_audit.estimation.frames import local_time
from qa_audit.messages import language, say
from qa_audit.shown.audited import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa_audit.audit.rule_statuses import StatusEvent
    from qa_audit.desks.rule_status import Standing
    from qa_audit.scoring.rubric import Rubric

_STANDING = ("item", "status", "since", "who", "precision", "recall", "says", "more")
_HISTORY = ("at", "item", "change", "from_month", "who", "how", "precision", "recall", "rubric", "reason")


def shown_standings(standings: Iterable[Standing], rubric: Rubric) -> Shown:
    """A row an item: its status, since when and by whom, the figures now, what they call for, what lacks."""
    rows = [
        (
            rubric.name_of(one.item, language()),
            say(f"audited.status.{one.status}"),
            _since(one),
            "–" if one.event is None else one.event.who,
            _share(one.figures, "precision"),
            _share(one.figures, "recall"),
            "–" if one.proposed is None else say(f"rule_status.propose.{one.proposed}"),
            _more(one),
        )
        for one in standings
    ]
    return Shown([say(f"rule_status.column.{name}") for name in _STANDING], rows, ())


def shown_history(events: Iterable[StatusEvent], rubric: Rubric, rules: Mapping[str, str]) -> Shown:
    """A row a decision, the newest first; `rules` are the hashes of the present rules."""
    rows = [
        (
            _clock(one),
            rubric.name_of(one.item, language()),
            _change(one, holds=rules.get(one.item) == one.rule_sha256),
            one.from_month,
            one.who,
            say(f"rule_status.how.{'override' if one.overridden else 'figures'}"),
            _share(one.figures, "precision"),
            _share(one.figures, "recall"),
            f"{one.rubric} {one.rubric_version} ({one.rubric_sha256[:8]})",
            one.reason,
        )
        for one in reversed(list(events))
    ]
    return Shown([say(f"rule_status.column.{name}") for name in _HISTORY], rows, ())


def told_change(event: StatusEvent, rubric: Rubric) -> str:
    """What was decided, in one sentence."""
    return say(
        "rule_status.overridden" if event.overridden else "rule_status.changed",
        item=rubric.name_of(event.item, language()),
        before=say(f"audited.status.{event.before}"),
        to=say(f"audited.status.{event.status}"),
        month=event.from_month,
        who=event.who,
    )


def _since(one: Standing) -> str:
    if one.event is not None:
        return say("rule_status.since", day=_clock(one.event)[:10], month=one.event.from_month)
    if one.former is None:
        return "–"
    return say("rule_status.rule_changed", status=say(f"audited.status.{one.former.status}"))


def _change(event: StatusEvent, *, holds: bool) -> str:
    names = (say(f"audited.status.{status}") for status in (event.before, event.status))
    change = " → ".join(names)
    return change if holds else change + say("rule_status.of_another_rule")


def _share(figures: Mapping[str, Any], name: str) -> str:
    """A share with its interval and how many calls it rests on."""
    if figures[name] is None:
        return "–"
    count, bad = ("flags", "wrong") if name == "precision" else ("faults", "missed")
    low, high = (figures[f"{name}_{side}"] for side in ("low", "high"))
    limits = "–" if low is None else say("audited.interval", low=f"{low:.0%}", high=f"{high:.0%}")
    right, whole = figures[count] - figures[bad], figures[count]
    return say("rule_status.share", share=f"{figures[name]:.0%}", limits=limits, right=right, whole=whole)


def _more(one: Standing) -> str:
    if one.more_if_flawless == 0:
        return "0"
    if one.more_at_this_rate is None:
        return say("rule_status.more", flawless=one.more_if_flawless)
    return say("rule_status.more_both", flawless=one.more_if_flawless, rate=one.more_at_this_rate)


def _clock(event: StatusEvent) -> str:
    return f"{local_time(event.at):%Y-%m-%d %H:%M}"
