import re
import time
import tomllib
from contextlib import suppress
from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.conditions import address, likely, request
from qa_audit.scoring.pattern_bounds import BoundedPattern, bounded, explodes
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.rule_mistakes import PATTERN_KEYS, rule_mistakes
from tests.own_seconds import own_seconds


def built_in_patterns():
    found = []

    def walk(part):
        if isinstance(part, dict):
            for key, value in part.items():
                if key in PATTERN_KEYS:
                    found.extend([value] if isinstance(value, str) else value)
                else:
                    walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(tomllib.loads(built_in_rubric_text()))
    return found


def test_every_pattern_of_the_built_in_rubric_keeps_its_speed():
    patterns = built_in_patterns()
    assert len(patterns) > 500
    assert [pattern for pattern in patterns if not isinstance(bounded(pattern), re.Pattern)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        "(哈|哈哈)+[完了]",
        "^(?:(嗯|啊|嗯啊)*)*[完了]$",
        "(.*?,){11}P",
        "(哈+)+完",
        ".*请.*稍等",
        "[哈]+[哈呵]+哈+完",
    ],
)
def test_patterns_that_repeat_inside_a_repetition_are_bounded(pattern):
    one = bounded(pattern)
    assert isinstance(one, BoundedPattern)
    assert one.pattern == pattern
    begun = time.monotonic()
    try:
        list(one.finditer("哈" * 400 + "在"))
        one.search("嗯啊" * 400 + "在", 3)
    except TimeoutError:
        pass
    assert time.monotonic() - begun < 5


def test_what_runs_over_anything_in_turn_is_given_up_on_a_long_turn():
    one = bounded(".*(请|麻烦)?.*(您|你)?.*(稍等|稍候)")
    assert isinstance(one, BoundedPattern)

    def look():
        with suppress(TimeoutError):
            list(one.finditer("请您稍等" + "这个套餐每个月包含三十个流量" * 30))

    assert own_seconds(look, 2) < 2


def test_what_is_given_up_raises():
    one = bounded("(哈|哈哈)+[完了]")
    with pytest.raises(TimeoutError):
        one.match("哈" * 80 + "在")
    with pytest.raises(TimeoutError):
        one.fullmatch("哈" * 80 + "在")
    assert one.match("在哈哈了", 1).span() == (1, 4)
    assert one.match("在哈哈了") is None
    assert one.fullmatch("在哈哈了吗", 1, 4).span() == (1, 4)
    assert one.fullmatch("哈哈了吗") is None
    with pytest.raises(TimeoutError):
        list(bounded("(哈|哈哈)+[完了]").finditer("哈" * 80 + "在"))
    assert [m.span() for m in bounded("(哈|哈哈)+[完了]").finditer("哈完哈哈了")] == [(0, 2), (2, 5)]


@pytest.mark.parametrize(
    ("pattern", "harmless"),
    [
        ("(哈|哈哈)+[完了]", False),
        ("(a|a)*[bc]", False),
        ("(这个|那个|这|那|个)+行", False),
        ("(.{1,30}){1,30}行好了吗", False),
        ("(您|您好|好)+再见", False),
        ("(.{1,20}(的|了)){1,20}行吗", False),
        ("(对不起|不好意思|抱歉)+.*给您.*添.*麻烦", True),
        ("(一个|两个|三个)+行", True),
        ("请.{0,6}稍等", True),
        ("(好|行|可以)+再见", True),
        ("(好的?)+再见", True),
        (".*不.*归.*管", True),
    ],
)
def test_what_explodes_is_found_before_it_is_used(pattern, harmless):
    assert (explodes(pattern) is None) == harmless


EXPLODING = "(哈|哈哈)+[完了]"
LAUGHTER = "哈" * 80 + "在"
REQUEST = {
    "kind": "request",
    "requests": {"patterns": ["哈{3}"]},
    "polite_before": {"phrases": ["请"]},
    "polite_after": {"phrases": ["好吗"]},
}
LIKELY_TITLE = {"phrases": ["先生"], "lead": ".?"}


def with_exploding(place):
    """A check with a pattern that explodes in the place named."""
    part = {"name": "称呼", "said": {"phrases": ["先生"]}}
    checks = {
        "lead of likely": {
            "kind": "parts",
            "parts": [{**part, "likely": {**LIKELY_TITLE, "lead": EXPLODING}}],
        },
        "follow of likely": {
            "kind": "parts",
            "parts": [{**part, "likely": {**LIKELY_TITLE, "follow": EXPLODING}}],
        },
        "clauses": {**REQUEST, "clauses": {"patterns": [EXPLODING]}},
        "lead of clauses": {**REQUEST, "clauses": {"lead": "(哈|哈哈)*", "patterns": ["[完了]"]}},
        "unless of clauses": {**REQUEST, "clauses": {"patterns": ["哈"], "unless": [EXPLODING]}},
        "not_requests": {**REQUEST, "not_requests": [EXPLODING]},
        "quoted": {"kind": "address", "quoted": [EXPLODING]},
        "quoted_clauses": {"kind": "address", "quoted_clauses": [EXPLODING]},
        "greetings": {"kind": "address", "greetings": [EXPLODING]},
        "set_phrases": {"kind": "address", "set_phrases": [EXPLODING]},
    }
    return checks[place]


@pytest.mark.parametrize(
    "place",
    [
        "lead of likely",
        "follow of likely",
        "clauses",
        "lead of clauses",
        "unless of clauses",
        "not_requests",
        "quoted",
        "quoted_clauses",
        "greetings",
        "set_phrases",
    ],
)
def test_wherever_a_pattern_explodes_the_call_can_not_be_told_in_bounded_time(place):
    check = with_exploding(place)
    item = {"id": "one", "name_zh": "一", "name_en": "one", "source": "s", "weight": 1, "check": check}
    table = {"id": "r", "version": "1.0.0", "name_zh": "文", "name_en": "r", "items": [item]}
    # The last turn has the words that a search for clauses asks for before it tries a pattern.
    written = example_turns(["A: 你" + LAUGHTER, "C: 好。", "A: 哈" + LAUGHTER + "呀完"])
    heard = [replace(turn, confidence=0.9) for turn in written]
    begun = time.monotonic()
    score = score_call(heard, CallFacts(), Rubric.model_validate(table))
    assert time.monotonic() - begun < 30  # unbounded it would take years
    assert score.items[0].verdict == "uncertain"
    if place != "lead of clauses":  # which explodes only with what comes after it
        assert [one.code for one in rule_mistakes(table, {})] == ["scoring.rubric_explodes"]


def test_patterns_that_the_built_in_rubric_joins_keep_their_speed():
    checks = {item.id: item.check for item in load_rubric().items}
    please, honorific = checks["please"], checks["honorific"]
    joined = [*request._compiled(please.clauses), address._patterns(honorific.quoted)]
    for check in checks.values():
        for part in getattr(check, "parts", ()):
            joined += likely._compiled(part.likely.lead, part.likely.follow)
    assert {type(one) for one in joined} == {re.Pattern}
