"""Whole calls in wordings and trades of their own, with the verdicts that a careful inspector would give."""

import math
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import VERDICTS, Evidence
from qa_audit.transcribe.turns import ROLES, Transcript, Turn
from tests.own_seconds import own_seconds

RUBRIC = load_rubric()

HOTEL = (
    "A: 您好，这里是云栖酒店预订中心，我是三零六号，请问有什么可以帮到您？",
    "C: 我想改一下入住日期。",
    "A: 好的，请问您贵姓？",
    "C: 免贵姓沈。",
    "A: 沈女士，麻烦您提供一下预订电话。",
    "C: 幺三五零零七七二八幺九。",
    "A: 跟您核对一下，幺三五零零七七二八幺九，对吗？",
    "C: 对。",
    "A: 请您稍等，我查一下房态。",
    "... 13",
    "A: 沈女士，让您久等了，已经为您改到十八号了。",
    "C: 太好了，谢谢。",
    "A: 不客气，请问您还有其他需要吗？",
    "C: 没有了。",
    "A: 感谢您的来电，祝您旅途愉快，再见。",
)


def judged(*lines, facts=None, confidence=1.0):
    turns = [Turn(t.role, t.start_s, t.end_s, t.text, confidence, t.channel) for t in example_turns(lines)]
    return score_call(turns, facts or CallFacts(), RUBRIC)


def verdict(item, *lines, **known):
    return next(one.verdict for one in judged(*lines, **known).items if one.id == item)


def finding(item, *lines, **known):
    return next(one for one in judged(*lines, **known).items if one.id == item)


def test_a_good_call_has_all_its_points():
    score = judged(*HOTEL, facts=CallFacts("inbound", 6.0, False, "agent"))
    verdicts = {one.id: one.verdict for one in score.items}
    assert verdicts.pop("apology") == verdicts.pop("no_raised_voice") == "not_applicable"  # written by hand
    assert set(verdicts.values()) == {"pass"}
    assert score.score == 100
    assert score.critical == ()
    assert score.situations == ()


def test_a_good_call_heard_badly_loses_nothing():
    heard = [
        line.replace("您好，这里", "李好，这里")
        .replace("感谢您的来电", "感谢你的来店")
        .replace("再见", "在建")
        .replace("稍等", "烧等")
        .replace("久等", "九等")
        .replace("女士", "律师")
        for line in HOTEL
    ]  # fmt: skip
    score = judged(*heard, confidence=0.7)
    assert [one.id for one in score.items if one.verdict == "fail"] == []
    assert score.score == 100


def test_a_bad_call_with_its_evidence():
    score = judged(
        "A: 喂，说话。",
        "C: 我的水表坏了，你们快来修。",
        "A: 你怎么不早报，现在没人。",
        "C: 那怎么办？我要投诉你们。",
        "A: 爱投诉就投诉，这个不归我们管。",
        "C: 你什么态度！",
        "A: 滚。",
    )
    verdicts = {one.id: one.verdict for one in score.items}
    assert {item for item, verdict in verdicts.items() if verdict == "fail"} == {
        "greeting", "title", "honorific", "further_help", "closing", "no_blame_shifting",
        "no_blaming_customer", "no_harsh_language", "apology",
    }  # fmt: skip
    assert score.critical == ("no_harsh_language",)
    assert score.score == 0
    shifting = next(one for one in score.items if one.id == "no_blame_shifting")
    assert [(piece.turn, piece.quote, piece.tier) for piece in shifting.evidence] == [
        (4, "不归我们管", "exact")
    ]
    [complaint] = [one for one in score.situations if one.id == "complaint"]
    assert complaint.verdict == "fail"


def test_part_points_of_opening_and_closing():
    opening = finding("greeting", "A: 您好，请问有什么可以帮您？", "C: 我要退票。")
    assert (opening.verdict, opening.points, opening.max_points) == ("fail", 5.0, 8.0)
    assert opening.evidence[0] == Evidence(0, 0.0, 2.86, "单位或工号", "absence")
    ending = finding("closing", "C: 没了。", "A: 好的，再见。")
    assert (ending.verdict, ending.points) == ("fail", 4.0)


@pytest.mark.parametrize(
    "opening",
    [
        "您好，欢迎致电安心人寿，工号五八二，很高兴为您服务。",
        "您好，市图书馆读者服务部，请问您需要什么帮助？",
        "您好！三江航空订票热线，请问您要办理什么业务？",
        "您好，我是小区物业公司的客服代表，有什么能帮您的吗？",
        "您好，八八六号为您服务。",
        "你好，云鹤乳业客户服务终新，乐意为您效劳。",
    ],
)
def test_openings_that_comply(opening):
    assert verdict("greeting", f"A: {opening}", "C: 我想问点事。", confidence=0.8) == "pass"


@pytest.mark.parametrize(
    "opening", ["哪位？", "您好，哪里？", "三江航空，请讲。", "喂，三江航空。", "您好，说吧。"]
)
def test_openings_that_fail(opening):
    assert verdict("greeting", f"A: {opening}", "C: 我想问点事。") == "fail"


@pytest.mark.parametrize(
    "ending",
    [
        "感谢您的致电，祝您生活愉快，再见。",
        "谢谢您的来电，再见！",
        "非常感谢您对我们的支持，再见。",
        "感谢你的莱电，再建。",
    ],
)
def test_closings_that_comply(ending):
    assert verdict("closing", "C: 没有了。", f"A: {ending}", "C: 拜拜。", confidence=0.8) == "pass"


def test_farewells_after_the_closing_do_not_use_up_its_window():
    lines = ("A: 感谢您的来电，再见。", "C: 再见。", "A: 再见。", "C: 好。", "A: 好的，再见。")
    assert verdict("closing", *lines) == "pass"


def test_what_the_customer_says_is_no_fault_of_the_agent():
    lines = (
        "A: 您好，长河供水公司，请问有什么可以帮您？",
        "C: 物业说不归我们管，急什么急，你怎么不早说，我不知道找谁，他妈的。",
        "A: 女士，您先别着急，我来帮您处理。",
    )
    bans = {one.id: one.verdict for one in judged(*lines).items if one.id.startswith("no_")}
    assert bans.pop("no_raised_voice") == "not_applicable"
    assert {bans[item] for item in bans} == {"pass"}


@pytest.mark.parametrize(
    ("item", "lines", "points"),
    [
        ("greeting", ("A: 喂，什么事？", "C: 我要报修，家里的宽带坏了。"), 5),
        ("greeting", ("A: 您好。", "C: 我要报修，家里的宽带坏了。"), 6),
        ("greeting", ("A: 您好，客服中心。", "C: 我要报修，家里的宽带坏了。"), 7),
        (
            "readback",
            ("A: 请问您的电话是多少？", "C: 13812345678", "A: 地址呢", "C: 我住平江路十八号", "A: 好的"),
            4,
        ),
        (
            "hold_courtesy",
            ("C: 能查吗", "A: 等一下。", "... 20", "A: 查到了，明天到。", "C: 好"),
            3,
        ),
        ("thanks_reply", ("C: 谢谢", "A: 好的", "C: 谢谢", "A: 嗯嗯好", "C: 谢谢", "A: 行"), 1),
    ],
)
def test_points_come_off_for_each_thing_that_is_missing(item, lines, points):
    each = [one.model_copy(update={"off_per_hit": 1.0}) for one in RUBRIC.items]
    rules = RUBRIC.model_copy(update={"items": tuple(each)})
    found = next(one for one in score_call(example_turns(lines), CallFacts(), rules).items if one.id == item)
    assert (found.verdict, found.points) == ("fail", points)


def test_announcements_are_never_judged():
    assert verdict("no_forbidden_words", "S: 不行，不知道，不清楚。", "A: 您好。", "C: 你好。") == "pass"
    assert (
        verdict("greeting", "S: 您好，五号为您服务，请问有什么可以帮您。", "A: 喂。", "C: 你好。") == "fail"
    )


def test_a_homophone_of_a_banned_phrase_is_never_an_automatic_fault():
    assert verdict("no_blame_shifting", "C: 谁管？", "A: 这个不规我们馆。") == "uncertain"


def test_words_heard_too_poorly_are_uncertain():
    assert verdict("no_blame_shifting", "C: 谁管？", "A: 不归我们管。", confidence=0.2) == "uncertain"
    assert verdict("closing", "C: 没了。", "A: 嗯行啊就这样。", confidence=0.2) == "uncertain"


def test_words_of_which_nobody_knows_how_well_they_were_heard_are_as_those_heard_poorly():
    lines = ["A: 喂，什么事", "C: 我要报修", "A: 单号报一下", "C: 八八零零一二三", "A: 行了，挂了吧"]
    unknown, poorly, well = (
        score_call(
            [replace(turn, confidence=confidence) for turn in example_turns(lines)],
            CallFacts(),
            load_rubric(),
        )
        for confidence in (math.nan, 0.0, 0.9)
    )
    # In a second nobody says a whole opening, however it was heard.
    assert {one.id for one in unknown.items if one.verdict == "fail"} == {"greeting"}
    assert unknown == poorly
    assert unknown.score > well.score


@pytest.mark.parametrize(
    "turns",
    [
        [Turn("agent", 0.0, 5000.0, "请稍等" * 6667, 0.9)],
        [Turn("agent", 0.0, 5000.0, "这不归我管你自己看着办" * 1800, 0.9)],
        [
            Turn(("agent", "customer")[place % 2], place * 3.0, place * 3.0 + 3, text, 0.9)
            for place, text in enumerate(("请您稍等", "你为什么这么慢我要投诉") * 2500)
        ],
    ],
    ids=["one phrase", "one fault", "five thousand turns"],
)
def test_what_is_said_again_and_again_takes_no_longer_each_time(turns):
    rubric = load_rubric()
    assert own_seconds(lambda: score_call(turns, CallFacts(), rubric), 8) < 8


def test_without_roles_nothing_costs_a_point_that_only_one_side_may_have_said():
    lines = ("?: 你好，我想问一下，这个不归我们管吗，你怎么不早说。",)
    score = judged(*lines, confidence=0.8)
    verdicts = {one.id: one.verdict for one in score.items}
    for item in ("honorific", "no_blame_shifting", "no_blaming_customer"):
        assert verdicts[item] == "uncertain"


def test_without_roles_a_phrase_in_its_place_passes():
    lines = ("?: 您好，长河供水公司，请问有什么可以帮您？", "?: 我家停水了。好的，感谢您的来电，再见。")
    score = {one.id: one.verdict for one in judged(*lines, confidence=0.8).items}
    assert (score["greeting"], score["closing"]) == ("pass", "pass")


def test_unsure_roles_count_as_unknown():
    turns = example_turns(("A: 不归我们管。", "C: 你怎么不早说。"))
    transcript = Transcript("0" * 64, 5.0, 2, "e", "m", "p", turns, role_confidence=0.3)
    score = score_call(transcript, CallFacts(), RUBRIC)
    assert next(one for one in score.items if one.id == "no_blame_shifting").verdict == "uncertain"


@pytest.mark.parametrize(
    ("lines", "confidence", "expected"),
    [
        (("A: 您好，您的快递到了，您什么时候取？",), 0.7, "pass"),
        (("A: 你好，您的快递到了，您什么时候取？请您带身份证。",), 0.7, "pass"),
        (("A: 你好，您的快递到了，您什么时候取？请您带身份证。",), 1.0, "fail"),
        (("A: 您好，您的快递到了，你什么时候取？",), 0.7, "uncertain"),
        (("A: 你的快递到了，你什么时候取？", "A: 你带身份证了吗？你住哪？"), 0.7, "fail"),
        (("A: 快递到了。",), 0.7, "not_applicable"),
        (("A: 您是说快递员跟您讲你自己来拿吗？",), 1.0, "pass"),
    ],
)
def test_one_ni_may_be_misheard_but_many_are_not(lines, confidence, expected):
    assert verdict("honorific", *lines, "C: 你说呢？", confidence=confidence) == expected


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("不用谢，这是我应该做的。", "pass"),
        ("您太客气了。", "pass"),
        ("部客气，还有别的事吗？", "pass"),
        ("好的，再见。", "fail"),
        ("感谢您的来电，祝您购物愉快，再见。", "pass"),
    ],
)
def test_replies_to_thanks(reply, expected):
    assert verdict("thanks_reply", "A: 已经办好了。", "C: 谢谢你啊。", f"A: {reply}") == expected


def test_thanks_after_the_goodbye_need_no_reply():
    lines = ("A: 感谢您的来电，再见。", "C: 谢谢，再见。", "A: 再见。")
    assert verdict("thanks_reply", *lines) == "not_applicable"


def test_metadata():
    call = ("A: 您好。", "C: 喂。")
    assert verdict("closing", *call, facts=CallFacts(hangup_by="customer")) == "not_applicable"
    assert verdict("further_help", *call, facts=CallFacts(hangup_by="customer")) == "not_applicable"
    ringing = finding("answer_promptly", *call, facts=CallFacts(ring_s=21))
    assert (ringing.verdict, ringing.evidence) == ("fail", (Evidence(None, 0.0, 0.0, "21 s", "metadata"),))


def test_situations_replace_their_items():
    silent = judged(
        "A: 您好，长河供水公司。",
        "... 4",
        "A: 您好，请讲。",
        "... 4",
        "A: 您好？",
        "... 4",
        "A: 对不起，您的电话没有声音，请您换一部电话再打过来，再见。",
    )
    assert [(one.id, one.verdict) for one in silent.situations] == [("silent_call", "pass")]
    replaced = {one.id for one in silent.items if one.verdict == "not_applicable"}
    assert {"title", "honorific", "please", "thanks_reply", "further_help", "readback", "closing"} <= replaced
    inside = judged("A: 喂，仓库吗？", "C: 是。", facts=CallFacts(internal=True))
    assert [(one.id, one.verdict) for one in inside.situations] == [("internal_call", "fail")]
    assert next(one for one in inside.items if one.id == "greeting").verdict == "not_applicable"


def test_interrupting_and_dead_air_are_measured():
    turns = [
        Turn("customer", 0.0, 5.0, "我昨天买的那个锅把手断了", 0.9, 1),
        Turn("agent", 3.0, 6.0, "请您说一下订单号", 0.9, 0),
        Turn("customer", 6.5, 12.0, "我还没有说完我的意思是", 0.9, 1),
        Turn("agent", 9.0, 13.0, "您先说订单号好吗", 0.9, 0),
        Turn("customer", 31.0, 32.0, "喂还在吗", 0.9, 1),
    ]
    verdicts = {one.id: one.verdict for one in score_call(turns, CallFacts(), RUBRIC).items}
    assert (verdicts["no_interrupting"], verdicts["no_dead_air"]) == ("fail", "fail")


def test_nothing_said_is_nothing_judged():
    score = score_call([], CallFacts(), RUBRIC)
    assert {one.verdict for one in score.items} == {"not_applicable"}
    assert score.score is None


def test_ring_time_is_judged_although_nothing_was_recognised():
    score = score_call([], CallFacts(ring_s=30), RUBRIC)
    assert {one.id: one.verdict for one in score.items if one.verdict != "not_applicable"} == {
        "answer_promptly": "fail"
    }


def test_a_guess_of_the_agent_s_channel_without_evidence_costs_nobody_a_point():
    turns = (
        Turn("agent", 0, 3, "我想查一下我的快递不知道到哪里了。", 0.9),
        Turn("customer", 3, 6, "您好，速达快递客服中心，请问有什么可以帮您？", 0.9),
        Turn("agent", 7, 9, "尾号一二三四。", 0.9),
        Turn("customer", 9, 14, "好的，请您稍等。感谢您的来电，再见。", 0.9),
    )
    call = Transcript("ab", 15, 2, "openai-whisper", "base", "balanced", turns, role_confidence=0.5)
    assert [one.id for one in score_call(call, CallFacts(), RUBRIC).items if one.verdict == "fail"] == []


def test_a_question_is_no_answer_to_thanks():
    turns = [
        Turn("agent", 0, 3, "您好，速达快递客服中心，请问有什么可以帮您？", 0.9),
        Turn("customer", 3, 6, "帮我约一下上门，谢谢。", 0.9),
        Turn("agent", 7, 9, "您看什么时候方便？", 0.9),
    ]
    verdicts = {one.id: one.verdict for one in score_call(turns, CallFacts(), RUBRIC).items}
    assert verdicts["thanks_reply"] == "fail"


def test_a_recorded_announcement_is_no_dead_air():
    turns = [
        Turn("agent", 0, 3, "您好，速达快递客服中心，请问有什么可以帮您？", 0.9),
        Turn("customer", 3, 6, "我要转接投诉部门。", 0.9),
        Turn("system", 7, 36, "您的电话正在转接，请稍候。", 0.9),
        Turn("agent", 37, 40, "您好，投诉专席，请问您贵姓？", 0.9),
    ]
    verdicts = {one.id: one.verdict for one in score_call(turns, CallFacts(), RUBRIC).items}
    assert verdicts["no_dead_air"] == "pass"
    assert verdicts["hold_courtesy"] != "fail"


def test_an_apology_before_the_complaint_was_recognised_can_t_be_told():
    turns = example_turns(
        [
            "A: 您好，清源水务客服中心，请问有什么可以帮您？",
            "C: 我家水管漏水，物业也不管。",
            "A: 非常抱歉，让您着急了，请您说一下位置。",
            "C: 明珠花园，都两个小时了，我要投诉！",
            "A: 我们马上派人。",
            "C: 行。",
        ]
    )
    verdicts = {one.id: one.verdict for one in score_call(turns, CallFacts(), RUBRIC).items}
    assert verdicts["apology"] == "uncertain"


def test_an_apology_in_the_opening_is_none_for_a_later_complaint():
    turns = [
        Turn("agent", 0, 3, "您好，速达快递客服中心，抱歉让您久等了，请问有什么可以帮您？", 0.9),
        Turn("customer", 3, 6, "查一下快递。", 0.9),
        Turn("agent", 6, 8, "请您说一下单号。", 0.9),
        Turn("customer", 9, 12, "我要投诉，你们太过分了，气死我了！", 0.9),
        *(
            turn
            for at in (13, 17, 21, 25)
            for turn in (
                Turn("agent", at, at + 1.5, "我查到了，还在路上。", 0.9),
                Turn("customer", at + 2, at + 3, "那怎么办呢。", 0.9),
            )
        ),
    ]
    verdicts = {one.id: one.verdict for one in score_call(turns, CallFacts(), RUBRIC).items}
    assert verdicts["apology"] == "fail"


WORDS = (
    *("您好", "你好", "请稍等", "再见", "在建", "不归我们管", "不行", "行不行", "你怎么不早说", "谢谢"),
    *("不客气", "先生", "感谢您的来电", "100%", "我保证", "投诉", "13812345678", "请问还有其他问题吗"),
    *("，", "。", "滚", "报一下号码", "電話"),
)


@st.composite
def calls(draw):
    turns, now_s = [], 0.0
    for _ in range(draw(st.integers(0, 8))):
        now_s += draw(st.floats(-1, 20))
        start_s, duration_s = max(now_s, 0.0), draw(st.floats(0, 8))
        text = "".join(draw(st.lists(st.sampled_from(WORDS), max_size=6)))
        role = draw(st.sampled_from(ROLES))
        confidence = draw(st.floats(0, 1))
        turns.append(Turn(role, start_s, start_s + duration_s, text, confidence, int(role == "customer")))
        now_s = start_s + duration_s
    return sorted(turns, key=lambda turn: turn.start_s)


FACTS = st.builds(
    CallFacts,
    st.sampled_from([None, "inbound", "outbound"]),
    st.none() | st.floats(0, 60),
    st.none() | st.booleans(),
    st.sampled_from([None, "agent", "customer"]),
)


@settings(max_examples=150, deadline=None)
@given(calls(), FACTS)
def test_what_always_holds(turns, facts):
    score = score_call(turns, facts, RUBRIC)
    assert [one.id for one in score.items] == [item.id for item in RUBRIC.items]
    for one in score.items:
        assert one.verdict in VERDICTS
        assert 0 <= one.points <= one.max_points
        assert one.verdict != "pass" or one.points == one.max_points
        assert one.verdict in ("pass", "fail") or one.points == 0
        for piece in one.evidence:
            assert piece.start_s <= piece.end_s
            if piece.turn is not None and piece.tier not in ("absence", "metadata"):
                assert piece.quote in turns[piece.turn].text
                assert turns[piece.turn].role != "system"
    assert score.score is None or 0 <= score.score <= 100
    lost = math.fsum(one.max_points - one.points for one in score.items if one.verdict == "fail")
    judged_points = math.fsum(one.max_points for one in score.items if one.verdict in ("pass", "fail"))
    if judged_points and not score.critical:
        assert score.score == pytest.approx(100 * (judged_points - lost) / judged_points)


@pytest.mark.parametrize(("pause_s", "verdict"), [(0.0, "uncertain"), (0.3, "uncertain"), (0.8, "fail")])
def test_what_a_machine_seems_to_say_right_before_the_agent_may_be_the_agents(pause_s, verdict):
    turns = [
        Turn("system", 0.0, 2.0, "工号八零二三为您服务。", 0.9, 0),
        Turn("agent", 2.0 + pause_s, 5.0 + pause_s, "您好，请问有什么可以帮您？", 0.9, 0),
        Turn("customer", 6.0, 8.0, "我要报修。", 0.9, 1),
    ]
    found = next(one for one in score_call(turns, CallFacts(), RUBRIC).items if one.id == "greeting")
    assert found.verdict == verdict
    # Nothing is shown as said by the agent that may be the machine's.
    assert (found.evidence[0].turn, found.evidence[0].tier) == (1, "absence")


@settings(max_examples=60, deadline=None)
@given(calls())
def test_without_an_agent_for_certain_no_banned_word_is_a_fault(turns):
    unknown = [Turn("unknown", t.start_s, t.end_s, t.text, t.confidence) for t in turns]
    for one in score_call(unknown, CallFacts(), RUBRIC).items:
        if one.id.startswith("no_") and one.id not in ("no_dead_air",):
            assert one.verdict != "fail"


RED_LINE = Rubric.model_validate(
    tomllib.loads("""
id = "mine"
version = "1.0.0"
name_zh = "我的"
name_en = "mine"
[[items]]
id = "leak"
name_zh = "泄密"
name_en = "leak"
source = "红线"
weight = 0
critical = true
check = { kind = "rule", fail_when = "泄", conditions = [
  { name = "泄", kind = "said", phrases = ["他的密码是"] } ] }
[[items]]
id = "polite"
name_zh = "礼貌"
name_en = "polite"
source = "规范"
weight = 5
check = { kind = "rule", pass_when = "好", conditions = [
  { name = "好", kind = "said", phrases = ["您好"] } ] }
""")
)


def with_a_red_line(*lines):
    found = score_call(example_turns(lines), CallFacts(), RED_LINE)
    return found.score, found.critical, [(one.verdict, one.points, one.max_points) for one in found.items]


def test_an_item_without_points_costs_and_earns_nothing_unless_it_is_broken():
    assert with_a_red_line("A: 您好") == (100.0, (), [("pass", 0, 0), ("pass", 5, 5)])
    assert with_a_red_line("A: 喂，在吗") == (0.0, (), [("pass", 0, 0), ("fail", 0, 5)])


def test_an_item_without_points_zeroes_the_call_when_it_is_broken():
    assert with_a_red_line("A: 您好，他的密码是一二三") == (0.0, ("leak",), [("fail", 0, 0), ("pass", 5, 5)])
