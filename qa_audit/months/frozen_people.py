"""Who took a month's calls, and in whose team, as it was frozen when the month was drawn.

A roster may come or be put right after the draw. Figures go by the frozen frames, so whatever stands beside
them does: else nobody's score would be found under the key that the person has now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.query import calls_frame
from qa_audit.sampling.frame import FRAME_SCHEMA, agent_key

if TYPE_CHECKING:
    from qa_audit.estimation.audited import Samples
    from qa_audit.months.past import Past
    from qa_audit.workspace import Workspace

_PEOPLE = ("agent", "agent_no", "agent_name", "team")


def framed_people(samples: Samples, month: str) -> pl.DataFrame:
    """`call_id`, `agent`, `agent_no`, `agent_name` and `team` of the month's frozen frames, of calls that are
    anybody's."""
    empty = pl.DataFrame(schema={name: FRAME_SCHEMA[name] for name in ("call_id", *_PEOPLE)})
    draw_ids = samples.sample(month)["draw_id"].unique().sort()
    rows = [samples.frame_of(draw_id).calls.select(empty.columns) for draw_id in draw_ids]
    known = pl.concat([empty, *rows]).filter(pl.col("agent").is_not_null())
    return known.unique("call_id", keep="first", maintain_order=True)


def frozen_people(framed: pl.DataFrame, calls: pl.DataFrame) -> pl.DataFrame:
    """`calls` with people and teams as they were frozen (`framed_people`).

    `calls` have `call_id`, `person_id`, `agent_no`, `agent_name` and `team`, so that `agent_key` of them is
    the frozen one. Calls of no frame keep their team; whoever has others in a frame keeps the key of those.
    """
    if framed.is_empty():
        return calls
    then = framed.select("call_id", **{f"_{name}": name for name in _PEOPLE})
    known = calls.with_columns(agent_key().alias("_now")).join(
        then, on="call_id", how="left", maintain_order="left"
    )
    keys = frozen_keys(framed, calls)
    key = pl.coalesce("_agent", pl.col("_now").replace_strict(keys, default=None, return_dtype=pl.String))
    known = known.with_columns(_framed=pl.col("_agent").is_not_null(), _key=pl.coalesce(key, "_now"))
    kind, name = (pl.col("_key").str.splitn(":", 2).struct.field(f"field_{place}") for place in (0, 1))

    def own(column: str) -> pl.Expr:
        return pl.when("_framed").then(f"_{column}").otherwise(column)

    number = pl.when(kind == "number").then(name).when(kind != "name").then(own("agent_no"))
    return known.with_columns(
        person_id=pl.when(kind == "person").then(name),
        agent_no=number,
        agent_name=pl.when(kind == "name").then(name).otherwise(own("agent_name")),
        team=own("team"),
    ).select(calls.columns)


def frozen_keys(framed: pl.DataFrame, calls: pl.DataFrame) -> dict[str, str]:
    """The frozen key of people by the key that they have now in `calls`, where it is one."""
    both = calls.select("call_id", now=agent_key()).join(
        framed.select("call_id", "agent"), on="call_id", how="inner"
    )
    found = both.drop_nulls().group_by("now").agg(pl.col("agent").unique())
    return dict(found.filter(pl.col("agent").list.len() == 1).explode("agent").iter_rows())


def under_frozen_keys(workspace: Workspace, samples: Samples, month: str, past: Past) -> Past:
    """Earlier months' rows under the keys that people have in the frames of `month`.

    Before there was a roster a number stood for the person. Such a row is that of whoever the roster of now
    says had the number in that earlier month.
    """
    framed = framed_people(samples, month)
    numbers = set(framed["agent_no"].drop_nulls()) - {""}
    rows = pl.concat(
        [past.history.select("month", "agent"), past.earlier.select("month", agent="key")]
    ).unique()
    old = rows.filter(
        ~pl.col("agent").is_in(framed["agent"].implode()),
        pl.col("agent").str.splitn(":", 2).struct.field("field_1").is_in(sorted(numbers)),
    )
    if old.is_empty():
        return past
    keys = frozen_keys(framed, calls_frame(workspace.database, month))
    renamed = []
    for (earlier,), own in old.group_by("month", maintain_order=True):
        taken = set(rows.filter(month=earlier)["agent"])
        calls = calls_frame(workspace.database, str(earlier)).with_columns(agent_key())
        for agent in own["agent"].sort():
            people = calls.filter(agent_no=agent.partition(":")[2])["agent"].unique()
            now = keys.get(people[0]) if people.len() == 1 else None
            if now is not None and now not in taken:
                renamed.append((earlier, agent, now))
                taken.add(now)
    found = pl.DataFrame(renamed, {"month": pl.String, "agent": pl.String, "_now": pl.String}, orient="row")

    def put(frame: pl.DataFrame, column: str) -> pl.DataFrame:
        names = found.rename({"agent": column})
        joined = frame.join(names, on=["month", column], how="left", maintain_order="left")
        return joined.with_columns(pl.coalesce("_now", column).alias(column)).drop("_now")

    return past._replace(history=put(past.history, "agent"), earlier=put(past.earlier, "key"))
