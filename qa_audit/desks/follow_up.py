"""What follows an audit in a workspace: the register of faults and its clips, coaching, praise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import polars as pl

from qa_audit.audit import coaching
from qa_audit.audit.clips import keep_clips, with_clips
from qa_audit.audit.disputed_moments import MOMENTS, disputed_moments
from qa_audit.audit.faults import fault_register, repeated_faults
from qa_audit.audit.rulings import with_gold
from qa_audit.audit.scores import audit_frame, sheets_frame
from qa_audit.calls.query import calls_frame, month_bounds, month_of
from qa_audit.desks.exported_clips import export_clips
from qa_audit.estimation.audited import assigned_calls, audit_rows
from qa_audit.estimation.coaching_effect import (
    DAYS,
    EFFECT,
    JUDGED_CALLS,
    SCORED_CALLS,
    coaching_effect,
    fault_shares,
)
from qa_audit.estimation.frames import TIME_ZONE
from qa_audit.estimation.heard import COUNTS
from qa_audit.messages import QaError
from qa_audit.months.registers import erased_told
from qa_audit.reports.fault_register import write_register
from qa_audit.reports.registers import COACHING
from qa_audit.retention.masked_tables import ids_in, mask_ids, mask_written
from qa_audit.sampling.frame import agent_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa_audit.audit.clips import ClipOutcome
    from qa_audit.audit.coaching import Coaching, Praise
    from qa_audit.workspace import Workspace

EFFECT_BY_SOURCE = pl.Schema({"source": pl.String, **EFFECT})
"""`EFFECT` by the machine's verdicts on all calls, and by people's on those that chance had drawn."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Faults, clips, coaching and praise of a workspace."""

    workspace: Workspace

    def faults(self, month: str | None = None) -> pl.DataFrame:
        """Faults (of calls of a month): `audit.faults.FAULTS_SCHEMA`, and `clip`, where its sound lies."""
        database = self.workspace.database
        found = fault_register(database, calls_frame(database))
        if month is not None:
            found = found.filter(pl.col("start").dt.strftime("%Y-%m") == month)
        return with_clips(database, self.workspace.folder, found)

    def repeated(self) -> pl.DataFrame:
        """Who was faulted for the same item again (`audit.faults.REPEATS_SCHEMA`)."""
        return repeated_faults(self.faults())

    def keep_clips(self, month: str | None = None) -> ClipOutcome:
        """Keep the sound of faults (of a month) that has not been kept yet."""
        place = self.workspace
        sound = partial(place.clip, place="export")
        return keep_clips(place.database, place.folder, self.faults(month), sound)

    def keep_all_clips(self) -> ClipOutcome:
        """Keep the sound of all faults and of all places that appeals and complaints point at.

        What was kept before is not looked at again; recordings that are gone are told as the others are.
        """
        place = self.workspace
        wanted = pl.concat([self.faults().select(MOMENTS.names()), disputed_moments(place.database)])
        return keep_clips(place.database, place.folder, wanted, partial(place.clip, place="export"))

    def export(self, path: str | Path, month: str | None = None, *, with_clips: bool = False) -> Path:
        """Write the register as `.xlsx` or `.csv`, with the sound of faults in a folder beside it if wanted.

        Raises `QaError` `faults.file_kind`, `store.…`.
        """
        found = erased_told(self.faults(month))
        if with_clips:
            found = found.with_columns(
                clip=pl.Series(export_clips(self.workspace, found, Path(path)), dtype=pl.String)
            )
        if not self.workspace.sees_unmasked:
            numbers = self.workspace.numbers_of(ids_in(found))
            found = mask_ids(mask_written(found, self.workspace.names_known()), numbers)
        return write_register(Path(path), found, self.workspace.rubric)

    def coach(
        self, agent: str, items: Sequence[str], *, text: str, who: str, coached_at: datetime | None = None
    ) -> Coaching:
        """Note that an agent (name, number or person's id) was coached.

        `coached_at` is by the centre's clock; now, if not given.

        Raises `QaError`: `follow_up.no_agent`, `follow_up.several_agents` and those of
        `audit.coaching.note_coaching`.
        """
        now = datetime.now(ZoneInfo(TIME_ZONE)).replace(microsecond=0, tzinfo=None)
        return coaching.note_coaching(
            self.workspace.database,
            self.agent_of(agent),
            items,
            text=text,
            who=who,
            coached_at=coached_at or now,
            known_items=[item.id for item in self.workspace.rubric.items],
        )

    def coachings(self, agent: str | None = None) -> list[Coaching]:
        """Coaching (of an agent) in order."""
        return coaching.coachings_of(self.workspace.database, None if agent is None else self.agent_of(agent))

    def effect(self, noted: Coaching, *, days: int = DAYS) -> pl.DataFrame:
        """What changed in the calls after coaching (`EFFECT_BY_SOURCE`)."""
        months = self._months(
            noted.coached_at - timedelta(days=days), noted.coached_at + timedelta(days=days)
        )
        machine, people = self._by_machine(months), self._by_people(months)
        return pl.concat(
            coaching_effect(judged, scored, noted.agent, noted.items, noted.coached_at, days=days).select(
                pl.lit(source).alias("source"), pl.all()
            )
            for source, (judged, scored) in (("machine", machine), ("people", people))
        )

    def before_after(self, month: str, *, days: int = DAYS) -> pl.DataFrame:
        """Fault shares before and after coaching (`reports.registers.COACHING`), a row an item coached.

        Of coaching noted for the month, and for the month before, whose calls after it lie in this one. By
        the machine's verdicts: of these there are enough to see a change within `days`.
        """
        first, _ = month_bounds(month)
        told = [
            noted
            for noted in self.coachings()
            if month_of(noted.coached_at) in (month, month_of(first - timedelta(days=1)))
        ]
        if not told:
            return pl.DataFrame(schema=COACHING)
        window = timedelta(days=days)
        moments = [noted.coached_at for noted in told]
        months = [one for one in self._months(min(moments) - window, max(moments) + window) if one <= month]
        judged, _ = self._by_machine(months)
        calls = calls_frame(self.workspace.database).with_columns(agent_key()).sort("start", "call_id")
        people = calls.group_by("agent").agg(pl.col("team", "agent_no", "agent_name").last())
        whose = {row["agent"]: row for row in people.iter_rows(named=True)}
        rows = []
        for noted in sorted(told, key=lambda one: (one.coached_at, one.coaching_id)):
            for item in noted.items:
                before, after = fault_shares(judged, noted.agent, item, noted.coached_at, days=days)
                row = {"agent": noted.agent, "item": item, "coached_at": noted.coached_at}
                row |= {f"{name}_before": value for name, value in before._asdict().items()}
                row |= {f"{name}_after": value for name, value in after._asdict().items()}
                rows.append(whose.get(noted.agent, {}) | row)
        return pl.DataFrame(rows, COACHING)

    def praise(self, call_id: str, *, text: str, who: str, at_s: float | None = None) -> Praise:
        """Praise a call. Raises `QaError` `workspace.unknown_call` and as `audit.coaching.praise_call`."""
        if calls_frame(self.workspace.database, call_id=call_id).is_empty():
            raise QaError("workspace.unknown_call", call_id=call_id)
        return coaching.praise_call(self.workspace.database, call_id, at_s=at_s, text=text, who=who)

    def praises(self, month: str | None = None) -> list[Praise]:
        """Praise (of calls of a month) in order."""
        database = self.workspace.database
        calls = None if month is None else calls_frame(database, month)["call_id"].to_list()
        return coaching.praises_of(database, calls)

    def agent_of(self, agent: str) -> str:
        """The key of a person by name, number or id.

        Raises `QaError`: `follow_up.no_agent`, `follow_up.several_agents`.
        """
        calls = calls_frame(self.workspace.database).with_columns(agent_key())
        named = pl.any_horizontal(pl.col("agent", "person_id", "agent_no", "agent_name") == agent)
        found = calls.filter(named.fill_null(value=False))["agent"].unique().sort().to_list()
        if not found:
            raise QaError("follow_up.no_agent", got=agent)
        if len(found) > 1:
            raise QaError("follow_up.several_agents", got=agent, found=", ".join(found))
        return found[0]

    def _months(self, first: datetime, last: datetime) -> list[str]:
        return [one for one in self.workspace.months() if month_of(first) <= one <= month_of(last)]

    def _by_machine(self, months: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        judged, scored = [pl.DataFrame(schema=JUDGED_CALLS)], [pl.DataFrame(schema=SCORED_CALLS)]
        for month in months:
            calls = self.workspace.calls(month).with_columns(agent_key())
            findings = self.workspace.findings(month).filter(
                (pl.col("kind") == "item") & pl.col("verdict").is_in(["pass", "fail"])
            )
            judged.append(_judged(findings, calls))
            scored.append(calls.select(SCORED_CALLS.names()))
        return pl.concat(judged), pl.concat(scored)

    def _by_people(self, months: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        judged, scored = [pl.DataFrame(schema=JUDGED_CALLS)], [pl.DataFrame(schema=SCORED_CALLS)]
        place = self.workspace
        gold = place.gold_labels(months)
        for month in months:
            assigned = assigned_calls(place.samples, month).filter(pl.col("purpose") == COUNTS)
            if assigned.is_empty():
                continue
            calls = calls_frame(place.database, month).with_columns(agent_key())
            verdicts = audit_frame(place.database, assigned["call_id"]).rename({"who": "inspector"})
            mine = verdicts.join(assigned, on=["call_id", "inspector"], how="semi")
            settled = with_gold(
                mine.select("call_id", "item", verdict="first_verdict"), gold, "verdict"
            ).filter(pl.col("verdict").is_in(["pass", "fail"]))
            sheets = sheets_frame(place.database, place.rubric, place.findings(month), assigned["call_id"])
            judged.append(_judged(settled, calls))
            scored.append(audit_rows(assigned, sheets).join(calls, on="call_id").select(SCORED_CALLS.names()))
        return pl.concat(judged), pl.concat(scored)


def _judged(verdicts: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    return (
        verdicts.join(calls.select("call_id", "agent", "start"), on="call_id", how="inner")
        .with_columns(failed=pl.col("verdict") == "fail")
        .select(JUDGED_CALLS.names())
    )
