import tomllib

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.messages import speaking
from qa_audit.scoring import hearing, judge, load_rubric, score_call
from qa_audit.scoring.hearing import Reading
from qa_audit.scoring.rubric import Rubric
from qa_audit.scoring.rubric_diff import Change, KnownCall, Turned, diff_rubrics
from qa_audit.scoring.rubric_file import built_in_rubric_text
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.transcribe.turns import Transcript
from tests.scoring.short_calls import answer


def changed(*replacements, drop=None):
    text = built_in_rubric_text()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    table = tomllib.loads(text)
    if drop:
        table["items"] = [item for item in table["items"] if item["id"] != drop]
    return Rubric.model_validate(table)


def call(*lines):
    turns = example_turns(lines)
    return Transcript("0" * 64, turns[-1].end_s, 2, "e", "m", "p", turns)


def test_the_same_rubric_does_not_differ():
    told = diff_rubrics(load_rubric(), load_rubric())
    assert told.changes == ()
    assert str(told) == "两份标准没有差别。"


def test_weights_wordings_items_and_settings():
    new = changed(
        ('version = "1.0.0"', 'version = "1.1.0"'),
        ("weight = 8", "weight = 9"),
        ('phrases = ["您好"]', 'phrases = ["您好", "早安"]'),
        drop="speech_rate",
    )
    told = diff_rubrics(load_rubric(), new)
    assert told.changes == (
        Change("", "version", "1.0.0", "1.1.0"),
        Change("greeting", "weight", "8", "9"),
        Change("greeting", "check.parts.您好.said.phrases", "", "早安"),
        Change("speech_rate", "", "语速适当", ""),
    )
    with speaking("en"):
        assert "greeting check.parts.您好.said.phrases: added 早安" in str(told)


def test_which_calls_change_verdict_and_score():
    calls = [
        KnownCall("c1", call("A: 早安，这里是长风物业，很高兴为您服务", "C: 报修"), CallFacts()),
        KnownCall("c2", call("A: 您好，这里是长风物业，很高兴为您服务", "C: 报修"), CallFacts()),
    ]
    told = diff_rubrics(load_rubric(), changed(('phrases = ["您好"]', 'phrases = ["您好", "早安"]')), calls)
    assert told.turned == (Turned("c1", "greeting", "fail", "pass"),)
    assert (told.calls, told.rescored) == (2, 1)
    assert "c1　greeting 开头语：不合格 → 合格" in str(told)
    assert told.as_json()["verdicts_changed"] == [
        {"call_id": "c1", "item": "greeting", "old": "fail", "new": "pass", "aside": False}
    ]


def test_items_that_people_judge_alone_change_no_score():
    transcript = call("A: 早安，这里是长风物业，很高兴为您服务", "C: 报修")
    calls = [KnownCall("c1", transcript, CallFacts(), None, {"greeting"})]
    told = diff_rubrics(load_rubric(), changed(('phrases = ["您好"]', 'phrases = ["您好", "早安"]')), calls)
    assert told.turned == (Turned("c1", "greeting", "fail", "pass", True),)
    assert (told.calls, told.rescored) == (1, 0)
    assert "c1　greeting 开头语：不合格 → 合格（该项目为“人工”，不计入得分）" in str(told)


@pytest.mark.parametrize(("heard", "turned"), [(False, 1), (True, 0)])
def test_calls_are_judged_with_what_their_audio_has_answered(monkeypatch, heard, turned):
    reading = Reading("m", 0.0, 1.0, 0.0, 0.0, yes=1.0, doubt=0.0, no=-1.0)
    for module in (judge, hearing):
        monkeypatch.setattr(module, "readings", lambda: {"m": reading})
    transcript = call("A: 您好。", "C: 没有了。", "A: 好的，祝您愉快，再见。", "C: 再见。")
    asked = score_call(transcript, CallFacts(), load_rubric()).questions
    answers = {one.id: answer(one, 3.0) for one in asked}
    wider = changed(('phrases = ["感谢您的来电", ', 'phrases = ["祝您愉快", "感谢您的来电", '))
    known = KnownCall("c1", transcript, CallFacts(), answers if heard else {})
    found = [one for one in diff_rubrics(load_rubric(), wider, [known]).turned if one.item == "closing"]
    assert len(found) == turned


def test_an_item_that_only_one_of_the_rubrics_has():
    calls = [KnownCall("c1", call("A: 早安，这里是长风物业，很高兴为您服务", "C: 报修"), CallFacts())]
    without = changed(drop="greeting")
    told = diff_rubrics(without, load_rubric(), calls)
    assert told.turned == (Turned("c1", "greeting", None, "fail"),)
    assert "c1　greeting 开头语：（原来没有此项） → 不合格" in str(told)
    told = diff_rubrics(load_rubric(), without, calls)
    with speaking("en"):
        assert str(told).splitlines()[-1] == "  greeting Opening: fail → (no longer there) 1"


def test_what_turns_is_summed_up_by_item_and_of_a_new_item_only_what_needs_a_look_is_listed():
    talks = ["A: 早安，这里是长风物业，很高兴为您服务", "A: 您好，这里是长风物业，很高兴为您服务"]
    calls = [KnownCall(f"c{place}", call(talk, "C: 报修"), CallFacts()) for place, talk in enumerate(talks)]
    told = diff_rubrics(changed(drop="greeting"), load_rubric(), calls)
    assert str(told).splitlines()[-2:] == [
        "  greeting 开头语：（原来没有此项） → 不合格 1 通、（原来没有此项） → 合格 1 通",
        "  c0　greeting 开头语：（原来没有此项） → 不合格",
    ]


def test_all_verdicts_by_both_are_kept_of_the_calls_that_are_wanted():
    calls = [KnownCall(one, call("A: 早安，很高兴为您服务", "C: 报修"), CallFacts()) for one in ("c1", "c2")]
    new = changed(('phrases = ["您好"]', 'phrases = ["您好", "早安"]'))
    told = diff_rubrics(load_rubric(), new, calls, {"c2"})
    assert {one for one, _ in told.pairs} == {"c2"}
    assert {item for _, item in told.pairs} >= {one.id for one in new.items}
    assert diff_rubrics(load_rubric(), new, calls).pairs == {}
