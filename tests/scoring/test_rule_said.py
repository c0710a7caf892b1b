"""Conditions on words: what counts as said, how surely, how often and in which part of the call."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.scoring.conditions.judgement import NOT_APPLICABLE
from qa_audit.scoring.conditions.rule_belief import Belief, Hit, Outcome
from qa_audit.scoring.conditions.rule_said import judge_said, often_enough
from qa_audit.scoring.conditions.rule_scene import Scene
from qa_audit.scoring.rule_schema import Said, Times
from qa_audit.scoring.verdicts import Evidence
from tests.scoring.short_calls import case_of

NO, HARDLY, UNKNOWN, LIKELY, YES = Belief.NO, Belief.HARDLY, Belief.UNKNOWN, Belief.LIKELY, Belief.YES


def said(*lines, poor=(), others=None, **given):
    one = Said.model_validate({"kind": "said", "name": "甲", **given})
    case = case_of(lines, poor=poor)
    return judge_said(one, Scene(case, {}, others or {}, lambda _: NOT_APPLICABLE))


def shown(outcome):
    return [(hit.turn, hit.evidence.quote, hit.level) for hit in outcome.hits]


@pytest.mark.parametrize(
    ("entity", "text", "quotes"),
    [
        ("number", "工号1234。", ["1234"]), ("number", "房间123", []),
        ("mobile_number", "我是13812345678", ["13812345678"]), ("mobile_number", "138123456789", []),
        ("mobile_number", "12812345678", []), ("mobile_number", "1381234567", []),
        ("id_card", "11010119900101123x", ["11010119900101123x"]),
        ("id_card", "110101199001011234", ["110101199001011234"]), ("id_card", "1101011990010112345", []),
        ("id_card", "11010119900101123", []),
        ("money", "一共一百二十元钱", ["一百二十元钱"]), ("money", "三十五块，两角", ["三十五块", "两角"]),
        ("money", "三十五", []), ("money", "方块", []),
        ("percent", "优惠20%", ["20%"]), ("percent", "百分之三点五", ["百分之三点五"]),
        ("percent", "一百分", []), ("date", "2026年3月15日和后天", ["2026年3月15日", "后天"]),
        ("date", "礼拜天或周一", ["礼拜天", "周一"]),
        ("date", "3个月", []), ("date", "15号", []),
        ("time", "上午九点整，3点20分", ["上午九点整", "3点20分"]), ("time", "三个小时", []),
        ("time", "我快一点，早一点给您回，今天一点都不忙，第一点", []),
        ("time", "明天一点、下午一点、一点半、一点之前、十一点、到一点钟", [
            "一点", "下午一点", "一点半", "一点", "十一点", "一点钟"]),
        ("time", "9:30、九点三十、三点一刻、下午2:00", ["9:30", "九点三十", "三点一刻", "下午2:00"]),
        ("time", "要2.5小时，涨1.5%，是12.5万、2.25倍和三点五公里", []),
        ("time", "十五时三十分起飞，十五时开会", ["十五时三十分"]),
        ("time", "两点需要您注意，三点建议，一时半会", []),
        ("time", "下午两点需要您在家，晚上八点提醒您", ["下午两点", "晚上八点"]),
        ("time", "9:00-18:00", ["9:00", "18:00"]),
        ("money", "五百多块钱、五十美元、三百港币、350人民币、五分钱、十来块钱、几百块、几十块钱", [
            "五百多块钱", "五十美元", "三百港币", "350人民币", "五分钱", "十来块钱", "几百块", "几十块钱"]),
        ("duration", "十几分钟、一个多小时、俩小时、二十多天、几十天", [
            "十几分钟", "一个多小时", "俩小时", "二十多天", "几十天"]),
        ("duration", "第二天，五年级", []),
        ("mobile_number", "+86 13812345678", ["86 13812345678"]),
        ("mobile_number", "我住1203。13812345678。24号再打。", ["13812345678"]),
        ("percent", "收1.5%", ["1.5%"]), ("money", "一共18.50元", ["18.50元"]),
        ("money", "我们一块看看", []), ("money", "一块钱、二十一块、一块五", ["一块钱", "二十一块", "一块"]),
        ("duration", "二十四小时、两个工作日、30分钟、半个小时、一个半小时、三天、两周、三年", [
            "二十四小时", "两个工作日", "30分钟", "半个小时", "一个半小时", "三天", "两周", "三年"]),
        ("duration", "2026年3月，星期三，今天，几个小时，等一下", []),
        ("title", "王先生和李女士", ["王先生", "李女士"]), ("title", "张老师", []),
    ],
)  # fmt: skip
def test_what_is_a_detail_of_a_kind_and_what_only_looks_like_one(entity, text, quotes):
    assert [hit.evidence.quote for hit in said(f"A: {text}", entities=[entity]).hits] == quotes


def test_a_number_is_whole_where_the_sentence_before_it_ends_in_another():
    for line in ("A: 单号8023。二十四小时内答复。", "A: 二十四小时。8023号。"):
        assert said(line, phrases=["24小时"]).belief is YES
    assert said("A: 单号8023二十四小时内答复。", phrases=["24小时"]).belief is NO


def test_one_no_more_or_less_is_said_by_no_phrase_and_no_sure_sentence():
    wanted = "这个问题不是我们能解决的"
    assert said(f"A: {wanted}", similar={"to": [wanted]}).belief is YES
    assert said("A: 这个问题是我们能解决的", similar={"to": [wanted]}).belief is UNKNOWN
    assert said("A: 我们收手续费", phrases=["我们不收手续费"]).belief is NO


def test_the_words_themselves_are_sure_and_what_sounds_like_them_is_likely():
    found = said("A: 感谢您的来店", "A: 感谢您的来电", phrases=["感谢您的来电"])
    assert (found.belief, shown(found)) == (YES, [(0, "感谢您的来店", LIKELY), (1, "感谢您的来电", YES)])
    assert said("A: 感谢您的来店", phrases=["感谢您的来电"], tolerance="exact").belief is NO
    assert said("A: 公号八零一", patterns=["工号.{3}"]).belief is LIKELY
    assert said("A: 公号八零一", patterns=["工号.{3}"], patterns_by_sound=False).belief is NO


def test_words_are_not_surely_missing_where_the_speaker_was_heard_badly():
    assert said("A: 好的", "C: 喂", poor=(0,), phrases=["再见"]).belief is HARDLY
    assert said("A: 好的", "C: 喂", poor=(1,), phrases=["再见"]).belief is NO


@pytest.mark.parametrize(("need", "wanted"), [("any", YES), (2, YES), (3, NO), ("all", NO), ("none", NO)])
def test_so_many_different_ones_of_all_that_is_listed(need, wanted):
    listed = {"phrases": ["身份证"], "patterns": ["合.{0,1}同"], "entities": ["mobile_number"]}
    assert said("A: 身份证，身份证，合同", need=need, **listed).belief is wanted


def test_a_similar_sentence_is_one_of_what_is_listed():
    listed = {"phrases": ["再见"], "similar": {"to": ["这个问题不是我们能解决的"]}, "need": "all"}
    assert said("A: 这个问题不是我们能解决的，再见", **listed).belief is YES
    assert said("A: 再见再见", **listed).belief is NO


def test_words_of_two_that_are_listed_count_for_both_where_these_are_counted_and_else_once():
    both = {"phrases": ["身份证", "份证号"]}
    assert said("A: 身份证号", need=2, **both).belief is YES
    assert said("A: 身份证号", times={"at_least": 2}, **both).belief is NO
    surest = said("A: 号妈1380025", phrases=["号码一三八零"], entities=["number"])
    assert shown(surest) == [(0, "1380025", YES)]


def test_so_many_are_as_sure_as_the_least_sure_that_is_needed():
    listed = {"phrases": ["身份证号", "感谢您的来电"]}
    assert said("A: 身份证号，感谢您的来店", need="all", **listed).belief is LIKELY
    assert said("A: 感谢您的来店，身份证号，感谢您的来电", need="all", **listed).belief is YES


def test_what_must_be_left_out_is_left_out_as_surely_as_it_was_not_heard():
    assert said("A: 好的", need="none", phrases=["感谢您的来电"]).belief is YES
    assert said("A: 好的", poor=(0,), need="none", phrases=["感谢您的来电"]).belief is LIKELY
    assert said("A: 感谢您的来店", need="none", phrases=["感谢您的来电"]).belief is HARDLY


def test_in_one_turn_the_turn_with_most_counts():
    listed = {"phrases": ["合同", "发票"], "same_turn": True}
    lines = ("A: 合同", "A: 发票", "A: 合同，合同")
    assert said(*lines, need="all", **listed).belief is NO
    assert said(*lines, "A: 发票和合同", need="all", **listed).belief is YES
    assert said(*lines, times={"at_least": 2}, **listed).belief is YES
    assert said(*lines, times={"at_least": 3}, **listed).belief is NO


def test_every_turn_must_have_it_and_the_least_sure_decides():
    each = {"phrases": ["您好"], "every_turn": True}
    assert said("A: 您好", "C: 喂", "A: 您好您好", **each).belief is YES
    assert said("A: 您好", "A: 请讲", poor=(0,), **each).belief is NO
    assert said("A: 您好", "A: 请讲", poor=(1,), **each).belief is HARDLY
    assert said("A: 您好", "A: 您好", poor=(1,), **each).belief is LIKELY


def test_of_a_turn_that_may_be_the_other_s_it_is_not_asked_for_certain():
    each = {"phrases": ["您好"], "every_turn": True}
    assert said("?: 您好", "?: 喂", **each).belief is HARDLY
    assert said("?: 您好", "?: 您好您好", **each).belief is LIKELY
    assert said("A: 您好", "?: 喂", **each).belief is HARDLY
    assert said("A: 喂", "?: 您好", **each).belief is NO
    assert said("?: 您好", "?: 喂", who="either", **each).belief is NO


def test_exceptions_take_back_phrases_details_and_similar_sentences_that_they_overlap():
    assert said("A: 好不行不行", phrases=["不行"], unless=["好不行"]).hits[0].start == 3
    assert said("A: 不收三块钱", entities=["money"], unless=["不收.{2}"], need="all").hits == ()
    similar = {"to": ["这个问题不是我们能解决的"]}
    assert said("A: 这个问题不是我们能解决的", similar=similar, unless=["解决"]).hits == ()
    assert said("A: 这个问题不是我们能解决的", similar=similar, unless=["办理"]).belief is YES


@pytest.mark.parametrize(
    ("times", "levels", "minutes", "wanted"),
    [
        (None, [], 1, NO), (None, [LIKELY], 1, LIKELY),
        ({"at_least": 2}, [YES, LIKELY], 9, LIKELY), ({"at_least": 2}, [YES], 9, NO),
        ({"at_most": 1}, [YES, LIKELY], 9, HARDLY), ({"at_most": 1}, [YES, UNKNOWN], 9, UNKNOWN),
        ({"at_least": 1, "at_most": 2}, [YES] * 2, 9, YES), ({"at_least": 1, "at_most": 2}, [YES] * 3, 9, NO),
        ({"at_least": 2, "per_minute": True}, [YES] * 3, 1.5, YES),
        ({"at_least": 2, "per_minute": True}, [YES] * 2, 1.5, NO),
        ({"at_most": 1, "per_minute": True}, [YES], 1.5, YES),
        ({"at_most": 1, "per_minute": True}, [YES] * 2, 1.5, NO),
        ({"at_most": 2, "per_minute": True}, [YES] * 3, 1.5, YES),
        # 2.2 × 25 is a little more than 55 to a computer, and 4.1 × 30 a little less than 123.
        ({"at_least": 2.2, "per_minute": True}, [YES] * 55, 25, YES),
        ({"at_least": 2.2, "per_minute": True}, [YES] * 54, 25, NO),
        ({"at_most": 4.1, "per_minute": True}, [YES] * 123, 30, YES),
        ({"at_most": 4.1, "per_minute": True}, [YES] * 124, 30, NO),
        ({"at_least": 0.0001, "per_minute": True}, [], 0, NO),
        ({"at_least": 2.5}, [YES] * 2, 9, NO), ({"at_most": 2.5}, [YES] * 2, 9, YES),
        ({"at_most": 2.5}, [YES] * 3, 9, NO), ({"at_most": 0}, [YES], 9, NO),
    ],
)  # fmt: skip
def test_how_often(times, levels, minutes, wanted):
    limits = times and Times.model_validate(times)
    assert often_enough(limits, levels, minutes, missed=False) is wanted


@settings(max_examples=60)
@given(st.lists(st.sampled_from([UNKNOWN, LIKELY, YES]), max_size=6), st.integers(1, 5), st.booleans())
def test_more_is_never_surer_and_at_most_so_many_is_not_one_more(levels, count, missed):
    one, more, most = (
        often_enough(times, levels, 1, missed=missed)
        for times in (Times(at_least=count), Times(at_least=count + 1), Times(at_most=count))
    )
    assert more <= one
    assert most is -more


FOUR = ("A@0-2: 您好", "C@2-4: 谢谢", "A@4-6: 不客气", "C@6-8: 谢谢")
THANKS = (
    Hit(YES, 1, 3, 5, 2.0, 4.0, Evidence(1, 2.0, 4.0, "谢谢", "exact")),
    Hit(YES, 3, 10, 12, 6.0, 8.0, Evidence(3, 6.0, 8.0, "谢谢", "exact")),
)
WELCOME = {"phrases": ["不客气"]}


def thanked(*levels):
    """The customer's thanks, each so sure."""
    known = tuple(hit._replace(level=level) for hit, level in zip(THANKS, levels, strict=False))
    return {"谢": Outcome(max(levels), known)}


@pytest.mark.parametrize(
    ("hit", "levels", "wanted"),
    [
        ("any", (YES, YES), YES), ("any", (LIKELY, YES), LIKELY), ("each", (YES,), YES),
        ("each", (YES, YES), HARDLY), ("each", (LIKELY, YES), HARDLY), ("last", (YES, YES), HARDLY),
    ],
)  # fmt: skip
def test_beside_any_of_the_other_places_or_each_and_the_end_of_the_call_leaves_no_time(hit, levels, wanted):
    found = said(*FOUR, others=thanked(*levels), where={"after": "谢", "hit": hit}, **WELCOME)
    assert found.belief is wanted


def test_where_each_must_have_it_a_place_that_may_be_none_asks_for_less():
    where, lines = {"after": "谢", "hit": "each", "within_turns": 1}, (*FOUR, "A@8-9: 再见")
    assert said(*lines, others=thanked(YES, YES), where=where, **WELCOME).belief is NO
    assert said(*lines, others=thanked(YES, LIKELY), where=where, **WELCOME).belief is HARDLY


def test_what_is_missing_was_looked_for_only_beside_the_places_that_lack_it():
    where = {"after": "谢", "hit": "each", "within_turns": 1}
    found = said(*FOUR, "A@8-9: 再见", others=thanked(YES, YES), where=where, **WELCOME)
    assert shown(found) == [(2, "不客气", YES)]
    assert found.absent == Evidence(4, 8.0, 9.0, "", "absence")


def test_before_the_first_turn_of_the_speaker_nothing_can_have_been_missed():
    lines, thanks = ("C@0-2: 谢谢", "A@2-4: 不客气"), Hit(YES, 0, 0, 2, 0.0, 2.0, THANKS[0].evidence)
    others = {"谢": Outcome(YES, (thanks,))}
    assert said(*lines, others=others, where={"before": "谢"}, **WELCOME).belief is NO


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        (Outcome(NO), Outcome(NO)), (Outcome(YES), Outcome(NO)), (Outcome(HARDLY), Outcome(HARDLY)),
        (Outcome(UNKNOWN), Outcome(UNKNOWN)),
        (Outcome(UNKNOWN, no_data=True), Outcome(UNKNOWN, no_data=True)),
        (Outcome(UNKNOWN, late=True), Outcome(UNKNOWN, late=True)),
    ],
)  # fmt: skip
def test_beside_what_is_nowhere_nothing_is_said_unless_it_was_not_heard_or_can_not_be_told(other, wanted):
    assert said(*FOUR, others={"谢": other}, where={"after": "谢"}, **WELCOME) == wanted


SURELY_NOT, MISSED = Outcome(NO), Outcome(HARDLY)
NO_DATA, LATE = Outcome(UNKNOWN, no_data=True), Outcome(UNKNOWN, late=True)


@pytest.mark.parametrize(
    ("after", "before", "wanted"),
    [
        (NO_DATA, SURELY_NOT, SURELY_NOT), (MISSED, SURELY_NOT, SURELY_NOT), (NO_DATA, MISSED, MISSED),
        (LATE, NO_DATA, Outcome(UNKNOWN, no_data=True, late=True)), (Outcome(UNKNOWN), LATE, LATE),
    ],
)  # fmt: skip
def test_between_two_that_are_nowhere_it_is_as_sure_as_the_less_likely_one(after, before, wanted):
    where = {"after": "谢", "before": "完"}
    assert said(*FOUR, others={"谢": after, "完": before}, where=where, **WELCOME) == wanted


def test_of_two_others_only_the_one_that_is_nowhere_counts():
    where = {"after": "谢", "before": "完"}
    assert said(*FOUR, others={**thanked(YES), "完": NO_DATA}, where=where, **WELCOME) == NO_DATA


@pytest.mark.parametrize("other", [YES, UNKNOWN])
def test_where_the_other_has_too_few_places_its_nth_is_not_there(other):
    where = {"after": "谢", "hit": 2}
    assert said(*FOUR, others=thanked(other), where=where, **WELCOME) == Outcome(NO)
