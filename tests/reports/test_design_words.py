"""A stored design is told in words."""

import pytest

from qa_audit.reports.design_words import design_words
from qa_audit.sampling.design import Design

FLAGGED = "机器分数最低的 20 % 为一层，抽中的机会至多是其余的 3 倍"


@pytest.mark.parametrize(
    ("design", "words"),
    [
        (Design(calls_per_agent=5), f"每名员工 5 通；{FLAGGED}"),
        (Design(8, 12, 40), f"每名员工 8 通；每名新人 12 通；每班组至少 40 通；{FLAGGED}"),
        (Design(flagged_share="0"), "每名员工 8 通"),
    ],
)
def test_a_design_in_words(design, words):
    assert design_words(design.as_text(), "zh") == words


def test_a_design_in_english():
    assert design_words(Design(flagged_share="0").as_text(), "en") == "8 calls of each agent"
