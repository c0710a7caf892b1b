"""The housekeeping of a workspace's recordings: what is archived, kept, deleted, missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.audit.events import checked_name
from qa_audit.calls.gaps import day_gaps, shift_gaps
from qa_audit.calls.query import calls_frame, month_bounds, roster_frame
from qa_audit.messages import QaError, say
from qa_audit.progress import counting
from qa_audit.retention import archive
from qa_audit.retention.alone import alone
from qa_audit.retention.archive import megabytes
from qa_audit.retention.kept import kept_calls
from qa_audit.retention.place import archive_of, archives_of
from qa_audit.retention.selection import months_ago, select_older

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from qa_audit.retention.archive import FileOutcome
    from qa_audit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class HousekeepingPlan:
    """What would go and what stays: `files` is `retention.selection.SELECTED`."""

    before: datetime
    files: pl.DataFrame

    @property
    def free(self) -> pl.DataFrame:
        """Files that nothing keeps."""
        return self.files.filter(pl.col("kept").list.len() == 0)

    def as_json(self) -> dict:
        """For scripts."""
        return {"before": self.before.isoformat(), "files": self.files.to_dicts()}

    def summary(self) -> str:
        """In one sentence."""
        free = self.free
        size = megabytes(int(free["size_bytes"].sum()))
        kept = self.files.height - free.height
        return say("archive.plan", before=f"{self.before:%Y-%m}", free=free.height, size=size, kept=kept)

    def rows(self) -> list[tuple[object, ...]]:
        """By month: month, files that may go, their size, files that stay, and why."""
        found = []
        for (month,), own in self.files.group_by("month", maintain_order=True):
            free = own.filter(pl.col("kept").list.len() == 0)
            why = own["kept"].explode().drop_nulls().value_counts(sort=True)
            named = [f"{say(f'archive.kept.{name}')} {count}" for name, count in why.iter_rows()]
            size = megabytes(int(free["size_bytes"].sum()))
            found.append((month, free.height, size, own.height - free.height, "，".join(named)))
        return found


@dataclass(frozen=True)
class Housekeeping:
    """Archive, deletion and missing recordings of one workspace."""

    workspace: Workspace

    def plan_archive(self, *, months: int | None = None, before: str | None = None) -> HousekeepingPlan:
        """What `move` would move. Raises `QaError` `archive.no_age` where no age is known."""
        known = archives_of(self.workspace.database)
        plan = self._plan("archive_after_months", months, before)
        outside = [archive_of(folder, known) is None for folder in plan.files["folder"]]
        return HousekeepingPlan(plan.before, plan.files.filter(pl.Series(outside, dtype=pl.Boolean)))

    def move(
        self, who: str, *, to: str | Path | None = None, months: int | None = None, before: str | None = None
    ) -> FileOutcome:
        """Keep clips of faults, then move old recordings to the archive (`archive.move_to_archive`)."""
        who = checked_name(who)
        named = self.workspace.settings.retention.archive
        target = to or (named and self.workspace.folder / named)
        if not target:
            raise QaError("archive.no_target")
        with alone(self.workspace.folder):
            plan = self.plan_archive(months=months, before=before)
            self._keep_clips()
            return archive.move_to_archive(
                self.workspace.database,
                plan.files,
                target,
                who,
                kept=self._kept(),
                progress=counting(say("progress.archive")),
            )

    def verify(self, who: str) -> FileOutcome:
        """Read every archived file and compare."""
        with alone(self.workspace.folder):
            return archive.verify_archive(
                self.workspace.database, checked_name(who), progress=counting(say("progress.archive"))
            )

    def restore(self, who: str, call_ids: Collection[str] | None = None) -> FileOutcome:
        """Bring recordings of these calls back to their place, or all."""
        with alone(self.workspace.folder):
            return archive.restore(
                self.workspace.database,
                call_ids,
                checked_name(who),
                progress=counting(say("progress.archive")),
            )

    def plan_deletion(self, *, months: int | None = None, before: str | None = None) -> HousekeepingPlan:
        """What `delete` would delete, in the archive as well. Raises `QaError` `archive.no_age`."""
        return self._plan("delete_after_months", months, before)

    def delete(
        self, who: str, reason: str, *, months: int | None = None, before: str | None = None
    ) -> FileOutcome:
        """Keep clips of faults, then delete for good what nothing keeps, with a record of who and why."""
        who = checked_name(who)
        with alone(self.workspace.folder):
            plan = self.plan_deletion(months=months, before=before)
            self._keep_clips()
            return archive.erase(
                self.workspace.database,
                plan.files,
                who,
                reason,
                kept=self._kept(),
                progress=counting(say("progress.archive")),
            )

    def gaps(self, month: str) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Shifts with missing recordings (`SHIFT_GAPS`), and people without a call on a day (`DAY_GAPS`)."""
        database = self.workspace.database
        first, following = month_bounds(month)
        calls = calls_frame(database, month)
        gap_h = self.workspace.settings.sameness.shift_gap_h
        days = day_gaps(calls, roster_frame(database), first.date(), following.date())
        return shift_gaps(calls, gap_h), days

    def _keep_clips(self) -> None:
        """Sound that somebody may have to hear again is kept before any recording goes.

        A recording whose sound could not be had is one of `kept_calls`: it stays where it is.
        """
        self.workspace.follow_up.keep_all_clips()

    def _kept(self) -> dict[str, tuple[str, ...]]:
        return kept_calls(self.workspace.database)

    def _plan(self, key: str, months: int | None, before: str | None) -> HousekeepingPlan:
        if before is not None:
            moment = month_bounds(before)[0]
        else:
            age = months or getattr(self.workspace.settings.retention, key)
            if age is None:
                raise QaError("archive.no_age", key=key)
            moment = months_ago(age, datetime.now(ZoneInfo(self.workspace.settings.calls.timezone)).date())
        return HousekeepingPlan(moment, select_older(self.workspace.database, moment, self._kept()))
