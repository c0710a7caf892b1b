"""Clauses that are nothing but a request: `clauses` of the check `request`."""

from dataclasses import replace

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import load_rubric, score_call
from qa_audit.scoring.conditions import request
from qa_audit.scoring.conditions.request import ASKS_FROM, HARDLY_ASKS
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.transcribe.turns import Transcript

CLAUSES = {"lead": "(?:那|先)*", "patterns": ["打开.{1,4}", "报一下.{1,6}"], "unless": ["我帮", "时候"]}


def verdict(said, **changes):
    check = {
        "kind": "request",
        "requests": {"phrases": ["稍等"]},
        "clauses": CLAUSES,
        "polite_before": {"phrases": ["请", "麻烦"]},
        "polite_after": {"phrases": ["好吗"]},
        **changes,
    }
    item = {"id": "one", "name_zh": "一", "name_en": "one", "source": "s", "weight": 1, "check": check}
    rules = Rubric.model_validate(
        {"id": "r", "version": "1.0.0", "name_zh": "文", "name_en": "r", "items": [item]}
    )
    turns = example_turns([f"A: {said}", "C: 好的"])
    call = Transcript("0" * 64, turns[-1].end_s, 2, "e", "m", "p", turns)
    return score_call(call, CallFacts(), rules).items[0].verdict


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("把单子念一遍，念清楚。", "fail"),
        ("把单子念一遍好吗，念清楚。", "not_applicable"),
        ("麻烦把单子念一遍，念清楚。", "not_applicable"),
        ("您的快递明天送到。", "not_applicable"),
    ],
)
def test_a_sentence_that_the_detector_takes_for_a_bare_request_is_one(said, wanted):
    assert verdict(said, act="bare") == wanted
    assert verdict(said) == "not_applicable"


def test_it_is_none_where_every_clause_is_one_that_asks_for_nothing():
    assert verdict("把单子念一遍。", act="bare") == "fail"
    quiet = CLAUSES | {"unless": ["单子念"]}
    assert verdict("把单子念一遍。", act="bare", clauses=quiet) == "not_applicable"
    assert verdict("把单子念一遍，念清楚。", act="bare", clauses=quiet) == "fail"


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("打开设置。", "fail"),
        ("那先打开设置，好了告诉我。", "fail"),
        ("打开设置好吗。", "pass"),
        ("打开设置，好吗。", "pass"),
        ("麻烦一下，打开设置。", "pass"),
        ("请打开设置。", "not_applicable"),
        ("昨天打开设置的时候。", "not_applicable"),
        ("我帮您看看，报一下我帮您查。", "not_applicable"),
        ("今天天气不错。", "not_applicable"),
    ],
)
def test_a_bare_clause_is_a_request(said, wanted):
    assert verdict(said) == wanted


def test_with_the_polite_you_before_the_verb_it_cannot_be_told():
    assert verdict("您打开设置。", clauses={**CLAUSES, "lead": "你?"}) == "uncertain"


def test_without_patterns_there_are_none():
    assert verdict("打开设置。", clauses={}) == "not_applicable"


def built_in(*lines, confidence=1.0):
    """The verdict of the built-in rubric; below a confidence of 1 a recogniser heard the words."""
    turns = [replace(turn, confidence=confidence) for turn in example_turns(lines)]
    return next(
        one for one in score_call(turns, CallFacts(), load_rubric()).items if one.id == "please"
    ).verdict


def recognised(said):
    """The same of words that were heard well."""
    return built_in(f"A: {said}", "C: 好的", confidence=0.9)


@pytest.mark.parametrize("said", ["您把单号报一下。", "您稍等。", "您打开设置看一下版本。"])
def test_the_polite_you_is_no_fault_where_the_words_were_recognised(said):
    assert recognised(said) != "fail"
    assert recognised(said.replace("您", "你")) == "fail"


def test_a_courtesy_covers_the_steps_of_its_sentence_and_no_more():
    steps = "请您打开设置里面的网络页面，找到连接方式这一项，把旧的密码删掉，再重新登录一次。"
    assert recognised(steps) == "pass"
    assert recognised(steps + "登录以后会有一个提示出现在屏幕的最下面一行。报一下上面的号码。") == "fail"


@pytest.mark.parametrize(
    ("score", "wanted"),
    [
        (ASKS_FROM, "fail"),
        (ASKS_FROM - 0.1, "uncertain"),
        (HARDLY_ASKS, "uncertain"),
        (HARDLY_ASKS - 0.1, "not_applicable"),
    ],
)
def test_a_request_found_by_its_words_is_a_fault_where_the_detector_of_acts_does_not_deny_it(
    monkeypatch, score, wanted
):
    read = []

    def scores_of(act, texts, _detector):
        read.extend((act, text) for text in texts)
        return [score] * len(texts)

    monkeypatch.setattr(request, "scores_of", scores_of)
    monkeypatch.setattr(request, "sentences_doing", lambda _act, _case: [])
    assert recognised("你把单号报一下。") == wanted
    assert read == [("bare", "单号报一下")]


def test_what_recognisers_make_of_other_words_is_no_request_for_certain():
    # 写好了，范先生，别…: the agent has taken it down. 页面刚跳出来
    assert recognised("写好了方谐生别下来我给你处理。") != "fail"
    assert recognised("念念刚跳出来，我看完马上跟你说。") != "fail"
    assert recognised("把地址报一下。") == "fail"


def test_the_detector_is_asked_of_what_a_person_wrote_too(monkeypatch):
    score = HARDLY_ASKS
    monkeypatch.setattr(request, "scores_of", lambda _act, texts, _detector: [score] * len(texts))
    monkeypatch.setattr(request, "sentences_doing", lambda _act, _case: [])
    assert built_in("A: 你把单号报一下。", "C: 好的") == "uncertain"
    score = HARDLY_ASKS - 0.1
    assert built_in("A: 你把单号报一下。", "C: 好的") == "not_applicable"
    assert built_in("A: 您稍等。", "C: 好的") == "uncertain"


def test_of_a_number_the_detector_reads_one_digit(monkeypatch):
    read = []
    monkeypatch.setattr(
        request, "scores_of", lambda _act, texts, _detector: read.extend(texts) or [ASKS_FROM] * len(texts)
    )
    assert recognised("发短信零零零零到一零零八六。") == "fail"
    assert read == ["发短信零到一"]


def test_the_polite_you_of_another_clause_softens_no_request():
    assert recognised("不收您费用，地址报一下。") == "fail"
    assert recognised("您把地址报一下。") != "fail"


@pytest.mark.parametrize("said", ["请您放心", "请放心", "请您谅解"])
def test_a_courtesy_that_asks_for_nothing_covers_no_request(said):
    assert recognised(f"{said}，退出去，重新登录。") == "fail"
    assert recognised(f"{said}，请您退出去，重新登录。") == "pass"
