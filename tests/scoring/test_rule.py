"""Rules written in the rule language, each judged on short calls."""

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import score_call
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_explain import explain
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.scoring.verdicts import VERDICTS
from qa_audit.transcribe.turns import ROLES, Transcript, Turn

HEAD = 'id = "mine"\nversion = "1.0.0"\nname_zh = "我的"\nname_en = "mine"\n'
ITEM = '[[items]]\nid = "one"\nname_zh = "一"\nname_en = "one"\nsource = "s"\nweight = 10\n'


def rubric(check, item="", head=""):
    return Rubric.model_validate(tomllib.loads(HEAD + head + ITEM + item + check))


def judged(rules, *lines, facts=None, confidence=1.0, role=None, role_confidence=1.0, duration_s=None):
    turns = tuple(
        Turn(role or t.role, t.start_s, t.end_s, t.text, confidence, t.channel) for t in example_turns(lines)
    )
    end_s = duration_s or max(turn.end_s for turn in turns)
    call = Transcript("0" * 64, end_s, 2, "e", "m", "p", turns, role_confidence)
    return score_call(call, facts or CallFacts(), rules)


def verdict(rules, *lines, **known):
    return judged(rules, *lines, **known).items[0].verdict


def said(name="甲", **given):
    listed = "".join(f"{key} = {value}\n" for key, value in given.items())
    return f'[[items.check.conditions]]\nname = "{name}"\nkind = "said"\n{listed}'


BANNED = rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["不归我们管"]'))
ASKED = rubric('[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["感谢您的来电"]'))


def test_a_forbidden_phrase_is_a_fault_only_when_it_is_sure():
    assert verdict(BANNED, "A: 这个不归我们管。") == "fail"
    assert verdict(BANNED, "A: 好的，我来处理。") == "pass"
    assert verdict(BANNED, "A: 这个不规我们管。") == "uncertain"  # by sound
    assert verdict(BANNED, "A: 这个不归我们管。", confidence=0.3) == "uncertain"
    assert verdict(BANNED, "A: 这个不归我们管。", role="unknown", role_confidence=0.0) == "uncertain"
    assert verdict(BANNED, "A: 您好。", "C: 他们说不归我们管。") == "pass"


def test_a_phrase_that_is_asked_for_passes_by_tolerance_and_fails_when_it_is_surely_missing():
    assert verdict(ASKED, "A: 感谢您的来电。") == "pass"
    assert verdict(ASKED, "A: 感谢您的来店。") == "pass"
    assert verdict(ASKED, "A: 就这样。") == "fail"
    assert verdict(ASKED, "A: 就这样。", confidence=0.3) == "uncertain"


def test_a_fault_carries_the_words_and_what_is_missing():
    fault = judged(BANNED, "A: 您好。", "A: 这个不归我们管。").items[0]
    assert [(piece.turn, piece.quote, piece.tier) for piece in fault.evidence] == [(1, "不归我们管", "exact")]
    missing = judged(ASKED, "A: 就这样。").items[0]
    assert [(piece.turn, piece.quote, piece.tier) for piece in missing.evidence] == [
        (0, "感谢您的来电", "absence")
    ]


def test_negation_keeps_what_is_not_sure_unsure():
    rules = rubric('[items.check]\nkind = "rule"\npass_when = "not 甲"\n' + said(phrases='["不归我们管"]'))
    assert verdict(rules, "A: 不归我们管。") == "fail"
    assert verdict(rules, "A: 不规我们管。") == "uncertain"
    assert verdict(rules, "A: 好的。") == "pass"


def test_tolerance_is_set_phrase_by_phrase():
    phrases = '[{ text = "不归我们管", tolerance = "exact" }, "跟我们没关系"]'
    rules = rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases=phrases))
    assert verdict(rules, "A: 不规我们管。") == "pass"
    assert verdict(rules, "A: 跟我们没关喜。") == "uncertain"


@pytest.mark.parametrize(
    ("need", "text", "expected"),
    [
        ('"any"', "身份证", "pass"),
        ('"all"', "身份证和合同", "fail"),
        ('"all"', "身份证、合同、发票", "pass"),
        ("2", "合同发票", "pass"),
        ("2", "发票，发票", "fail"),
        ('"none"', "发票", "fail"),
        ('"none"', "好的", "pass"),
    ],
)
def test_any_all_none_or_so_many_of_a_list(need, text, expected):
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(phrases='["身份证", "合同", "发票"]', need=need)
    )
    assert verdict(rules, f"A: {text}") == expected


def test_all_in_one_turn():
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(phrases='["身份证", "合同"]', need='"all"', same_turn="true")
    )
    assert verdict(rules, "A: 身份证和合同") == "pass"
    assert verdict(rules, "A: 身份证", "C: 好的", "A: 合同") == "fail"


def test_every_turn():
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["您"]', every_turn="true")
    )
    assert verdict(rules, "A: 您好", "C: 好的", "A: 您请讲") == "pass"
    assert verdict(rules, "A: 您好", "C: 好的", "A: 请讲") == "fail"


def placed(where, who='"agent"'):
    return rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(phrases='["不客气"]', who=who, where=where)
        + said("谢", phrases='["谢谢"]', who='"customer"')
    )


@pytest.mark.parametrize(
    ("where", "lines", "expected"),
    [
        ("{ first_turns = 1 }", ["A: 不客气"], "pass"),
        ("{ first_turns = 1 }", ["A: 您好", "A: 不客气"], "fail"),
        ("{ last_turns = 1 }", ["A: 不客气", "A: 这边给您办好了"], "fail"),
        ("{ last_turns = 2 }", ["A: 不客气", "A: 这边给您办好了"], "pass"),
        ("{ first_s = 10 }", ["A: 您好", "... 20", "A: 不客气"], "fail"),
        ("{ first_s = 10 }", ["A: 您好", "... 5", "A: 不客气"], "pass"),
        ("{ first_s = 10 }", ["A: 您好", "... 9.5", "A: 不客气"], "uncertain"),
        ("{ last_s = 10 }", ["A: 不客气", "... 20", "A: 好的"], "fail"),
        ('{ after = "谢" }', ["C: 谢谢", "A: 不客气"], "pass"),
        ('{ after = "谢" }', ["A: 不客气", "C: 谢谢", "A: 好的"], "fail"),
        ('{ after = "谢" }', ["A: 不客气"], "fail"),
        ('{ after = "谢", within_turns = 1 }', ["C: 谢谢", "A: 好的", "A: 不客气"], "fail"),
        ('{ after = "谢", within_s = 5 }', ["C: 谢谢", "... 3", "A: 不客气"], "pass"),
        ('{ after = "谢", within_s = 5 }', ["C: 谢谢", "... 9", "A: 不客气"], "fail"),
        ('{ before = "谢" }', ["A: 不客气", "C: 谢谢"], "pass"),
        ('{ before = "谢" }', ["C: 谢谢", "A: 不客气"], "fail"),
        ('{ around = "谢", within_turns = 1 }', ["A: 不客气", "C: 谢谢"], "pass"),
        ('{ around = "谢", within_turns = 1 }', ["A: 不客气", "A: 好的", "C: 谢谢"], "fail"),
        ('{ after = "谢", within_turns = 1, hit = 2 }', ["C: 谢谢", "A: 好的", "C: 谢谢", "A: 不客气"], "pass"),  # noqa: E501
        ('{ after = "谢", within_turns = 1, hit = 1 }', ["C: 谢谢", "A: 好的", "C: 谢谢", "A: 不客气"], "fail"),  # noqa: E501
        ('{ after = "谢", within_turns = 1, hit = 2 }', ["C: 谢谢", "A: 不客气"], "fail"),
        ('{ after = "谢", within_turns = 1, hit = "last" }', ["C: 谢谢", "A: 不客气", "C: 谢谢", "A: 好的"], "fail"),  # noqa: E501
        ('{ after = "谢", within_turns = 1, hit = "each" }', ["C: 谢谢", "A: 不客气", "C: 谢谢", "A: 好的"], "fail"),  # noqa: E501
        ('{ after = "谢", within_turns = 1, hit = "each" }', ["C: 谢谢", "A: 不客气", "C: 谢谢", "A: 不客气"], "pass"),  # noqa: E501
        ('{ after = "谢", within_turns = 1 }', ["C: 谢谢"], "not_applicable"),
        ('{ after = "谢", within_turns = 1 }', ["A: 您好", "C: 谢谢"], "uncertain"),
    ],
)  # fmt: skip
def test_where(where, lines, expected):
    assert verdict(placed(where), *lines) == expected


def test_the_first_or_last_turn_of_anybody_is_the_same_whoever_speaks():
    def rules(where):
        listed = said(phrases='["不行"]', who='"either"', where=where)
        return rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + listed)

    lines = ["A: 您好", "C: 喂", "A: 不行", "C: 我要报修"]
    for known in ({}, {"role": "unknown", "role_confidence": 0.0}):
        verdicts = [
            verdict(rules(where), *spoken, **known)
            for where in ("{ first_turns = 1 }", "{ last_turns = 1 }")
            for spoken in (lines, lines[2:3])
        ]
        assert verdicts == ["pass", "fail", "pass", "fail"]


def test_a_pause_before_or_after_words():
    def rules(side):
        pause = 'longer_than_s = 5\nwhere = { SIDE = "请" }'.replace("SIDE", side)
        return rubric(
            '[items.check]\nkind = "rule"\npass_when = "甲"\n'
            f'[[items.check.conditions]]\nname = "甲"\nkind = "pause"\n{pause}\n'
            + said("请", phrases='["请稍等"]')
        )

    first, then = ["A: 好的", "... 12", "A: 请稍等", "C: 好"], ["A: 请稍等", "... 12", "A: 好的"]
    assert (verdict(rules("after"), *first), verdict(rules("after"), *then)) == ("fail", "pass")
    assert (verdict(rules("before"), *first), verdict(rules("before"), *then)) == ("pass", "fail")


def test_words_after_a_pause():
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(phrases='["让您久等了"]', where='{ after = "静", hit = "each", within_turns = 1 }')
        + '[[items.check.conditions]]\nname = "静"\nkind = "pause"\nlonger_than_s = 10\n'
    )
    assert verdict(rules, "A: 请稍等", "... 14", "A: 让您久等了") == "pass"
    assert verdict(rules, "A: 让您久等了，请稍等", "... 14", "A: 查到了") == "fail"
    assert verdict(rules, "A: 让您久等了", "C: 好") == "fail"


def test_in_the_same_turn_as_another():
    rules = placed('{ same_turn_as = "谢" }', '"either"')
    assert verdict(rules, "A: 好的", "C: 谢谢，不客气") == "pass"
    assert verdict(rules, "A: 不客气", "C: 谢谢") == "fail"


def test_similar_sentences_are_no_sure_fault_and_no_sure_absence_near_the_limit():
    similar = '{ to = ["这个问题不是我们能解决的"], at_least = 0.6 }'
    rules = rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(similar=similar))
    assert verdict(rules, "A: 这个问题不是我们能解决的") == "fail"
    assert verdict(rules, "A: 这问题真的不是我们能解决") == "uncertain"
    assert verdict(rules, "A: 我马上帮您登记维修") == "pass"
    asked = rubric('[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(similar=similar))
    assert verdict(asked, "A: 这问题真的不是我们能解决") == "pass"
    assert verdict(asked, "A: 您好") == "fail"


def condition(kind, rest, when="fail_when"):
    return rubric(
        f'[items.check]\nkind = "rule"\n{when} = "甲"\n'
        f'[[items.check.conditions]]\nname = "甲"\nkind = "{kind}"\n{rest}\n'
    )


def test_counts_and_rates():
    rules = rubric(
        '[items.check]\nkind = "rule"\nfail_when = "甲"\n'
        + said(phrases='["这个"]', times="{ at_least = 3 }")
    )
    assert verdict(rules, "A: 这个这个", "A: 这个") == "fail"
    assert verdict(rules, "A: 这个这个") == "pass"
    rate = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(phrases='["这个"]', times="{ at_most = 2, per_minute = true }")
    )
    assert verdict(rate, "A: 这个这个这个", "... 55", "C: 好的") == "fail"
    assert verdict(rate, "A: 这个这个这个", "... 115", "C: 好的") == "pass"


def test_pauses_by_who_ends_them():
    rules = condition("pause", 'who = "agent"\nafter_who = "customer"\nlonger_than_s = 10')
    assert verdict(rules, "C: 能查吗？", "... 14", "A: 查到了") == "fail"
    assert verdict(rules, "A: 请您想一下", "... 14", "C: 好") == "pass"
    assert verdict(rules, "C: 能查吗？", "... 9.4", "A: 查到了") == "uncertain"
    quick = condition(
        "pause", 'who = "agent"\nafter_who = "customer"\nshorter_than_s = 0.2\nmargin_s = 0', "pass_when"
    )
    assert verdict(quick, "C: 能查吗？", "... 14", "A: 查到了") == "fail"


def test_overlaps_need_two_channels():
    turns = [
        Turn("customer", 0, 10, "我想说的是这个事情已经很久了", 1.0, 1),
        Turn("agent", 5, 8, "我知道了您先听我说", 1.0, 0),
    ]
    rules = condition("overlap", "longer_than_s = 1")
    assert score_call(turns, CallFacts(), rules).items[0].verdict == "fail"
    mono = [Turn(t.role, t.start_s, t.end_s, t.text, 1.0, 0) for t in turns]
    assert score_call(mono, CallFacts(), rules).items[0].verdict == "uncertain"
    brief = [turns[0], Turn("agent", 5, 8, "好的", 1.0, 0)]
    assert score_call(brief, CallFacts(), rules).items[0].verdict == "pass"


@pytest.mark.parametrize(("end_s", "expected"), [(2, "fail"), (3.4, "uncertain"), (6, "pass")])
def test_speech_rate(end_s, expected):
    rules = condition("speech_rate", "faster_than = 6")
    turns = [Turn("agent", 0, end_s, "我马上帮您把这个业务办理好请您放心不用着急", 1.0)]
    assert score_call(turns, CallFacts(), rules).items[0].verdict == expected


def test_a_rate_of_speech_is_told_with_its_unit():
    rules = condition("speech_rate", "faster_than = 6")
    turns = [Turn("agent", 0, 2, "我马上帮您把这个业务办理好请您放心不用着急", 1.0)]
    assert [one.quote for one in score_call(turns, CallFacts(), rules).items[0].evidence] == ["10.5 字/秒"]


def test_facts_that_are_not_known_are_not_judged():
    rules = condition("measure", 'of = "ring_s"\nat_least = 15.1')
    assert verdict(rules, "A: 您好", facts=CallFacts(ring_s=21)) == "fail"
    assert verdict(rules, "A: 您好", facts=CallFacts(ring_s=15)) == "pass"
    assert verdict(rules, "A: 您好") == "not_applicable"
    rings = condition("measure", 'of = "rings"\nat_most = 3', "pass_when")
    assert verdict(rings, "A: 您好", facts=CallFacts(ring_s=16)) == "fail"
    hung = condition("fact", 'fact = "hangup_by"\nis = "agent"')
    assert verdict(hung, "A: 您好", facts=CallFacts(hangup_by="agent")) == "fail"
    assert verdict(hung, "A: 您好") == "not_applicable"


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ('of = "duration_s"\nat_least = 100', "fail"),
        ('of = "duration_s"\nat_most = 100', "pass"),
        ('of = "turns"\nwho = "agent"\nat_least = 2', "fail"),
        ('of = "turns"\nat_least = 4', "pass"),
        ('of = "talk_share"\nwho = "customer"\nat_least = 0.9', "pass"),
        ('of = "silence_share"\nat_least = 0.9', "fail"),
        ('of = "longest_pause_s"\nat_least = 90', "pass"),
        ('of = "first_word_s"\nwho = "agent"\nat_most = 3', "fail"),
        ('of = "last_silence_s"\nat_least = 80', "fail"),
        ('of = "syllables"\nat_least = 100', "pass"),
        ('of = "talk_s"\nat_least = 30', "pass"),
    ],
)
def test_measures_of_the_call(rest, expected):
    lines = ["A: 您好请讲", "C: 我要报修", "A: 好的"]
    assert verdict(condition("measure", rest), *lines, duration_s=120) == expected


def test_who_speaks_first():
    rules = condition("fact", 'fact = "first_speaker"\nis = "agent"', "pass_when")
    assert verdict(rules, "A: 您好", "C: 你好") == "pass"
    assert verdict(rules, "C: 你好", "A: 您好") == "fail"
    assert verdict(rules, "?: 你好", role="unknown", role_confidence=0.0) == "uncertain"


def test_repetition_and_reading_back():
    rules = condition("repeated", 'who = "agent"')
    assert verdict(rules, "A: 请您稍等我看一下", "C: 好的", "A: 请您稍等我看一下") == "fail"
    assert verdict(rules, "A: 请您稍等我看一下", "C: 好的", "A: 已经帮您查到了") == "pass"
    echo = rubric(
        '[items.check]\nkind = "rule"\npass_when = "复述"\n'
        '[[items.check.conditions]]\nname = "复述"\nkind = "echo"\nof = "甲"\n'
        + said(entities='["mobile_number"]', who='"customer"')
    )
    assert verdict(echo, "C: 13812345678", "A: 您的号码是13812345678对吗") == "pass"
    assert verdict(echo, "C: 13812345678", "A: 好的") == "fail"


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("number", "工号10086"), ("mobile_number", "电话13812345678"), ("id_card", "11010119900101123X"),
        ("money", "一共35元"), ("percent", "优惠20%"), ("date", "3月5号"), ("time", "下午3点半"),
        ("duration", "24小时"),
        ("title", "王先生"),
    ],
)  # fmt: skip
def test_kinds_of_detail(entity, text):
    rules = rubric('[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(entities=f'["{entity}"]'))
    assert verdict(rules, f"A: 好的{text}") == "pass"
    assert verdict(rules, "A: 好的没有问题") == "fail"


def test_patterns_fit_the_normalised_text():
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(patterns="['（請|麻烦）.{0,4}\\d{3}']")
    )
    assert verdict(rules, "A: 麻烦您拨打400。") == "pass"
    assert verdict(rules, "A: 您拨打400。") == "fail"


def test_exceptions_take_back():
    rules = rubric(
        '[items.check]\nkind = "rule"\nfail_when = "甲"\n'
        + said(phrases='["不行"]', unless='["行不行", "不行的话"]')
    )
    assert verdict(rules, "A: 不行") == "fail"
    assert verdict(rules, "A: 您看不行的话再打来") == "pass"


COMBINED = rubric(
    '[items.check]\nkind = "rule"\nfail_when = "先办 and not 报价"\n'
    + said("报价", patterns='["每月.{1,4}元"]', where='{ before = "办理" }')
    + said("办理", phrases='["帮您办理了"]')
    + '[[items.check.conditions]]\nname = "先办"\nkind = "combined"\nis = "办理 or 开通"\n'
    + said("开通", phrases='["帮您开通了"]')
)


def test_named_conditions_compose():
    assert verdict(COMBINED, "A: 每月三十元", "C: 好", "A: 帮您办理了") == "pass"
    assert verdict(COMBINED, "A: 帮您办理了", "C: 多少钱", "A: 每月三十元") == "fail"
    assert verdict(COMBINED, "A: 好的") == "pass"


SHARED = (
    '[[conditions]]\nname = "要投诉"\nkind = "said"\nwho = "customer"\nphrases = ["投诉"]\n'
    '[[conditions]]\nname = "内部"\nkind = "fact"\nfact = "internal"\nis = true\n'
)


def test_an_item_that_applies_only_sometimes():
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["抱歉"]'),
        item='applies_when = "要投诉"\nnot_applicable_when = "内部"\n',
        head=SHARED,
    )
    assert verdict(rules, "C: 我要投诉", "A: 非常抱歉") == "pass"
    assert verdict(rules, "C: 我要投诉", "A: 好的") == "fail"
    assert verdict(rules, "C: 查话费", "A: 好的") == "not_applicable"
    assert verdict(rules, "C: 我要投诉", "A: 好的", facts=CallFacts(internal=True)) == "not_applicable"
    assert verdict(rules, "C: 我要头诉", "A: 好的") == "uncertain"
    assert verdict(rules, "C: 我要头诉", "A: 非常抱歉") == "pass"


def test_ordinary_checks_can_be_switched_too():
    rules = rubric('[items.check]\nkind = "ring_time"\n', item='not_applicable_when = "内部"\n', head=SHARED)
    assert verdict(rules, "A: 您好", facts=CallFacts(ring_s=20)) == "fail"
    assert verdict(rules, "A: 您好", facts=CallFacts(ring_s=20, internal=True)) == "not_applicable"


def as_name(text, name="合"):
    return f'[[items.check.conditions]]\nname = "{name}"\nkind = "combined"\nis = "{text}"\n'


RINGS = '[[items.check.conditions]]\nname = "铃"\nkind = "measure"\nof = "ring_s"\nat_least = 15\n'


@pytest.mark.parametrize("text", ["铃 or 甲", "甲 and not 铃"])
def test_a_name_for_an_expression_leaves_the_verdict_as_it_is(text):
    def rules(when, condition):
        return rubric(f'[items.check]\nkind = "rule"\n{when} = "{condition}"\n' + listed + as_name(text))

    listed = RINGS + said(similar='{ to = ["这个问题不是我们能解决的"], at_least = 0.6 }')
    for when in ("pass_when", "fail_when"):
        for lines in (["A: 这问题真的不是我们能解决"], ["A: 我马上登记"]):
            for facts in (CallFacts(), CallFacts(ring_s=20), CallFacts(ring_s=5)):
                written, named = (verdict(rules(when, one), *lines, facts=facts) for one in (text, "合"))
                assert written == named, (when, lines, facts)


def test_a_name_for_what_the_call_list_does_not_say_switches_no_item_off():
    head = SHARED + '[[conditions]]\nname = "外部"\nkind = "combined"\nis = "not 内部"\n'
    check = '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["您好"]')
    for name in ("not 内部", "外部"):
        rules = rubric(check, item=f'applies_when = "{name}"\n', head=head)
        assert verdict(rules, "A: 请讲") == "fail"
        assert verdict(rules, "A: 请讲", facts=CallFacts(internal=True)) == "not_applicable"


@pytest.mark.parametrize("when", ["pass_when", "fail_when"])
@pytest.mark.parametrize("lines", [("C: 喂，有人吗",), ("S: 您的通话将被录音",)])
def test_a_call_without_the_speech_a_name_hangs_on_is_not_judged_either(when, lines):
    hello = said(phrases='["您好"]')
    own = rubric(f'[items.check]\nkind = "rule"\n{when} = "合"\n' + hello + as_name("甲"))
    deeper = rubric(
        f'[items.check]\nkind = "rule"\n{when} = "外"\n' + (hello + as_name("甲") + as_name("not 合", "外"))
    )
    shared = rubric(
        f'[items.check]\nkind = "rule"\n{when} = "合"\n',
        head=(hello + as_name("甲")).replace("items.check.conditions", "conditions"),
    )
    for rules in (own, deeper, shared):
        assert verdict(rules, *lines) == "not_applicable"
        assert verdict(rules, *lines, "A: 请讲") in ("fail", "pass")


def test_what_surely_does_not_hold_is_no_place_to_look_beside():
    asked = said(phrases='["不客气"]', where='{ after = "丙" }')
    for wanted in ({"times": "{ at_least = 3 }"}, {"need": '"all"'}, {"need": '"none"'}):
        other = said("丙", who='"customer"', phrases='["谢谢", "合同"]', **wanted)
        rules = rubric('[items.check]\nkind = "rule"\npass_when = "甲"\n' + asked + other)
        assert verdict(rules, "C: 谢谢", "A: 不客气") == "fail", wanted
    other = said("谢", who='"customer"', phrases='["谢谢"]') + said("歉", phrases='["抱歉"]')
    joined = as_name("谢 and not 歉", "丙")
    rules = rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + asked + other + joined)
    assert verdict(rules, "A: 很抱歉", "C: 谢谢", "A: 不客气") == "pass"
    assert verdict(rules, "C: 谢谢", "A: 不客气") == "fail"


def test_of_alternatives_under_a_name_every_place_counts_that_may_be_one():
    asked = said(phrases='["不客气"]', where='{ after = "合", within_turns = 1 }')
    other = said("谢", who='"customer"', phrases='["谢谢"]')
    other += said("激", who='"customer"', phrases='["真是感激你"]') + as_name("谢 or 激")
    rules = rubric('[items.check]\nkind = "rule"\npass_when = "甲"\n' + asked + other)
    assert verdict(rules, "C: 谢谢", "A: 好的", "C: 真是赶鸡你", "A: 不客气") == "pass"
    assert verdict(rules, "C: 谢谢", "A: 好的", "C: 真是赶鸡你", "A: 再见") == "fail"


SURE, BY_SOUND, SAID, NOT_SAID = "C: 真是感激你", "C: 真是赶鸡你", "A: 不客气", "A: 好的"


@pytest.mark.parametrize(
    ("hit", "lines", "asked", "forbidden"),
    [
        ('"last"', [SURE, SAID, BY_SOUND, NOT_SAID], "uncertain", "pass"),
        ('"last"', [BY_SOUND, SAID, SURE, NOT_SAID], "fail", "pass"),
        ('"last"', ["A: 您好", BY_SOUND, NOT_SAID], "fail", "pass"),
        ("2", [BY_SOUND, NOT_SAID, SURE, SAID, SURE, NOT_SAID], "pass", "uncertain"),
        ("2", [BY_SOUND, NOT_SAID, SURE, NOT_SAID, SURE, SAID], "uncertain", "pass"),
        ("2", [SURE, NOT_SAID, SURE, SAID, BY_SOUND, NOT_SAID], "pass", "fail"),
    ],
)
def test_the_last_or_nth_place_is_no_surer_than_what_it_is_counted_from(hit, lines, asked, forbidden):
    where = f'{{ after = "谢", hit = {hit}, within_turns = 1 }}'
    listed = said(phrases='["不客气"]', where=where) + said("谢", phrases='["真是感激你"]', who='"customer"')
    for when, expected in (("pass_when", asked), ("fail_when", forbidden)):
        assert verdict(rubric(f'[items.check]\nkind = "rule"\n{when} = "甲"\n' + listed), *lines) == expected


@pytest.mark.parametrize("side", ["after", "around"])
@pytest.mark.parametrize("ended_by", [["A: 查到了"], ["C: 喂", "A: 查到了"]])
def test_turns_beside_a_silence_count_from_the_one_that_ends_it(side, ended_by):
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(phrases='["久等了"]', where=f'{{ {side} = "静", within_turns = 1 }}')
        + '[[items.check.conditions]]\nname = "静"\nkind = "pause"\nlonger_than_s = 10\n'
    )
    assert verdict(rules, "A: 请稍候", "... 20", *ended_by, "C: 好", "A: 让您久等了") == "fail"
    assert verdict(rules, "A: 请稍候", "... 20", "A: 让您久等了", "C: 好") == "pass"


def test_turns_within_are_as_many_of_each_where_it_is_not_known_who_speaks():
    rules = placed('{ after = "谢", within_turns = 1 }')
    lines = ["A: 办好了", "C: 谢谢", "C: 我知道了", "A: 不客气"]
    assert verdict(rules, *lines) == "pass"
    assert verdict(rules, *lines, role_confidence=0.1) == "pass"
    assert verdict(rules, *lines[:2], "?: 我知道了", "A: 不客气") == "pass"
    assert verdict(rules, *lines[:2], "?: 我知道了", "A: 再见") == "uncertain"
    assert verdict(rules, *lines[:2], "A: 我知道了", "A: 不客气", "?: 再见") == "fail"


@pytest.mark.parametrize(("hit", "need", "wanted"), [("each", "any", "pass"), ("any", "none", "fail")])
def test_between_two_others_only_places_in_this_order_make_a_pair(hit, need, wanted):
    rules = rubric(
        '[items.check]\nkind = "rule"\npass_when = "甲"\n'
        + said(
            phrases='["正在查询"]',
            need=f'"{need}"',
            where=f'{{ after = "等", before = "回", hit = "{hit}" }}',
        )
        + said("等", phrases='["请您稍候"]')
        + said("回", phrases='["让您久等"]')
    )
    once = ["A: 请您稍候", "A: 正在查询", "A: 让您久等", "C: 好"]
    for times in (1, 2, 3):
        assert verdict(rules, *once * times) == wanted
    assert verdict(rules, *reversed(once)) == "fail"
    assert verdict(rules, *reversed(once), confidence=0.3) == "uncertain"


def test_a_situation_switches_an_item_on():
    rules = Rubric.model_validate(
        tomllib.loads(
            HEAD + ITEM + 'applies_when = "wrong"\n[items.check]\nkind = "rule"\npass_when = "甲"\n'
            + said(phrases='["请查证后再拨"]')
            + '[[situations]]\nid = "wrong"\nname_zh = "错"\nname_en = "w"\nsource = "s"\n'
            'detect = { agent_says = { phrases = ["您打错了"] } }\n'
        )
    )  # fmt: skip
    assert verdict(rules, "A: 您打错了") == "fail"
    assert verdict(rules, "A: 您打错了，请查证后再拨") == "pass"
    assert verdict(rules, "A: 您好") == "not_applicable"


def test_another_items_verdict():
    other = ITEM.replace('"one"', '"two"', 1)
    rules = Rubric.model_validate(
        tomllib.loads(
            HEAD + ITEM + '[items.check]\nkind = "rule"\nfail_when = "乙错"\n[[items.check.conditions]]\n'
            'name = "乙错"\nkind = "item"\nitem = "two"\n' + other
            + '[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["不归我们管"]')
        )
    )  # fmt: skip
    assert verdict(rules, "A: 不归我们管") == "fail"
    assert verdict(rules, "A: 不规我们管") == "uncertain"
    assert verdict(rules, "A: 好") == "pass"


def test_points_off_for_each_hit_down_to_none():
    rules = rubric(
        '[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["不行"]'),
        item="off_per_hit = 4\n",
    )
    assert [judged(rules, *["A: 不行"] * count).items[0].points for count in (1, 2, 3)] == [6, 2, 0]


def test_points_come_off_for_places_that_are_not_shown_too():
    rules = rubric(
        '[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["不行"]'),
        item="off_per_hit = 1\n",
    )
    seven = judged(rules, *["A: 不行"] * 7).items[0]
    assert (seven.points, len(seven.evidence)) == (3, 5)


def test_every_turn_must_have_as_many_different_ones_as_are_needed():
    condition = said(phrases='["您好", "请"]', need='"all"', every_turn="true")
    rules = rubric('[items.check]\nkind = "rule"\npass_when = "甲"\n' + condition)
    assert verdict(rules, "A: 您好，请讲", "A: 请稍等，您好") == "pass"
    assert verdict(rules, "A: 您好，请讲", "A: 请稍等") == "fail"


def test_points_gained_never_lead_above_a_hundred():
    plus = ITEM.replace('"one"', '"two"', 1) + "bonus = true\n"
    text = (
        HEAD + ITEM + '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["再见"]') + plus
        + '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["祝您生活愉快"]')
    )  # fmt: skip
    rules = Rubric.model_validate(tomllib.loads(text))
    both = judged(rules, "A: 祝您生活愉快，再见")
    assert [(one.verdict, one.points, one.max_points) for one in both.items] == [
        ("pass", 10, 10),
        ("pass", 10, 0),
    ]
    assert both.score == 100
    plain = judged(rules, "A: 再见")
    assert (plain.items[1].verdict, plain.score) == ("not_applicable", 100)
    assert judged(rules, "A: 祝您生活愉快").score == 100


@pytest.mark.parametrize(
    ("check", "asked", "seen"),
    [
        ('[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["生日快乐"]'), "fail", "pass"),
        (
            '[items.check]\nkind = "rule"\npass_when = "甲"\n' + said(phrases='["生日快乐"]'),
            "not_applicable",
            "fail",
        ),
        ('[items.check]\nkind = "banned"\nsaid = { phrases = ["再见"] }\n', "fail", "pass"),
        ('[items.check]\nkind = "banned"\nsaid = { phrases = ["再见"] }\n', "not_applicable", "fail"),
    ],
)
def test_other_items_see_a_bonus_that_was_not_earned_as_it_is_told(check, asked, seen):
    asking = f'name = "乙"\nkind = "item"\nitem = "two"\nverdict = ["{asked}"]\n'
    text = (
        HEAD + ITEM + 'off_per_hit = 4\n[items.check]\nkind = "rule"\nfail_when = "乙"\n'
        + "[[items.check.conditions]]\n" + asking
        + ITEM.replace('"one"', '"two"', 1) + "bonus = true\n" + check
    )  # fmt: skip
    score = judged(Rubric.model_validate(tomllib.loads(text)), "A: 您好", "A: 再见", "A: 再见")
    assert [one.verdict for one in score.items] == [seen, "not_applicable"]
    assert score.items[0].points == {"pass": 10, "fail": 6}[seen]


def test_a_critical_item_zeroes_the_call():
    rules = rubric(
        '[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["滚"]'), item="critical = true\n"
    )
    score = judged(rules, "A: 滚")
    assert (score.critical, score.score) == (("one",), 0.0)


def test_a_section_costs_no_more_than_its_cap():
    second = ITEM.replace('"one"', '"two"', 1)
    body = '[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["不行"]')
    head = '[[sections]]\nname = "服务"\ntotal = 20\nmax_loss = 5\n'
    rules = Rubric.model_validate(
        tomllib.loads(HEAD + head + ITEM + 'section = "服务"\n' + body + second + 'section = "服务"\n' + body)
    )
    assert [one.points for one in judged(rules, "A: 不行").items] == [7.5, 7.5]


def test_a_manual_item_waits_for_a_person():
    assert verdict(rubric('[items.check]\nkind = "manual"\n'), "A: 您好") == "uncertain"


def test_a_pattern_that_takes_too_long_can_not_be_told():
    slow = said(patterns='["(哈|哈哈)+[完了]"]', tolerance='"exact"')
    rules = rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + slow)
    assert verdict(rules, "A: " + "哈" * 60 + "在，完") == "uncertain"
    assert verdict(rules, "A: 好的") == "pass"
    assert verdict(rules, "A: 哈哈完") == "fail"


EVERYTHING = rubric(
    '[items.check]\nkind = "rule"\npass_when = "甲 or 停 or not (抢 and 快) or 又 or 念 or 长 or 后"\n'
    + said(phrases='["您好", "感谢您的来电"]', times="{ at_most = 2 }", need='"all"')
    + said("号", who='"customer"', entities='["number"]')
    + said("后", phrases='["好的"]', where='{ after = "号", hit = "each", within_s = 4 }')
    + "".join(
        f'[[items.check.conditions]]\nname = "{name}"\nkind = {rest}\n'
        for name, rest in [
            ("停", '"pause"\nlonger_than_s = 2\nwho = "agent"\nwhere = { before = "甲" }'),
            ("抢", '"overlap"\nwhere = { after = "停" }'),
            ("快", '"speech_rate"\nfaster_than = 5\nby = "turn"\nwhere = { last_s = 20 }'),
            ("又", '"repeated"\nwhere = { first_turns = 3 }'),
            ("念", '"echo"\nof = "号"\nwhere = { around = "抢", within_turns = 2 }'),
            ("长", '"measure"\nof = "talk_share"\nwho = "agent"\nat_least = 0.3'),
        ]
    )
)
TURNS = st.lists(
    st.builds(
        lambda role, start_s, length_s, text, confidence, channel: Turn(
            role, start_s, start_s + length_s, text, confidence, channel
        ),
        st.sampled_from(ROLES),
        st.floats(0, 60),
        st.floats(0, 12),
        st.sampled_from(
            [
                "您好",
                "好的好的",
                "嗯",
                "",
                "感谢您的来电。",
                "一三八零零一",
                "号码是13800138000",
                "您好，您好",
            ]
        ),
        st.sampled_from([0.1, 0.9, 1.0]),
        st.sampled_from([0, 1]),
    ),
    max_size=8,
).map(lambda turns: sorted(turns, key=lambda turn: turn.start_s))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TURNS, st.sampled_from([0.0, 1.0]))
def test_any_call_is_judged_with_evidence_inside_it(turns, role_confidence):
    call = Transcript("0" * 64, 80.0, 2, "e", "m", "p", tuple(turns), role_confidence)
    finding = score_call(call, CallFacts(), EVERYTHING).items[0]
    assert finding.verdict in VERDICTS
    assert 0 <= finding.points <= finding.max_points == 10
    assert all(0 <= piece.start_s <= piece.end_s <= 80 for piece in finding.evidence)
    again = explain("one", call, CallFacts(), EVERYTHING)
    assert again.finding == finding


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(TURNS)
def test_who_speaks_unknown_makes_no_fault_of_what_is_forbidden(turns):
    unknown = tuple(
        Turn("unknown", one.start_s, one.end_s, one.text, one.confidence, one.channel) for one in turns
    )
    call = Transcript("0" * 64, 80.0, 1, "e", "m", "p", unknown, 0.0)
    rules = rubric('[items.check]\nkind = "rule"\nfail_when = "甲"\n' + said(phrases='["您好"]'))
    assert score_call(call, CallFacts(), rules).items[0].verdict != "fail"
