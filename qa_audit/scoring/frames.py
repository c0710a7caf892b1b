"""Findings as a Polars frame and back, and the key under which they are stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, fields
from typing import TYPE_CHECKING

import polars as pl

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.verdicts import CallScore, Evidence, Finding, SituationFinding, score_of

if TYPE_CHECKING:
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

_RULES = 1
_FACTS = tuple(field.name for field in fields(CallFacts))
"""Raised when the conditions change what they say of the same turns, so that findings are made anew."""


def findings_frame(call_id: str, score: CallScore) -> pl.DataFrame:
    """Findings of a call, one row an item or situation (`FINDINGS_SCHEMA`).

    >>> findings_frame("a", CallScore((Finding("closing", "pass", 8, 8),), (), (), 100.0)).row(0)[:6]
    ('a', 'item', 'closing', 'pass', 8.0, 8.0)
    """
    rows = [
        (call_id, "item", one.id, one.verdict, one.points, one.max_points, one.critical, _rows(one.evidence))
        for one in score.items
    ]
    rows += [
        (call_id, "situation", one.id, one.verdict, 0.0, 0.0, False, _rows(one.evidence))
        for one in score.situations
    ]
    return pl.DataFrame(rows, schema=FINDINGS_SCHEMA, orient="row")


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


def findings_key(turns_key: str, facts: CallFacts, rubric_key: str) -> str:
    """Key of a call's findings: 16 hexadecimal digits over what they are made from.

    Another transcript, another fact of the call list, another rubric or detector (`Rubric.key`) or other
    conditions give another key.

    >>> from qa_audit.calls.facts import CallFacts
    >>> findings_key("t", CallFacts(), "r") == findings_key("t", CallFacts(ring_s=9), "r")
    False
    """
    said = {name: getattr(facts, name) for name in _FACTS}  # flat, and `asdict` takes three times as long
    made_from = json.dumps([_RULES, turns_key, said, rubric_key], sort_keys=True)
    return hashlib.sha256(made_from.encode()).hexdigest()[:16]


def _rows(evidence: tuple[Evidence, ...]) -> list[dict[str, object]]:
    return [dict(zip(EVIDENCE_FIELDS, astuple(one), strict=True)) for one in evidence]


EVIDENCE_FIELDS = ("turn", "start_s", "end_s", "quote", "tier")
