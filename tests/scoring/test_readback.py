"""Details that are read back or confirmed: one check with few words, judged on short calls."""

import pytest

from qa_audit.scoring.checks import Readback
from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.conditions.readback import common_length, judge_readback
from tests.scoring.short_calls import case_of, shown

ASK = "A: 请报手机号"
GIVE = "C: 一三八零零二五六"
DONE = "A: 已经登记好了"


def judged(*lines, poor=(), known=True, channel=None, **changes):
    check = {
        "kind": "readback",
        "asked": {"phrases": ["请报手机号"], "tolerance": "exact"},
        "confirmed": {"phrases": ["对不对"]},
        "details": {"patterns": ["平江路[一二三十]{1,3}号"]},
        **changes,
    }
    case = case_of(lines, poor=poor, known=known, channel=channel)
    return judge_readback(Readback.model_validate(check), case)


def verdict(*lines, **known):
    return judged(*lines, **known).verdict


def test_a_detail_that_was_asked_for_and_not_read_back_is_a_fault_with_what_was_given():
    fault = judged(ASK, GIVE, DONE, "C: 好", "A: 明天送到")
    assert (fault.verdict, fault.share) == ("fail", 0.0)
    assert shown(fault) == [(1, "一三八零零二五六", "regex"), (2, "对不对", "absence")]


def test_words_that_ask_to_confirm_may_be_run_into_the_turn_of_the_detail_on_one_channel():
    run_on = (ASK, f"{GIVE}对不对", DONE)
    assert shown(judged(*run_on, channel=0)) == [(1, "一三八零零二五六", "regex"), (1, "对不对", "exact")]
    assert judged(*run_on).verdict == "fail"
    assert judged(ASK, "C: 对不对一三八零零二五六", DONE, channel=0).verdict == "fail"


def test_without_details_there_is_nothing_to_read_back():
    assert judged() == NOT_APPLICABLE
    assert judged(ASK, "C: 我没带手机", DONE) == NOT_APPLICABLE
    assert judged("A: 一三八零零二五六", "C: 好") == NOT_APPLICABLE
    assert judged("S: 一三八零零二五六", "C: 好") == NOT_APPLICABLE


@pytest.mark.parametrize(
    ("least", "number", "wanted"),
    [
        (6, "一二三四五", "not_applicable"),
        (6, "一二三四五六", "fail"),
        (4, "一二三四", "fail"),
        (4, "一二三", "not_applicable"),
        (6, "123456", "fail"),
        (6, "一二三，四五六", "fail"),
    ],
)
def test_a_number_is_a_detail_from_so_many_digits_on(least, number, wanted):
    assert verdict(ASK, f"C: {number}", DONE, min_digits=least) == wanted


PIECES = ("C: 一三八", "A: 嗯", "C: 零零二", "A: 嗯", "C: 五六七八")


def test_a_number_that_is_told_in_pieces_is_one_detail():
    fault = judged(ASK, *PIECES, DONE)
    assert (fault.verdict, shown(fault)[0]) == ("fail", (1, "一三八", "regex"))
    assert verdict(ASK, *PIECES, "A: 一三八零零二五六七八对吗") == "pass"
    assert verdict(ASK, "C: 一三八", "A: 一三八", "C: 零零二", "A: 零零二", "C: 五六七八", DONE) == "pass"
    assert verdict(ASK, "C: 一三八", "A: 您先说名字", "C: 零零二", DONE) == "not_applicable"
    assert verdict(ASK, "C: 一三八", "C: 零零", DONE, min_digits=6) == "not_applicable"


def test_other_details_are_known_by_their_words():
    fault = judged(ASK, "C: 送到平江路十三号", DONE)
    assert (fault.verdict, shown(fault)[0]) == ("fail", (1, "平江路十三号", "regex"))


def test_what_only_sounds_like_a_detail_is_none():
    assert verdict(ASK, "C: 送到平江录十三号", DONE) == "not_applicable"


def test_what_is_excepted_is_no_detail():
    excepted = {"not_details": {"patterns": ["工号[一二三四五六七八九零]+"]}}
    assert verdict(ASK, "C: 你工号一二三四五六", DONE, **excepted) == "not_applicable"
    assert verdict(ASK, "C: 你工号一二三四五六", DONE) == "fail"
    assert shown(judged(ASK, "C: 你工号一二三四五六", GIVE, DONE, **excepted))[:-1] == [
        (2, "一三八零零二五六", "regex")
    ]


def test_an_answer_is_a_detail_by_the_question_before_it():
    answers = {"answers": {"patterns": ["[a-z][零一二三四五六七八九]+"]}}
    plate = "C: 苏A八八六"
    assert verdict(ASK, plate, DONE) == "not_applicable"
    fault = judged(ASK, "A: 谢谢", plate, DONE, **answers)
    assert (fault.verdict, shown(fault)[0]) == ("fail", (2, "A八八六", "regex"))
    assert verdict("A: 您好", plate, DONE, **answers) == "not_applicable"
    assert verdict(ASK, "C: 等一下", plate, DONE, **answers) == "not_applicable"
    assert verdict("A: 您好", plate, ASK, **answers) == "not_applicable"


def test_asking_to_confirm_passes():
    found = judged(ASK, GIVE, "A: 我记下了，您看对不对")
    assert (found.verdict, found.share) == ("pass", 1.0)
    assert shown(found) == [(1, "一三八零零二五六", "regex"), (2, "对不对", "exact")]


def test_asking_to_confirm_before_the_detail_or_by_the_customer_is_none():
    assert verdict("A: 您看对不对", ASK, GIVE, DONE) == "fail"
    assert verdict(ASK, GIVE, DONE, "C: 对不对") == "fail"


def test_asking_to_confirm_between_two_details_passes():
    assert verdict(ASK, GIVE, "A: 您看对不对", "C: 平江路十三号", DONE) == "pass"


def test_what_is_missing_has_no_words_where_only_patterns_tell_it():
    fault = judged(ASK, GIVE, DONE, confirmed={"patterns": ["对[不吧]对?"]})
    assert shown(fault)[-1] == (2, "", "absence")


def test_a_piece_of_the_detail_said_again_passes():
    found = judged(ASK, GIVE, "A: 尾号零二五六", DONE)
    assert found.verdict == "pass"
    assert shown(found) == [(1, "一三八零零二五六", "regex"), (2, "尾号零二五六", "similar")]


@pytest.mark.parametrize(
    ("least", "again", "wanted"),
    [(4, "零二五六", "pass"), (4, "二五六", "fail"), (3, "二五六", "pass"), (6, "零零二五六", "fail")],
)
def test_a_piece_has_so_many_syllables(least, again, wanted):
    lines = (ASK, GIVE, DONE, "A: 请稍等", f"A: 尾号{again}")
    assert verdict(*lines, min_repeated=least) == wanted


def test_a_short_detail_is_said_again_as_a_whole():
    short = {"min_digits": 3, "min_repeated": 6}
    assert verdict(ASK, "C: 五八二", "A: 五八二好的", **short) == "pass"
    assert verdict(ASK, "C: 五八二", "A: 五八好的", **short) == "fail"


def test_a_piece_is_found_by_its_sound():
    assert verdict(ASK, "C: 送到平江路十三号", "A: 平江录十三好的") == "pass"


def test_the_detail_is_not_read_back_before_it_is_given_nor_by_the_customer():
    assert verdict("A: 零零二五六", ASK, GIVE, DONE) == "fail"
    assert verdict(ASK, GIVE, DONE, "C: 我说零零二五六") == "fail"
    twice = ("C: 平江路十三号", "C: 平江路十三号")
    assert verdict(ASK, GIVE, "A: 平江路十三号", *twice, DONE) == "fail"


def test_one_of_several_details_is_enough():
    lines = (ASK, GIVE, DONE, "C: 送到平江路十三号", DONE)
    assert verdict(*lines) == "fail"
    assert verdict(*lines, "A: 尾号零二五六") == "pass"
    assert verdict(*lines, "A: 平江路十三号") == "pass"


ORDER = "C: 一三五七九二四六八零"


@pytest.mark.parametrize(
    ("again", "wanted"),
    [
        ("一三五四七九二", "pass"),
        ("一三五四七九", "fail"),
        ("二九七五三一", "fail"),
    ],
    ids=["six of ten in their order", "five of ten", "another order"],
)
def test_most_of_a_number_in_its_order_reads_it_back(again, wanted):
    assert verdict(ASK, ORDER, f"A: {again}") == wanted


def test_a_number_is_read_back_by_most_of_its_numerals_whatever_is_said_around_it():
    given = "C: 我给你说一下我的号码是四五九一六九"
    assert verdict(ASK, given, "A: 五九二一八六九") == "pass"
    assert verdict(ASK, given, "A: 五九二八六") == "fail"


def test_most_of_a_number_before_it_is_given_does_not_read_it_back():
    assert verdict(ASK, GIVE, "A: 一三五四七九二", ORDER, DONE) == "fail"


def test_most_of_a_number_is_shown_by_the_turn():
    assert shown(judged(ASK, ORDER, "A: 一三五，四七九二。"))[-1] == (2, "一三五，四七九二。", "near")


@pytest.mark.parametrize(
    ("between", "wanted"),
    [([], "pass"), ([DONE], "pass"), ([DONE, "A: 请稍等"], "fail"), (["C: 快点", DONE], "pass")],
)
def test_most_of_a_number_must_come_in_the_agents_next_two_turns(between, wanted):
    assert verdict(ASK, ORDER, *between, "A: 一三五四七九二") == wanted


def test_most_of_the_customers_turn_reads_its_detail_back():
    given = "C: 和平小区平江路十三号"
    assert verdict(ASK, given, "A: 和平区江路这三号") == "pass"
    assert verdict(ASK, given, "A: 和平小区马上派人") == "fail"


def test_of_a_short_turn_one_syllable_more_than_a_piece_must_come_again():
    assert verdict(ASK, "C: 住平江路十三号", "A: 住平湖路十号") == "pass"
    assert verdict(ASK, "C: 住平江路十三号", "A: 平湖路十号") == "fail"


@pytest.mark.parametrize(
    ("between", "wanted"),
    [
        ([], "fail"),
        (["C: 等一下", "C: 我找找"], "fail"),
        (["C: 等一下", "A: 不着急", "C: 我找找"], "uncertain"),
    ],
    ids=["the turn before", "three turns before", "four turns before"],
)
def test_a_question_asks_for_what_is_given_within_three_turns(between, wanted):
    assert verdict(ASK, *between, GIVE, DONE) == wanted


def test_sounds_and_announcements_between_question_and_detail_are_no_turns():
    assert verdict(ASK, "C: 嗯", "A: 嗯", "S: 请稍后", "C: 呃", GIVE, DONE) == "fail"
    assert verdict(ASK, "C: 等等", "A: 好的", "C: 我找", "A: 不急", GIVE, DONE) == "uncertain"


def test_a_detail_that_nobody_asked_for_can_not_be_told():
    found = judged("A: 您好", GIVE, DONE)
    assert found.verdict == "uncertain"
    assert shown(found) == [(1, "一三八零零二五六", "regex"), (2, "对不对", "absence")]
    assert verdict("A: 您好", GIVE, DONE, ASK) == "uncertain"
    assert verdict("C: 请报手机号", GIVE, DONE) == "uncertain"


def test_where_the_agent_says_nothing_more_it_can_not_be_told():
    assert verdict(ASK, GIVE) == "uncertain"
    assert verdict(ASK, GIVE, "C: 喂") == "uncertain"


def test_without_roles_only_what_is_there_can_be_told():
    assert verdict(ASK, GIVE, DONE, known=False) == "uncertain"
    assert verdict(ASK, GIVE, "A: 尾号零二五六", known=False) == "pass"
    assert verdict(ASK, GIVE, "A: 您看对不对", known=False) == "pass"
    assert verdict(ASK, "C: 好", DONE, known=False) == "not_applicable"


SEVEN, THREE, FOUR = "A: 已经为您登记好", "A: 请稍等", "A: 请您稍等"


@pytest.mark.parametrize(
    ("after", "poor", "wanted"),
    [
        ((SEVEN, THREE), (3,), "fail"),
        ((SEVEN, FOUR), (3,), "uncertain"),
        ((THREE, SEVEN), (2,), "fail"),
        ((SEVEN,), (2,), "uncertain"),
        ((SEVEN, THREE, THREE, SEVEN), (5,), "fail"),
        ((SEVEN, THREE, SEVEN), (4,), "uncertain"),
        ((SEVEN,), (0, 1), "fail"),
        ((SEVEN, "C: 快一点快一点"), (3,), "fail"),
    ],
    ids=[
        "three syllables of ten",
        "four of eleven",
        "three of ten at once",
        "all",
        "the fourth turn",
        "the third turn",
        "before",
        "the customer",
    ],
)
def test_what_comes_right_after_the_detail_must_be_heard_well_to_lack_it(after, poor, wanted):
    assert verdict(ASK, GIVE, *after, poor=poor) == wanted


def test_what_counts_is_what_comes_after_the_last_detail():
    assert verdict(ASK, GIVE, SEVEN, "C: 平江路三号", FOUR, poor=(2,)) == "fail"
    assert verdict(ASK, GIVE, SEVEN, "C: 平江路三号", FOUR, poor=(4,)) == "uncertain"


LIKELY = {"phrases": ["跟您核对一下"], "said_from": 9, "doubt_from": 5}


@pytest.mark.parametrize(
    ("likely", "wanted"),
    [(LIKELY, "pass"), ({**LIKELY, "said_from": 99}, "uncertain"), ({}, "fail")],
    ids=["likely said", "perhaps said", "not looked for"],
)
def test_words_that_ask_to_confirm_may_be_misheard(likely, wanted):
    found = judged(ASK, GIVE, "A: 跟您合对一夏", likely=likely)
    assert found.verdict == wanted
    if wanted == "pass":
        assert shown(found)[-1] == (2, "跟您合对一夏", "near")


def test_words_that_ask_to_confirm_may_not_be_misheard_before_the_detail():
    assert verdict("A: 跟您合对一夏", ASK, GIVE, DONE, likely=LIKELY) == "fail"


@pytest.mark.parametrize(("digits", "wanted"), [(8, "pass"), (9, "not_applicable")])
def test_a_detail_may_be_misheard_where_it_is_read_back(digits, wanted):
    lines = (ASK, GIVE, DONE, "A: 请稍等", "A: 一三发零林二五油")
    assert verdict(*lines, likely=LIKELY, min_digits=digits) == wanted
    assert verdict(*lines) == "fail"


@pytest.mark.parametrize(("digits", "wanted"), [(5, "pass"), (6, "fail")])
def test_a_detail_too_short_to_be_told_apart_may_not_be_misheard(digits, wanted):
    lines = (ASK, "C: 送到平江路三号", DONE, "A: 请稍等", "A: 平将落山号")
    assert verdict(*lines, likely=LIKELY, min_digits=digits) == wanted


def test_a_question_may_be_misheard_where_numerals_come_next():
    likely = {"likely_asked": {"phrases": ["您的身份证号"], "said_from": 9, "doubt_from": 5}}
    question = "A: 您的生份正号"
    assert verdict(question, GIVE, DONE) == "uncertain"
    assert verdict(question, GIVE, DONE, **likely) == "fail"
    assert verdict(question, "C: 等一下", GIVE, DONE, **likely) == "uncertain"
    assert verdict("A: 您好", GIVE, DONE, **likely) == "uncertain"


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("", "", 0),
        ("一二三", "", 0),
        ("", "一二三", 0),
        ("一二三", "四五六", 0),
        ("一二三", "一二三", 3),
        ("一二三", "三二一", 1),
        ("一二三四", "一五二六三七四", 4),
        ("一一一", "一一", 2),
        ("一二一二", "二一二一", 3),
        ("四五九一六九", "五九二一八六九", 5),
    ],
)
def test_the_longest_sequence_that_both_have_in_this_order(one, other, wanted):
    assert common_length(one, other) == wanted
    assert common_length(other, one) == wanted
