"""The sample book of a workspace: plan, commit, freeze, draw, hand out, replace, lock, verify.

The one face of this package: each method is one transaction on the workspace's database.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.calls.query import first_days, month_of
from qa_audit.messages import QaError
from qa_audit.sampling import draws, freezing, hand_outs
from qa_audit.sampling.design import Design
from qa_audit.sampling.export import draw_json, export_draw
from qa_audit.sampling.frame import Frame, agent_key, make_frame
from qa_audit.sampling.interval import ASSUMED_SD
from qa_audit.sampling.plan import Plan
from qa_audit.sampling.verify import verify, verify_all
from qa_audit.store.database import exclusive, reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    from qa_audit.sampling.assignment import Assignment
    from qa_audit.sampling.draws import Draw, Kind
    from qa_audit.sampling.freezing import Commitment, FrozenFrame
    from qa_audit.sampling.hand_outs import HandOut, Lock, Replacement
    from qa_audit.sampling.replacement import Reason
    from qa_audit.sampling.verify import Verification

_DRAWING = 7141004  # any number that is the same in every process

SAMPLE_SCHEMA = pl.Schema(
    {"draw_id": pl.Int64, "kind": pl.String, **draws.KEPT_SCHEMA, "skipped": pl.String, "alone": pl.Boolean}
)
"""Columns of `SampleBook.sample`: tickets, with why a call was replaced (null: it is to be judged)."""


@dataclass(frozen=True, slots=True)
class SampleBook:
    """Samples of a workspace. `calls` gives the calls of a month (None: all), as `Workspace.calls` does."""

    database: Engine
    calls: Callable[[str | None], pl.DataFrame]
    mask: Callable[[], Callable[[str], str] | None] = lambda: None
    """What masks customers' data in what is written to files; None where all may be seen."""

    def frame(
        self,
        month: str,
        design: Design | None = None,
        *,
        teams: Collection[str] = (),
        days: tuple[int, int] | None = None,
    ) -> Frame:
        """The frame as it would be frozen now. Raises as `frame.make_frame`.

        Calls that a later list has moved here stay in the month in which they were frozen.
        """
        since, calls = first_days(self.database), self.calls(month)
        with reading(self.database) as connection:
            gone = draws.frozen_elsewhere(connection, month, set(calls["call_id"]))
        calls = calls.filter(~pl.col("call_id").is_in(gone))
        return make_frame(calls, month, design or Design(), teams=teams, days=days, first_days=since)

    def plan(
        self,
        month: str,
        design: Design | None = None,
        *,
        teams: Collection[str] = (),
        days: tuple[int, int] | None = None,
        residual_sd: float = ASSUMED_SD,
    ) -> Plan:
        """What a draw would be like; nothing is kept."""
        return Plan(self.frame(month, design, teams=teams, days=days), residual_sd)

    def commit(self, month: str, who: str, words: str) -> Commitment:
        """Bind a person to words for the draws of a month; only their hash is kept."""
        with writing(self.database) as connection:
            return freezing.commit(connection, month, who, words)

    def commitments(self, month: str) -> list[Commitment]:
        """Who is bound for the draws of a month."""
        with reading(self.database) as connection:
            return freezing.commitments(connection, month)

    def freeze(self, frame: Frame, who: str) -> FrozenFrame:
        """Keep a frame; only then those who are bound tell their words."""
        with writing(self.database) as connection:
            return freezing.freeze(connection, frame, who)

    def open_frames(self, month: str) -> list[FrozenFrame]:
        """Frames of a month that were frozen and not yet drawn from, in order."""
        with reading(self.database) as connection:
            drawn = {
                draws.read_draw(connection, draw_id).frame_id for draw_id in draws.draw_ids(connection, month)
            }
            frozen = freezing.frozen_frames(connection, month)
        return [one for one in frozen if one.frame_id not in drawn]

    def draw(
        self,
        source: Frame | int,
        who: str,
        *,
        words: Mapping[str, str] | None = None,
        instead_of: int | None = None,
        reason: str | None = None,
    ) -> Draw:
        """Draw from a frozen frame (its id) with the words of those who are bound, or from a frame alone."""
        with self._alone() as connection:
            return draws.make_draw(connection, source, who, words=words, instead_of=instead_of, reason=reason)

    def choose(self, call_ids: Collection[str], kind: Kind, who: str, reason: str) -> Draw:
        """Keep calls that someone wants heard: for coaching, a complaint or an appeal; they enter no score.

        They belong to the month of the earliest of them. Raises `QaError` `sampling.unknown_call` and
        those of `draws.choose_calls`.
        """
        known = self.calls(None).filter(pl.col("call_id").is_in(list(call_ids))).with_columns(agent_key())
        missing = sorted(set(call_ids) - set(known["call_id"]))
        if missing:
            raise QaError("sampling.unknown_call", call=missing[0])
        agents = dict(known.select("call_id", "agent").iter_rows())
        month = month_of(known["start"].drop_nulls().min())  # pyright: ignore[reportArgumentType]  # dates
        with self._alone() as connection:
            return draws.choose_calls(connection, agents, month, kind, who=who, reason=reason)

    def calls_of_agent(self, month: str, agent: str) -> list[str]:
        """Ids of all of a person's calls of a month; `agent` is a name, a number or a person's id."""
        calls = self.calls(month).filter(pl.col("recording").is_not_null())
        mine = pl.any_horizontal(pl.col("person_id", "agent_no", "agent_name") == agent).fill_null(False)
        return calls.filter(mine)["call_id"].to_list()

    def replace(
        self, draw_id: int, call_id: str, reason: Reason, who: str, *, within: Connection | None = None
    ) -> Replacement:
        """Put the next ticket in the place of a call that cannot be judged; `within` a transaction under way.

        Raises `QaError` as `hand_outs.replace_call`.
        """
        with self._alone(within) as connection:
            return hand_outs.replace_call(connection, draw_id, call_id, reason, who=who)

    def hand_out(
        self, draw_id: int, inspectors: Sequence[str], who: str, *, twice: str = "0.08", common: int = 0
    ) -> HandOut:
        """Share the calls out among inspectors."""
        with reading(self.database) as connection:
            made = draws.read_draw(connection, draw_id)
        aliases = None
        if made.kind != "random":
            chosen = self.calls(None).filter(pl.col("call_id").is_in(made.tickets["call_id"].to_list()))
            aliases = hand_outs.aliases_of(chosen.with_columns(agent_key()))
        with self._alone() as connection:
            return hand_outs.hand_out(
                connection, draw_id, inspectors, who, twice=twice, common=common, aliases=aliases
            )

    def lock(self, draw_id: int, who: str) -> Lock:
        """Lock a draw that has been handed out."""
        with self._alone() as connection:
            return hand_outs.lock(connection, draw_id, who)

    def draws(self, month: str | None = None) -> list[Draw]:
        """Draws (of a month), in order."""
        with reading(self.database) as connection:
            return [draws.read_draw(connection, draw_id) for draw_id in draws.draw_ids(connection, month)]

    def draw_of(self, draw_id: int) -> Draw:
        """A draw, with the calls that replaced others. Raises `QaError` `sampling.no_draw`."""
        with reading(self.database) as connection:
            return draws.read_draw(connection, draw_id)

    def replacements(self, draw_id: int) -> list[Replacement]:
        """Calls of a draw that were replaced, in order."""
        with reading(self.database) as connection:
            return hand_outs.replacements(connection, draw_id)

    def frame_of(self, draw_id: int) -> Frame:
        """The frame of a random draw, as it was frozen. Raises `QaError` `sampling.no_frame`."""
        with reading(self.database) as connection:
            frame_id = draws.read_draw(connection, draw_id).frame_id
            return freezing.frozen_frame(connection, frame_id or 0).frame()

    def queues(self, draw_id: int) -> dict[str, list[str]]:
        """Calls of each inspector in order of hearing; empty before the draw is handed out."""
        with reading(self.database) as connection:
            handed = hand_outs.hand_out_of(connection, draw_id)
            replaced = hand_outs.replacements(connection, draw_id)
        return {} if handed is None else hand_outs.queues(handed, replaced)

    def given_to(self, inspector: str) -> dict[int, list[str]]:
        """By draw, oldest first, the calls that one inspector is to hear, as `hand_outs.given_to`."""
        with reading(self.database) as connection:
            return hand_outs.given_to(connection, inspector)

    def assignments(self, draw_id: int) -> list[Assignment]:
        """Who hears which call and why; a replacing call has the place of the replaced one."""
        with reading(self.database) as connection:
            handed = hand_outs.hand_out_of(connection, draw_id)
            replaced = hand_outs.replacements(connection, draw_id)
        return [] if handed is None else hand_outs.in_force(handed, replaced)

    def handed_out(self, draw_id: int) -> HandOut | None:
        """The hand-out in force of a draw, its calls as they were handed out; None before there is one."""
        with reading(self.database) as connection:
            return hand_outs.hand_out_of(connection, draw_id)

    def skips(self, draw_id: int) -> pl.DataFrame:
        """How often each inspector had calls replaced: `inspector`, `calls` handed out, `skipped`, `rate`."""
        with reading(self.database) as connection:
            handed = hand_outs.hand_out_of(connection, draw_id)
            replaced = hand_outs.replacements(connection, draw_id)
        by_whom = Counter(one.who for one in replaced)
        given = Counter(one.inspector for one in handed.assignments) if handed else Counter()
        names = sorted({*by_whom, *given})
        rows = [
            (name, given[name], by_whom[name], by_whom[name] / given[name] if given[name] else None)
            for name in names
        ]
        columns = {"inspector": pl.String, "calls": pl.Int64, "skipped": pl.Int64, "rate": pl.Float64}
        return pl.DataFrame(rows, columns, orient="row")

    def sample(self, month: str) -> pl.DataFrame:
        """The calls by which a month is judged (`SAMPLE_SCHEMA`): of random draws in force, never chosen."""
        frames = [pl.DataFrame(schema=SAMPLE_SCHEMA)]
        with reading(self.database) as connection:
            over = draws.made_instead(connection)
            for draw_id in draws.draw_ids(connection, month):
                made = draws.read_draw(connection, draw_id)
                if made.kind != "random" or draw_id in over:
                    continue
                why = {one.call_id: one.reason for one in hand_outs.replacements(connection, draw_id)}
                skipped = [why.get(call) for call in made.tickets["call_id"]]
                frames.append(
                    made.tickets.with_columns(
                        draw_id=pl.lit(draw_id, pl.Int64),
                        kind=pl.lit(made.kind),
                        skipped=pl.Series(skipped, dtype=pl.String),
                        alone=pl.lit(made.alone),
                    ).select(SAMPLE_SCHEMA.names())
                )
        return pl.concat(frames)

    def verify(self, draw_id: int | None = None) -> list[Verification]:
        """Compute one draw, or all, again from what is stored alone."""
        with reading(self.database) as connection:
            return verify_all(connection) if draw_id is None else [verify(connection, draw_id)]

    def as_json(self, draw_id: int) -> dict[str, Any]:
        """All that is kept of a draw but its frame."""
        with reading(self.database) as connection:
            return draw_json(connection, draw_id)

    def export(self, draw_id: int, folder: str | Path) -> list[Path]:
        """Write a draw as files that other programs can check. Raises `QaError` as `export.export_draw`."""
        with reading(self.database) as connection:
            return export_draw(connection, draw_id, Path(folder), self.mask())

    @contextmanager
    def _alone(self, within: Connection | None = None) -> Iterator[Connection]:
        """A transaction beside which no other changes samples."""
        with writing(self.database) if within is None else nullcontext(within) as connection:
            exclusive(connection, _DRAWING)
            yield connection
