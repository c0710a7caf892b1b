import json
from fractions import Fraction

import pytest

from qa_audit.messages import QaError
from qa_audit.sampling.design import Design


def test_the_default_is_eight_calls_and_the_lowest_fifth():
    design = Design()
    assert (design.calls_per_agent, design.new_agent_calls, design.team_at_least) == (8, 8, 0)
    assert (design.share, design.odds) == (Fraction(1, 5), Fraction(3))


def test_numbers_are_written_in_one_way():
    same = Design(flagged_share="0.20", oversampling="3.0").as_text()
    assert same == Design().as_text()
    assert Design.from_json(json.loads(same)) == Design()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("calls_per_agent", 1),
        ("calls_per_agent", 2.5),
        ("calls_per_agent", True),
        ("new_agent_calls", 1),
        ("new_agent_calls", -1),
        ("team_at_least", -1),
        ("flagged_share", "0.6"),
        ("flagged_share", "many"),
        ("flagged_share", "nan"),
        ("oversampling", "3.01"),
        ("oversampling", "0.5"),
        ("oversampling", "inf"),
        ("oversampling", "1/2"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(name, value):
    with pytest.raises(QaError) as error:
        Design(**{name: value})
    assert (error.value.code, error.value.values["name"]) == ("sampling.bad_design", name)


def test_an_unknown_name_is_refused():
    with pytest.raises(QaError) as error:
        Design.from_json({"calls_per_agent": 8, "favourites": 3})
    assert error.value.values["name"] == "favourites"
