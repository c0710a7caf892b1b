"""A month as it is in the workspace now: what its figures are made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from qa_audit.audit.filed_words import filed_events, filed_rulings
from qa_audit.audit.scores import sheets_frame
from qa_audit.closing.figures import CALLS, MonthInputs
from qa_audit.closing.filing import Sources
from qa_audit.estimation.audited import assigned_calls
from qa_audit.messages import QaError
from qa_audit.months.frozen_people import under_frozen_keys
from qa_audit.months.past import past_of
from qa_audit.sampling.export import draw_json
from qa_audit.sampling.freezing import frozen_frame
from qa_audit.sampling.remembered import RememberedSamples
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.settings import RUBRIC_FILE
from qa_audit.store.database import reading

if TYPE_CHECKING:
    from qa_audit.closing.ledger import Ledger
    from qa_audit.estimation.audited import Samples
    from qa_audit.months.past import Past
    from qa_audit.scored_calls import ScoredCalls
    from qa_audit.scoring.rubric import Rubric
    from qa_audit.workspace import Workspace


def machine_of(workspace: Workspace, month: str) -> dict[str, Any]:
    """What gives the machine's scores of a month; `name` is the same for the same rubric, detector and model.

    Rules that count for nothing in the month make it another machine: `set_aside` names them.

    The glossary is no part of it: it corrects names, and a month may not be torn by a new one.
    """
    choices, rubric = workspace.choices, workspace.rubric
    detector, aside = rubric.detector, sorted(workspace.rule_status.aside(month))
    name = judge_of(workspace, rubric)
    if aside:
        name += f"-{hashlib.sha256(' '.join(aside).encode()).hexdigest()[:16]}"
    return {
        "name": name,
        "engine": choices.engine,
        "model": choices.model,
        "preset": choices.preset,
        "weights": choices.digest,
        "rubric": rubric.id,
        "rubric_version": rubric.version,
        "rubric_sha256": rubric.sha256,
        "detector": None if detector is None else detector.sha256,
        "set_aside": aside,
    }


def judge_of(workspace: Workspace, rubric: Rubric) -> str:
    """How the name of a machine begins that judges by this rubric what the present model hears."""
    choices = workspace.choices
    parts = (choices.engine, choices.model, choices.preset, choices.digest)
    model = hashlib.sha256("\n".join(parts).encode())
    return f"{rubric.key[:16]}-{model.hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class MonthSources:
    """One month of a workspace."""

    workspace: Workspace
    month: str
    inputs: MonthInputs
    findings: pl.DataFrame
    """Of the drawn calls."""
    scored: ScoredCalls
    """All calls of the month, with what their scores were made from."""
    past: Past

    @classmethod
    def read(cls, workspace: Workspace, ledger: Ledger, month: str) -> MonthSources:
        """The month as it is now. Raises `QaError` `audited.no_draw`."""
        samples = RememberedSamples(workspace.samples)
        sample = samples.sample(month)
        if sample.is_empty():
            raise QaError("audited.no_draw", month=month)
        machine = machine_of(workspace, month)["name"]
        scored = workspace.scored(month)
        calls = _calls(workspace, month, scored.calls, framed_calls(samples, month))
        drawn = assigned_calls(samples, month)["call_id"].unique()
        findings = scored.findings(drawn)
        sheets = sheets_frame(workspace.database, workspace.rubric, findings, drawn)
        past = past_of(workspace, ledger, month, machine)
        past = under_frozen_keys(workspace, samples, month, past)
        scale = workspace.settings.pay.scale()
        inputs = MonthInputs(month, machine, samples, calls, sheets, past.history, past.earlier, scale)
        return cls(workspace, month, inputs, findings, scored, past)

    def filed(self) -> Sources:
        """All that `closing.filing.filed` writes down.

        Raises `QaError` `closing.rubric_changed` where the rubric's file is not the one that was read.
        """
        workspace, samples = self.workspace, self.workspace.samples
        sample = samples.sample(self.month)
        with reading(workspace.database) as connection:
            draws = {}
            for draw_id in sample["draw_id"].unique().sort():
                record = draw_json(connection, draw_id)
                draws[draw_id] = (frozen_frame(connection, record["frame_id"]).content, record)
        file = workspace.folder / RUBRIC_FILE
        rubric = file.read_bytes() if file.is_file() else built_in_rubric_text().encode()
        if hashlib.sha256(rubric).hexdigest() != workspace.rubric.sha256:
            raise QaError("closing.rubric_changed", file=file)
        keys = self.scored.made_from()
        calls = self.inputs.calls.drop("turns", "findings").join(keys, on="call_id", how="left")
        return Sources(
            self.month,
            machine_of(workspace, self.month),
            draws,
            calls.select(pl.col(name).cast(kind) for name, kind in CALLS.items()),
            rubric,
            self.findings,
            filed_events(workspace.database, sample["call_id"].unique()),
            filed_rulings(workspace.database, sample["call_id"].unique()),
            self.past.history,
            self.past.earlier,
            self.past.provenance,
            self.inputs.scale,
            self.inputs.method,
        )


def framed_calls(samples: Samples, month: str) -> pl.Series:
    """Ids of all calls of the month's frozen frames, those included that could not be drawn."""
    draw_ids = samples.sample(month)["draw_id"].unique().sort()
    empty = pl.Series("call_id", [], pl.String)
    return pl.concat([empty, *(samples.frame_of(draw_id).calls["call_id"] for draw_id in draw_ids)]).unique()


def _calls(workspace: Workspace, month: str, scored: pl.DataFrame, framed: pl.Series) -> pl.DataFrame:
    """`CALLS` of the frame. A call whose start was put right since, into another month, is found there."""
    wanted = pl.DataFrame({"call_id": framed.sort()})
    found = wanted.join(scored, on="call_id", how="inner")
    if found.height < wanted.height:
        every = workspace.scored(aside=workspace.rule_status.aside(month)).calls
        found = wanted.join(every, on="call_id", how="left")
    judged = (pl.col("status") == "scored") & pl.col("score").is_not_null()
    return found.select(
        "call_id",
        "score",
        "confidence",
        critical=pl.when(judged).then("critical"),
        audio_sha256="sha256",
        turns=pl.lit(None, pl.String),
        findings=pl.lit(None, pl.String),
    )
