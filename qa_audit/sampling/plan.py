"""What a draw will be like, before anything is drawn: how many calls of whom, and the interval they buy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.messages import say
from qa_audit.sampling.drawing import agent_shares
from qa_audit.sampling.interval import (
    ASSUMED_PRIOR_FREEDOM,
    ASSUMED_SD,
    calls_for,
    half_width,
)
from qa_audit.sampling.quota import quotas

if TYPE_CHECKING:
    from qa_audit.sampling.frame import Frame

PLAN_SCHEMA = pl.Schema(
    {
        "agent": pl.String,
        "agent_no": pl.String,
        "agent_name": pl.String,
        "team": pl.String,
        "new_agent": pl.Boolean,
        "calls": pl.Int64,
        "unscored": pl.Int64,
        "flagged": pl.Int64,
        "flagged_drawn": pl.Int64,
        "rest": pl.Int64,
        "rest_drawn": pl.Int64,
        "drawn": pl.Int64,
        "half_width": pl.Float64,
    }
)
"""One row an agent. `calls` that can be drawn, `unscored` of them without a machine score, sizes of the
strata and calls drawn of each (all in `rest` for an agent drawn without strata), `half_width` in points
or null."""

AIMS = (5.0, 3.0)
"""Half-widths, in points, for which a plan says how many calls they would take."""


@dataclass(frozen=True)
class Plan:
    """What would be drawn from a frame, whatever the seed."""

    frame: Frame
    residual_sd: float = ASSUMED_SD
    prior_freedom: float = ASSUMED_PRIOR_FREEDOM
    """What the colleagues' variances are worth, in degrees of freedom; an agent alone has no colleagues."""

    @cached_property
    def agents(self) -> pl.DataFrame:
        """Every agent's share (`PLAN_SCHEMA`), in order of team and key."""
        shares = agent_shares(self.frame)
        prior = self.prior_freedom if len(shares) > 1 else 0.0
        facts = (
            self.frame.drawable.sort("start", "call_id")
            .group_by("agent")
            .agg(
                agent_no=pl.col("agent_no").drop_nulls().unique(maintain_order=True).str.join("、"),
                agent_name=pl.col("agent_name").drop_nulls().last(),
                unscored=pl.col("score").null_count(),
            )
        )
        named = {row["agent"]: row for row in facts.iter_rows(named=True)}
        rows = []
        for quota in quotas(self.frame):
            own = {one.stratum: one for one in shares[quota.agent]}
            flagged, rest = own.get("flagged"), own.get("rest", own.get("all"))
            rows.append(
                {
                    **named[quota.agent],
                    "team": quota.team,
                    "new_agent": quota.new,
                    "calls": quota.calls,
                    "flagged": flagged.size if flagged else 0,
                    "flagged_drawn": flagged.drawn if flagged else 0,
                    "rest": rest.size if rest else 0,
                    "rest_drawn": rest.drawn if rest else 0,
                    "drawn": quota.wanted,
                    "half_width": half_width(own.values(), self.residual_sd, prior),
                }
            )
        return pl.DataFrame(rows, PLAN_SCHEMA).sort("team", "agent", nulls_last=True)

    @cached_property
    def teams(self) -> pl.DataFrame:
        """`team`, `agents`, `new_agents`, `calls`, `drawn` and the range of `half_width`s."""
        return (
            self.agents.group_by("team")
            .agg(
                agents=pl.len(),
                new_agents=pl.col("new_agent").sum(),
                calls=pl.col("calls").sum(),
                drawn=pl.col("drawn").sum(),
                narrowest=pl.col("half_width").min(),
                widest=pl.col("half_width").max(),
            )
            .sort("team", nulls_last=True)
        )

    @property
    def drawn(self) -> int:
        """Calls that would be drawn."""
        return int(self.agents["drawn"].sum())

    @property
    def listening_h(self) -> float | None:
        """Hours of audio to be heard once, from the mean known length of the calls that can be drawn."""
        lengths_s = self.frame.drawable["duration_s"].drop_nulls().to_list()
        return self.drawn * math.fsum(lengths_s) / len(lengths_s) / 3600 if lengths_s else None

    def aims(self) -> dict[float, int]:
        """Calls that each of `AIMS` would take of an agent with the median number of calls, unstratified."""
        median = self.agents["calls"].median()
        calls = round(float(median or 0))  # pyright: ignore[reportArgumentType]  # a column of whole numbers
        prior = self.prior_freedom if self.agents.height > 1 else 0.0
        return {aim: calls_for(aim, calls, self.residual_sd, prior) for aim in AIMS}

    def notes(self) -> list[str]:
        """What a person should know before drawing, in words."""
        frame, agents = self.frame, self.agents
        counts = dict(frame.calls["excluded"].drop_nulls().value_counts().iter_rows())
        found = [
            say(f"sampling.plan.{reason}", count=counts[reason])
            for reason in ("no_recording", "no_agent")
            if reason in counts
        ]
        unscored = int(agents["unscored"].sum())
        if unscored:
            found.append(say("sampling.plan.unscored", count=unscored))
        few = agents.filter(pl.col("drawn") == pl.col("calls"))
        if not few.is_empty():
            found.append(say("sampling.plan.all_heard", count=few.height))
        whole = agents.filter((pl.col("flagged") == 0) & (pl.col("drawn") < pl.col("calls")))
        if frame.design.share and not whole.is_empty():
            found.append(say("sampling.plan.no_strata", count=whole.height, odds=frame.design.oversampling))
        if agents["half_width"].null_count():
            found.append(say("sampling.plan.no_interval", count=agents["half_width"].null_count()))
        return found

    def summary(self) -> str:
        """The plan in two or three sentences: calls, hours, and what the interval will be."""
        widths = self.agents["half_width"].drop_nulls()
        middle = widths.median()
        aims = self.aims()
        return say(
            "sampling.plan.summary",
            month=self.frame.month,
            agents=self.agents.height,
            calls=int(self.agents["calls"].sum()),
            drawn=self.drawn,
            hours=say("sampling.plan.hours_unknown")
            if self.listening_h is None
            else say("sampling.plan.hours", hours=f"{self.listening_h:.1f}"),
            half=f"{middle:.1f}" if middle is not None else "–",
            sd=f"{self.residual_sd:g}",
            five=aims[5.0],
            three=aims[3.0],
        )

    def as_json(self) -> dict[str, Any]:
        """For scripts: the design, every agent's share, and the notes in words."""
        return {
            "month": self.frame.month,
            "frame_sha256": self.frame.sha256,
            "drawn": self.drawn,
            "listening_h": self.listening_h,
            "residual_sd": self.residual_sd,
            "calls_for_half_width": {f"{aim:g}": calls for aim, calls in self.aims().items()},
            "agents": self.agents.to_dicts(),
            "notes": self.notes(),
        }
