"""Words to choose from: what they mean, and which was meant."""

import pytest

from qa_audit.messages import catalogue, speaking
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rule_fields import Entity
from qa_audit.scoring.rule_schema import Measure
from qa_audit.store.toml_choices import Choices, Likely, near


def test_each_word_is_shown_with_its_meaning_in_the_language_of_the_reader():
    words = Choices(("'agent'", "'left'", '"customer"'))
    with speaking("zh"):
        assert f"{words}" == "'agent'（坐席）, 'left', \"customer\"（客户）"
    with speaking("en"):
        assert f"{words}" == "'agent', 'left', \"customer\""


@pytest.mark.parametrize(
    ("written", "allowed", "meant"),
    [
        ("客户", ("agent", "customer"), "customer"),
        ("不合格", ("complies", "fault", "not_applicable"), "fault"),
        ("振铃", ("duration_s", "ring_s"), "ring_s"),
        ("Costomer", ("agent", "customer"), "customer"),
        ("left", ("agent", "customer"), None),
        ("", ("agent", "customer"), None),
    ],
)
def test_a_word_is_known_by_its_spelling_or_its_meaning(written, allowed, meant):
    with speaking("zh"):
        assert near(written, allowed) == meant
        assert str(Likely(written, allowed)) == (f"（是不是 {meant}？）" if meant else "")


def test_what_rules_ask_is_explained_word_by_word():
    words = [
        *Entity.__args__,
        *Measure.model_fields["of"].annotation.__args__,
        *Fact.model_fields["fact"].annotation.__args__,
    ]
    assert [one for one in words if f"toml.means.{one}" not in catalogue()] == []
