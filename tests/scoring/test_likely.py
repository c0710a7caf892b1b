"""Words that the text lacks but that were likely said."""

from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.call_text import Match
from qa_audit.scoring.conditions.likely import UNLIKELY, Likelihood, likely_in, likely_said, words_likely
from qa_audit.scoring.judge import case_of
from qa_audit.scoring.said import Likely
from qa_audit.transcribe.turns import Transcript, Turn

THANKS = Likely(phrases=("感谢您的来电",), unlike=("感谢您的耐心等待",), said_from=8, doubt_from=5)
TITLE = Likely(
    phrases=("先生", "女士"),
    unlike=("先说",),
    lead="(好的|没关系)?.?",
    follow="您|你|请",
    said_from=4,
    doubt_from=2,
)


def turns(*lines, confidence=0.8, start_s=0.4):
    found = []
    for line in lines:
        role = {"A": "agent", "C": "customer"}[line[0]]
        end_s = start_s + 0.2 * (len(line) - 2)
        found.append(Turn(role, start_s, end_s, line[2:], confidence, int(role == "customer")))
        start_s = end_s + 0.4
    return found


def case(*lines):
    return case_of(turns(*lines), CallFacts(), load_rubric())


def verdict(item, *lines, duration_s=None, **options):
    said = turns(*lines, **options)
    call = said
    if duration_s is not None:
        call = Transcript("", duration_s, 2, "", "", "", tuple(said), 1.0)
    return next(one.verdict for one in score_call(call, CallFacts(), load_rubric()).items if one.id == item)


def test_a_misheard_phrase_is_found_with_its_place():
    call = case("A:好的。", "A:敢谢您的莱变，再见。")
    found = likely_said(THANKS, call, (0, 1))
    assert found.says == "yes"
    assert found.match is not None
    assert (found.match.turn, call.call.plain[found.match.start : found.match.end]) == (1, "敢谢你的莱变")


def test_what_another_phrase_fits_as_well_does_not_count():
    assert likely_said(THANKS, case("A:感谢您的耐心等待。"), (0,)).says == "no"
    assert likely_said(THANKS, case("A:感谢您的耐心等待。", "A:感谢您的来遍。"), (0, 1)).says == "yes"


def test_an_act_is_found_in_words_that_nobody_listed():
    lines = ("A:好的。", "A:您家里旁的事儿还有没有要我一道办的？", "C:没了。")
    found = likely_said(Likely(act="further"), case(*lines), (0, 1))
    assert found.says == "yes"
    assert found.match is not None
    assert (found.match.turn, found.match.tier) == (1, "similar")
    assert likely_said(Likely(act="further"), case(*lines), (0,)).says == "no"
    assert likely_said(Likely(act="back"), case(*lines), (0, 1)).says == "no"
    assert likely_said(Likely(), case(*lines), (0, 1)).says == "no"


def test_an_act_is_not_looked_for_where_other_words_are_asked_about():
    lines = case("A:您家里旁的事儿还有没有要我一道办的？")
    assert words_likely(Likely(act="further"), lines, (0,), ("感谢您的来电",)).says == "no"


def test_only_the_turns_asked_for_are_looked_at():
    assert likely_said(THANKS, case("A:感谢您的来电。", "A:再见。"), (1,)).says == "no"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("好的，李女是，您的表坏了。", "yes"),
        ("没关系你是您可以换。", "yes"),
        ("那就先说这个。", "no"),
        ("我去看看。", "no"),
    ],
)
def test_a_title_counts_at_the_head_of_a_clause(line, says):
    assert likely_said(TITLE, case("A:您好。", "A:" + line), (1,)).says == says


def test_without_phrases_nothing_is_likely():
    assert likely_said(Likely(), case("A:再见。"), (0,)).says == "no"
    assert likely_in(Likely(), "再见") == "no"


@pytest.mark.parametrize(
    "closing", ["感谢您的来店，再见。", "感谢来变，祝您愉快，再见。", "谢谢您的资刑，再见。"]
)
def test_a_misheard_closing_is_no_fault(closing):
    assert verdict("closing", "A:办好了。", "C:好。", "A:" + closing) == "pass"


def test_another_thanks_is_no_closing():
    lines = ("A:感谢您的耐心等待，查到了。", "C:好的。", "A:那就这样，再见。")
    assert verdict("closing", *lines) == "fail"


@pytest.mark.parametrize("reply", ["不特气。", "您太可气文。", "您科气了，还有事吗？", "不退气。"])
def test_a_misheard_reply_to_thanks_is_no_fault(reply):
    assert verdict("thanks_reply", "C:好的，谢谢。", "A:" + reply, "C:没有了。") == "pass"


def test_a_misheard_thanks_wants_its_reply():
    assert verdict("thanks_reply", "A:办好了。", "C:谢些你啊。", "A:那就这样处理。", "C:好。") == "fail"


@pytest.mark.parametrize("wait", ["现您收等，我帮您查一下。", "凭您稍等，我帮您查一下。"])
def test_a_misheard_announcement_of_a_wait_is_no_fault(wait):
    lines = turns("C:我要查单。", "A:" + wait)
    late = turns("A:让您久等了，查到了。", "C:好。", start_s=20.0)
    items = score_call([*lines, *late], CallFacts(), load_rubric()).items
    assert next(one.verdict for one in items if one.id == "hold_courtesy") == "pass"


def test_a_bare_wait_stays_a_fault():
    assert verdict("hold_courtesy", "C:我要查单。", "A:稍等。", "A:还有货。", "C:好。") == "fail"


def test_a_misheard_courtesy_covers_its_request():
    assert verdict("please", "C:坏了。", "A:老家您把电源关掉，等半分钟再打开。", "C:好。") != "fail"
    assert verdict("please", "C:坏了。", "A:先把电源关掉，等半分钟再打开。", "C:好。") == "fail"


@pytest.mark.parametrize(
    "request_",
    [
        "给我预约号。",
        "报一个手机号。",
        "自己来前台取。",
        "换个网络再试。",
        "电话别关机。",
        "编号多少，赶紧报。",
        "告诉我地址。",
    ],
)
def test_requests_are_known_by_their_form(request_):
    assert verdict("please", "C:坏了。", "A:" + request_, "C:好。") == "fail"


@pytest.mark.parametrize(
    "line",
    [
        "明天下午送到您家。",
        "您可以自己决定。",
        "您看看还需要了解什么？",
        "劳您把编号念一遍。",
        "您听一下对不对。",
        "别着急。",
    ],
)
def test_what_only_looks_like_a_request_is_no_fault(line):
    assert verdict("please", "C:坏了。", "A:" + line, "C:好。") != "fail"


def test_a_detail_read_back_through_mishearing_counts():
    lines = ("A:请问您的单号是多少？", "C:二零九四，七三一八。", "A:二零酒四，七山一八，好的。")
    assert verdict("readback", *lines) == "pass"


def test_a_misheard_detail_that_is_not_read_back_is_a_fault():
    lines = ("A:请问您的单号是多少？", "C:零四，之四五要三七一。", "A:好的，登记好了。")
    assert verdict("readback", *lines) == "fail"


def test_an_answer_without_a_question_is_no_detail():
    assert verdict("readback", "A:您好。", "C:我住三号楼。", "A:好的。") == "not_applicable"


def test_a_turn_lost_at_the_end_of_the_recording_can_not_be_told():
    lines = ("A:请问还有什么可以帮您？", "C:没有了。")
    end_s = turns(*lines)[-1].end_s
    assert verdict("closing", *lines, duration_s=end_s + 0.5) == "fail"
    assert verdict("closing", *lines, duration_s=end_s + 3.0) == "uncertain"


def test_an_opening_lost_before_the_customer_can_not_be_told():
    lines = ("C:我要报修，家里没有电。", "A:请问您贵姓？", "C:姓赵。")
    assert verdict("greeting", *lines) == "fail"
    assert verdict("greeting", *lines, start_s=4.0) == "uncertain"


def test_a_turn_too_short_for_an_opening_has_none_however_poorly_heard():
    assert verdict("greeting", "A:这条架。", "C:我要报修，家里没有电。", confidence=0.3) == "fail"
    long = "A:这条架下好几次都没有听清楚他说的什么。"
    assert verdict("greeting", long, "C:我要报修，家里没有电。", confidence=0.3) == "uncertain"


def test_a_number_in_the_opening_is_the_agent():
    lines = ("A:您好，国号一九三五，请问您有什么需要？", "C:我要报修。")
    assert verdict("greeting", *lines) == "pass"


def test_a_question_for_a_detail_counts_though_misheard():
    lines = (
        "A:我帮您登进，您能说下订单别号吗？",
        "C:三零六二，零五六三三。",
        "A:可以了，记在本子上了。",
        "C:好。",
    )
    assert verdict("readback", *lines) == "fail"


def test_most_of_a_detail_in_its_order_is_a_readback_though_both_were_misheard():
    lines = (
        "A:麻烦您说一下订单号。",
        "C:四五九。一般六九。",
        "A:好的，五九二，字一八六九，登记了。",
        "C:好。",
    )
    assert verdict("readback", *lines) == "pass"


def test_thanks_misheard_at_the_end_of_a_long_turn_want_their_reply():
    lines = ("A:已经退了。", "C:好，那我再等两天吧，谢线您们。", "A:好，有事再打来吧。", "C:嗯。")
    assert verdict("thanks_reply", *lines) == "fail"


def test_an_answer_without_words_is_none():
    assert verdict("thanks_reply", "A:办好了。", "C:谢谢你。", "A:嗯。", "C:再见。") == "fail"


def on_one_channel(item, *lines):
    said = [replace(turn, channel=0) for turn in turns(*lines)]
    call = Transcript("", said[-1].end_s + 0.4, 1, "", "", "", tuple(said), 1.0)
    return next(one.verdict for one in score_call(call, CallFacts(), load_rubric()).items if one.id == item)


def test_words_of_the_script_run_into_the_customers_turn_count_on_one_channel():
    lines = ("A:您好。", "C:坏了。", "A:登记好了。", "C:没有了，谢谢你啊。不用客气，感谢您的来电，再见。")
    assert on_one_channel("closing", *lines) == "pass"
    assert verdict("closing", *lines) == "fail"
    assert on_one_channel("thanks_reply", *lines, "A:嗯好。") == "pass"
    # What customers say as well does not.
    assert on_one_channel("closing", *lines[:3], "C:没有了，再见。") == "fail"


def test_a_phrase_at_the_head_of_a_clause_is_told_with_the_turns_where_it_may_stand():
    found = likely_said(TITLE, case("A:好的。", "A:陈节声，您请讲。", "A:陈节声，我给您查。"), (0, 1, 2))
    assert (found.says, found.phrase, found.turns) == ("yes", "先生", (1, 2))
    assert likely_said(THANKS, case("A:敢谢您的莱变，再见。"), (0,)).phrase == ""


@pytest.mark.parametrize(
    ("found", "audio", "is_open"),
    [
        (Likelihood("unclear", Match(0, 0, 2, "near")), "unasked", True),
        (Likelihood("unclear", Match(0, 0, 2, "near")), "hardly", False),
        (Likelihood("unclear", Match(0, 0, 2, "near"), "先生", (0,)), "hardly", True),
        (Likelihood("unclear", Match(0, 0, 2, "near"), "先生", (0,)), "no", False),
        (Likelihood("unclear", Match(0, 0, 2, "similar")), "no", True),
        (Likelihood("yes", Match(0, 0, 2, "near")), "unasked", False),
        (UNLIKELY, "unasked", False),
    ],
)
def test_what_the_audio_says_to_other_words_leaves_open_what_is_unclear(found, audio, is_open):
    assert (found.left_open(audio) is not None) == is_open
