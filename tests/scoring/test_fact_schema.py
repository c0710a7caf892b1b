"""What a rule may ask of the call list."""

from datetime import date, datetime, time

import pytest

from qa_audit.scoring.fact_schema import Fact
from tests.scoring.refusals import refusal


def asked(**given):
    return {"kind": "fact", "name": "甲", **given}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"fact": "direction", "is": "up"}, "scoring.refused.fact"),
        ({"fact": "internal", "is": 1}, "scoring.refused.fact"),
        ({"fact": "direction"}, "scoring.refused.one_of"),
        ({"fact": "team", "is": "甲", "any_of": ["乙"]}, "scoring.refused.one_of"),
        ({"fact": "team", "any_of": []}, "too_short"),
        ({"fact": "line", "is": 5}, "scoring.refused.fact_text"),
        ({"fact": "line", "is": "　"}, "scoring.refused.fact_text"),
        ({"fact": "column", "is": "甲"}, "scoring.refused.fact_lacks"),
        ({"fact": "line", "column": "甲", "is": "甲"}, "scoring.refused.fact_key"),
        ({"fact": "weekday", "is": "周八"}, "scoring.refused.fact"),
        ({"fact": "weekday", "any_of": ["周一", True]}, "scoring.refused.fact"),
        ({"fact": "weekday", "is": "周一", "from": "8:00"}, "scoring.refused.fact_key"),
        ({"fact": "time", "from": "8:00"}, "scoring.refused.fact_lacks"),
        ({"fact": "date"}, "scoring.refused.one_of"),
        (
            {"fact": "date", "is": "2026-11-01", "from": "2026-11-01"},
            "scoring.refused.one_of",
        ),
        (
            {"fact": "date", "from": "2026-11-02", "until": "2026-11-01"},
            "scoring.refused.days",
        ),
        ({"fact": "date", "is": "11-01"}, "scoring.refused.day"),
        ({"fact": "date", "is": True}, "scoring.refused.day"),
        ({"fact": "date", "any_of": ["2026-11-01", "2026-11-31"]}, "scoring.refused.day"),
        ({"fact": "date", "from": "2026-11-01 08:00"}, "scoring.refused.day"),
        ({"fact": "date", "from": datetime(2026, 11, 1, 8)}, "scoring.refused.day"),
        ({"fact": "team", "is": "甲", "until": "8:00"}, "scoring.refused.fact_key"),
        (
            {"fact": "time", "from": "8:00", "until": "9:00", "is": "早"},
            "scoring.refused.fact_key",
        ),
        ({"fact": "time", "from": "8:00", "until": "08:00"}, "scoring.refused.no_time"),
        ({"fact": "time", "from": "8点", "until": "9:00"}, "scoring.refused.clock"),
        ({"fact": "time", "from": 8, "until": "9:00"}, "scoring.refused.clock"),
        ({"fact": "time", "from": "8:60", "until": "9:00"}, "scoring.refused.clock"),
        ({"fact": "time", "from": "8:00", "until": "24:01"}, "scoring.refused.clock"),
        ({"fact": "team", "contains": []}, "too_short"),
        ({"fact": "team", "contains": [" "]}, "scoring.refused.fact_text"),
        ({"fact": "team", "contains": ["甲"], "is": "甲"}, "scoring.refused.one_of"),
        ({"fact": "team", "at_least": 3}, "scoring.refused.fact_key"),
        ({"fact": "direction", "contains": ["in"]}, "scoring.refused.fact_key"),
        ({"fact": "column", "column": "甲", "at_least": "3"}, "float_type"),
        ({"fact": "column", "column": "甲", "at_least": float("inf")}, "finite_number"),
        ({"fact": "column", "column": "甲", "at_least": 3, "is": "3"}, "scoring.refused.one_of"),
        ({"fact": "column", "column": "甲", "at_least": 3, "at_most": 2}, "scoring.refused.limits"),
        ({"fact": "column", "at_least": 3}, "scoring.refused.fact_lacks"),
    ],
)
def test_a_question_that_can_not_be_asked_is_refused(given, code):
    assert refusal(Fact, **asked(**given)) == code


def test_times_of_day_are_read_as_people_write_them():
    given = {"from": "８：05 ", "until": time(21, 30)}
    found = Fact.model_validate(asked(fact="time", **given))
    assert (found.since, found.until) == ("08:05", "21:30")


def test_days_are_read_as_people_write_them():
    given = {"from": "２０２６/11/1", "until": date(2026, 11, 11)}
    found = Fact.model_validate(asked(fact="date", **given))
    assert (found.since, found.until) == ("2026-11-01", "2026-11-11")
    listed = asked(fact="date", any_of=["2026.2.28", date(2028, 2, 29)])
    assert Fact.model_validate(listed).values == ("2026-02-28", "2028-02-29")


def test_what_a_fact_says_is_shown_without_the_keys_that_others_have():
    given = asked(fact="column", column="业务类型", any_of=["新装", "移机"])
    found = Fact.model_validate(given)
    assert found.model_dump(mode="json", by_alias=True) == given
    assert found.values == ("新装", "移机")
    told = asked(fact="internal", **{"is": True})
    assert Fact.model_validate(told).model_dump(mode="json", by_alias=True) == told
