"""What rules may do in a workspace: status in force, what audited calls say of it, promoting and demoting.

Nothing changes a status but a person. What is decided holds from the first month of which no call was drawn
yet: were the machine's scores of a month changed by what its own drawn calls told, they would depend on
which calls chance drew, and the month's estimate would no longer be right on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import polars as pl
from sqlalchemy import func, select

from qa_audit.audit.events import checked_name
from qa_audit.audit.rule_statuses import keep_status, standing, status_events, statuses
from qa_audit.audit.status_names import START, STATUSES
from qa_audit.calls.query import month_bounds
from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.estimation.rule_proposal import (
    audits_lacking,
    exceeded_percent,
    figures_of,
    proposal,
    supported,
)
from qa_audit.messages import QaError
from qa_audit.reports.registers import RULE_STATUSES
from qa_audit.scoring.rule_hash import rule_hashes
from qa_audit.store.database import reading
from qa_audit.store.sample_schema import sample_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qa_audit.audit.rule_statuses import StatusEvent
    from qa_audit.audit.status_names import Status
    from qa_audit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """One item: its status, since when, and what audited calls say now."""

    item: str
    status: Status
    event: StatusEvent | None
    """What made it so; None at the start."""
    former: StatusEvent | None
    """The last decision on another rule of this item, which holds no more; None where there is none."""
    figures: Mapping[str, Any]
    """As `estimation.rule_proposal.figures_of`."""
    proposed: Status | None
    """What the figures call for instead, None where they leave it."""
    more_if_flawless: int
    """Faults of the machine to be heard before it may be automatic, if none is wrong."""
    more_at_this_rate: int | None
    """The same if as many are wrong as so far; None where that will never do."""

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "item": self.item,
            "status": self.status,
            "since": None if self.event is None else self.event.at.isoformat(),
            "from_month": None if self.event is None else self.event.from_month,
            "who": None if self.event is None else self.event.who,
            "reason": None if self.event is None else self.event.reason,
            "overridden": False if self.event is None else self.event.overridden,
            "rule_changed": self.former is not None,
            "figures": dict(self.figures),
            "proposed": self.proposed,
            "more_if_flawless": self.more_if_flawless,
            "more_at_this_rate": self.more_at_this_rate,
        }


@dataclass(frozen=True)
class RuleStatuses:
    """The statuses of a workspace's rules, under its present rubric."""

    workspace: Workspace

    @cached_property
    def rules(self) -> dict[str, str]:
        """Hash of the rule by item, of the items that the machine judges."""
        return rule_hashes(self.workspace.rubric)

    def events(self, item: str | None = None) -> list[StatusEvent]:
        """All that was decided (of an item), in its order."""
        return [one for one in status_events(self.workspace.database) if item in (None, one.item)]

    def in_force(self, month: str | None = None) -> dict[str, Status]:
        """The status of each item, now or in a month."""
        return statuses(status_events(self.workspace.database), self.rules, month)

    def aside(self, month: str) -> frozenset[str]:
        """The items whose machine verdicts count for nothing in a month."""
        return self.aside_in([month])[month]

    def aside_in(self, months: Iterable[str]) -> dict[str, frozenset[str]]:
        """The same of several months."""
        events = status_events(self.workspace.database)
        if not events:  # hashing all rules takes longer than most that is asked of a month
            return dict.fromkeys(months, frozenset())
        found = {month: statuses(events, self.rules, month) for month in months}
        return {
            month: frozenset(item for item, status in of_month.items() if status == "manual")
            for month, of_month in found.items()
        }

    def frame(self, month: str) -> pl.DataFrame:
        """The status of each item in a month (`reports.registers.RULE_STATUSES`)."""
        held = standing(status_events(self.workspace.database), self.rules, month)
        rows = []
        for item in self.rules:
            one = held.get(item)
            told = (START, None, None, None) if one is None else (one.status, one.from_month, one.who, one.at)
            rows.append((item, *told, one is not None and one.overridden))
        return pl.DataFrame(rows, RULE_STATUSES, orient="row")

    def first_month(self, now: datetime | None = None) -> str:
        """The first month that what is decided now may hold for: the one after the last with a frozen frame.

        Where nothing was frozen yet, the oldest month with calls.
        """
        with reading(self.workspace.database) as connection:
            last = connection.execute(select(func.max(sample_frames.c.month))).scalar()
        if last is not None:
            return f"{month_bounds(last)[1]:%Y-%m}"
        here = (now or datetime.now(UTC)).astimezone(ZoneInfo(TIME_ZONE))
        return next(iter(self.workspace.months()), f"{here:%Y-%m}")

    def standings(
        self, months: Sequence[str] | None = None, quality: pl.DataFrame | None = None
    ) -> list[Standing]:
        """Every item that the machine judges, in the rubric's order.

        Figures are those of the audited calls of these months, or of all, as the present rule judges them;
        `quality` where they are at hand (`Workspace.rule_quality`).
        """
        events = status_events(self.workspace.database)
        counted = self.workspace.months() if months is None else list(months)
        figures_now = self.workspace.rule_quality(counted) if quality is None else quality
        rows = {one["item"]: one for one in figures_now.iter_rows(named=True)}
        held = standing(events, self.rules)
        found = []
        for item in self.rules:
            event, row = held.get(item), rows.get(item)
            figures = figures_of(row, counted)
            status = START if event is None else event.status
            others = [one for one in events if one.item == item and one.rule_sha256 != self.rules[item]]
            former = others[-1] if event is None and others else None
            proposed = proposal(status, figures, decided=event is not None)
            lacking = audits_lacking(row)
            found.append(Standing(item, status, event, former, figures, proposed, *lacking))
        return found

    def change(
        self,
        item: str,
        to: Status,
        *,
        who: str,
        reason: str,
        override: bool = False,
        direction: Literal["promote", "demote"] | None = None,
        now: datetime | None = None,
    ) -> StatusEvent:
        """Keep another status of an item, with the figures of all audited calls as they are now.

        Where the figures do not say so, or leave out calls that wait to be scored, it is a person's own
        decision: it needs `override` and is kept as such. With `direction` a change the other way is refused.

        Raises `QaError`: `rule_status.no_item`, `rule_status.by_hand`, `rule_status.bad_status`,
        `rule_status.unscored`, `rule_status.not_supported`, `rule_status.no_promotion`,
        `rule_status.no_demotion`, those of `audit.rule_statuses.keep_status`.
        """
        if item not in self.rules:
            known = any(one.id == item for one in self.workspace.rubric.items)
            code = "rule_status.by_hand" if known else "rule_status.no_item"
            raise QaError(code, item=item, allowed=", ".join(self.rules))
        if to not in STATUSES:
            raise QaError("rule_status.bad_status", got=to, allowed=", ".join(STATUSES))
        own = next(one for one in self.standings() if one.item == item)
        up = STATUSES.index(to) > STATUSES.index(own.status)
        if to != own.status and direction == ("demote" if up else "promote"):
            code = "rule_status.no_demotion" if up else "rule_status.no_promotion"
            raise QaError(code, item=item, status=own.status, to=to)
        backed = supported(own.status, to, own.proposed)
        if to != own.status and not backed and not override:
            if own.figures["unscored"]:
                raise QaError("rule_status.unscored", item=item, calls=own.figures["unscored"])
            raise QaError("rule_status.not_supported", item=item, to=to, **_told(own))
        return keep_status(
            self.workspace.database,
            self.workspace.rubric,
            self.rules,
            item,
            before=own.status,
            to=to,
            overridden=not backed,
            figures=own.figures,
            from_month=self.first_month(now),
            reason=reason,
            who=checked_name(who),
            now=now,
        )


def _told(own: Standing) -> dict[str, Any]:
    figures = own.figures
    return {
        "status": own.status,
        "flags": figures["flags"],
        "wrong": figures["wrong"],
        "sure": exceeded_percent(figures["sure_above"]),
        "more": own.more_if_flawless,
    }
