import pytest
from pydantic import TypeAdapter

from qa_audit.scoring.rule_schema import Condition, Rule, Times, Where
from tests.scoring.refusals import refusal


def condition(**given):
    return {"name": "甲", **given}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"first_turns": 1, "last_s": 5}, "scoring.refused.both_ends"),
        ({"within_s": 5}, "scoring.refused.within"),
        ({"hit": "last"}, "scoring.refused.hit"),
        ({"around": "乙"}, "scoring.refused.around"),
        ({"after": "乙", "before": "乙"}, "scoring.refused.placed_twice"),
        ({"same_turn_as": "乙", "within_turns": 1}, "scoring.refused.same_turn"),
        ({"first": 1}, "extra_forbidden"),
    ],
)
def test_a_place_that_cannot_be_is_refused(given, code):
    assert refusal(Where, **given) == code


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_a_number_without_a_value_is_refused(number):
    assert refusal(Times, at_most=number) == "finite_number"
    assert refusal(Condition, kind="measure", of="talk_s", at_least=number, name="甲") == "finite_number"


def test_the_anchors_of_a_place_are_what_it_is_placed_by():
    assert Where(after="乙", before="丙").anchors == ("乙", "丙")
    assert Where().anchors == ()


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, "scoring.refused.no_limit"), ({"at_least": 3, "at_most": 2}, "scoring.refused.limits")],
)
def test_times_need_a_limit_that_can_be_kept(given, code):
    assert refusal(Times, **given) == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "said"}, "scoring.refused.nothing"),
        ({"kind": "said", "phrases": ["好"], "need": 2}, "scoring.refused.need"),
        (
            {"kind": "said", "phrases": ["好"], "need": "none", "every_turn": True},
            "scoring.refused.every_turn",
        ),
        (
            {"kind": "said", "phrases": ["好"], "need": "none", "times": {"at_least": 1}},
            "scoring.refused.none_times",
        ),
        ({"kind": "pause"}, "scoring.refused.one_of"),
        ({"kind": "speech_rate", "faster_than": 6, "slower_than": 2}, "scoring.refused.one_of"),
        ({"kind": "speech_rate", "faster_than": 6, "times": {"at_least": 3}}, "scoring.refused.one_rate"),
        (
            {"kind": "speech_rate", "faster_than": 6, "where": {"after": "乙", "hit": "each"}},
            "scoring.refused.one_rate",
        ),
        ({"kind": "voice", "louder_db": 6, "higher_st": 3}, "scoring.refused.one_voice"),
        ({"kind": "measure", "of": "turns"}, "scoring.refused.no_limit"),
        ({"kind": "sung"}, "union_tag_invalid"),
    ],
)
def test_a_condition_that_says_nothing_is_refused(given, code):
    assert refusal(Condition, **condition(**given)) == code


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "measure", "of": "talk_share", "at_least": 80}, "share"),
        ({"kind": "measure", "of": "silence_share", "at_most": 1.1}, "share"),
        ({"kind": "measure", "of": "silence_share", "at_most": -0.1}, "share"),
        ({"kind": "measure", "of": "ring_s", "at_most": -5}, "seconds"),
        ({"kind": "measure", "of": "ring_s", "at_most": 15_000}, "seconds"),
        ({"kind": "measure", "of": "duration_s", "at_least": -1}, "seconds"),
        ({"kind": "measure", "of": "last_silence_s", "at_least": 90_000}, "seconds"),
        ({"kind": "measure", "of": "turns", "at_least": -1}, "many"),
        ({"kind": "measure", "of": "syllables", "at_most": 1_000_000}, "many"),
        ({"kind": "measure", "of": "loudness_db", "at_most": 40}, "loudness"),
        ({"kind": "measure", "of": "louder_than_other_db", "at_least": 150}, "apart_db"),
        ({"kind": "speech_rate", "faster_than": 240}, "rate"),
        ({"kind": "speech_rate", "slower_than": 120}, "rate"),
        ({"kind": "pause", "longer_than_s": 15_000}, "seconds"),
        ({"kind": "overlap", "longer_than_s": 8_000}, "seconds"),
        ({"kind": "voice", "louder_db": 600}, "apart_db"),
        ({"kind": "voice", "lower_st": 100}, "apart_st"),
        ({"kind": "repeated", "where": {"first_s": 15_000}}, "seconds"),
        ({"kind": "repeated", "where": {"last_s": 3_601}}, "seconds"),
        ({"kind": "repeated", "where": {"after": "乙", "within_s": 5_000}}, "seconds"),
        ({"kind": "repeated", "where": {"first_turns": 1_001}}, "many"),
    ],
)
def test_a_limit_that_no_call_reaches_is_refused_with_its_unit(given, code):
    assert refusal(Condition, **condition(**given)) == f"scoring.refused.{code}"


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "measure", "of": "talk_share", "at_least": 0.8},
        {"kind": "measure", "of": "silence_share", "at_most": 1},
        {"kind": "measure", "of": "ring_s", "at_most": 0},
        {"kind": "measure", "of": "duration_s", "at_least": 7_200},
        {"kind": "measure", "of": "loudness_db", "at_most": -40},
        {"kind": "measure", "of": "louder_than_other_db", "at_most": -15},
        {"kind": "speech_rate", "faster_than": 6.5},
        {"kind": "speech_rate", "faster_than": 6, "by": "turn", "times": {"at_least": 3}},
        {"kind": "speech_rate", "faster_than": 6, "where": {"after": "乙", "hit": "last"}},
        {"kind": "repeated", "where": {"first_s": 600, "within_turns": 0, "after": "乙"}},
    ],
)
def test_a_limit_that_calls_reach_is_kept(given):
    assert TypeAdapter(Condition).validate_python(condition(**given)).name == "甲"


def test_a_rule_decides_by_pass_or_by_fail():
    assert Rule(kind="rule", pass_when="甲").fail_when is None
    assert refusal(Rule, kind="rule") == "scoring.refused.one_of"
    assert refusal(Rule, kind="rule", pass_when="甲", fail_when="甲") == "scoring.refused.one_of"
