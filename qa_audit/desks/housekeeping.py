"""The housekeeping of a workspace's recordings: what is archived, kept, deleted, missing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.audit.clips import delete_clips
from qa_audit.audit.erasing import erase_decision_words, erase_words
from qa_audit.audit.events import checked_name
from qa_audit.audit.plays import delete_plays, plays_frame
from qa_audit.calls.gaps import day_gaps, shift_gaps
from qa_audit.calls.query import calls_frame, month_bounds, recordings_frame, roster_frame
from qa_audit.closing.erased_words import erase_closed_words
from qa_audit.messages import QaError, say
from qa_audit.progress import counting
from qa_audit.retention import archive
from qa_audit.retention.alone import alone
from qa_audit.retention.archive import megabytes
from qa_audit.retention.expiry import delete_expired, words_of_customer
from qa_audit.retention.forgetting import forget_words
from qa_audit.retention.journal import deletions
from qa_audit.retention.kept import kept_calls
from qa_audit.retention.place import archive_of, archives_of
from qa_audit.retention.selection import SELECTED, months_ago, select_gone, select_of_calls, select_older

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
    gone: pl.DataFrame = field(default_factory=SELECTED.to_frame)
    """Recordings that are not there any more, but may be what was said in them (`selection.select_gone`)."""

    @property
    def free(self) -> pl.DataFrame:
        """Files that nothing keeps."""
        return self.files.filter(pl.col("kept").list.len() == 0)

    def as_json(self) -> dict:
        """For scripts."""
        frames = {"files": self.files.to_dicts(), "gone": self.gone.to_dicts()}
        return {"before": self.before.isoformat(), **frames}

    def summary(self) -> str:
        """In one sentence."""
        free = self.free
        size = megabytes(int(free["size_bytes"].sum()))
        kept = self.files.height - free.height
        told = say("archive.plan", before=f"{self.before:%Y-%m}", free=free.height, size=size, kept=kept)
        gone = self.gone.filter(pl.col("kept").list.len() == 0).height
        return told + (say("archive.plan_gone", count=gone) if gone else "")

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


@dataclass(frozen=True, slots=True)
class ExpiredOutcome:
    """How many rows lost their words, and how many stretches listened to are no longer on record."""

    words: int
    plays: int
    closed: int = 0
    """Words deleted in the files of months that were closed before words lay apart."""
    kept: tuple[str, ...] = ()
    """Calls about which words stay, where those of one customer were to go."""
    complaints: tuple[int, ...] = ()
    """The same of complaints."""
    files: FileOutcome | None = None
    """What became of the recordings, where they were to go too."""

    @property
    def failed(self) -> bool:
        """Whether something was to go and stayed."""
        return bool(self.kept or self.complaints or (self.files and (self.files.failed or self.files.left)))

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        done = {"words": self.words, "plays": self.plays, "closed": self.closed}
        files = {} if self.files is None else {"recordings": self.files.as_json()}
        return {**done, "kept": list(self.kept), "complaints": list(self.complaints), **files}

    def __str__(self) -> str:
        lines = [say("retention.words", words=self.words, plays=self.plays)]
        lines += [say("retention.in_months", closed=self.closed)] if self.closed else []
        lines += [] if self.files is None else [str(self.files)]
        if self.kept or self.complaints:
            named = [*self.kept, *(say("retention.complaint", number=one) for one in self.complaints)]
            lines.append(say("retention.held", kept="、".join(named)))
        return "\n".join(lines)


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
        database, plan = self.workspace.database, self._plan("delete_after_months", months, before)
        known = deletions(database)["sha256"].unique().to_list()
        return replace(plan, gone=select_gone(database, plan.before, self._kept(), leave_out=known))

    def delete(
        self, who: str, reason: str, *, months: int | None = None, before: str | None = None
    ) -> FileOutcome:
        """Keep clips of faults, then delete for good what nothing keeps, with a record of who and why.

        What was said in calls whose recording is gone leaves the results too (`retention.forgetting`), also
        that of calls whose deletion was killed before it came to it, and of old ones whose recording somebody
        else deleted.
        """
        who = checked_name(who)
        with alone(self.workspace.folder):
            plan = self.plan_deletion(months=months, before=before)
            self._keep_clips()
            done = archive.erase(
                self.workspace.database,
                plan.files,
                who,
                reason,
                gone=plan.gone,
                kept=self._kept(),
                progress=counting(say("progress.archive")),
            )
            gone = deletions(self.workspace.database).filter(self._without_recording())
            forget_words(self.workspace.results, set(gone["sha256"]), set(gone["call_ids"].explode()))
        return done

    def delete_words(
        self, who: str, reason: str, *, months: int | None = None, before: str | None = None
    ) -> ExpiredOutcome:
        """Delete what people wrote about old calls, and the record of who listened long ago.

        Each by its own setting unless an age is given. Raises `QaError` `archive.no_age` where neither is
        known, and as `audit.erasing.erase_words`.
        """
        who, database = checked_name(who), self.workspace.database
        written = self._before("delete_words_after_months", months, before)
        heard = self._before("delete_plays_after_months", months, before)
        if written is None and heard is None:
            raise QaError("archive.no_age", key="delete_words_after_months")
        zone = ZoneInfo(self.workspace.settings.calls.timezone)
        words = 0 if written is None else delete_expired(database, written, zone, who, reason)
        plays = 0 if heard is None else delete_plays(database, heard.replace(tzinfo=zone))
        return ExpiredOutcome(words, plays, erase_closed_words(database, who, reason))

    def forget_customer(
        self, number: str, who: str, reason: str, *, recordings: bool = False
    ) -> ExpiredOutcome:
        """Delete what people wrote about a customer's calls, and their number in complaints and on the list.

        With `recordings` also the recordings of these calls, wherever they lie, the kept sound of their
        faults and what was said in them, as `delete` does it. What is on hold or still disputed stays and is
        told; a recording that is another customer's, too, stays. Raises `QaError` as
        `retention.expiry.words_of_customer` and `audit.erasing.erase_words`.
        """
        who, database = checked_name(who), self.workspace.database
        found = words_of_customer(database, number.strip())
        words = erase_words(database, found.events, who, reason)
        words += erase_decision_words(database, found.rows, who, reason)
        closed = erase_closed_words(database, who, reason)
        files = self._forget_calls(found.calls, who, reason) if recordings else None
        return ExpiredOutcome(words, 0, closed, found.kept, found.complaints, files)

    def _forget_calls(self, call_ids: Collection[str], who: str, reason: str) -> FileOutcome:
        """Delete recordings of calls, what was said in them, and the kept sound of their faults."""
        database = self.workspace.database
        with alone(self.workspace.folder):
            files = select_of_calls(database, call_ids)
            done = archive.erase(
                database,
                files,
                who,
                reason,
                kept=self._kept().keys() - set(call_ids),
                progress=counting(say("progress.archive")),
            )
            own = pl.col("call_id").is_in(list(call_ids))
            gone = calls_frame(database).filter(own, self._without_recording())
            forget_words(self.workspace.results, set(gone["sha256"].drop_nulls()), set(gone["call_id"]))
            delete_clips(database, self.workspace.folder, set(gone["call_id"]))
        return done

    def _without_recording(self) -> pl.Expr:
        """Of rows with a `sha256`, those whose recording lies nowhere any more."""
        there = recordings_frame(self.workspace.database).filter("present")["sha256"]
        return ~pl.col("sha256").is_in(there.implode())

    def listened(
        self, call_id: str | None = None, *, who: str | None = None, agent: str | None = None
    ) -> pl.DataFrame:
        """Who was given which stretch to hear (`PLAYS`): of a call, by a person, of an agent's calls.

        `agent` is a number, name or person. Raises `QaError` `workspace.unknown_call` and
        `listened.unknown_agent`.
        """
        database = self.workspace.database
        self.workspace.plays.flush()
        calls = None
        if call_id is not None or agent is not None:
            known = calls_frame(database)
            if call_id is not None:
                known = known.filter(pl.col("call_id") == call_id)
                if known.is_empty():
                    raise QaError("workspace.unknown_call", call_id=call_id)
            if agent is not None:
                meant = pl.any_horizontal(pl.col("person_id", "agent_no", "agent_name") == agent)
                known = known.filter(meant.fill_null(value=False))
                if known.is_empty():
                    raise QaError("listened.unknown_agent", agent=agent)
            calls = known["call_id"].to_list()
        return plays_frame(database, call_ids=calls, who=who)

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

    def _before(self, key: str, months: int | None, before: str | None) -> datetime | None:
        """What began before this moment is old; None where the settings name no age."""
        if before is not None:
            return month_bounds(before)[0]
        age = months or getattr(self.workspace.settings.retention, key)
        today = datetime.now(ZoneInfo(self.workspace.settings.calls.timezone)).date()
        return None if age is None else months_ago(age, today)

    def _plan(self, key: str, months: int | None, before: str | None) -> HousekeepingPlan:
        moment = self._before(key, months, before)
        if moment is None:
            raise QaError("archive.no_age", key=key)
        return HousekeepingPlan(moment, select_older(self.workspace.database, moment, self._kept()))
