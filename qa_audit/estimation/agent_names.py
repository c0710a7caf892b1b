"""What people call an agent: number and name."""

from __future__ import annotations

import polars as pl

from qa_audit.sampling.frame import agent_key


def agent_names(calls: pl.DataFrame) -> dict[str, str]:
    """Number and name of every agent by key (`sampling.frame.agent_key`), as in their last call.

    `calls` as `Workspace.calls` or `estimation.frames.CALLS`; the key without its kind where both lack.
    """
    last = (
        calls.with_columns(agent_key())
        .filter(pl.col("agent").is_not_null())
        .sort("start", "call_id")
        .group_by("agent")
        .agg(pl.col("agent_no", "agent_name").drop_nulls().last())
    )
    return {
        agent: " ".join(filter(None, (number, name))) or agent.partition(":")[2]
        for agent, number, name in last.iter_rows()
    }
