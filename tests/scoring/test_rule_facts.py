"""Numbers of a call, what the call list says of it, and verdicts of other items, as conditions of rules."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE, Case, failed, passed, uncertain
from qa_audit.scoring.conditions.rule_belief import Belief, Outcome
from qa_audit.scoring.conditions.rule_facts import judge_fact, judge_item, judge_measure
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.fact_schema import Fact
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.rule_schema import ItemVerdict, Measure
from qa_audit.scoring.verdicts import Evidence

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES
NO_DATA = Outcome(UNKNOWN, no_data=True)
TALK = (
    "A@1-3: 您好请讲",
    "S@3-5: 您的电话正在转接",
    "C@6-9: 我要报水表",
    "A@8-10: 好的",
)


def scene(*lines, facts=None, duration_s=None, known=True, judgement=NOT_APPLICABLE):
    call = CallText(example_turns(lines), roles_known=known)
    return Scene(Case(call, facts or CallFacts(), 0.4, duration_s), {}, {}, {"two": judgement}.__getitem__)


def measured(of, at_least=0.0, at_most=None, *, who="either", lines=TALK, **known):
    limits = {"at_least": at_least, "at_most": at_most}
    one = Measure.model_validate({"kind": "measure", "name": "甲", "of": of, "who": who, **limits})
    return judge_measure(one, scene(*lines, **known))


@pytest.mark.parametrize(
    ("of", "who", "quote"),
    [
        ("duration_s", "either", "duration_s = 12"),
        ("ring_s", "either", "ring_s = 7.5"),
        ("rings", "either", "rings = 1.5"),
        ("turns", "either", "turns = 3"),
        ("turns", "agent", "turns = 2"),
        ("turns", "customer", "turns = 1"),
        ("turns", "system", "turns = 1"),
        ("syllables", "either", "syllables = 11"),
        ("syllables", "agent", "syllables = 6"),
        ("syllables", "customer", "syllables = 5"),
        ("talk_s", "either", "talk_s = 7"),
        ("talk_s", "agent", "talk_s = 4"),
        ("talk_s", "customer", "talk_s = 3"),
        ("talk_share", "either", "talk_share = 1"),
        ("talk_share", "agent", "talk_share = 0.5714"),
        ("talk_share", "customer", "talk_share = 0.4286"),
        ("silence_share", "either", "silence_share = 0.3333"),
        ("longest_pause_s", "either", "longest_pause_s = 1"),
        ("first_word_s", "either", "first_word_s = 1"),
        ("first_word_s", "customer", "first_word_s = 6"),
        ("last_silence_s", "either", "last_silence_s = 2"),
    ],
)
def test_a_number_is_told_with_its_name(of, who, quote):
    told = Evidence(None, 0.0, 0.0, quote, "measure")
    found = measured(of, who=who, facts=CallFacts(ring_s=7.5), duration_s=12.0)
    assert (found.belief, found.absent) == (YES, told)
    assert [(hit.level, hit.turn, hit.start, hit.end, hit.evidence) for hit in found.hits] == [
        (YES, None, -1, -1, told)
    ]


def test_how_much_louder_one_speaks_than_the_other():
    lines = ("A(+9dB): 您好，很高兴为您服务，请讲", "C(+2dB): 我家里的水表坏了要报修")
    quotes = [
        measured(of, who=who, lines=lines).absent.quote
        for of, who in (
            ("louder_than_other_db", "agent"),
            ("louder_than_other_db", "customer"),
            ("loudness_db", "customer"),
        )
    ]
    assert quotes == ["louder_than_other_db = 7", "louder_than_other_db = -7", "loudness_db = -20"]


@pytest.mark.parametrize(
    ("at_least", "at_most", "wanted"),
    [(3, None, YES), (3.1, None, NO), (None, 3, YES), (None, 2.9, NO), (3, 3, YES), (1, 2, NO), (4, 9, NO)],
)
def test_both_limits_belong_to_what_is_allowed(at_least, at_most, wanted):
    assert measured("turns", at_least, at_most).belief is wanted


@pytest.mark.parametrize(
    ("of", "at_least", "at_most", "wanted"),
    [
        ("talk_s", 7.5, None, UNKNOWN),
        ("talk_s", 6.5, None, UNKNOWN),
        ("talk_s", 7.6, None, NO),
        ("talk_s", 6.4, None, YES),
        ("talk_s", None, 7, UNKNOWN),
        ("talk_s", None, 7.6, YES),
        ("talk_s", None, 6.4, NO),
        ("talk_s", 6, 7.4, UNKNOWN),
        ("talk_s", 7.2, 9, UNKNOWN),
        ("longest_pause_s", 1.2, None, UNKNOWN),
        ("first_word_s", 1, None, UNKNOWN),
        ("last_silence_s", None, 2.5, UNKNOWN),
        ("duration_s", None, 11.9, NO),
        ("ring_s", 7.5, None, YES),
        ("ring_s", 7.6, None, NO),
        ("syllables", 11, None, YES),
    ],
)
def test_seconds_between_turns_can_not_be_told_near_a_limit(of, at_least, at_most, wanted):
    found = measured(of, at_least, at_most, facts=CallFacts(ring_s=7.5), duration_s=12.0)
    assert found.belief is wanted
    assert len(found.hits) == (wanted is YES)


def test_near_a_limit_it_can_not_be_told_whoever_speaks():
    assert measured("talk_s", 6.2, who="agent", known=False).belief is LIKELY
    assert measured("talk_s", 7.8, who="agent", known=False).belief is HARDLY
    assert measured("talk_s", 7.2, who="agent", known=False).belief is UNKNOWN


def test_a_number_out_of_its_limits_is_shown_and_is_no_hit():
    found = measured("turns", 4)
    assert found == Outcome(NO, (), Evidence(None, 0.0, 0.0, "turns = 3", "measure"))


@pytest.mark.parametrize("of", ["ring_s", "rings", "last_silence_s", "loudness_db", "louder_than_other_db"])
def test_without_data_nothing_is_inferred(of):
    assert measured(of, None, 0, who="agent") == NO_DATA


@pytest.mark.parametrize(
    "of", ["duration_s", "talk_share", "silence_share", "first_word_s", "last_silence_s", "loudness_db"]
)
def test_an_empty_call_has_no_length_and_no_shares(of):
    assert measured(of, None, 0, lines=()) == NO_DATA


@pytest.mark.parametrize(
    ("at_least", "at_most", "wanted"),
    [
        (61, None, YES), (61.1, None, UNKNOWN), (66.5, None, UNKNOWN), (66.6, None, NO),
        (None, 66.5, YES), (None, 66.4, UNKNOWN), (None, 61, UNKNOWN), (None, 60.9, NO),
        (63, 64, UNKNOWN), (60, 70, YES),
    ],
)  # fmt: skip
def test_pauses_are_added_up_from_three_seconds_on_and_each_may_lie_beside(at_least, at_most, wanted):
    lines = ("A@0-2: 我查一下", "A@4-5: 请稍等", "A@8-9: 还在查", "C@39-40: 好", "A@72-73: 查到了")
    found = measured("pauses_s", at_least, at_most, lines=lines)
    assert (found.belief, found.absent.quote) == (wanted, "pauses_s = 65")


@pytest.mark.parametrize("of", ["turns", "syllables", "talk_s", "longest_pause_s"])
def test_an_empty_call_has_no_turns_and_no_pauses(of):
    assert measured(of, 0, 0, lines=()).belief is YES
    assert measured(of, 0.1, lines=()).belief is NO


def test_a_call_without_words_is_silent_throughout():
    assert measured("silence_share", 1, lines=(), duration_s=30.0).belief is YES
    assert measured("last_silence_s", 30, lines=(), duration_s=30.0).belief is YES


def test_a_call_of_unknown_length_ends_with_its_last_turn():
    assert measured("duration_s").absent.quote == "duration_s = 10"
    assert measured("silence_share").absent.quote == "silence_share = 0.2"


def test_a_recording_cut_before_its_last_turn_has_no_silence_at_its_end():
    assert measured("last_silence_s", duration_s=9.0).absent.quote == "last_silence_s = 0"


def test_the_longest_of_several_pauses_counts():
    lines = ("A@0-1: 您好", "C@3-4: 喂", "A@9-10: 请讲", "C@11-12: 好的")
    assert measured("longest_pause_s", lines=lines).absent.quote == "longest_pause_s = 5"


def test_speech_at_the_same_time_is_no_silence_twice_over():
    lines = ("A@0-6: 您听我说", "C@2-4: 不用", "A@8-10: 好的")
    assert measured("silence_share", lines=lines).absent.quote == "silence_share = 0.2"


@pytest.mark.parametrize(
    ("at_least", "who", "wanted"),
    [
        (3, "agent", LIKELY),
        (4, "agent", HARDLY),
        (3, "customer", LIKELY),
        (3, "either", YES),
        (4, "either", NO),
    ],
)
def test_what_one_of_them_does_is_not_sure_where_it_is_not_known_who_speaks(at_least, who, wanted):
    found = measured("turns", at_least, who=who, known=False)
    assert found.belief is wanted
    assert len(found.hits) == (wanted > 0)


@pytest.mark.parametrize("of", ["ring_s", "rings", "duration_s"])
def test_what_hangs_on_nobody_is_sure_whoever_speaks(of):
    facts = CallFacts(ring_s=20.0)
    assert measured(of, 1, who="agent", known=False, facts=facts).belief is YES
    assert measured(of, 99, who="agent", known=False, facts=facts).belief is NO


def fact(name, equals, *lines, **known):
    one = Fact.model_validate({"kind": "fact", "name": "甲", "fact": name, "is": equals})
    return judge_fact(one, scene(*lines, **known))


@pytest.mark.parametrize(
    ("name", "equals", "facts", "wanted", "quote"),
    [
        ("direction", "inbound", CallFacts("inbound"), YES, "direction = inbound"),
        ("direction", "inbound", CallFacts("outbound"), NO, "direction = outbound"),
        ("internal", True, CallFacts(internal=True), YES, "internal = true"),
        ("internal", True, CallFacts(internal=False), NO, "internal = false"),
        ("internal", False, CallFacts(internal=False), YES, "internal = false"),
        ("hangup_by", "agent", CallFacts(hangup_by="agent"), YES, "hangup_by = agent"),
        ("hangup_by", "agent", CallFacts(hangup_by="customer"), NO, "hangup_by = customer"),
    ],
)
def test_what_the_call_list_says(name, equals, facts, wanted, quote):
    found = fact(name, equals, *TALK, facts=facts)
    told = Evidence(None, 0.0, 0.0, quote, "metadata")
    assert (found.belief, found.absent, found.no_data) == (wanted, told, False)
    assert [hit.evidence for hit in found.hits] == ([told] if wanted is YES else [])


@pytest.mark.parametrize(
    ("name", "equals"), [("direction", "inbound"), ("internal", False), ("hangup_by", "agent")]
)
def test_what_the_call_list_does_not_say_is_not_known_either_way(name, equals):
    assert fact(name, equals, *TALK) == NO_DATA


def asked(facts, **given):
    one = Fact.model_validate({"kind": "fact", "name": "甲", **given})
    found = judge_fact(one, scene(*TALK, facts=facts))
    return found.belief, found.absent and found.absent.quote, found.no_data


NEW = CallFacts(
    columns=(
        ("业务类型", "新装（宽带）"),
        ("备注", "无"),
        ("意见", "好" * 70),
        ("排队秒数", "１,２００"),
        ("余额", "-3.50"),
        ("等级", "3星"),
        ("金额", "￥80,000.00 元"),
        ("保额", "8万元"),
    )
)


@pytest.mark.parametrize(
    ("facts", "given", "wanted", "quote"),
    [
        (CallFacts(line="宽带"), {"fact": "line", "is": "宽带"}, YES, "line = 宽带"),
        (CallFacts(line="宽带"), {"fact": "line", "any_of": ["电视", "宽 带"]}, YES, "line = 宽带"),
        (CallFacts(line="宽带"), {"fact": "line", "any_of": ["电视", "缴费"]}, NO, "line = 宽带"),
        (CallFacts(team="ＶＩＰ 一班"), {"fact": "team", "is": "vip一班"}, YES, "team = ＶＩＰ 一班"),
        (NEW, {"fact": "column", "column": "业务 类型", "is": "新装(宽带)"}, YES, "业务 类型 = 新装（宽带）"),
        (NEW, {"fact": "column", "column": "业务类型", "is": "新装"}, NO, "业务类型 = 新装（宽带）"),
        (NEW, {"fact": "column", "column": "备注", "is": "无"}, YES, "备注 = 无"),
        (NEW, {"fact": "column", "column": "意见", "is": "坏"}, NO, "意见 = " + "好" * 60 + "…"),
        (
            NEW,
            {"fact": "column", "column": "业务类型", "contains": ["移机", "(宽 带)"]},
            YES,
            "业务类型 = 新装（宽带）",
        ),
        (NEW, {"fact": "column", "column": "业务类型", "contains": ["移机"]}, NO, "业务类型 = 新装（宽带）"),
        (NEW, {"fact": "column", "column": "备注", "contains": ["无"]}, YES, "备注 = 无"),
        (CallFacts(line="VIP报障"), {"fact": "line", "contains": ["vip"]}, YES, "line = VIP报障"),
        (NEW, {"fact": "column", "column": "排队秒数", "at_least": 1200}, YES, "排队秒数 = １,２００"),
        (NEW, {"fact": "column", "column": "排队秒数", "at_least": 1200.5}, NO, "排队秒数 = １,２００"),
        (NEW, {"fact": "column", "column": "余额", "at_least": -4, "at_most": -3.5}, YES, "余额 = -3.50"),
        (NEW, {"fact": "column", "column": "余额", "at_most": -3.51}, NO, "余额 = -3.50"),
        (NEW, {"fact": "column", "column": "金额", "at_least": 80000}, YES, "金额 = ￥80,000.00 元"),
        (CallFacts(weekday="周六"), {"fact": "weekday", "is": "周六"}, YES, "weekday = 周六"),
        (CallFacts(weekday="周六"), {"fact": "weekday", "any_of": ["周五", "周末"]}, YES, "weekday = 周六"),
        (CallFacts(weekday="周六"), {"fact": "weekday", "is": "工作日"}, NO, "weekday = 周六"),
        (CallFacts(weekday="周五"), {"fact": "weekday", "is": "工作日"}, YES, "weekday = 周五"),
        (CallFacts(hangup_by="agent"), {"fact": "hangup_by", "any_of": ["agent"]}, YES, "hangup_by = agent"),
    ],
)
def test_what_the_call_list_writes_is_compared_without_width_case_and_blanks(facts, given, wanted, quote):
    assert asked(facts, **given) == (wanted, quote, False)


@pytest.mark.parametrize(
    "given",
    [
        {"fact": "line", "is": "宽带"},
        {"fact": "team", "is": "一班"},
        {"fact": "weekday", "is": "周一"},
        {"fact": "time", "from": "8:00", "until": "20:00"},
        {"fact": "date", "from": "2026-11-01"},
        {"fact": "column", "column": "满意度", "is": "5"},
        {"fact": "column", "column": "备注", "is": "急"},
        {"fact": "column", "column": "备注", "contains": ["急"]},
        {"fact": "column", "column": "备注", "at_least": 0},
        {"fact": "column", "column": "满意度", "at_least": 0},
        {"fact": "column", "column": "等级", "at_least": 3},
        {"fact": "column", "column": "保额", "at_least": 3},
    ],
)
def test_a_column_that_lacks_or_says_nothing_leaves_it_unknown(given):
    assert asked(NEW, **given) == (UNKNOWN, None, True)


@pytest.mark.parametrize(
    ("began", "since", "until", "wanted"),
    [
        ("20:59", "21:00", "8:00", NO),
        ("21:00", "21:00", "8:00", YES),
        ("00:01", "21:00", "8:00", YES),
        ("07:59", "21:00", "8:00", YES),
        ("08:00", "21:00", "8:00", NO),
        ("08:59", "9:00", "18:00", NO),
        ("09:00", "9:00", "18:00", YES),
        ("17:59", "9:00", "18:00", YES),
        ("18:00", "9:00", "18:00", NO),
        ("23:59", "21:00", "24:00", YES),
        ("00:01", "21:00", "24:00", NO),
    ],
)
def test_a_stretch_of_the_day_goes_up_to_its_end_and_over_midnight(began, since, until, wanted):
    assert asked(CallFacts(time=began), fact="time", until=until, **{"from": since}) == (
        wanted,
        f"time = {began}",
        False,
    )


@pytest.mark.parametrize(
    ("began", "given", "wanted"),
    [
        ("2026-10-31", {"from": "2026-11-01", "until": "2026-11-11"}, NO),
        ("2026-11-01", {"from": "2026-11-01", "until": "2026-11-11"}, YES),
        ("2026-11-11", {"from": "2026-11-01", "until": "2026-11-11"}, YES),
        ("2026-11-12", {"from": "2026-11-01", "until": "2026-11-11"}, NO),
        ("2026-11-11", {"from": "2026-11-11", "until": "2026-11-11"}, YES),
        ("2026-09-30", {"from": "2026-10-01"}, NO),
        ("2027-01-01", {"from": "2026-10-01"}, YES),
        ("2026-10-01", {"until": "2026-10-01"}, YES),
        ("2026-10-02", {"until": "2026-10-01"}, NO),
        ("2026-10-02", {"is": "2026/10/2"}, YES),
        ("2026-10-02", {"any_of": [date(2026, 10, 1), "2026-10-03"]}, NO),
    ],
)
def test_both_ends_of_some_days_belong_to_them(began, given, wanted):
    assert asked(CallFacts(date=began), fact="date", **given) == (wanted, f"date = {began}", False)


@given(*[st.integers(0, 1439)] * 3)
def test_each_minute_is_in_a_stretch_or_in_the_rest_of_the_day(began, since, until):
    assume(since != until)
    one, other, then = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (since, until, began))
    inside, _, _ = asked(CallFacts(time=then), fact="time", until=other, **{"from": one})
    outside, _, _ = asked(CallFacts(time=then), fact="time", until=one, **{"from": other})
    assert inside is (YES if (began - since) % 1440 < (until - since) % 1440 else NO)
    assert {inside, outside} == {YES, NO}


@pytest.mark.parametrize(
    ("name", "equals", "wanted", "turn"),
    [
        ("first_speaker", "customer", YES, 1),
        ("first_speaker", "agent", NO, 1),
        ("last_speaker", "agent", YES, 3),
        ("last_speaker", "customer", NO, 3),
    ],
)
def test_announcements_speak_neither_first_nor_last(name, equals, wanted, turn):
    lines = ("S@0-3: 您的电话正在转接", "C@3-4: 喂", "C@5-6: 你好", "A@7-8: 您好", "S@8-9: 请您评价")
    found = fact(name, equals, *lines)
    assert found.belief is wanted
    assert (found.absent.turn, found.absent.tier) == (turn, "measure")
    assert [hit[1:4] for hit in found.hits] == ([(turn, -1, -1)] if wanted is YES else [])


@pytest.mark.parametrize(
    ("name", "any_of", "wanted"),
    [
        ("first_speaker", ["customer"], YES),
        ("first_speaker", ["agent"], NO),
        ("last_speaker", ["customer", "agent"], YES),
    ],
)
def test_who_speaks_first_or_last_may_be_one_of_several(name, any_of, wanted):
    one = Fact.model_validate({"kind": "fact", "name": "甲", "fact": name, "any_of": any_of})
    assert judge_fact(one, scene("C: 喂", "A: 您好")).belief is wanted


@pytest.mark.parametrize("name", ["first_speaker", "last_speaker"])
def test_who_speaks_first_or_last_where_nobody_or_somebody_unknown_does(name):
    assert fact(name, "agent") == NO_DATA
    assert fact(name, "agent", "S@0-3: 您的电话正在转接") == NO_DATA
    assert fact(name, "agent", *TALK, known=False) == Outcome(UNKNOWN)


def item(judgement, *verdicts):
    listed = {"verdict": verdicts} if verdicts else {}
    one = ItemVerdict.model_validate({"kind": "item", "name": "甲", "item": "two", **listed})
    return judge_item(one, scene(*TALK, judgement=judgement))


SAID = Evidence(1, 3.0, 4.0, "不行", "exact")


@pytest.mark.parametrize(
    ("judgement", "verdicts", "wanted"),
    [
        (failed([SAID]), (), YES),
        (passed([SAID]), (), NO),
        (NOT_APPLICABLE, (), NO),
        (uncertain([SAID]), (), UNKNOWN),
        (passed([SAID]), ("pass",), YES),
        (failed([SAID]), ("pass", "not_applicable"), NO),
        (NOT_APPLICABLE, ("pass", "not_applicable"), YES),
        (uncertain([SAID]), ("pass",), UNKNOWN),
        (uncertain([SAID]), ("fail", "uncertain"), YES),
    ],
)
def test_the_verdict_of_another_item_is_as_sure_as_it_is(judgement, verdicts, wanted):
    found = item(judgement, *verdicts)
    assert (found.belief, found.no_data) == (wanted, False)


def test_the_evidence_of_another_item_is_shown_unless_its_verdict_is_another():
    later = Evidence(None, 5.0, 9.0, "", "measure")
    found = item(failed([SAID, later]))
    assert [tuple(hit) for hit in found.hits] == [
        (YES, 1, -1, -1, 3.0, 4.0, SAID, 0),
        (YES, None, -1, -1, 5.0, 9.0, later, 0),
    ]
    assert [(hit.level, hit.evidence) for hit in item(uncertain([SAID])).hits] == [(UNKNOWN, SAID)]
    assert item(passed([SAID])).hits == ()
