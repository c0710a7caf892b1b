"""What the present rules say of a month's drawn calls, those included whose recordings were deleted since.

Recordings are deleted by what people decided: calls with a fault keep theirs. So verdicts on deleted calls
are looked for where they were kept, in the results and in the files of the month as it was closed; were they
simply missing, a rule's right flags would stay and its wrong ones go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.query import calls_frame, month_of
from qa_audit.closing.filing import findings_in, read_json, rubric_in
from qa_audit.estimation.rule_quality import DELETED
from qa_audit.months.sources import judge_of
from qa_audit.pipeline import keyed_calls
from qa_audit.scoring.batch import kept_findings, verdicts_of
from qa_audit.scoring.frames import FINDINGS_SCHEMA
from qa_audit.scoring.rule_hash import rule_hashes

if TYPE_CHECKING:
    from qa_audit.workspace import Workspace

VERDICTS = pl.Schema({name: FINDINGS_SCHEMA[name] for name in ("call_id", "kind", "item", "verdict")})
"""What of findings is needed to say how good a rule is."""


@dataclass(frozen=True, slots=True)
class DrawnVerdicts:
    """The machine's verdicts on drawn calls of a month."""

    findings: pl.DataFrame
    """`VERDICTS`."""
    gone: frozenset[str]
    """Calls that have neither turns nor a recording: what is not in `findings` of them will never be."""

    def told(self, judged: pl.DataFrame) -> pl.DataFrame:
        """`rule_quality.JUDGED` of the month, an item left out (`DELETED`) where it lacks verdicts of `gone`.

        Which recordings are gone depends on what people said of the calls, so the rest of the month would be
        a sample that nobody drew.
        """
        lacking = pl.col("machine").is_null() & pl.col("call_id").is_in(self.gone)
        items = judged.filter(lacking)["item"].unique()
        left_out = pl.col("item").is_in(items.implode())
        return judged.with_columns(machine=pl.when(left_out).then(pl.lit(DELETED)).otherwise("machine"))


def drawn_verdicts(workspace: Workspace, month: str, drawn: pl.Series) -> DrawnVerdicts:
    """Verdicts by the present rules on the calls `drawn` (their ids) of a month, wherever they start now.

    Raises `QaError` `closing.damaged` where it takes the files of a closed month that was tampered with.
    """
    known = _known(workspace, month, drawn)
    jobs = workspace.call_results.score_jobs(known)
    there = pl.Series([job.call_id for job in jobs], dtype=pl.String)
    there = pl.concat([there, known.filter(pl.col("recording").is_not_null())["call_id"]])
    gone = frozenset(drawn.filter(~drawn.is_in(there.implode())))
    found = verdicts_of(jobs, workspace.results).select(VERDICTS.names())
    if gone:
        stored = _stored(workspace, month, known.filter(pl.col("call_id").is_in(gone)))
        found = pl.concat([found, stored, _filed(workspace, month, gone - set(stored["call_id"]))])
    return DrawnVerdicts(found, gone)


def _known(workspace: Workspace, month: str, drawn: pl.Series) -> pl.DataFrame:
    """Rows of `calls_frame`. A call whose start was put right since, into another month, is found there."""
    own = pl.col("call_id").is_in(drawn.implode())
    known = calls_frame(workspace.database, month).filter(own)
    return known if known.height == drawn.len() else calls_frame(workspace.database).filter(own)


def _stored(workspace: Workspace, month: str, calls: pl.DataFrame) -> pl.DataFrame:
    """Verdicts that results still have of calls without turns.

    Of a call whose audio was asked something the answers are gone, so it cannot be told which were the last.
    """
    asked, columns = workspace.call_results.asked(calls), workspace.call_results.columns(calls["call_id"])
    settings, digest = workspace.settings.transcribe, workspace.choices.digest
    keyed = keyed_calls(calls, settings, digest, workspace.rubric, columns)
    schema = {"call_id": pl.String, "made_from": pl.String}
    keys = [(call.call_id, call.asked_by) for call in keyed if call.asked_by not in asked]
    made_from = pl.DataFrame(keys, schema, orient="row")
    months = sorted({month, *(month_of(start) for start in calls["start"])})
    return kept_findings(workspace.results, months, made_from, VERDICTS)


def _filed(workspace: Workspace, month: str, calls: frozenset[str]) -> pl.DataFrame:
    """Verdicts that were filed when the month was closed, the latest, by rules that are the same now."""
    ledger, found = workspace.month_book.ledger, [pl.DataFrame(schema=VERDICTS)]
    now, rules = workspace.rubric, workspace.rule_status.rules
    closings = [one for one in ledger.versions() if one.month == month] if calls else []
    for closing in reversed(closings):
        files = ledger.files(closing)
        then = rubric_in(files)
        if now.detector is not None:
            then = then.with_detector(now.detector)
        if not read_json(files, "about.json")["machine"]["name"].startswith(judge_of(workspace, then)):
            continue  # Another model heard the calls, or other detectors judged them.
        same = [item for item, rule in rule_hashes(then).items() if rules.get(item) == rule]
        wanted = pl.col("call_id").is_in(calls) & pl.col("item").is_in(same)
        found.append(findings_in(files).filter(wanted).select(VERDICTS.names()))
    return pl.concat(found).unique(["call_id", "item"], keep="first", maintain_order=True)
