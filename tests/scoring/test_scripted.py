"""Wordings of the scripted items that no list had when they were written: `scripted/ITEM.txt`, a call a line.

A line says what the rule has to find: `fault`, `complies`, `unclear`, `not_applicable`, or `clean` (no fault,
whether the item applies or not). `beyond` marks faults that are known not to be found yet.
"""

from pathlib import Path

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric
from qa_audit.scoring.judge import score_calls
from qa_audit.scoring.rubric_test import typed_call

HERE = Path(__file__).parent / "scripted"
ALLOWED = {
    "fault": {"fail"},
    "complies": {"pass"},
    "unclear": {"uncertain"},
    "not_applicable": {"not_applicable"},
    "clean": {"pass", "not_applicable"},
    "beyond": {"pass", "not_applicable", "uncertain"},
}


def lines_of(item):
    text = (HERE / f"{item}.txt").read_text(encoding="utf-8")
    return [line.split(": ", 1) for line in text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("item", "fewest"),
    [
        ("please", 180),
        ("title", 38),
        ("honorific", 25),
        ("hold_courtesy", 44),
        ("thanks_reply", 54),
        ("readback", 40),
        ("apology", 69),
        ("no_harsh_language", 49),
    ],
)
def test_each_wording_is_judged_as_it_is_meant(item, fewest):
    lines = lines_of(item)
    assert len(lines) >= fewest
    rubric = load_rubric()
    only = rubric.model_copy(update={"items": tuple(one for one in rubric.items if one.id == item)})
    scores = score_calls([(typed_call(call), CallFacts()) for _, call in lines], only)
    wrong = [
        (meant, score.items[0].verdict, call)
        for (meant, call), score in zip(lines, scores, strict=True)
        if score.items[0].verdict not in ALLOWED[meant]
    ]
    assert wrong == []


def test_few_faults_are_known_not_to_be_found():
    meant = [kind for item in HERE.glob("*.txt") for kind, _ in lines_of(item.stem)]
    assert meant.count("beyond") <= 6
    assert meant.count("fault") >= 180
