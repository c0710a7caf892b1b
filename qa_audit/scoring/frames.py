"""Findings as a Polars frame and back, and the key under which they are stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.verdicts import CallScore, Evidence, Finding, SituationFinding, score_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa_audit.calls.facts import CallFacts

EVIDENCE = pl.Struct(
    {
        "turn": pl.Int32,
        "start_s": pl.Float64,
        "end_s": pl.Float64,
        "quote": pl.String,
        "tier": pl.String,
    }
)
FINDINGS_SCHEMA = pl.Schema(
    {
        "call_id": pl.String,
        "kind": pl.String,
        "item": pl.String,
        "verdict": pl.String,
        "points": pl.Float64,
        "max_points": pl.Float64,
        "critical": pl.Boolean,
        "evidence": pl.List(EVIDENCE),
    }
)
"""One row a call and item (`kind` "item") or recognised situation ("situation"), in the rubric's order."""

PROGRAM_RULES = 14
"""Raised when the conditions change what they say of the same turns, so that findings are made anew."""
_FACTS = tuple(field.name for field in fields(CallFacts))
_ALWAYS = frozenset(("direction", "ring_s", "internal", "hangup_by"))
"""Facts that every key holds, known or not; others only where a rubric asks them and they are known."""
_facts_in = attrgetter(*_FACTS)


def findings_frame(call_id: str, score: CallScore) -> pl.DataFrame:
    """Findings of a call, one row an item or situation (`FINDINGS_SCHEMA`).

    >>> findings_frame("a", CallScore((Finding("closing", "pass", 8, 8),), (), (), 100.0)).row(0)[:6]
    ('a', 'item', 'closing', 'pass', 8.0, 8.0)
    """
    return findings_of_calls([(call_id, score)])


def findings_of_calls(scores: Iterable[tuple[str, CallScore]]) -> pl.DataFrame:
    """Findings of many calls, one after another (`FINDINGS_SCHEMA`)."""
    rows, evidence, counts = [], [], []
    for call_id, score in scores:
        for one in score.items:
            rows.append((call_id, "item", one.id, one.verdict, one.points, one.max_points, one.critical))
            evidence += one.evidence
            counts.append(len(one.evidence))
        for one in score.situations:
            rows.append((call_id, "situation", one.id, one.verdict, 0.0, 0.0, False))
            evidence += one.evidence
            counts.append(len(one.evidence))
    names = [name for name in FINDINGS_SCHEMA if name != "evidence"]
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    frame = pl.DataFrame(
        {name: list(column) for name, column in zip(names, columns, strict=True)},
        schema={name: FINDINGS_SCHEMA[name] for name in names},
    )
    return frame.with_columns(evidence=_evidence_lists(evidence, counts)).select(FINDINGS_SCHEMA.names())


def _evidence_lists(evidence: Sequence[Evidence], counts: Sequence[int]) -> pl.Series:
    """Evidence by finding; by columns, for a list of records a row takes ten times as long."""
    flat = pl.DataFrame(
        {
            "turn": [one.turn for one in evidence],
            "start_s": [one.start_s for one in evidence],
            "end_s": [one.end_s for one in evidence],
            "quote": [one.quote for one in evidence],
            "tier": [one.tier for one in evidence],
        },
        schema=dict(EVIDENCE),
    )
    found = flat.select(
        finding=pl.Series(np.repeat(np.arange(len(counts), dtype=np.uint32), counts)),
        evidence=pl.struct(pl.all()),
    )
    lists = found.group_by("finding", maintain_order=True).agg("evidence")
    all_findings = pl.DataFrame({"finding": np.arange(len(counts), dtype=np.uint32)})
    joined = all_findings.join(lists, on="finding", how="left", maintain_order="left")
    return joined.select(pl.col("evidence").fill_null(pl.lit([], dtype=pl.List(EVIDENCE))))["evidence"]


def call_score_from(findings: pl.DataFrame, *, zero_on_critical: bool = True) -> CallScore:
    """The score of a call from its findings: the way back from `findings_frame`."""
    items: list[Finding] = []
    situations: list[SituationFinding] = []
    for row in findings.iter_rows(named=True):
        evidence = tuple(Evidence(**one) for one in row["evidence"])
        if row["kind"] == "item":
            points = (row["points"], row["max_points"])
            items.append(Finding(row["item"], row["verdict"], *points, evidence, row["critical"]))
        else:
            situations.append(SituationFinding(row["item"], True, row["verdict"], evidence))
    return CallScore(
        tuple(items),
        tuple(situations),
        tuple(item.id for item in items if item.critical),
        score_of(items, zero_on_critical=zero_on_critical),
    )


def findings_key(turns_key: str, facts: CallFacts, rubric_key: str, answers_key: str = "") -> str:
    """Key of a call's findings: 16 hexadecimal digits over what they are made from.

    Another transcript, another fact of the call list, another rubric or detector (`Rubric.key`), other
    answers of the audio (`hearing.answers_key`) or other conditions give another key. `facts` are those that
    the rubric asks (`calls.query.facts_of`).

    >>> from qa_audit.calls.facts import CallFacts
    >>> findings_key("t", CallFacts(), "r") == findings_key("t", CallFacts(ring_s=9), "r")
    False
    """
    said = _facts_json(*_facts_in(facts))
    parts = [str(PROGRAM_RULES), json.dumps(turns_key), said, json.dumps(rubric_key)]
    if answers_key:
        parts.append(json.dumps(answers_key))
    return hashlib.sha256(f"[{', '.join(parts)}]".encode()).hexdigest()[:16]


@lru_cache(maxsize=10_000, typed=True)
def _facts_json(*facts: object) -> str:
    """A month has many calls and few different facts; 6 and 6.0 are equal and are not written alike."""
    known = {name: got for name, got in zip(_FACTS, facts, strict=True) if name in _ALWAYS or got}
    return json.dumps(known, sort_keys=True)
