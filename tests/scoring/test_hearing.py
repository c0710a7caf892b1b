"""What the audio says to a condition's question, and how verdicts follow it."""

import pytest

from qa_audit.calls.facts import CallFacts
from qa_audit.scoring import hearing, judge, load_rubric, score_call
from qa_audit.scoring.hearing import NOT_HEARD, Hearing, Reading, answers_key
from qa_audit.scoring.rubric_test import example_turns
from qa_audit.transcribe.questions import Question
from qa_audit.transcribe.turns import Transcript, Turn
from tests.scoring.short_calls import READING, answer

RUBRIC = load_rubric()


@pytest.fixture(autouse=True)
def _toy(monkeypatch):
    monkeypatch.setattr(judge, "readings", lambda: {"toy": READING})
    monkeypatch.setattr(hearing, "readings", lambda: {"toy": READING})


def transcript(*lines, model="toy"):
    turns = tuple(
        Turn(one.role, one.start_s, one.end_s, one.text, 0.9, one.channel) for one in example_turns(lines)
    )
    return Transcript("ab", 60.0, 2, "said", model, "balanced", turns)


def judged(item, *lines, odds=None):
    """The finding of an item, once every question was answered with these log-odds; and the questions."""
    call = transcript(*lines)
    before = score_call(call, CallFacts(), RUBRIC)
    known = {} if odds is None else {one.id: answer(one, odds) for one in before.questions}
    after = score_call(call, CallFacts(), RUBRIC, known)
    return next(one for one in after.items if one.id == item), before.questions


@pytest.mark.parametrize(("odds", "says"), [(1.0, "yes"), (0.9, "unclear"), (-0.5, "hardly"), (-1.1, "no")])
def test_an_answer_is_read_by_its_log_odds(odds, says):
    question = Question((0,), ("再见",))
    heard = Hearing(READING, {question.id: answer(question, odds)}).ask((0,), ("再见",))
    assert (heard.says, heard.open) == (says, ())
    assert [(one.quote, one.tier) for one in heard.shown] == [(f"再见 ({odds:+.1f})", "acoustic")]


def test_an_answer_of_many_turns_says_less():
    question = Question((0, 1, 2), ("再见",))
    assert READING.says(answer(question, 2.0)) == "yes"
    heard = Hearing(READING, {question.id: answer(question, 2.0)}).ask((0, 1, 2), ("再见",))
    assert (heard.says, heard.shown[0].quote) == ("unclear", "再见 (+0.9)")


def test_that_one_of_many_turns_sounds_a_little_like_it_leaves_nothing_open():
    question = Question(tuple(range(9)), ("先生",))
    says = [READING.says(answer(question, odds), turns=9) for odds in (3.3, 2.3, 2.1, 1.1)]
    assert says == ["yes", "unclear", "hardly", "no"]


def test_what_was_not_answered_is_asked_once():
    question = Question((0,), ("再见",))
    assert Hearing(READING).ask((0,), ("再见",)).open == (question,)
    assert Hearing(READING, {question.id: None}).ask((0,), ("再见",)) == NOT_HEARD
    assert Hearing(None).ask((0,), ("再见",)) == NOT_HEARD
    assert Hearing(READING).ask((), ("再见",)) == Hearing(READING).ask((0,), ()) == NOT_HEARD


def test_findings_depend_on_answers_and_on_how_they_are_read(monkeypatch):
    question = Question((0,), ("再见",))
    known = {question.id: answer(question, 2.0)}
    key = answers_key("toy", known)
    assert answers_key("toy", {}) == answers_key("other", known) == ""
    assert answers_key("toy", {question.id: answer(question, 2.1)}) not in ("", key)
    monkeypatch.setattr(hearing, "readings", lambda: {"toy": Reading("toy", 0, 1, 0, 0, 1.5, 0, -1)})
    assert answers_key("toy", known) not in ("", key)


CLOSING = ("A: 您好。", "C: 没有了。", "A: 好的，祝您愉快，再见。", "C: 再见。")


@pytest.mark.parametrize(
    ("odds", "verdict"), [(None, "fail"), (3.0, "pass"), (0.9, "uncertain"), (-0.5, "fail"), (-3.0, "fail")]
)
def test_a_part_that_the_text_lacks(odds, verdict):
    finding, questions = judged("closing", *CLOSING, odds=odds)
    assert finding.verdict == verdict
    assert any("感谢您的来电" in one.phrases for one in questions)
    heard = [one.quote for one in finding.evidence if one.tier == "acoustic"]
    assert any("感谢您的来电" in one for one in heard) == (odds is not None)


def test_a_part_by_tolerance_that_the_audio_denies_is_missing():
    lines = ("A: 您好。", "C: 完了。", "A: 还有啥可以帮你。", "C: 没。", "A: 律师你说得对。", "C: 再见。")
    assert judged("title", *lines)[0].verdict == "pass"
    assert judged("title", *lines, odds=-0.5)[0].verdict == "pass"
    assert judged("title", *lines, odds=-3.0)[0].verdict == "fail"


def test_a_reply_that_the_text_lacks():
    lines = ("A: 您好。", "C: 谢谢你帮我查。", "A: 好的。", "C: 没了。")
    assert judged("thanks_reply", *lines)[0].verdict == "fail"
    assert judged("thanks_reply", *lines, odds=3.0)[0].verdict == "pass"
    assert judged("thanks_reply", *lines, odds=0.9)[0].verdict == "uncertain"


def test_hold_words_that_the_text_lacks():
    lines = ("A: 请稍等。", "C: 好。", "... 14", "A: 还有货。")
    assert judged("hold_courtesy", *lines)[0].verdict == "fail"
    assert judged("hold_courtesy", *lines, odds=3.0)[0].verdict == "pass"


def test_an_apology_that_the_text_lacks():
    lines = ("A: 您好。", "C: 我要投诉你们，太差了！", "A: 我帮您登记。", "C: 快点。", "A: 好的。")
    assert judged("apology", *lines)[0].verdict == "fail"
    assert judged("apology", *lines, odds=3.0)[0].verdict == "pass"


def test_words_that_only_sound_like_a_banned_phrase_are_never_a_fault_by_the_audio():
    lines = ("C: 装坏了怎么办？", "A: 安装不规我们馆。")
    assert judged("no_blame_shifting", *lines)[0].verdict == "uncertain"
    assert judged("no_blame_shifting", *lines, odds=9.0)[0].verdict == "uncertain"


def test_of_a_text_without_a_model_that_was_measured_nothing_is_asked():
    call = transcript(*CLOSING, model="small")
    assert score_call(call, CallFacts(), RUBRIC).questions == ()
    assert score_call(call.turns, CallFacts(), RUBRIC).questions == ()


def test_the_readings_of_the_package_are_in_order(monkeypatch):
    monkeypatch.undo()
    for reading in hearing.readings().values():
        assert reading.no <= reading.doubt <= reading.yes
        assert reading.gain >= 0


def test_a_title_is_asked_for_where_it_may_stand():
    lines = ("A: 您好。", "C: 我姓陈。", "A: 陈节声，您请讲。", "C: 好。", "A: 已经办好了。", "C: 没了。")
    _, questions = judged("title", *lines)
    assert [(one.turns, one.phrases) for one in questions if "先生" in one.phrases] == [((2,), ("先生",))]
    assert judged("title", *lines, odds=-0.5)[0].verdict == "pass"
    assert judged("title", *lines, odds=-3.0)[0].verdict == "fail"


def test_a_title_is_asked_for_nowhere_else():
    lines = ("A: 您好。", "C: 漏水。", "A: 先派师傅看看。", "C: 行。", "A: 好的，再见。")
    finding, questions = judged("title", *lines, odds=3.0)
    assert finding.verdict == "fail"
    assert not any("女士" in one.phrases for one in questions)


def test_a_title_that_may_stand_in_a_place_by_text_and_by_sound_was_said():
    # 你是泼天 for 女士，后天: what follows does not tell.
    lines = (
        "A: 您好。",
        "C: 能推吗？",
        "A: 你是泼天两点正好有空档。",
        "C: 好。",
        "A: 已经办好了。",
        "C: 没了。",
    )
    assert judged("title", *lines)[0].verdict == "uncertain"
    assert judged("title", *lines, odds=0.5)[0].verdict == "pass"
    assert judged("title", *lines, odds=-0.5)[0].verdict == "uncertain"
