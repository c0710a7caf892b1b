"""Conditions on saying the same again: one's own sentence, or what another condition found."""

from dataclasses import replace

import pytest

from qa_audit.scoring.call_text import CallText
from qa_audit.scoring.conditions.judgement import passed
from qa_audit.scoring.conditions.rule_belief import Belief, Outcome
from qa_audit.scoring.conditions.rule_repeats import judge_echo, judge_repeated
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.rule_schema import Echo, Pause, Repeated, Said, Times
from tests.scoring.short_calls import case_of

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES
WAIT = "A: 请您稍等我看一下"


def scene(*lines, poor=(), known=True, conditions=()):
    case = case_of(lines, poor=poor, known=known)
    return Scene(case, {one.name: one for one in conditions}, {}, lambda _: passed())


def repeated(*lines, poor=(), known=True, **given):
    one = Repeated.model_validate({"kind": "repeated", "name": "又", **given})
    return judge_repeated(one, scene(*lines, poor=poor, known=known))


def test_the_same_sentence_again_is_found_where_it_is_said_again():
    found = repeated(WAIT, "C: 好的", "A: 请您稍等，我看一下。")
    assert found.belief is YES
    assert [(hit.level, hit.turn, hit.evidence.quote, hit.evidence.tier) for hit in found.hits] == [
        (YES, 2, "请您稍等，我看一下", "similar")
    ]


def test_another_sentence_is_none_and_nobody_s_is_none():
    assert repeated(WAIT, "C: 好的", "A: 已经帮您查到了").belief is NO
    assert repeated(WAIT).belief is NO
    assert repeated().belief is NO
    assert repeated("C: 我想查一下单号", "C: 我想查一下单号").belief is NO


def test_the_polite_you_makes_no_other_sentence():
    assert repeated("A: 请您稍等我看一下", "A: 请你稍等我看一下").belief is YES


def test_nearly_the_same_sentence_is_not_sure():
    found = repeated(WAIT, "A: 请您稍等我看一下啊好", at_least=0.7)
    assert (found.belief, [hit.level for hit in found.hits]) == (LIKELY, [LIKELY])
    assert repeated(WAIT, "A: 请您稍等我看一下啊好", at_least=0.97).belief is NO


def test_the_least_likeness_counts_itself():
    assert repeated(WAIT, WAIT, at_least=1.0).belief is YES


@pytest.mark.parametrize(("within", "wanted"), [(1, NO), (2, NO), (3, YES), (4, YES)])
def test_so_many_turns_of_the_speaker_are_looked_back(within, wanted):
    lines = (WAIT, "A: 这边正在为您查询", "C: 我的手机号要不要报", "A: 麻烦您再说一次单号", WAIT)
    assert repeated(*lines, within_turns=within).belief is wanted


@pytest.mark.parametrize(("least", "wanted"), [(6, YES), (7, YES), (8, NO)])
def test_short_sentences_may_be_said_again(least, wanted):
    assert repeated("A: 请您稍等看一下", "A: 请您稍等看一下", min_syllables=least).belief is wanted


def test_sentences_that_are_meant_to_be_said_again_do_not_count():
    excepted = {"except_phrases": ["请您稍等，我看一下！"]}
    assert repeated(WAIT, WAIT, **excepted).belief is NO
    assert repeated("A: 请您稍等我看一下单号", "A: 请您稍等我看一下单号", **excepted).belief is YES


def test_the_agent_does_not_repeat_what_the_customer_says():
    assert repeated("C: 单号是多少我不知道", "A: 单号是多少我不知道").belief is NO
    assert repeated("C: 我家停水了两天", "A: 好的", "C: 我家停水了两天", who="customer").belief is YES


def test_whoever_it_is_repeats_only_themselves():
    assert repeated("C: 单号是多少我不知道", "A: 单号是多少我不知道", who="either").belief is NO
    lines = ("C: 我家停水了两天", "A: 我来帮您查一下看看", "C: 我家停水了两天")
    assert repeated(*lines, who="either").belief is YES
    assert repeated(*lines, who="either", within_turns=1).belief is YES
    assert repeated("?: 我家停水了两天", "A: 我家停水了两天", who="either").belief is YES
    assert repeated("?: 我家停水了两天", "C: 我家停水了两天", who="either").belief is NO


def test_what_was_heard_badly_or_by_whom_is_not_sure():
    assert repeated(WAIT, WAIT, poor=(1,)).belief is LIKELY
    assert repeated(WAIT, WAIT, known=False).belief is LIKELY
    assert repeated(WAIT, WAIT).belief is YES


def test_what_is_not_there_is_not_sure_where_a_turn_was_heard_badly():
    assert repeated(WAIT, "A: 已经帮您查到了", poor=(0,)).belief is HARDLY
    assert repeated(WAIT, "C: 好的没有问题", poor=(1,)).belief is NO


def test_what_is_not_in_the_first_turns_is_not_sure_where_it_is_not_known_who_speaks():
    lines = (WAIT, "A: 已经帮您查到了")
    assert repeated(*lines, known=False, where={"first_turns": 2}).belief is HARDLY
    assert repeated(*lines, where={"first_turns": 2}).belief is NO


@pytest.mark.parametrize(
    ("times", "wanted"),
    [
        ({"at_least": 2}, YES),
        ({"at_least": 3}, NO),
        ({"at_most": 2}, YES),
        ({"at_most": 1}, NO),
        ({"at_least": 15, "per_minute": True}, YES),
        ({"at_least": 15.2, "per_minute": True}, NO),
    ],
)
def test_how_often_it_is_said_again(times, wanted):
    lines = ("A@0-2: 请您稍等我看一下", "A@3-5: 请您稍等我看一下", "A@6-8: 请您稍等我看一下")
    assert repeated(*lines, times=times).belief is wanted


def test_where_it_is_said_again():
    lines = (WAIT, WAIT, "A: 已经帮您查到了")
    assert repeated(*lines, where={"last_turns": 1}).belief is NO
    assert repeated(*lines, where={"first_turns": 2}).belief is YES


NUMBER = Said.model_validate(
    {"kind": "said", "name": "号", "who": "customer", "entities": ["number"], "phrases": ["平江路十八号"]}
)


def echo(*lines, poor=(), known=True, confidence=None, phrases=None, entities=None, **given):
    one = Echo.model_validate({"kind": "echo", "name": "念", "of": "号", **given})
    listed = {"phrases": phrases or [], "entities": entities or []}
    of = NUMBER
    if phrases or entities:
        of = Said.model_validate({"kind": "said", "name": "号", "who": "customer", **listed})
    there = scene(*lines, poor=poor, known=known, conditions=[of])
    if confidence is not None:
        turns = [replace(turn, confidence=confidence) for turn in there.case.call.turns]
        there.case = replace(there.case, call=CallText(turns))
    return judge_echo(one, there)


@pytest.mark.parametrize(
    ("said", "again", "wanted"),
    [
        ("我付了350元", "您付了三百五十元，对吗", YES),
        ("我付了三百五十元", "您付了350元，对吗", YES),
        ("我付了350元", "三百五十块对吧", YES),
        ("我付了350元", "三百五，对吗", YES),
        ("我付了350元", "三百五十二元，对吗", NO),
        ("我付了350元", "一千三百五十元，对吗", NO),
        ("我付了350元", "1350元，对吗", NO),
        ("我付了350元", "3500元，对吗", NO),
        ("我付了5块钱", "五元，对吗", YES),
        ("我付了5块钱", "五号来过", NO),
        ("打九五折，95%", "百分之九十五", YES),
        ("95%", "百分之九十", NO),
        ("11月12号来的", "十一月十二号来的", YES),
        ("十一月十二号来的", "11月12日对吧", YES),
        ("11月12号来的", "十一月十五号来的", NO),
        ("11月12号来的", "十月十二号来的", NO),
        ("明天来", "明天，对吗", YES),
        ("明天来", "后天，对吗", NO),
        ("下午3点半", "下午三点三十分", YES),
        ("24小时", "二十四小时", YES),
    ],
)
def test_amounts_and_dates_are_said_again_whole_with_digits_or_numerals(said, again, wanted):
    entities = ["money", "percent", "date", "time", "duration"]
    assert echo(f"C: {said}", f"A: {again}", entities=entities).belief is wanted


@pytest.mark.parametrize(
    ("again", "wanted"),
    [
        (["13812345678，对吗"], YES),
        (["138，1234，5678，对吗"], YES),
        (["138", "1234", "5678"], YES),
        (["138对吧", "然后1234，再是5678"], YES),
        (["138", "13812345678"], YES),
        (["13812349999，对吗"], NO),
        (["1381234", "5670"], NO),
        (["尾号5678"], NO),
        (["138", "5678", "1234"], NO),
        (["13812345679，对吗"], NO),
    ],
)
def test_a_number_is_said_again_whole_if_need_be_piece_by_piece(again, wanted):
    lines = [f"A: {one}" for one in again]
    assert echo("C: 13812345678。", *lines, confidence=1.0, entities=["mobile_number"]).belief is wanted


@pytest.mark.parametrize(
    ("again", "confidence", "wanted"),
    [
        ("13812345679", 0.9, UNKNOWN),
        ("1381234567", 0.9, UNKNOWN),
        ("138123345678", 0.9, UNKNOWN),
        ("13812345699", 0.9, NO),
        ("13812345679", 1.0, NO),
    ],
)
def test_one_digit_may_have_been_misheard_where_nobody_wrote_the_words(again, confidence, wanted):
    assert echo("C: 13812345678。", f"A: {again}对吗", confidence=confidence).belief is wanted
    assert echo("C: 13812345678。", f"A: {again}对吗", confidence=confidence, min_syllables=8).belief is NO


def test_an_address_may_have_its_number_as_digits_or_numerals():
    assert echo("C: 我住平江路18号", "A: 平江路十八号对吗", phrases=["平江路十八号"]).belief is YES
    assert echo("C: 我住平江路18号", "A: 平江路十六号对吗", phrases=["平江路十八号"]).belief is NO


def test_a_part_of_what_was_found_is_said_afterwards():
    found = echo("C: 号码是13800256", "A: 尾号是0256对吗", min_syllables=4)
    assert found.belief is YES
    assert [(hit.level, hit.turn, hit.evidence.quote) for hit in found.hits] == [(YES, 1, "0256")]


@pytest.mark.parametrize(
    ("least", "said", "wanted"),
    [(4, "0256", YES), (4, "256", NO), (3, "256", YES), (5, "0256", NO), (5, "00256", YES), (4, "1380", NO)],
)
def test_so_many_of_the_last_digits_are_enough(least, said, wanted):
    assert echo("C: 13800256", f"A: 好的{said}", min_syllables=least).belief is wanted


def test_what_is_shorter_must_be_said_whole():
    assert echo("C: 1382", "A: 1382对吗", min_syllables=6).belief is YES
    assert echo("C: 我住平江路", "A: 平江路对吗", phrases=["平江路"]).belief is YES
    assert echo("C: 我住平江路", "A: 平江对吗", phrases=["平江路"]).belief is NO
    assert echo("C: 1382", "A: 138对吗", min_syllables=6).belief is NO


def test_it_is_found_by_its_sound():
    by_sound = echo("C: 我住平江路十八号", "A: 平江录十巴号好的")
    assert by_sound.belief > UNKNOWN
    assert [hit.evidence.tier for hit in by_sound.hits] == ["pinyin"]
    exact = echo("C: 我住平江路十八号", "A: 平江路十八号好的")
    assert [hit.evidence.tier for hit in exact.hits] == ["exact"]


def test_only_what_is_said_afterwards_by_the_speaker_counts():
    assert echo("A: 1380025", "C: 1380025", "A: 好的").belief is NO
    assert echo("C: 1380025", "C: 我说1380025", "A: 好的").belief is NO
    assert echo("C: 1380025", "C: 我说1380025", who="customer").belief is YES
    assert echo("C: 1380025，1380025", "A: 好的", who="either").belief is NO


def test_nothing_found_is_nothing_to_say_again():
    assert echo("C: 我要报修", "A: 好的，13800256").belief is NO
    assert echo().belief is NO


@pytest.mark.parametrize(
    ("of", "wanted"),
    [
        (Outcome(HARDLY), HARDLY), (Outcome(UNKNOWN), Outcome(UNKNOWN)),
        (Outcome(UNKNOWN, no_data=True), Outcome(UNKNOWN, no_data=True)),
        (Outcome(UNKNOWN, late=True), Outcome(UNKNOWN, late=True)),
    ],
)  # fmt: skip
def test_what_was_perhaps_found_was_perhaps_said_again(of, wanted):
    one = Echo.model_validate({"kind": "echo", "name": "念", "of": "号"})
    there = Scene(case_of(("C: 喂", "A: 好的")), {}, {"号": of}, lambda _: passed())
    found = judge_echo(one, there)
    assert wanted in (found, found.belief)
    seldom = one.model_copy(update={"times": Times(at_most=1)})
    assert judge_echo(seldom, there).belief is -of.belief


def test_what_does_not_hold_can_not_be_said_again():
    lines = ("C: 13800256", "A: 13800256对吗")
    for given, wanted in (({"need": "all"}, NO), ({"times": Times(at_least=2)}, NO), ({}, YES)):
        number = NUMBER.model_copy(update=given)
        one = Echo.model_validate({"kind": "echo", "name": "念", "of": "号"})
        assert judge_echo(one, scene(*lines, conditions=[number])).belief is wanted


def test_each_turn_that_says_it_is_a_hit():
    found = echo("C: 13800256", "A: 13800256对吗", "C: 对", "A: 13800256记下了")
    assert [(hit.turn, hit.evidence.quote) for hit in found.hits] == [(1, "13800256"), (3, "13800256")]
    assert found.belief is YES


def test_it_is_no_surer_than_what_it_says_again():
    lines = ("C: 平江录十巴号", "A: 平江录十巴号")
    found = echo(*lines)
    assert (found.belief, [hit.level for hit in found.hits]) == (LIKELY, [LIKELY])


def test_an_echo_heard_badly_or_by_somebody_unknown_is_not_sure():
    lines = ("C: 13800256", "A: 13800256对吗")
    assert echo(*lines, poor=(1,)).belief is LIKELY
    assert echo(*lines, known=False).belief is LIKELY


def test_an_echo_that_is_not_there_is_not_sure_where_a_turn_was_heard_badly():
    assert echo("C: 13800256", "A: 好的", poor=(1,)).belief is HARDLY
    assert echo("C: 13800256", "A: 好的", "C: 快点", poor=(2,)).belief is NO


def test_how_often_and_where_it_is_said_again():
    lines = ("C: 13800256", "A: 13800256对吗", "C: 对", "A: 我看一下")
    assert echo(*lines, times={"at_least": 2}).belief is NO
    assert echo(*lines, times={"at_least": 1}).belief is YES
    assert echo(*lines, where={"last_turns": 1}).belief is NO
    assert echo(*lines, where={"after": "号", "within_turns": 1}).belief is YES


def test_what_is_no_words_can_not_be_said_again():
    silent = Pause.model_validate({"kind": "pause", "name": "静", "longer_than_s": 5})
    one = Echo.model_validate({"kind": "echo", "name": "念", "of": "静"})
    there = scene("A: 请稍等", "... 12", "A: 查到了", "A: 明天送到", conditions=[silent])
    assert there.outcome("静").belief is YES
    assert judge_echo(one, there).belief is NO
